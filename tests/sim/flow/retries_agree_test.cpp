#include "../systems.h"
#include "sim/platform/flow_network.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

// Senders who ask again as fluid, beside the record level.
class RetriesAgreeTest : public QObject {
    Q_OBJECT

private slots:
    void outcomes_and_load_data();
    void outcomes_and_load();
};

namespace {

struct Case {
    std::function<void(SystemBuilder&)> build;
    double times = 0.05, shares = 0.02;
};

model::Persistence asking(double timeout, int attempts, double pause) {
    return {.timeout = Distribution::constant(timeout),
            .attempts = attempts,
            .back_off = model::seconds(pause),
            .jitter = 0.5};
}

/// Twenty servers that can do 1000 a second, of which half fail for two minutes.
void storm(SystemBuilder& b, double rate, int attempts, double pause) {
    b.open(rate, b.station(fcfs(20, Distribution::exponential(0.02), 10'000))).horizon(3600);
    b.system().open[0].persistence = asking(1, attempts, pause);
    model::Outage outage{.name = "half", .units = 2, .effects = {{0, 0.25}}};
    outage.at = model::seconds(1200);
    outage.down = Distribution::constant(120);
    outage.work = model::Interrupted::resume;
    b.system().outages.push_back(outage);
}

const std::vector<std::pair<const char*, Case>>& cases() {
    static const std::vector<std::pair<const char*, Case>> all{
        {"hardly any", {[](auto& b) {
             b.open(60, b.station(fcfs(1, Distribution::exponential(0.01)))).horizon(15'000);
             b.system().open[0].persistence = asking(0.5, 3, 0.2);
         }}},
        {"some time out", {[](auto& b) {
             b.open(400, b.station(fcfs(8, Distribution::exponential(0.01)))).horizon(5000);
             b.system().open[0].persistence = asking(0.04, 3, 0.2);
         }}},
        {"some are rejected", {[](auto& b) {
             b.open(120, b.station(fcfs(2, Distribution::exponential(0.01), 6))).horizon(8000);
             b.system().open[0].persistence = {.attempts = 3, .back_off = model::seconds(0.5), .jitter = 1};
         }}},
        {"two stations", {[](auto& b) {
             const int first = b.station(fcfs(4, Distribution::exponential(0.01)));
             const int second = b.station(fcfs(2, Distribution::exponential(0.01)));
             b.open(100, first).link(first, second).horizon(8000);
             b.system().open[0].persistence = asking(0.12, 2, 0.3);
         }}},
        {"a season", {[](auto& b) {
             b.open(500, b.station(fcfs(10, Distribution::exponential(0.01)))).horizon(7200);
             b.system().open[0].persistence = asking(0.05, 3, 0.2);
             b.system().open[0].rate.seasons = {model::make_season(model::hours(1), 1.5, model::hours(0.5))};
         }}},
        {"an outage that ends", {[](auto& b) { storm(b, 550, 2, 2); }, 0.1}},
        {"a storm", {[](auto& b) { storm(b, 700, 5, 0.2); }, 0.1}},
    };
    return all;
}

struct Seen {
    sim::QuantileSketch response;
    double completed = 0, failed = 0, arrived = 0, attempts = 0, busy = 0, present = 0;

    void add(const sim::Replication& r) {
        const sim::ClassTally& tally = r.classes[0];
        response.merge(tally.response);
        completed += tally.completed;
        failed += tally.expired + tally.rejected;
        arrived += tally.arrived;
        attempts += tally.attempts;
        for (const sim::StationTally& station : r.stations) {
            busy += station.busy;
            present += station.population;
        }
        const double gap = tally.arrived - tally.completed - tally.expired - tally.rejected - tally.in_flight;
        QVERIFY(std::abs(gap) < 1e-9 * tally.arrived);
        QVERIFY(tally.in_flight > -1e-6 * tally.arrived);
    }
};

}  // namespace

void RetriesAgreeTest::outcomes_and_load_data() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < std::ssize(cases()); ++i)
        QTest::newRow(cases()[static_cast<std::size_t>(i)].first) << i;
}

void RetriesAgreeTest::outcomes_and_load() {
    QFETCH(int, index);
    const Case& test = cases()[static_cast<std::size_t>(index)].second;
    SystemBuilder builder;
    test.build(builder);
    const model::System& system = builder.system();
    QCOMPARE(QString::fromStdString(model::fault_of(system)), QString());
    Seen record, flow;
    for (int r = 0; r < 2; ++r) {
        const sim::ReplicationOptions options{.replication = r, .bins = 60};
        record.add(sim::simulate_records(system, options));
        flow.add(sim::FlowNetwork(system, options, {}).run());
    }
    const auto near = [](const char* what, double f, double r, double tolerance, double unit) {
        QVERIFY2(std::abs(f - r) <= tolerance * unit, qPrintable(QString("%1: flow %2, record %3 (%4 %)")
                                                                     .arg(what)
                                                                     .arg(f)
                                                                     .arg(r)
                                                                     .arg(100 * (f - r) / unit, 0, 'f', 2)));
    };
    near("completed", flow.completed, record.completed, test.shares, record.arrived);
    near("failed", flow.failed, record.failed, test.shares, record.arrived);
    near("attempts", flow.attempts, record.attempts, test.shares, record.attempts);
    near("busy", flow.busy, record.busy, 0.02, record.busy);
    near("present", flow.present, record.present, test.times, record.present);
    near("mean", flow.response.mean(), record.response.mean(), test.times, record.response.mean());
    for (const double p : {0.5, 0.95, 0.99})
        near(qPrintable(QString("p%1").arg(100 * p)), flow.response.quantile(p), record.response.quantile(p),
             test.times, record.response.quantile(p));
}

QTEST_APPLESS_MAIN(RetriesAgreeTest)
#include "retries_agree_test.moc"
