// The section `failures`: what it says, what it refuses, and what it is lowered to.

#include "model/kinds/lower.h"
#include "model/scenario/read.h"

#include <QTest>

using namespace headroom::model;

namespace {

std::string scenario(const std::string& failure) {
    return R"(headroom: 1
horizon: 1 d
workloads:
  clicks: {stream: {rate: 10/s}}
components:
  brokers: {technology: kafka, nodes: 3 x m5.large}
  server: {technology: queue, servers: 4, service: 1 ms}
links:
  - clicks -> brokers -> server
failures:
  trouble: )" +
           failure + "\n";
}

}  // namespace

class FailuresTest : public QObject {
    Q_OBJECT

private slots:
    void reads();
    void lowers_data();
    void lowers();
    void refuses_data();
    void refuses();

private:
    const Catalog catalog_ = Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();

    Reading read(const std::string& failure) const {
        return read_scenario(Document(scenario(failure), "f.yaml"), catalog_);
    }
};

void FailuresTest::reads() {
    const Reading reading =
        read("{of: [brokers, server], takes: 33 %, every: 90 d, repair: {exponential: 20 min}, work: lose}");
    QVERIFY(reading.scenario);
    const FailureMode& failure = reading.scenario->failures.at(0);
    QCOMPARE(failure.name, std::string("trouble"));
    QCOMPARE(failure.of.size(), 2u);
    QCOMPARE(failure.each_node, false);
    QCOMPARE(failure.share, 0.33);
    QCOMPARE(failure.every.family, Family::exponential);
    QCOMPARE(failure.every.mean, days(90).value());
    QCOMPARE(failure.repair.mean, 1200.0);
    QCOMPARE(failure.work, Interrupted::lose);
    QVERIFY(!failure.at);
    const Reading once = read("{of: brokers, at: 12 h, repair: 5 min}");
    QVERIFY(once.scenario);
    QCOMPARE(once.scenario->failures.at(0).at->value(), 43200.0);
    QVERIFY(once.scenario->failures.at(0).each_node);
    QCOMPARE(once.scenario->failures.at(0).work, Interrupted::restart);
}

void FailuresTest::lowers_data() {
    QTest::addColumn<QString>("failure");
    QTest::addColumn<int>("outages");
    QTest::addColumn<int>("units");
    QTest::addColumn<double>("share");
    QTest::newRow("each node") << "{of: brokers, every: 1 d, repair: 1 h}" << 1 << 3 << 1.0 / 3;
    QTest::newRow("all") << "{of: server, every: 1 d, repair: 1 h}" << 1 << 1 << 1.0;
    QTest::newRow("a share of two") << "{of: [brokers, server], takes: 0.5, every: 1 d, repair: 1 h}" << 1
                                    << 1 << 0.5;
}

void FailuresTest::lowers() {
    QFETCH(QString, failure);
    QFETCH(int, outages);
    QFETCH(int, units);
    QFETCH(double, share);
    const Reading reading = read(failure.toStdString());
    QVERIFY(reading.scenario);
    const auto system = lower(*reading.scenario, catalog_, {});
    QVERIFY(system);
    QCOMPARE(fault_of(*system), std::string());
    QCOMPARE(static_cast<int>(system->outages.size()), outages);
    QCOMPARE(system->outages[0].units, units);
    QVERIFY(!system->outages[0].effects.empty());
    for (const auto& effect : system->outages[0].effects) QCOMPARE(effect.share, share);
}

void FailuresTest::refuses_data() {
    QTest::addColumn<QString>("failure");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* failure, const char* sentence) {
        QTest::newRow(failure) << failure << sentence;
    };
    row("{of: broker, every: 1 d, repair: 1 h}", "did you mean 'brokers'?");
    row("{of: [], every: 1 d, repair: 1 h}", "no component in the list");
    row("{of: [brokers, brokers], every: 1 d, repair: 1 h}", "stands here twice");
    row("{of: [[brokers]], every: 1 d, repair: 1 h}", "the id of a component");
    row("{every: 1 d, repair: 1 h}", "'of' is missing");
    row("{of: server, takes: node, every: 1 d, repair: 1 h}", "'server' has no nodes");
    row("{of: server, takes: most, every: 1 d, repair: 1 h}", "'most' stands here");
    row("{of: server, takes: 120 %, every: 1 d, repair: 1 h}", "'120 %' stands here");
    row("{of: server, takes: 0, every: 1 d, repair: 1 h}", "'0' stands here");
    row("{of: server, takes: [1], every: 1 d, repair: 1 h}", "'node', 'all' or a share");
    row("{of: server, every: 1 d}", "'repair' is missing");
    row("{of: server, repair: 1 h}", "either 'every' (how often) or 'at' (once, when)");
    row("{of: server, every: 1 d, at: 1 h, repair: 1 h}", "both 'every' and 'at'");
    row("{of: server, every: 10 MB, repair: 1 h}", "failures.trouble.every");
    row("{of: server, every: 1 d, repair: 1 h, work: vanish}", "vanish");
    row("{of: server, every: 1 d, repair: 1 h, often: yes}", "unknown field 'often'");
    row("often", "failures.trouble");
}

void FailuresTest::refuses() {
    QFETCH(QString, failure);
    QFETCH(QString, sentence);
    const Reading reading = read(failure.toStdString());
    QVERIFY(!reading.scenario);
    QString all;
    for (const Problem& problem : reading.problems) all += QString::fromStdString(problem.sentence()) + "\n";
    QVERIFY2(all.contains(sentence), qPrintable(all));
}

QTEST_APPLESS_MAIN(FailuresTest)
#include "failures_test.moc"
