#include "sim/analytic/closed_network.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace headroom::sim;

namespace {

/// One-server queues and a delay, with demands that are drawn; a quarter of them none.
struct Drawn {
    std::vector<ClosedStation> stations;
    std::vector<ClosedClass> classes;
};
Drawn draw(unsigned seed, std::size_t classes) {
    std::mt19937 words(seed);
    const auto uniform = [&] { return static_cast<double>(words() >> 8) / (1 << 24); };
    Drawn drawn;
    for (int s = 0; s < 6; ++s) {
        ClosedStation station;
        station.queueing = s > 0;
        for (std::size_t k = 0; k < classes; ++k)
            station.demand.push_back(uniform() < 0.25 ? 0 : 0.1 + 3 * uniform());
        drawn.stations.push_back(station);
    }
    for (std::size_t k = 0; k < classes; ++k)
        drawn.classes.push_back({std::floor(1 + 30 * uniform() * uniform()), 20 * uniform()});
    return drawn;
}

}  // namespace

class LinearizerTest : public QObject {
    Q_OBJECT

private slots:
    // Against exact mean value analysis.
    void unequal_classes_are_near() {
        double worst = 0, sum = 0;
        int figures = 0;
        for (unsigned seed = 1; seed <= 100; ++seed) {
            const Drawn drawn = draw(seed, 2 + seed % 2);
            const ClosedSolution exact = solve_closed(drawn.stations, drawn.classes);
            const ClosedSolution near = approximate_closed(drawn.stations, drawn.classes);
            QVERIFY(exact.exact && !near.exact);
            for (std::size_t k = 0; k < drawn.classes.size(); ++k) {
                const double off = std::abs(near.throughput[k] / exact.throughput[k] - 1);
                worst = std::max(worst, off);
                sum += off;
                ++figures;
            }
        }
        qInfo("throughput: worst %.2f %%, mean %.3f %%", 100 * worst, 100 * sum / figures);
        QVERIFY(worst < 0.015);
        QVERIFY(sum / figures < 0.002);
    }

    // Two classes of which each has its own bottleneck, and many users: asymptotic bounds.
    void many_users_saturate() {
        std::vector<ClosedStation> stations(2);
        for (std::size_t s = 0; s < 2; ++s) {
            stations[s].queueing = true;
            stations[s].demand = {s == 0 ? 1.0 : 0.1, s == 0 ? 0.1 : 1.0};
        }
        const ClosedSolution solution = approximate_closed(stations, {{5000, 1}, {5000, 1}});
        for (const double throughput : solution.throughput) QVERIFY(std::abs(throughput - 1 / 1.1) < 1e-3);
    }

    void nobody_asks() {
        std::vector<ClosedStation> stations(1);
        stations[0].queueing = true;
        stations[0].demand = {1, 1};
        const ClosedSolution solution = approximate_closed(stations, {{0, 1}, {1, 1}});
        QCOMPARE(solution.throughput[0], 0.0);
        QVERIFY(std::abs(solution.throughput[1] - 0.5) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(LinearizerTest)
#include "linearizer_test.moc"
