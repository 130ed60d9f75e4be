#include "sim/kernel/statistics.h"

#include "sim/kernel/random.h"

#include <QtTest/QTest>
#include <cmath>
#include <vector>

using namespace headroom::sim;

class StatisticsTest : public QObject {
    Q_OBJECT

private slots:
    void students_quantiles_are_those_of_the_table_data() {
        QTest::addColumn<double>("p");
        QTest::addColumn<int>("dof");
        QTest::addColumn<double>("quantile");
        QTest::newRow("1") << 0.975 << 1 << 12.7062;
        QTest::newRow("9") << 0.975 << 9 << 2.26216;
        QTest::newRow("19") << 0.975 << 19 << 2.09302;
        QTest::newRow("30, 99 %") << 0.995 << 30 << 2.75000;
        QTest::newRow("middle") << 0.5 << 5 << 0.0;
    }
    void students_quantiles_are_those_of_the_table() {
        QFETCH(double, p);
        QFETCH(int, dof);
        QFETCH(double, quantile);
        QVERIFY(std::abs(student_t(p, dof) - quantile) < 1e-4);
    }

    void an_interval_is_mean_and_t_times_the_standard_error() {
        const std::vector<double> samples{1, 2, 3, 4, 5};
        const Interval interval = confidence_interval(samples, 0.95);
        QCOMPARE(interval.mean, 3.0);
        QVERIFY(std::abs(interval.half_width - 2.776445 * std::sqrt(2.5 / 5)) < 1e-5);
    }

    void few_samples_have_no_interval() {
        QVERIFY(std::isinf(confidence_interval({}, 0.95).half_width));
        const std::vector<double> one{4};
        QCOMPARE(confidence_interval(one, 0.95).mean, 4.0);
        QVERIFY(std::isinf(confidence_interval(one, 0.95).half_width));
    }

    void warm_up_is_found() {
        RandomStream random(3, 4, 5);
        std::vector<double> means(2000);
        for (std::size_t i = 0; i < means.size(); ++i) {
            means[i] = 10 - 10 * std::exp(-static_cast<double>(i) / 50) + random.uniform();
        }
        const std::size_t cut = mser5(means);
        QVERIFY2(cut > 100 && cut < 400, qPrintable(QString::number(cut)));
    }

    void a_steady_series_is_hardly_cut() {
        RandomStream random(3, 4, 6);
        std::vector<double> means(2000);
        for (double& mean : means) mean = random.uniform();
        QVERIFY(mser5(means) < 200);
        QCOMPARE(mser5({}), std::size_t{0});
        QCOMPARE(mser5(std::vector<double>{1}), std::size_t{0});
    }

    void a_series_that_never_settles_is_cut_at_the_middle() {
        std::vector<double> means(1000);
        for (std::size_t i = 0; i < means.size(); ++i) means[i] = static_cast<double>(i);
        QCOMPARE(mser5(means), means.size() / 2);
    }
};

QTEST_APPLESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
