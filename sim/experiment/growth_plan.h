#pragma once
// What to enlarge when along a course of growth, so that all that can hold does.

#include "sim/experiment/growth_path.h"

namespace headroom::sim {

/// A platform that is enlarged as it grows.
struct GrowthPlan {
    std::vector<Configuration> months;  ///< the configuration of each
    std::vector<Purchase> purchases;
    std::vector<std::string> notes;  ///< what cannot be kept, from which month on and why
};

/// Before the first month in which something breaks, the least is bought that does for the months after it
/// (GrowthOptions::hold), and so on to the end.
model::Expected<GrowthPlan> plan_growth(GrowthPath& path, const std::vector<DecisionVariable>& variables,
                                        const GrowthOptions& options);

}  // namespace headroom::sim
