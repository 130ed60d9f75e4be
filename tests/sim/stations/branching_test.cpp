// Stations that decide where items go: caches, rate limiters, routing by load, items that change their class;
// and logs that forget.

#include "../systems.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

namespace {

sim::Replication of_cache(const model::Cache& cache, double requests) {
    SystemBuilder b;
    const int c = b.station(cache);
    b.link(c, {model::Routing::outcome, {{model::outside, 1}, {model::outside, 0}}});
    b.open(1000, c).horizon(requests / 1000);
    return sim::simulate_records(b.system(), {.warm_up = requests / 2000, .bins = 20});
}

double ratio(const sim::Replication& r) { return r.stations[0].hits / r.stations[0].lookups; }

double balance(const sim::ClassTally& c) {
    return c.arrived + c.created - c.completed - c.merged - c.filtered - c.in_flight - c.rejected - c.lost;
}

}  // namespace

class BranchingTest : public QObject {
    Q_OBJECT

private slots:
    void hit_ratios_are_as_che_says_data() {
        QTest::addColumn<double>("keys");
        QTest::addColumn<double>("capacity");
        QTest::addColumn<double>("skew");
        QTest::addColumn<double>("life");
        QTest::newRow("a tenth of the keys") << 1e5 << 1e4 << 0.9 << 0.0;
        QTest::newRow("a hundredth") << 1e6 << 1e4 << 1.0 << 0.0;
        QTest::newRow("steep") << 1e5 << 100.0 << 1.3 << 0.0;
        QTest::newRow("all alike") << 1e4 << 2500.0 << 0.0 << 0.0;
        QTest::newRow("some keys die first") << 1e4 << 2000.0 << 0.8 << 5.0;
    }
    void hit_ratios_are_as_che_says() {
        QFETCH(double, keys);
        QFETCH(double, capacity);
        QFETCH(double, skew);
        QFETCH(double, life);
        model::Cache cache{.capacity = capacity, .popularity = {keys, skew}};
        if (life > 0) cache.life = model::seconds(life);
        const double simulated = ratio(of_cache(cache, 400'000)),
                     formula = model::HitRatio(cache).in_the_long_run(model::per_second(1000));
        QVERIFY2(std::abs(simulated - formula) < (life > 0 ? 0.03 : 0.01) * formula + 0.002,
                 qPrintable(QString("%1 simulated, %2 by formula").arg(simulated).arg(formula)));
    }

    // Who asks for a key while it is filled in misses it as well: at 1,000 requests a second the most popular
    // of a thousand keys is asked for 134 times a second, and 27 times in a fifth of one.
    void misses_make_misses() {
        model::Cache cache{.capacity = 1e3, .popularity = {1e3, 1.0}, .life = model::seconds(5)};
        const double at_once = ratio(of_cache(cache, 400'000));
        cache.refill = model::milliseconds(200);
        const double simulated = ratio(of_cache(cache, 400'000)),
                     formula = model::HitRatio(cache).in_the_long_run(model::per_second(1000));
        QVERIFY2(std::abs(simulated - formula) < 0.01 * formula,
                 qPrintable(QString("%1 simulated, %2 by formula").arg(simulated).arg(formula)));
        QVERIFY(simulated < at_once - 0.02);
    }

    void a_cold_cache_warms_up() {
        const model::Cache cold{.capacity = 1e4, .popularity = {1e5, 0.9}};
        model::Cache warm = cold;
        warm.warm = true;
        const auto a = of_cache(cold, 200'000), b = of_cache(warm, 200'000);
        QVERIFY(a.stations[0].hit_ratio.front() < 0.9 * a.stations[0].hit_ratio.back());
        QVERIFY(b.stations[0].hit_ratio.front() > 0.95 * b.stations[0].hit_ratio.back());
        QVERIFY(std::abs(ratio(a) / ratio(b) - 1) < 0.03);
    }

    // Were all put in at the start, none would be missed for the first life, and all at once after it.
    void lives_of_warm_keys_end_one_by_one() {
        model::Cache cache{.capacity = 1e3, .popularity = {1e3, 0.5}, .life = model::seconds(100)};
        cache.warm = true;
        const auto r = of_cache(cache, 200'000);  // two lives, in twenty bins
        const double formula = model::HitRatio(cache).in_the_long_run(model::per_second(1000));
        for (const double hits : r.stations[0].hit_ratio)
            QVERIFY2(std::abs((1 - hits) / (1 - formula) - 1) < 0.25,
                     qPrintable(QString("%1 in a bin, %2 by formula").arg(hits).arg(formula)));
    }

    // A full bucket lets its burst pass at once; then items pass at the rate.
    void a_burst_passes_at_once() {
        SystemBuilder b;
        const int limit = b.station(model::Limiter{.rate = model::per_second(2), .burst = 50});
        b.open(1000, limit, 0, 0).horizon(10.05);
        const auto r = sim::simulate_records(b.system(), {.bins = 1});
        QCOMPARE(r.classes[0].completed, 50.0 + 20);
        QCOMPARE(balance(r.classes[0]), 0.0);
    }

    void heavy_items_take_more_tokens() {
        SystemBuilder b(2);
        const int limit = b.station(model::Limiter{.rate = model::per_second(10),
                                                   .burst = 10,
                                                   .excess = model::Limiter::Excess::drop,
                                                   .cost = {1, 10}});
        b.open(100, limit, 0).open(1, limit, 1).horizon(1000);
        const auto r = sim::simulate_records(b.system(), {});
        const double tokens = r.classes[0].completed + 10 * r.classes[1].completed;
        QVERIFY(std::abs(tokens / 10'000 - 1) < 0.02);
        for (const auto& c : r.classes) QCOMPARE(balance(c), 0.0);
    }

    // Whoever changes its class is still counted for the workload that it came from, and users come back as
    // what they were.
    void items_that_change_their_class_stay_counted() {
        SystemBuilder b(2);
        model::Queue queue = fcfs(1, Distribution::exponential(0.1), 4);
        queue.service.push_back(Distribution::exponential(0.2));
        const int server = b.station(queue);
        const int turn =
            b.station(model::Delay{{Distribution::exponential(1), Distribution::exponential(1)}});
        b.link(server, {model::Routing::split, {{turn, 0.5}, {model::outside, 0.5}}}, 0);
        b.link(turn, {model::Routing::split, {{server, 0.7, 1}, {server, 0.3}}}, 0);
        b.link(turn, {model::Routing::split, {{server, 1}}}, 1);
        b.open(4, server).closed(3, Distribution::exponential(1), server, 1).horizon(5000);
        QCOMPARE(model::fault_of(b.system()), std::string());
        const auto r = sim::simulate_records(b.system(), {});
        for (const auto& c : r.classes) {
            QCOMPARE(balance(c), 0.0);
            QVERIFY(c.rejected > 0);
        }
        QVERIFY(r.stations[0].visits[1].arrivals > r.classes[1].arrived * 1.1);
        QVERIFY(r.classes[1].arrived > 3000 && r.classes[1].in_flight <= 3);
    }

    void turns_are_shared_by_all_classes() {
        SystemBuilder b(2);
        const int desk = b.station(model::Delay{{Distribution::constant(0), Distribution::constant(0)}});
        std::vector<model::Branch> branches;
        for (int i = 0; i < 3; ++i)
            branches.push_back(
                {b.station(model::Delay{{Distribution::constant(1), Distribution::constant(1)}}), 1.0 / 3});
        for (int k = 0; k < 2; ++k) b.link(desk, {model::Routing::round_robin, branches}, k);
        b.open(7, desk, 0).open(5, desk, 1).horizon(100);
        const auto r = sim::simulate_records(b.system(), {});
        const auto arrivals = [&](std::size_t s) {
            return r.stations[s].visits[0].arrivals + r.stations[s].visits[1].arrivals;
        };
        QVERIFY(std::abs(arrivals(1) - arrivals(3)) <= 1 && std::abs(arrivals(2) - arrivals(3)) <= 1);
    }

    // A consumer that is half as fast as the records come loses what waited longer than they are kept: those
    // that it reads are just so old, and the line stays that long.
    void a_log_forgets_what_nobody_read() {
        SystemBuilder b;
        model::PartitionedLog log;
        log.shares = {1};
        log.retention = model::seconds(20);
        log.service = {Distribution::constant(0.2)};
        b.open(10, b.station(log)).horizon(2000);
        const auto r = sim::simulate_records(b.system(), {.warm_up = 200});
        QVERIFY(std::abs(r.classes[0].lost / r.classes[0].arrived - 0.5) < 0.02);
        QVERIFY(r.stations[0].visits[0].waiting.max() <= 20.2);
        QVERIFY(r.stations[0].visits[0].waiting.quantile(0.05) > 19);
        QVERIFY(std::abs(r.stations[0].population / r.measured_time / 200 - 1) < 0.05);
        QCOMPARE(balance(r.classes[0]), 0.0);
    }

    // Five reads a second for each shard of a stream (Amazon Kinesis), shared by the consumers that poll it:
    // one waits 100 ms on average, five wait 500 ms (the poll interval is n x 200 ms).
    void consumers_share_the_polls() {
        for (const int consumers : {1, 5}) {
            SystemBuilder b;
            model::PartitionedLog log;
            log.shares = {0.25, 0.25, 0.25, 0.25};
            log.consumers = 4;
            log.poll_interval = model::seconds(0.2 * consumers);
            log.service = {Distribution::constant(0)};
            b.open(50, b.station(log)).horizon(2000);
            const auto r = sim::simulate_records(b.system(), {});
            QVERIFY(std::abs(r.classes[0].response.mean() - 0.1 * consumers) < 0.005 * consumers);
        }
    }
};

QTEST_APPLESS_MAIN(BranchingTest)
#include "branching_test.moc"
