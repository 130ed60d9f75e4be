#include "sim/platform/time_lapse.h"

#include "../systems.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

// What has no fluid, in time-lapse and item by item: the same times, losses and load.
class TimeLapseTest : public QObject {
    Q_OBJECT

private slots:
    void shows_the_same_data();
    void shows_the_same();
    void grows_and_seasons_go_faster();
    void goes_no_faster_than_it_may_data();
    void goes_no_faster_than_it_may();
    void cost_does_not_depend_on_rates();
    void without_need_every_item_is_followed();
};

namespace {

using Build = std::function<void(SystemBuilder&)>;

struct Case {
    Build build;
    double tolerance = 0.05;  ///< relative, of the mean and percentiles
    int item_class = 0;
};

model::Persistence asking(double timeout, int attempts) {
    return {.timeout = Distribution::constant(timeout),
            .attempts = attempts,
            .back_off = model::seconds(timeout / 5),
            .jitter = 0.5};
}

/// Two servers before a station with little room.
void full_of(SystemBuilder& b, model::Overflow overflow) {
    model::Queue small = fcfs(1, Distribution::exponential(0.01), 3);
    small.overflow = overflow;
    small.retry_after = Distribution::exponential(0.05);
    const int first = b.station(fcfs(2, Distribution::exponential(0.015))), second = b.station(small);
    b.link(first, second).open(55, first);
}

void hedged_of(SystemBuilder& b) {
    const int join = b.station(model::Join{.needed = 1, .cancel = true});
    const int fork = b.station(model::Fork{.copies = 2, .join = join, .hedge_after = model::seconds(0.03)});
    model::Route route{.routing = model::Routing::copy, .branches = {}};
    for (int i = 0; i < 4; ++i) {
        route.branches.push_back({b.station(fcfs(1, Distribution::lognormal(0.01, 1.5)))});
        b.link(route.branches.back().station, join);
    }
    b.system().stations[static_cast<std::size_t>(join)].yields = {0.5};
    b.system().stations[static_cast<std::size_t>(fork)].yields = {0.5};
    b.link(fork, route).open(110, fork);
}

const std::vector<std::pair<const char*, Case>>& cases() {
    static const std::vector<std::pair<const char*, Case>> all{
        {"timeouts and retries", {[](auto& b) {
             b.open(50, b.station(fcfs(1, Distribution::exponential(0.01), 30)));
             b.system().open[0].persistence = asking(0.2, 3);
         }}},
        {"retries of what is rejected", {[](auto& b) {
             b.open(150, b.station(fcfs(2, Distribution::exponential(0.01), 4)));
             b.system().open[0].persistence = {.attempts = 4, .back_off = model::seconds(0.05)};
         }}},
        {"arrivals by state",
         {[](auto& b) {
              b.open(60, b.station(fcfs(1, Distribution::exponential(0.01))));
              b.system().open[0].pattern.states = {{model::per_second(40), model::seconds(2), {0, 1}},
                                                   {model::per_second(80), model::seconds(2), {1, 0}}};
          },
          0.08}},
        {"bulks", {[](auto& b) {
             b.open(60, b.station(fcfs(1, Distribution::exponential(0.01))));
             b.system().open[0].pattern.bulk.geometric_mean = 3;
         }}},
        {"last come, first served",
         {[](auto& b) {
              auto queue = fcfs(1, Distribution::exponential(0.01));
              queue.discipline = model::Discipline::lcfs;
              b.open(70, b.station(queue));
          },
          0.06}},
        {"blocking", {[](auto& b) { full_of(b, model::Overflow::block); }}},
        {"coming again", {[](auto& b) { full_of(b, model::Overflow::retry); }}},
        {"a shared room", {[](auto& b) {
             const int first = b.station(fcfs(1, Distribution::exponential(0.01)));
             const int second = b.station(fcfs(1, Distribution::exponential(0.01)));
             b.link(first, second).open(70, first);
             b.system().regions = {{"room", {first, second}, 6, {}, model::Overflow::drop}};
         }}},
        {"a shared room that is too small by day",
         {[](auto& b) {
              const int first = b.station(fcfs(2, Distribution::exponential(0.01)));
              const int second = b.station(fcfs(1, Distribution::exponential(0.004)));
              b.link(first, second).open(180, first);
              b.system().regions = {{"room", {first, second}, 20, {}, model::Overflow::drop}};
          },
          0.06}},
        {"a shared room to which items come again", {[](auto& b) {
             const int first = b.station(fcfs(1, Distribution::exponential(0.01)));
             const int second = b.station(fcfs(1, Distribution::exponential(0.01)));
             b.link(first, second).open(60, first);
             b.system().regions = {
                 {"room", {first, second}, 6, {}, model::Overflow::retry, Distribution::exponential(0.05)}};
         }}},
        {"the shortest of four lines, one of them faster", {[](auto& b) {
             model::Route route{model::Routing::least_loaded, {}};
             for (int i = 0; i < 4; ++i)
                 route.branches.push_back(
                     {b.station(fcfs(1, Distribution::exponential(i == 0 ? 0.015 : 0.02))), 0.25});
             const int desk = b.station(model::Delay{{Distribution::constant(0)}});
             b.link(desk, route).open(130, desk);
         }}},
        {"items of another workload",
         {[](auto& b) {
              b = SystemBuilder(2);
              auto queue = fcfs(1, Distribution::exponential(0.005));
              queue.service.push_back(Distribution::exponential(0.01));
              const int s = b.station(queue);
              b.link(s, {model::Routing::split, {{s, 0.4, 1}, {model::outside, 0.6}}}).open(80, s);
          },
          0.05, 0}},
        {"hedged requests", {hedged_of}},
        {"users and copies", {[](auto& b) {
             const int join = b.station(model::Join{});
             const int fork = b.station(model::Fork{.copies = 2, .join = join});
             model::Route route{.routing = model::Routing::copy, .branches = {}};
             for (int i = 0; i < 2; ++i) {
                 route.branches.push_back({b.station(fcfs(1, Distribution::exponential(0.01)))});
                 b.link(route.branches.back().station, join);
             }
             b.system().stations[static_cast<std::size_t>(join)].yields = {0.5};
             b.link(fork, route).closed(70, Distribution::exponential(1), fork);
         }}},
        {"patience of some", {[](auto& b) {
             b = SystemBuilder(2);
             auto queue = fcfs(1, Distribution::exponential(0.01));
             queue.service.push_back(Distribution::exponential(0.01));
             queue.patience = {std::nullopt, Distribution::exponential(0.05)};
             const int s = b.station(queue);
             b.open(50, s).open(25, s, 1);
         }}},
    };
    return all;
}

/// With a day of an hour.
model::System system_of(const Build& build) {
    SystemBuilder builder;
    build(builder);
    builder.horizon(6 * 3600);
    for (auto& source : builder.system().open)
        if (source.pattern.states.empty())
            source.rate.seasons = {model::make_season(model::hours(1), 1.2, model::hours(0.5))};
    return builder.system();
}

}  // namespace

