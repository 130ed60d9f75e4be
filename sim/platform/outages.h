#pragma once
// When the capacity of stations is gone: sampled once for a replication, alike for both levels.

#include "model/system/system.h"

#include <cstdint>
#include <vector>

namespace headroom::sim {

/// From `time` on, this share of the station's capacity is there.
struct CapacityChange {
    double time = 0;
    int station = 0;
    double capacity = 1;  ///< 0 to 1
    model::Interrupted work = model::Interrupted::restart;  ///< where it falls: what becomes of work in service
};

/// All changes before the horizon, by time. Several causes at one station add up: what is left is 1 less the
/// sum of what is gone, at least 0. Bit-identical for equal arguments.
std::vector<CapacityChange> capacity_changes(const model::System& system, std::uint64_t seed, int replication);

/// Of [from, horizon], the share in which every station of these has some capacity.
double available_share(const std::vector<CapacityChange>& changes, const std::vector<bool>& stations,
                       double from, double horizon);

}  // namespace headroom::sim
