// Failing capacity at both levels: the same history of failures, the same backlog, the same times.

#include "../systems.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;
using model::Interrupted;
using model::Outage;

namespace {

struct Case {
    std::function<void(SystemBuilder&)> build;
    Outage outage;
    double tolerance = 0.05;
    bool piles_up = true;  ///< the most present are those of a backlog, not of chance
};

Outage cut(double from, double length, double share, Interrupted work = Interrupted::resume) {
    return {.name = "cut",
            .effects = {{0, share}},
            .down = Distribution::constant(length),
            .at = model::seconds(from),
            .work = work};
}

const std::vector<std::pair<const char*, Case>>& cases() {
    static const std::vector<std::pair<const char*, Case>> all{
        {"everything is gone for a while",
         {[](auto& b) { b.open(50, b.station(fcfs(1, Distribution::exponential(0.01)))).horizon(4000); },
          cut(1000, 300, 1)}},
        {"half of it is gone, and too little left",
         {[](auto& b) { b.open(280, b.station(fcfs(4, Distribution::exponential(0.01)))).horizon(4000); },
          cut(1000, 300, 0.5)}},
        {"half of it is gone, and enough left",
         {[](auto& b) { b.open(120, b.station(fcfs(4, Distribution::exponential(0.01)))).horizon(4000); },
          cut(1000, 1500, 0.5), 0.05, false}},
        {"half of it is gone, enough left for bursts",
         {[](auto& b) {
              b.open(120, b.station(fcfs(4, Distribution::exponential(0.01))), 0, 3).horizon(4000);
          },
          cut(1000, 1500, 0.5), 0.05, false}},
        {"nodes that fail now and then",
         {[](auto& b) { b.open(240, b.station(fcfs(4, Distribution::exponential(0.01)))).horizon(8000); },
          {.name = "node",
           .units = 4,
           .effects = {{0, 0.25}},
           .up = Distribution::exponential(1500),
           .down = Distribution::exponential(120),
           .work = Interrupted::resume},
          0.05,
          false}},
        {"a log that stands still",
         {[](auto& b) {
              b.open(200, b.station(model::PartitionedLog{.shares = {0.3, 0.3, 0.2, 0.2},
                                                          .consumers = 4,
                                                          .service = {Distribution::exponential(0.01)}}))
                  .horizon(4000);
          },
          cut(1000, 300, 1)}},
        {"batches that nobody writes",
         {[](auto& b) {
              b.open(50, b.station(model::Batch{.max_wait = model::seconds(20),
                                                .fixed = Distribution::exponential(0.5)}))
                  .horizon(4000);
          },
          cut(1000, 300, 1), 0.12}},  // a batch more or less
        {"one writer of batches is left of four, and too few",
         {[](auto& b) {
              b.open(20, b.station(model::Batch{.max_items = 10,
                                                .max_wait = model::seconds(20),
                                                .writers = 4,
                                                .fixed = Distribution::constant(1)}))
                  .horizon(4000);
          },
          cut(1000, 300, 0.75), 0.1}},
        {"half of the writers are left, and too few",
         {[](auto& b) {
              b.open(26, b.station(model::Batch{.max_items = 10,
                                                .max_wait = model::seconds(20),
                                                .writers = 4,
                                                .fixed = Distribution::exponential(1)}))
                  .horizon(40'000);
          },
          cut(1000, 3000, 0.5), 0.05}},
        {"half of the writers are left, and just enough",
         {[](auto& b) {
              b.open(14, b.station(model::Batch{.max_items = 10,
                                                .max_wait = model::seconds(20),
                                                .writers = 4,
                                                .fixed = Distribution::exponential(1)}))
                  .horizon(40'000);
          },
          cut(1000, 20'000, 0.5), 0.05, false}},
        {"users who are kept waiting",
         {[](auto& b) {
              b.closed(200, Distribution::exponential(10),
                       b.station(sharing(1, Distribution::exponential(0.02), 5)))
                  .horizon(4000);
          },
          cut(1000, 300, 1), 0.08}},
    };
    return all;
}

}  // namespace

class FailuresAgreeTest : public QObject {
    Q_OBJECT

private slots:
    void times_and_backlog_data();
    void times_and_backlog();
    void work_in_hand_is_lost();
    void a_log_forgets_while_nobody_reads();
    void a_failure_too_short_to_be_seen();
};

void FailuresAgreeTest::times_and_backlog_data() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < std::ssize(cases()); ++i)
        QTest::newRow(cases()[static_cast<std::size_t>(i)].first) << i;
}

void FailuresAgreeTest::times_and_backlog() {
    QFETCH(int, index);
    const Case& test = cases()[static_cast<std::size_t>(index)].second;
    SystemBuilder builder;
    test.build(builder);
    builder.system().outages = {test.outage};
    const sim::ReplicationOptions options{.seed = 5, .replication = 0, .bins = 100, .stop = {}};
    const sim::Replication record = sim::simulate_records(builder.system(), options);
    const sim::Replication flow = sim::simulate_flow(builder.system(), options);
    const auto close = [&](const char* what, double a, double b) {
        if (std::abs(a - b) <= test.tolerance * std::max(a, b)) return true;
        qWarning("%s: record level %g, flow level %g", what, a, b);
        return false;
    };
    const auto& of_records = record.classes[0].response;
    const auto& of_flow = flow.classes[0].response;
    QVERIFY(close("mean", of_records.mean(), of_flow.mean()));
    for (const double p : {0.5, 0.95, 0.99})
        QVERIFY(close("quantile", of_records.quantile(p), of_flow.quantile(p)));
    if (test.piles_up)
        QVERIFY(close("most present", record.stations[0].population_max, flow.stations[0].population_max));
    QVERIFY(close("busy", record.stations[0].busy, flow.stations[0].busy));
    QCOMPARE(flow.availability.platform, record.availability.platform);
    const sim::ClassTally& tally = flow.classes[0];
    QVERIFY(std::abs(tally.arrived - tally.completed - tally.in_flight) < 1e-6 * tally.arrived);
}

void FailuresAgreeTest::work_in_hand_is_lost() {
    SystemBuilder builder;
    builder.open(60, builder.station(fcfs(100, Distribution::exponential(1)))).horizon(2000);
    builder.system().outages = {cut(1000, 10, 0.5, Interrupted::lose)};
    const sim::ReplicationOptions options{.seed = 5, .replication = 0, .bins = 100, .stop = {}};
    // 60 of 100 servers are busy; half of the 100 fail.
    const double record = sim::simulate_records(builder.system(), options).classes[0].lost;
    const double flow = sim::simulate_flow(builder.system(), options).classes[0].lost;
    QVERIFY2(std::abs(record - 30) < 12, qPrintable(QString::number(record)));
    QVERIFY2(std::abs(flow - 30) < 3, qPrintable(QString::number(flow)));
}

// Kept for 100 s; nobody reads for 300 s, or too slowly from then on.
void FailuresAgreeTest::a_log_forgets_while_nobody_reads() {
    for (const double gone : {1.0, 0.75}) {
        SystemBuilder builder;
        model::PartitionedLog log;
        log.shares = {0.3, 0.3, 0.2, 0.2};
        log.consumers = 4;
        log.retention = model::seconds(100);
        log.service = {Distribution::exponential(0.01)};
        builder.open(200, builder.station(log)).horizon(4000);
        builder.system().outages = {cut(1000, 300, gone)};
        const sim::ReplicationOptions options{.seed = 5, .replication = 0, .bins = 100, .stop = {}};
        const sim::Replication record = sim::simulate_records(builder.system(), options);
        const sim::Replication flow = sim::simulate_flow(builder.system(), options);
        const auto near = [](const char* what, double f, double r, double tolerance) {
            QVERIFY2(std::abs(f - r) <= tolerance * r,
                     qPrintable(QString("%1: flow %2, record %3").arg(what).arg(f).arg(r)));
        };
        // Losses are those of the arrivals of a minute or two, which scatter.
        double lost = 0;
        for (int r = 1; r <= 8; ++r)
            lost +=
                sim::simulate_records(builder.system(), {.seed = 5, .replication = r, .bins = 1, .stop = {}})
                    .classes[0]
                    .lost /
                8;
        QVERIFY(lost > 5000);
        near("lost", flow.classes[0].lost, lost, 0.02);
        near("completed", flow.classes[0].completed, record.classes[0].completed, 0.02);
        near("most present", flow.stations[0].population_max, record.stations[0].population_max, 0.05);
        near("present", flow.stations[0].population, record.stations[0].population, 0.05);
        near("mean", flow.classes[0].response.mean(), record.classes[0].response.mean(), 0.05);
        near("p99", flow.classes[0].response.quantile(0.99), record.classes[0].response.quantile(0.99), 0.05);
        QVERIFY(flow.classes[0].response.max() < 101);
        const sim::ClassTally& tally = flow.classes[0];
        QVERIFY(std::abs(tally.arrived - tally.completed - tally.lost - tally.in_flight) <
                1e-6 * tally.arrived);
    }
}

// A millisecond without a server, late in a long run: own time moves by less than it can tell.
void FailuresAgreeTest::a_failure_too_short_to_be_seen() {
    SystemBuilder builder;
    builder.open(50, builder.station(fcfs(1, Distribution::exponential(0.01)))).horizon(40'000);
    builder.system().outages = {cut(38'000, 0.001, 1)};
    const sim::ReplicationOptions options{.seed = 5, .replication = 0, .bins = 100, .stop = {}};
    const sim::ClassTally tally = sim::simulate_flow(builder.system(), options).classes[0];
    QVERIFY2(std::abs(tally.completed - 2'000'000) < 100, qPrintable(QString::number(tally.completed)));
    QVERIFY2(tally.in_flight < 100, qPrintable(QString::number(tally.in_flight)));
}

QTEST_APPLESS_MAIN(FailuresAgreeTest)
#include "failures_agree_test.moc"
