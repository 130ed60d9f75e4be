#include "sim/analytic/solver.h"
#include "sim/platform/replication.h"

namespace headroom::sim {

double expected_visits(const model::System& system) {
    double rate = 0;
    for (const auto& station : solve(system).stations)
        for (const double arrivals : station.arrival_rate) rate += arrivals;
    // Every user begins with thinking, however seldom the stations can answer.
    double users = 0;
    for (const auto& source : system.closed) users += source.users;
    return rate * system.horizon.value() + users;
}

}  // namespace headroom::sim
