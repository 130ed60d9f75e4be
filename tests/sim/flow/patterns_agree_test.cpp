#include "../systems.h"
#include "sim/platform/flow_network.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

// Arrivals that depend on each other, and stations chosen by their load, as fluid beside the record level.
class PatternsAgreeTest : public QObject {
    Q_OBJECT

private slots:
    void times_and_load_data();
    void times_and_load();
    void peers_are_found_data();
    void peers_are_found();
    void states_last_as_long_as_they_should();
    void dispersion_is_that_of_counts_data();
    void dispersion_is_that_of_counts();
};

namespace {

struct Case {
    std::function<void(SystemBuilder&)> build;
    double tolerance = 0.05;
};

/// A desk that deals to stations alike.
void dealt(SystemBuilder& b, int stations, int servers, int sampled, double load, double season = 1) {
    model::Route route{.routing = model::Routing::least_loaded, .branches = {}, .sampled = sampled};
    for (int i = 0; i < stations; ++i)
        route.branches.push_back({b.station(fcfs(servers, Distribution::exponential(0.01))), 1.0 / stations});
    const double rate = load * 100 * servers * stations;
    b.open(rate, 0).horizon(2e6 / rate);
    b.system().open[0].route = route;
    if (season > 1)
        b.system().open[0].rate.seasons = {
            model::make_season(b.system().horizon / 2.0, season, model::seconds(0))};
}

std::vector<model::ModulatedState> states(double low, double high, double stay) {
    return {{model::per_second(low), model::seconds(stay), {0, 1}},
            {model::per_second(high), model::seconds(stay), {1, 0}}};
}

const std::vector<std::pair<const char*, Case>>& cases() {
    static const std::vector<std::pair<const char*, Case>> all{
        {"the shortest of four lines at 0.8", {[](auto& b) { dealt(b, 4, 1, 0, 0.8); }}},
        {"the shorter of two that are drawn of ten at 0.9", {[](auto& b) { dealt(b, 10, 1, 2, 0.9); }}},
        {"three stations of four servers at 0.9", {[](auto& b) { dealt(b, 3, 4, 0, 0.9); }}},
        {"by load through a season", {[](auto& b) { dealt(b, 5, 1, 0, 0.6, 1.5); }}},
        {"by load above capacity", {[](auto& b) {
             dealt(b, 4, 1, 0, 0.6);
             b.system().open[0].rate.events.push_back(
                 {"crowd", 2, model::seconds(2000), model::seconds(600)});
         }}},
        {"bulks at 0.7",
         {[](auto& b) {
              b.open(70, b.station(fcfs(1, Distribution::exponential(0.01)))).horizon(20'000);
              b.system().open[0].pattern.bulk.geometric_mean = 4;
          },
          0.06}},
        {"bulks for eight servers at 0.8", {[](auto& b) {
             b.open(640, b.station(fcfs(8, Distribution::exponential(0.01)))).horizon(5000);
             b.system().open[0].pattern.bulk.shares = {0.5, 0, 0, 0.5};
         }}},
        {"short states",
         {[](auto& b) {
              b.open(60, b.station(fcfs(1, Distribution::exponential(0.01)))).horizon(40'000);
              b.system().open[0].pattern.states = states(30, 90, 2);
          },
          0.08}},
        {"long states, of which one is above capacity",
         {[](auto& b) {
              b.open(500, b.station(fcfs(8, Distribution::exponential(0.01)))).horizon(40'000);
              b.system().open[0].pattern.states = states(120, 880, 60);
          },
          0.05}},
    };
    return all;
}

struct Seen {
    sim::QuantileSketch response;
    double completed = 0, busy = 0, present = 0;

    void add(const sim::Replication& r) {
        response.merge(r.classes[0].response);
        completed += r.classes[0].completed;
        for (const sim::StationTally& station : r.stations) {
            busy += station.busy;
            present += station.population;
        }
    }
};

}  // namespace

void PatternsAgreeTest::times_and_load_data() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < std::ssize(cases()); ++i)
        QTest::newRow(cases()[static_cast<std::size_t>(i)].first) << i;
}

void PatternsAgreeTest::times_and_load() {
    QFETCH(int, index);
    const Case& test = cases()[static_cast<std::size_t>(index)].second;
    SystemBuilder builder;
    test.build(builder);
    const model::System& system = builder.system();
    QCOMPARE(QString::fromStdString(model::fault_of(system)), QString());
    Seen record, flow;
    for (int r = 0; r < 4; ++r) {
        const sim::ReplicationOptions options{.replication = r, .bins = 60};
        record.add(sim::simulate_records(system, options));
        flow.add(sim::FlowNetwork(system, options, {}).run());
    }
    const auto near = [](const char* what, double f, double r, double tolerance) {
        QVERIFY2(std::abs(f - r) <= tolerance * r, qPrintable(QString("%1: flow %2, record %3 (%4 %)")
                                                                  .arg(what)
                                                                  .arg(f)
                                                                  .arg(r)
                                                                  .arg(100 * (f / r - 1), 0, 'f', 2)));
    };
    near("completed", flow.completed, record.completed, 0.02);
    near("busy", flow.busy, record.busy, 0.02);
    near("present", flow.present, record.present, test.tolerance);
    near("mean", flow.response.mean(), record.response.mean(), test.tolerance);
    for (const double p : {0.5, 0.95, 0.99})
        near(qPrintable(QString("p%1").arg(100 * p)), flow.response.quantile(p), record.response.quantile(p),
             test.tolerance);
}

void PatternsAgreeTest::peers_are_found_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("stations");  // 0: not alike or not alone
    QTest::newRow("alike") << 0 << 3;
    QTest::newRow("one is faster") << 1 << 0;
    QTest::newRow("one has another way in") << 2 << 0;
    QTest::newRow("one fails") << 3 << 0;
    QTest::newRow("by chance") << 4 << 1;
}

