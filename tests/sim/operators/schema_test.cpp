#include "sim/operators/schema.h"

#include <QtTest/QtTest>
#include <algorithm>
#include <fstream>

using namespace headroom;

class SchemaTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::filesystem::path file = std::filesystem::path(folder_.path().toStdString()) / name;
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }

private slots:
    void compares_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<int>("changes");
        QTest::addColumn<bool>("backward");
        QTest::addColumn<bool>("forward");
        QTest::newRow("same") << "a: BIGINT"
                              << "a: bigint" << 0 << true << true;
        QTest::newRow("added, may be null") << "a: BIGINT"
                                            << "{a: BIGINT, b: DATE}" << 1 << true << true;
        QTest::newRow("added, required")
            << "a: BIGINT"
            << "{a: BIGINT, b: {type: DATE, required: true}}" << 1 << false << true;
        QTest::newRow("removed, could be null") << "{a: BIGINT, b: DATE}"
                                                << "a: BIGINT" << 1 << true << true;
        QTest::newRow("removed, required") << "{a: BIGINT, b: {type: DATE, required: true}}"
                                           << "a: BIGINT" << 1 << true << false;
        QTest::newRow("widened") << "a: INTEGER"
                                 << "a: BIGINT" << 1 << true << false;
        QTest::newRow("narrowed") << "a: DOUBLE"
                                  << "a: INTEGER" << 1 << false << true;
        QTest::newRow("another type") << "a: BIGINT"
                                      << "a: VARCHAR" << 1 << false << false;
        QTest::newRow("now required") << "a: DATE"
                                      << "a: {type: DATE, required: true}" << 1 << false << true;
        QTest::newRow("now nullable") << "a: {type: DATE, required: true}"
                                      << "a: DATE" << 1 << true << false;
        QTest::newRow("renamed") << "a: DATE"
                                 << "b: DATE" << 2 << true << true;
    }
    void compares() {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(int, changes);
        QFETCH(bool, backward);
        QFETCH(bool, forward);
        const auto old_schema = sim::read_schema(write("old.yaml", before.toStdString()));
        const auto new_schema = sim::read_schema(write("new.yaml", after.toStdString()));
        QVERIFY(old_schema && new_schema);
        const auto found = sim::compare_schemas(*old_schema, *new_schema);
        QCOMPARE(static_cast<int>(found.size()), changes);
        QCOMPARE(std::all_of(found.begin(), found.end(), [](const auto& c) { return c.backward; }), backward);
        QCOMPARE(std::all_of(found.begin(), found.end(), [](const auto& c) { return c.forward; }), forward);
    }

    void reads_a_sample() {
        const auto schema =
            sim::read_schema(write("rows.jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":null}\n"));
        if (!schema &&
            schema.error().front().sentence().find("without the operator core") != std::string::npos)
            QSKIP("built without the operator core");
        QVERIFY2(schema, schema ? "" : schema.error().front().sentence().c_str());
        QCOMPARE(schema->size(), std::size_t{2});
        QCOMPARE(schema->at(0).type, std::string("BIGINT"));
        QVERIFY(!schema->at(0).nullable && schema->at(1).nullable);
    }

    void says_what_is_wrong() {
        QVERIFY(!sim::read_schema(write("bad.yaml", "[1, 2]")));
        QVERIFY(!sim::read_schema(write("bad.yaml", "a: {typ: BIGINT}")));
        QVERIFY(!sim::read_schema(write("bad.yaml", "a: {required: true}")));
        QVERIFY(!sim::read_schema("/nonexistent.yaml"));
        QVERIFY(!sim::read_schema("/nonexistent.jsonl"));
    }
};

QTEST_APPLESS_MAIN(SchemaTest)
#include "schema_test.moc"
