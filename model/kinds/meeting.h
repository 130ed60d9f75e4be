#pragma once
// What requests meet where streams use the same capacity.

#include "model/kinds/kind.h"

#include <vector>

namespace headroom::model {

/// Share of a capacity, bytes a second, that streams take on average over the moments at which requests come:
/// loads at night take nothing from queries by day. 0 to 1.
double taken_by_streams(const std::vector<Flow>& streams, const std::vector<Flow>& requests,
                        const Scenario& scenario, DataRate capacity);

}  // namespace headroom::model
