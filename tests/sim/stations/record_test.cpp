// What each station does at record level, where the answer can be worked out by hand.

#include "../../validation/networks.h"
#include "sim/platform/replication.h"
#include "sim/stations/record/network.h"

#include <QtTest/QTest>
#include <chrono>
#include <cmath>
#include <thread>

using namespace headroom;
using model::Distribution;
using model::Family;
using validation::Network;

namespace {

const Distribution every_second = Distribution::constant(1);

bool near(double found, double expected, double relative) {
    return std::abs(found - expected) <= relative * std::abs(expected);
}

sim::Replication simulate(const model::System& system, double warm_up = 0) {
    sim::ReplicationOptions options;
    options.warm_up = warm_up;
    options.bins = 10;
    return sim::simulate_records(system, options);
}

/// Everything at once: two open classes and one closed, all stations, splits, copies, feedback, yields,
/// rejection.
model::System mixed(double seconds) {
    model::System system;
    system.classes = {{"clicks", "events"}, {"changes", "events"}, {"queries", "requests"}};
    const auto exp = [](double mean) { return Distribution::exponential(mean); };
    const auto to = [](int station) { return model::Route{.branches = {{station}}}; };
    const model::Route out;
    const auto add = [&](const char* name, model::Primitive primitive, std::vector<model::Route> routes,
                         std::vector<double> yields = {1, 1, 1}) {
        system.components.emplace_back(name);
        system.stations.push_back(
            {.name = name,
             .component = static_cast<int>(system.components.size()) - 1,
             .primitive = std::move(primitive),
             .routes = std::move(routes),
             .sizes = {model::ItemSize(200), model::ItemSize(500), model::ItemSize(1000)},
             .yields = std::move(yields)});
    };
    add("gate", model::Queue{.servers = 2, .capacity = 6, .service = {exp(0.08), exp(0.2), exp(0)}},
        {to(1), {.branches = {{1, 0.7}, {0, 0.2}, {model::outside, 0.1}}}, out});
    add("log",
        model::PartitionedLog{.shares = {0.4, 0.3, 0.2, 0.1},
                              .consumers = 3,
                              .poll_interval = model::seconds(0.25),
                              .service = {exp(0.05), exp(0.05), exp(0)}},
        {to(2), to(2), out}, {0.8, 2.3, 1});
    add("roll",
        model::Batch{.max_items = 40,
                     .max_size = model::bytes(9000),
                     .max_wait = model::seconds(5),
                     .fixed = exp(0.4),
                     .rate = model::DataRate(1e5)},
        {{.routing = model::Routing::copy, .branches = {{3}, {4}, {5}}}, to(3), out});
    add("lake", model::Store{{{"standard", model::days(1)}}}, {out, out, out});
    add("network", model::Delay{{Distribution::lognormal(0.3, 1), exp(0.3), exp(0.01)}}, {out, out, to(5)});
    add("warehouse",
        model::Queue{.servers = 3,
                     .discipline = model::Discipline::processor_sharing,
                     .admitted = 5,
                     .capacity = 12,
                     .service = {exp(0.05), exp(0.1), exp(0.9)}},
        {out, out, out});
    system.open.push_back(
        {.item_class = 0,
         .rate = {.base = model::per_second(12),
                  .seasons = {model::make_season(model::seconds(seconds / 2), 2, model::seconds(0))}},
         .route = to(0)});
    system.open.push_back({.item_class = 1,
                           .rate = {.base = model::per_second(2)},
                           .interarrival = {.family = Family::hyperexponential, .mean = 1, .scv = 3},
                           .route = to(0)});
    system.closed.push_back({.item_class = 2, .users = 15, .think_time = exp(3), .route = to(4)});
    system.read_points = {{3, 3, 0}, {5, 5, 0}};
    system.horizon = model::seconds(seconds);
    return system;
}

void check_balance(const sim::Replication& r) {
    for (const auto& c : r.classes) {
        QCOMPARE(c.arrived + c.created,
                 c.completed + c.merged + c.filtered + c.in_flight + c.rejected + c.lost);
    }
}

}  // namespace

class RecordTest : public QObject {
    Q_OBJECT

private slots:
    void items_balance_in_a_mixed_network() {
        const auto r = simulate(mixed(2000), 200);
        check_balance(r);
        for (const auto& c : r.classes) QVERIFY(c.arrived > 0 && c.completed > 0);
        QVERIFY(r.classes[0].filtered > 0 && r.classes[0].created > 0 && r.classes[0].rejected > 0);
        double present = 0, in_flight = 0;
        for (const auto& s : r.stations) present += s.population_end;
        for (const auto& c : r.classes) in_flight += c.in_flight;
        QCOMPARE(present, in_flight);
    }

