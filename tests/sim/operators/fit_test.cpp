#include "sim/operators/fit.h"

#include <QtTest/QtTest>
#include <cmath>

using namespace headroom;

class FitTest : public QObject {
    Q_OBJECT

private slots:
    void finds_a_line_exactly() {
        sim::LineFit line = sim::fit_line({.rows = {100, 200, 400, 800}, .seconds = {0.3, 0.5, 0.9, 1.7}});
        QCOMPARE(line.fixed, 0.1);
        QCOMPARE(line.per_row, 0.002);
        QCOMPARE(line.r2, 1.0);
    }
    void keeps_both_parts_at_zero_or_above() {
        sim::LineFit steep = sim::fit_line({.rows = {1, 2, 3}, .seconds = {0.1, 1.2, 2.3}});
        QCOMPARE(steep.fixed, 0.0);
        QVERIFY(steep.per_row > 0);
        sim::LineFit falling = sim::fit_line({.rows = {1, 2, 3}, .seconds = {3, 2, 1}});
        QCOMPARE(falling.per_row, 0.0);
        QVERIFY(falling.fixed > 0);
    }
    void weighs_by_relative_error() {
        // Ten per cent off at the smallest and at the largest size pull with the same force.
        sim::LineFit line = sim::fit_line({.rows = {10, 1000}, .seconds = {1.1, 90}});
        QVERIFY(std::abs(line.fixed + 10 * line.per_row - 1.1) < 1e-9);
    }
    void gives_an_interval_by_student() {
        model::Measured mean = sim::mean_of({1, 2, 3, 4, 5});
        QCOMPARE(mean.value, 3.0);
        QVERIFY(std::abs(mean.half_width - 2.7764451 * std::sqrt(2.5 / 5)) < 1e-6);
        QVERIFY(std::isnan(sim::mean_of({1}).half_width));
    }
};

QTEST_APPLESS_MAIN(FitTest)
#include "fit_test.moc"
