#include "sim/experiment/effects.h"

#include "sim/experiment/design.h"

#include <QTest>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

using namespace headroom;

namespace {

using Function = std::function<double(const std::vector<double>&)>;

std::vector<double> values_at(const std::vector<std::vector<double>>& points, const Function& function) {
    std::vector<double> values;
    for (const auto& point : points) values.push_back(function(point));
    return values;
}

/// Ishigami and Homma (1990) with a = 7, b = 0.1, over -pi to pi.
double ishigami(const std::vector<double>& u) {
    const auto x = [&](std::size_t i) { return std::numbers::pi * (2 * u[i] - 1); };
    return std::sin(x(0)) + 7 * std::pow(std::sin(x(1)), 2) + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

/// Its variance and indices (Saltelli et al., Global Sensitivity Analysis, 2008, 4.6).
struct Known {
    double variance = 0;
    std::vector<double> first, total;
};
Known ishigami_indices() {
    const double pi4 = std::pow(std::numbers::pi, 4), a = 7, b = 0.1;
    const double variance = a * a / 8 + b * pi4 / 5 + b * b * pi4 * pi4 / 18 + 0.5;
    const double v1 = 0.5 * std::pow(1 + b * pi4 / 5, 2), v2 = a * a / 8, v13 = 8 * b * b * pi4 * pi4 / 225;
    return {
        variance, {v1 / variance, v2 / variance, 0}, {(v1 + v13) / variance, v2 / variance, v13 / variance}};
}

/// Sobol's g-function: the product of (|4 x - 2| + a) / (1 + a).
const std::vector<double> g_parameters{0, 1, 4.5, 9, 99, 99, 99, 99};
double g_function(const std::vector<double>& u) {
    double product = 1;
    for (std::size_t i = 0; i < g_parameters.size(); ++i)
        product *= (std::abs(4 * u[i] - 2) + g_parameters[i]) / (1 + g_parameters[i]);
    return product;
}
Known g_indices() {
    double all = 1;
    std::vector<double> own;
    for (const double a : g_parameters) {
        own.push_back(1 / (3 * (1 + a) * (1 + a)));
        all *= 1 + own.back();
    }
    Known known{all - 1, {}, {}};
    for (const double v : own) {
        known.first.push_back(v / known.variance);
        known.total.push_back(v * all / (1 + v) / known.variance);
    }
    return known;
}

double linear(const std::vector<double>& u) { return 100 + 3 * u[0] - 2 * u[1] + 0 * u[2]; }
Known linear_indices() { return {(9 + 4) / 12.0, {9.0 / 13, 4.0 / 13, 0}, {9.0 / 13, 4.0 / 13, 0}}; }

bool holds(const model::Estimate& estimate, double truth) {
    return estimate.low() <= truth && truth <= estimate.high();
}

}  // namespace

class EffectsTest : public QObject {
    Q_OBJECT

private slots:
    void finds_known_indices_data() {
        QTest::addColumn<int>("function");
        QTest::addColumn<int>("pairs");
        const char* names[] = {"linear", "ishigami", "g"};
        for (int function = 0; function < 3; ++function)
            for (const int pairs : {64, 256, 1024})
                QTest::addRow("%s %d", names[function], pairs) << function << pairs;
    }
    /// Within their own intervals, which shrink as the design grows.
    void finds_known_indices() {
        QFETCH(int, function);
        QFETCH(int, pairs);
        constexpr double all_hold =
            0.9995;  // with this confidence each, 84 intervals hold together with 96 %
        const Function functions[] = {linear, ishigami, g_function};
        const Known known[] = {linear_indices(), ishigami_indices(), g_indices()};
        const Known& truth = known[function];
        const int dimensions = static_cast<int>(truth.first.size());
        const auto points = sim::sobol_index_points(pairs, dimensions, 1);
        QCOMPARE(points.size(), static_cast<std::size_t>(pairs * (dimensions + 2)));
        const auto found = sim::sobol_indices(values_at(points, functions[function]), dimensions, all_hold);
        QCOMPARE(found.rows, pairs);
        QVERIFY(std::abs(found.deviation / std::sqrt(truth.variance) - 1) < 2 / std::sqrt(pairs));
        for (std::size_t i = 0; i < truth.first.size(); ++i) {
            const sim::SobolIndex& index = found.inputs[i];
            const QString told = QString("input %1: first %2 ± %3 (%4), total %5 ± %6 (%7)")
                                     .arg(i)
                                     .arg(index.first.value)
                                     .arg(index.first.half_width)
                                     .arg(truth.first[i])
                                     .arg(index.total.value)
                                     .arg(index.total.half_width)
                                     .arg(truth.total[i]);
            QVERIFY2(
                holds(index.first, truth.first[i]) || std::abs(index.first.value - truth.first[i]) < 1e-9,
                qPrintable(told));
            QVERIFY2(
                holds(index.total, truth.total[i]) || std::abs(index.total.value - truth.total[i]) < 1e-9,
                qPrintable(told));
            // Wide enough to be true, narrow enough to say something.
            QVERIFY2(index.total.half_width < 10 / std::sqrt(pairs), qPrintable(told));
            QVERIFY2(index.first.half_width < 10 / std::sqrt(pairs), qPrintable(told));
        }
    }

