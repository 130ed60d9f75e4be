#pragma once
// Stations whose capacity fails and comes back, at flow level.

#include "sim/platform/outages.h"
#include "sim/stations/flow/station.h"

#include <memory>
#include <vector>

namespace headroom::sim::flow {

/// The station, with its capacity as these changes of it say. Work is slowed down by what is gone, and none
/// is begun anew: what servers had in hand is little beside what waits for them.
std::unique_ptr<StationFlow> make_failing(std::unique_ptr<StationFlow> whole,
                                          const model::Primitive& primitive,
                                          const std::vector<CapacityChange>& changes);

}  // namespace headroom::sim::flow
