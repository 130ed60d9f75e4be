#pragma once
// Deadlock of queues that block each other.

#include "model/system/system.h"

namespace headroom::model {

/// Stations of a cycle in which every server could wait for room at the next, in order and with the first
/// repeated; empty where that cannot happen. It cannot where fewer items can be there than the queues of the
/// cycle hold together (Kundu and Akyildiz, Performance Evaluation 1989).
std::vector<int> deadlock_in(const System& system);

}  // namespace headroom::model
