#include "model/store/metrics.h"
#include "model/store/run_result.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace headroom::model {

namespace {

/// Decimals that show a half-width with two digits where it begins with 10 to 35, else with one: the rule of
/// the Particle Data Group (Review of Particle Physics, introduction, 5.3). Never more than four digits of
/// the value.
int decimals_for(double value, double half_width) {
    if (half_width <= 0)
        return std::clamp(3 - static_cast<int>(std::floor(std::log10(std::abs(value)))), 0, 6);
    int magnitude = static_cast<int>(std::floor(std::log10(half_width)));
    const double leading = std::round(half_width / std::pow(10, magnitude - 2));
    int digits = 1;
    if (leading < 355) digits = 2;
    if (leading >= 950) ++magnitude, digits = 2;
    const int decimals = digits - 1 - magnitude;
    const int largest = value == 0 ? 3 : 3 - static_cast<int>(std::floor(std::log10(std::abs(value))));
    return std::clamp(decimals, 0, std::max(0, largest));
}

std::string fixed(double value, int decimals) {
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    const std::string result = text;
    // "-0.0" says nothing that "0.0" does not.
    return result.find_first_not_of("-0.") == std::string::npos && result[0] == '-' ? result.substr(1)
                                                                                    : result;
}

}  // namespace

std::string print_estimate(const Metric& metric, const Estimate& estimate, double least) {
    if (estimate.exact() || !std::isfinite(estimate.value)) return print_figure(metric, estimate.value);
    if (std::isinf(estimate.half_width)) return print_figure(metric, estimate.value) + " ± ?";
    if (estimate.half_width <= std::abs(estimate.value) * 1e-12)
        return print_figure(metric, estimate.value) + " ± 0";
    const Display display{.noun = metric.noun, .percent = metric.percent};
    // Zero with an interval is shown in the unit of the interval.
    const double size = std::max({std::abs(estimate.value), estimate.half_width / 100, std::abs(least)});
    // Counts of up to five digits are easier to compare in full than in thousands.
    const bool counted = metric.dimension.item > 0 && size >= 1000 && size < 1e5;
    auto [scale, unit] = unit_scale(counted ? 1 : size, metric.dimension, display);
    int decimals = decimals_for(estimate.value / scale, estimate.half_width / scale);
    if (metric.dimension.money > 0 && decimals > 0) decimals = 2;
    std::string value = group_thousands(fixed(estimate.value / scale, decimals));
    // A half-width is rounded up where it would vanish.
    const double last_place = std::pow(10, -decimals);
    const std::string half_width =
        group_thousands(fixed(std::max(estimate.half_width / scale, last_place), decimals));
    if (unit.starts_with("$")) {
        value.insert(value[0] == '-' ? 1 : 0, "$");
        return value + unit.substr(1) + " ± " + half_width;
    }
    const bool time_or_data = metric.dimension.time > 0 || metric.dimension.data > 0;
    const bool prefixed = !time_or_data && !metric.percent && scale > 1;  // "2.1M events/s"
    const char* space = unit.empty() || prefixed || unit[0] == '/' ? "" : " ";
    return value + space + unit + " ± " + half_width;
}

}  // namespace headroom::model
