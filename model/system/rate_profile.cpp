#include "model/system/rate_profile.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom::model {

namespace {

constexpr double seconds_of_year = 365.0 * 86400;

/// log(I0(k)), the modified Bessel function of order 0: Abramowitz and Stegun 9.8.1 and 9.8.2, relative error
/// below 2e-7; in the logarithm, so that a sharp season does not overflow.
double log_bessel_i0(double k) {
    if (k < 3.75) {
        const double t = (k / 3.75) * (k / 3.75);
        return std::log1p(
            t * (3.5156229 +
                 t * (3.0899424 + t * (1.2067492 + t * (0.2659732 + t * (0.0360768 + t * 0.0045813))))));
    }
    const double t = 3.75 / k;
    const double series =
        0.39894228 +
        t * (0.01328592 +
             t * (0.00225319 +
                  t * (-0.00157565 +
                       t * (0.00916281 +
                            t * (-0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))))));
    return k - 0.5 * std::log(k) + std::log(series);
}

/// Moments within [from, to) where the rate may be highest or jump: tops of seasons, ends of events.
std::vector<double> candidates(const RateProfile& profile, double from, double to) {
    std::vector<double> moments{from};
    const auto add = [&](double t) {
        if (t > from && t < to) moments.push_back(t);
    };
    for (const RateEvent& event : profile.events) {
        add(event.from.value());
        add((event.from + event.length).value());
    }
    constexpr double most_tops = 10'000;
    for (const Season& season : profile.seasons) {
        const double period = season.period.value();
        const double first = std::ceil((from - season.at.value()) / period) * period + season.at.value();
        for (double i = 0; i < most_tops && first + i * period < to; ++i) add(first + i * period);
    }
    return moments;
}

/// Length that a quadrature step must not exceed.
double finest_step(const RateProfile& profile, double from, double to) {
    double step = (to - from) / 100;
    // The width of a sharp season's peak falls with the root of its concentration.
    for (const Season& season : profile.seasons)
        step = std::min(step,
                        season.period.value() / (100 * std::max(1.0, std::sqrt(season.concentration) / 5)));
    for (const RateEvent& event : profile.events)
        if (event.length.value() > 0) step = std::min(step, event.length.value() / 100);
    // A long horizon with a short event is cut at the event's ends anyway.
    return std::max(step, (to - from) / 1'000'000);
}

}  // namespace

double Season::factor(Duration t) const {
    if (concentration == 0) return 1;
    const double x = 2 * std::numbers::pi * (t - at).value() / period.value();
    return std::exp(concentration * std::cos(x) - log_bessel_i0(concentration));
}

Season make_season(Duration period, double peak, Duration at) {
    Season season{.period = period, .peak = peak, .at = at, .concentration = 0};
    if (peak <= 1) {
        season.peak = 1;
        return season;
    }
    // exp(k) / I0(k) grows with k, for large k like sqrt(2 pi k): bisection on log(k).
    const double target = std::log(peak);
    double low = 0, high = 1;
    while (high - log_bessel_i0(high) < target && high < 1e12) high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
        const double middle = 0.5 * (low + high);
        (middle - log_bessel_i0(middle) < target ? low : high) = middle;
    }
    season.concentration = 0.5 * (low + high);
    return season;
}

ItemRate RateProfile::at(Duration t) const {
    double factor = 1;
    if (growth_per_year != 0) factor *= std::exp(std::log1p(growth_per_year) * t.value() / seconds_of_year);
    for (const Season& season : seasons) factor *= season.factor(t);
    for (const RateEvent& event : events)
        if (t >= event.from && t < event.from + event.length) factor *= event.factor;
    return base * factor;
}

ItemRate RateProfile::mean(Duration from, Duration to) const {
    if (is_constant() || to <= from) return at(from);
    std::vector<double> cuts{from.value(), to.value()};
    for (const RateEvent& event : events)
        for (const double t : {event.from.value(), (event.from + event.length).value()})
            if (t > from.value() && t < to.value()) cuts.push_back(t);
    std::sort(cuts.begin(), cuts.end());
    const double finest = finest_step(*this, from.value(), to.value());
    // Simpson's rule between the jumps. The end of a piece belongs to the next one, so events are taken from
    // the piece's middle.
    double area = 0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const double length = cuts[i + 1] - cuts[i];
        if (length <= 0) continue;
        const auto pieces = static_cast<std::size_t>(std::ceil(length / finest));
        const double width = length / static_cast<double>(pieces);
        RateProfile smooth = *this;
        smooth.events.clear();
        double jump = 1;
        const Duration middle = seconds(cuts[i] + length / 2);
        for (const RateEvent& event : events)
            if (middle >= event.from && middle < event.from + event.length) jump *= event.factor;
        double sum = 0;
        double left = smooth.at(seconds(cuts[i])).value();
        for (std::size_t p = 0; p < pieces; ++p) {
            const double start = cuts[i] + static_cast<double>(p) * width;
            const double right = smooth.at(seconds(start + width)).value();
            sum += left + 4 * smooth.at(seconds(start + width / 2)).value() + right;
            left = right;
        }
        area += jump * sum * width / 6;
    }
    return ItemRate(area / (to - from).value());
}

ItemRate RateProfile::peak(Duration from, Duration to) const {
    if (is_constant() || to <= from) return at(from);
    // The tops of single seasons, then a scan for the tops of products of several.
    double highest = 0;
    for (const double t : candidates(*this, from.value(), to.value()))
        highest = std::max(highest, at(seconds(t)).value());
    const double step = std::max(finest_step(*this, from.value(), to.value()), (to - from).value() / 100'000);
    for (double t = from.value(); t < to.value(); t += step)
        highest = std::max(highest, at(seconds(t)).value());
    if (growth_per_year != 0) highest = std::max(highest, at(seconds(std::nextafter(to.value(), 0))).value());
    return ItemRate(highest);
}

}  // namespace headroom::model
