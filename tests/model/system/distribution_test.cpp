#include "model/system/distribution.h"

#include "model/scenario/read_distribution.h"
#include "model/system/rate_profile.h"

#include <QTest>
#include <cmath>

using namespace headroom::model;

class DistributionTest : public QObject {
    Q_OBJECT

private slots:
    void integratesToItsMoments_data();
    void integratesToItsMoments();
    void readsAndPrints();
    void knowsClosedForms();
    void seasonsKeepTheMean_data();
    void seasonsKeepTheMean();
    void profilesCompose();
    void profilesFindPeaks();
};

namespace {

Distribution read(const std::string& text) {
    return read_distribution(parse_yaml(text, "").value(), dimensions::time, "d").value();
}

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * std::abs(b); }

}  // namespace

void DistributionTest::integratesToItsMoments_data() {
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("scv");
    const auto row = [](const char* text, double mean, double scv) { QTest::newRow(text) << mean << scv; };
    row("5 ms", 0.005, 0);
    row("{deterministic: 5 ms}", 0.005, 0);
    row("{exponential: 5 ms}", 0.005, 1);
    row("{exponential: {mean: 5 ms}}", 0.005, 1);
    row("{erlang: {mean: 3 s, stages: 4}}", 3, 0.25);
    row("{gamma: {mean: 3 s, cv: 1.5}}", 3, 2.25);
    row("{gamma: {mean: 3 s, cv: 0.3}}", 3, 0.09);
    row("{hyperexponential: {mean: 2 s, cv: 2}}", 2, 4);
    row("{hyperexponential: {share: 30 %, first: 4 s, second: 500 ms}}", 1.55, 3.141519251);
    row("{hyperexponential: {share: 0.5, first: 2 s, second: 2 s}}", 2, 1);
    row("{lognormal: {mean: 2 s, cv: 1.2}}", 2, 1.44);
    row("{weibull: {mean: 2 s, cv: 0.5}}", 2, 0.25);
    row("{weibull: {mean: 2 s, cv: 2}}", 2, 4);
    row("{uniform: {low: 1 s, high: 4 s}}", 2.5, 0.12);
    row("{bounded-pareto: {alpha: 1.5, low: 1 s, high: 100 s}}", 2.7027027027, 2.7);
    row("{bounded-pareto: {alpha: 1, low: 1 s, high: 100 s}}", 4.6516870565, 3.62150);
    row("{mean: 2 s, scv: 4}", 2, 4);
    row("{mean: 2 s, scv: 0.5}", 2, 0.5);
    row("{mean: 2 s, scv: 0.3}", 2, 0.3);
    row("{mean: 2 s, scv: 0}", 2, 0);
}

/// The moments of the quantile function, by quadrature, are those that the distribution states.
void DistributionTest::integratesToItsMoments() {
    QFETCH(double, mean);
    QFETCH(double, scv);
    const Distribution d = read(QTest::currentDataTag());
    QVERIFY2(near(d.mean, mean, 1e-9), std::to_string(d.mean).c_str());
    QVERIFY2(std::abs(d.scv - scv) <= 1e-4 * std::max(scv, 1e-9), std::to_string(d.scv).c_str());
    // p = u^2 (3 - 2u) with its weight 6u(1 - u) smooths the ends, where the quantile may be infinite
    constexpr int steps = 20'000;
    double first = 0, second = 0, last = 0;
    for (int i = 0; i < steps; ++i) {
        const double u = (i + 0.5) / steps;
        const double x = d.quantile(u * u * (3 - 2 * u)), weight = 6 * u * (1 - u) / steps;
        QVERIFY(x >= last);
        last = x;
        first += x * weight;
        second += x * x * weight;
    }
    QVERIFY2(near(first, d.mean, 2e-3), std::to_string(first).c_str());
    QVERIFY2(std::abs(second / (first * first) - 1 - d.scv) <= 0.02 * std::max(d.scv, 0.01),
             std::to_string(second).c_str());
    const Distribution twice = d.scaled(2);
    QVERIFY(near(twice.quantile(0.9), 2 * d.quantile(0.9), 1e-9));
}

