#include "sim/experiment/first_replication.h"

#include "sim/platform/outages.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// By station and bin: the mean share of the capacity that is there.
std::vector<std::vector<double>> capacities(const Subject& subject, std::size_t bins) {
    const model::System& system = subject.system;
    std::vector<std::vector<double>> shares(system.stations.size());
    if (system.outages.empty()) return shares;
    const double step = system.horizon.value() / static_cast<double>(bins);
    std::vector<double> now(shares.size(), 1.0), since(shares.size(), 0.0);
    for (auto& of_station : shares) of_station.assign(bins, 0.0);
    const auto hold_until = [&](std::size_t s, double end) {
        for (double from = since[s]; from < end;) {
            const std::size_t bin = std::min(bins - 1, static_cast<std::size_t>(from / step));
            const double next = bin + 1 == bins ? end : std::min(end, static_cast<double>(bin + 1) * step);
            shares[s][bin] += now[s] * (next - from) / step;
            from = std::max(next, std::nextafter(from, end));
        }
        since[s] = end;
    };
    for (const CapacityChange& change : capacity_changes(system, subject.scenario.seed, 0)) {
        hold_until(at(change.station), change.time);
        now[at(change.station)] = change.capacity;
    }
    for (std::size_t s = 0; s < shares.size(); ++s) hold_until(s, system.horizon.value());
    return shares;
}

}  // namespace

std::vector<model::Series> history_of(const Subject& subject, const Replication& first) {
    std::vector<model::Series> all;
    const model::Duration horizon = subject.system.horizon;
    const auto add = [&](const char* metric, const std::string& component, std::vector<double> values) {
        if (values.empty()) return;
        const double step = horizon.value() / static_cast<double>(values.size());
        all.push_back({{metric, component, ""}, model::seconds(0), model::seconds(step), std::move(values)});
    };
    std::size_t bins = 0;
    for (const StationTally& tally : first.stations) bins = std::max(bins, tally.queue.size());
    if (bins == 0) return all;
    const auto shares = capacities(subject, bins);
    for (const auto& component : subject.outline.components) {
        std::vector<double> utilisation, queue, capacity;
        for (const int s : component.stations) {
            const StationTally& tally = first.stations[at(s)];
            utilisation.resize(std::max(utilisation.size(), tally.utilisation.size()), 0.0);
            queue.resize(std::max(queue.size(), tally.queue.size()), 0.0);
            capacity.resize(std::max(capacity.size(), shares[at(s)].size()), 1.0);
            for (std::size_t i = 0; i < queue.size() && i < tally.queue.size(); ++i)
                queue[i] += tally.queue[i];
            for (std::size_t i = 0; i < tally.utilisation.size() && tally.capacity > 0; ++i)
                utilisation[i] = std::max(utilisation[i], tally.utilisation[i]);
            for (std::size_t i = 0; i < shares[at(s)].size(); ++i)
                capacity[i] = std::min(capacity[i], shares[at(s)][i]);
        }
        add("utilisation", component.id, std::move(utilisation));
        add("queue", component.id, std::move(queue));
        // Rounding of sums over a bin is no failure.
        for (double& share : capacity)
            if (share > 1 - 1e-9) share = 1;
        if (std::any_of(capacity.begin(), capacity.end(), [](double share) { return share < 1; }))
            add("capacity", component.id, std::move(capacity));
    }
    return all;
}

}  // namespace headroom::sim