    /// Many designs drawn by chance: about 95 of 100 intervals hold the truth.
    void intervals_hold_what_they_promise() {
        const Known truth = ishigami_indices();
        int held = 0, all = 0;
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            constexpr int dimensions = 3;
            const auto points = sim::sobol_index_points(128, dimensions, seed);
            const auto values = values_at(points, ishigami);
            const auto found = sim::sobol_indices(values, dimensions, 0.95);
            for (std::size_t i = 0; i < dimensions; ++i) {
                held += holds(found.inputs[i].first, truth.first[i]) +
                        holds(found.inputs[i].total, truth.total[i]);
                all += 2;
            }
        }
        QVERIFY2(held > 0.92 * all, qPrintable(QString("%1 of %2").arg(held).arg(all)));
    }

    void screens_a_linear_function() {
        const auto points = sim::morris_trajectories(6, 3, 1);
        QCOMPARE(points.size(), std::size_t(6 * 4));
        const auto effects = sim::elementary_effects(points, values_at(points, linear), 0.95);
        for (std::size_t i = 0; i < 3; ++i) {
            const double slope[] = {3, -2, 0};
            QVERIFY(std::abs(effects[i].mean.value - slope[i]) < 1e-9);
            QVERIFY(std::abs(effects[i].size.value - std::abs(slope[i])) < 1e-9);
            QVERIFY(effects[i].deviation.value < 1e-9 && effects[i].size.half_width < 1e-9);
            QCOMPARE(effects[i].effects, 6);
        }
    }

    /// Of x y, the effect of x is y: over the levels 0, 1/3, 2/3, 1 its mean is 1/2 and its deviation
    /// sqrt(5/36). Intervals of ten trajectories hold that in about 95 of 100 designs.
    void screens_an_interaction() {
        const Function product = [](const std::vector<double>& u) { return u[0] * u[1]; };
        int held = 0, held_deviation = 0;
        constexpr int designs = 400;
        for (std::uint64_t seed = 1; seed <= designs; ++seed) {
            const auto points = sim::morris_trajectories(10, 2, seed);
            const auto effects = sim::elementary_effects(points, values_at(points, product), 0.95);
            held += holds(effects[0].size, 0.5);
            held_deviation += holds(effects[0].deviation, std::sqrt(5.0 / 36));
        }
        QVERIFY2(held > 0.92 * designs && held < 0.99 * designs, qPrintable(QString::number(held)));
        QVERIFY2(held_deviation > 0.88 * designs, qPrintable(QString::number(held_deviation)));
    }

    /// Trajectories stay in the cube, move one coordinate at a time and every one once.
    void draws_trajectories() {
        constexpr std::size_t dimensions = 5;
        const auto points = sim::morris_trajectories(20, dimensions, 3);
        for (std::size_t t = 0; t < 20; ++t) {
            std::vector<int> moved(dimensions);
            for (std::size_t step = 0; step < dimensions; ++step) {
                const auto &from = points[t * (dimensions + 1) + step],
                           &to = points[t * (dimensions + 1) + step + 1];
                for (std::size_t d = 0; d < dimensions; ++d) {
                    QVERIFY(to[d] >= 0 && to[d] <= 1);
                    if (from[d] == to[d]) continue;
                    ++moved[d];
                    QVERIFY(std::abs(std::abs(to[d] - from[d]) - 2.0 / 3) < 1e-12);
                }
            }
            QCOMPARE(moved, std::vector<int>(dimensions, 1));
        }
        QCOMPARE(sim::morris_trajectories(20, dimensions, 3), points);
        QVERIFY(sim::morris_trajectories(20, dimensions, 4) != points);
    }

    /// What is overloaded has no finite figure: rows and effects that rest on it are left out and counted.
    void leaves_out_what_is_not_finite() {
        const auto points = sim::sobol_index_points(64, 3, 1);
        auto values = values_at(points, linear);
        values[7] = std::numeric_limits<double>::infinity();
        const auto found = sim::sobol_indices(values, 3, 0.95);
        QCOMPARE(found.rows, 63);
        QCOMPARE(found.of, 64);
        QVERIFY(holds(found.inputs[0].first, 9.0 / 13));
        const auto trajectories = sim::morris_trajectories(4, 3, 1);
        auto others = values_at(trajectories, linear);
        others[0] = std::nan("");
        const auto effects = sim::elementary_effects(trajectories, others, 0.95);
        QCOMPARE(effects[0].effects + effects[1].effects + effects[2].effects, 11);
        const auto constant = sim::sobol_indices(std::vector<double>(5 * 64, 7.0), 3, 0.95);
        QCOMPARE(constant.deviation, 0.0);
        QCOMPARE(sim::sobol_indices({}, 3, 0.95).rows, 0);
    }
};

QTEST_APPLESS_MAIN(EffectsTest)
#include "effects_test.moc"
