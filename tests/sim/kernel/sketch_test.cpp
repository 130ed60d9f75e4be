#include "sim/kernel/sketch.h"

#include "sim/kernel/sampling.h"

#include <QtTest/QTest>
#include <algorithm>
#include <cmath>
#include <vector>

using namespace headroom::sim;
using headroom::model::Distribution;
using headroom::model::Family;

namespace {

std::vector<double> draw(const Distribution& distribution, std::size_t n, std::uint64_t seed = 1) {
    VariateStream stream(distribution, RandomStream(seed, 0, 0));
    std::vector<double> values(n);
    for (double& value : values) value = stream.next();
    return values;
}

const std::vector<double> shares{0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999};

}  // namespace

class SketchTest : public QObject {
    Q_OBJECT

private slots:
    void quantiles_are_within_the_bound_data() {
        QTest::addColumn<int>("family");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("scv");
        QTest::newRow("exponential") << int(Family::exponential) << 1.0 << 1.0;
        QTest::newRow("exponential, nanoseconds") << int(Family::exponential) << 1e-6 << 1.0;
        QTest::newRow("exponential, years") << int(Family::exponential) << 3e7 << 1.0;
        QTest::newRow("erlang") << int(Family::erlang) << 0.02 << 0.1;
        QTest::newRow("uniform") << int(Family::uniform) << 5.0 << 0.3;
        QTest::newRow("lognormal") << int(Family::lognormal) << 0.1 << 4.0;
        QTest::newRow("lognormal, wide") << int(Family::lognormal) << 0.1 << 400.0;
        QTest::newRow("hyperexponential") << int(Family::hyperexponential) << 0.005 << 64.0;
        QTest::newRow("weibull") << int(Family::weibull) << 7.0 << 20.0;
        QTest::newRow("constant") << int(Family::deterministic) << 0.0123 << 0.0;
    }
    void quantiles_are_within_the_bound() {
        QFETCH(int, family);
        QFETCH(double, mean);
        QFETCH(double, scv);
        auto values = draw({.family = static_cast<Family>(family), .mean = mean, .scv = scv}, 100000);
        QuantileSketch sketch;
        for (const double value : values) sketch.add(value);
        std::sort(values.begin(), values.end());
        for (const double p : shares) {
            const auto rank =
                static_cast<std::size_t>(std::max(0.0, std::ceil(p * double(values.size())) - 1));
            const double exact = values[rank];
            if (exact < 2e-9) continue;
            QVERIFY2(std::abs(sketch.quantile(p) / exact - 1) <= QuantileSketch::relative_error * 1.0001,
                     qPrintable(QString("p %1: %2 for %3").arg(p).arg(sketch.quantile(p)).arg(exact)));
        }
        double sum = 0, squares = 0;
        for (const double value : values) sum += value;
        for (const double value : values) squares += std::pow(value - sum / 1e5, 2);
        QVERIFY(std::abs(sketch.mean() * 1e5 / sum - 1) < 1e-9);
        QVERIFY(std::abs(sketch.variance() - squares / 1e5) <= 1e-6 * squares / 1e5 + 1e-12 * mean * mean);
        QCOMPARE(sketch.max(), values.back());
        QCOMPARE(sketch.count(), 1e5);
    }

    void merging_equals_adding() {
        const auto low = draw(Distribution::lognormal(0.001, 3), 5000),
                   high = draw(Distribution::exponential(50), 7000);
        QuantileSketch together, a, b, empty;
        for (const double v : low) together.add(v), a.add(v);
        for (const double v : high) together.add(v), b.add(v);
        QuantileSketch ab = a, ba = b;
        ab.merge(b);
        ba.merge(a);
        ab.merge(empty);
        empty.merge(ba);
        for (double p = 0; p <= 1; p += 0.001) {
            QCOMPARE(ab.quantile(p), together.quantile(p));
            QCOMPARE(empty.quantile(p), together.quantile(p));
        }
        QCOMPARE(ab.count(), together.count());
        QVERIFY(std::abs(ab.mean() / together.mean() - 1) < 1e-12);
        QVERIFY(std::abs(ab.variance() / together.variance() - 1) < 1e-12);
    }

    void blocks_equal_single_values() {
        auto values = draw(Distribution::lognormal(0.01, 5), 1000);
        values[5] = 0;
        values[6] = 1e12;
        values[7] = 1e-10;
        QuantileSketch one, block;
        for (const double v : values) one.add(v);
        block.add(values);
        for (double p = 0; p <= 1; p += 0.01) QCOMPARE(block.quantile(p), one.quantile(p));
        QCOMPARE(block.mean(), one.mean());
        QCOMPARE(block.max(), one.max());
    }

    void weights_count_as_repetitions() {
        QuantileSketch weighted, repeated;
        for (int i = 1; i <= 10; ++i) {
            weighted.add(i, i);
            for (int k = 0; k < i; ++k) repeated.add(i);
        }
        for (double p = 0; p <= 1; p += 0.01) QCOMPARE(weighted.quantile(p), repeated.quantile(p));
        QCOMPARE(weighted.mean(), repeated.mean());
    }

    void zeros_are_zero() {
        QuantileSketch sketch;
        for (int i = 0; i < 60; ++i) sketch.add(0);
        for (int i = 0; i < 40; ++i) sketch.add(1);
        QCOMPARE(sketch.quantile(0.5), 0.0);
        QVERIFY(std::abs(sketch.quantile(0.7) - 1) < 0.005);
        QCOMPARE(sketch.share_below(0.5), 0.6);
        QCOMPARE(sketch.share_below(0), 0.6);
        QCOMPARE(sketch.share_below(2), 1.0);
        QCOMPARE(QuantileSketch().quantile(0.5), 0.0);
        QCOMPARE(QuantileSketch().mean(), 0.0);
    }

    void the_share_below_inverts_the_quantile() {
        QuantileSketch sketch;
        for (const double v : draw(Distribution::exponential(1), 100000)) sketch.add(v);
        for (const double x : {0.01, 0.1, 0.5, 1.0, 2.0, 5.0}) {
            QVERIFY(std::abs(sketch.share_below(x) - (1 - std::exp(-x))) < 0.006);
            QVERIFY(std::abs(sketch.quantile(sketch.share_below(x)) / x - 1) < 0.011);
        }
    }

    // The whole range of a double takes the bins from 1e-9 to 1e9 and no more.
    void memory_is_bounded() {
        QuantileSketch sketch;
        for (double v = 1e-300; v < 1e300; v *= 1.001) sketch.add(v);
        QVERIFY(sketch.bins() < 10000);
        QCOMPARE(sketch.quantile(0.9999) <= sketch.max(), true);
    }
};

QTEST_APPLESS_MAIN(SketchTest)
#include "sketch_test.moc"
