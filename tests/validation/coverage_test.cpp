// Do the intervals mean what they say? tests/bench/coverage prints more cases.

#include "coverage.h"

#include <QtTest/QTest>

using namespace headroom;

class CoverageTest : public QObject {
    Q_OBJECT

private slots:
    // Of 100 intervals at 95 %, between 90 and 100 hold the truth with probability 0.99; the intervals are
    // made to err on the safe side. Where too few items lie beyond a percentile, it has no interval.
    void intervals_hold_the_truth_data() {
        QTest::addColumn<int>("servers");
        QTest::addColumn<double>("utilisation");
        QTest::addColumn<double>("customers");
        QTest::addColumn<int>("replications");
        QTest::addColumn<QString>("objective");
        QTest::addColumn<double>("highest_known");
        QTest::newRow("M/M/1 at 0.5") << 1 << 0.5 << 20'000.0 << 10 << "mean" << 0.999;
        QTest::newRow("M/M/1 at 0.9") << 1 << 0.9 << 20'000.0 << 10 << "mean" << 0.95;
        QTest::newRow("M/M/4 at 0.9") << 4 << 0.9 << 20'000.0 << 10 << "mean" << 0.95;
        QTest::newRow("M/M/1 at 0.5 until precise") << 1 << 0.5 << 10'000.0 << 0 << "p99" << 0.99;
    }
    void intervals_hold_the_truth() {
        QFETCH(int, servers);
        QFETCH(double, utilisation);
        QFETCH(double, customers);
        QFETCH(int, replications);
        QFETCH(QString, objective);
        QFETCH(double, highest_known);
        const auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        QVERIFY(catalog.has_value());
        const std::string asked = objective.toStdString();
        validation::Coverage coverage({servers, utilisation, customers, replications, asked.c_str()},
                                      *catalog);
        QVERIFY(coverage.valid());
        for (std::uint64_t seed = 1; seed <= 100; ++seed) coverage.run(seed, *catalog);
        for (const auto& figure : coverage.figures()) {
            const double runs = std::max(1, figure.known);
            const double bias = figure.bias / runs, half_width = figure.half_width / runs;
            qInfo("%-13s known %3d, held %3d, bias %+.2f %%, half-width %.2f %%", figure.metric, figure.known,
                  figure.held, 100 * bias, 100 * half_width);
            if (figure.p > highest_known) {
                QVERIFY(figure.known < 0.8 * figure.runs);
                continue;
            }
            QCOMPARE(figure.runs, 100);
            QVERIFY(figure.known >= 95);
            QVERIFY(figure.share_held() >= 0.90);
            // The mean of so many estimates is some ten times as precise as one of them.
            QVERIFY(std::abs(bias) < 0.001 + 0.2 * half_width);
        }
    }
};

QTEST_APPLESS_MAIN(CoverageTest)
#include "coverage_test.moc"
