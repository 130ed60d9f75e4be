// The section `recovery`: what it says and what it refuses.

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"

#include <QTest>

using namespace headroom::model;

namespace {

std::string scenario(const std::string& recovery) {
    return R"(headroom: 1
horizon: 1 d
workloads:
  clicks: {stream: {rate: 10/s}}
  questions: {requests: {rate: 1/s}}
components:
  brokers: {technology: kafka, nodes: 3 x m5.large}
  lake: {technology: s3}
  copy: {technology: s3}
  server: {technology: queue, servers: 4, service: 1 ms}
links:
  - clicks -> brokers -> [lake, copy]
  - questions -> server
recovery:
)" + recovery;
}

}  // namespace

class RecoveryTest : public QObject {
    Q_OBJECT

    const Catalog catalog_ = Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();

    Reading read(const std::string& recovery) const {
        return read_scenario(Document(scenario(recovery), "r.yaml"), catalog_);
    }

private slots:
    void reads() {
        const Reading reading = read(
            "  gone: {of: [brokers, lake], loss: region, from: copy, detection: 1 min, failover: 20 min, "
            "restore: "
            "1 GB/s}\n"
            "  disk: {of: lake, loss: disk, snapshot-every: 6 h}\n"
            "  node: {of: brokers, loss: node, lag: {exponential: 200 ms}}\n"
            "  zone: {of: brokers, loss: zone}\n");
        QVERIFY2(reading.scenario, reading.problems.empty() ? "" : reading.problems[0].sentence().c_str());
        const auto& all = reading.scenario->recoveries;
        QCOMPARE(all.size(), 4u);
        QCOMPARE(all[0].of, (std::vector<std::string>{"brokers", "lake"}));
        QVERIFY(all[0].loss == LossOf::region && all[1].loss == LossOf::disk);
        QCOMPARE(all[0].detection.value(), 60.0);
        QCOMPARE(all[0].failover.value(), 1200.0);
        QCOMPARE(all[0].restore->value(), 1e9);
        QCOMPARE(source_of(all[0]), std::string("copy"));
        QCOMPARE(source_of(all[1]), std::string("a snapshot every 6 h"));
        QCOMPARE(all[2].lag->mean, 0.2);
        QVERIFY(!all[3].lag && !all[3].snapshot_every && all[3].from.empty());
    }

    void refuses_data() {
        QTest::addColumn<QString>("recovery");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* recovery, const char* sentence) {
            QTest::newRow(name) << recovery << sentence;
        };
        row("unknown component", "  a: {of: lakes, loss: region}\n",
            "unknown component 'lakes'; did you mean");
        row("unknown copy", "  a: {of: lake, loss: region, from: copi}\n",
            "recovery.a.from: unknown component");
        row("no loss", "  a: {of: lake}\n", "'loss'");
        row("no component", "  a: {loss: zone}\n", "'of'");
        row("unknown loss", "  a: {of: lake, loss: planet}\n", "r.yaml:15:23: recovery.a.loss:");
        row("itself", "  a: {of: lake, loss: zone, from: lake}\n", "'lake' is gone itself");
        row("no copy", "  a: {of: lake, loss: zone, from: server}\n", "no stream of records reaches both");
        row("two sources", "  a: {of: lake, loss: zone, from: copy, snapshot-every: 1 h}\n", "only one of");
        row("twice", "  a: {of: [lake, lake], loss: zone}\n", "stands here twice");
        row("said already", "  a: {of: lake, loss: zone}\n  b: {of: lake, loss: zone}\n",
            "'a' says already how 'lake' comes back after the loss of a zone");
        row("empty", "  a: {of: [], loss: zone}\n", "there is no component in the list");
        row("unit", "  a: {of: lake, loss: zone, failover: 3 GB}\n", "recovery.a.failover:");
        row("negative", "  a: {of: lake, loss: zone, detection: -1 s}\n", "recovery.a.detection:");
        row("unknown field", "  a: {of: lake, loss: zone, fail-over: 3 s}\n", "did you mean 'failover'?");
        row("no mapping", "  - lake\n", "recovery");
    }
    void refuses() {
        QFETCH(QString, recovery);
        QFETCH(QString, sentence);
        const Reading reading = read(recovery.toStdString());
        QVERIFY(!reading.scenario);
        QVERIFY(!reading.problems.empty());
        const QString found = QString::fromStdString(reading.problems.front().sentence());
        QVERIFY2(found.contains(sentence), qPrintable(found));
    }
};

QTEST_APPLESS_MAIN(RecoveryTest)
#include "recovery_test.moc"
