#pragma once
// Which join the copies of each fork meet in.

#include "model/scenario/scenario.h"
#include "model/system/system.h"

namespace headroom::model {

/// Completes the forks and joins of a system whose routes are known: a fork is told its join, and both how
/// many items they make of one. Problems: copies that leave the system without a join, or meet in several;
/// items that come to a join without a fork; joins that wait for more copies than there are.
Problems pair_forks(System& system, const Scenario& scenario);

}  // namespace headroom::model
