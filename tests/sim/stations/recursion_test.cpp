// What is computed without events is what events give, to the bit.

#include "sim/stations/record/recursion.h"

#include "../../validation/networks.h"
#include "forward_systems.h"
#include "sim/platform/replication.h"
#include "sim/stations/record/network.h"

#include <QtTest/QTest>
#include <bit>

using namespace headroom;
using model::Distribution;
using Shortcut = sim::record::Network::Shortcut;
using validation::Network;

namespace {

/// Bits of all that was tallied, in a fixed order.
class Bits {
public:
    explicit Bits(const sim::Replication& r) {
        for (const auto& c : r.classes) {
            add({c.arrived, c.created, c.completed, c.filtered, c.in_flight, c.rejected, c.lost, c.merged,
                 c.expired, c.attempts, c.measured});
            add(c.response);
            add(c.response_bins);
            add(c.throughput);
        }
        for (const auto& s : r.stations) {
            for (const auto& v : s.visits) {
                add({v.arrivals, v.departures, v.rejected, v.expired});
                add(v.waiting);
                add(v.response);
            }
            add({s.busy, s.capacity, s.population, s.population_max, s.population_end, s.hottest});
            add(s.utilisation);
            add(s.queue);
        }
        for (const auto& f : r.freshness) add(f);
        add({r.measured_time, r.items});
        add(r.warm_up_series);
    }
    friend bool operator==(const Bits&, const Bits&) = default;

private:
    void add(const std::vector<double>& values) {
        bits_.push_back(values.size());
        for (const double value : values) bits_.push_back(std::bit_cast<std::uint64_t>(value));
    }
    void add(const sim::TimeTally& tally) {
        add({tally.count(), tally.sum(), tally.variance(), tally.max(), static_cast<double>(tally.bins())});
        std::vector<double> quantiles;
        for (double p = 0.0025; p < 1; p += 0.005) quantiles.push_back(tally.quantile(p));
        add(quantiles);
        for (const auto& stretch : tally.stretches) add({stretch.count, stretch.sum});
    }

    std::vector<std::uint64_t> bits_;
};

Bits by_events(const model::System& system, const sim::ReplicationOptions& options) {
    sim::record::Network network(system, options);
    network.run<false>();
    return Bits(network.tallies());
}

Shortcut without_events(const model::System& system, const sim::ReplicationOptions& options,
                        std::optional<Bits>& bits) {
    sim::record::Network network(system, options);
    const Shortcut shortcut = network.run_without_events();
    if (shortcut == Shortcut::taken) bits = Bits(network.tallies());
    return shortcut;
}

const Distribution exponential = Distribution::exponential(1), wide = Distribution::lognormal(1, 2);

model::System row_of(int stations, int servers, double load, double seconds) {
    Network network;
    for (int i = 0; i < stations; ++i)
        network.queue(servers, exponential, {{i + 1 < stations ? i + 1 : model::outside}});
    return network.open(load * servers).until(seconds);
}

model::System one(model::Primitive primitive) {
    return Network().station(std::move(primitive)).open(0.8).until(5000);
}

}  // namespace

