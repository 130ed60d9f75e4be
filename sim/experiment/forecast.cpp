#include "sim/experiment/forecast.h"

#include "model/scenario/document.h"
#include "model/units/unit.h"
#include "sim/experiment/profile_model.h"
#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace headroom::sim {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_values = 20'000;
constexpr ClockTime day = 86400;

std::string percent(double share) {
    return model::format_quantity(share, model::dimensions::none, {.percent = true});
}

/// Averages over the shortest usual step that leaves few enough values; bins with fewer than half are
/// unknown.
History averaged(const History& history) {
    if (history.rates.size() <= most_values) return history;
    History coarse = history;
    const double step = history.step.value();
    for (const double minutes : {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 10080}) {
        const double factor = std::round(minutes * 60 / step);
        if (factor < 2 || std::abs(factor * step - minutes * 60) > 1e-6) continue;
        const auto size = static_cast<std::size_t>(factor);
        coarse.step = model::seconds(minutes * 60);
        coarse.rates.clear();
        for (std::size_t from = 0; from + size <= history.rates.size(); from += size) {
            double sum = 0, known = 0;
            for (std::size_t i = from; i < from + size; ++i)
                if (!std::isnan(history.rates[i])) sum += history.rates[i], ++known;
            coarse.rates.push_back(2 * known < factor ? nan : sum / known);
        }
        if (coarse.rates.size() <= most_values) break;
    }
    return coarse;
}

/// Midnight of the first Monday after the history.
ClockTime first_day_after(const History& history) {
    ClockTime days = (history.end() + day - 1) / day;
    const ClockTime weekday = (days + 3) % 7;  // 0 is Monday
    days += (7 - weekday) % 7;
    return days * day;
}

std::vector<double> logarithms(const History& history) {
    std::vector<double> logs;
    for (const double rate : history.rates) logs.push_back(rate > 0 ? std::log(rate) : nan);
    return logs;
}

/// Steps of the season that the naive forecast repeats: a week, a day, or the latest value.
std::size_t naive_season(const History& history, std::size_t known) {
    for (const double period : {7.0 * day, 1.0 * day}) {
        const double steps = period / history.step.value();
        if (steps >= 2 && std::abs(steps - std::round(steps)) < 1e-9 &&
            2 * steps <= static_cast<double>(known))
            return static_cast<std::size_t>(std::llround(steps));
    }
    return 1;
}

std::optional<HoldBack> hold_back(const History& history, const ForecastOptions& options) {
    const auto known = static_cast<std::size_t>(
        std::floor(static_cast<double>(history.rates.size()) * (1 - options.hold_back)));
    History before = history;
    before.rates.resize(known);
    const auto fitted = ProfileModel::fit(before, logarithms(before), first_day_after(history), options);
    if (!fitted) return std::nullopt;
    HoldBack check;
    check.from = history.time(known);
    const std::size_t season = naive_season(history, known);
    check.naive_season = static_cast<double>(season) * history.step;
    double scale = 0, pairs = 0, sum = 0, error = 0, naive_error = 0;
    for (std::size_t t = season; t < known; ++t) {
        const double change = std::abs(history.rates[t] - history.rates[t - season]);
        if (!std::isnan(change)) scale += change, ++pairs;
    }
    for (std::size_t t = known; t < history.rates.size(); ++t) {
        const double rate = history.rates[t];
        const double naive = history.rates[known - season + (t - known) % season];
        if (!(rate > 0) || std::isnan(naive)) continue;
        const LogLinear::Foretold foretold = fitted->foretell(t);
        const double reach = fitted->quantile(options.confidence) * foretold.of_step;
        sum += rate;
        error += std::abs(rate - std::exp(foretold.value));
        naive_error += std::abs(rate - naive);
        check.inside += std::abs(std::log(rate) - foretold.value) <= reach;
        ++check.values;
    }
    constexpr int fewest = 5;
    if (check.values < fewest || !(sum > 0)) return std::nullopt;
    check.wape = error / sum;
    check.naive_wape = naive_error / sum;
    check.inside /= check.values;
    check.mase = scale > 0 ? error / check.values / (scale / pairs) : nan;
    check.naive_mase = scale > 0 ? naive_error / check.values / (scale / pairs) : nan;
    return check;
}

