// What spares a warehouse work, what that costs, and what is billed for it.

#include "example.h"
#include "model/cost/bill.h"
#include "model/kinds/mixture.h"

#include <QtTest>
#include <cmath>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

bool near(double value, double expected, double relative) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

Component cluster(ex::Texts texts) {
    texts.insert(texts.begin(), {"nodes", "4 x ra3.4xlarge"});
    return ex::component("wh", "redshift", texts);
}

/// Queries that scan 8 GB each on 4 x 2 GB/s, and records that are loaded.
System system_of(const ex::Texts& texts) {
    Requests load;
    load.rate.base = per_second(0.5);
    load.scan = Distribution::constant(8e9);
    const Scenario scenario = ex::scenario({{.id = "queries", .load = load}, ex::stream("facts", 100)},
                                           {cluster(texts)}, {{"queries", "wh"}, {"facts", "wh"}});
    const Expected<System> system = lower(scenario, ex::catalog(), {});
    if (!system) throw std::runtime_error(system.error().front().sentence());
    return *system;
}

/// What 23 kB a second leave of 16 slices that load 39 MB a second each.
constexpr double beside_loads = 1 - 23e3 / (16 * 39e6);

int index_of(const System& system, const std::string& name) {
    for (std::size_t s = 0; s < system.stations.size(); ++s)
        if (system.stations[s].name == name) return static_cast<int>(s);
    return -1;
}

const Queue& queries_of(const System& system) {
    return std::get<Queue>(
        system.stations[static_cast<std::size_t>(index_of(system, "wh.queries"))].primitive);
}

double added_hours(double busy, double work) {
    Activity activity;
    activity.busy = {{"queries", busy}, {"queries.work", work}};
    for (const Usage& usage : find_kind("warehouse")->usage(cluster({}), activity, ex::catalog()))
        if (usage.dimension == "concurrency scaling") return usage.per_month / 3600 / 730;
    return 0;
}

}  // namespace

class WarehouseTest : public QObject {
    Q_OBJECT

private slots:
    void queries_take_their_bytes() {
        const System system = system_of({});
        QVERIFY(near(queries_of(system).service[0].mean, 1 / beside_loads, 1e-9));
        QVERIFY(queries_of(system).speeds.empty());
        QCOMPARE(index_of(system, "wh.results"), -1);
        QCOMPARE(index_of(system, "wh.views"), -1);
    }

    // A hit goes to where answers are handed over; results hold until the next load.
    void results_are_kept() {
        const System system = system_of({{"distinct-queries", "1000"}, {"load-every", "10 min"}});
        const int results = index_of(system, "wh.results");
        const Station& station = system.stations[static_cast<std::size_t>(results)];
        const auto& cache = std::get<Cache>(station.primitive);
        QCOMPARE(cache.popularity.keys, 1000.0);
        QCOMPARE(cache.life.value(), 600.0);
        QVERIFY(station.routes[0].routing == Routing::outcome);
        QCOMPARE(station.routes[0].branches[0].station, index_of(system, "wh.answer"));
        QCOMPARE(station.routes[0].branches[1].station, index_of(system, "wh.plan"));
    }

    /// Loads that take 40 % of what the slices can load take as much from queries; those at night nothing
    /// from queries by day; and no load more than a query beside it would.
    void loads_take_from_queries() {
        const auto loaded = [](double rate, bool apart) {
            Requests load;
            load.rate.base = per_second(0.5);
            load.scan = Distribution::constant(8e9);
            Workload facts = ex::stream("facts", rate, 1000);
            if (apart) {
                // All of them in the first half of the day, and queries in the other.
                load.rate.events = {{"night", 1e-9, hours(0), hours(12)}};
                std::get<Stream>(facts.load).rate.events = {{"day", 1e-9, hours(12), hours(12)}};
            }
            Scenario scenario = ex::scenario({{.id = "queries", .load = load}, facts}, {cluster({})},
                                             {{"queries", "wh"}, {"facts", "wh"}});
            scenario.horizon = hours(24);
            return lower(scenario, ex::catalog(), {}).value();
        };
        const auto mean = [](const System& system) { return queries_of(system).service[0].mean; };
        const auto noted = [](const System& system) {
            return std::any_of(system.notes.begin(), system.notes.end(), [](const std::string& note) {
                return note.find("no more than queries leave them") != std::string::npos;
            });
        };
        const double slices = 16 * 39e6 / 1000;  // records a second
        QVERIFY(near(mean(loaded(0.4 * slices, false)), 1 / 0.6, 1e-9));
        QVERIFY(near(mean(loaded(0.4 * slices, true)), 1, 1e-6));
        QVERIFY(near(mean(loaded(3 * slices, false)), 2, 1e-9));
        QVERIFY(noted(loaded(3 * slices, false)) && !noted(loaded(0.4 * slices, false)));
    }