    void equal_options_give_equal_bits() {
        const auto system = mixed(500);
        const auto a = simulate(system, 50), b = simulate(system, 50);
        for (std::size_t c = 0; c < a.classes.size(); ++c) {
            QCOMPARE(a.classes[c].response.mean(), b.classes[c].response.mean());
            QCOMPARE(a.classes[c].response.quantile(0.99), b.classes[c].response.quantile(0.99));
            QCOMPARE(a.classes[c].throughput, b.classes[c].throughput);
        }
        for (std::size_t s = 0; s < a.stations.size(); ++s) {
            QCOMPARE(a.stations[s].population, b.stations[s].population);
            QCOMPARE(a.stations[s].utilisation, b.stations[s].utilisation);
        }
        QCOMPARE(a.warm_up_series, b.warm_up_series);
    }

    // A change here means that some event has another time, place, kind or order than before. If that was
    // intended, write the new value down.
    void the_sequence_of_events_is_as_ever() {
        sim::record::Network network(mixed(200), {});
        network.run<true>();
        QCOMPARE(network.fingerprint(), std::uint64_t{17287577777589389528u});
        sim::ReplicationOptions other;
        other.replication = 1;
        sim::record::Network second(mixed(200), other);
        second.run<true>();
        QVERIFY(second.fingerprint() != network.fingerprint());
    }

    void another_component_does_not_disturb_draws() {
        auto system = mixed(500);
        const auto before = simulate(system);
        auto more = system;
        more.stations.push_back(more.stations[4]);
        more.stations.back().name = "aside";
        more.stations.back().component = -1;
        more.stations.back().routes = {{}, {}, {}, {}};
        more.classes.push_back({"others", "events"});
        for (auto& station : more.stations) {
            station.routes.resize(4);
            station.sizes.resize(4);
            station.yields.resize(4, 1);
            std::visit(
                [](auto& p) {
                    if constexpr (requires { p.service; }) p.service.resize(4);
                    if constexpr (requires { p.time; }) p.time.resize(4);
                },
                station.primitive);
        }
        more.open.push_back(
            {.item_class = 3, .rate = {.base = model::per_second(7)}, .route = {.branches = {{6}}}});
        const auto after = simulate(more);
        for (std::size_t c = 0; c < 3; ++c) {
            QCOMPARE(after.classes[c].completed, before.classes[c].completed);
            QCOMPARE(after.classes[c].response.mean(), before.classes[c].response.mean());
        }
    }

    void constant_arrivals_and_service_never_wait() {
        const auto r =
            simulate(Network().queue(1, Distribution::constant(0.5)).open(1, every_second).until(1000.25));
        QCOMPARE(r.classes[0].arrived, 1000.0);
        QCOMPARE(r.classes[0].completed, 999.0);  // at the horizon, the last is in service
        QCOMPARE(r.classes[0].in_flight, 1.0);
        QCOMPARE(r.stations[0].visits[0].waiting.max(), 0.0);
        QVERIFY(near(r.stations[0].visits[0].response.mean(), 0.5, 1e-9));
        QVERIFY(near(r.stations[0].busy, 499.75, 1e-9));
        QCOMPARE(r.stations[0].population_max, 1.0);
    }

    // Arrivals at 1, 2, 3, ..., service 2: the n-th waits n - 1.
    void an_overloaded_queue_grows() {
        const auto r =
            simulate(Network().queue(1, Distribution::constant(2)).open(1, every_second).until(1000.5));
        QCOMPARE(r.classes[0].completed, 499.0);
        QCOMPARE(r.stations[0].population_end, 501.0);
        QVERIFY(near(r.stations[0].visits[0].waiting.max(), 498, 1e-9));
        QCOMPARE(r.stations[0].queue.size(), std::size_t{10});
        QVERIFY(r.stations[0].queue[9] > r.stations[0].queue[0]);
        QVERIFY(near(r.stations[0].utilisation[5], 1, 1e-9));
    }

    void bins_add_up_to_the_totals() {
        const auto r = simulate(Network().queue(2, Distribution::exponential(1)).open(1.5).until(1000), 300);
        double busy = 0, present = 0, left = 0;
        for (std::size_t bin = 3; bin < 10; ++bin) {
            busy += r.stations[0].utilisation[bin] * 2 * 100;
            present += r.stations[0].queue[bin] * 100;
            left += r.classes[0].throughput[bin] * 100;
        }
        QVERIFY(near(busy, r.stations[0].busy, 1e-9));
        QVERIFY(near(present, r.stations[0].population, 1e-9));
        QVERIFY(near(left, r.classes[0].measured, 1e-9));
        QCOMPARE(r.measured_time, 700.0);
        QCOMPARE(r.stations[0].capacity, 1400.0);
    }

