#include "sim/platform/replication.h"
#include "sim/stations/record/network.h"

#include <optional>
#include <utility>

namespace headroom::sim {

Replication simulate_records(const model::System& system, const ReplicationOptions& options) {
    using record::Network;
    std::optional<Network> network(std::in_place, system, options);
    const Network::Shortcut shortcut = network->run_without_events();
    if (shortcut == Network::Shortcut::spoiled) network.emplace(system, options);
    if (shortcut != Network::Shortcut::taken) network->run<false>();
    Replication result = network->tallies();
    result.availability = simulate_availability(system, options.seed, options.replication);
    return result;
}

}  // namespace headroom::sim
