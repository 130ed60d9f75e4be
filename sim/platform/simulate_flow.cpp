#include "sim/platform/flow_network.h"

#include <cmath>
#include <stdexcept>

namespace headroom::sim {

namespace {

void refuse_gap(const model::System& system) {
    if (const std::string gap = flow_gap(system); !gap.empty()) throw std::invalid_argument(gap);
}

}  // namespace

std::string flow_gap(const model::System& system) {
    for (const auto& station : system.stations) {
        const auto needs_record_level = [&](const char* what) {
            return std::string("the flow level does not know ") + what + "; '" + station.name +
                   "' needs the record level";
        };
        if (std::holds_alternative<model::Fork>(station.primitive)) return needs_record_level("forks");
        if (const auto* log = std::get_if<model::PartitionedLog>(&station.primitive))
            if (std::isfinite(log->retention.value())) return needs_record_level("logs that forget records");
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
    }
    return {};
}

Replication simulate_flow(const model::System& system, const ReplicationOptions& options) {
    refuse_gap(system);
    Replication result = FlowNetwork(system, options, {}).run();
    result.availability = simulate_availability(system, options.seed, options.replication);
    return result;
}

Replication sketch_flow(const model::System& system, std::uint64_t seed) {
    refuse_gap(system);
    const ReplicationOptions options{.seed = seed, .replication = 0, .warm_up = 0, .bins = 24, .stop = {}};
    return FlowNetwork(system, options,
                       {.coarse = true, .tracers = 1200, .lesson = 20'000, .rough = true, .batches = 60})
        .run();
}

}  // namespace headroom::sim