    // A record waits for the next poll: half an interval on average, more than that never.
    void records_wait_for_their_poll() {
        const auto log = model::PartitionedLog{.shares = {0.5, 0.5},
                                               .consumers = 2,
                                               .poll_interval = model::seconds(1),
                                               .service = {Distribution::constant(1e-6)}};
        const auto r = simulate(Network().station(log).open(20).until(20000));
        QVERIFY(near(r.stations[0].visits[0].waiting.mean(), 0.5, 0.01));
        QVERIFY(r.stations[0].visits[0].waiting.max() < 1.001);
    }

    // Partition shares 0.5, 0.2, 0.3 over two consumers: the first reads 0.8 of the records, as M/M/1 at 0.8.
    void a_hot_partition_loads_its_consumer() {
        const auto log = model::PartitionedLog{
            .shares = {0.5, 0.2, 0.3}, .consumers = 2, .service = {Distribution::exponential(1)}};
        const auto r = simulate(Network().station(log).open(1).until(1e6));
        QVERIFY(near(r.stations[0].hottest, 0.8, 0.01));
        QVERIFY(near(r.stations[0].busy / r.stations[0].capacity, 0.5, 0.01));
        QVERIFY(near(r.stations[0].visits[0].response.mean(), 0.8 * 5 + 0.2 * 1.25, 0.04));
    }

    void batches_close_by_number() {
        const auto batch = model::Batch{.max_items = 10, .fixed = Distribution::constant(0.25)};
        const auto r = simulate(Network().station(batch).open(1, every_second).until(1009.9));
        QCOMPARE(r.stations[0].batches, 100.0);
        QCOMPARE(r.classes[0].completed, 1000.0);
        QVERIFY(near(r.stations[0].visits[0].waiting.mean(), 4.5, 1e-9));
        QVERIFY(near(r.stations[0].visits[0].response.mean(), 4.75, 1e-9));
        QVERIFY(near(r.stations[0].busy, 25, 1e-9));
    }

    void batches_close_by_bytes() {
        // Items of 100 bytes: every third closes a batch, whose 300 bytes take 3 s of one of two writers.
        const auto batch =
            model::Batch{.max_size = model::bytes(250), .writers = 2, .rate = model::DataRate(100)};
        const auto r = simulate(Network().station(batch).open(1, every_second).until(999.5));
        QVERIFY(near(r.stations[0].visits[0].response.mean(), 1 + 3, 1e-9));
        QCOMPARE(r.stations[0].batches, 332.0);
    }

    // The first of a batch waits W, the others W / 2 on average; a batch has 1 + rate * W items.
    void batches_close_by_age() {
        const double rate = 3, wait = 2;
        const auto r =
            simulate(Network().station(model::Batch{.max_wait = model::seconds(wait)}).open(rate).until(1e5));
        const double items = 1 + rate * wait;
        QVERIFY(near(r.stations[0].visits[0].waiting.mean(), (wait + rate * wait * wait / 2) / items, 0.01));
        QVERIFY(near(r.stations[0].visits[0].departures / r.stations[0].batches, items, 0.01));
        QVERIFY(r.stations[0].visits[0].waiting.max() < wait * (1 + 1e-9));
    }

    void batches_wait_for_a_writer() {
        // A batch each 2 s, one writer that takes 3 s: of n batches two thirds are committed.
        const auto batch = model::Batch{.max_items = 2, .fixed = Distribution::constant(3)};
        const auto r = simulate(Network().station(batch).open(1, every_second).until(3000.5));
        QCOMPARE(r.stations[0].batches, 999.0);
        QVERIFY(near(r.stations[0].busy, 2998.5, 1e-9));
        check_balance(r);
    }

    void yields_filter_and_create() {
        const auto filtering = simulate(Network().station(model::Store{}, {{}}, 0.3).open(10).until(10000));
        QVERIFY(near(filtering.classes[0].filtered / filtering.classes[0].arrived, 0.7, 0.01));
        check_balance(filtering);
        const auto creating = simulate(Network().station(model::Store{}, {{}}, 2.5).open(10).until(10000));
        QVERIFY(near(creating.classes[0].completed / creating.classes[0].arrived, 2.5, 0.01));
        QVERIFY(near(creating.classes[0].created / creating.classes[0].arrived, 1.5, 0.01));
        check_balance(creating);
    }