void DistributionTest::readsAndPrints() {
    for (const char* text :
         {"{exponential: 5 ms}", "{erlang: {mean: 3 s, stages: 4}}", "{lognormal: {mean: 2 s, cv: 1.2}}",
          "{uniform: {low: 1 s, high: 4 s}}", "{bounded-pareto: {alpha: 1.5, low: 1 s, high: 10 s}}", "7 ms",
          "{hyperexponential: {share: 0.3, first: 4 s, second: 500 ms}}"})
        QCOMPARE(print_distribution(read(text), dimensions::time, ""), std::string(text));
}

void DistributionTest::knowsClosedForms() {
    QVERIFY(near(Distribution::exponential(2).quantile(0.99), 2 * std::log(100), 1e-12));
    QVERIFY(near(Distribution::lognormal(1, 1).quantile(0.5), 1 / std::sqrt(2), 1e-9));
    QVERIFY(near(read("{uniform: {low: 1 s, high: 4 s}}").quantile(0.5), 2.5, 1e-12));
    QCOMPARE(Distribution::constant(3).quantile(0.2), 3.0);
    Distribution empirical{
        .family = Family::empirical, .mean = 1, .scv = 1, .probabilities = {0, 0.5, 1}, .values = {0, 1, 3}};
    QCOMPARE(empirical.quantile(0.25), 0.5);
    QCOMPARE(empirical.quantile(0.75), 2.0);
}

void DistributionTest::seasonsKeepTheMean_data() {
    QTest::addColumn<double>("peak");
    for (const double peak : {1.0, 1.05, 1.5, 2.0, 2.5, 5.0, 20.0, 100.0})
        QTest::addRow("peak %g", peak) << peak;
}

void DistributionTest::seasonsKeepTheMean() {
    QFETCH(double, peak);
    const Season season = make_season(days(1), peak, hours(20));
    QVERIFY2(near(season.factor(hours(20)), peak, 1e-9), std::to_string(season.factor(hours(20))).c_str());
    QVERIFY(near(season.factor(hours(44)), peak, 1e-6));
    double sum = 0;
    constexpr int steps = 100'000;
    for (int i = 0; i < steps; ++i) {
        const double factor = season.factor(seconds(86400.0 * i / steps));
        QVERIFY(factor >= 0 && factor <= peak * (1 + 1e-9));
        sum += factor / steps;
    }
    QVERIFY2(near(sum, 1, 1e-6), std::to_string(sum).c_str());
    const RateProfile profile{.base = per_second(100), .seasons = {season}};
    QVERIFY(near(profile.mean(days(0), days(3)).value(), 100, 1e-4));
    QVERIFY(near(profile.peak(days(0), days(1)).value(), 100 * peak, 1e-9));
}

void DistributionTest::profilesCompose() {
    RateProfile profile{.base = per_second(10), .growth_per_year = 0.4};
    QVERIFY(near(profile.at(years(1)).value(), 14, 1e-12));
    QVERIFY(near(profile.at(years(2)).value(), 19.6, 1e-12));
    QVERIFY(!profile.is_constant());
    profile.growth_per_year = 0;
    QVERIFY(profile.is_constant());
    profile.events.push_back({"sale", 3, hours(1), hours(2)});
    QCOMPARE(profile.at(minutes(59)).value(), 10.0);
    QCOMPARE(profile.at(hours(1)).value(), 30.0);
    QCOMPARE(profile.at(hours(3)).value(), 10.0);
    QVERIFY(near(profile.mean(hours(0), hours(4)).value(), 20, 1e-12));
    QVERIFY(near(profile.mean(hours(2), hours(2.5)).value(), 30, 1e-12));
}

void DistributionTest::profilesFindPeaks() {
    const RateProfile profile{
        .base = per_second(10),
        .seasons = {make_season(days(1), 2, hours(20)), make_season(days(7), 1.5, hours(5 * 24 + 20))},
        .events = {{"flash", 4, hours(30), minutes(1)}}};
    QVERIFY(near(profile.peak(days(0), days(1)).value(), profile.at(hours(20)).value(), 0.01));
    QVERIFY(near(profile.peak(days(2), days(7)).value(), 30, 1e-6));
    QVERIFY(profile.peak(hours(29), hours(31)).value() >= profile.at(hours(30)).value());
}

QTEST_APPLESS_MAIN(DistributionTest)
#include "distribution_test.moc"
