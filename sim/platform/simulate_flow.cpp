#include "model/system/losses.h"
#include "sim/platform/flow_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace headroom::sim {

namespace {

void refuse_gap(const model::System& system) {
    if (const std::string gap = flow_gap(system); !gap.empty()) throw std::invalid_argument(gap);
}

/// Whether copies may end before they meet: then a join may wait in vain.
bool may_miss(const model::System& system) {
    const bool filters = std::any_of(system.stations.begin(), system.stations.end(), [](const auto& station) {
        const bool itself = std::holds_alternative<model::Fork>(station.primitive) ||
                            std::holds_alternative<model::Join>(station.primitive);
        return !itself && std::any_of(station.yields.begin(), station.yields.end(),
                                      [](double yield) { return yield != 1; });
    });
    return filters || !system.outages.empty() || model::can_lose(system);
}

}  // namespace

std::string flow_gap(const model::System& system) {
    if (!system.regions.empty())
        return "the flow level does not know the region '" + system.regions.front().name +
               "', whose components share a room; it needs the record level";
    for (const auto& source : system.open)
        if (!source.pattern.states.empty() || !source.pattern.bulk.is_one() || source.pattern.trace.times)
            return "the flow level does not know arrivals by 'mmpp', in a 'bulk' or from a 'trace'; '" +
                   system.classes[static_cast<std::size_t>(source.item_class)].name +
                   "' needs the record level";
    const auto persists = [](const auto& source) { return source.persistence.has_value(); };
    if (std::any_of(system.open.begin(), system.open.end(), persists) ||
        std::any_of(system.closed.begin(), system.closed.end(), persists))
        return "the flow level does not know requests with a 'timeout' or 'retries'; they need the record "
               "level";
    for (const auto& station : system.stations) {
        const auto needs_record_level = [&](const char* what) {
            return std::string("the flow level does not know ") + what + "; '" + station.name +
                   "' needs the record level";
        };
        if (const auto* fork = std::get_if<model::Fork>(&station.primitive)) {
            // Each tracer makes as many.
            if (fork->copies > 1000) return needs_record_level("forks into more than a thousand copies");
            if (fork->hedge_after.value() > 0) return needs_record_level("hedged requests");
            if (std::get<model::Join>(system.stations[static_cast<std::size_t>(fork->join)].primitive).cancel)
                return needs_record_level("copies that are withdrawn");
            if (!system.closed.empty())
                return needs_record_level("forks beside users who wait for an answer");
            if (may_miss(system)) return needs_record_level("forks whose copies may be lost");
        }
        for (const model::Route& route : station.routes) {
            if (route.routing == model::Routing::least_loaded) return needs_record_level("routing by load");
            for (const model::Branch& branch : route.branches)
                if (branch.item_class >= 0)
                    return needs_record_level("items that become those of another workload");
        }
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        if (queue && (queue->discipline == model::Discipline::lcfs ||
                      queue->discipline == model::Discipline::lcfs_preemptive))
            return "the flow level does not know service in reverse order of arrival; the discipline of '" +
                   station.name + "' needs the record level";
        if (queue && queue->overflow != model::Overflow::drop)
            return "the flow level knows items that are rejected where there is no room, not those that "
                   "wait or come again; '" +
                   station.name + "' needs the record level";
        if (queue && !queue->patience.empty() && !flow::all_impatient(*queue))
            return "the flow level knows patience that ends for all or for none; '" + station.name +
                   "' needs the record level";
    }
    return {};
}

Replication simulate_flow(const model::System& system, const ReplicationOptions& options) {
    refuse_gap(system);
    Replication result = FlowNetwork(system, options, {}).run();
    result.availability = simulate_availability(system, options.seed, options.replication);
    return result;
}

Replication sketch_flow(const model::System& system, std::uint64_t seed, std::stop_token stop) {
    refuse_gap(system);
    const ReplicationOptions options{
        .seed = seed, .replication = 0, .warm_up = 0, .bins = 24, .stop = std::move(stop)};
    return FlowNetwork(system, options,
                       {.coarse = true, .tracers = 6000, .lesson = 20'000, .rough = true, .batches = 60})
        .run();
}

}  // namespace headroom::sim
