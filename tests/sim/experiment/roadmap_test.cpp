// Roadmaps are read with their mistakes named, and added up.

#include "sim/experiment/roadmap.h"

#include <QTemporaryDir>
#include <QtTest/QTest>
#include <fstream>

using namespace headroom;

class RoadmapTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    model::Expected<sim::Roadmap> roadmap(const QByteArray& text) {
        const std::filesystem::path file = folder_.filePath("roadmap.yaml").toStdString();
        std::ofstream(file) << text.toStdString();
        return sim::read_roadmap(file);
    }

private slots:
    void adds_up() {
        const auto read = roadmap(
            "old: {from: 0 months, scenario: a.yaml}\n"
            "new: {from: 10 months, scenario: b.yaml, parallel: 3 months, one-off: $500, door: one-way}\n"
            "end: 24 months\n");
        QVERIFY2(read.has_value(), read ? "" : read.error().front().sentence().c_str());
        QCOMPARE(read->steps.size(), std::size_t{2});
        QVERIFY(read->steps[1].one_way && !read->steps[0].one_way);
        const std::vector<model::Estimate> old(24, {100, 3}), modern(24, {200, 4});
        const auto costs = sim::costs_of(*read, {old, modern});
        const auto near = [](double a, double b) { return std::abs(a - b) < 1e-6; };
        QVERIFY(near(costs[0].own.value, 1000) && near(costs[0].in_all.value, 1000));
        QVERIFY(near(costs[1].own.value, 14 * 200) && near(costs[1].beside.value, 300));
        QVERIFY(near(costs[1].in_all.value, 1000 + 2800 + 300 + 500));
        // Thirteen months of the first run and 14 of the second.
        QVERIFY(near(costs[1].in_all.half_width, std::hypot(39, 56)));
    }

    void names_mistakes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const char* text, const char* sentence) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(sentence);
        };
        row("no end", "a: {from: 0 d, scenario: a.yaml}\n", "'end' is missing");
        row("no step", "end: 3 months\n", "there is no step");
        row("no date", "a: {scenario: a.yaml}\nend: 1 y\n", "a.yaml:1:1: a: 'from' is missing");
        row("no scenario", "a: {from: 0 d}\nend: 1 y\n", "'scenario' is missing");
        row("order", "a: {from: 5 d, scenario: a.yaml}\nb: {from: 5 d, scenario: a.yaml}\nend: 1 y\n",
            "b.from: a step begins after the one above it, 'a'");
        row("door", "a: {from: 0 d, scenario: a.yaml, door: ajar}\nend: 1 y\n",
            "'ajar' is neither 'one-way' nor 'two-way'");
        row("unit", "a: {from: 0 d, scenario: a.yaml, one-off: 3 d}\nend: 1 y\n", "a.one-off:");
        row("nothing before", "a: {from: 0 d, scenario: a.yaml, parallel: 1 d}\nend: 1 y\n",
            "nothing runs before the first step");
        row("too long beside",
            "a: {from: 0 d, scenario: a.yaml}\nb: {from: 9 d, scenario: a.yaml, parallel: 5 d}\nend: 10 d\n",
            "cannot run on for longer");
        row("unknown field", "a: {from: 0 d, scenario: a.yaml, untill: 1 d}\nend: 1 y\n", "untill");
        row("ends before", "a: {from: 3 d, scenario: a.yaml}\nend: 2 d\n", "the roadmap ends after");
    }
    void names_mistakes() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, sentence);
        const auto read = roadmap(text);
        QVERIFY(!read.has_value());
        QByteArray found(read.error().front().sentence().c_str());
        found.replace("roadmap.yaml", "a.yaml");
        QVERIFY2(found.contains(sentence), found.constData());
    }
};

QTEST_APPLESS_MAIN(RoadmapTest)
#include "roadmap_test.moc"
