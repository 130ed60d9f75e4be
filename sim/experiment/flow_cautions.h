#pragma once
// Where an answer of the flow level deserves caution.

#include "model/store/run_result.h"
#include "model/system/system.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// Adds a sentence for each place where the flow level has not been held against the record level: outside
/// the grid of tests/bench/flow_grid, or where it has no fluid.
void add_flow_cautions(const model::System& system, const model::RunResult& result,
                       std::vector<std::string>& notes);

}  // namespace headroom::sim