void TimeLapseTest::shows_the_same_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].first) << static_cast<int>(i);
}

void TimeLapseTest::shows_the_same() {
    QFETCH(int, index);
    const Case& c = cases()[static_cast<std::size_t>(index)].second;
    const model::System system = system_of(c.build);
    QCOMPARE(QString::fromStdString(model::fault_of(system)), QString());
    QVERIFY(!sim::fluid_gap(system).empty());
    const double speed = sim::time_lapse(system, 3e5).speed;
    QVERIFY2(speed > 3, qPrintable(QString::number(speed)));
    sim::QuantileSketch all, part;
    sim::ClassTally sums[2] = {};
    double busy[2] = {}, present[2] = {}, capacity[2] = {};
    const auto count = [&](int which, const sim::Replication& r) {
        for (const sim::ClassTally& tally : r.classes) {
            const double gap = tally.arrived + tally.created - tally.completed - tally.merged -
                               tally.filtered - tally.in_flight - tally.rejected - tally.expired - tally.lost;
            if (r.classes.size() == 1) QVERIFY(std::abs(gap) <= 1e-9 * tally.arrived);
        }
        const sim::ClassTally& tally = r.classes[static_cast<std::size_t>(c.item_class)];
        (which == 0 ? all : part).merge(tally.response);
        sums[which].arrived += tally.arrived;
        sums[which].completed += tally.completed;
        sums[which].rejected += tally.rejected + tally.expired + tally.lost;
        for (const sim::StationTally& station : r.stations) {
            busy[which] += station.busy;
            capacity[which] += station.capacity;
            present[which] += station.population;
        }
    };
    constexpr int whole = 2, lapses = 8;
    for (int r = 0; r < whole; ++r)
        count(0, sim::simulate_records(system, {.replication = r, .warm_up = 60, .bins = 24}));
    for (int r = 0; r < lapses; ++r)
        count(1, sim::simulate_lapse(system, {.replication = r, .warm_up = 60, .bins = 24}, speed));
    const auto near = [](const char* what, double f, double r, double tolerance, double unit) {
        QVERIFY2(std::abs(f - r) <= tolerance * unit,
                 qPrintable(QString("%1: in time-lapse %2, record %3 (%4 %)")
                                .arg(what)
                                .arg(f)
                                .arg(r)
                                .arg(100 * (f - r) / unit, 0, 'f', 2)));
    };
    near("arrived", sums[1].arrived / lapses, sums[0].arrived / whole, 0.02, sums[0].arrived / whole);
    near("completed", sums[1].completed / lapses, sums[0].completed / whole, 0.02, sums[0].completed / whole);
    near("share lost", sums[1].rejected / sums[1].arrived, sums[0].rejected / sums[0].arrived, 0.02, 1);
    near("busy", busy[1] / lapses, busy[0] / whole, 0.02, busy[0] / whole);
    near("capacity", capacity[1] / lapses, capacity[0] / whole, 1e-9, capacity[0] / whole);
    near("present", present[1] / lapses, present[0] / whole, c.tolerance, present[0] / whole);
    near("mean", part.mean(), all.mean(), c.tolerance, all.mean());
    for (const double p : {0.5, 0.95, 0.99})
        near(qPrintable(QString("p%1").arg(100 * p)), part.quantile(p), all.quantile(p), c.tolerance,
             all.quantile(p));
}

