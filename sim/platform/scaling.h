#pragma once
// What autoscalers do: worked out before a replication from the rates of the sources, alike for both levels.
//
// A scaler sees its stations as fluid: the work that the sources send them (what other stations hold back on
// the way is not seen), the backlog that the capacity of the moment leaves, and the utilisation that follows.
// Chance does not move it: providers average over a minute and more.

#include "model/system/system.h"

#include <vector>

namespace headroom::sim {

/// From `time` on, the scaler's stations have this share of their capacity.
struct ScaleChange {
    double time = 0;
    int scaler = 0;
    double share = 1;
};

/// All changes before the horizon, by time; the first of each scaler is at 0.
std::vector<ScaleChange> scale_changes(const model::System& system);

/// The mean share over the horizon, by component; 1 where nothing scales it.
std::vector<double> mean_capacity(const model::System& system);

}  // namespace headroom::sim
