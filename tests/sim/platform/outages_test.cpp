// Capacity that fails and comes back: its history, its availability, and what becomes of the work.

#include "../systems.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <cmath>
#include <memory>

using namespace headroom;
using model::Distribution;
using model::Interrupted;
using model::Outage;

namespace {

constexpr double start = 100, length = 50;

/// A server that is gone once, for 50 s from 100 s on.
Outage once(double share, Interrupted work, int station = 0) {
    return {.name = "cut",
            .effects = {{station, share}},
            .down = Distribution::constant(length),
            .at = model::seconds(start),
            .work = work};
}

Outage now_and_then(const std::string& name, int units, std::vector<Outage::Effect> effects, double up,
                    double down) {
    return {.name = name,
            .units = units,
            .effects = std::move(effects),
            .up = Distribution::exponential(up),
            .down = Distribution::exponential(down)};
}

sim::Replication run(const model::System& system, int replication = 0) {
    return sim::simulate_records(system, {.seed = 7, .replication = replication, .bins = 10, .stop = {}});
}

double balance(const sim::ClassTally& t) {
    return t.arrived + t.created - t.completed - t.filtered - t.in_flight - t.rejected - t.lost;
}

}  // namespace

class OutagesTest : public QObject {
    Q_OBJECT

private slots:
    void changes_follow_the_causes();
    void a_unit_takes_its_share();
    void availability_in_closed_form_and_simulated_data();
    void availability_in_closed_form_and_simulated();
    void work_is_interrupted_data();
    void work_is_interrupted();
    void every_station_stops_and_goes_on_data();
    void every_station_stops_and_goes_on();
    void faults_are_named();
};

void OutagesTest::changes_follow_the_causes() {
    test::SystemBuilder builder;
    builder.open(1, builder.station(test::fcfs(1, Distribution::constant(0.1))));
    builder.horizon(1000).system().outages = {once(1, Interrupted::resume)};
    const auto changes = sim::capacity_changes(builder.system(), 1, 0);
    QCOMPARE(changes.size(), 2u);
    QCOMPARE(changes[0].time, start);
    QCOMPARE(changes[0].capacity, 0.0);
    QCOMPARE(changes[1].time, start + length);
    QCOMPARE(changes[1].capacity, 1.0);
    builder.system().outages.front().effects.front().longer = model::seconds(30);
    QCOMPARE(sim::capacity_changes(builder.system(), 1, 0)[1].time, start + length + 30);
    builder.horizon(120);
    QCOMPARE(sim::capacity_changes(builder.system(), 1, 0).size(), 1u);  // not back before the end
}

void OutagesTest::a_unit_takes_its_share() {
    test::SystemBuilder builder;
    builder.open(1, builder.station(test::fcfs(3, Distribution::constant(0.1))));
    builder.horizon(1e5).system().outages = {now_and_then("node", 3, {{0, 1.0 / 3}}, 100, 50)};
    double before = 1;
    for (const auto& change : sim::capacity_changes(builder.system(), 1, 0)) {
        QVERIFY(std::abs(std::abs(change.capacity - before) - 1.0 / 3) < 1e-9);
        before = change.capacity;
    }
    QCOMPARE(sim::capacity_changes(builder.system(), 1, 0).size(),
             sim::capacity_changes(builder.system(), 1, 0).size());
    QVERIFY(sim::capacity_changes(builder.system(), 1, 0).front().time !=
            sim::capacity_changes(builder.system(), 1, 1).front().time);
}

void OutagesTest::availability_in_closed_form_and_simulated_data() {
    QTest::addColumn<std::vector<Outage>>("outages");
    QTest::addColumn<double>("platform");
    QTest::newRow("one of one") << std::vector{now_and_then("a", 1, {{0, 1}}, 90, 10)} << 0.9;
    QTest::newRow("one of three is enough")
        << std::vector{now_and_then("a", 3, {{0, 1.0 / 3}}, 90, 10)} << 0.999;
    QTest::newRow("two in series") << std::vector{now_and_then("a", 1, {{0, 1}}, 90, 10),
                                                  now_and_then("b", 1, {{1, 1}}, 80, 20)}
                                   << 0.72;
    QTest::newRow("a common cause counts once")
        << std::vector{now_and_then("a", 1, {{0, 1}, {1, 1}}, 90, 10)} << 0.9;
    QTest::newRow("half and half") << std::vector{now_and_then("a", 1, {{0, 0.5}}, 90, 10),
                                                  now_and_then("b", 1, {{0, 0.5}}, 80, 20)}
                                   << 0.98;
    // Gone for 20 s after each of the 10 s, or until it fails again.
    const double again = 0.9 * std::exp(-20.0 / 90);
    QTest::newRow("one that is slow to be there again")
        << std::vector{now_and_then("a", 1, {{0, 1, model::seconds(20)}}, 90, 10)} << again;
    QTest::newRow("the slower of two counts")
        << std::vector{now_and_then("a", 1, {{0, 1, model::seconds(20)}, {1, 1, model::seconds(5)}}, 90, 10)}
        << again;
    QTest::newRow("any of two stops all") << std::vector{now_and_then("a", 2, {{0, 1}}, 90, 10)} << 0.81;
    QTest::newRow("once in a horizon") << std::vector{once(1, Interrupted::restart)} << 0.95;
}

