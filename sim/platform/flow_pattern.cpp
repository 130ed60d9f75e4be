#include "sim/platform/flow_pattern.h"

#include "sim/stations/flow/lesson.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {

constexpr double most_arrivals_in_a_state = 5000, most_changes = 5000;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::size_t draw(const std::vector<double>& shares, RandomStream& random) {
    double left = random.uniform();
    for (std::size_t i = 0; i + 1 < shares.size(); ++i)
        if ((left -= shares[i]) < 0) return i;
    return shares.size() - 1;
}

template <class Call>
void for_all_routes(const model::System& system, const Call& call) {
    for (const auto& source : system.open) call(source.route);
    for (const auto& source : system.closed) call(source.route);
    for (const auto& station : system.stations)
        for (const auto& route : station.routes) call(route);
}

bool leads_to(const model::Route& route, int station) {
    return std::any_of(route.branches.begin(), route.branches.end(),
                       [&](const auto& branch) { return branch.station == station; });
}

bool same_choice(const model::Route& a, const model::Route& b) {
    return a.routing == b.routing && a.sampled == b.sampled &&
           std::equal(a.branches.begin(), a.branches.end(), b.branches.begin(), b.branches.end(),
                      [](const auto& x, const auto& y) { return x.station == y.station; });
}

/// The bytes by which lessons know the station.
std::string look_of(const model::Station& station) {
    flow::Question question{
        .primitive = station.primitive, .sizes = {}, .rates = {}, .gaps = {}, .closed = {}};
    return flow::bytes_of(question);
}

/// Its capacity never changes, and its component is nothing else.
bool is_plain(const model::System& system, int station) {
    const auto& of = system.stations[at(station)];
    const auto here = [&](int s) { return s == station; };
    const bool fails = std::any_of(system.outages.begin(), system.outages.end(), [&](const auto& outage) {
        return std::any_of(outage.effects.begin(), outage.effects.end(),
                           [&](const auto& effect) { return here(effect.station); });
    });
    const bool scales = std::any_of(system.scalers.begin(), system.scalers.end(), [&](const auto& scaler) {
        return std::any_of(scaler.stations.begin(), scaler.stations.end(), here);
    });
    const auto together = std::count_if(system.stations.begin(), system.stations.end(),
                                        [&](const auto& other) { return other.component == of.component; });
    return !fails && !scales && together == 1 && std::holds_alternative<model::Queue>(of.primitive);
}

}  // namespace

StatePath::StatePath(const std::vector<model::ModulatedState>& states, double horizon, RandomStream random) {
    std::size_t state = draw(model::shares_of(states), random);
    rates_.push_back(states[state].rate.value());
    for (double now = 0;;) {
        now += states[state].stay.value() * random.exponential();
        if (now >= horizon) return;
        state = draw(states[state].next, random);
        changes_.push_back(now);
        rates_.push_back(states[state].rate.value());
    }
}

double StatePath::mean(double from, double to) const {
    auto i =
        static_cast<std::size_t>(std::upper_bound(changes_.begin(), changes_.end(), from) - changes_.begin());
    double sum = 0;
    for (double now = from; now < to; ++i) {
        const double until = i < changes_.size() ? std::min(to, changes_[i]) : to;
        sum += rates_[i] * (until - now);
        now = until;
    }
    return sum / (to - from);
}

bool are_short(const std::vector<model::ModulatedState>& states) {
    const double rate = model::mean_rate(states).value();
    return std::all_of(states.begin(), states.end(), [&](const auto& state) {
        return state.stay.value() * rate <= most_arrivals_in_a_state;
    });
}

bool are_long(const std::vector<model::ModulatedState>& states, double horizon) {
    const std::vector<double> shares = model::shares_of(states);
    double changes = 0;
    for (std::size_t i = 0; i < states.size(); ++i) changes += shares[i] * horizon / states[i].stay.value();
    return changes <= most_changes;
}

double dispersion(const model::OpenSource& source) {
    const model::BulkSize& bulk = source.pattern.bulk;
    const double mean = bulk.mean(), scatter = bulk.second_moment() / mean - mean;
    if (source.pattern.states.empty()) return mean * source.interarrival.scv + scatter;
    const std::vector<double> shares = model::shares_of(source.pattern.states);
    const double rate = model::mean_rate(source.pattern.states).value();
    double variance = 0, changes = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const auto& state = source.pattern.states[i];
        variance += shares[i] * (state.rate.value() - rate) * (state.rate.value() - rate);
        changes += 1 / state.stay.value() / static_cast<double>(shares.size());
    }
    return mean + scatter + mean * variance / (rate * changes);
}

std::optional<flow::Peers> peers_of(const model::System& system, int station) {
    const model::Route* choice = nullptr;
    bool alike = true;
    for_all_routes(system, [&](const model::Route& route) {
        if (route.routing == model::Routing::least_loaded && leads_to(route, station)) choice = &route;
    });
    if (!choice) return flow::Peers{};
    const std::string look = look_of(system.stations[at(station)]);
    for (const model::Branch& branch : choice->branches) {
        if (branch.station == model::outside || branch.item_class >= 0) return std::nullopt;
        alike =
            alike && is_plain(system, branch.station) && look_of(system.stations[at(branch.station)]) == look;
        for_all_routes(system, [&](const model::Route& route) {
            if (leads_to(route, branch.station)) alike = alike && same_choice(route, *choice);
        });
    }
    if (!alike || !system.closed.empty()) return std::nullopt;
    return flow::Peers{static_cast<int>(choice->branches.size()), choice->sampled};
}

}  // namespace headroom::sim
