#pragma once
// From measured history to a rate profile with growth, seasons and events, as scenarios have it.

#include "model/scenario/problem.h"
#include "model/system/rate_profile.h"
#include "sim/experiment/history.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace headroom::sim {

struct ForecastOptions {
    int months = 12;           ///< to foretell
    double hold_back = 0.2;    ///< share at the end that is foretold to see how far off it is
    double confidence = 0.95;  ///< of intervals
    std::vector<KnownEvent> events;
};

struct SeasonFit {
    std::string name;      ///< "daily", "weekly", "yearly"
    model::Season season;  ///< counted from the profile's first day
    bool kept = false;     ///< significant; else it is not in the profile
};

struct EventFit {
    std::string name;  ///< of a known one; empty of one that was found as outliers
    double factor = 1, low = 1, high = 1;
    ClockTime from = 0, to = 0;  ///< the first time, where it is known by name
    int times = 0;               ///< in the history
};

/// How well the end of the history is foretold from what was before it.
struct HoldBack {
    ClockTime from = 0;
    int values = 0;
    double wape = 0, naive_wape = 0;  ///< sum of absolute errors relative to that of the values
    /// Mean absolute error relative to that of the naive forecast within the history before (Hyndman and
    /// Koehler 2006). The naive forecast repeats the latest season.
    double mase = 0, naive_mase = 0;
    model::Duration naive_season;
    double inside = 0;  ///< share of the values in their prediction intervals
    bool better() const { return wape < naive_wape; }
};

struct ForecastMonth {
    ClockTime from = 0;
    double mean = 0, low = 0, high = 0;  ///< items a second, with the interval of the month's mean
    double peak = 0, peak_high = 0;      ///< of its highest step, and the upper end of that step's interval
};

struct Forecast {
    ClockTime first_day = 0;  ///< a Monday's midnight after the history: time 0 of the profile
    model::RateProfile profile;
    model::Duration step;                                ///< to which values were averaged
    double growth = 0, growth_low = 0, growth_high = 0;  ///< a year
    bool grows = false;                                  ///< long enough to tell; else none is in the profile
    std::vector<SeasonFit> seasons;
    std::vector<EventFit> events;
    double sigma = 0, phi = 0;  ///< of the logarithm: scatter, and correlation of neighbouring steps
    double explained = 0;       ///< share of the variance of the logarithm
    int zeros = 0;              ///< values of 0, which are left out
    std::optional<HoldBack> check;
    std::vector<ForecastMonth> months;
    std::vector<std::string> notes;
};

/// The logarithm of the rate is fitted as base + growth + seasons + events: of the forms that a rate profile
/// has, that of a season being exp(k cos x). What stands out by more than four robust standard deviations for
/// two steps or more is an event of its own.
model::Expected<Forecast> forecast(const History& history, const ForecastOptions& options = {});

/// The profile as fields of a scenario's stream or requests, a line each; fields that a scenario below may
/// have and this one does not are taken away (null).
std::vector<std::string> profile_fields(const Forecast& forecast, const History& history);

}  // namespace headroom::sim
