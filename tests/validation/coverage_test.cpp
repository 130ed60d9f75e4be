// Do the intervals mean what they say?

#include "networks.h"
#include "sim/kernel/statistics.h"
#include "sim/platform/replication.h"

#include <QtTest/QTest>
#include <cmath>
#include <vector>

using namespace headroom;

class CoverageTest : public QObject {
    Q_OBJECT

private slots:
    // 100 experiments of 10 replications of M/M/1 at 0.8, whose mean response is 5: the number of 95 %
    // intervals that hold it is binomial, and between 90 and 99 with probability 0.97.
    void the_interval_covers_the_truth() {
        const auto system =
            validation::Network().queue(1, model::Distribution::exponential(1)).open(0.8).until(50000);
        int covered = 0;
        double all = 0;
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            std::vector<double> means;
            for (int i = 0; i < 10; ++i) {
                const sim::ReplicationOptions options{
                    .seed = seed, .replication = i, .warm_up = 2000, .bins = 1};
                means.push_back(sim::simulate_records(system, options).classes[0].response.mean());
            }
            const auto interval = sim::confidence_interval(means, 0.95);
            all += interval.mean / 100;
            if (std::abs(interval.mean - 5) <= interval.half_width) ++covered;
        }
        qInfo("%d of 100 intervals cover the truth; mean of all %.4f", covered, all);
        QVERIFY(covered >= 90 && covered <= 99);
        QVERIFY(std::abs(all - 5) < 0.03);
    }
};

QTEST_APPLESS_MAIN(CoverageTest)
#include "coverage_test.moc"
