#include "sim/platform/flow_network.h"

namespace headroom::sim {

Replication simulate_flow(const model::System& system, const ReplicationOptions& options) {
    return FlowNetwork(system, options, {}).run();
}

Replication sketch_flow(const model::System& system, std::uint64_t seed) {
    const ReplicationOptions options{.seed = seed, .replication = 0, .warm_up = 0, .bins = 24, .stop = {}};
    return FlowNetwork(system, options, {.coarse = true, .tracers = 1200, .lesson = 2000, .batches = 60})
        .run();
}

}  // namespace headroom::sim
