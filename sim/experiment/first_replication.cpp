#include "sim/experiment/first_replication.h"

#include "sim/platform/outages.h"
#include "sim/platform/scaling.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// By station and bin: the mean share of the capacity that is there; empty where nothing changes.
std::vector<std::vector<double>> mean_shares(const model::System& system, std::size_t bins,
                                             const std::vector<CapacityChange>& changes) {
    std::vector<std::vector<double>> shares(system.stations.size());
    if (changes.empty()) return shares;
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
    for (const CapacityChange& change : changes) {
        hold_until(at(change.station), change.time);
        now[at(change.station)] = change.capacity;
    }
    for (std::size_t s = 0; s < shares.size(); ++s) hold_until(s, system.horizon.value());
    // Rounding of sums over a bin is no failure.
    for (auto& of_station : shares)
        for (double& share : of_station)
            if (share > 1 - 1e-9) share = 1;
    return shares;
}

std::vector<CapacityChange> scalings_of(const model::System& system) {
    std::vector<CapacityChange> all;
    for (const ScaleChange& change : scale_changes(system))
        for (const int s : system.scalers[at(change.scaler)].stations)
            all.push_back({change.time, s, change.share});
    return all;
}

/// Of the station that has least of it; empty where all have all of it always.
std::vector<double> least_of(const std::vector<int>& stations,
                             const std::vector<std::vector<double>>& shares) {
    std::vector<double> least;
    for (const int s : stations) {
        least.resize(std::max(least.size(), shares[at(s)].size()), 1.0);
        for (std::size_t i = 0; i < shares[at(s)].size(); ++i)
            least[i] = std::min(least[i], shares[at(s)][i]);
    }
    if (std::all_of(least.begin(), least.end(), [](double share) { return share == 1; })) least.clear();
    return least;
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
    const auto left =
        mean_shares(subject.system, bins, failure_changes(subject.system, subject.scenario.seed, 0));
    const auto scaled = mean_shares(subject.system, bins, scalings_of(subject.system));
    for (const auto& component : subject.outline.components) {
        std::vector<double> utilisation, queue;
        for (const int s : component.stations) {
            const StationTally& tally = first.stations[at(s)];
            utilisation.resize(std::max(utilisation.size(), tally.utilisation.size()), 0.0);
            queue.resize(std::max(queue.size(), tally.queue.size()), 0.0);
            for (std::size_t i = 0; i < queue.size() && i < tally.queue.size(); ++i)
                queue[i] += tally.queue[i];
            for (std::size_t i = 0; i < tally.utilisation.size() && tally.capacity > 0; ++i)
                utilisation[i] = std::max(utilisation[i], tally.utilisation[i]);
        }
        add("utilisation", component.id, std::move(utilisation));
        add("queue", component.id, std::move(queue));
        add("capacity", component.id, least_of(component.stations, left));
        add("scaled", component.id, least_of(component.stations, scaled));
    }
    return all;
}

}  // namespace headroom::sim
