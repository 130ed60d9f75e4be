#include "model/topology/graph.h"

#include "model/kinds/kind.h"

#include <map>
#include <set>

namespace headroom::model {

TopologyGraph graph_of(const Scenario& scenario) {
    TopologyGraph graph;
    std::map<std::string, int, std::less<>> number;
    const auto add_vertex = [&](const std::string& id) {
        if (number.emplace(id, graph.size()).second) graph.ids.push_back(id);
    };
    for (const Workload& workload : scenario.workloads) add_vertex(workload.id);
    graph.workloads = graph.size();
    for (const Component& component : scenario.components) add_vertex(component.id);

    graph.leaves.assign(graph.ids.size(), true);
    std::set<std::pair<int, int>> seen;
    const auto add_edge = [&](const std::string& from, const std::string& to) {
        const auto a = number.find(from), b = number.find(to);
        if (a == number.end() || b == number.end()) return;
        if (seen.emplace(a->second, b->second).second) graph.edges.emplace_back(a->second, b->second);
    };
    for (const Link& link : scenario.links) {
        add_edge(link.from, link.to);
        if (const auto from = number.find(link.from); from != number.end())
            graph.leaves[static_cast<std::size_t>(from->second)] = false;
    }
    for (const Component& component : scenario.components) {
        const Kind* kind = find_kind(component.kind);
        for (const auto& [name, setting] : component.settings) {
            const ParameterSpec* spec = kind == nullptr ? nullptr : kind->parameter(name);
            if (spec == nullptr) continue;
            for (const std::string& target : components_named_by(*spec, setting.value))
                add_edge(component.id, target);
            const auto* routing = std::get_if<NamedNumbers>(&setting.value);
            if (spec->type != ParameterType::routing || routing == nullptr) continue;
            double routed = 0;
            for (const auto& [target, probability] : *routing) routed += probability;
            if (routed > 1 - 1e-9) graph.leaves[static_cast<std::size_t>(number[component.id])] = false;
        }
    }
    for (int workload = 0; workload < graph.workloads; ++workload)
        graph.leaves[static_cast<std::size_t>(workload)] = false;
    return graph;
}

}  // namespace headroom::model
