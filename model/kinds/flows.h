#pragma once
// Where items can go from each place of a scenario, before anything is lowered.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"

#include <string>
#include <vector>

namespace headroom::model {

/// A component's next ones: by probability where it has a `routing`, else copies along its links.
struct Onward {
    struct To {
        int component = -1;  ///< index into the scenario's components; -1: the item leaves
        double probability = 1;
    };
    bool split = false;
    std::vector<To> to;  ///< empty: the item leaves
};

struct FlowGraph {
    std::vector<std::vector<int>> from_workload;  ///< by workload: first components
    std::vector<Onward> onward;                   ///< by component
    /// Components in an order in which each stands behind those that feed it, grouped: a group of several (or
    /// of one with a link to itself) is a cycle.
    std::vector<std::vector<int>> groups;
    std::vector<bool> in_cycle;  ///< by component
};

/// Problems: links to or from nowhere, routing to nowhere or with more than one link for the rest, workloads
/// without a link, cycles that never end.
Expected<FlowGraph> trace_flows(const Scenario& scenario);

}  // namespace headroom::model
