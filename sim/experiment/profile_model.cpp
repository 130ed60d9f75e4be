#include "sim/experiment/profile_model.h"

#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom::sim {

namespace {

constexpr double day = 86400;
constexpr double level = 0.01;          ///< of significance, of seasons
constexpr double least_growth = 90;     ///< days of history that tell growth
constexpr double far = 4;               ///< robust standard deviations of an outlier
constexpr double most_outliers = 0.05;  ///< more of the values than this are no outliers

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

model::Expected<ProfileModel> ProfileModel::fit(const History& history, std::vector<double> logs,
                                                ClockTime first_day, const ForecastOptions& options) {
    ProfileModel model;
    model.start_ = history.start;
    model.first_day_ = first_day;
    model.step_ = history.step;
    const double step = history.step.value(), span = step * static_cast<double>(logs.size());
    model.grows_ = span >= least_growth * day;
    if (step <= day / 4 && span >= 3 * day) model.periods_.push_back({"daily", model::days(1)});
    if (step <= day && span >= 14 * day) model.periods_.push_back({"weekly", model::days(7)});
    if (step <= 31 * day && span >= 2 * 365 * day) model.periods_.push_back({"yearly", model::years(1)});
    model.known_ = options.events;
    for (const KnownEvent& event : options.events) {
        const bool happened = event.from < history.end() && event.to > history.start;
        if (happened && std::find(model.names_.begin(), model.names_.end(), event.name) == model.names_.end())
            model.names_.push_back(event.name);
    }
    // An event whose every value is missing has no coefficient.
    std::vector<double> columns;
    std::erase_if(model.names_, [&](const std::string& name) {
        const std::size_t at =
            model.first_event() +
            static_cast<std::size_t>(std::find(model.names_.begin(), model.names_.end(), name) -
                                     model.names_.begin());
        columns.assign(model.columns(), 0.0);
        for (std::size_t t = 0; t < logs.size(); ++t) {
            if (std::isnan(logs[t])) continue;
            model.row(t, columns);
            if (columns[at] != 0) return false;
        }
        return true;
    });
    const auto values =
        std::count_if(logs.begin(), logs.end(), [](double value) { return !std::isnan(value); });
    const auto needed = static_cast<std::ptrdiff_t>(3 * model.columns() + 10);
    if (values < needed)
        return model::fail({}, history.column,
                           "there are " + std::to_string(values) + " values above 0; " +
                               std::to_string(needed) + " are needed at least to fit a profile");
    model.solve(logs);
    model.drop_seasons();
    model.solve(logs);
    constexpr int rounds = 3;
    for (int round = 0; round < rounds && model.take_out_outliers(logs); ++round) model.solve(logs);
    return model;
}

double ProfileModel::time_of(std::size_t step) const {
    return static_cast<double>(start_ - first_day_) + (static_cast<double>(step) + 0.5) * step_.value();
}

void ProfileModel::row(std::size_t step, std::vector<double>& columns) const {
    const double t = time_of(step);
    std::size_t at = 0;
    columns[at++] = 1;
    if (grows_) columns[at++] = t / model::years(1).value();
    for (const Period& period : periods_) {
        const double x = 2 * std::numbers::pi * t / period.length.value();
        columns[at++] = std::cos(x);
        columns[at++] = std::sin(x);
    }
    for (const std::string& name : names_) {
        columns[at] = 0;
        for (const KnownEvent& event : known_)
            if (event.name == name && t >= static_cast<double>(event.from - first_day_) &&
                t < static_cast<double>(event.to - first_day_))
                columns[at] = 1;
        ++at;
    }
}

void ProfileModel::solve(const std::vector<double>& logs) {
    line_.emplace(logs, columns(),
                  [this](std::size_t step, std::vector<double>& columns) { row(step, columns); });
    std::vector<double> at(columns());
    double left = 0, sum = 0, squares = 0, count = 0, above = 0;
    for (std::size_t t = 0; t < logs.size(); ++t) {
        if (std::isnan(logs[t])) continue;
        row(t, at);
        const double residual = logs[t] - line_->fitted(at);
        left += residual * residual;
        above += std::exp(residual);
        sum += logs[t];
        squares += logs[t] * logs[t];
        ++count;
    }
    const double all = squares - sum * sum / count;
    explained_ = all > 0 ? std::max(0.0, 1 - left / all) : 0;
    smear_ = above / count;
}

void ProfileModel::drop_seasons() {
    std::vector<Period> kept;
    for (std::size_t p = 0; p < periods_.size(); ++p) {
        const std::size_t at = first_season() + 2 * p;
        (line_->significant({at, at + 1}, level) ? kept : dropped_).push_back(periods_[p]);
    }
    periods_ = std::move(kept);
}

bool ProfileModel::take_out_outliers(std::vector<double>& logs) {
    std::vector<double> residuals(logs.size(), std::numeric_limits<double>::quiet_NaN()), sizes;
    std::vector<double> at(columns());
    for (std::size_t t = 0; t < logs.size(); ++t) {
        if (std::isnan(logs[t])) continue;
        row(t, at);
        residuals[t] = logs[t] - line_->fitted(at);
        sizes.push_back(std::abs(residuals[t]));
    }
    const double sigma = 1.4826 * median(sizes);  // of a normal law
    if (!(sigma > 1e-9)) return false;
    const std::size_t shortest = step_.value() >= day / 4 ? 1 : 2;
    std::vector<EventFit> found;
    double taken = 0;
    for (std::size_t t = 0; t < logs.size();) {
        const double side = residuals[t] > 0 ? 1 : -1;
        const auto is_far = [&](std::size_t s) {
            return s < logs.size() && side * residuals[s] > far * sigma;
        };
        if (!is_far(t)) {
            ++t;
            continue;
        }
        std::size_t end = t + 1;
        while (is_far(end) || is_far(end + 1)) ++end;
        double sum = 0, count = 0;
        for (std::size_t s = t; s < end; ++s)
            if (!std::isnan(residuals[s])) sum += residuals[s], ++count;
        if (end - t >= shortest) {
            const double phi = line_->phi();
            const double error =
                quantile(0.95) * line_->sigma() * std::sqrt(std::min(1.0, (1 + phi) / (1 - phi) / count));
            const auto moment = [&](std::size_t step) {
                return start_ + std::llround(static_cast<double>(step) * step_.value());
            };
            found.push_back({.factor = std::exp(sum / count),
                             .low = std::exp(sum / count - error),
                             .high = std::exp(sum / count + error),
                             .from = moment(t),
                             .to = moment(end),
                             .times = 1});
            taken += count;
        }
        t = end;
    }
    if (found.empty() || taken > most_outliers * static_cast<double>(sizes.size())) return false;
    for (const EventFit& event : found)
        for (std::size_t t = 0; t < logs.size(); ++t) {
            const ClockTime moment = start_ + std::llround(static_cast<double>(t) * step_.value());
            if (moment >= event.from && moment < event.to) logs[t] = std::numeric_limits<double>::quiet_NaN();
        }
    found_.insert(found_.end(), found.begin(), found.end());
    std::stable_sort(found_.begin(), found_.end(),
                     [](const EventFit& a, const EventFit& b) { return a.from < b.from; });
    return true;
}

LogLinear::Foretold ProfileModel::foretell(std::size_t step) const {
    std::vector<double> at(columns());
    row(step, at);
    return line_->foretell(step, at);
}

double ProfileModel::quantile(double confidence) const {
    return student_t(0.5 + confidence / 2, line_->degrees_of_freedom());
}

SeasonFit ProfileModel::season(std::size_t index) const {
    const std::size_t at = first_season() + 2 * index;
    const double cosine = line_->coefficient(at), sine = line_->coefficient(at + 1);
    const double k = std::hypot(cosine, sine), period = periods_[index].length.value();
    constexpr double most_peak = 100;
    double phase = std::atan2(sine, cosine) / (2 * std::numbers::pi) * period;
    if (phase < 0) phase += period;
    return {periods_[index].name,
            model::make_season(periods_[index].length,
                               std::min(most_peak, std::exp(k) / std::cyl_bessel_i(0.0, k)),
                               model::seconds(phase)),
            true};
}

std::vector<SeasonFit> ProfileModel::seasons() const {
    std::vector<SeasonFit> all;
    for (std::size_t p = 0; p < periods_.size(); ++p) all.push_back(season(p));
    for (const Period& period : dropped_) all.push_back({period.name, {.period = period.length}, false});
    return all;
}

std::vector<EventFit> ProfileModel::events(double confidence) const {
    std::vector<EventFit> all;
    for (std::size_t e = 0; e < names_.size(); ++e) {
        const std::size_t at = first_event() + e;
        const double size = line_->coefficient(at), error = quantile(confidence) * line_->standard_error(at);
        EventFit fit{.name = names_[e],
                     .factor = std::exp(size),
                     .low = std::exp(size - error),
                     .high = std::exp(size + error)};
        for (const KnownEvent& event : known_) {
            if (event.name != names_[e] || event.from >= first_day_) continue;
            if (fit.times++ == 0) fit.from = event.from, fit.to = event.to;
        }
        all.push_back(std::move(fit));
    }
    all.insert(all.end(), found_.begin(), found_.end());
    return all;
}

model::RateProfile ProfileModel::profile(const std::vector<KnownEvent>& events) const {
    model::RateProfile profile;
    // A season's mean is 1, its cosine's exponential has the mean I0(k).
    double base = std::exp(line_->coefficient(0)) * smear_;
    for (std::size_t p = 0; p < periods_.size(); ++p) {
        const std::size_t at = first_season() + 2 * p;
        base *= std::cyl_bessel_i(0.0, std::hypot(line_->coefficient(at), line_->coefficient(at + 1)));
        profile.seasons.push_back(season(p).season);
    }
    profile.base = model::per_second(base);
    if (grows_) profile.growth_per_year = std::expm1(line_->coefficient(1));
    for (const KnownEvent& event : events) {
        const auto name = std::find(names_.begin(), names_.end(), event.name);
        if (name == names_.end() || event.to <= first_day_) continue;
        const double from = std::max<double>(0, static_cast<double>(event.from - first_day_));
        profile.events.push_back(
            {event.name,
             std::exp(line_->coefficient(first_event() + static_cast<std::size_t>(name - names_.begin()))),
             model::seconds(from), model::seconds(static_cast<double>(event.to - first_day_) - from)});
    }
    return profile;
}

}  // namespace headroom::sim
