// Recovery point and recovery time against what can be worked out by hand.

#include "sim/experiment/recovery.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"

#include <QTest>
#include <cmath>

using namespace headroom;

namespace {

const model::Catalog& catalog() {
    static const model::Catalog loaded =
        *model::find_resources().and_then([](const auto& folder) { return model::Catalog::load(folder); });
    return loaded;
}

std::string scenario(const std::string& rest, const std::string& rate = "200/s") {
    return "headroom: 1\nname: Copies\nhorizon: 1 d\nwarm-up: 0 s\nprecision: {replications: {min: 3}}\n"
           "workloads: {records: {stream: {rate: " +
           rate +
           "}, record: {size: 1 kB}}}\n"
           "components:\n"
           "  first: {technology: queue, servers: 4, service: {exponential: 2 ms}}\n"
           "  table: {technology: dynamodb, partitions: 4}\n"
           "  link: {technology: cross-region-link, bandwidth: 300 kB/s, latency: 50 ms}\n"
           "  there: {technology: s3, format: json, roll-every: 100 s}\n"
           "links:\n  - records -> first -> [table, link]\n  - link -> there\n" +
           rest;
}

model::RunResult run(const std::string& text, sim::RunOptions options = {}) {
    const auto reading = model::read_scenario(model::Document(text, "copies.yaml"), catalog());
    if (!reading.scenario) qFatal("%s", reading.problems.front().sentence().c_str());
    options.level = model::Level::flow;
    const auto result = sim::run(*reading.scenario, catalog(), {}, options);
    if (!result) qFatal("%s", result.error().front().sentence().c_str());
    return *result;
}

const model::Figure& figure(const model::RunResult& result, const char* metric, const char* subject,
                            const char* of = "") {
    const model::Figure* found = result.find({metric, subject, of});
    if (found == nullptr) qFatal("there is no %s of %s", metric, subject);
    return *found;
}

bool near(double a, double b, double relative) { return std::abs(a - b) <= relative * std::abs(b); }

}  // namespace

class RecoverySimulatedTest : public QObject {
    Q_OBJECT

private slots:
    /// Records are copied as files of 100 s: 99 % are there after 99 s and the way.
    void a_copy_is_behind_by_its_freshness() {
        const auto result = run(scenario("recovery: {r: {of: table, loss: region, from: there}}\n"));
        const model::Figure& point = figure(result, "recovery-point.region", "table", "records");
        const model::Figure& fresh = figure(result, "freshness.p99", "there", "records");
        QCOMPARE(point.simulated.value, fresh.simulated.value);
        QVERIFY2(near(point.simulated.value, 99.1, 0.03), std::to_string(point.simulated.value).c_str());
        QVERIFY2(near(point.analytic, 99.1, 0.03), std::to_string(point.analytic).c_str());
        // Nothing is said to take time.
        QCOMPARE(figure(result, "recovery-time.region", "table").simulated.value, 0.0);
    }

    /// A link of capacity c that is cut for T once in the horizon H, under the rate r: of 99 of 100 records
    /// the copy is behind by T - 0.01 H (1 - r / c), and by its files.
    void a_cut_is_made_good_as_fast_as_there_is_room() {
        const auto result =
            run(scenario("failures: {cut: {of: link, takes: all, at: 6 h, repair: 2 h}}\n"
                         "recovery: {r: {of: table, loss: region, from: there}}\n"));
        const model::Figure& point = figure(result, "recovery-point.region", "table", "records");
        const double behind = 7200 - 0.01 * 86'400 * (1 - 200.0 / 300);
        QVERIFY2(near(point.simulated.value, behind + 50, 0.02),
                 std::to_string(point.simulated.value).c_str());
        QVERIFY2(near(point.analytic, point.simulated.value, 0.02), std::to_string(point.analytic).c_str());
    }

