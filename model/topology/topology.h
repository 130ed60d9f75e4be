#pragma once
// The scenario as a directed graph: from workloads along links to components.

#include "model/scenario/scenario.h"

#include <map>
#include <string>
#include <vector>

namespace headroom::model {

struct TopologyFacts {
    std::vector<std::vector<std::string>> cycles;  ///< ids of each strongly connected part with a cycle
    std::vector<std::string> unreachable;          ///< components that no workload reaches
    /// By workload: components through which every path to an end leads (dominators of all its ends), in path
    /// order. "End": a component without an outgoing link that the workload reaches.
    std::map<std::string, std::vector<std::string>> single_points;
    std::vector<std::string> order;  ///< workloads and components; topological where there is no cycle
};

TopologyFacts examine(const Scenario& scenario);

/// Layered drawing (Sugiyama: layers by longest path, crossings reduced by barycentres), left to right, of
/// the whole scenario; positions that scenario.layout fixes are kept. Units: one node is 1 x 1 in a grid of
/// `column` x `row`.
struct LayoutOptions {
    double column = 220, row = 110;
};
std::map<std::string, Position> lay_out(const Scenario& scenario, const LayoutOptions& options = {});

}  // namespace headroom::model