void PatternsAgreeTest::peers_are_found() {
    QFETCH(int, which);
    QFETCH(int, stations);
    SystemBuilder builder(2);
    model::Route route{.routing = model::Routing::least_loaded, .branches = {}};
    for (int i = 0; i < 3; ++i) {
        auto queue = fcfs(1, Distribution::exponential(which == 1 && i == 2 ? 0.005 : 0.01));
        queue.service.push_back(queue.service[0]);
        route.branches.push_back({builder.station(queue), 1.0 / 3});
    }
    if (which == 4) route.routing = model::Routing::split;
    builder.open(10, 0).open(1, 1, 1);
    builder.system().open[0].route = route;
    if (which != 2) builder.system().open[1].route = route;
    if (which == 3) builder.system().outages = {{.name = "node", .effects = {{1, 1}}}};
    for (int s = 0; s < 3; ++s) {
        const auto peers = sim::peers_of(builder.system(), s);
        QCOMPARE(peers ? peers->stations : 0, stations);
    }
    QCOMPARE(sim::flow_gap(builder.system()).empty(), true);  // few enough to be followed one by one
}

void PatternsAgreeTest::states_last_as_long_as_they_should() {
    const auto two = std::vector<model::ModulatedState>{{model::per_second(10), model::seconds(3), {0, 1}},
                                                        {model::per_second(40), model::seconds(1), {1, 0}}};
    const sim::StatePath path(two, 40'000, sim::RandomStream(1, 2, 3));
    QVERIFY(std::abs(path.mean(0, 40'000) / model::mean_rate(two).value() - 1) < 0.02);
    QVERIFY(std::abs(static_cast<double>(path.changes().size()) / 20'000 - 1) < 0.02);
    const double change = path.changes()[100], next = path.changes()[101];
    QVERIFY(path.mean(change, next) == 10 || path.mean(change, next) == 40);
    QVERIFY(std::abs(path.mean(change, change + 2 * (next - change)) - 25) < 16);
}

void PatternsAgreeTest::dispersion_is_that_of_counts_data() {
    QTest::addColumn<int>("which");
    for (int i = 0; i < 4; ++i)
        QTest::newRow(std::array{"regular", "bulks", "regular bulks", "states"}[static_cast<std::size_t>(i)])
            << i;
}

// Items that arrive in 2000 stretches of the horizon.
void PatternsAgreeTest::dispersion_is_that_of_counts() {
    QFETCH(int, which);
    constexpr int bins = 2000;
    SystemBuilder builder;
    builder.open(50, builder.station(model::Delay{{Distribution::constant(0)}}), 0, which % 2 ? 1 : 0.25)
        .horizon(bins * 100);
    auto& source = builder.system().open[0];
    if (which == 1 || which == 2) source.pattern.bulk.geometric_mean = 3;
    if (which == 3) source.pattern.states = states(20, 80, 1);
    const auto r = sim::simulate_records(builder.system(), {.bins = bins});
    double mean = 0, square = 0;
    for (const double rate : r.classes[0].throughput) {
        mean += 100 * rate / bins;
        square += 100 * rate * 100 * rate / bins;
    }
    const double seen = (square - mean * mean) / mean;
    QVERIFY2(std::abs(sim::dispersion(source) / seen - 1) < 0.12,
             qPrintable(QString("%1, seen %2").arg(sim::dispersion(source)).arg(seen)));
}

QTEST_APPLESS_MAIN(PatternsAgreeTest)
#include "patterns_agree_test.moc"
