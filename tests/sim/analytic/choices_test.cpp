#include "sim/analytic/choices.h"

#include "../systems.h"
#include "sim/analytic/solver.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

class ChoicesTest : public QObject {
    Q_OBJECT

private slots:
    // Responses of exact chains (two lines, and two of three) and of simulations at record level.
    void waits_data() {
        QTest::addColumn<int>("lines");
        QTest::addColumn<int>("sampled");
        QTest::addColumn<double>("utilisation");
        QTest::addColumn<double>("response");
        QTest::addColumn<double>("within");
        const auto row = [](const char* name, int lines, int sampled, double utilisation, double response,
                            double within) {
            QTest::newRow(name) << lines << sampled << utilisation << response << within;
        };
        row("one line", 1, 0, 0.8, 5, 1e-9);
        row("two lines, exact", 2, 0, 0.8, 2.955737, 0.02);
        row("two lines, half full", 2, 0, 0.5, 1.4278, 0.02);
        row("four lines", 4, 0, 0.9, 3.2451, 0.02);
        row("ten lines", 10, 0, 0.8, 1.3605, 0.02);
        row("forty lines", 40, 0, 0.95, 1.5579, 0.02);
        row("two of three, exact", 3, 2, 0.7, 1.884792, 0.04);
        row("two of three, nearly full", 3, 2, 0.9, 4.2706, 0.04);
        row("two of ten", 10, 2, 0.9, 2.9898, 0.04);
        row("two of forty", 40, 2, 0.5, 1.2726, 0.04);
    }
    void waits() {
        QFETCH(int, lines);
        QFETCH(int, sampled);
        QFETCH(double, utilisation);
        QFETCH(double, response);
        QFETCH(double, within);
        const double off = (1 + sim::wait_of_shortest(lines, sampled, utilisation)) / response - 1;
        QVERIFY2(std::abs(off) <= within, qPrintable(QString::number(off)));
    }

    void lines_of_a_system_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("known");
        QTest::newRow("alike") << 0 << true;
        QTest::newRow("one is faster") << 1 << false;
        QTest::newRow("one has others too") << 2 << false;
        QTest::newRow("of two servers each") << 3 << false;
        QTest::newRow("of users") << 4 << false;
    }
    // By turns the slow line would get more than it can do; by length it does not, until both have too much.
    void unlike_lines_keep_up_together() {
        const auto overloads = [](double rate) {
            SystemBuilder builder;
            const int desk = builder.station(model::Delay{{Distribution::constant(0)}});
            const int fast = builder.station(fcfs(1, Distribution::exponential(1)));
            const int slow = builder.station(fcfs(1, Distribution::exponential(2)));
            builder.link(desk, {model::Routing::least_loaded, {{fast, 0.5}, {slow, 0.5}}}).open(rate, desk);
            return sim::solve(builder.system()).overloads.size();
        };
        QVERIFY(overloads(0.9) == 0 && overloads(1.2) == 0 && overloads(1.45) == 0);
        QVERIFY(overloads(1.6) > 0);
    }
    void lines_of_a_system() {
        QFETCH(int, which);
        QFETCH(bool, known);
        SystemBuilder builder;
        const int desk = builder.station(model::Delay{{Distribution::constant(0.5)}});
        model::Route choice{.routing = model::Routing::least_loaded, .branches = {}};
        for (int i = 0; i < 3; ++i) {
            const double service = which == 1 && i == 0 ? 0.5 : 1;
            choice.branches.push_back(
                {builder.station(fcfs(which == 3 ? 2 : 1, Distribution::exponential(service))), 1.0 / 3});
        }
        builder.link(desk, choice);
        if (which == 4)
            builder.closed(3, Distribution::exponential(1), desk);
        else
            builder.open(2.4, desk);
        if (which == 2) builder.open(0.1, choice.branches[0].station);
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        QCOMPARE(estimate.known, known);
        if (!known) return;
        QVERIFY(!estimate.classes[0].exact && !estimate.stations[1].exact);
        const double response = 1.5 + sim::wait_of_shortest(3, 0, 0.8);
        QVERIFY(std::abs(estimate.classes[0].response - response) < 1e-9);
        QVERIFY(std::abs(estimate.stations[1].population - 0.8 * (response - 0.5)) < 1e-9);
    }
};

QTEST_APPLESS_MAIN(ChoicesTest)
#include "choices_test.moc"
