#include "../systems.h"
#include "sim/analytic/solver.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

namespace {

/// Requests to one station of so many servers, each for a second.
SystemBuilder asking(double rate, int servers, int capacity, model::Persistence persistence) {
    SystemBuilder builder;
    builder.open(rate, builder.station(fcfs(servers, Distribution::exponential(1), capacity)));
    builder.system().open[0].persistence = std::move(persistence);
    return builder;
}

}  // namespace

class AttemptsTest : public QObject {
    Q_OBJECT

private slots:
    // Of an exponential response of 5 s, those within 5 s.
    void who_gives_up_once() {
        SystemBuilder builder =
            asking(0.8, 1, model::unlimited, {.timeout = Distribution::constant(5), .attempts = 1});
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        QVERIFY(estimate.known);
        const double within = 1 - std::exp(-1);
        QVERIFY(std::abs(estimate.classes[0].throughput - 0.8 * within) < 1e-9);
        QVERIFY(std::abs(estimate.classes[0].response - 5 * (1 - 2 * std::exp(-1)) / within) < 1e-9);
        QVERIFY(std::abs(estimate.stations[0].utilisation - 0.8) < 1e-12);
        QVERIFY(!estimate.classes[0].exact && estimate.stations[0].exact);
    }

    // The rate of attempts and the share that is turned away belong together.
    void who_is_turned_away_asks_again() {
        SystemBuilder builder =
            asking(8, 10, 10, {.attempts = 3, .back_off = model::seconds(2), .growth = 1});
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        QVERIFY(estimate.known);
        const double attempts = estimate.stations[0].arrival_rate[0], lost = sim::erlang_b(10, attempts);
        QVERIFY(lost > 0.1);
        QVERIFY(std::abs(attempts - 8 * (1 + lost + lost * lost)) < 1e-6);
        QVERIFY(std::abs(estimate.classes[0].throughput - 8 * (1 - lost * lost * lost)) < 1e-6);
        QVERIFY(std::abs(estimate.classes[0].rejected - 8 * lost * lost * lost) < 1e-6);
        const double again = (2 * lost + 4 * lost * lost) / (1 + lost + lost * lost);
        QVERIFY(std::abs(estimate.classes[0].response - (1 + again)) < 1e-6);
    }

    // As the record level has it.
    void seldom_in_vain() {
        SystemBuilder builder =
            asking(6, 20, model::unlimited,
                   {.timeout = Distribution::constant(1.5), .attempts = 3, .back_off = model::seconds(1)});
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        QVERIFY(estimate.known);
        QVERIFY(std::abs(estimate.classes[0].throughput / 5.941 - 1) < 0.005);
        QVERIFY(std::abs(estimate.classes[0].response / 1.2433 - 1) < 0.005);
        QVERIFY(std::abs(estimate.stations[0].utilisation / 0.3827 - 1) < 0.01);
    }

    // Where attempts breed attempts, chance decides what becomes of the system.
    void attempts_that_breed_attempts() {
        const Distribution patience = Distribution::constant(2);
        SystemBuilder near = asking(0.3, 1, model::unlimited, {.timeout = patience, .attempts = 3});
        const sim::SystemEstimate feedback = sim::solve(near.system());
        QVERIFY(!feedback.known && feedback.notes.empty());
        SystemBuilder over = asking(0.5, 1, model::unlimited, {.timeout = patience, .attempts = 3});
        const sim::SystemEstimate storm = sim::solve(over.system());
        QVERIFY(!storm.known);
        QCOMPARE(storm.notes.size(), std::size_t{1});
        QVERIFY(storm.notes[0].find("keeps itself up") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(AttemptsTest)
#include "attempts_test.moc"