    // Each copy counts its own time until it leaves.
    void copies_go_every_way() {
        auto network = Network()
                           .station(model::Store{})
                           .station(model::Delay{{Distribution::constant(1)}})
                           .station(model::Delay{{Distribution::constant(3)}});
        auto system = network.open(1, every_second).until(100.5);
        system.stations[0].routes[0] = {.routing = model::Routing::copy, .branches = {{1}, {2}}};
        const auto r = simulate(system);
        QCOMPARE(r.classes[0].created, 100.0);
        QCOMPARE(r.classes[0].completed, 99.0 + 97.0);
        QCOMPARE(r.classes[0].in_flight, 4.0);
        QVERIFY(near(r.classes[0].response.mean(), (99.0 * 1 + 97 * 3) / 196, 1e-9));
    }

    void items_split_by_probability() {
        const model::Delay pause{{Distribution::constant(1)}};
        const auto r = simulate(Network()
                                    .station(model::Store{}, {{1, 0.2}, {2, 0.5}, {model::outside, 0.3}})
                                    .station(pause)
                                    .station(pause)
                                    .open(10)
                                    .until(10000));
        QVERIFY(near(r.stations[1].visits[0].arrivals / r.classes[0].arrived, 0.2, 0.02));
        QVERIFY(near(r.stations[2].visits[0].arrivals / r.classes[0].arrived, 0.5, 0.02));
    }

    void freshness_is_the_age_on_leaving() {
        auto system = Network()
                          .station(model::Delay{{Distribution::constant(2)}}, {{1}})
                          .station(model::Delay{{Distribution::constant(3)}}, {{2}})
                          .station(model::Delay{{Distribution::constant(9)}})
                          .open(1)
                          .until(1000);
        system.read_points = {{1, 1, 0}};
        const auto r = simulate(system, 100);
        QVERIFY(near(r.freshness[0].mean(), 5, 1e-9));
        QVERIFY(near(r.freshness[0].count(), r.stations[1].visits[0].departures, 1e-9));
        QVERIFY(near(r.classes[0].response.mean(), 14, 1e-9));
    }

    // Users who are turned away think again: nobody is lost from a closed class.
    void rejected_users_return() {
        const auto r = simulate(
            Network()
                .station(model::Queue{.servers = 1, .capacity = 2, .service = {Distribution::exponential(1)}})
                .closed(20, Distribution::exponential(5))
                .until(5000));
        QVERIFY(r.classes[0].rejected > 1000);
        QVERIFY(r.stations[0].population_max <= 2);
        check_balance(r);
    }

    // The rate doubles in the fifth tenth of the time and follows its season in the others.
    void arrivals_follow_the_profile() {
        model::RateProfile rate{.base = model::per_second(100)};
        rate.seasons = {model::make_season(model::seconds(500), 1.8, model::seconds(120))};
        rate.events = {{"sale", 2, model::seconds(400), model::seconds(100)}};
        rate.growth_per_year = 3000;
        auto system = Network().station(model::Store{}).open(1).until(1000);
        system.open[0].rate = rate;
        for (const double scv : {1.0, 0.25}) {
            system.open[0].interarrival = Distribution::with_scv(1, scv);
            const auto r = simulate(system);
            for (int bin = 0; bin < 10; ++bin) {
                const double expected =
                    rate.mean(model::seconds(bin * 100.0), model::seconds(bin * 100 + 100.0)).value();
                QVERIFY(near(r.classes[0].throughput[static_cast<std::size_t>(bin)], expected, 0.05));
            }
        }
    }

    void nothing_arrives_at_rate_zero() {
        auto system = Network().station(model::Store{}).open(0).until(1000);
        QCOMPARE(simulate(system).classes[0].arrived, 0.0);
        system.open[0].rate = {.base = model::per_second(1),
                               .events = {{"outage", 0, model::seconds(0), model::seconds(500)}}};
        const auto r = simulate(system);
        QCOMPARE(r.classes[0].throughput[4], 0.0);
        QVERIFY(near(r.classes[0].arrived, 500, 0.2));
    }

    void a_stop_is_honoured() {
        std::stop_source source;
        sim::ReplicationOptions options;
        options.stop = source.get_token();
        const auto endless = Network().queue(1, Distribution::exponential(1)).open(0.8).until(1e15);
        std::thread impatient([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            source.request_stop();
        });
        const auto r = sim::simulate_records(endless, options);
        impatient.join();
        QVERIFY(r.stopped);
        check_balance(r);
        QVERIFY(sim::simulate_records(endless, options).stopped);
    }

    void series_stay_short() {
        const auto r = simulate(Network().queue(1, Distribution::exponential(1)).open(0.5).until(1e6));
        QVERIFY(r.warm_up_series.size() >= 2000 && r.warm_up_series.size() <= 4000);
        QCOMPARE(r.stations[0].queue.size(), std::size_t{10});
    }
};

QTEST_APPLESS_MAIN(RecordTest)
#include "record_test.moc"
