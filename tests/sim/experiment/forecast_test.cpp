// Forecasts of generated histories, whose truth is known: what is fitted, how often intervals hold, what is
// written into a scenario.

#include "sim/experiment/forecast.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

using namespace headroom;

namespace {

constexpr double day = 86400;
constexpr sim::ClockTime monday = 1735516800;  // 30 December 2024

struct Truth {
    double base = 500, growth = 0.4;
    std::vector<model::Season> seasons{model::make_season(model::days(1), 2, model::hours(20)),
                                       model::make_season(model::days(7), 1.3, model::days(5.5))};
    double sigma = 0.08, phi = 0.7;

    /// The median; time counts from the first step.
    double rate(double t) const {
        double rate = base * std::pow(1 + growth, t / (365 * day));
        for (const model::Season& season : seasons) rate *= season.factor(model::seconds(t));
        return rate;
    }
};

/// Days of hours, and so many more in `ahead`.
sim::History generated(const Truth& truth, int days, unsigned seed, std::vector<double>* ahead = nullptr,
                       int more = 0) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    sim::History history;
    history.column = "v";
    history.start = monday;
    history.step = model::hours(1);
    double e = truth.sigma * normal(random);
    for (int i = 0; i < 24 * days + more; ++i) {
        const double rate = truth.rate((i + 0.5) * 3600) * std::exp(e);
        if (i < 24 * days)
            history.rates.push_back(rate);
        else
            ahead->push_back(rate);
        e = truth.phi * e + truth.sigma * std::sqrt(1 - truth.phi * truth.phi) * normal(random);
    }
    history.rows = 24 * days;
    return history;
}

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * std::abs(b); }

/// Whether so many of n may be inside intervals that hold with probability p: four standard deviations.
bool is_binomial(int inside, int n, double p) {
    return std::abs(inside - n * p) <= 4 * std::sqrt(n * p * (1 - p));
}

}  // namespace

class ForecastTest : public QObject {
    Q_OBJECT

private slots:
    void fits_what_was_put_in() {
        const Truth truth;
        const sim::History history = generated(truth, 400, 1);
        const auto forecast = sim::forecast(history);
        QVERIFY(forecast.has_value());
        QVERIFY(forecast->grows);
        QVERIFY2(near(forecast->growth, 0.4, 0.07), qPrintable(QString::number(forecast->growth)));
        QVERIFY(near(forecast->phi, 0.7, 0.05) && near(forecast->sigma, 0.08, 0.05));
        QCOMPARE(forecast->seasons.size(), std::size_t(2));
        for (const sim::SeasonFit& fit : forecast->seasons) {
            QVERIFY(fit.kept);
            const model::Season& season = truth.seasons[fit.name == "daily" ? 0 : 1];
            QVERIFY(near(fit.season.peak, season.peak, 0.01));
            QVERIFY(std::abs((fit.season.at - season.at).value()) < 0.01 * season.period.value());
        }
        // The profile is the truth's mean, which lies above its median by exp(sigma^2 / 2).
        const double first = static_cast<double>(forecast->first_day - monday);
        for (const double t : {0.0, 9.5 * 3600, 100 * day, 333.3 * day})
            QVERIFY(near(forecast->profile.at(model::seconds(t)).value(),
                         truth.rate(first + t) * std::exp(0.08 * 0.08 / 2), 0.03));
        QVERIFY(forecast->check && forecast->check->better());
        QVERIFY(forecast->check->mase < forecast->check->naive_mase);
    }

    /// Of generated histories, so many predictions and growths lie in their 95 % intervals as should.
    void intervals_hold_as_often_as_they_say() {
        constexpr int runs = 200;
        int growths = 0, months = 0, held = 0;
        double inside = 0;
        for (unsigned seed = 0; seed < runs; ++seed) {
            Truth truth;
            truth.growth = 0.1 * (seed % 9);
            truth.phi = 0.1 * (seed % 10);
            const auto forecast = sim::forecast(generated(truth, 130, 1000 + seed), {.months = 2});
            QVERIFY(forecast.has_value());
            growths += forecast->growth_low <= truth.growth && truth.growth <= forecast->growth_high;
            // The mean of the second month, as the truth has it.
            const double first = static_cast<double>(forecast->months[1].from - monday);
            double sum = 0;
            for (int h = 0; h < 730; ++h) sum += truth.rate(first + (h + 0.5) * 3600) / 730;
            const double mean = sum * std::exp(truth.sigma * truth.sigma / 2);
            months += forecast->months[1].low <= mean && mean <= forecast->months[1].high;
            inside += forecast->check->inside;
            held += forecast->check->values;
        }
        QVERIFY2(is_binomial(growths, runs, 0.95), qPrintable(QString::number(growths)));
        // The interval of a month has room for the scatter of the month itself, which the truth has none of.
        QVERIFY2(months >= 190, qPrintable(QString::number(months)));
        // Held-back values of one history are correlated: their mean share may not be off by more than two
        // points.
        QVERIFY2(std::abs(inside / runs - 0.95) < 0.02, qPrintable(QString::number(inside / runs)));
        QVERIFY(held > 0);
    }

