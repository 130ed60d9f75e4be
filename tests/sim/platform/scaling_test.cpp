// Capacity that follows the load: when it changes, what it costs, and that both levels see the same.

#include "sim/platform/scaling.h"

#include "../systems.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;
using model::Scaler;

namespace {

/// Ten servers of one second each; the rate is 2 a second and 6 between 1,000 s and 3,000 s.
SystemBuilder surge(const Scaler& scaler) {
    SystemBuilder b;
    const int servers = b.station(fcfs(10, Distribution::exponential(1)));
    b.open(2, servers).horizon(6000);
    model::RateProfile& rate = b.system().open.front().rate;
    rate.events = {{"surge", 3, model::seconds(1000), model::seconds(2000)}};
    b.system().scalers = {scaler};
    b.system().scalers.front().stations = {servers};
    return b;
}

Scaler target(double utilisation) {
    return {.name = "servers",
            .least = 0.1,
            .first = 0,
            .target = utilisation,
            .step = 0.1,
            .period = model::seconds(60),
            .delay = model::seconds(120),
            .cool_down = model::seconds(300)};
}

double share_at(const std::vector<sim::ScaleChange>& changes, double time) {
    double share = 1;
    for (const auto& change : changes)
        if (change.time <= time) share = change.share;
    return share;
}

}  // namespace

class ScalingTest : public QObject {
    Q_OBJECT

private slots:
    void capacity_holds_the_target() {
        const auto changes = sim::scale_changes(surge(target(0.5)).system());
        QCOMPARE(changes.front().time, 0.0);
        QVERIFY(std::abs(share_at(changes, 500) - 0.4) < 1e-9);   // 2 of 4 servers
        QVERIFY(std::abs(share_at(changes, 1050) - 0.4) < 1e-9);  // not seen yet
        // A full pool of 4 asks for 8, which come two minutes after the look.
        QVERIFY(std::abs(share_at(changes, 1139) - 0.4) < 1e-9);
        QVERIFY(std::abs(share_at(changes, 1200) - 0.8) < 1e-9);
        QVERIFY(std::abs(share_at(changes, 2500) - 1.0) < 1e-9);  // 6 of 12, but there are ten
        QVERIFY(std::abs(share_at(changes, 3400) - 0.4) < 1e-9);
        const double mean = sim::mean_capacity(surge(target(0.5)).system()).front();
        QVERIFY2(mean > 0.55 && mean < 0.65, qPrintable(QString::number(mean)));
    }

