#include "sim/kernel/sampling.h"

#include "model/system/phases.h"

#include <QtTest/QTest>
#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/hyperexponential.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <cmath>
#include <functional>
#include <vector>

using namespace headroom::sim;
using headroom::model::Distribution;
using headroom::model::Family;

namespace {

using DistributionFunction = std::function<double(double)>;

Distribution pareto(double alpha, double low, double high) {
    const auto moment = [&](double k) {
        return alpha * std::pow(low, alpha) / (1 - std::pow(low / high, alpha)) / (k - alpha) *
               (std::pow(high, k - alpha) - std::pow(low, k - alpha));
    };
    return {.family = Family::bounded_pareto,
            .mean = moment(1),
            .scv = moment(2) / (moment(1) * moment(1)) - 1,
            .alpha = alpha,
            .low = low,
            .high = high};
}

struct Case {
    const char* name;
    Distribution distribution;
    DistributionFunction cdf;
};

DistributionFunction gamma_cdf(double mean, double scv) {
    return [=](double x) {
        return boost::math::cdf(boost::math::gamma_distribution<double>(1 / scv, mean * scv), x);
    };
}

DistributionFunction hyperexponential_cdf(double mean, double scv) {
    const double p = (1 + std::sqrt((scv - 1) / (scv + 1))) / 2;
    return [=](double x) {
        return 1 - p * std::exp(-2 * p * x / mean) - (1 - p) * std::exp(-2 * (1 - p) * x / mean);
    };
}

std::vector<Case> cases() {
    const auto of = [](Family family, double mean, double scv) {
        return Distribution{.family = family, .mean = mean, .scv = scv};
    };
    const double variance = std::log1p(1.44);
    const auto lognormal = [=](double x) {
        return boost::math::cdf(
            boost::math::lognormal_distribution<double>(std::log(3) - variance / 2, std::sqrt(variance)), x);
    };
    Distribution empirical{.family = Family::empirical, .mean = 2.25, .scv = 0.3};
    empirical.probabilities = {0, 0.5, 0.5, 1};
    empirical.values = {1, 2, 2, 4};
    empirical.scv = (0.5 * (7.0 / 3) + 0.5 * (28.0 / 3)) / (2.25 * 2.25) - 1;
    return {
        {"exponential", Distribution::exponential(0.01), [](double x) { return -std::expm1(-x / 0.01); }},
        {"erlang 4", of(Family::erlang, 2, 0.25), gamma_cdf(2, 0.25)},
        {"gamma 0.5", of(Family::gamma, 5, 0.5), gamma_cdf(5, 0.5)},
        {"gamma 4", of(Family::gamma, 5, 4), gamma_cdf(5, 4)},
        {"gamma 16", of(Family::gamma, 1, 16), gamma_cdf(1, 16)},
        {"gamma 0.01", of(Family::gamma, 1, 0.01), gamma_cdf(1, 0.01)},
        {"hyperexponential 2", of(Family::hyperexponential, 1, 2), hyperexponential_cdf(1, 2)},
        {"hyperexponential 16", of(Family::hyperexponential, 1, 16), hyperexponential_cdf(1, 16)},
        {"hyperexponential of given phases", headroom::model::two_phases(0.3, 4, 0.5),
         [](double x) { return 1 - 0.3 * std::exp(-x / 4) - 0.7 * std::exp(-2 * x); }},
        {"lognormal", Distribution::lognormal(3, 1.2), lognormal},
        {"weibull, exponential", of(Family::weibull, 2, 1), [](double x) { return -std::expm1(-x / 2); }},
        // Shape 1/2: mean 2 scale, scv 5.
        {"weibull 5", of(Family::weibull, 2, 5), [](double x) { return -std::expm1(-std::sqrt(x)); }},
        {"uniform", of(Family::uniform, 3, 1.0 / 27), [](double x) { return (x - 2) / 2; }},
        {"bounded pareto", pareto(1.5, 1, 1000),
         [](double x) { return (1 - std::pow(x, -1.5)) / (1 - std::pow(1000, -1.5)); }},
        {"empirical", empirical, [](double x) { return x < 2 ? 0.5 * (x - 1) : 0.5 + 0.25 * (x - 2); }},
    };
}

}  // namespace

