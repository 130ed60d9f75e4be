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

/// At a moment after the fork, while fewer than `needed` copies are there.
struct TooFew {
    double probability = 0;
    double there = 0;  ///< copies that are there and wait, on average; 0 where enough are there
};

TooFew too_few(const std::vector<CopyTime>& copies, int needed, double time) {
    const bool alike =
        std::all_of(copies.begin(), copies.end(), [&](const auto& c) { return c == copies[0]; });
    if (alike) {
        const double there = there_within(copies[0], time);
        if (there <= 0) return {1, 0};
        if (there >= 1) return {0, 0};
        const auto n = static_cast<double>(copies.size());
        const auto fewer = [&](double than, double of) {
            return than > of ? 1.0 : boost::math::ibetac<double, double, double>(than, of - than + 1, there);
        };
        return {fewer(needed, n), needed > 1 ? n * there * fewer(needed - 1, n - 1) : 0.0};
    }
    std::vector<double> number(at(needed), 0.0);  // probability of 0, 1, ... copies, those below `needed`
    number[0] = 1;
    for (const CopyTime& copy : copies) {
        const double there = there_within(copy, time);
        for (std::size_t i = number.size(); i-- > 0;)
            number[i] = number[i] * (1 - there) + (i > 0 ? number[i - 1] * there : 0);
    }
    TooFew sum;
    for (std::size_t i = 0; i < number.size(); ++i) {
        sum.probability += number[i];
        sum.there += static_cast<double>(i) * number[i];
    }
    return sum;
}

double harmonic(int n) {
    double sum = 0;
    for (int i = 1; i <= n; ++i) sum += 1.0 / i;
    return sum;
}

}  // namespace

// The integrals of the probability that it is not over yet, of it times the time, and of the copies that
// wait, piece by piece.
CopiesMet independent_copies(const std::vector<CopyTime>& copies, int needed) {
    double longest = 0;
    for (const CopyTime& copy : copies) longest = std::max(longest, copy.mean + std::sqrt(copy.variance));
    if (longest <= 0 || !std::isfinite(longest)) return {{longest, 0}, 0};
    constexpr double negligible = 1e-12;
    double sum = 0, square = 0, waited = 0, from = 0;
    for (double length = longest / 32; length < 1e6 * longest; length *= 1.3) {
        using Rule = boost::math::quadrature::gauss<double, 10>;
        for (std::size_t i = 0; i < Rule::abscissa().size(); ++i)
            for (const double side : {-1.0, 1.0}) {
                const double time = from + length / 2 * (1 + side * Rule::abscissa()[i]);
                const double weight = length / 2 * Rule::weights()[i];
                const TooFew now = too_few(copies, needed, time);
                sum += weight * now.probability;
                square += 2 * time * weight * now.probability;
                waited += weight * now.there;
            }
        from += length;
        if (too_few(copies, needed, from).probability * from < negligible * sum) break;
    }
    return {{sum, std::max(0.0, square - sum * sum)}, waited};
}

double meeting_of_queues(int copies, double utilisation, double response) {
    if (copies < 2) return response;
    const double more = harmonic(copies) / harmonic(2);
    return (more + 4.0 / 11 * (1 - more) * utilisation) * (12 - utilisation) / 8 * response;
}

namespace {

/// Follows one copy to the join; false where it may part from its way or wait for another copy. `taken`:
/// stations that copies have come through.
bool follow(const model::System& system, int join, std::size_t item_class, int station,
            std::vector<char>& taken, ForkSpan::Leg& leg);

std::optional<ForkSpan> span_from(const model::System& system, int fork, std::size_t item_class,
                                  std::vector<char>& taken) {
    const model::Station& station = system.stations[at(fork)];
    const auto& forks = std::get<model::Fork>(station.primitive);
    const auto& join = std::get<model::Join>(system.stations[at(forks.join)].primitive);
    const model::Route& route = station.routes[item_class];
    ForkSpan span{.join = forks.join,
                  .legs = {},
                  .copies = forks.copies,
                  .needed = std::min(forks.copies, join.needed)};
    if (forks.hedge_after.value() > 0 || join.cancel) return std::nullopt;
    const auto branches = std::ssize(route.branches);
    if (branches == 0 || span.copies % branches != 0) return std::nullopt;
    for (const model::Branch& branch : route.branches) {
        if (branch.item_class >= 0) return std::nullopt;
        // More copies than branches: several go the same way.
        std::vector<char> before = taken;
        ForkSpan::Leg leg;
        if (!follow(system, forks.join, item_class, branch.station, taken, leg)) return std::nullopt;
        for (std::size_t s = 0; s < taken.size() && span.copies > branches; ++s)
            if (taken[s] && !before[s] && std::holds_alternative<model::Queue>(system.stations[s].primitive))
                return std::nullopt;
        span.legs.push_back(std::move(leg));
    }
    return span;
}

bool follow(const model::System& system, int join, std::size_t item_class, int station,
            std::vector<char>& taken, ForkSpan::Leg& leg) {
    while (station != join) {
        if (station == model::outside) return false;
        const model::Station* here = &system.stations[at(station)];
        const auto* queue = std::get_if<model::Queue>(&here->primitive);
        if (std::holds_alternative<model::Fork>(here->primitive)) {
            auto inner = span_from(system, station, item_class, taken);
            if (!inner) return false;
            here = &system.stations[at(inner->join)];
            leg.forks.push_back(*std::move(inner));
        } else if (std::holds_alternative<model::Delay>(here->primitive) ||
                   (queue && queue->capacity == model::unlimited && queue->patience.empty())) {
            if (here->yields[item_class] != 1 || (queue && taken[at(station)])) return false;
            if (!queue && std::find(leg.stations.begin(), leg.stations.end(), station) != leg.stations.end())
                return false;
            taken[at(station)] = 1;
            leg.stations.push_back(station);
        } else {
            return false;
        }
        const model::Route& on = here->routes[item_class];
        if (on.branches.size() != 1 || on.branches[0].item_class >= 0) return false;
        station = on.branches[0].station;
    }
    return true;
}

}  // namespace

std::optional<ForkSpan> span_of(const model::System& system, int fork, std::size_t item_class) {
    std::vector<char> taken(system.stations.size(), 0);
    return span_from(system, fork, item_class, taken);
}

}  // namespace headroom::sim
