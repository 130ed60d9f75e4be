#include "sim/operators/fit.h"

#include <QtTest/QtTest>
#include <cmath>
#include <random>

using namespace headroom;

class FitTest : public QObject {
    Q_OBJECT

private slots:
    void finds_the_terms_data() {
        QTest::addColumn<double>("fixed");
        QTest::addColumn<double>("per_row");
        QTest::addColumn<double>("per_byte");
        QTest::newRow("all") << 1e-3 << 2e-7 << 3e-9;
        QTest::newRow("no bytes") << 1e-3 << 2e-7 << 0.0;
        QTest::newRow("bytes only") << 0.0 << 0.0 << 3e-9;
        QTest::newRow("fixed only") << 5e-4 << 0.0 << 0.0;
    }
    void finds_the_terms() {
        QFETCH(double, fixed);
        QFETCH(double, per_row);
        QFETCH(double, per_byte);
        std::vector<sim::FitPoint> points;
        for (double rows : {100.0, 1000.0, 10'000.0, 100'000.0})
            for (double length : {100.0, 250.0})
                points.push_back({rows, rows * length, fixed + per_row * rows + per_byte * rows * length});
        const sim::CostFit fit = sim::fit_cost(points);
        QVERIFY(std::abs(fit.fixed - fixed) < 1e-9);
        QVERIFY(std::abs(fit.per_row - per_row) < 1e-12);
        QVERIFY(std::abs(fit.per_byte - per_byte) < 1e-14);
        QVERIFY(fit.worst_miss < 1e-6);
    }

    void tells_bytes_apart_only_where_they_differ() {
        std::vector<sim::FitPoint> points;
        for (double rows : {100.0, 1000.0, 10'000.0})
            points.push_back({rows, rows * 230, 1e-3 + 2e-7 * rows});
        const sim::CostFit fit = sim::fit_cost(points);
        QCOMPARE(fit.per_byte, 0.0);
        QVERIFY(std::abs(fit.per_row - 2e-7) < 1e-12);
    }

    void nothing_is_below_zero() {
        // The line through these points meets the axis below zero.
        const sim::CostFit fit =
            sim::fit_cost({{100, 100, 1e-6}, {1000, 1000, 2e-5}, {10'000, 10'000, 3e-4}});
        QCOMPARE(fit.fixed, 0.0);
        QVERIFY(fit.per_row > 0);
        QVERIFY(fit.worst_miss > 0.1);
    }

    void few_points_are_enough_data() {
        QTest::addColumn<int>("count");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("two") << 2;
    }
    void few_points_are_enough() {
        QFETCH(int, count);
        std::vector<sim::FitPoint> points;
        for (int i = 0; i < count; ++i) points.push_back({100.0 * (i + 1), 100.0 * (i + 1), 1e-3 * (i + 1)});
        const sim::CostFit fit = sim::fit_cost(points);
        QVERIFY(std::isfinite(fit.fixed) && std::isfinite(fit.per_row) && std::isfinite(fit.per_byte));
    }

    void growth_shows_what_grows_faster() {
        std::vector<model::TimedBatch> straight, square;
        for (double rows : {1e3, 1e4, 1e5}) {
            straight.push_back({rows, 1e-3 + 1e-7 * rows});
            square.push_back({rows, 1e-3 + 1e-11 * rows * rows});
        }
        QVERIFY(std::abs(sim::growth(straight, 1e-3) - 1) < 1e-9);
        QVERIFY(std::abs(sim::growth(square, 1e-3) - 2) < 1e-9);
        QCOMPARE(sim::growth({}, 0), 1.0);
        // Noise can make more rows look cheaper; no step is.
        QCOMPARE(sim::growth({{100, 2e-3}, {1000, 1.9e-3}}, 1e-3), 0.0);
    }

    void repetitions_count_by_the_least_disturbed_data() {
        QTest::addColumn<QVector<double>>("seconds");
        QTest::addColumn<double>("expected");
        QTest::newRow("none") << QVector<double>{} << 0.0;
        QTest::newRow("one") << QVector<double>{3} << 3.0;
        QTest::newRow("few") << QVector<double>{3, 2, 9} << 2.0;
        QTest::newRow("one freak low") << QVector<double>{5, 1, 4, 9, 3} << 3.0;
    }
    void repetitions_count_by_the_least_disturbed() {
        QFETCH(QVector<double>, seconds);
        QFETCH(double, expected);
        QCOMPARE(sim::undisturbed({seconds.begin(), seconds.end()}), expected);
    }

    void rows_differ_beyond_what_repetitions_do() {
        // Without scatter it is the variance of the groups' means: (0.3^2 + 0.1^2 + 0.1^2 + 0.3^2) / 4.
        const std::vector<double> apart{0.7, 0.9, 1.1, 1.3};
        QVERIFY(std::abs(sim::scv_between({apart, apart, apart}).value - 0.05) < 1e-12);
        // A process that is slower by a factor is as good as another.
        QVERIFY(std::abs(sim::scv_between({apart, {1.4, 1.8, 2.2, 2.6}}).value - 0.05) < 1e-12);
        QCOMPARE(sim::scv_between({}).value, 0.0);
        QCOMPARE(sim::scv_between({{0, 0}, {0, 0}}).value, 0.0);
        QVERIFY(std::isnan(sim::scv_between({apart}).half_width));

        // Rows that are all alike: what repetitions scatter by does not make them differ.
        std::mt19937 bits(7);
        std::normal_distribution scatter(1.0, 0.1);
        double alike = 0, naive = 0, different = 0;
        constexpr int rounds = 400;
        for (int round = 0; round < rounds; ++round) {
            std::vector<std::vector<double>> same(5), other(5);
            for (std::size_t p = 0; p < 5; ++p)
                for (const double mean : apart) {
                    const double noise = scatter(bits);
                    same[p].push_back(noise);
                    other[p].push_back(mean * noise);
                }
            alike += sim::scv_between(same).value / rounds;
            naive += sim::scv_between({same[0]}).value / rounds;
            different += sim::scv_between(other).value / rounds;
        }
        QVERIFY2(alike < 0.15 * naive, qPrintable(QString::number(alike / naive)));
        QVERIFY2(std::abs(different / 0.05 - 1) < 0.05, qPrintable(QString::number(different)));
    }

    void the_interval_is_students() {
        const model::Measured figure = sim::mean_of({1, 2, 3, 4, 5});
        QCOMPARE(figure.value, 3.0);
        // t(4 degrees of freedom, 97.5 %) = 2.776; standard error = sqrt(2.5 / 5).
        QVERIFY(std::abs(figure.half_width - 2.776 * std::sqrt(0.5)) < 1e-3);
        QVERIFY(std::isnan(sim::mean_of({1}).half_width));
        QCOMPARE(sim::median({3, 1, 2}), 2.0);
        QCOMPARE(sim::median({4, 1, 2, 3}), 2.5);
        QCOMPARE(sim::median({}), 0.0);
    }
};

QTEST_APPLESS_MAIN(FitTest)
#include "fit_test.moc"
