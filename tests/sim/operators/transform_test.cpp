#include "sim/operators/transform.h"

#include "sim/operators/ready_made.h"

#include <QtTest/QtTest>
#include <fstream>

using namespace headroom;

class TransformTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::filesystem::path file = std::filesystem::path(folder_.path().toStdString()) / name;
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }
    QString sentence(const std::string& text) {
        const auto transform = sim::read_transform(write("t.yaml", text), "components.x.transform");
        if (transform) return "no problem";
        return QString::fromStdString(transform.error().front().sentence());
    }

private slots:
    void splits_statements_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QStringList>("statements");
        QTest::newRow("one") << "SELECT 1" << QStringList{"SELECT 1"};
        QTest::newRow("two") << "a;\n b" << QStringList{"a", "  \n b"};
        QTest::newRow("quotes") << "SELECT ';' ; SELECT \";\" ;"
                                << QStringList{"SELECT ';' ", "             SELECT \";\" "};
        QTest::newRow("comments") << "-- a; b\nSELECT 1 /* ; */;;  -- end"
                                  << QStringList{"-- a; b\nSELECT 1 /* ; */"};
        QTest::newRow("dollars") << "SELECT $$;$$, $x$;$x$" << QStringList{"SELECT $$;$$, $x$;$x$"};
        QTest::newRow("open quote") << "SELECT ';" << QStringList{"SELECT ';"};
        QTest::newRow("none") << " -- nothing\n;" << QStringList{};
    }
    void splits_statements() {
        QFETCH(QString, sql);
        QFETCH(QStringList, statements);
        QStringList found;
        for (const std::string& one : sim::split_statements(sql.toStdString()))
            found << QString::fromStdString(one);
        QCOMPARE(found, statements);
    }

    void takes_the_name_of_a_statement_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("name");
        QTest::newRow("table") << "CREATE TABLE clean AS SELECT 1"
                               << "clean";
        QTest::newRow("view") << "create or replace temp view \"my step\" as SELECT 1"
                              << "my step";
        QTest::newRow("comments") << "/* x */ CREATE -- y\n TABLE clean AS SELECT 1"
                                  << "clean";
        QTest::newRow("select") << "SELECT 1"
                                << "";
        QTest::newRow("columns") << "CREATE TABLE clean (a INT)"
                                 << "";
        QTest::newRow("prefix") << "CREATED TABLE clean AS SELECT 1"
                                << "";
    }
    void takes_the_name_of_a_statement() {
        QFETCH(QString, sql);
        QFETCH(QString, name);
        const sim::Step step = sim::step_of(sql.toStdString());
        QCOMPARE(QString::fromStdString(step.name), name);
        if (!name.isEmpty()) QCOMPARE(QString::fromStdString(step.sql).trimmed(), QString("SELECT 1"));
        QCOMPARE(step.sql.size(), sql.toStdString().size());
    }

    void every_operator_has_an_example_that_reads() {
        write("users.csv", "user_id,name\n1,a\n");
        QFile file(HEADROOM_SOURCE_DIR "/resources/doc/transforms.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray page = file.readAll();
        for (const sim::ReadyMade& op : sim::ready_made_operators()) {
            const QString words =
                sentence("tables: {users: users.csv}\nsteps:\n  - " + op.name + ": " + op.example + "\n");
            QVERIFY2(words == "no problem", qPrintable(QString::fromStdString(op.name) + ": " + words));
            QVERIFY(!op.help.empty());
            // The page about transforms has every one of them.
            QVERIFY2(page.contains("| `" + QByteArray::fromStdString(op.name) + "` |") &&
                         page.contains(QByteArray::fromStdString("`" + op.example + "`")),
                     op.name.c_str());
        }
    }

    void the_example_of_the_page_reads() {
        write("users.csv", "user_id,name\n1,a\n");
        QFile file(HEADROOM_SOURCE_DIR "/resources/doc/transforms.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString page = QString::fromUtf8(file.readAll());
        const auto from = page.indexOf("```yaml\n") + 8;
        const QString example = page.mid(from, page.indexOf("```", from) - from);
        QVERIFY(example.contains("queries:"));
        QCOMPARE(sentence(example.toStdString()), QString("no problem"));
    }

    void says_what_is_wrong_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no steps") << "rules: {a: b}"
                                  << "'steps' is a list of at least one operator";
        QTest::newRow("not a mapping") << "[1]"
                                       << "a mapping with 'steps' is expected";
        QTest::newRow("unknown") << "steps: [{filtre: a > 1}]"
                                 << "unknown field 'filtre'; did you mean 'filter'?";
        QTest::newRow("two operators") << "steps: [{filter: a, sort: {by: b}}]"
                                       << "one operator for each step";
        QTest::newRow("lacks") << "steps: [{join: {table: users}}]"
                               << "'join' lacks 'on'; for example";
        QTest::newRow("unit") << "steps: [{tumbling: {time: t, every: 5 MB, compute: {n: count(*)}}}]"
                              << "'5 MB'";
        QTest::newRow("comma of a query")
            << "steps: [{filter: a}]\nqueries: {top: SELECT a, count(*) FROM output}"
            << "'count(*) FROM output' has no SQL; what has a comma stands in quotes";
        QTest::newRow("comma of a field") << "steps: [{project: {a: least(x, y)}}]"
                                          << "'y)' has no SQL; what has a comma stands in quotes";
        QTest::newRow("comma of an aggregate")
            << "steps: [{tumbling: {time: t, every: 1 s, compute: {n: max(x, 2)}}}]"
            << "'2)' has no SQL; what has a comma stands in quotes";
        QTest::newRow("codec") << "steps: [{encode: {format: csv, codec: snappy}}]"
                               << "'snappy' is no codec of csv";
        QTest::newRow("table") << "tables: {users: nowhere.csv}\nsteps: [{filter: a}]"
                               << "there is no such file";
        QTest::newRow("no file") << "steps: [{sql: nowhere.sql}]"
                                 << "there is no such file";
        QTest::newRow("taken") << "steps: [{filter: a, as: x}, {filter: b, as: x}]"
                               << "the name 'x' of a step is taken";
        QTest::newRow("empty") << ""
                               << "t.yaml";
        QTest::newRow("partitions") << "steps: [{repartition: {by: a, partitions: 0.5}}]"
                                    << "no number of partitions";
    }
    void says_what_is_wrong() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const QString words = sentence(text.toStdString());
        QVERIFY2(words.contains(expected), qPrintable(words));
        QVERIFY2(!words.contains('\n'), qPrintable(words));
    }

    void the_hash_covers_every_file() {
        write("users.csv", "user_id\n1\n");
        write("clean.sql", "SELECT * FROM input");
        const auto file = write("t.yaml", "tables: {users: users.csv}\nsteps: [{sql: clean.sql}]\n");
        const auto hash = [&] { return sim::read_transform(file, "x")->hash; };
        const std::string first = hash();
        write("users.csv", "user_id\n2\n");
        const std::string second = hash();
        write("clean.sql", "SELECT 1 FROM input");
        QVERIFY(first != second && second != hash());
    }

    void finds_samples() {
        const std::filesystem::path folder = std::filesystem::path(folder_.path().toStdString()) / "parts";
        std::filesystem::create_directories(folder);
        write("parts/b.jsonl", "{}\n");
        write("parts/a.jsonl.gz", "x");
        write("parts/README.md", "no sample");
        const auto all = sim::find_sample(folder, "record.sample");
        QVERIFY(all);
        QCOMPARE(all->files.size(), std::size_t{2});
        QCOMPARE(all->files.front().filename().string(), std::string("a.jsonl.gz"));
        QVERIFY(all->compressed && all->format == sim::SampleFormat::json_lines);
        QCOMPARE(sim::find_sample(folder / "*.jsonl", "record.sample")->files.size(), std::size_t{1});
        QVERIFY(!sim::find_sample(folder / "*.parquet", "record.sample"));
        write("parts/c.csv", "a\n1\n");
        QVERIFY(sim::find_sample(folder, "x").error().front().sentence().find("several formats") !=
                std::string::npos);
        QVERIFY(!sim::find_sample("/dev/null", "x"));
    }
};

QTEST_APPLESS_MAIN(TransformTest)
#include "transform_test.moc"
