#include "../systems.h"
#include "sim/platform/flow_network.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

// Each archetype at both levels on the same system: mean and percentiles of the response time agree.
class LevelsAgreeTest : public QObject {
    Q_OBJECT

private slots:
    void response_data();
    void response();
    void queues_and_peaks_data();
    void queues_and_peaks();
    void conserves_items();
    void backlog_of_a_flash_crowd();
    void backlog_of_the_lower_priority();
    void a_large_room_fills_and_empties();
    void equal_bytes_for_equal_options();
    void cost_does_not_depend_on_rates();
};

namespace {

/// Of what the fluid does not do well, too, for which the flow level would choose a time-lapse.
sim::Replication as_fluid(const model::System& system, const sim::ReplicationOptions& options) {
    return sim::FlowNetwork(system, options, {}).run();
}

struct Case {
    std::function<void(SystemBuilder&)> build;
    double mean = 0.05, tail = 0.05;  ///< relative tolerances: mean and p50; p95 and p99
};

void log_of(SystemBuilder& b, double rate, double poll) {
    model::PartitionedLog log;
    log.shares = {0.22, 0.18, 0.15, 0.13, 0.1, 0.1, 0.07, 0.05};
    log.consumers = 4;
    log.poll_interval = model::seconds(poll);
    log.service = {Distribution::lognormal(0.01, 1)};
    b.open(rate, b.station(log)).horizon(4000);
}

/// A line before five branches in parallel, and one behind their join.
void fork_of(SystemBuilder& b, int needed, int servers, double load) {
    const int join = b.station(model::Join{.needed = needed});
    const int copies = servers > 0 ? 2 : 5;
    const int fork = b.station(model::Fork{.copies = copies, .join = join});
    const int last = b.station(model::Delay{{Distribution::exponential(0.002)}});
    model::Route route{.routing = model::Routing::copy, .branches = {}};
    for (int i = 0; i < copies; ++i) {
        route.branches.push_back({servers > 0 ? b.station(fcfs(servers, Distribution::exponential(0.01)))
                                              : b.station(model::Delay{{Distribution::exponential(0.01)}})});
        b.link(route.branches.back().station, join);
    }
    b.system().stations[static_cast<std::size_t>(join)].yields = {1.0 / copies};
    b.link(fork, route).link(join, last).open(100 * load, fork).horizon(6000);
}

void limiter_of(SystemBuilder& b, double rate, model::Limiter::Excess excess) {
    const int limit =
        b.station(model::Limiter{.rate = model::per_second(100), .burst = 20, .excess = excess});
    const int fast = b.station(model::Delay{{Distribution::exponential(0.1)}});
    const int slow = b.station(model::Delay{{Distribution::exponential(1)}});
    if (excess == model::Limiter::Excess::divert)
        b.link(limit, {model::Routing::outcome, {{fast, 1}, {slow, 0}}});
    else
        b.link(limit, fast);
    b.open(rate, limit).horizon(3000);
}

void cache_of(SystemBuilder& b, model::Cache cache) {
    const int c = b.station(cache);
    const int memory = b.station(model::Delay{{Distribution::exponential(0.001)}});
    const int disk = b.station(fcfs(2, Distribution::exponential(0.02)));
    b.link(c, {model::Routing::outcome, {{memory, 1}, {disk, 0}}}).open(150, c).horizon(3000);
}

void batch_of(SystemBuilder& b, double rate, double age, double items, double commit) {
    model::Batch batch;
    batch.max_wait = model::seconds(age);
    batch.max_items = items;
    batch.fixed = Distribution::lognormal(commit, 0.5);
    b.open(rate, b.station(batch)).horizon(5000);
}

/// Two classes at 0.8, of which the second has priority 3.
void priorities_of(SystemBuilder& b, model::Discipline discipline, double first) {
    b = SystemBuilder(2);
    auto queue = fcfs(1, Distribution::exponential(0.01));
    queue.service.push_back(Distribution::lognormal(0.005, 1.2));
    queue.discipline = discipline;
    queue.priorities = {first, 3};
    const int s = b.station(queue);
    b.open(50, s).open(60, s, 1).horizon(9000);
}

const std::vector<std::pair<const char*, Case>>& cases() {
    static const std::vector<std::pair<const char*, Case>> all{
        {"M/M/1 at 0.8",
         {[](auto& b) { b.open(80, b.station(fcfs(1, Distribution::exponential(0.01)))).horizon(15'000); }}},
        {"M/D/1 at 0.7",
         {[](auto& b) { b.open(70, b.station(fcfs(1, Distribution::constant(0.01)))).horizon(6000); }}},
        {"M/lognormal/1 at 0.7",
         {[](auto& b) { b.open(70, b.station(fcfs(1, Distribution::lognormal(0.01, 2)))).horizon(9000); },
          0.05, 0.07}},
        {"M/M/8 at 0.9",
         {[](auto& b) { b.open(720, b.station(fcfs(8, Distribution::exponential(0.01)))).horizon(1500); },
          0.05, 0.06}},
        {"M/G/4 at 0.85",
         {[](auto& b) { b.open(340, b.station(fcfs(4, Distribution::lognormal(0.01, 1.4)))).horizon(3000); },
          0.05, 0.08}},
        {"everything regular at 1", {[](auto& b) {
             b.open(100, b.station(fcfs(1, Distribution::constant(0.01))), 0, 0).horizon(2000);
         }}},
        {"regular arrivals at 0.8",
         {[](auto& b) {
              b.open(80, b.station(fcfs(1, Distribution::exponential(0.01))), 0, 0.25).horizon(6000);
          },
          0.08, 0.08}},
        {"bursty arrivals at 0.7",
         {[](auto& b) {
              b.open(70, b.station(fcfs(1, Distribution::exponential(0.01))), 0, 3).horizon(6000);
          },
          0.12, 0.12}},
        {"M/M/2/6 at 1.1", {[](auto& b) {
             b.open(220, b.station(fcfs(2, Distribution::exponential(0.01), 6))).horizon(3000);
         }}},
        {"sharing at 0.7",
         {[](auto& b) { b.open(70, b.station(sharing(1, Distribution::lognormal(0.01, 1)))).horizon(6000); },
          0.05, 0.07}},
        {"sharing with five slots at 0.8",
         {[](auto& b) {
              b.open(80, b.station(sharing(1, Distribution::lognormal(0.01, 1), 5))).horizon(6000);
          },
          0.07, 0.1}},
        {"the lower of two priorities",
         {[](auto& b) { priorities_of(b, model::Discipline::priority, 0); }, 0.05, 0.07}},
        {"the higher of two priorities",
         {[](auto& b) { priorities_of(b, model::Discipline::priority_preemptive, 5); }, 0.05, 0.07}},
        {"random order at 0.8",
         {[](auto& b) {
              auto queue = fcfs(2, Distribution::exponential(0.01));
              queue.discipline = model::Discipline::random;
              b.open(160, b.station(queue)).horizon(6000);
          },
          0.05, 0.05}},
        {"speeds by the number present at 0.75", {[](auto& b) {
             model::Queue queue = fcfs(1, Distribution::exponential(0.01));
             queue.speeds = {1, 1.6, 2};
             b.open(150, b.station(queue)).horizon(4000);
         }}},
        {"batches of four at 0.5", {[](auto& b) {
             model::Queue queue = fcfs(1, Distribution::exponential(0.01));
             queue.batch_most = 4;
             b.open(200, b.station(queue)).horizon(4000);
         }}},
        {"delay", {[](auto& b) {
             b.open(100, b.station(model::Delay{{Distribution::lognormal(1, 1)}})).horizon(2000);
         }}},
        {"log", {[](auto& b) { log_of(b, 250, 0); }, 0.06, 0.07}},
        {"log with polls", {[](auto& b) { log_of(b, 200, 0.5); }, 0.06, 0.08}},
        {"limiter that makes wait", {[](auto& b) { limiter_of(b, 95, model::Limiter::Excess::wait); }}},
        {"limiter that drops", {[](auto& b) { limiter_of(b, 110, model::Limiter::Excess::drop); }}},
        {"limiter that diverts", {[](auto& b) { limiter_of(b, 120, model::Limiter::Excess::divert); }}},
        {"cache",
         {[](auto& b) {
              cache_of(b, {.capacity = 2000, .popularity = {20'000, 1}});
          },
          0.06, 0.06}},
        {"warm cache",
         {[](auto& b) {
              cache_of(b, {.capacity = 2000, .popularity = {20'000, 1}, .warm = true});
          },
          0.06, 0.06}},
        {"cold cache",
         {[](auto& b) {
              cache_of(b, {.capacity = 40'000, .popularity = {1e5, 1}});
          },
          0.06, 0.06}},
        {"cache with a life",
         {[](auto& b) {
              cache_of(b, {.capacity = 1e5, .popularity = {2000, 0.8}, .life = model::seconds(60)});
          },
          0.06, 0.06}},
        {"fork and join of delays", {[](auto& b) { fork_of(b, model::unlimited, 0, 0.5); }}},
        {"three of five", {[](auto& b) { fork_of(b, 3, 0, 0.5); }}},
        {"fork and join of queues", {[](auto& b) { fork_of(b, model::unlimited, 1, 0.7); }, 0.1, 0.08}},
        {"batch pool",
         {[](auto& b) {
              model::BatchPool pool;
              pool.nodes = 5;
              pool.slots_per_node = 4;
              pool.jobs = {{{.tasks = 60, .time = Distribution::lognormal(10, 0.5)},
                            {.tasks = 20,
                             .time = Distribution::constant(20),
                             .fetch = model::gigabytes(2),
                             .after = {0}}}};
              pool.network = model::DataRate(5e9);
              pool.straggler_share = 0.02;
              pool.straggler_factor = 4;
              b.open(1.0 / 90, b.station(pool)).horizon(400'000);
          },
          0.06, 0.1}},
        {"two servers in turn",
         {[](auto& b) {
              const int a = b.station(fcfs(1, Distribution::exponential(0.01)));
              const int c = b.station(fcfs(1, Distribution::exponential(0.01)));
              const int desk = b.station(model::Delay{{Distribution::constant(0)}});
              b.open(160, desk).link(desk, {model::Routing::round_robin, {{a, 0.5}, {c, 0.5}}}).horizon(6000);
          },
          0.06, 0.08}},
        {"batch by age", {[](auto& b) { batch_of(b, 100, 5, 1e9, 0.2); }}},
        {"batch by number", {[](auto& b) { batch_of(b, 100, 5, 50, 0.1); }, 0.05, 0.07}},
        {"users of a server", {[](auto& b) {
             b.closed(12, Distribution::exponential(1), b.station(fcfs(1, Distribution::exponential(0.1))))
                 .horizon(6000);
         }}},
        {"users of a cache before a server",
         {[](auto& b) {
              const int c = b.station(model::Cache{.capacity = 2, .popularity = {4, 1}});
              const int disk = b.station(fcfs(1, Distribution::exponential(0.8)));
              const int memory = b.station(model::Delay{{Distribution::exponential(0.1)}});
              b.link(c, {model::Routing::outcome, {{memory, 1}, {disk, 0}}});
              b.closed(3, Distribution::exponential(1), c).horizon(60'000);
          },
          0.05, 0.06}},
        {"users of shared slots",
         {[](auto& b) {
              b.closed(40, Distribution::exponential(5),
                       b.station(sharing(1, Distribution::lognormal(0.1, 1), 5)))
                  .horizon(9000);
          },
          0.05, 0.08}},
        {"users who may find no room", {[](auto& b) {
             b.closed(6, Distribution::exponential(2), b.station(fcfs(2, Distribution::exponential(1), 4)))
                 .horizon(60'000);
         }}},
        {"users who give up", {[](auto& b) {
             model::Queue queue = fcfs(1, Distribution::exponential(1));
             queue.patience = {Distribution::exponential(2)};
             b.closed(5, Distribution::exponential(3), b.station(queue)).horizon(60'000);
         }}},
        {"feedback",
         {[](auto& b) {
              const int a = b.station(fcfs(1, Distribution::exponential(0.01)));
              const int c = b.station(fcfs(1, Distribution::exponential(0.02)));
              b.open(28, a)
                  .link(a, c)
                  .link(c, {model::Routing::split, {{a, 0.3}, {model::outside, 0.7}}})
                  .horizon(9000);
          },
          0.05, 0.08}},
        {"batch behind batch", {[](auto& b) {
             model::Batch first, second;
             first.max_wait = model::seconds(6);
             first.fixed = Distribution::lognormal(0.3, 0.5);
             second.max_wait = model::seconds(10);
             second.fixed = Distribution::constant(0.2);
             const int a = b.station(first), c = b.station(second);
             b.open(50, a).link(a, c).read(c).horizon(8000);
         }}},
        {"patience at 1.1", {[](auto& b) {
             model::Queue queue = fcfs(2, Distribution::exponential(0.01));
             queue.patience = {Distribution::exponential(0.05)};
             b.open(220, b.station(queue)).horizon(3000);
         }}},
        {"patience at 0.8", {[](auto& b) {
             model::Queue queue = fcfs(4, Distribution::lognormal(0.01, 1));
             queue.patience = {Distribution::constant(0.02)};
             b.open(320, b.station(queue)).horizon(3000);
         }}},
    };
    return all;
}

model::System system_of(const Case& c) {
    SystemBuilder builder;
    c.build(builder);
    return builder.system();
}

}  // namespace

void LevelsAgreeTest::response_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].first) << static_cast<int>(i);
}

void LevelsAgreeTest::response() {
    QFETCH(int, index);
    const Case& c = cases()[static_cast<std::size_t>(index)].second;
    const model::System system = system_of(c);
    QCOMPARE(QString::fromStdString(model::fault_of(system)), QString());
    sim::QuantileSketch record, flow;
    double record_rate = 0, flow_rate = 0;
    for (int r = 0; r < 3; ++r) {
        const sim::ReplicationOptions options{.replication = r, .warm_up = system.horizon.value() / 10};
        const auto a = sim::simulate_records(system, options), b = as_fluid(system, options);
        record.merge(a.classes[0].response);
        flow.merge(b.classes[0].response);
        record_rate += a.classes[0].measured;
        flow_rate += b.classes[0].measured;
    }
    const auto near = [](const char* what, double f, double r, double tolerance) {
        QVERIFY2(std::abs(f - r) <= tolerance * r, qPrintable(QString("%1: flow %2, record %3 (%4 %)")
                                                                  .arg(what)
                                                                  .arg(f)
                                                                  .arg(r)
                                                                  .arg(100 * (f / r - 1), 0, 'f', 1)));
    };
    near("throughput", flow_rate, record_rate, 0.02);
    near("mean", flow.mean(), record.mean(), c.mean);
    near("p50", flow.quantile(0.5), record.quantile(0.5), c.mean);
    near("p95", flow.quantile(0.95), record.quantile(0.95), c.tail);
    near("p99", flow.quantile(0.99), record.quantile(0.99), c.tail);
}

void LevelsAgreeTest::queues_and_peaks_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i)
        for (const char* name :
             {"M/M/1 at 0.8", "M/D/1 at 0.7", "M/M/8 at 0.9", "M/G/4 at 0.85", "M/M/2/6 at 1.1",
              "sharing at 0.7", "delay", "log", "log with polls", "batch by age", "users of a server",
              "users who may find no room", "users who give up", "patience at 1.1", "patience at 0.8"})
            if (std::string_view(cases()[i].first) == name) QTest::newRow(name) << static_cast<int>(i);
}

// Items present over time, the most at any time, and the busiest of 24 intervals: of a replication at either
// level, on average over eight.
void LevelsAgreeTest::queues_and_peaks() {
    QFETCH(int, index);
    const model::System system = system_of(cases()[static_cast<std::size_t>(index)].second);
    constexpr int replications = 8;
    double mean[2] = {}, most[2] = {}, bins[2] = {}, busiest[2] = {};
    for (int r = 0; r < replications; ++r) {
        const sim::ReplicationOptions options{
            .replication = r, .warm_up = system.horizon.value() / 10, .bins = 24};
        const sim::Replication levels[2] = {sim::simulate_records(system, options),
                                            as_fluid(system, options)};
        for (int level = 0; level < 2; ++level) {
            const sim::StationTally& tally = levels[level].stations[0];
            mean[level] += tally.population / levels[level].measured_time / replications;
            most[level] += tally.population_max / replications;
            for (const double items : tally.queue) bins[level] += items / 24 / replications;
            busiest[level] +=
                *std::max_element(tally.utilisation.begin(), tally.utilisation.end()) / replications;
        }
    }
    const auto near = [](const char* what, const double(&of)[2], double tolerance) {
        QVERIFY2(std::abs(of[1] - of[0]) <= tolerance * of[0],
                 qPrintable(QString("%1: flow %2, record %3").arg(what).arg(of[1]).arg(of[0])));
    };
    near("mean present", mean, 0.06);
    near("present over time", bins, 0.06);
    near("most present", most, 0.15);
    near("busiest interval", busiest, 0.03);
}

void LevelsAgreeTest::conserves_items() {
    for (const auto& [name, c] : cases()) {
        const auto r = as_fluid(system_of(c), {});
        for (const auto& t : r.classes) {
            const double gap = t.arrived + t.created - t.completed - t.merged - t.filtered - t.in_flight -
                               t.rejected - t.expired - t.lost;
            QVERIFY2(std::abs(gap) < 1e-6 * t.arrived, name);
            QVERIFY2(t.in_flight >= 0, name);
        }
    }
}

// Ten minutes at 1.35 times the capacity of eight servers: the backlog is carried and worked off.
void LevelsAgreeTest::backlog_of_a_flash_crowd() {
    SystemBuilder builder;
    builder.open(60, builder.station(fcfs(8, Distribution::exponential(0.1)))).horizon(14'400);
    builder.system().open[0].rate.events.push_back({"crowd", 1.8, model::seconds(3600), model::seconds(600)});
    const auto a = sim::simulate_records(builder.system(), {}), b = as_fluid(builder.system(), {});
    for (const double p : {0.9, 0.95, 0.99}) {
        const double r = a.classes[0].response.quantile(p), f = b.classes[0].response.quantile(p);
        QVERIFY2(std::abs(f - r) < 0.08 * r,
                 qPrintable(QString("p%1: flow %2, record %3").arg(100 * p).arg(f).arg(r)));
    }
}

// Ten minutes in which the lower of two classes comes twice as often: the line is its own, and stays so while
// it is worked off.
void LevelsAgreeTest::backlog_of_the_lower_priority() {
    SystemBuilder builder(2);
    model::Queue queue = fcfs(8, Distribution::exponential(0.08));
    queue.service.push_back(Distribution::exponential(0.1));
    queue.discipline = model::Discipline::priority;
    queue.priorities = {1, 0};
    const int s = builder.station(queue);
    builder.open(20, s, 0).open(50, s, 1).horizon(3600);
    builder.system().open[1].rate.events = {{"rush", 2, model::seconds(1200), model::seconds(600)}};
    double present[2] = {}, mean[2] = {}, urgent[2] = {}, p95[2] = {};
    for (int r = 0; r < 5; ++r) {
        const sim::ReplicationOptions options{.replication = r, .warm_up = 0};
        const sim::Replication of[2] = {sim::simulate_records(builder.system(), options),
                                        as_fluid(builder.system(), options)};
        for (int i = 0; i < 2; ++i) {
            present[i] += of[i].stations[0].population;
            mean[i] += of[i].classes[1].response.mean();
            urgent[i] += of[i].classes[0].response.mean();
            p95[i] += of[i].classes[1].response.quantile(0.95);
        }
    }
    const auto near = [](const char* what, double f, double r) {
        QVERIFY2(std::abs(f - r) <= 0.05 * r,
                 qPrintable(QString("%1: flow %2, record %3").arg(what).arg(f).arg(r)));
    };
    near("present", present[1], present[0]);
    near("mean", mean[1], mean[0]);
    near("p95", p95[1], p95[0]);
    near("urgent", urgent[1], urgent[0]);
}

// Twenty minutes at 1.35 times the capacity, of which the last ten find the room full.
void LevelsAgreeTest::a_large_room_fills_and_empties() {
    SystemBuilder builder;
    builder.open(60, builder.station(fcfs(8, Distribution::exponential(0.1), 17'000))).horizon(7200);
    builder.system().open[0].rate.events.push_back(
        {"crowd", 1.8, model::seconds(1800), model::seconds(1200)});
    constexpr int replications = 12;
    struct Seen {
        sim::QuantileSketch response;
        double rejected = 0, most = 0, present = 0, busy = 0, filling = 0;
    } record, flow;
    for (int r = 0; r < replications; ++r)
        for (Seen* seen : {&record, &flow}) {
            const sim::ReplicationOptions options{.replication = r, .bins = 72};
            const sim::Replication one = seen == &record ? sim::simulate_records(builder.system(), options)
                                                         : as_fluid(builder.system(), options);
            seen->response.merge(one.classes[0].response);
            seen->rejected += one.classes[0].rejected;
            seen->most += one.stations[0].population_max;
            seen->present += one.stations[0].population;
            seen->busy += one.stations[0].busy;
            seen->filling += one.stations[0].queue[21];
        }
    const auto near = [](const char* what, double f, double r) {
        QVERIFY2(std::abs(f - r) < 0.02 * r,
                 qPrintable(QString("%1: flow %2, record %3").arg(what).arg(f).arg(r)));
    };
    near("p95", flow.response.quantile(0.95), record.response.quantile(0.95));
    near("p99", flow.response.quantile(0.99), record.response.quantile(0.99));
    near("rejected", flow.rejected, record.rejected);
    near("most present", flow.most, record.most);
    near("present", flow.present, record.present);
    near("busy", flow.busy, record.busy);
    near("filling", flow.filling, record.filling);
}

void LevelsAgreeTest::equal_bytes_for_equal_options() {
    const model::System system = system_of(cases()[21].second);
    const auto a = as_fluid(system, {.seed = 5, .replication = 2}),
               b = as_fluid(system, {.seed = 5, .replication = 2});
    QCOMPARE(a.classes[0].response.mean(), b.classes[0].response.mean());
    QCOMPARE(a.items, b.items);
    const auto other = as_fluid(system, {.seed = 5, .replication = 3});
    QVERIFY(a.classes[0].response.mean() != other.classes[0].response.mean());
}

void LevelsAgreeTest::cost_does_not_depend_on_rates() {
    const auto visits = [](double scale) {
        SystemBuilder builder;
        builder.open(80 * scale, builder.station(fcfs(1, Distribution::exponential(0.01 / scale))))
            .horizon(3600);
        return as_fluid(builder.system(), {}).items;
    };
    QCOMPARE(visits(1), visits(1e6));
}

QTEST_APPLESS_MAIN(LevelsAgreeTest)
#include "levels_agree_test.moc"
