#pragma once
// What has no fluid is followed item by item in time-lapse: the load changes faster than it does, and each
// item stands for many.

#include "sim/platform/replication.h"

#include <string>

namespace headroom::sim {

/// Where the load changes slowly beside what the system remembers, the system is always about as it would be
/// if its load were constant: then a day in which the load goes through all that it goes through in a year
/// shows the same as the year. Where it is not so (work piles up, capacity comes and goes, arrivals are
/// replayed), nothing is left out.
struct TimeLapse {
    double speed = 1;   ///< of the changes of the load; 1: every item is followed
    double items = 0;   ///< visits to stations that are followed in one replication
    std::string limit;  ///< what keeps it from being faster, "the think time of 'users'"; empty: nothing
};

/// The fastest that shows the system as it is, but not faster than needed to follow this many visits.
TimeLapse time_lapse(const model::System& system, double visits);

/// Visits that a replication follows where it can, and the most that it follows where it must.
inline constexpr double lapse_visits = 4e6, most_lapse_visits = 2e7;

/// The tallies of the horizon, of a simulation at record level of its `speed`-th part. The most items present
/// are those of what was followed.
Replication simulate_lapse(const model::System& system, const ReplicationOptions& options, double speed);

/// What the fluid of the flow level cannot treat, or not well.
struct FluidGap {
    std::string what;   ///< "hedged requests"; empty: there is none
    std::string where;  ///< component or workload
    /// Not empty: the fluid does where a time-lapse would take too long, with what it takes for granted.
    std::string caution = {};
    bool empty() const { return what.empty(); }
};
FluidGap fluid_gap(const model::System& system);

/// How the flow level simulates a system: in time-lapse only what has a gap, if that follows `most` visits at
/// most; of none `gap` tells why.
struct FlowWay {
    enum class Kind { fluid, time_lapse, none };
    Kind kind = Kind::fluid;
    double speed = 1;  ///< of a time-lapse
    std::string gap;   ///< a sentence
};
FlowWay flow_way(const model::System& system, double visits, double most);

}  // namespace headroom::sim
