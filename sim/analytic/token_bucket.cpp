#include "sim/analytic/token_bucket.h"

#include "sim/analytic/queue_figures.h"
#include "sim/analytic/solver.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace headroom::sim {

namespace {

constexpr double most_places = 300;
constexpr double most_rate = 100;  ///< beyond it one in a hundred passes, which any formula tells
constexpr double large = 1e200;

/// Items that may wait; none where the excess does not wait, without end where nothing limits it.
double line_of(const model::Limiter& limiter) {
    if (limiter.excess != model::Limiter::Excess::wait) return 0;
    if (limiter.capacity == model::unlimited) return std::numeric_limits<double>::infinity();
    return limiter.capacity;
}

/// Probabilities of 0 ... `most` items at M/D/1 when one has been served, up to a factor: by what crosses
/// each number from below and from above, so that only positive terms are added.
std::vector<double> left_behind(double rate, std::size_t most) {
    std::vector<double> tail(most + 1);  // of the arrivals during a service: more than so many
    double term = std::exp(-rate), sum = 0;
    const double none = term;
    for (std::size_t j = 0; j <= most; ++j) {
        sum += term;
        term *= rate / static_cast<double>(j + 1);
        tail[j] = std::max(0.0, 1 - sum);
    }
    std::vector<double> left{1};
    for (std::size_t n = 0; n < most; ++n) {
        double up = left[0] * tail[n];
        for (std::size_t i = 1; i <= n; ++i) up += left[i] * tail[n - i + 1];
        left.push_back(up / none);
        if (left.back() > large)
            for (double& weight : left) weight /= large;
    }
    return left;
}

}  // namespace

bool has_bucket_figures(const model::Limiter& limiter) {
    const double line = line_of(limiter);
    const bool single =
        std::all_of(limiter.cost.begin(), limiter.cost.end(), [](double c) { return c == 1; });
    return single && limiter.burst == std::floor(limiter.burst) &&
           limiter.burst + (std::isinf(line) ? 0 : line) <= most_places;
}

std::optional<BucketFigures> bucket_figures(const model::Limiter& limiter, double rate) {
    if (!has_bucket_figures(limiter) || rate <= 0 || rate > most_rate) return std::nullopt;
    const double line = line_of(limiter);
    const auto tokens = static_cast<std::size_t>(limiter.burst);
    if (std::isinf(line)) {
        if (rate >= 1) return std::nullopt;
        // Of those present at M/D/1, the ones beyond the bucket's tokens wait.
        const std::vector<double> left = left_behind(rate, tokens);
        double present = rate + rate * rate / (2 * (1 - rate)), more = 1;
        for (std::size_t n = 0; n < tokens; ++n) {
            more -= (1 - rate) * left[n];
            present -= more;
        }
        return BucketFigures{0, std::max(0.0, present) / rate};
    }
    const std::size_t room = tokens + static_cast<std::size_t>(line);
    const std::vector<double> left = left_behind(rate, room - 1);
    double all = 0;
    for (const double weight : left) all += weight;
    const double busy = left[0] / all + rate;
    BucketFigures figures{1 - 1 / busy, 0};
    double waiting = static_cast<double>(room - tokens) * figures.excess;
    for (std::size_t n = tokens; n < room; ++n)
        waiting += static_cast<double>(n - tokens) * left[n] / all / busy;
    figures.waiting = waiting / (rate * (1 - figures.excess));
    return figures;
}

// A token bucket is a server that takes 1 / rate for an item, which may run ahead by the burst: who waits
// there waits for what the work exceeds the burst by. The tail of that work falls exponentially, by the
// theory of heavy traffic with the exponent 2 (1 - rho) / (rho scv) an item; without waiting, what overflows
// is that of a line with as many places.
StationFigures limiter_figures(const model::Limiter& limiter, const StationLoad& load) {
    StationFigures figures = untouched(load.rate.size());
    double tokens = 0;
    for (std::size_t k = 0; k < load.rate.size(); ++k)
        tokens += load.rate[k] * (limiter.cost.empty() ? 1 : limiter.cost[k]);
    const double rate = total(load.rate);
    if (tokens <= 0) return figures;
    figures.utilisation = figures.hottest = tokens / limiter.rate.value();
    const auto all_wait = [&](double wait, double share) {
        for (std::size_t k = 0; k < load.rate.size(); ++k) {
            if (load.rate[k] <= 0) continue;
            figures.waiting[k] = figures.response[k] = wait;
            figures.variance[k] = wait * wait;
            figures.population += load.rate[k] * share * wait;
        }
    };
    if (const auto bucket = bucket_figures(limiter, rate / limiter.rate.value()); bucket && load.scv == 1) {
        if (limiter.excess == model::Limiter::Excess::divert)
            figures.diverted = bucket->excess;
        else
            std::fill(figures.passed.begin(), figures.passed.end(), 1 - bucket->excess);
        figures.rejects =
            limiter.excess == model::Limiter::Excess::drop || limiter.capacity != model::unlimited;
        all_wait(bucket->waiting / limiter.rate.value(), 1 - bucket->excess);
        return figures;
    }
    const double cost = tokens / rate, places = limiter.burst / cost;
    const double scv = std::max(0.05, load.scv);
    const bool limited = limiter.capacity != model::unlimited;
    if (limiter.excess != model::Limiter::Excess::wait || limited) {
        const double waiting = limiter.excess == model::Limiter::Excess::wait ? limiter.capacity : 0;
        const double rho = figures.utilisation, room = 1 + (places + waiting - 1) * 2 / scv;
        const double over = std::abs(rho - 1) < 1e-9
                                ? 1 / (room + 1)
                                : (1 - rho) * std::pow(rho, room) / (1 - std::pow(rho, room + 1));
        // Beyond saturation the power overflows, and what does not fit is left over.
        const double excess = std::isfinite(over) ? over : 1 - 1 / rho;
        if (limiter.excess == model::Limiter::Excess::divert) {
            figures.diverted = excess;
        } else {
            figures.rejects = true;
            std::fill(figures.passed.begin(), figures.passed.end(), 1 - excess);
        }
        if (waiting <= 0) return figures;
        // Beyond saturation the line is full but for what comes and goes; below it is as without a limit.
        const double bound = (waiting + 0.5) * cost / limiter.rate.value();
        const double open = rho >= 1 ? bound
                                     : mean_wait(1, rate, cost / limiter.rate.value(), load.scv, 0) *
                                           std::exp(-2 * (1 - rho) / (rho * scv) * (places - 1));
        all_wait(std::min(open, bound), 1 - excess);
        return figures;
    }
    if (figures.utilisation >= 1) {
        overload(figures, load.rate, 1 / figures.utilisation);
        return figures;
    }
    const double rho = figures.utilisation;
    all_wait(mean_wait(1, rate, cost / limiter.rate.value(), load.scv, 0) *
                 std::exp(-2 * (1 - rho) / (rho * scv) * (places - 1)),
             1);
    return figures;
}

}  // namespace headroom::sim
