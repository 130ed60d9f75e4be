#include "sim/operators/calibrate.h"

#include <QtTest/QtTest>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <thread>

using namespace headroom;
using namespace std::chrono_literals;

namespace {

const std::string good_rows =
    "{\"user\":1,\"page\":\"/a\",\"price\":1.5}\n{\"user\":2,\"page\":\"/b\",\"price\":null}\n"
    "{\"user\":1,\"page\":\"/c\",\"price\":2.5}\n{\"user\":1,\"page\":\"/d\",\"price\":9}\n";

const sim::CalibrationOptions quick{.processes = 2, .repetitions = 2};

}  // namespace

class CalibrateTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::filesystem::path file = std::filesystem::path(folder_.path().toStdString()) / name;
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }
    sim::TransformInput input(const std::string& sql, const std::string& rows = good_rows,
                              const std::string& sample = "rows.jsonl") {
        return {.component = "enrich",
                .transform = write("t.sql", sql),
                .sample = write(sample, rows),
                .key = {}};
    }
    /// The one sentence of a calibration that must fail.
    QString sentence(const sim::TransformInput& transform, const sim::CalibrationOptions& options = quick,
                     std::stop_token stop = {}) {
        auto calibration = sim::calibrate(transform, options, {}, stop);
        if (calibration) return "no problem";
        if (calibration.error().size() != 1) return "more than one problem";
        return QString::fromStdString(calibration.error().front().sentence());
    }