    void takes_out_what_stands_out() {
        const Truth truth;
        sim::History history = generated(truth, 200, 3);
        for (int h = 0; h < 24; ++h) history.rates[24 * 60 + h] *= 2;  // a day of twice as much
        for (int h = 0; h < 5; ++h) history.rates[24 * 120 + h] *= 0.2;
        const auto found = sim::forecast(history);
        QVERIFY(found.has_value());
        QCOMPARE(found->events.size(), std::size_t(2));
        QVERIFY(near(found->events[0].factor, 2, 0.1));
        QCOMPARE(found->events[0].from, monday + 60 * 86400);
        QCOMPARE(found->events[0].to, monday + 61 * 86400);
        QVERIFY(near(found->events[1].factor, 0.2, 0.15));
        QVERIFY(near(found->growth, sim::forecast(generated(truth, 200, 3))->growth, 0.03));
        // Known by name, with the next one to come.
        const sim::ClockTime sale = monday + 60 * 86400, next = monday + 300 * 86400;
        const auto known = sim::forecast(history, {.events = {{"sale", sale, sale + 86400},
                                                              {"sale", next, next + 86400},
                                                              {"fair", next, next + 1}}});
        QVERIFY(known.has_value());
        QCOMPARE(known->events[0].name, std::string("sale"));
        QVERIFY(near(known->events[0].factor, 2, 0.1));
        QVERIFY(known->events[0].low < 2 && known->events[0].high > 2);
        QCOMPARE(known->profile.events.size(), std::size_t(1));
        QCOMPARE(known->profile.events[0].from.value(), static_cast<double>(next - known->first_day));
        QVERIFY(std::any_of(known->notes.begin(), known->notes.end(), [](const std::string& note) {
            return note.find("'fair'") == 0 && note.find("has not happened") != std::string::npos;
        }));
    }

    void says_when_it_is_not_better() {
        // Weeks of a shape that no profile has: what was there a week ago tells more.
        sim::History history = generated({.seasons = {}, .sigma = 0.01, .phi = 0}, 120, 5);
        for (std::size_t i = 0; i < history.rates.size(); ++i)
            history.rates[i] *= i % 168 < 24 || (i % 24) % 2 == 0 ? 3 : 1;
        const auto forecast = sim::forecast(history);
        QVERIFY(forecast.has_value() && forecast->check);
        QVERIFY(!forecast->check->better());
        QVERIFY(std::any_of(forecast->notes.begin(), forecast->notes.end(), [](const std::string& note) {
            return note.find("not better than repeating the latest season") != std::string::npos;
        }));
    }

    void short_histories_tell_less() {
        const auto month = sim::forecast(generated({}, 30, 7));
        QVERIFY(month.has_value() && !month->grows);
        QCOMPARE(month->profile.growth_per_year, 0.0);
        sim::History flat = generated({.growth = 0, .seasons = {}, .sigma = 0.1}, 40, 8);
        const auto none = sim::forecast(flat);
        QVERIFY(none.has_value() && none->profile.seasons.empty());
        const auto wild = sim::forecast(generated({.growth = 5000}, 100, 8));
        QVERIFY(!wild.has_value());
        QVERIFY(wild.error().front().message.find("cannot go on for years") != std::string::npos);
        flat.rates.resize(12);
        const auto refused = sim::forecast(flat);
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().front().message.find("there are 12 values above 0") == 0);
    }

    /// What is written is read as the same profile.
    void the_profile_is_that_of_a_scenario() {
        const sim::ClockTime sale = monday + 60 * 86400, next = monday + 300 * 86400;
        sim::History history = generated({}, 200, 9);
        history.noun = "clicks";
        const auto forecast = sim::forecast(history, {.events = {{"big sale: all", sale, sale + 86400},
                                                                 {"big sale: all", next, next + 86400}}});
        QVERIFY(forecast.has_value());
        std::string text = "headroom: 1\nworkloads:\n  w:\n    stream:\n";
        for (const std::string& field : sim::profile_fields(*forecast, history))
            text += "      " + field + "\n";
        text += "components: {q: {technology: queue, service: 1 us}}\nlinks: [w -> q]\n";
        const auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        QVERIFY(catalog.has_value());
        const model::Reading reading = model::read_scenario(model::Document(text), *catalog);
        QVERIFY2(reading.scenario.has_value(),
                 reading.problems.empty() ? "" : reading.problems.front().sentence().c_str());
        const model::RateProfile& read =
            std::get<model::Stream>(reading.scenario->workloads.front().load).rate;
        QCOMPARE(read.events.size(), std::size_t(1));
        for (double t = 0; t < 365 * day; t += 7777)
            QVERIFY(near(read.at(model::seconds(t)).value(), forecast->profile.at(model::seconds(t)).value(),
                         0.003));
    }

    void fine_histories_are_averaged() {
        const Truth truth;
        const sim::History hours = generated(truth, 60, 11);
        sim::History minutes = hours;
        minutes.step = model::minutes(1);
        minutes.rates.clear();
        for (const double rate : hours.rates) minutes.rates.insert(minutes.rates.end(), 60, rate);
        const auto forecast = sim::forecast(minutes);
        QVERIFY(forecast.has_value());
        QCOMPARE(forecast->step.value(), 300.0);
        QVERIFY(near(forecast->profile.base.value(), sim::forecast(hours)->profile.base.value(), 0.02));
    }
};

QTEST_GUILESS_MAIN(ForecastTest)
#include "forecast_test.moc"