std::vector<ForecastMonth> months_of(const ProfileModel& fitted, const Forecast& forecast,
                                     const History& history, const ForecastOptions& options) {
    std::vector<ForecastMonth> months;
    const double step = std::max(history.step.value(), 900.0);
    const double month = model::months(1).value();
    const double reach = fitted.quantile(options.confidence);
    for (int m = 0; m < options.months; ++m) {
        ForecastMonth one;
        one.from = forecast.first_day + std::llround(m * month);
        std::vector<double> mean_row(fitted.columns(), 0.0), row(fitted.columns());
        double sum = 0, count = 0;
        std::size_t highest = 0;
        double highest_rate = -1;
        for (double t = step / 2; t < month; t += step) {
            const auto at = static_cast<std::size_t>((static_cast<double>(one.from - history.start) + t) /
                                                     history.step.value());
            fitted.row(at, row);
            const double rate = std::exp(fitted.line().fitted(row)) * fitted.smear();
            for (std::size_t c = 0; c < row.size(); ++c) mean_row[c] += rate * row[c];
            sum += rate;
            ++count;
            if (rate > highest_rate) highest_rate = rate, highest = at;
        }
        for (double& cell : mean_row) cell /= sum;
        const double phi = fitted.line().phi(), sigma = fitted.line().sigma();
        const double of_mean = fitted.line().foretell(highest, mean_row).of_mean;
        const double scatter = sigma * sigma * (1 + phi) / (1 - phi) / (month / history.step.value());
        const double spread = std::exp(reach * std::sqrt(of_mean * of_mean + scatter));
        one.mean = sum / count;
        one.low = one.mean / spread;
        one.high = one.mean * spread;
        one.peak = highest_rate;
        const LogLinear::Foretold top = fitted.foretell(highest);
        one.peak_high = std::exp(top.value + reach * top.of_step);
        months.push_back(one);
    }
    return months;
}

void note_what_is_not_told(Forecast& forecast, const History& history) {
    const double span = static_cast<double>(history.rates.size()) * history.step.value();
    if (!forecast.grows)
        forecast.notes.push_back("The history of " + model::format(model::seconds(span)) +
                                 " is too short to tell growth; 90 days are needed. The profile has none.");
    else if (span < model::years(1).value())
        forecast.notes.push_back("The history of " + model::format(model::seconds(span)) +
                                 " is shorter than a year: growth cannot be told from a season of the year.");
    else if (span < model::years(2).value())
        forecast.notes.push_back("A season of the year needs two years of history; there is " +
                                 model::format(model::seconds(span)) + ".");
    if (forecast.grows && forecast.growth_low < 0 && forecast.growth_high > 0)
        forecast.notes.push_back(
            "The interval of the growth holds 0: the history does not tell whether it grows.");
    if (forecast.check && !forecast.check->better())
        forecast.notes.push_back(
            "On the values that were held back the fit is not better than repeating the latest season (" +
            percent(forecast.check->wape) + " against " + percent(forecast.check->naive_wape) +
            " of error): do not rely on it for the shape of a week.");
    if (forecast.check && forecast.check->inside < 0.8)
        forecast.notes.push_back(
            "Only " + percent(forecast.check->inside) +
            " of the values that were held back lie in their intervals: what comes is less "
            "certain than they say.");
    if (forecast.zeros > 0)
        forecast.notes.push_back(std::to_string(forecast.zeros) +
                                 " values of 0 are left out: a rate's logarithm is fitted.");
}

std::string clock(model::Duration time) {
    const auto minutes = static_cast<int>(std::floor(time.value() / 60 + 0.5));
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    return text;
}

