#include "sim/platform/flow_network.h"
#include "sim/platform/time_lapse.h"

#include <stdexcept>

namespace headroom::sim {

Replication simulate_flow(const model::System& system, const ReplicationOptions& options) {
    const FlowWay way = flow_way(system, lapse_visits, most_lapse_visits);
    if (way.kind == FlowWay::Kind::none) throw std::invalid_argument(way.gap);
    if (way.kind == FlowWay::Kind::time_lapse) return simulate_lapse(system, options, way.speed);
    Replication result = FlowNetwork(system, options, {}).run();
    result.availability = simulate_availability(system, options.seed, options.replication);
    return result;
}

Replication sketch_flow(const model::System& system, std::uint64_t seed, std::stop_token stop) {
    constexpr double few = 50'000, most = 200'000;
    const ReplicationOptions options{
        .seed = seed, .replication = 0, .warm_up = 0, .bins = 24, .stop = std::move(stop)};
    const FlowWay way = flow_way(system, few, most);
    if (way.kind == FlowWay::Kind::time_lapse) return simulate_lapse(system, options, way.speed);
    if (way.kind == FlowWay::Kind::fluid)
        return FlowNetwork(system, options,
                           {.coarse = true, .tracers = 6000, .lesson = 20'000, .rough = true, .batches = 60})
            .run();
    Replication none;
    none.stopped = true;
    return none;
}

}  // namespace headroom::sim
