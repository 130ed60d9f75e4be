#include "../systems.h"
#include "sim/analytic/region_figures.h"
#include "sim/analytic/solver.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

namespace {

bool near(double a, double b, double within = 1e-9) { return std::abs(a - b) <= within * std::abs(b); }

}  // namespace

class RegionsTest : public QObject {
    Q_OBJECT

private slots:
    // A room around one station is that station's own.
    void one_station_is_finite() {
        SystemBuilder builder;
        const int server = builder.station(fcfs(3, Distribution::exponential(1)));
        builder.open(2.7, server);
        builder.system().regions.push_back({"room", {server}, 8, {}, model::Overflow::drop});
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        const double loss = sim::mmck_loss(3, 8, 2.7);
        QVERIFY(estimate.known && estimate.classes[0].exact && estimate.classes[0].rate_exact);
        QVERIFY(near(estimate.classes[0].throughput, 2.7 * (1 - loss)));
        QVERIFY(near(estimate.classes[0].rejected, 2.7 * loss));
        QVERIFY(near(estimate.stations[0].utilisation, 0.9 * (1 - loss)));
    }

    // Two loss systems in one: Kaufman, IEEE Transactions on Communications 1981, of requests for one trunk.
    void limits_of_classes() {
        SystemBuilder builder(2);
        const int line =
            builder.station(model::Delay{{Distribution::lognormal(1, 2), Distribution::constant(2)}});
        builder.open(1, line, 0).open(0.5, line, 1);
        builder.system().regions.push_back({"room", {line}, 3, {3, 1}, model::Overflow::drop});
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        // Offered 1 and 1; states (a, b) with b <= 1 and a + b <= 3 weigh 1 / (a! b!).
        const double all = 1 + 1 + 0.5 + 1.0 / 6 + 1 + 1 + 0.5, full = 1.0 / 6 + 0.5;
        QVERIFY(estimate.known && estimate.classes[0].exact);
        QVERIFY(near(estimate.classes[0].throughput, 1 - full / all));
        QVERIFY(near(estimate.classes[1].throughput, 0.5 * (1 - (1.0 / 6 + 2.5) / all)));
    }

    // Who waits outside one server's room of one waits in its line: M/M/1.
    void waiting_outside_is_waiting() {
        SystemBuilder builder;
        const int server = builder.station(fcfs(1, Distribution::exponential(1)));
        builder.open(0.8, server);
        builder.system().regions.push_back({"room", {server}, 1, {}, model::Overflow::block});
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        QVERIFY(estimate.known && !estimate.classes[0].exact && estimate.classes[0].rate_exact);
        QVERIFY(near(estimate.classes[0].response, 5));
        QVERIFY(near(estimate.stations[0].response[0], 1));
        builder.system().open[0].rate.base = model::per_second(1.25);
        const sim::SystemEstimate overloaded = sim::solve(builder.system());
        QCOMPARE(overloaded.overloads.size(), std::size_t{1});
        QVERIFY(near(overloaded.overloads[0].growth, 0.25));
        QVERIFY(near(overloaded.classes[0].throughput, 1));
    }

    void what_has_no_formula() {
        SystemBuilder builder;
        auto picky = fcfs(1, Distribution::exponential(1));
        picky.discipline = model::Discipline::lcfs;
        const int server = builder.station(picky);
        builder.open(0.5, server);
        builder.system().regions.push_back({"room", {server}, 2, {}, model::Overflow::drop});
        QVERIFY(!sim::solve(builder.system()).known);
        SystemBuilder users;
        const int answer = users.station(fcfs(1, Distribution::exponential(1)));
        users.closed(3, Distribution::exponential(1), answer);
        users.system().regions.push_back({"room", {answer}, 2, {}, model::Overflow::block});
        QVERIFY(!sim::solve(users.system()).known);
    }
};

QTEST_APPLESS_MAIN(RegionsTest)
#include "regions_test.moc"
