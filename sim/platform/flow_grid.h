#pragma once
// Steps of time for the flow level.

#include "model/system/system.h"
#include "sim/platform/outages.h"

#include <limits>
#include <vector>

namespace headroom::sim {

/// Sudden changes of capacity that are followed; where there are more, none is.
inline constexpr std::size_t most_jumps = 5000;

/// Edges of the steps, from 0 to the horizon: five minutes, finer where the horizon is short, a 48th of the
/// shortest season where it is long; with fine steps after the start and after every sudden change of a rate
/// or of a capacity, and after `jumps` (seconds); none longer than `longest`.
std::vector<double> flow_grid(const model::System& system, const std::vector<CapacityChange>& changes,
                              bool coarse, const std::vector<double>& jumps = {},
                              double longest = std::numeric_limits<double>::infinity());

/// How many steps, without making them.
double flow_steps(const model::System& system);

}  // namespace headroom::sim
