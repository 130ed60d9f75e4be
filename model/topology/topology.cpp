#include "model/topology/topology.h"

#include "model/topology/graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <boost/graph/strong_components.hpp>
#include <functional>
#include <queue>

namespace headroom::model {

namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

struct StrongParts {
    std::vector<int> part;  ///< by vertex
    std::vector<std::vector<int>> members;
    std::vector<bool> cyclic, closed;  ///< has a cycle; no edge leads out of it
};

StrongParts strong_parts(const TopologyGraph& topology, const Graph& graph) {
    StrongParts result;
    result.part.resize(topology.ids.size());
    const auto index = boost::get(boost::vertex_index, graph);
    const int count =
        boost::strong_components(graph, boost::make_iterator_property_map(result.part.begin(), index));
    result.members.resize(static_cast<std::size_t>(count));
    result.cyclic.assign(static_cast<std::size_t>(count), false);
    result.closed.assign(static_cast<std::size_t>(count), true);
    for (int v = 0; v < topology.size(); ++v)
        result.members[static_cast<std::size_t>(result.part[static_cast<std::size_t>(v)])].push_back(v);
    for (std::size_t p = 0; p < result.members.size(); ++p) result.cyclic[p] = result.members[p].size() > 1;
    for (const auto& [from, to] : topology.edges) {
        const auto a = static_cast<std::size_t>(result.part[static_cast<std::size_t>(from)]);
        if (from == to) result.cyclic[a] = true;
        if (result.part[static_cast<std::size_t>(to)] != static_cast<int>(a)) result.closed[a] = false;
    }
    return result;
}

std::vector<bool> reached_from(int source, const Graph& graph) {
    std::vector<bool> reached(boost::num_vertices(graph), false);
    std::vector<std::size_t> waiting{static_cast<std::size_t>(source)};
    reached[waiting.front()] = true;
    while (!waiting.empty()) {
        const std::size_t vertex = waiting.back();
        waiting.pop_back();
        for (const auto next : boost::make_iterator_range(boost::adjacent_vertices(vertex, graph)))
            if (!reached[next]) {
                reached[next] = true;
                waiting.push_back(next);
            }
    }
    return reached;
}

/// Kahn's algorithm over the edges that are on no cycle, taking what stands first in the file first.
std::vector<std::string> order_of(const TopologyGraph& topology, const StrongParts& parts) {
    std::vector<int> missing(topology.ids.size(), 0);
    std::vector<std::vector<int>> next(topology.ids.size());
    for (const auto& [from, to] : topology.edges) {
        const auto a = static_cast<std::size_t>(from), b = static_cast<std::size_t>(to);
        if (parts.part[a] == parts.part[b]) continue;
        ++missing[b];
        next[a].push_back(to);
    }
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (int v = 0; v < topology.size(); ++v)
        if (missing[static_cast<std::size_t>(v)] == 0) ready.push(v);
    std::vector<std::string> order;
    while (!ready.empty()) {
        const auto v = static_cast<std::size_t>(ready.top());
        ready.pop();
        order.push_back(topology.ids[v]);
        for (const int to : next[v])
            if (--missing[static_cast<std::size_t>(to)] == 0) ready.push(to);
    }
    return order;
}

/// All ends lead to one exit; what dominates the exit dominates every end.
std::vector<std::string> single_points_of(int workload, const TopologyGraph& topology,
                                          const std::vector<bool>& reached, const std::vector<int>& ends) {
    // Boost's algorithm takes edges from vertices that the entry does not reach for ways in: leave them out.
    Graph graph(topology.ids.size());
    for (const auto& [from, to] : topology.edges)
        if (reached[static_cast<std::size_t>(from)])
            boost::add_edge(static_cast<std::size_t>(from), static_cast<std::size_t>(to), graph);
    const auto exit = boost::add_vertex(graph);
    for (const int end : ends) boost::add_edge(static_cast<std::size_t>(end), exit, graph);
    const auto none = boost::graph_traits<Graph>::null_vertex();
    std::vector<boost::graph_traits<Graph>::vertex_descriptor> dominator(boost::num_vertices(graph), none);
    boost::lengauer_tarjan_dominator_tree(
        graph, static_cast<std::size_t>(workload),
        boost::make_iterator_property_map(dominator.begin(), boost::get(boost::vertex_index, graph)));
    std::vector<std::string> points;
    for (auto v = dominator[exit]; v != none; v = dominator[v])
        if (!topology.is_workload(static_cast<int>(v))) points.push_back(topology.ids[v]);
    std::reverse(points.begin(), points.end());
    return points;
}

}  // namespace

TopologyFacts examine(const Scenario& scenario) {
    const TopologyGraph topology = graph_of(scenario);
    Graph graph(topology.ids.size());
    for (const auto& [from, to] : topology.edges)
        boost::add_edge(static_cast<std::size_t>(from), static_cast<std::size_t>(to), graph);

    TopologyFacts facts;
    const StrongParts parts = strong_parts(topology, graph);
    for (std::size_t p = 0; p < parts.members.size(); ++p) {
        if (!parts.cyclic[p]) continue;
        std::vector<std::string>& cycle = facts.cycles.emplace_back();
        for (const int v : parts.members[p]) cycle.push_back(topology.ids[static_cast<std::size_t>(v)]);
    }
    std::sort(facts.cycles.begin(), facts.cycles.end());
    facts.order = order_of(topology, parts);

    std::vector<bool> reached_by_any(topology.ids.size(), false);
    for (int w = 0; w < topology.workloads; ++w) {
        const std::vector<bool> reached = reached_from(w, graph);
        std::vector<int> ends;
        for (int v = topology.workloads; v < topology.size(); ++v) {
            const auto i = static_cast<std::size_t>(v);
            if (!reached[i]) continue;
            reached_by_any[i] = true;
            const auto part = static_cast<std::size_t>(parts.part[i]);
            // A cycle that nothing leaves is an end as a whole.
            if (topology.leaves[i] || (parts.cyclic[part] && parts.closed[part])) ends.push_back(v);
        }
        facts.single_points[topology.ids[static_cast<std::size_t>(w)]] =
            single_points_of(w, topology, reached, ends);
    }
    for (int v = topology.workloads; v < topology.size(); ++v)
        if (!reached_by_any[static_cast<std::size_t>(v)])
            facts.unreachable.push_back(topology.ids[static_cast<std::size_t>(v)]);
    return facts;
}

}  // namespace headroom::model
