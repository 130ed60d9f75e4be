#include "sim/analytic/fork_join.h"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Probability that a copy is there within the time.
double there_within(const CopyTime& copy, double time) {
    constexpr double most_regular = 1e4;
    if (copy.mean <= 0) return 1;
    const double shape = copy.variance > 0 ? copy.mean * copy.mean / copy.variance : most_regular;
    if (shape >= most_regular) return time >= copy.mean ? 1 : 0;
    return boost::math::gamma_p(shape, shape * time / copy.mean);
}

/// Probability that fewer than `needed` copies are there within the time.
double too_few(const std::vector<CopyTime>& copies, int needed, double time) {
    const bool alike =
        std::all_of(copies.begin(), copies.end(), [&](const auto& c) { return c == copies[0]; });
    if (alike) {
        const double there = there_within(copies[0], time);
        if (there <= 0) return 1;
        return there >= 1 ? 0
                          : boost::math::ibetac<double, double, double>(
                                needed, static_cast<double>(copies.size()) - needed + 1, there);
    }
    std::vector<double> number(at(needed), 0.0);  // probability of 0, 1, ... copies, those below `needed`
    number[0] = 1;
    for (const CopyTime& copy : copies) {
        const double there = there_within(copy, time);
        for (std::size_t i = number.size(); i-- > 0;)
            number[i] = number[i] * (1 - there) + (i > 0 ? number[i - 1] * there : 0);
    }
    double sum = 0;
    for (const double p : number) sum += p;
    return sum;
}

double harmonic(int n) {
    double sum = 0;
    for (int i = 1; i <= n; ++i) sum += 1.0 / i;
    return sum;
}

}  // namespace

// The integral of the probability that it is not over yet, piece by piece.
double independent_copies(const std::vector<CopyTime>& copies, int needed) {
    double longest = 0;
    for (const CopyTime& copy : copies) longest = std::max(longest, copy.mean + std::sqrt(copy.variance));
    if (longest <= 0 || !std::isfinite(longest)) return longest;
    constexpr double negligible = 1e-12;
    double sum = 0, from = 0;
    for (double length = longest / 32; length < 1e6 * longest; length *= 1.3) {
        sum += boost::math::quadrature::gauss<double, 10>::integrate(
            [&](double time) { return too_few(copies, needed, time); }, from, from + length);
        from += length;
        if (too_few(copies, needed, from) * from < negligible * sum) break;
    }
    return sum;
}

double meeting_of_queues(int copies, double utilisation, double response) {
    if (copies < 2) return response;
    const double more = harmonic(copies) / harmonic(2);
    return (more + 4.0 / 11 * (1 - more) * utilisation) * (12 - utilisation) / 8 * response;
}

std::optional<ForkSpan> span_of(const model::System& system, int fork, std::size_t item_class) {
    const model::Station& station = system.stations[at(fork)];
    const auto& forks = std::get<model::Fork>(station.primitive);
    const auto& join = std::get<model::Join>(system.stations[at(forks.join)].primitive);
    const model::Route& route = station.routes[item_class];
    ForkSpan span{.join = forks.join,
                  .stations = {},
                  .copies = forks.copies,
                  .needed = std::min(forks.copies, join.needed)};
    if (forks.hedge_after.value() > 0 || join.cancel) return std::nullopt;
    for (const model::Branch& branch : route.branches) {
        if (branch.station == model::outside || branch.item_class >= 0) return std::nullopt;
        const model::Station& between = system.stations[at(branch.station)];
        const model::Route& on = between.routes[item_class];
        const bool straight = on.branches.size() == 1 && on.branches[0].station == forks.join &&
                              on.branches[0].item_class < 0 && between.yields[item_class] == 1;
        const auto* queue = std::get_if<model::Queue>(&between.primitive);
        const bool delay = std::holds_alternative<model::Delay>(between.primitive);
        // Several copies at once in one line wait for each other.
        const bool alone = delay || (queue && queue->capacity == model::unlimited &&
                                     queue->patience.empty() && span.copies <= std::ssize(route.branches));
        if (!straight || !alone) return std::nullopt;
        span.stations.push_back(branch.station);
    }
    const int branches = static_cast<int>(span.stations.size());
    return branches > 0 && span.copies % branches == 0 ? std::optional(span) : std::nullopt;
}

}  // namespace headroom::sim
