// Room that is limited, patience that ends and requests that are tried again, at record level: whatever is
// combined, nothing vanishes, every user comes back, and no room holds more than it has.

#include "../systems.h"
#include "model/system/blocking.h"
#include "sim/platform/replication.h"
#include "sim/stations/arrivals.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;
using model::Overflow;

namespace {

double balance(const sim::ClassTally& c) {
    return c.arrived + c.created - c.completed - c.merged - c.filtered - c.in_flight - c.rejected -
           c.expired - c.lost;
}

model::Queue queue(int classes, double mean, int capacity = model::unlimited) {
    return {.servers = 1,
            .capacity = capacity,
            .service = std::vector(static_cast<std::size_t>(classes), Distribution::exponential(mean))};
}

model::Persistence persistence(double timeout, int attempts, bool cancels) {
    return {.timeout = Distribution::constant(timeout),
            .attempts = attempts,
            .back_off = model::seconds(0.3),
            .longest = model::seconds(2),
            .jitter = 0.5,
            .cancels = cancels};
}

}  // namespace

class RoomsTest : public QObject {
    Q_OBJECT

private slots:
    void nothing_vanishes_data() {
        QTest::addColumn<bool>("cancels");
        QTest::newRow("abandoned work goes on") << false;
        QTest::newRow("abandoned work is cancelled") << true;
    }
    // A blocking tandem with a branch back, a queue that lets come again, one that loses patience and serves
    // batches, one that shares at changing speed, two regions (one with limits for classes), bulks, states,
    // users, and senders of both kinds that give up.
    void nothing_vanishes() {
        QFETCH(bool, cancels);
        SystemBuilder b(2);
        const auto add = [&](model::Queue q) { return b.station(std::move(q)); };
        model::Queue second = queue(2, 0.08, 3), third = queue(2, 0.07, 2), again = queue(2, 0.1, 2);
        model::Queue impatient = queue(2, 0.2), shared = queue(2, 0.05, 4);
        second.overflow = third.overflow = shared.overflow = Overflow::block;
        again.overflow = Overflow::retry;
        again.retry_after = Distribution::exponential(0.4);
        again.attempts = 3;
        impatient.patience = {Distribution::exponential(0.3), std::nullopt};
        impatient.batch_most = 3;
        impatient.batch_least = 2;
        impatient.discipline = model::Discipline::random;
        shared.discipline = model::Discipline::processor_sharing;
        shared.speeds = {1, 1.5};
        const int a = add(queue(2, 0.06)), c = add(second), d = add(third), e = add(again),
                  f = add(impatient), g = add(shared),
                  network = b.station(model::Delay{queue(2, 0.1).service});
        for (int k = 0; k < 2; ++k)
            b.link(a, c, k)
                .link(c, d, k)
                .link(d, {model::Routing::split, {{network, 0.8}, {a, 0.2}}}, k)
                .link(network, e, k)
                .link(e, f, k)
                .link(f, g, k);
        b.open(2, a, 0).closed(20, Distribution::exponential(2), network, 1).horizon(3000);
        model::System& system = b.system();
        system.regions = {{"inner", {c, d}, 4, {}, Overflow::drop},
                          {"outer", {f, g}, 9, {4, model::unlimited}, Overflow::block},
                          {"network", {network}, 2, {}, Overflow::retry, Distribution::exponential(0.1), 4}};
        system.open[0].persistence = persistence(1.5, 3, cancels);
        system.open[0].pattern.bulk.geometric_mean = 2;
        system.open[0].pattern.states = {{model::per_second(0.5), model::seconds(3), {0, 1}},
                                         {model::per_second(5), model::seconds(1.5), {1, 0}}};
        system.closed[0].persistence = persistence(1, 2, cancels);
        QCOMPARE(QString::fromStdString(model::fault_of(system)), QString());
        const auto r = sim::simulate_records(system, {.warm_up = 100});
        for (const auto& t : r.classes) {
            QCOMPARE(balance(t), 0.0);
            QVERIFY2(t.completed > 500 && t.expired > 10 && t.attempts > t.arrived * 1.05,
                     qPrintable(QString("%1 of %2 completed, %3 expired, %4 attempts")
                                    .arg(t.completed)
                                    .arg(t.arrived)
                                    .arg(t.expired)
                                    .arg(t.attempts)));
        }
        QVERIFY(r.classes[0].rejected > 10);
        QVERIFY(r.classes[1].in_flight <= 20);
        for (const auto& [station, most] : {std::pair{c, 3}, {d, 2}, {e, 2}, {g, 4}})
            QVERIFY(r.stations[static_cast<std::size_t>(station)].population_max <= most);
        const auto again_r = sim::simulate_records(system, {.warm_up = 100});
        QCOMPARE(again_r.classes[0].response.mean(), r.classes[0].response.mean());
    }