std::string moment(const SeasonFit& fit) {
    constexpr const char* weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    // To the minute, which may be the end of the period and so its beginning.
    const double period = fit.season.period.value();
    const double at = std::fmod(std::round(fit.season.at.value() / 60) * 60, period);
    const auto days = static_cast<int>(at / day);
    const std::string time = clock(model::seconds(at - static_cast<double>(days) * day));
    if (fit.name == "daily") return '"' + time + '"';
    if (fit.name == "weekly") return '"' + std::string(weekdays[days]) + " " + time + '"';
    return "\"day " + std::to_string(days + 1) + " " + time + '"';
}

std::string digits(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.5g", value);
    return text;
}

}  // namespace

model::Expected<Forecast> forecast(const History& measured, const ForecastOptions& options) {
    const History history = averaged(measured);
    Forecast forecast;
    forecast.first_day = first_day_after(history);
    forecast.step = history.step;
    forecast.zeros = static_cast<int>(std::count(history.rates.begin(), history.rates.end(), 0.0));
    const auto fitted = ProfileModel::fit(history, logarithms(history), forecast.first_day, options);
    if (!fitted) return tl::unexpected(fitted.error());
    forecast.sigma = fitted->line().sigma();
    forecast.phi = fitted->line().phi();
    forecast.explained = fitted->explained();
    forecast.grows = fitted->grows();
    const double reach = fitted->quantile(options.confidence);
    if (forecast.grows) {
        const double slope = fitted->line().coefficient(1), error = reach * fitted->line().standard_error(1);
        forecast.growth = std::expm1(slope);
        constexpr double least = -0.99, most = 1000;  // what a scenario takes
        if (!(forecast.growth > least && forecast.growth < most))
            return model::fail({}, history.column,
                               "it changes by " + percent(forecast.growth) +
                                   " a year, which cannot go on for years; a longer history is needed");
        forecast.growth_low = std::expm1(slope - error);
        forecast.growth_high = std::expm1(slope + error);
    }
    forecast.seasons = fitted->seasons();
    forecast.events = fitted->events(options.confidence);
    forecast.profile = fitted->profile(options.events);
    for (const KnownEvent& event : options.events)
        if (std::none_of(forecast.events.begin(), forecast.events.end(),
                         [&](const EventFit& fit) { return fit.name == event.name; }))
            forecast.notes.push_back("'" + event.name + "' of " + print_time(event.from) +
                                     " is left out: it has not happened in the history.");
    forecast.check = hold_back(history, options);
    forecast.months = months_of(*fitted, forecast, history, options);
    note_what_is_not_told(forecast, history);
    return forecast;
}

std::vector<std::string> profile_fields(const Forecast& forecast, const History& history) {
    const std::string& noun = history.noun;
    std::vector<std::string> fields{"rate: " + digits(forecast.profile.base.value()) +
                                    (noun.empty() ? "/s" : " " + noun + "/s")};
    fields.push_back(forecast.grows ? "growth: " + digits(100 * forecast.profile.growth_per_year) + " %/year"
                                    : "growth: null");
    for (const char* name : {"daily", "weekly", "yearly"}) {
        const auto season = std::find_if(forecast.seasons.begin(), forecast.seasons.end(),
                                         [&](const SeasonFit& fit) { return fit.name == name && fit.kept; });
        fields.push_back(season == forecast.seasons.end()
                             ? std::string(name) + ": null"
                             : std::string(name) + ": {peak: " + digits(season->season.peak) +
                                   "x, at: " + moment(*season) + "}");
    }
    if (forecast.profile.events.empty()) {
        fields.push_back("events: null");
        return fields;
    }
    fields.push_back("events:");
    for (const model::RateEvent& event : forecast.profile.events)
        fields.push_back("  - {" + model::quote_scalar(event.name) + ": " + digits(event.factor) +
                         "x, from: " + digits(event.from.value() / 3600) +
                         " h, for: " + digits(event.length.value() / 3600) + " h}");
    return fields;
}

}  // namespace headroom::sim
