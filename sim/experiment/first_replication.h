#pragma once
// One history, as it would be seen by who watches the platform: the first replication by itself.

#include "model/store/run_result.h"
#include "sim/experiment/summary.h"

namespace headroom::sim {

/// By component: "utilisation" of its busiest station and "queue", the items present, in every time bin; and
/// "capacity", the share that is there while something fails, where something does; "scaled", the share that
/// autoscalers have there, where they do not have all of it.
std::vector<model::Series> history_of(const Subject& subject, const Replication& first);

}  // namespace headroom::sim