private slots:
    void initTestCase() {
        if (sentence(input("SELECT user FROM input")).contains("without the operator core")) {
            QSKIP("built without the operator core");
        }
    }

    void measures_the_example() {
        std::filesystem::path scenarios = std::filesystem::path(HEADROOM_SOURCE_DIR) / "scenarios";
        sim::TransformInput enrich{.component = "enrich",
                                   .transform = scenarios / "sql/enrich.sql",
                                   .sample = scenarios / "data/clicks.jsonl",
                                   .key = "user_id"};
        std::vector<double> fractions;
        auto calibration = sim::calibrate(enrich, quick, [&](const sim::CalibrationProgress& progress) {
            fractions.push_back(progress.fraction);
        });
        QVERIFY2(calibration, calibration ? "" : calibration.error().front().sentence().c_str());
        QCOMPARE(calibration->rows_in, 4000.0);
        QVERIFY(calibration->selectivity > 0.7 && calibration->selectivity < 0.95);
        QVERIFY(calibration->time_per_row.value > 1e-8 && calibration->time_per_row.value < 1e-4);
        QVERIFY(std::isfinite(calibration->time_per_row.half_width));
        QVERIFY(calibration->time_per_batch.value >= 0);
        QVERIFY(calibration->machine_speed > 0.05 && calibration->machine_speed < 20);
        QVERIFY(calibration->fit_r2 > 0.8);
        QCOMPARE(calibration->rejected, 0.0);
        QVERIFY(std::abs(calibration->bytes_in.value() - 226) < 2);
        // Ten formats and codecs, and three of Avro in a build with its library.
        const std::map<std::string, double> bytes(calibration->bytes_out.begin(),
                                                  calibration->bytes_out.end());
        QCOMPARE(bytes.size(), std::size_t{bytes.contains("avro+none") ? 13u : 10u});
        if (bytes.contains("avro+none")) {
            QVERIFY(bytes.at("avro+none") < bytes.at("json") &&
                    bytes.at("avro+none") > bytes.at("parquet+zstd"));
            QVERIFY(bytes.at("avro+snappy") < bytes.at("avro+none"));
        }
        QVERIFY(calibration->engine.starts_with("DuckDB "));
        QVERIFY(std::is_sorted(calibration->key_shares.rbegin(), calibration->key_shares.rend()));

        double shares = 0;
        for (const auto& cost : calibration->operators) shares += cost.share;
        QVERIFY(std::abs(shares - 1) < 1e-6);
        QCOMPARE(calibration->operators.front().name, std::string("DECODE"));
        QVERIFY(std::is_sorted(fractions.begin(), fractions.end()));
        QCOMPARE(fractions.back(), 1.0);
    }

    void counts_rows_keys_and_bytes() {
        auto transform = input("SELECT user FROM input WHERE price > 1 -- with a comment; here", good_rows);
        transform.key = "user";
        auto calibration = sim::calibrate(transform, quick);
        QVERIFY2(calibration, calibration ? "" : calibration.error().front().sentence().c_str());
        QCOMPARE(calibration->rows_in, 4.0);
        QCOMPARE(calibration->rows_out, 3.0);
        QCOMPARE(calibration->selectivity, 0.75);
        QCOMPARE(calibration->key_shares, (std::vector<double>{0.75, 0.25}));
        QCOMPARE(calibration->bytes_in.value(), static_cast<double>(good_rows.size()) / 4);
        QCOMPARE(calibration->bytes_out.front(),
                 (std::pair<std::string, double>{"json", 11}));  // {"user":1} and newline
    }

    void counts_rows_that_do_not_parse() {
        auto lines =
            sim::calibrate(input("SELECT * FROM input", good_rows + "{\"user\":\nnot a row\n[1]\n\n"), quick);
        QVERIFY(lines);
        QCOMPARE(lines->rows_in, 4.0);
        QCOMPARE(lines->rejected, 3.0 / 7);

        auto csv =
            sim::calibrate(input("SELECT a FROM input", "a,b\n1,2\n2\n3,4\n4,5,6\n5,6\n", "rows.csv"), quick);
        QVERIFY(csv);
        QCOMPARE(csv->rows_in, 3.0);
        QCOMPARE(csv->rejected, 0.4);
    }

    /// Twelve rows of two users in many shapes give the same figures.
    void reads_every_kind_of_sample_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("tool");
        QTest::newRow("plain") << "rows.jsonl"
                               << "";
        QTest::newRow("gzip") << "rows.jsonl.gz"
                              << "gzip -kf rows.jsonl";
        QTest::newRow("pattern") << "row*.jsonl"
                                 << "";
        QTest::newRow("folder") << "parts"
                                << "rm -rf parts && mkdir parts && head -6 rows.jsonl > parts/a.jsonl && "
                                   "tail -6 rows.jsonl | gzip > parts/b.jsonl.gz";
    }
    void reads_every_kind_of_sample() {
        QFETCH(QString, name);
        QFETCH(QString, tool);
        std::string rows;
        for (int i = 0; i < 3; ++i) rows += good_rows;
        auto transform = input("SELECT user FROM input WHERE price > 1", rows);
        if (!tool.isEmpty()) {
            QProcess shell;
            shell.setWorkingDirectory(folder_.path());
            shell.start("sh", {"-c", tool});
            QVERIFY(shell.waitForFinished() && shell.exitCode() == 0);
        }
        transform.sample = std::filesystem::path(folder_.path().toStdString()) / name.toStdString();
        transform.key = "user";
        const auto calibration = sim::calibrate(transform, {.processes = 1, .repetitions = 1});
        QVERIFY2(calibration, calibration ? "" : calibration.error().front().sentence().c_str());
        QCOMPARE(calibration->rows_in, 12.0);
        QCOMPARE(calibration->rows_out, 9.0);
        QCOMPARE(calibration->keys, 2.0);
        QCOMPARE(calibration->bytes_in.value(), static_cast<double>(good_rows.size()) / 4);
        std::filesystem::remove(folder_.filePath("rows.jsonl.gz").toStdString());
    }

    void runs_a_list_of_operators() {
        write("segments.csv", "user,segment\n1,gold\n2,silver\n");
        std::string rows;
        for (int i = 0; i < 600; ++i) {
            const std::string n = std::to_string(i);
            rows += "{\"id\":" + n + ",\"user\":" + std::to_string(i % 3) +
                    ",\"ts\":\"2026-03-02T20:00:" + (i % 60 < 10 ? "0" : "") + std::to_string(i % 60) +
                    "\",\"price\":" + (i % 4 == 0 ? "null" : n) + "}\n";
        }
        sim::TransformInput list{.component = "enrich",
                                 .transform = write("list.yaml", R"(
tables: {segments: segments.csv}
steps:
  - validate: {price: {required: true, min: 2}}
    as: valid
  - deduplicate: {by: id}
  - join: {table: segments, on: user, keep: matched}
  - sort: {by: [ts, id]}
  - repartition: {by: user, partitions: 4}
  - tumbling: {time: ts, every: 10 s, by: segment, compute: {clicks: count(*)}}
  - encode: {format: parquet, codec: zstd}
rules:
  price is set: price IS NOT NULL
queries:
  busiest: SELECT segment, sum(clicks) FROM output GROUP BY segment
)"),
                                 .sample = write("list.jsonl", rows),
                                 .key = "user"};
        const auto c = sim::calibrate(list, quick);
        QVERIFY2(c, c ? "" : c.error().front().sentence().c_str());
        QCOMPARE(c->steps.size(), std::size_t{8});
        QCOMPARE(c->steps[0].name, std::string("decode"));
        QCOMPARE(c->steps[1].name, std::string("valid"));
        QCOMPARE(c->steps[1].rows_out, 449.0);  // 450 with a price, of which one is 1
        QCOMPARE(c->steps[2].rows_out, 449.0);
        QVERIFY(c->steps[3].rows_out < 449 && c->steps[3].rows_out > 290);  // two of the three users
        QCOMPARE(c->steps[5].rows_out, c->steps[3].rows_out);
        QCOMPARE(c->rows_out, 12.0);  // six windows of two segments
        QCOMPARE(c->rules.front().second, 0.75);
        QCOMPARE(c->queries.front().rows_out, 2.0);
        QVERIFY(c->queries.front().scanned > 0.3 && c->queries.front().scanned < 1);
        QCOMPARE(c->columns_in[3].nulls, 0.25);
        QVERIFY(c->held_back.rows == 120 && c->held_back.measured > 0 && c->held_back.predicted > 0);
        double shares = 0;
        for (const auto& cost : c->operators) shares += cost.share;
        QVERIFY(std::abs(shares - 1) < 1e-6);
        for (const auto& step : c->steps) {
            QVERIFY(!step.batches.empty() && step.batches.back().seconds > 0);
            QVERIFY(step.peak_memory > 0 || step.name == "decode");
        }
    }

    void every_operator_runs_data() {
        QTest::addColumn<QString>("step");
        QTest::addColumn<double>("rows_out");
        QTest::newRow("filter") << "filter: price > 2" << 2.0;
        QTest::newRow("project") << "project: {who: user, cents: price * 100}" << 4.0;
        QTest::newRow("project list") << "project: [user, page]" << 4.0;
        QTest::newRow("deduplicate") << "deduplicate: {by: user}" << 2.0;
        QTest::newRow("join") << "join: {table: names, on: user}" << 4.0;
        QTest::newRow("merge")
            << "merge: {table: names, by: user, order: page, delete: price > 5, leave-out: [page, price]}"
            << 2.0;  // user 1 is deleted, 2 replaced, 3 untouched
        QTest::newRow("distinct") << "distinct: {of: page, by: user}" << 2.0;
        QTest::newRow("encode") << "encode: {format: csv, codec: gzip}" << 4.0;
        QTest::newRow("one of") << "validate: {page: {one-of: [/a, /b]}}" << 2.0;
        QTest::newRow("matches") << "validate: {page: {matches: '^/[a-c]$'}}" << 3.0;
        QTest::newRow("type") << "validate: {page: {type: BIGINT}}" << 0.0;
    }
    void every_operator_runs() {
        QFETCH(QString, step);
        QFETCH(double, rows_out);
        write("names.csv", "user,name\n1,a\n2,b\n3,c\n");
        auto transform = input("");
        transform.transform =
            write("one.yaml", "tables: {names: names.csv}\nsteps:\n  - " + step.toStdString() + "\n");
        const auto calibration = sim::calibrate(transform, {.processes = 1, .repetitions = 1});
        QVERIFY2(calibration, calibration ? "" : calibration.error().front().sentence().c_str());
        QCOMPARE(calibration->rows_out, rows_out);
    }

    void another_text_or_sample_gives_another_hash() {
        auto first = sim::calibrate(input("SELECT user FROM input"), quick);
        auto other_sql = sim::calibrate(input("SELECT user FROM input WHERE price > 1"), quick);
        auto other_rows =
            sim::calibrate(input("SELECT user FROM input", good_rows + "{\"user\":7}\n"), quick);
        QVERIFY(first && other_sql && other_rows);
        QCOMPARE(first->transform_hash.size(), std::size_t{64});
        QVERIFY(first->transform_hash != other_sql->transform_hash);
        QCOMPARE(first->sample_hash, other_sql->sample_hash);
        QCOMPARE(first->transform_hash, other_rows->transform_hash);
        QVERIFY(first->sample_hash != other_rows->sample_hash);
        QVERIFY(other_sql->selectivity < first->selectivity);
    }

    void says_what_is_wrong_with_the_sql_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("expected");
        QTest::newRow("syntax") << "SELECT user\n  FORM input"
                                << "t.sql:2:8: ";
        QTest::newRow("column")
            << "SELECT user,\n       visitor FROM input"
            << "t.sql:2:8: components.enrich.transform: fails on the sample rows.jsonl: Referenced "
               "column \"visitor\" not found in FROM clause; its fields are user, page, price";
        QTest::newRow("type") << "SELECT CAST(page AS INTEGER) FROM input"
                              << "Could not convert string '/a'";
        QTest::newRow("empty") << ""
                               << "there is no statement; one SELECT over the table input expected";
        QTest::newRow("comment") << "-- nothing"
                                 << "there is no statement";
        QTest::newRow("nameless") << "SELECT * FROM input; SELECT 2"
                                  << "statement 1 of 2 gives its rows no name";
        QTest::newRow("second step")
            << "CREATE TABLE clean AS SELECT user FROM input;\nSELECT user,\n  page FROM clean"
            << "t.sql:3:3: components.enrich.transform: step 't' fails on the sample rows.jsonl: Referenced "
               "column \"page\" not found in FROM clause; its fields are user";
        QTest::newRow("name twice") << "CREATE TABLE a AS SELECT * FROM input; CREATE TABLE a AS SELECT 1"
                                    << "the name 'a' of a step is taken";
        QTest::newRow("drop") << "DROP TABLE input"
                              << "one SELECT over the table input expected";
        QTest::newRow("insert") << "INSERT INTO input VALUES (1, 'x', 2)"
                                << "this is an INSERT";
        QTest::newRow("setting") << "SET threads = 8"
                                 << "this is a SET";
        QTest::newRow("parameter") << "SELECT * FROM input WHERE user = ?"
                                   << "parameters without a value";
        QTest::newRow("no input") << "SELECT 42"
                                  << "the table input is not read";
        QTest::newRow("other table") << "SELECT * FROM output"
                                     << "Table with name output does not exist";
        QTest::newRow("binary") << QString(QChar(0)) + "SELECT"
                                << "the file is binary";
    }
    void says_what_is_wrong_with_the_sql() {
        QFETCH(QString, sql);
        QFETCH(QString, expected);
        QString words = sentence(input(sql.toStdString()));
        QVERIFY2(words.contains(expected), qPrintable(words));
        QVERIFY2(!words.contains('\n'), qPrintable(words));
    }

    void says_what_is_wrong_with_the_sample_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("expected");
        QByteArray binary(
            "\x7f"
            "ELF\x00\x01\xff\xfe\n\x00\x80",
            11);
        QTest::newRow("empty") << "e.jsonl" << QByteArray() << "the file is empty";
        QTest::newRow("blank") << "b.jsonl" << QByteArray("\n \n") << "it holds no rows";
        QTest::newRow("binary") << "x.jsonl" << binary << "none of its 2 lines is a JSON object";
        QTest::newRow("binary csv") << "x.csv" << binary << "it is binary; CSV expected";
        QTest::newRow("binary parquet") << "x.parquet" << binary << "x.parquet";
        QTest::newRow("array") << "a.jsonl" << QByteArray("[{\"user\": 1}]\n")
                               << "one object on each line expected";
        QTest::newRow("header only") << "h.csv" << QByteArray("user,page\n") << "it holds no rows";
    }
    void says_what_is_wrong_with_the_sample() {
        QFETCH(QString, file);
        QFETCH(QByteArray, rows);
        QFETCH(QString, expected);
        QString words = sentence(input("SELECT * FROM input", rows.toStdString(), file.toStdString()));
        QVERIFY2(words.contains(expected) && words.contains("record.sample"), qPrintable(words));
        QVERIFY2(!words.contains('\n'), qPrintable(words));
    }

    void says_what_is_missing() {
        auto transform = input("SELECT * FROM input");
        transform.key = "visitor";
        QVERIFY(sentence(transform).contains("the sample has no field 'visitor'; it has user, page, price"));
        transform.sample.clear();
        QVERIFY(sentence(transform).contains("no workload that reaches this component names a sample"));
        transform.sample = folder_.filePath("nowhere.jsonl").toStdString();
        QVERIFY(sentence(transform).contains("nowhere.jsonl: record.sample: there is no such file"));
        transform.transform = folder_.filePath("nowhere.sql").toStdString();
        QVERIFY(
            sentence(transform).contains("nowhere.sql: components.enrich.transform: there is no such file"));

        qputenv("HEADROOM_OPERATOR_WORKER", "/nonexistent/worker");
        QString words = sentence(input("SELECT * FROM input"));
        qunsetenv("HEADROOM_OPERATOR_WORKER");
        QVERIFY2(words.contains("headroom-operator-worker is missing"), qPrintable(words));
    }

    void parquet_saves_what_the_page_on_transforms_says_data() {
        QTest::addColumn<QString>("sample");
        QTest::addColumn<double>("of_raw");
        QTest::addColumn<double>("of_gzip");
        QTest::newRow("clicks") << "clicks.jsonl" << 0.799 << -0.166;
        QTest::newRow("earthquakes") << "earthquakes.jsonl" << 0.783 << -0.253;
    }
    void parquet_saves_what_the_page_on_transforms_says() {
        QFETCH(QString, sample);
        QFETCH(double, of_raw);
        QFETCH(double, of_gzip);
        const sim::TransformInput input{
            .component = "as it is",
            .transform = write("t.sql", "SELECT * FROM input"),
            .sample = std::filesystem::path(HEADROOM_SOURCE_DIR) / "scenarios/data" / sample.toStdString(),
            .key = {}};
        const auto calibration = sim::calibrate(input, {.processes = 1, .repetitions = 1});
        QVERIFY2(calibration, calibration ? "" : calibration.error().front().sentence().c_str());
        const std::map<std::string, double> bytes(calibration->bytes_in_formats.begin(),
                                                  calibration->bytes_in_formats.end());
        const double snappy = bytes.at("parquet+snappy");
        const auto near = [](double found, double said) { return std::abs(found - said) < 0.005; };
        QVERIFY2(near(1 - snappy / bytes.at("json"), of_raw), qPrintable(QString::number(snappy)));
        QVERIFY2(near(1 - snappy / bytes.at("json+gzip"), of_gzip), qPrintable(QString::number(snappy)));
    }

    void reaches_nothing_outside_data() {
        QTest::addColumn<QString>("sql");
        QString secret = QString::fromStdString(write("secret.csv", "word\nswordfish\n").string());
        QTest::newRow("read") << "SELECT * FROM input, read_csv('" + secret + "')";
        QTest::newRow("read text") << "SELECT * FROM input, read_text('/etc/passwd')";
        QTest::newRow("read by name") << "SELECT * FROM input, '" + secret + "'";
        QTest::newRow("list") << "SELECT * FROM input, glob('/etc/*')";
        QTest::newRow("write") << "COPY (SELECT * FROM input) TO '" + folder_.filePath("out.csv") + "'";
        QTest::newRow("attach") << "ATTACH '" + folder_.filePath("other.db") + "'";
        QTest::newRow("install") << "INSTALL httpfs";
        QTest::newRow("load") << "LOAD '" + folder_.filePath("x.duckdb_extension") + "'";
        QTest::newRow("network") << "SELECT * FROM input, read_csv('http://localhost:9/x.csv')";
        QTest::newRow("unlock") << "SET enable_external_access = true";
        QTest::newRow("read bytes") << "SELECT * FROM input, read_blob('/proc/self/environ')";
        QTest::newRow("sniff") << "SELECT * FROM input, sniff_csv('" + secret + "')";
        QTest::newRow("metadata") << "SELECT * FROM input, parquet_metadata('/etc/passwd')";
        QTest::newRow("in a corner") << "SELECT user FROM input ORDER BY (SELECT count(*) FROM read_csv('" +
                                            secret + "'))";
        QTest::newRow("upwards") << "SELECT * FROM input, read_csv('../../etc/passwd')";
        QTest::newRow("in disguise") << "SELECT * FROM input, query('COPY input TO ''" +
                                            folder_.filePath("out.csv") + "''')";
        QTest::newRow("log") << "SELECT * FROM input, enable_logging(storage='file', storage_path='" +
                                    folder_.filePath("out.csv") + "')";
        QTest::newRow("environment") << "SELECT getenv('HOME') FROM input";
        QTest::newRow("behind a comment")
            << "SELECT * FROM input; -- one\nCOPY input TO '" + folder_.filePath("out.csv") + "'";
    }
    void reaches_nothing_outside() {
        QFETCH(QString, sql);
        QString words = sentence(input(sql.toStdString()));
        QVERIFY2(words != "no problem" && !words.contains("swordfish"), qPrintable(words));
        QVERIFY(!QFile::exists(folder_.filePath("out.csv")));
        QVERIFY(!QFile::exists(folder_.filePath("other.db")));
    }

    void is_killed_at_the_deadline() {
        auto transform =
            input("SELECT sum(hash(a.i, b.i)) FROM input, range(1000000) a(i), range(1000000) b(i)");
        QString words =
            sentence(transform, {.processes = 1, .repetitions = 1, .deadline = model::seconds(1)});
        QVERIFY2(words.contains("did not finish on the sample rows.jsonl within 1 s"), qPrintable(words));
    }

    void an_endless_recursion_is_killed() {
        auto transform = input(
            "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r, "
            "input");
        QString words =
            sentence(transform, {.processes = 1, .repetitions = 1, .deadline = model::seconds(1)});
        QVERIFY2(words.contains("did not finish on the sample rows.jsonl within 1 s"), qPrintable(words));
    }

    void operators_hold_no_statements() {
        const QString out = folder_.filePath("out.csv");
        for (const QString& step :
             {"filter: 'true); COPY input TO ''" + out + "''; SELECT (true'",
              "project: {user: 'user FROM input; COPY input TO ''" + out + "''; SELECT 1'}",
              QString("deduplicate: {by: 'user\"; DROP TABLE input; --'}")}) {
            auto transform = input("SELECT 1");
            transform.transform = write("t.yaml", "steps: [{" + step.toStdString() + "}]\n");
            QString words = sentence(transform);
            QVERIFY2(words != "no problem", qPrintable(step));
            QVERIFY(!QFile::exists(out));
        }
    }

    void is_killed_when_cancelled() {
        auto transform =
            input("SELECT sum(hash(a.i, b.i)) FROM input, range(1000000) a(i), range(1000000) b(i)");
        std::stop_source source;
        std::jthread later([&source] {
            std::this_thread::sleep_for(200ms);
            source.request_stop();
        });
        QString words = sentence(transform, quick, source.get_token());
        QVERIFY2(words.contains("cancelled"), qPrintable(words));
    }

    void keeps_to_its_memory() {
        auto transform = input("SELECT list(repeat(page, 1000) || i) FROM input, range(1000000) r(i)");
        QString words =
            sentence(transform, {.processes = 1, .repetitions = 1, .memory_limit = model::DataSize(100e6)});
        QVERIFY2(words.contains("needs more than the 100 MB of memory"), qPrintable(words));
    }

    void survives_a_worker_that_breaks() {
        for (const char* script : {"#!/bin/sh\nkill -SEGV $$\n", "#!/bin/sh\nexit 3\n",
                                   "#!/bin/sh\necho nonsense\n", "#!/bin/sh\nyes\n"}) {
            std::filesystem::path worker = write("worker", script);
            std::filesystem::permissions(worker, std::filesystem::perms::owner_all);
            qputenv("HEADROOM_OPERATOR_WORKER", worker.c_str());
            QString words = sentence(input("SELECT * FROM input"));
            qunsetenv("HEADROOM_OPERATOR_WORKER");
            QVERIFY2(words.contains("the engine broke down on the sample rows.jsonl"), qPrintable(words));
            std::filesystem::remove(worker);
        }
    }
};

QTEST_APPLESS_MAIN(CalibrateTest)
#include "calibrate_test.moc"
