#include "model/system/blocking.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::model {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

const Queue* blocking_queue(const System& system, int station) {
    const auto* queue = std::get_if<Queue>(&system.stations[at(station)].primitive);
    return queue != nullptr && queue->overflow == Overflow::block ? queue : nullptr;
}

/// Stations that a class comes to.
std::vector<bool> reached_by(const System& system, int item_class) {
    std::vector<bool> reached(system.stations.size(), false);
    std::vector<int> open;
    const auto visit = [&](const Route& route) {
        for (const Branch& branch : route.branches)
            if (branch.station != outside && branch.probability > 0 && !reached[at(branch.station)]) {
                reached[at(branch.station)] = true;
                open.push_back(branch.station);
            }
    };
    for (const OpenSource& source : system.open)
        if (source.item_class == item_class) visit(source.route);
    for (const ClosedSource& source : system.closed)
        if (source.item_class == item_class) visit(source.route);
    while (!open.empty()) {
        const int station = open.back();
        open.pop_back();
        visit(system.stations[at(station)].routes[at(item_class)]);
    }
    return reached;
}

}  // namespace

std::vector<int> deadlock_in(const System& system) {
    const int count = static_cast<int>(system.stations.size());
    std::vector<std::vector<int>> next(system.stations.size());
    std::vector<bool> open(system.stations.size(), false);
    for (int k = 0; k < std::ssize(system.classes); ++k) {
        const std::vector<bool> reached = reached_by(system, k);
        const bool comes_freely = std::any_of(system.open.begin(), system.open.end(),
                                              [k](const auto& source) { return source.item_class == k; });
        for (int s = 0; s < count; ++s) {
            if (!reached[at(s)] || blocking_queue(system, s) == nullptr) continue;
            open[at(s)] = open[at(s)] || comes_freely;
            for (const Branch& branch : system.stations[at(s)].routes[at(k)].branches)
                if (branch.station != outside && branch.station != s && branch.probability > 0 &&
                    blocking_queue(system, branch.station) != nullptr)
                    next[at(s)].push_back(branch.station);
        }
    }
    double users = 0;
    for (const ClosedSource& source : system.closed) users += source.users;
    // From every station the cycle back to it that holds least (Bellman and Ford).
    for (int start = 0; start < count; ++start) {
        if (next[at(start)].empty()) continue;
        std::vector<double> held(system.stations.size(), std::numeric_limits<double>::infinity());
        std::vector<int> from(system.stations.size(), -1);
        for (bool first = true, changed = true; changed; first = false) {
            changed = false;
            for (int s = 0; s < count; ++s) {
                const double before = first && s == start ? 0 : s == start ? -1 : held[at(s)];
                if (!(before >= 0) || std::isinf(before)) continue;
                for (const int to : next[at(s)]) {
                    const double sum = before + blocking_queue(system, to)->capacity;
                    if (sum >= held[at(to)]) continue;
                    held[at(to)] = sum;
                    from[at(to)] = s;
                    changed = true;
                }
            }
        }
        if (std::isinf(held[at(start)])) continue;
        std::vector<int> cycle{start};
        bool freely = open[at(start)];
        for (int s = from[at(start)]; s != start; s = from[at(s)]) {
            cycle.push_back(s);
            freely = freely || open[at(s)];
        }
        cycle.push_back(start);
        std::reverse(cycle.begin(), cycle.end());
        if (freely || users >= held[at(start)]) return cycle;
    }
    return {};
}

}  // namespace headroom::model
