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
    model::Interrupted work =
        model::Interrupted::restart;  ///< where it falls: what becomes of work in service
};

/// What failures leave, whatever scalers set: all changes before the horizon, by time.
std::vector<CapacityChange> failure_changes(const model::System& system, std::uint64_t seed, int replication);

/// All changes before the horizon, by time: what scalers set, and of that what failures leave. Several causes
/// at one station add up: what is left is 1 less the sum of what is gone, at least 0. Bit-identical for equal
/// arguments.
std::vector<CapacityChange> capacity_changes(const model::System& system, std::uint64_t seed,
                                             int replication);

/// Shares of the time, in the long run, in which there is some capacity everywhere.
struct Availability {
    double platform = 1;
    std::vector<double> classes;   ///< at every station that the class may visit
    std::vector<double> stations;  ///< at the station alone
};

/// Failures do not depend on the load, so that their own history is followed as far as it takes to see many
/// of them, beyond the horizon; what happens at a moment of the horizon is taken to happen in every horizon.
Availability simulate_availability(const model::System& system, std::uint64_t seed, int replication);

/// The same in closed form: units fail independently, so that the number of them that are down is binomial; a
/// cause that hits several stations counts once. Exact unless causes that each leave some capacity coincide
/// at more than one station.
Availability expected_availability(const model::System& system);

/// Failures of all causes within the horizon, on average.
double expected_failures(const model::System& system);

}  // namespace headroom::sim
