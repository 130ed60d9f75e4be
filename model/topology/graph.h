#pragma once
// The scenario's graph with its vertices numbered: workloads first, then components, in the order of the
// file.

#include "model/scenario/scenario.h"

#include <string>
#include <utility>
#include <vector>

namespace headroom::model {

struct TopologyGraph {
    std::vector<std::string> ids;
    int workloads = 0;                       ///< vertices below this number are workloads
    std::vector<std::pair<int, int>> edges;  ///< distinct; links first, then probabilistic routing
    std::vector<bool> leaves;                ///< by vertex: items may leave the platform from here

    int size() const { return static_cast<int>(ids.size()); }
    bool is_workload(int vertex) const { return vertex < workloads; }
};

TopologyGraph graph_of(const Scenario& scenario);

}  // namespace headroom::model