    void less_waits_for_the_cool_down() {
        Scaler slow = target(0.5);
        slow.cool_down = model::seconds(2000);
        const auto changes = sim::scale_changes(surge(slow).system());
        const double last_rise =
            std::max_element(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
                return a.share < b.share;
            })->time;
        const auto fall = std::find_if(changes.begin(), changes.end(),
                                       [&](const auto& change) { return change.time > last_rise; });
        QVERIFY(fall == changes.end() || fall->time >= 3060);
    }

    void a_schedule_is_a_floor() {
        Scaler scheduled{.name = "servers",
                         .first = 0,
                         .period = model::seconds(60),
                         .schedule = {{model::seconds(0), 0.3}, {model::seconds(600), 0.9}}};
        const auto changes = sim::scale_changes(surge(scheduled).system());
        QVERIFY(std::abs(share_at(changes, 300) - 0.3) < 1e-9);
        QVERIFY(std::abs(share_at(changes, 700) - 0.9) < 1e-9);
    }

    /// The surge asks for ten servers: one more with each look, and one less after each cool-down.
    void steps_come_one_at_a_time() {
        Scaler steps = target(0.5);
        steps.stride = 0.1;
        const auto changes = sim::scale_changes(surge(steps).system());
        QVERIFY(std::abs(share_at(changes, 1139) - 0.4) < 1e-9);
        QVERIFY(std::abs(share_at(changes, 1210) - 0.5) < 1e-9);
        QVERIFY(std::abs(share_at(changes, 1330) - 0.7) < 1e-9);
        QVERIFY(share_at(changes, 2900) > 0.99);
        double before = share_at(changes, 0);
        for (const auto& change : changes) {
            QVERIFY(std::abs(change.share - before) < 0.1 + 1e-9);
            before = change.share;
        }
    }

    void growth_is_limited() {
        Scaler functions{.name = "servers",
                         .first = 0,
                         .target = 1,
                         .steady = 0,
                         .growth = 0.002,
                         .sees_waiting = true,
                         .margin = 3,
                         .period = model::seconds(1),
                         .cool_down = model::seconds(600)};
        const auto changes = sim::scale_changes(surge(functions).system());
        const double before = share_at(changes, 999), after = share_at(changes, 1051);
        QVERIFY2(after - before <= 0.002 * 52 + 1e-9 && after > before,
                 qPrintable(QString("%1 %2").arg(before).arg(after)));
    }

    // Environments that take batches start one after the other: the surge of batches waits for them.
    void writers_of_batches_scale() {
        SystemBuilder b;
        const int writers = b.station(model::Batch{.max_items = 20,
                                                   .max_wait = model::seconds(1),
                                                   .writers = 100,
                                                   .fixed = Distribution::exponential(2)});
        b.open(40, writers).horizon(3000);
        b.system().open.front().rate.events = {{"surge", 10, model::seconds(1000), model::seconds(1000)}};
        b.system().scalers = {{.name = "writers",
                               .stations = {writers},
                               .first = 0,
                               .target = 1,
                               .steady = 0,
                               .growth = 0.001,
                               .sees_waiting = true,
                               .margin = 3,
                               .period = model::seconds(1),
                               .cool_down = model::seconds(600)}};
        // 2 commits a second of 2 s each, three standard deviations and one; the surge asks for 40 and more.
        const auto changes = sim::scale_changes(b.system());
        QVERIFY2(std::abs(share_at(changes, 900) - 0.11) < 0.02,
                 qPrintable(QString::number(share_at(changes, 900))));
        const double after = share_at(changes, 1101) - share_at(changes, 1000);
        QVERIFY2(std::abs(after - 0.1) < 0.01, qPrintable(QString::number(after)));
        const sim::ReplicationOptions options{.seed = 3, .replication = 0, .bins = 30, .stop = {}};
        const auto records = sim::simulate_records(b.system(), options);
        const auto fluid = sim::simulate_flow(b.system(), options);
        const double record = records.classes[0].response.mean(), flow = fluid.classes[0].response.mean();
        QVERIFY2(record > 20, qPrintable(QString::number(record)));
        QVERIFY2(std::abs(flow / record - 1) < 0.1,
                 qPrintable(QString("response: records %1 s, flow %2 s").arg(record).arg(flow)));
        const double busy = fluid.stations[0].busy / records.stations[0].busy;
        QVERIFY2(std::abs(busy - 1) < 0.1, qPrintable(QString::number(busy)));
    }

    // The surge waits for the servers that come: record and flow level see the same backlog and utilisation.
    void both_levels_agree_data() {
        QTest::addColumn<bool>("shared");
        QTest::newRow("in a line") << false;
        QTest::newRow("shared processors") << true;
    }
    void both_levels_agree() {
        QFETCH(bool, shared);
        auto b = surge(target(0.5));
        if (shared) b.system().stations.front().primitive = sharing(10, Distribution::exponential(1));
        double record = 0, flow = 0, busy_record = 0, busy_flow = 0;
        for (int r = 0; r < 2; ++r) {
            const sim::ReplicationOptions options{.seed = 3, .replication = r, .bins = 10, .stop = {}};
            const auto records = sim::simulate_records(b.system(), options);
            const auto fluid = sim::simulate_flow(b.system(), options);
            record += records.classes[0].response.mean() / 2;
            flow += fluid.classes[0].response.mean() / 2;
            busy_record += records.stations[0].busy / records.stations[0].capacity / 2;
            busy_flow += fluid.stations[0].busy / fluid.stations[0].capacity / 2;
            const auto& tally = records.classes[0];
            QCOMPARE(tally.arrived, tally.completed + tally.in_flight);
        }
        QVERIFY2(std::abs(flow / record - 1) < 0.25,
                 qPrintable(QString("response: records %1 s, flow %2 s").arg(record).arg(flow)));
        QVERIFY2(std::abs(busy_flow / busy_record - 1) < 0.05,
                 qPrintable(QString("busy: records %1, flow %2").arg(busy_record).arg(busy_flow)));
        QVERIFY(record > 2);  // the backlog of some minutes was there
    }
};

QTEST_APPLESS_MAIN(ScalingTest)
#include "scaling_test.moc"
