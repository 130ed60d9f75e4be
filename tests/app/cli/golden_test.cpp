// Runs the built program and compares what it prints with the files in tests/app/cli/golden. After a wanted
// change, write them anew and read the difference:
//
//     HEADROOM_GOLDEN=write build/release/tests/app_cli_golden_test && git diff tests/app/cli/golden

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <sqlite3.h>

namespace {

const QString source = QStringLiteral(HEADROOM_SOURCE_DIR);

struct Outcome {
    int code = -1;
    QString output, errors;
};

Outcome call(const QStringList& arguments, const QString& folder, const QByteArray& resources = {}) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HEADROOM_RESOURCES",
                       resources.isEmpty() ? source + "/resources" : QString(resources));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(HEADROOM_PROGRAM, arguments);
    process.waitForFinished(120'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

QString contents(const QString& file) {
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? QString::fromUtf8(f.readAll()) : QString();
}

void write(const QString& file, const QByteArray& bytes) {
    QFile f(file);
    QVERIFY(f.open(QIODevice::WriteOnly));
    f.write(bytes);
}

/// `folder` is a temporary one, whose name changes.
void compare_with_golden(const QString& name, const Outcome& outcome, const QString& folder = {}) {
    QString text = QString("exit code %1\n--- standard output\n%2--- standard error\n%3")
                       .arg(outcome.code)
                       .arg(outcome.output, outcome.errors);
    if (!folder.isEmpty()) text.replace(folder, "FOLDER");
    const QString file = source + "/tests/app/cli/golden/" + name + ".txt";
    if (qEnvironmentVariable("HEADROOM_GOLDEN") == "write") write(file, text.toUtf8());
    QCOMPARE(text, contents(file));
}

QStringList files_in(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden, QDir::Name);
}

}  // namespace

class GoldenTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private slots:
    void initTestCase() {
        const QDir inputs(source + "/tests/app/cli/inputs");
        for (const QString& name : inputs.entryList(QDir::Files))
            QFile::copy(inputs.filePath(name), folder_.filePath(name));
        // Files that no editor would keep as they are.
        write(folder_.filePath("empty.yaml"), {});
        write(folder_.filePath("binary.yaml"), QByteArray("\0\1\2\xFF\xFE"
                                                          "ELF\0",
                                                          9));
        write(folder_.filePath("not-a-store.db"), "This is a letter, not a database.\n");
        sqlite3* other = nullptr;
        sqlite3_open(folder_.filePath("other.db").toUtf8().constData(), &other);
        sqlite3_exec(other, "CREATE TABLE t (x)", nullptr, nullptr, nullptr);
        sqlite3_close(other);
    }

    void prints_what_it_should_data() {
        QTest::addColumn<QStringList>("arguments");
        const QStringList few{"--seed", "1", "--replications", "3"};
        const QString queue = "scenarios/01-single-queue.yaml", feedback = "scenarios/02-feedback.yaml",
                      clicks = "scenarios/03-click-analytics.yaml";
        const auto row = [](const char* name, const QStringList& arguments) {
            QTest::newRow(name) << arguments;
        };
        row("help", {"--help"});
        row("help-run", {"run", "--help"});
        row("version", {"--version"});
        row("validate", {"validate", "erlang-b-10-8", "terminals-5"});
        row("validate-measured", {"validate", "--measured", "--cases", "tests/validation/measured",
                                  "p6-athena-csv", "p6-athena-parquet", "p10-storm", "p16-fan-out"});
        row("check", {"check", queue, feedback, clicks});
        row("run-01", QStringList{"run", queue} + few);
        row("run-01-all", QStringList{"run", queue, "--all"} + few);
        row("run-01-csv", QStringList{"run", queue, "--csv"} + few);
        row("run-01-flow", QStringList{"run", queue, "--level", "flow"} + few);
        row("run-02", QStringList{"run", feedback} + few);
        row("run-03", QStringList{"run", clicks} + few);
        row("run-03-record", QStringList{"run", clicks, "--level", "record", "--horizon", "5 min"} + few);
        row("run-35", QStringList{"run", "scenarios/35-backup-and-restore.yaml"} + few);
        row("roadmap", QStringList{"roadmap", "tests/app/cli/inputs/roadmap.yaml"} + few);
        row("run-set",
            QStringList{"run", queue, "--set", "components.server.servers=2", "--horizon", "1 h"} + few);
        row("bill-03", QStringList{"bill", clicks} + few);
        row("growth-30", QStringList{"growth", "scenarios/30-shared-nodes.yaml", "--ahead", "2 y"} + few);
        row("growth-03", QStringList{"growth", clicks, "--growth", "30..60 %/year"} + few);
        row("growth-34", QStringList{"growth", "scenarios/34-growing-clicks.yaml", "--growth",
                                     "clicks=37.6..38.9 %/year", "--growth", "dashboards=30..40 %/year"} +
                             few);
        const QStringList history{"forecast", "scenarios/data/clicks-history.csv", "--events",
                                  "scenarios/data/sale-days.csv"};
        row("forecast", history + QStringList{"--onto", clicks, "--workload", "clicks"});
        row("forecast-json", history + QStringList{"--json", "--ahead", "2 months"});
        row("forecast-csv", history + QStringList{"--csv", "--ahead", "2 months"});
        row("growth-01-json",
            QStringList{"growth", queue, "--growth", "jobs=20 %/year", "--ahead", "6 months", "--json"} +
                few);
        row("growth-03-csv", QStringList{"growth", clicks, "--ahead", "3 months", "--csv"} + few);
        row("catalog", {"catalog"});
        row("catalog-instance", {"catalog", "r5d.4xlarge"});
        row("catalog-price", {"catalog", "s3.glacier-flexible"});
        row("catalog-kafka", {"catalog", "technologies", "kafka"});
        row("catalog-queue", {"catalog", "kinds", "queue"});
    }
    void prints_what_it_should() {
        QFETCH(QStringList, arguments);
        compare_with_golden(QTest::currentDataTag(), call(arguments, source));
    }

    void refuses_bad_input_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* name, const QStringList& arguments) {
            QTest::newRow(name) << arguments;
        };
        for (const char* name :
             {"unknown-key", "wrong-unit", "negative", "cycle", "nowhere", "empty", "binary", "newer"})
            QTest::newRow((QByteArray("bad-") + name).constData())
                << QStringList{"run", QString(name) + ".yaml", "--store", "new.db"};
        row("bad-json", {"run", "unknown-key.yaml", "--json"});
        row("bad-check-several", {"check", "good.yaml", "unknown-key.yaml", "wrong-unit.yaml"});
        row("bad-missing-file", {"run", "no-such.yaml"});
        row("bad-folder", {"run", "."});
        row("bad-store", {"run", "good.yaml", "--store", "not-a-store.db"});
        row("bad-store-other", {"run", "good.yaml", "--store", "other.db"});
        row("bad-store-folder", {"run", "good.yaml", "--store", "no/such/folder.db"});
        row("bad-show", {"study", "show", "--store", "not-a-store.db"});
        row("bad-vary", {"study", "good.yaml", "--vary", "components.server.servers"});
        row("bad-vary-range", {"study", "good.yaml", "--vary", "components.server.servers=1..3"});
        row("bad-vary-value", {"study", "good.yaml", "--vary", "components.server.servers=1,many"});
        row("bad-vary-path", {"study", "good.yaml", "--vary", "components.sever.servers=1,2"});
        for (const char* name : {"version", "field", "factor", "path", "design", "scenario", "metric"})
            QTest::newRow((QByteArray("bad-study-") + name).constData())
                << QStringList{"study", "run", QString("study-") + name + ".yaml", "--store", "new.db"};
        row("bad-study-is-scenario", {"study", "run", "good.yaml"});
        row("bad-study-shard", {"study", "run", "study.yaml", "--shard", "3/2"});
        row("bad-study-merge", {"study", "merge", "not-a-store.db", "--store", "new.db"});
        row("bad-size-interval", {"size", "good.yaml", "--uncertain", "workloads.jobs.requests.rate=5/s"});
        row("bad-sensitivity-method", {"sensitivity", "good.yaml", "--method", "tornado"});
        row("bad-sensitivity-samples", {"sensitivity", "good.yaml", "--samples", "10"});
        row("bad-sensitivity-metric", {"sensitivity", "good.yaml", "--metric", "response.p98 of jobs"});
        row("bad-sensitivity-subject", {"sensitivity", "good.yaml", "--metric", "utilisation of sever"});
        row("bad-sensitivity-input",
            {"sensitivity", "good.yaml", "--uncertain", "components.server.servers"});
        row("bad-sensitivity-interval",
            {"sensitivity", "good.yaml", "--uncertain", "components.server.service=1 ms..2 MB"});
        row("bad-sensitivity-replications", {"sensitivity", "good.yaml", "--replications", "3"});
        row("bad-sensitivity-charts", {"sensitivity", "good.yaml", "--charts", "good.yaml"});
        row("bad-size-nothing", {"size", "good.yaml"});
        row("bad-growth", {"growth", "good.yaml", "--growth", "40 events/s"});
        row("bad-growth-order", {"growth", "good.yaml", "--growth", "50..30 %/year"});
        row("bad-growth-workload", {"growth", "good.yaml", "--growth", "job=40 %/year"});
        row("bad-ahead", {"growth", "good.yaml", "--ahead", "40 y"});
        row("bad-forecast", {"forecast", "history.csv"});
        row("bad-forecast-column", {"forecast", "history.csv", "--column", "cliks"});
        row("bad-forecast-short", {"forecast", "short-history.csv", "-o", "profile.yaml"});
        row("bad-forecast-workload",
            {"forecast", "short-history.csv", "--onto", "good.yaml", "--workload", "job"});
        row("bad-forecast-events", {"forecast", "short-history.csv", "--events", "history.csv"});
        row("bad-recovery", {"check", "recovery.yaml"});
        row("bad-outage", {"whatif", "good.yaml", "--outage", "-5 min"});
        row("bad-set-path", {"run", "good.yaml", "--set", "components.sever.servers=2"});
        row("bad-set", {"run", "good.yaml", "--set", "components.server.servers"});
        row("bad-level", {"run", "good.yaml", "--level", "exact"});
        row("bad-horizon", {"run", "good.yaml", "--horizon", "10 MB"});
        row("bad-seed", {"run", "good.yaml", "--seed", "-1"});
        row("bad-replications", {"run", "good.yaml", "--replications", "many"});
        row("bad-command", {"rum", "good.yaml"});
        row("bad-validate", {"validate", "mm1-0.55"});
        row("bad-option", {"run", "good.yaml", "--levl", "flow"});
        row("bad-arguments", {"compare", "good.yaml"});
        row("bad-report-ending", {"report", "good.yaml", "-o", "plan.doc"});
        row("bad-report-folder", {"report", "good.yaml", "-o", "no/such/plan.html"});
        row("bad-catalog", {"catalog", "technologies", "kafkaa"});
        row("bad-calibrate", {"calibrate", "good.yaml"});
    }
    void refuses_bad_input() {
        QFETCH(QStringList, arguments);
        const QStringList before = files_in(folder_.path());
        const Outcome outcome = call(arguments, folder_.path());
        QCOMPARE(outcome.code, 2);
        QVERIFY(!outcome.errors.isEmpty());
        compare_with_golden(QTest::currentDataTag(), outcome, folder_.path());
        QCOMPARE(files_in(folder_.path()), before);
    }

    void refuses_failing_sql() {
        const QStringList before = files_in(folder_.path());
        const Outcome outcome = call({"run", "failing-sql.yaml", "--store", "new.db"}, folder_.path());
        if (outcome.errors.contains("operator core")) QSKIP("built without the operator core");
        QCOMPARE(outcome.code, 2);
        compare_with_golden("bad-sql", outcome, folder_.path());
        QCOMPARE(files_in(folder_.path()), before);
    }

    void measures_within_limits_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("sample");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("expected");
        const QString endless =
            "SELECT sum(hash(a.i, b.i)) FROM input, range(1000000) a(i), range(1000000) b(i)";
        const QString plain = "SELECT * FROM input";
        QTest::newRow("endless") << endless << "rows.jsonl" << QStringList{"--time-limit", "1 s"}
                                 << "did not finish on the sample rows.jsonl within 1 s";
        QTest::newRow("memory") << "SELECT list(repeat(page, 1000) || i) FROM input, range(1000000) r(i)"
                                << "rows.jsonl" << QStringList{"--memory-limit", "100 MB"}
                                << "needs more than the 100 MB of memory";
        QTest::newRow("huge") << plain << "huge.jsonl" << QStringList{} << "it is larger than 4 GiB";
        QTest::newRow("device") << plain << "/dev/zero" << QStringList{} << "neither a file nor a folder";
        QTest::newRow("folder") << plain << "." << QStringList{} << "several formats";
        QTest::newRow("nothing") << plain << "*.parquet" << QStringList{} << "there is no such file";
        QTest::newRow("zeros") << plain << "zeros.jsonl" << QStringList{} << "is a JSON object";
        QTest::newRow("limit") << plain << "rows.jsonl" << QStringList{"--time-limit", "5 MB"}
                               << "--time-limit";
        QTest::newRow("share") << plain << "rows.jsonl" << QStringList{"--hold-back", "2"} << "--hold-back";
    }
    /// Also SQL that never ends and samples of any size end in one sentence.
    void measures_within_limits() {
        QFETCH(QString, sql);
        QFETCH(QString, sample);
        QFETCH(QStringList, options);
        QFETCH(QString, expected);
        QTemporaryDir folder;
        write(folder.filePath("t.sql"), sql.toUtf8());
        write(folder.filePath("rows.jsonl"), "{\"page\":\"/a\"}\n{\"page\":\"/b\"}\n");
        write(folder.filePath("rows.csv"), "page\n/a\n");
        write(folder.filePath("zeros.jsonl"), QByteArray(100'000, '\0'));
        QFile huge(folder.filePath("huge.jsonl"));
        QVERIFY(huge.open(QIODevice::WriteOnly) && huge.resize(5'000'000'000));
        huge.close();
        const QStringList before = files_in(folder.path());
        const Outcome outcome =
            call(QStringList{"calibrate", "t.sql", "--sample", sample} + options, folder.path());
        if (outcome.errors.contains("operator core")) QSKIP("built without the operator core");
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.errors.contains(expected), qPrintable(outcome.errors));
        QCOMPARE(outcome.errors.count('\n'), 1);
        QCOMPARE(files_in(folder.path()), before);
    }

    void says_that_a_store_is_locked() {
        const QString store = folder_.filePath("locked.db");
        QCOMPARE(call({"run", "good.yaml", "--store", store, "--replications", "2"}, folder_.path()).code, 0);
        sqlite3* writer = nullptr;
        QCOMPARE(sqlite3_open(store.toUtf8().constData(), &writer), SQLITE_OK);
        QCOMPARE(sqlite3_exec(writer, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
        const Outcome outcome = call({"run", "good.yaml", "--store", "locked.db"}, folder_.path());
        sqlite3_close(writer);
        QCOMPARE(outcome.code, 2);
        compare_with_golden("bad-store-locked", outcome);
    }

    void compares_a_variant() {
        const Outcome outcome =
            call({"compare", "good.yaml", "faster.yaml", "--replications", "4"}, folder_.path());
        QCOMPARE(outcome.code, 0);
        compare_with_golden("compare", outcome);
    }

    void says_what_grows_under_overload() {
        const Outcome outcome = call({"run", "overload.yaml", "--replications", "3"}, folder_.path());
        QCOMPARE(outcome.code, 1);
        compare_with_golden("overload", outcome);
    }

    void does_not_depend_on_the_threads() {
        for (const char* level : {"record", "flow"}) {
            const QStringList run{"run",    "scenarios/03-click-analytics.yaml",
                                  "--json", "--level",
                                  level,    "--horizon",
                                  "2 min",  "--replications",
                                  "4"};
            const Outcome one = call(run + QStringList{"--threads", "1"}, source);
            const Outcome three = call(run + QStringList{"--threads", "3"}, source);
            QVERIFY2(one.code == 0 || one.code == 1, qPrintable(one.errors));
            QVERIFY(one.output.size() > 1000);
            QCOMPARE(three.output, one.output);
        }
    }

    void resumes_a_study_that_was_killed() {
        const QString store = folder_.filePath("study.db");
        const QStringList study{
            "study",          "good.yaml", "--vary",  "workloads.jobs.requests.rate=1/s..9/s:2/s",
            "--replications", "3",         "--store", store};
        QProcess victim;
        victim.setWorkingDirectory(folder_.path());
        victim.start(HEADROOM_PROGRAM, study + QStringList{"--horizon", "20 d"});
        QTest::qWait(400);
        victim.kill();
        victim.waitForFinished();
        const Outcome first = call(study, folder_.path());
        QVERIFY2(first.code == 1, qPrintable(first.errors));
        compare_with_golden("study", first);
        const auto runs = [&] {
            sqlite3* reader = nullptr;
            sqlite3_open(store.toUtf8().constData(), &reader);
            sqlite3_stmt* count = nullptr;
            sqlite3_prepare_v2(reader, "SELECT count(*) FROM runs", -1, &count, nullptr);
            sqlite3_step(count);
            const int found = sqlite3_column_int(count, 0);
            sqlite3_finalize(count);
            sqlite3_close(reader);
            return found;
        };
        const int before = runs();
        const Outcome second = call(study, folder_.path());
        QCOMPARE(second.output, first.output);
        QCOMPARE(runs(), before);
    }

    /// A study file: the same figures from one thread, from three, and from parts that are merged.
    void runs_a_study_file_in_any_way() {
        QTemporaryDir folder;
        for (const char* file : {"good.yaml", "study.yaml"})
            QFile::copy(folder_.filePath(file), folder.filePath(file));
        const QStringList run{"study", "run", "study.yaml"};
        const Outcome one =
            call(run + QStringList{"--threads", "1", "--store", "one.db", "--csv"}, folder.path());
        QCOMPARE(one.code, 1);
        QVERIFY(one.output.count('\n') > 100);
        const Outcome three =
            call(run + QStringList{"--threads", "3", "--store", "three.db", "--csv"}, folder.path());
        QCOMPARE(three.output, one.output);
        for (const char* part : {"1/3", "3/3", "2/3"})
            QVERIFY(call(run + QStringList{"--shard", part}, folder.path()).code < 2);
        const QStringList parts{"study.1-of-3.results.db", "study.2-of-3.results.db",
                                "study.3-of-3.results.db"};
        QCOMPARE(call(QStringList{"study", "merge", "--store", "all.db"} + parts, folder.path()).code, 0);
        const Outcome merged = call({"study", "show", "1", "--store", "all.db", "--csv"}, folder.path());
        QCOMPARE(merged.output, one.output);
        compare_with_golden("study-run", call({"study", "show", "1", "--store", "all.db"}, folder.path()));
        compare_with_golden("study-markdown",
                            call({"study", "show", "1", "--store", "all.db", "--markdown"}, folder.path()));
    }

    /// A study whose design tells what each input does: read from a store that parts were merged into.
    void analyses_a_study() {
        QTemporaryDir folder;
        for (const char* file : {"good.yaml", "study-sensitivity.yaml"})
            QFile::copy(folder_.filePath(file), folder.filePath(file));
        const QStringList run{"study", "run", "study-sensitivity.yaml"};
        const Outcome one = call(run + QStringList{"--threads", "1", "--store", "one.db"}, folder.path());
        QVERIFY2(one.code < 2, qPrintable(one.errors));
        for (const char* part : {"2/2", "1/2"})
            QVERIFY(call(run + QStringList{"--shard", part}, folder.path()).code < 2);
        QCOMPARE(call({"study", "merge", "--store", "all.db", "study-sensitivity.1-of-2.results.db",
                       "study-sensitivity.2-of-2.results.db"},
                      folder.path())
                     .code,
                 0);
        const QStringList show{"study", "show", "1", "--store", "all.db"};
        QCOMPARE(call(show, folder.path()).output, one.output);
        compare_with_golden("study-sensitivity", call(show, folder.path()));
        compare_with_golden("study-sensitivity-markdown",
                            call(show + QStringList{"--markdown"}, folder.path()));
        QVERIFY(call(show + QStringList{"--json"}, folder.path()).output.contains("\"mu_star\""));
    }

    /// What decides, of inputs that the program chooses; also as a study that is written, run and shown.
    void says_what_decides() {
        QTemporaryDir folder;
        QFile::copy(folder_.filePath("good.yaml"), folder.filePath("good.yaml"));
        const QStringList ask{"sensitivity", "good.yaml"};
        const Outcome tornado = call(ask, folder.path());
        QCOMPARE(tornado.code, 1);
        compare_with_golden("sensitivity", tornado);
        const QStringList shares = ask + QStringList{"--method", "sobol-indices", "--samples", "32"};
        const Outcome one = call(shares + QStringList{"--json", "--threads", "1"}, folder.path());
        QVERIFY2(one.output.contains("\"total_half_width\""), qPrintable(one.errors));
        QCOMPARE(call(shares + QStringList{"--json", "--threads", "3"}, folder.path()).output, one.output);
        compare_with_golden("sensitivity-csv", call(shares + QStringList{"--csv"}, folder.path()));
        // The same points from the store, and from the study file.
        const Outcome text = call(shares, folder.path());
        QCOMPARE(call(shares + QStringList{"--store", "s.db"}, folder.path()).output, text.output);
        QCOMPARE(call(shares + QStringList{"-o", "what.yaml"}, folder.path()).code, 0);
        const Outcome ran = call({"study", "run", "what.yaml", "--store", "s.db"}, folder.path());
        QCOMPARE(ran.output.section('\n', 1), text.output.section('\n', 2));
        QCOMPARE(call({"study", "show", "--store", "s.db", "--csv"}, folder.path()).output.count('\n'), 2);
        // Charts of both ways to ask are the same files.
        const auto charts = [&](const QStringList& arguments, const QString& name) {
            const Outcome drawn = call(arguments + QStringList{"--charts", name}, folder.path());
            if (drawn.code > 1) return drawn.errors;
            QString all;
            for (const QString& file : files_in(folder.filePath(name)))
                all += file + contents(folder.filePath(name + "/" + file));
            return all;
        };
        const QString once = charts(shares, "one");
        QVERIFY2(once.contains("1-response.mean-jobs.svg<svg"), qPrintable(once.left(500)));
        QCOMPARE(charts({"study", "show", "1", "--store", "s.db"}, "two"), once);
    }

    void sizes_a_platform() {
        const QString file = folder_.filePath("sized.yaml");
        const Outcome outcome =
            call({"size", "scenarios/11-fraud-features.yaml", "--horizon", "2 h", "-o", file}, source);
        QCOMPARE(outcome.code, 0);
        compare_with_golden("size", outcome);
        const Outcome sized = call({"run", file, "--replications", "2", "--horizon", "2 h"}, source);
        QVERIFY2(sized.code == 0, qPrintable(sized.errors));
        QFile::remove(file);
    }

    /// A platform under incidents: what waits, where, how long, and which promises break.
    void says_what_failures_do() {
        const Outcome outcome =
            call({"whatif", "scenarios/03-click-analytics.yaml", "--replications", "2"}, source);
        QCOMPARE(outcome.code, 1);
        compare_with_golden("whatif", outcome);
        const QStringList again{"whatif", "good.yaml", "--replications", "2", "--json", "--level", "flow"};
        const Outcome one = call(again + QStringList{"--threads", "1"}, folder_.path());
        QVERIFY2(one.output.size() > 300, qPrintable(one.errors));
        QCOMPARE(call(again + QStringList{"--threads", "3"}, folder_.path()).output, one.output);
    }

    /// The queries that resources/doc/results-schema.md shows find something in a store.
    void answers_the_documented_queries() {
        QTemporaryDir folder;
        const Outcome study =
            call({"study", "scenarios/03-click-analytics.yaml", "--vary", "components.warehouse.slots=5,10",
                  "--set", "workloads.dashboards.requests.users=600", "--horizon", "1 h", "--replications",
                  "2", "--store", folder.filePath("s.db")},
                 source);
        QVERIFY2(study.code == 1, qPrintable(study.errors));
        sqlite3* reader = nullptr;
        QCOMPARE(sqlite3_open(folder.filePath("s.db").toUtf8().constData(), &reader), SQLITE_OK);
        const QStringList parts = contents(source + "/resources/doc/results-schema.md").split("```");
        int queries = 0;
        for (const QString& part : parts) {
            if (!part.startsWith("sql\n")) continue;
            ++queries;
            sqlite3_stmt* query = nullptr;
            const QByteArray text = part.mid(4).toUtf8();
            QVERIFY2(sqlite3_prepare_v2(reader, text.constData(), -1, &query, nullptr) == SQLITE_OK,
                     text.constData());
            QVERIFY2(sqlite3_step(query) == SQLITE_ROW, text.constData());
            sqlite3_finalize(query);
        }
        sqlite3_close(reader);
        QCOMPARE(queries, 5);
    }

    void writes_parquet() {
        QTemporaryDir folder;
        QFile::copy(folder_.filePath("good.yaml"), folder.filePath("good.yaml"));
        const Outcome outcome = call({"study", "good.yaml", "--vary", "components.server.servers=1,2",
                                      "--replications", "2", "-o", "points.parquet"},
                                     folder.path());
        if (outcome.errors.contains("operator core")) QSKIP("built without the operator core");
        QCOMPARE(outcome.errors, QString());
        // Read again by what reads samples: every figure of both points is there, numbers as numbers.
        write(folder.filePath("t.sql"),
              "SELECT point, metric, value / 2 AS half FROM input WHERE metric = 'cost' AND value >= 0");
        const Outcome read = call({"calibrate", "t.sql", "--sample", "points.parquet"}, folder.path());
        QVERIFY2(read.code == 0, qPrintable(read.errors));
        QCOMPARE(files_in(folder.path()),
                 (QStringList{"good.results.db", "good.yaml", "points.parquet", "t.sql"}));
    }

    void summarises_for_a_pull_request() {
        const Outcome outcome =
            call({"run", "overload.yaml", "--replications", "3", "--markdown"}, folder_.path());
        QCOMPARE(outcome.code, 1);
        compare_with_golden("run-markdown", outcome);
    }

    void stops_when_interrupted() {
        QProcess process;
        process.setWorkingDirectory(folder_.path());
        process.start(HEADROOM_PROGRAM,
                      {"run", "good.yaml", "--level", "record", "--horizon", "90 d", "--store", "new.db"});
        QVERIFY(process.waitForStarted());
        QTest::qWait(500);
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(process.readAllStandardOutput().isEmpty());
        QVERIFY(!QFile::exists(folder_.filePath("new.db")));
    }

    void writes_reports() {
        const QString file = folder_.filePath("plan.html");
        const Outcome outcome =
            call({"report", "good.yaml", "--replications", "2", "-o", "plan.html"}, folder_.path());
        if (outcome.errors.contains("this build has no reports")) QSKIP("built without reports");
        QCOMPARE(outcome.errors, QString());
        QCOMPARE(outcome.code, 0);
        QVERIFY(contents(file).startsWith("<!DOCTYPE html>"));
    }

    void agrees_with_man_page_and_completion() {
        QCOMPARE(call({"man"}, source).output, contents(source + "/resources/man/headroom.1"));
        QCOMPARE(call({"completion"}, source).output,
                 contents(source + "/resources/completion/headroom.bash"));
    }

    void says_that_the_output_cannot_be_written() {
        QProcess process;
        process.setStandardOutputFile("/dev/full");
        process.start(HEADROOM_PROGRAM, {"--version"});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 2);
        QCOMPARE(process.readAllStandardError(),
                 QByteArray("headroom: the output could not be written: No space left on device\n"));
    }
};

QTEST_GUILESS_MAIN(GoldenTest)
#include "golden_test.moc"
