#pragma once
// Objectives against figures, and which figures must be precise.

#include "model/store/run_result.h"

#include <vector>

namespace headroom::sim {

/// Met or broken where the whole interval lies on one side of the bound; undecided where it holds the bound.
model::Verdict verdict_of(const model::Estimate& estimate, model::Relation relation, double bound);

/// Every objective with the figure that it is about. Where it names no workload, the one that is furthest on
/// the wrong side counts.
std::vector<model::ObjectiveResult> judge(const model::Scenario& scenario,
                                          const std::vector<model::Figure>& figures);

/// The largest half-width, relative to its figure, of those that the scenario wants to be precise: what
/// objectives rest on and the mean response times and freshness. Infinite while it is not known.
double worst_half_width(const model::Scenario& scenario, const std::vector<model::Figure>& figures);

}  // namespace headroom::sim