class SamplingTest : public QObject {
    Q_OBJECT

    static void rows() {
        QTest::addColumn<int>("row");
        int row = 0;
        for (const Case& c : cases()) QTest::newRow(c.name) << row++;
    }
    static Case fetched() {
        QFETCH(int, row);
        return cases()[static_cast<std::size_t>(row)];
    }

private slots:
    // Over the middle and far into both tails: F(sample(u)) is u.
    void inverts_the_distribution_function_data() { rows(); }
    void inverts_the_distribution_function() {
        const Case c = fetched();
        const Sampler sampler(c.distribution);
        double before = -1;
        for (double w = -12; w < 12; w += 0.0173) {
            const double u = 1 / (1 + std::exp(-w)), x = sampler(u);
            QVERIFY2(x >= before, "not monotone");
            before = x;
            const double off = (c.cdf(x) - u) / (u * (1 - u));
            QVERIFY2(std::abs(off) < 1e-3, qPrintable(QString("u %1 x %2 off %3").arg(u).arg(x).arg(off)));
        }
    }

    void agrees_with_the_stated_quantiles_data() { rows(); }
    void agrees_with_the_stated_quantiles() {
        const Case c = fetched();
        const Sampler sampler(c.distribution);
        for (double p = 0.005; p < 1; p += 0.01) {
            const double stated = c.distribution.quantile(p);
            QVERIFY2(std::abs(sampler(p) / stated - 1) < 1e-3,
                     qPrintable(QString("p %1: %2, stated %3").arg(p).arg(sampler(p)).arg(stated)));
        }
    }

    // Moments from a fine midpoint rule over u: no randomness in this check.
    void has_the_stated_moments_data() { rows(); }
    void has_the_stated_moments() {
        const Case c = fetched();
        const Sampler sampler(c.distribution);
        double mean = 0, square = 0;
        // u as a smooth function of v in (0, 1) that is dense in both tails.
        constexpr int n = 200000;
        for (int i = 0; i < n; ++i) {
            const double w = -36 + 72 * (i + 0.5) / n, u = 1 / (1 + std::exp(-w));
            const double weight = 72.0 / n * u / (1 + std::exp(w)), x = sampler(u);
            mean += weight * x;
            square += weight * x * x;
        }
        QVERIFY2(std::abs(mean / c.distribution.mean - 1) < 1e-4, qPrintable(QString::number(mean, 'g', 9)));
        const double scv = square / (mean * mean) - 1;
        QVERIFY2(std::abs(scv - c.distribution.scv) < 1e-3 * (0.01 + c.distribution.scv),
                 qPrintable(QString::number(scv, 'g', 9)));
    }

    // Kolmogorov and Smirnov: sqrt(n) D below 1.95 in 99.9 % of samples.
    void drawn_values_follow_the_distribution_data() { rows(); }
    void drawn_values_follow_the_distribution() {
        const Case c = fetched();
        constexpr int n = 100000;
        VariateStream stream(c.distribution, RandomStream(20260101, stream_id(c.name, "test"), 0));
        std::vector<double> values(n);
        for (double& value : values) value = stream.next();
        std::sort(values.begin(), values.end());
        double distance = 0;
        for (int i = 0; i < n; ++i) {
            const double f = c.cdf(values[static_cast<std::size_t>(i)]);
            distance =
                std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
        }
        QVERIFY2(distance * std::sqrt(n) < 1.95, qPrintable(QString::number(distance * std::sqrt(n))));
    }

    void the_nth_draw_is_the_variate_of_the_nth_number() {
        const Distribution distribution = Distribution::lognormal(1, 2);
        const Sampler sampler(distribution);
        RandomStream random(1, 2, 3);
        VariateStream stream(distribution, RandomStream(1, 2, 3));
        for (int i = 0; i < 200; ++i) QCOMPARE(stream.next(), sampler(random.uniform()));
    }

    void a_constant_does_not_vary() {
        QCOMPARE(Sampler(Distribution::constant(4)).constant(), 4.0);
        QCOMPARE(Sampler(Distribution::exponential(0)).constant(), 0.0);
        QVERIFY(std::isnan(Sampler(Distribution::exponential(1)).constant()));
    }
};

QTEST_APPLESS_MAIN(SamplingTest)
#include "sampling_test.moc"
