#include "model/store/store.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <filesystem>
#include <random>
#include <sqlite3.h>

using namespace headroom::model;
namespace fs = std::filesystem;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
const double none = std::nan("");

RunResult sample_result() {
    RunResult r;
    r.scenario_name = "Single queue";
    r.scenario_file = "queue.yaml";
    r.scenario_hash = std::string(64, 'a');
    r.scenario_text = "headroom: 1\n";
    r.level = Level::record;
    r.seed = std::numeric_limits<std::uint64_t>::max();
    r.horizon = hours(10);
    r.warm_up = minutes(7);
    r.replications = 3;
    r.precise = true;
    r.records = 1e9;
    r.wall_seconds = 1.5;
    r.finished_at = "2026-01-02T03:04:05Z";
    r.figures = {{{"response.mean", "", "jobs"},
                  {1.0 / 3, 0.01},
                  0.5,
                  true,
                  {0.3, 1.0 / 3, none, infinite},
                  {0.2, none}},
                 {{"cost", "", ""}, {100}, none, false, {}, {}},
                 {{"growth", "server", ""}, {2, infinite}, infinite, false, {-infinite}, {}}};
    r.series = {{{"utilisation", "server", ""}, seconds(0), seconds(125), {0.1, 0.2, none}}};
    r.first_replication = {{{"capacity", "server", ""}, seconds(0), seconds(125), {1, 0, 0.5}}};
    r.curves = {{{"response", "", "jobs"}, {0.5, 0.99}, {0.2, 3.14159}}};
    r.conservation = {{"jobs", 10, 1, 7, 1, 1, 1, 1}};
    r.objectives = {
        {"response time of jobs: mean <= 600 ms",
         {"response.mean", "", "jobs"},
         {0.5, 0.1},
         Relation::at_most,
         0.6,
         Verdict::met},
        {"throughput", {"throughput", "", "jobs"}, {7, none}, Relation::at_least, 8, Verdict::broken}};
    r.bill.lines = {{"server",
                     "nodes",
                     "m5.large",
                     "ec2.m5.large.on-demand",
                     2190,
                     "hour",
                     0.096,
                     210.24,
                     {'S', "https://example.org/prices", "2026-01-01"}}};
    r.notes = {"One note, with \xC3\xA9 and a zero \0 byte", ""};
    return r;
}

/// Runs statements with SQLite itself, as another program would.
void run_sql(const fs::path& file, const char* sql) {
    sqlite3* handle = nullptr;
    QCOMPARE(sqlite3_open(file.c_str(), &handle), SQLITE_OK);
    QCOMPARE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
}

QByteArray bytes_of(const fs::path& file) {
    QFile f(QString::fromStdString(file.string()));
    return f.open(QIODevice::ReadOnly) ? f.readAll() : QByteArray();
}

void write_bytes(const fs::path& file, const QByteArray& bytes) {
    QFile f(QString::fromStdString(file.string()));
    QVERIFY(f.open(QIODevice::WriteOnly));
    f.write(bytes);
}

template <class T>
std::string message_of(const Expected<T>& result) {
    return result ? std::string() : result.error().front().message;
}

/// Reads everything that a store gives; whatever the bytes are, the answers are values or problems.
void read_all(const fs::path& file) {
    auto store = ResultsStore::open(file, ResultsStore::Access::read_only);
    if (!store) return;
    (void)store->studies();
    (void)store->newest_of(std::string(64, 'a'));
    if (const auto runs = store->runs())
        for (const RunSummary& run : *runs)
            if (const auto result = store->run(run.id)) (void)to_json(*result);
}

Expected<void> finish(ResultsStore& store, const std::string& study, int point, const RunResult& result) {
    const PointResult finished{point, result};
    return store.finish_points(study, {&finished, 1});
}

}  // namespace

class StoreTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    int count_ = 0;

    fs::path new_file() {
        return fs::path(folder_.path().toStdString()) / (std::to_string(++count_) + ".db");
    }

    fs::path filled_file() {
        const fs::path file = new_file();
        auto store = ResultsStore::open(file, ResultsStore::Access::read_write);
        for (int i = 0; i < 3; ++i) (void)store->add(sample_result());
        (void)store->begin_study({"study", "Slots", {{0, {{"a.b", "1"}}, {}}, {1, {{"a.b", "2"}}, {}}}});
        (void)finish(*store, "study", 1, sample_result());
        return file;
    }

private slots:
    void keeps_a_run_whole() {
        const fs::path file = new_file();
        auto store = ResultsStore::open(file, ResultsStore::Access::read_write);
        QVERIFY2(store.has_value(), message_of(store).c_str());
        const RunResult written = sample_result();
        const auto id = store->add(written);
        QVERIFY(id.has_value());
        auto reader = ResultsStore::open(file, ResultsStore::Access::read_only);
        QVERIFY2(reader.has_value(), message_of(reader).c_str());
        const auto read = reader->run(*id);
        QVERIFY2(read.has_value(), message_of(read).c_str());
        QCOMPARE(to_json(*read), to_json(written));
        QCOMPARE(read->wall_seconds, written.wall_seconds);
        QCOMPARE(read->finished_at, written.finished_at);
        QVERIFY(read->figures[1].simulated.exact());
        QCOMPARE(reader->runs()->size(), std::size_t(1));
        QVERIFY(!reader->run(99));
        QCOMPARE(message_of(reader->run(99)), std::string("there is no run 99 in this results store"));
    }

    void finds_the_newest_of_a_content() {
        auto store = ResultsStore::open(new_file(), ResultsStore::Access::read_write);
        QVERIFY(!store->newest_of("b")->has_value());
        RunResult result = sample_result();
        result.scenario_hash = "b";
        (void)store->add(result);
        result.seed = 7;
        (void)store->add(result);
        (void)store->add(sample_result());
        QCOMPARE((*store->newest_of("b"))->seed, std::uint64_t(7));
    }

    void resumes_a_study() {
        const fs::path file = new_file();
        const Study study{
            "id",
            "Slots of the warehouse",
            {{0, {{"components.warehouse.slots", "3"}}, {}}, {1, {{"components.warehouse.slots", "5"}}, {}}}};
        {
            auto store = ResultsStore::open(file, ResultsStore::Access::read_write);
            QVERIFY(store->begin_study(study).has_value());
            QVERIFY(finish(*store, "id", 1, sample_result()).has_value());
            QVERIFY(finish(*store, "id", 1, sample_result()).has_value());
            QVERIFY(!finish(*store, "id", 2, sample_result()).has_value());
            QVERIFY(!finish(*store, "other", 0, sample_result()).has_value());
        }
        auto store = ResultsStore::open(file, ResultsStore::Access::read_write);
        const auto resumed = store->begin_study(study);
        QVERIFY(resumed.has_value());
        QCOMPARE(resumed->points.size(), std::size_t(2));
        QVERIFY(!resumed->points[0].run);
        QVERIFY(resumed->points[1].run.has_value());
        QCOMPARE(resumed->points[1].settings, study.points[1].settings);
        QCOMPARE(store->runs()->size(), std::size_t(1));
        QCOMPARE(store->studies()->size(), std::size_t(1));
    }

    void reads_while_another_writes() {
        const fs::path file = filled_file();
        sqlite3* writer = nullptr;
        QCOMPARE(sqlite3_open(file.c_str(), &writer), SQLITE_OK);
        QCOMPARE(sqlite3_exec(writer, "BEGIN IMMEDIATE; DELETE FROM figures", nullptr, nullptr, nullptr),
                 SQLITE_OK);
        auto reader = ResultsStore::open(file, ResultsStore::Access::read_only);
        QVERIFY2(reader.has_value(), message_of(reader).c_str());
        QCOMPARE(reader->run(1)->figures.size(), std::size_t(3));
        auto second = ResultsStore::open(file, ResultsStore::Access::read_write);
        QCOMPARE(
            message_of(second),
            std::string("the results store is locked by another program; try again when that has finished"));
        sqlite3_close(writer);
    }

    void reads_where_nothing_may_be_written() {
        const fs::path file = filled_file();
        const fs::path closed = fs::path(folder_.path().toStdString()) / "closed";
        fs::create_directory(closed);
        fs::copy_file(file, closed / "a b?#%.db");
        fs::permissions(closed, fs::perms::owner_read | fs::perms::owner_exec);
        auto reader = ResultsStore::open(closed / "a b?#%.db", ResultsStore::Access::read_only);
        const bool good = reader.has_value() && reader->run(1).has_value();
        fs::permissions(closed, fs::perms::owner_all);
        QVERIFY(good);
    }

    void leaves_no_files_behind() {
        const fs::path file = filled_file();
        { auto reader = ResultsStore::open(file, ResultsStore::Access::read_only); }
        QVERIFY(!fs::exists(file.string() + "-wal"));
        QVERIFY(!fs::exists(file.string() + "-shm"));
    }

    void keeps_the_newest_runs_and_those_of_studies() {
        auto store = ResultsStore::open(new_file(), ResultsStore::Access::read_write);
        RunResult result = sample_result();
        const auto add = [&](const char* file) {
            result.scenario_file = file;
            return *store->add(result);
        };
        Study study{.id = "s", .name = "sweep", .points = {StudyPoint{}}};
        QVERIFY(store->begin_study(study).has_value());
        result.scenario_file = "a.yaml";
        QVERIFY(finish(*store, "s", 0, result).has_value());
        const std::int64_t oldest = add("a.yaml");
        const std::int64_t other = add("b.yaml");
        const std::int64_t middle = add("a.yaml"), newest = add("a.yaml");
        QCOMPARE(*store->prune(2, 10), 1);
        QVERIFY(!store->run(oldest).has_value());
        QVERIFY(store->run(other).has_value() && store->run(middle).has_value());
        QCOMPARE(*store->prune(2, 2), 1);
        QVERIFY(!store->run(other).has_value());
        QVERIFY(store->run(middle).has_value() && store->run(newest).has_value());
        QVERIFY(store->studies()->front().points[0].run.has_value());
        QCOMPARE(*store->prune(2, 2), 0);
    }

    void opens_a_store_of_version_1() {
        const fs::path old = filled_file();
        run_sql(old, "ALTER TABLE conservation DROP COLUMN merged");
        run_sql(old, "ALTER TABLE conservation DROP COLUMN expired");
        run_sql(old, "DROP TABLE study_metrics");
        run_sql(old, "ALTER TABLE studies DROP COLUMN text");
        run_sql(old, "DELETE FROM studies");
        run_sql(old, "INSERT INTO studies VALUES ('a', 'Old', 1)");
        run_sql(old, "ALTER TABLE figures DROP COLUMN parts");
        run_sql(old, "ALTER TABLE series DROP COLUMN of_first");
        run_sql(old, "PRAGMA user_version = 1");
        {
            auto reader = ResultsStore::open(old, ResultsStore::Access::read_only);
            QVERIFY(reader.has_value() && reader->run(1).has_value());
            const auto studies = reader->studies();
            QVERIFY(studies.has_value() && studies->size() == 1 && studies->front().name == "Old");
        }
        auto writer = ResultsStore::open(old, ResultsStore::Access::read_write);
        QVERIFY(writer.has_value());
        const auto before = writer->run(1);
        QVERIFY(before.has_value());
        QVERIFY(writer->add(*before).has_value());
        QVERIFY(writer->begin_study({.id = "b", .name = "New", .text = "t", .metrics = {{"cost", "", ""}}})
                    .has_value());
        const auto studies = writer->studies();
        QVERIFY(studies.has_value() && studies->size() == 2);
        QCOMPARE(studies->back().text, std::string("t"));
        QCOMPARE(studies->back().metrics.size(), std::size_t(1));
    }

    void refuses_what_is_no_store_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const QByteArray good = bytes_of(filled_file());
        const fs::path other = new_file(), newer = filled_file(), bare = filled_file(),
                       negative = filled_file();
        run_sql(other, "CREATE TABLE t (x)");
        run_sql(newer, "PRAGMA user_version = 7");
        run_sql(bare, "DROP TABLE curves");
        run_sql(negative, "PRAGMA user_version = -1");
        QTest::newRow("empty") << QByteArray() << "this is not a results store: the file is empty";
        QTest::newRow("text") << QByteArray("headroom: 1\n") << "this is not a results store";
        QTest::newRow("long text") << QByteArray(5000, 'x') << "this is not a results store";
        QTest::newRow("only a header") << good.left(60) << "the results store is truncated";
        QTest::newRow("half of it") << good.left(good.size() / 2)
                                    << QString("the results store is truncated: %1 of %2 bytes are there")
                                           .arg(good.size() / 2)
                                           .arg(good.size());
        QTest::newRow("other database")
            << bytes_of(other) << "this is a database of something else, not a results store";
        QTest::newRow("newer")
            << bytes_of(newer)
            << "this results store was written by a newer version of Headroom (schema 7; this "
               "program knows schemas up to 5)";
        QTest::newRow("no version") << bytes_of(negative)
                                    << "the results store is damaged: its schema version is -1";
        QTest::newRow("missing table")
            << bytes_of(bare) << "the results store is damaged: its table 'curves' is missing";
    }
    void refuses_what_is_no_store() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const fs::path file = new_file();
        write_bytes(file, bytes);
        for (const auto access : {ResultsStore::Access::read_only, ResultsStore::Access::read_write}) {
            // An empty file becomes a store when it is to be written.
            if (bytes.isEmpty() && access == ResultsStore::Access::read_write) continue;
            const auto store = ResultsStore::open(file, access);
            QCOMPARE(QString::fromStdString(message_of(store)), message);
            QCOMPARE(store.error().front().place.file, file.string());
        }
        QCOMPARE(bytes_of(file), bytes);
    }

    void refuses_places_that_cannot_hold_a_store() {
        const fs::path folder = folder_.path().toStdString();
        const auto open = [](const fs::path& file, ResultsStore::Access access) {
            return message_of(ResultsStore::open(file, access));
        };
        const auto read = ResultsStore::Access::read_only, write = ResultsStore::Access::read_write;
        QCOMPARE(open(folder, read), std::string("this is a folder; a results store is a file"));
        QCOMPARE(open(folder, write), std::string("this is a folder; a results store is a file"));
        QCOMPARE(open(folder / "missing.db", read), std::string("there is no such results store"));
        QCOMPARE(open(folder / "no/such/store.db", write),
                 "the results store cannot be created: there is no folder " + (folder / "no/such").string());
        QVERIFY(!fs::exists(folder / "missing.db"));
    }

    void survives_any_bytes() {
        const QByteArray good = bytes_of(filled_file());
        const fs::path file = new_file();
        std::mt19937_64 random(20260102);
        int refused = 0;
        for (int trial = 0; trial < 400; ++trial) {
            QByteArray bytes = good;
            const int changes = 1 + static_cast<int>(random() % 40);
            for (int i = 0; i < changes; ++i) {
                // Every other change hits the first page, where header and schema are.
                const auto range = static_cast<std::uint64_t>(i % 2 ? bytes.size() : 4096);
                bytes[static_cast<qsizetype>(random() % range)] = static_cast<char>(random());
            }
            if (trial % 8 == 0) bytes.truncate(static_cast<qsizetype>(random() % bytes.size()));
            fs::remove(file.string() + "-wal");
            fs::remove(file.string() + "-shm");
            write_bytes(file, bytes);
            read_all(file);
            auto store = ResultsStore::open(file, ResultsStore::Access::read_write);
            if (store) store->add(sample_result());
            if (!store) ++refused;
        }
        QVERIFY(refused > 0);
    }
};

QTEST_APPLESS_MAIN(StoreTest)
#include "store_test.moc"
