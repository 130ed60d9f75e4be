#pragma once
// Reports of several plans: beside one another, or one after another in time.

#include "app/report/content/document.h"
#include "app/report/content/input.h"
#include "sim/experiment/audit.h"

#include <string>
#include <vector>

namespace headroom::report {

/// One of several plans. Its input's narrative tells its date.
struct Plan {
    std::string name;  ///< short, for legends and columns
    Input input;
    std::vector<model::InputDifference> differences;  ///< from the first plan to this one
};

/// The first plan is the baseline. All were run with the same options.
Document build_comparison(const std::vector<Plan>& plans);

/// Plans in the order of their dates: what changed from one to the next, and claims held against them.
Document build_evolution(const std::vector<Plan>& plans, const std::vector<sim::Audited>& claims);

}  // namespace headroom::report
