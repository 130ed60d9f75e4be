#include "sim/platform/replication.h"
#include "sim/stations/record/network.h"

namespace headroom::sim {

Replication simulate_records(const model::System& system, const ReplicationOptions& options) {
    record::Network network(system, options);
    network.run<false>();
    Replication result = network.tallies();
    result.availability = simulate_availability(system, options.seed, options.replication);
    return result;
}

}  // namespace headroom::sim