void TimeLapseTest::grows_and_seasons_go_faster() {
    SystemBuilder builder;
    auto queue = fcfs(4, Distribution::exponential(0.001));
    queue.discipline = model::Discipline::lcfs;
    builder.open(1000, builder.station(queue)).horizon(40 * 86400);
    auto& rate = builder.system().open[0].rate;
    rate.seasons = {model::make_season(model::days(1), 2, model::hours(15))};
    rate.growth_per_year = 3;
    rate.events.push_back({"crowd", 1.5, model::days(20), model::days(2)});
    const model::System system = builder.system();
    const auto speed = sim::time_lapse(system, 1e6).speed;
    QVERIFY(speed > 1000);
    const auto r = sim::simulate_lapse(system, {.warm_up = 0, .bins = 40}, speed);
    const double mean = rate.mean(model::seconds(0), system.horizon).value();
    QVERIFY(std::abs(r.classes[0].arrived / (mean * 40 * 86400) - 1) < 0.01);
    for (int day = 0; day < 40; ++day) {
        const double expected = rate.mean(model::days(day), model::days(day + 1)).value();
        QVERIFY(std::abs(r.classes[0].throughput[static_cast<std::size_t>(day)] / expected - 1) < 0.04);
    }
}

void TimeLapseTest::goes_no_faster_than_it_may_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("limit");
    QTest::newRow("overload") << 0 << "the backlog of 's0'";
    QTest::newRow("thinking") << 1 << "the think time of 'class1'";
    QTest::newRow("failures") << 2 << "the failures of 'node'";
    QTest::newRow("trace") << 3 << "the trace of 'class0'";
    QTest::newRow("scaling") << 4 << "the scaling of 'scaler'";
}

void TimeLapseTest::goes_no_faster_than_it_may() {
    QFETCH(int, which);
    QFETCH(QString, limit);
    SystemBuilder builder(2);
    auto queue = fcfs(1, Distribution::exponential(1e-5));
    queue.service.push_back(queue.service[0]);
    queue.discipline = model::Discipline::lcfs;
    const int s = builder.station(queue);
    builder.open(which == 0 ? 2e5 : 5e4, s).horizon(86400);
    model::System& system = builder.system();
    if (which == 1) builder.closed(10, Distribution::exponential(1000), s, 1);
    if (which == 2) {
        model::Outage outage{.name = "node", .effects = {{0, 0.5}}};
        outage.up = Distribution::exponential(3600);
        system.outages.push_back(outage);
    }
    if (which == 3)
        system.open[0].pattern.trace = {
            std::make_shared<const std::vector<double>>(std::vector<double>{0, 1}), 2, true};
    if (which == 4) system.scalers.push_back({.name = "scaler", .stations = {s}});
    const auto lapse = sim::time_lapse(system, 1e6);
    QCOMPARE(QString::fromStdString(lapse.limit), limit);
    QVERIFY(lapse.speed < 10);
    const std::string gap = sim::flow_gap(system);
    QVERIFY2(gap.find(lapse.limit) != std::string::npos, gap.c_str());
    QVERIFY_EXCEPTION_THROWN(sim::simulate_flow(system, {.stop = {}}), std::invalid_argument);
    QVERIFY(sim::sketch_flow(system, 1).stopped);
}

void TimeLapseTest::cost_does_not_depend_on_rates() {
    const auto visits = [](double scale) {
        SystemBuilder builder;
        auto queue = fcfs(1, Distribution::exponential(0.01 / scale));
        queue.discipline = model::Discipline::lcfs;
        builder.open(80 * scale, builder.station(queue)).horizon(86400);
        const auto r = sim::simulate_flow(builder.system(), {});
        return r.items;
    };
    const double few = visits(1), many = visits(1e6);
    QVERIFY(std::abs(many / few - 1) < 0.01);
    QVERIFY(few < 1.05 * sim::lapse_visits);
}

void TimeLapseTest::without_need_every_item_is_followed() {
    SystemBuilder builder;
    builder.open(10, builder.station(fcfs(1, Distribution::exponential(0.05)))).horizon(1000);
    builder.system().open[0].persistence = asking(1, 2);
    const sim::ReplicationOptions options{.replication = 3, .warm_up = 10};
    const auto a = sim::simulate_records(builder.system(), options);
    const auto b = sim::simulate_flow(builder.system(), options);
    QCOMPARE(a.classes[0].response.mean(), b.classes[0].response.mean());
    QCOMPARE(a.stations[0].population, b.stations[0].population);
}

QTEST_APPLESS_MAIN(TimeLapseTest)
#include "time_lapse_test.moc"
