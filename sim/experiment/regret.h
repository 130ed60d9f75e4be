#pragma once
// Which candidate one would regret least where inputs are uncertain.

#include "sim/experiment/screening.h"

namespace headroom::sim {

/// Savage's regret over futures that are drawn from the intervals of the uncertain inputs: what a
/// candidate costs beyond the cheapest that meets in that future; one that does not meet costs the
/// penalty as well.
/// Judged by corrected closed forms; fills in what Sizing says of futures. `sizing` has found a choice.
void weigh_futures(const SizingOptions& options, Screening& screening, std::stop_token stop, Sizing& sizing);

}  // namespace headroom::sim