class RecursionTest : public QObject {
    Q_OBJECT

private slots:
    void the_bits_are_those_of_events_data() {
        QTest::addColumn<model::System>("system");
        const auto row = [](const char* name, const model::System& system) { QTest::newRow(name) << system; };
        row("one server", row_of(1, 1, 0.9, 20'000));
        row("two servers", row_of(1, 2, 0.9, 10'000));
        row("64 servers", row_of(1, 64, 0.9, 500));
        row("more servers than are needed", row_of(1, 1000, 0.01, 1000));
        row("overload", row_of(1, 1, 1.5, 10'000));
        row("overload of several", row_of(2, 3, 1.5, 3000));
        row("ten in a row", row_of(10, 1, 0.8, 5000));
        row("ten in a row with two servers each", row_of(10, 2, 0.8, 3000));
        row("hardly anyone", row_of(3, 1, 0.001, 5000));
        row("nobody", row_of(3, 1, 1e-9, 1000));
        row("delay", one(model::Delay{{wide}}));
        row("store", one(model::Store{}));
        row("constant service", one(model::Queue{.servers = 2, .service = {Distribution::constant(2)}}));
        row("a trace", [] {
            model::System system = row_of(2, 1, 0.5, 100);
            system.open[0].pattern.trace = {
                std::make_shared<const std::vector<double>>(std::vector<double>{0, 0.5, 0.5, 2, 3.75}), 5.5,
                true};
            return system;
        }());
        row("bulks", [] {
            model::System system = row_of(2, 2, 0.4, 3000);
            system.open[0].pattern.bulk.geometric_mean = 2000;
            return system;
        }());
        row("a tree that grows together",
            Network()
                .queue(1, wide, {{1, 0.3}, {2, 0.3}, {3, 0.4}})
                .queue(2, wide, {{4}})
                .queue(1, wide, {{4}})
                .station(model::Delay{{wide}}, {{4, 0.5}, {model::outside, 0.5}})
                .queue(1, Distribution::exponential(0.8))
                .open(0.8)
                .open(0.1, wide, 4)
                .until(5000));
        row("items that become more and fewer",
            Network()
                .station(model::Queue{.service = {exponential}}, {{1}}, 2.6)
                .station(model::Queue{.service = {Distribution::exponential(0.3)}}, {{}}, 0.4)
                .open(0.7)
                .until(5000));
    }
    void the_bits_are_those_of_events() {
        QFETCH(model::System, system);
        const double end = system.horizon.value();
        const sim::ReplicationOptions several[] = {
            {.bins = 10},
            {.seed = 3, .replication = 2, .warm_up = end / 7, .bins = 288},
            {.warm_up = end / 2, .bins = 1},
            {.warm_up = 2 * end, .bins = 50}};
        for (const sim::ReplicationOptions& options : several) {
            std::optional<Bits> bits;
            QCOMPARE(without_events(system, options, bits), Shortcut::taken);
            QVERIFY(*bits == by_events(system, options));
        }
    }

    // Where copies or a bulk meet again at the time at which they parted, events decide. That is rare.
    void the_bits_of_random_networks_are_those_of_events() {
        constexpr int networks = 100;
        int taken = 0;
        for (std::uint64_t seed = 0; seed < networks; ++seed) {
            const model::System system = test::random_forward_system(seed);
            QCOMPARE(model::fault_of(system), std::string());
            const sim::ReplicationOptions options{
                .seed = seed, .warm_up = system.horizon.value() / 9, .bins = 60};
            std::optional<Bits> bits;
            const Shortcut shortcut = without_events(system, options, bits);
            QVERIFY(shortcut != Shortcut::events_needed);
            if (shortcut == Shortcut::spoiled) bits = Bits(sim::simulate_records(system, options));
            QVERIFY2(*bits == by_events(system, options), qPrintable(QString::number(seed)));
            taken += shortcut == Shortcut::taken ? 1 : 0;
        }
        QVERIFY2(taken >= networks * 3 / 4, qPrintable(QString::number(taken)));
    }

    // Arrivals and departures at the same time, of which one was made before the other: the most that were
    // present tells who came first.
    void equal_times_are_in_the_order_of_making_data() {
        QTest::addColumn<model::System>("system");
        QTest::addColumn<double>("most");
        // At 4, who came at 2 leaves before another comes, as its event is the older.
        QTest::newRow("departure first")
            << Network().queue(3, Distribution::constant(2)).open(1, Distribution::constant(1)).until(1000)
            << 2.0;
        // Two come every 2 s; the second is served from a second later, when the next arrival is known.
        model::System pairs =
            Network().queue(1, Distribution::constant(1)).open(1, Distribution::constant(1)).until(1000);
        pairs.open[0].pattern.bulk.shares = {0, 1};
        QTest::newRow("arrival first") << pairs << 3.0;
    }
    void equal_times_are_in_the_order_of_making() {
        QFETCH(model::System, system);
        QFETCH(double, most);
        std::optional<Bits> bits;
        QCOMPARE(without_events(system, {}, bits), Shortcut::taken);
        QVERIFY(*bits == by_events(system, {}));
        QCOMPARE(sim::simulate_records(system, {}).stations[0].population_max, most);
    }

    void events_decide_where_times_do_not() {
        const Distribution second = Distribution::constant(1);
        const model::System systems[] = {
            Network().queue(1, second).open(1, second).until(1000),
            Network().queue(1, second, {{1}}).queue(1, second).open(0.7).until(1000)};
        for (const model::System& system : systems) {
            std::optional<Bits> bits;
            QCOMPARE(without_events(system, {}, bits), Shortcut::spoiled);
            QVERIFY(Bits(sim::simulate_records(system, {})) == by_events(system, {}));
        }
    }

    void what_needs_events_has_them_data() {
        QTest::addColumn<model::System>("system");
        const auto row = [](const char* name, const model::System& system) { QTest::newRow(name) << system; };
        row("finite room", one(model::Queue{.capacity = 5, .service = {exponential}}));
        row("priority",
            one(model::Queue{.discipline = model::Discipline::priority, .service = {exponential}}));
        row("sharing",
            one(model::Queue{.discipline = model::Discipline::processor_sharing, .service = {exponential}}));
        row("speeds", one(model::Queue{.service = {exponential}, .speeds = {1, 2}}));
        row("patience", one(model::Queue{.service = {exponential}, .patience = {exponential}}));
        row("a log", one(model::PartitionedLog{.shares = {1}, .service = {exponential}}));
        row("a limiter", one(model::Limiter{.rate = model::per_second(1)}));
        row("feedback", Network().queue(1, exponential, {{0, 0.3}, {}}).open(0.5).until(1000));
        row("feedback over two", Network()
                                     .queue(1, exponential, {{1}})
                                     .queue(1, exponential, {{0, 0.3}, {}})
                                     .open(0.5)
                                     .until(1000));
        row("users", Network().queue(2, exponential).closed(5, exponential).until(1000));
        const auto changed = [](auto change) {
            model::System system = row_of(2, 1, 0.5, 1000);
            change(system);
            return system;
        };
        row("users beside", changed([](model::System& system) {
                system.closed.push_back(
                    {.users = 2, .think_time = exponential, .route = {.branches = {{0}}}});
            }));
        row("failures", changed([](model::System& system) {
                system.outages.push_back({.name = "crash",
                                          .effects = {{.station = 1}},
                                          .up = Distribution::exponential(100),
                                          .down = exponential});
            }));
        row("a region", changed([](model::System& system) {
                system.regions.push_back({.name = "room", .stations = {1}, .capacity = 4});
            }));
        row("senders that give up", changed([](model::System& system) {
                system.open[0].persistence = {.timeout = Distribution::constant(3), .attempts = 2};
            }));
        row("the least loaded", changed([](model::System& system) {
                system.open[0].route = {model::Routing::least_loaded, {{0, 0.5}, {1, 0.5}}};
            }));
    }
    void what_needs_events_has_them() {
        QFETCH(model::System, system);
        std::optional<Bits> bits;
        QCOMPARE(without_events(system, {}, bits), Shortcut::events_needed);
        // Nothing was done to the network meanwhile.
        sim::record::Network network(system, {});
        QCOMPARE(network.run_without_events(), Shortcut::events_needed);
        network.run<false>();
        QVERIFY(Bits(network.tallies()) == by_events(system, {}));
    }
};

QTEST_APPLESS_MAIN(RecursionTest)
#include "recursion_test.moc"