void OutagesTest::availability_in_closed_form_and_simulated() {
    QFETCH(std::vector<Outage>, outages);
    QFETCH(double, platform);
    test::SystemBuilder builder;
    const int first = builder.station(test::fcfs(3, Distribution::constant(0.1)));
    const int second = builder.station(test::fcfs(1, Distribution::constant(0.1)));
    builder.open(1, first).link(first, second).horizon(1000).system().outages = outages;
    const sim::Availability expected = sim::expected_availability(builder.system());
    QVERIFY(std::abs(expected.platform - platform) < 1e-9);
    QVERIFY(std::abs(expected.classes[0] - platform) < 1e-9);
    double sum = 0;
    for (int i = 0; i < 10; ++i) sum += sim::simulate_availability(builder.system(), 3, i).platform;
    // 100,000 failures in all: the unavailability is known to about one hundredth.
    QVERIFY2(std::abs(sum / 10 - platform) < 0.03 * (1 - platform), qPrintable(QString::number(sum / 10)));
}

void OutagesTest::work_is_interrupted_data() {
    QTest::addColumn<Interrupted>("work");
    QTest::addColumn<double>("share");
    QTest::addColumn<double>("response");  // of the one job, 10 s long, in service for 5 s when the cut comes
    QTest::addColumn<double>("lost");
    QTest::newRow("resumes") << Interrupted::resume << 1.0 << 60.0 << 0.0;
    QTest::newRow("begins anew") << Interrupted::restart << 1.0 << 65.0 << 0.0;
    QTest::newRow("is lost") << Interrupted::lose << 1.0 << 0.0 << 1.0;
    QTest::newRow("goes on at half speed") << Interrupted::resume << 0.5 << 15.0 << 0.0;
}

void OutagesTest::work_is_interrupted() {
    QFETCH(Interrupted, work);
    QFETCH(double, share);
    QFETCH(double, response);
    QFETCH(double, lost);
    test::SystemBuilder builder;
    // One arrival, after 95 s.
    builder.open(1.0 / 95, builder.station(test::fcfs(1, Distribution::constant(10))), 0, 0);
    builder.horizon(180).system().outages = {once(share, work)};
    const sim::Replication result = run(builder.system());
    QCOMPARE(result.classes[0].arrived, 1.0);
    QCOMPARE(result.classes[0].lost, lost);
    QCOMPARE(result.classes[0].completed, 1 - lost);
    if (lost == 0) QVERIFY(std::abs(result.classes[0].response.max() - response) < 0.01 * response);
}

void OutagesTest::every_station_stops_and_goes_on_data() {
    QTest::addColumn<std::shared_ptr<model::Primitive>>("primitive");
    const auto row = [](const char* name, model::Primitive primitive) {
        QTest::newRow(name) << std::make_shared<model::Primitive>(std::move(primitive));
    };
    const Distribution time = Distribution::exponential(0.05);
    row("in order", test::fcfs(2, time));
    row("shared", test::sharing(2, time));
    for (const auto discipline :
         {model::Discipline::lcfs, model::Discipline::lcfs_preemptive, model::Discipline::random,
          model::Discipline::priority, model::Discipline::priority_preemptive}) {
        model::Queue queue = test::fcfs(2, time);
        queue.discipline = discipline;
        row(qPrintable(QString("discipline %1").arg(static_cast<int>(discipline))), std::move(queue));
    }
    row("log",
        model::PartitionedLog{
            .shares = {0.5, 0.5}, .consumers = 2, .poll_interval = model::seconds(0.01), .service = {time}});
    row("batch", model::Batch{.max_items = 5, .max_wait = model::seconds(1), .fixed = time});
}

/// While the capacity is gone, nothing leaves; afterwards all that waited does, and the items balance.
void OutagesTest::every_station_stops_and_goes_on() {
    QFETCH(std::shared_ptr<model::Primitive>, primitive);
    test::SystemBuilder builder;
    builder.open(10, builder.station(*primitive));
    builder.horizon(300).system().outages = {once(1, Interrupted::restart)};
    const sim::Replication result =
        sim::simulate_records(builder.system(), {.seed = 7, .replication = 0, .bins = 30, .stop = {}});
    const sim::ClassTally& tally = result.classes[0];
    QCOMPARE(balance(tally), 0.0);
    QVERIFY(tally.completed > 0.97 * tally.arrived);
    // Bins of 10 s: from 110 s on only what had been in service may leave, which takes well below a second.
    for (int bin = 11; bin < 15; ++bin) QCOMPARE(tally.throughput[static_cast<std::size_t>(bin)], 0.0);
    QVERIFY(tally.throughput[15] > 12);
    QVERIFY(result.stations[0].population_max > 400);
    QCOMPARE(result.availability.platform, 1 - length / 300);
    const sim::Replication again =
        sim::simulate_records(builder.system(), {.seed = 7, .replication = 0, .bins = 30, .stop = {}});
    QCOMPARE(again.classes[0].response.mean(), tally.response.mean());
}

void OutagesTest::faults_are_named() {
    test::SystemBuilder builder;
    builder.open(1, builder.station(test::fcfs(1, Distribution::constant(0.1))));
    builder.system().outages = {once(1, Interrupted::resume, 3)};
    QVERIFY(model::fault_of(builder.system()).find("'cut'") != std::string::npos);
    builder.system().outages = {once(1.5, Interrupted::resume)};
    QVERIFY(!model::fault_of(builder.system()).empty());
    builder.system().outages = {once(1, Interrupted::resume)};
    QCOMPARE(model::fault_of(builder.system()), std::string());
}

QTEST_APPLESS_MAIN(OutagesTest)
#include "outages_test.moc"
