#pragma once
// Where items can go from each place of a scenario, before anything is lowered.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/system/system.h"

#include <string>
#include <vector>

namespace headroom::model {

/// Where the items of one workload go from a component.
struct Onward {
    struct To {
        int component = -1;  ///< index into the scenario's components; -1: the item leaves
        double probability = 1;
        int item_class = 0;  ///< that the item has then
    };
    Routing routing = Routing::split;
    int sampled = 0;      ///< of Routing::least_loaded
    bool by_key = false;  ///< split, by the hash of the record's key: the probabilities are yet to be known
    std::vector<To> to;   ///< never empty
};

struct FlowGraph {
    std::vector<std::vector<int>> from_workload;  ///< by workload: first components
    std::vector<std::vector<Onward>> onward;      ///< by component and class
    std::vector<std::vector<int>> next;           ///< by component: all that its items go to
    /// Components in an order in which each stands behind those that feed it, grouped: a group of several (or
    /// of one with a link to itself) is a cycle.
    std::vector<std::vector<int>> groups;
    std::vector<bool> in_cycle;  ///< by component
};

/// Problems: links to or from nowhere, routing to nowhere or with more than one link for the rest, workloads
/// without a link, cycles that never end.
Expected<FlowGraph> trace_flows(const Scenario& scenario);

}  // namespace headroom::model