    // Four in five queries read a hundredth; computing 240 GB anew every five minutes takes a tenth of the
    // time.
    void views_save_and_cost() {
        const System system = system_of({{"view-share", "80 %"},
                                         {"view-reads", "1 %"},
                                         {"view-scan", "240 GB"},
                                         {"view-refresh", "5 min"}});
        const Distribution& demand = queries_of(system).service[0];
        QVERIFY2(near(demand.mean, (0.2 + 0.8 * 0.01) / 0.9 / beside_loads, 1e-9),
                 qPrintable(QString::number(demand.mean)));
        QVERIFY(demand.quantile(0.7) < 0.02 && demand.quantile(0.9) > 1);
        const auto& views = std::get<Batch>(
            system.stations[static_cast<std::size_t>(index_of(system, "wh.views"))].primitive);
        QCOMPARE(views.max_wait.value(), 300.0);
        QVERIFY(near(views.fixed.mean, 30, 1e-9));
        // What can be read is as old as the views.
        QCOMPARE(system.read_points.back().station, index_of(system, "wh.views"));
    }

    void clusters_are_added_when_slots_are_taken() {
        const System system = system_of({{"slots", "2"}, {"scaling-clusters", "2"}});
        QCOMPARE(queries_of(system).admitted, 6);
        QCOMPARE(queries_of(system).speeds, (std::vector<double>{1, 1, 2, 2, 3}));
    }

    // What is worked off beyond what the first cluster can is the work of others.
    void added_clusters_are_billed() {
        QVERIFY(near(added_hours(0.75, 1.2), 4 * 0.45, 1e-9));
        QCOMPARE(added_hours(0.75, 0.7), 0.0);
    }

    void one_file_is_loaded_by_one_slice() {
        const auto rate = [](const ex::Texts& texts) {
            const System system = system_of(texts);
            return std::get<Batch>(
                       system.stations[static_cast<std::size_t>(index_of(system, "wh.load"))].primitive)
                .rate.value();
        };
        QCOMPARE(rate({}), 16 * 39e6);
        QCOMPARE(rate({{"load-files", "1"}}), 39e6);
    }

    void what_has_not_run_is_compiled() {
        QVERIFY(index_of(system_of({}), "wh.compile") < 0);
        const auto compiling = [](const char* share) {
            const System system = system_of({{"first-runs", share}, {"compile-time", "5 s"}});
            const int compile = index_of(system, "wh.compile");
            return std::get<Delay>(system.stations[static_cast<std::size_t>(compile)].primitive).time[0];
        };
        QCOMPARE(compiling("100 %"), Distribution::constant(5));
        QVERIFY(near(compiling("20 %").mean, 1, 1e-9));
    }

    void mixtures_keep_their_moments() {
        const Distribution mixed = mixture(0.3, Distribution::constant(1), Distribution::lognormal(10, 0.5));
        QVERIFY(near(mixed.mean, 0.3 + 7, 1e-9));
        QVERIFY(near(mixed.mean * mixed.mean * (1 + mixed.scv), 0.3 + 0.7 * 125, 1e-9));
        QVERIFY(mixed.quantile(0.2) < 1.5 && mixed.quantile(0.5) > 5);
    }
};

QTEST_APPLESS_MAIN(WarehouseTest)
#include "warehouse_test.moc"