    // Stations in a ring that block each other, with so few users that they never all wait for one another.
    void users_go_round_in_a_blocking_ring() {
        SystemBuilder b;
        model::Queue small = queue(1, 0.1, 2);
        small.overflow = Overflow::block;
        const int first = b.station(small), second = b.station(small), third = b.station(small);
        b.link(first, second)
            .link(second, third)
            .link(third, {model::Routing::split, {{first, 0.999}, {model::outside, 0.001}}});
        b.closed(5, Distribution::constant(0.001), first).horizon(5000);
        QVERIFY(model::deadlock_in(b.system()).empty());
        const auto r = sim::simulate_records(b.system(), {});
        QVERIFY(r.stations[1].visits[0].departures > 20'000);
        b.system().closed[0].users = 6;
        QCOMPARE(model::deadlock_in(b.system()), (std::vector{first, second, third, first}));
        b.system().closed[0].users = 5;
        b.open(0.1, second);
        QVERIFY(!model::deadlock_in(b.system()).empty());
    }

    // Who finds the single place taken tries three times: of M/D/1/1 with pauses much longer than anything
    // else, the attempts are close to Poisson, and a share b^3 is rejected, where b is the blocked share:
    // b = g / (1 + g), g = lambda (1 + b + b^2).
    void attempts_end() {
        SystemBuilder b;
        model::Queue q = queue(1, 1, 1);
        q.overflow = Overflow::retry;
        q.retry_after = Distribution::exponential(300);
        q.attempts = 3;
        b.open(0.5, b.station(q)).horizon(400'000);
        const auto r = sim::simulate_records(b.system(), {.warm_up = 20'000});
        double blocked = 0.3;
        for (int i = 0; i < 200; ++i) {
            const double load = 0.5 * (1 + blocked + blocked * blocked);
            blocked = load / (1 + load);
        }
        const double rejected = r.classes[0].rejected / r.classes[0].arrived;
        QVERIFY2(std::abs(rejected / std::pow(blocked, 3) - 1) < 0.05, qPrintable(QString::number(rejected)));
    }

    // The n-th attempt comes after 1, 2, 4, 4 s, when nobody ever answers.
    void pauses_grow() {
        SystemBuilder b;
        model::Queue never = queue(1, 1e6);
        b.open(0.01, b.station(never)).horizon(1e5);
        b.system().open[0].persistence = model::Persistence{.timeout = Distribution::constant(1),
                                                            .attempts = 5,
                                                            .back_off = model::seconds(1),
                                                            .longest = model::seconds(4)};
        const auto r = sim::simulate_records(b.system(), {});
        const auto& c = r.classes[0];
        QCOMPARE(balance(c), 0.0);
        // 5 s of waiting and 11 s of pauses; a few are on their way at the end.
        QVERIFY(c.in_flight < 5);
        QVERIFY(std::abs(c.attempts - 5 * c.arrived) < 25);
    }

    void records_are_replayed() {
        const auto times = std::make_shared<const std::vector<double>>(std::vector<double>{0, 0.5, 0.5, 2});
        sim::TraceTime once({times, 3, false}), over({times, 3, true});
        for (const double t : {0.0, 0.5, 0.5, 2.0}) QCOMPARE(once.next(), t);
        QVERIFY(std::isinf(once.next()));
        for (const double t : {0.0, 0.5, 0.5, 2.0, 3.0, 3.5, 3.5, 5.0, 6.0}) QCOMPARE(over.next(), t);
        SystemBuilder b;
        b.open(4.0 / 3, b.station(queue(1, 0.01))).horizon(30);
        b.system().open[0].pattern.trace = {times, 3, true};
        QCOMPARE(sim::simulate_records(b.system(), {}).classes[0].arrived, 40.0);
    }
};

QTEST_APPLESS_MAIN(RoomsTest)
#include "rooms_test.moc"