    /// The age of a snapshot lies evenly between nothing and its interval.
    void snapshots_and_copies_that_lag() {
        const auto result =
            run(scenario("recovery:\n"
                         "  disk: {of: table, loss: disk, snapshot-every: 6 h}\n"
                         "  node: {of: table, loss: node, lag: {exponential: 2 s}}\n"
                         "  zone: {of: table, loss: zone}\n"));
        const model::Figure& disk = figure(result, "recovery-point.disk", "table", "records");
        QVERIFY2(near(disk.simulated.value, 0.99 * 21'600, 0.002),
                 std::to_string(disk.simulated.value).c_str());
        QVERIFY(near(disk.analytic, disk.simulated.value, 0.002));
        const model::Figure& node = figure(result, "recovery-point.node", "table", "records");
        QVERIFY2(near(node.simulated.value, 2 * std::log(100.0), 0.03),
                 std::to_string(node.simulated.value).c_str());
        QVERIFY(near(node.analytic, node.simulated.value, 0.03));
        const model::Figure& zone = figure(result, "recovery-point.zone", "table", "records");
        QVERIFY(zone.simulated.exact());
        QCOMPARE(zone.simulated.value, 0.0);
    }

    /// Away for D, a component has r D waiting and takes r D / (c - r) to work it off: D / (1 - r / c) in
    /// all.
    void what_came_meanwhile_is_worked_off() {
        const auto result =
            run(scenario("recovery: {r: {of: link, loss: region, detection: 5 min, failover: 15 min}}\n"));
        const model::Figure& time = figure(result, "recovery-time.region", "link");
        QVERIFY2(near(time.analytic, 1200 / (1 - 200.0 / 300), 0.01), std::to_string(time.analytic).c_str());
        // A hundredth of the backlog counts as worked off, and files of 100 s hold up the last of it.
        QVERIFY2(std::abs(time.simulated.value - time.analytic) < 160,
                 std::to_string(time.simulated.value).c_str());
        QVERIFY(time.simulated.half_width > 0 && time.simulated.half_width < 200);
        QCOMPARE(time.replications.size(), std::size_t(3));
    }

    void reading_all_back_takes_its_time() {
        // 200 records of 1 kB a second are kept for 10 days, and read back at 48 MB/s.
        std::string text = scenario("recovery: {r: {of: table, loss: region, restore: 48 MB/s}}\n");
        text.replace(text.find("partitions: 4"), 13, "partitions: 4, retention: 10 d");
        const auto result = run(text);
        const model::Figure& time = figure(result, "recovery-time.region", "table");
        const double back = 200.0 * 1000 * 864'000 / 48e6;
        QVERIFY2(time.simulated.value >= back && time.simulated.value < back * 1.5,
                 std::to_string(time.simulated.value).c_str());
    }

    /// Where capacity is short, so it is said.
    void overload_is_never_made_good() {
        const auto result =
            run(scenario("recovery: {r: {of: link, loss: region, failover: 10 min}}\n", "400/s"));
        QVERIFY(std::isnan(figure(result, "recovery-time.region", "link").analytic));
    }

    void threads_do_not_matter() {
        const std::string text = scenario("recovery: {r: {of: link, loss: region, failover: 20 min}}\n");
        const auto one = run(text, {.threads = 1}), three = run(text, {.threads = 3});
        const model::Figure& a = figure(one, "recovery-time.region", "link");
        QCOMPARE(a.replications, figure(three, "recovery-time.region", "link").replications);
    }

    void objectives_are_judged() {
        const auto result = run(scenario(
            "recovery: {r: {of: link, loss: region, failover: 20 min}, t: {of: table, loss: region, from: "
            "there}}\n"
            "objectives:\n"
            "  - recovery time of link: region <= 30 min\n"
            "  - recovery time of link: region <= 2 h\n"
            "  - recovery point of records in table: region <= 2 min\n"));
        QVERIFY(result.objectives[0].verdict == model::Verdict::broken);
        QVERIFY(result.objectives[1].verdict == model::Verdict::met);
        QVERIFY(result.objectives[2].verdict == model::Verdict::met);
    }
};

QTEST_APPLESS_MAIN(RecoverySimulatedTest)
#include "recovery_test.moc"
