#include "sim/platform/flow_network.h"
#include "sim/platform/time_lapse.h"

#include <stdexcept>

namespace headroom::sim {

namespace {

void refuse_gap(const model::System& system) {
    if (const std::string gap = flow_gap(system); !gap.empty()) throw std::invalid_argument(gap);
}

}  // namespace

Replication simulate_flow(const model::System& system, const ReplicationOptions& options) {
    refuse_gap(system);
    if (!fluid_gap(system).empty())
        return simulate_lapse(system, options, time_lapse(system, lapse_visits).speed);
    Replication result = FlowNetwork(system, options, {}).run();
    result.availability = simulate_availability(system, options.seed, options.replication);
    return result;
}

Replication sketch_flow(const model::System& system, std::uint64_t seed, std::stop_token stop) {
    ReplicationOptions options{
        .seed = seed, .replication = 0, .warm_up = 0, .bins = 24, .stop = std::move(stop)};
    if (!fluid_gap(system).empty()) {
        constexpr double few = 50'000, most = 200'000;
        const TimeLapse lapse = time_lapse(system, few);
        if (lapse.items <= most) return simulate_lapse(system, options, lapse.speed);
        Replication none;
        none.stopped = true;
        return none;
    }
    return FlowNetwork(system, options,
                       {.coarse = true, .tracers = 6000, .lesson = 20'000, .rough = true, .batches = 60})
        .run();
}

}  // namespace headroom::sim
