#include "sim/platform/flow_grid.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

double step_of(const model::System& system) {
    const double horizon = system.horizon.value();
    double season = horizon;
    for (const auto& source : system.open)
        for (const auto& s : source.rate.seasons) season = std::min(season, s.period.value());
    const double step = std::clamp(horizon / 200, 1e-9, 300.0);
    return std::max(step, std::min(horizon / 3000, season / 48));
}

/// When capacities move by more than a little; of very many moves, none: they are a blur.
std::vector<double> capacity_jumps(const std::vector<CapacityChange>& changes, std::size_t stations) {
    constexpr double little = 0.02;
    std::vector<double> known(stations, 1.0), jumps;
    for (const CapacityChange& change : changes) {
        double& before = known[static_cast<std::size_t>(change.station)];
        if (std::abs(change.capacity - before) < little) continue;
        before = change.capacity;
        if (jumps.empty() || jumps.back() != change.time) jumps.push_back(change.time);
    }
    return jumps.size() > most_jumps ? std::vector<double>() : jumps;
}

}  // namespace

double flow_steps(const model::System& system) { return system.horizon.value() / step_of(system); }

std::vector<double> flow_grid(const model::System& system, const std::vector<CapacityChange>& changes,
                              bool coarse, const std::vector<double>& of_states, double longest) {
    const double horizon = system.horizon.value();
    std::vector<double> jumps = capacity_jumps(changes, system.stations.size());
    jumps.insert(jumps.end(), of_states.begin(), of_states.end());
    jumps.push_back(0);
    for (const auto& source : system.open) {
        for (const auto& event : source.rate.events) {
            jumps.push_back(event.from.value());
            jumps.push_back(event.from.value() + event.length.value());
        }
    }
    double step = step_of(system);
    if (coarse) step = std::max(horizon / 288, step);
    step = std::min(step, longest);
    std::vector<double> edges;
    const int count = static_cast<int>(std::ceil(horizon / step - 1e-9));
    for (int i = 0; i <= count; ++i) edges.push_back(std::min(horizon, i * step));
    for (const double jump : jumps) {
        if (jump < 0 || jump >= horizon) continue;
        edges.push_back(jump);
        // A queue that was at rest follows a jump within moments or within hours: steps that double.
        for (double fine = step / (coarse ? 8 : 512); fine < step; fine *= 2)
            if (jump + fine < horizon) edges.push_back(jump + fine);
    }
    std::sort(edges.begin(), edges.end());
    std::vector<double> distinct;
    for (const double edge : edges)
        if (distinct.empty() || edge - distinct.back() > 1e-6 * step) distinct.push_back(edge);
    distinct.back() = horizon;
    return distinct;
}

}  // namespace headroom::sim
