#include "model/kinds/flows.h"

#include "model/kinds/parts.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace headroom::model {

namespace {

using Index = std::map<std::string, int, std::less<>>;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

Problem nowhere(Place place, std::string field, const std::string& name, const Index& components) {
    std::vector<std::string> names;
    for (const auto& [id, index] : components) names.push_back(id);
    const std::string near = nearest_name(name, names);
    return {.place = std::move(place),
            .field = std::move(field),
            .found = name,
            .message = "there is no component '" + name + "'" +
                       (near.empty() ? std::string() : "; did you mean '" + near + "'?")};
}

/// Where the items of one component go.
Onward onward_of(const Component& component, const std::vector<int>& linked, const Index& components,
                 Problems& problems) {
    Onward onward;
    if (!component.has("routing") || component.named_numbers("routing").empty()) {
        for (const int to : linked) onward.to.push_back({to, 1});
        return onward;
    }
    onward.split = true;
    double rest = 1;
    std::vector<int> named;
    for (const auto& [target, probability] : component.named_numbers("routing")) {
        rest -= probability;
        const auto found = components.find(target);
        if (found == components.end()) {
            problems.push_back(nowhere(component.settings.find("routing")->second.place,
                                       "components." + component.id + ".routing", target, components));
            continue;
        }
        named.push_back(found->second);
        if (probability > 0) onward.to.push_back({found->second, probability});
    }
    if (rest <= 1e-12) return onward;
    std::vector<int> others;
    for (const int to : linked)
        if (std::find(named.begin(), named.end(), to) == named.end()) others.push_back(to);
    if (others.size() > 1)
        problems.push_back(
            problem_of(component, "routing", Severity::error,
                       "the rest of the items could follow several links; give each of them a probability"));
    onward.to.push_back({others.empty() ? -1 : others.front(), rest});
    return onward;
}

/// Strongly connected groups in topological order (Tarjan, without recursion so that a long chain cannot
/// exhaust the stack).
std::vector<std::vector<int>> groups_of(const std::vector<Onward>& onward) {
    const std::size_t count = onward.size();
    std::vector<int> order(count, -1), low(count, 0), stack;
    std::vector<bool> on_stack(count, false);
    std::vector<std::vector<int>> groups;
    int next = 0;
    struct Visit {
        int node;
        std::size_t edge;
    };
    for (std::size_t start = 0; start < count; ++start) {
        if (order[start] >= 0) continue;
        std::vector<Visit> path{{static_cast<int>(start), 0}};
        while (!path.empty()) {
            const std::size_t node = at(path.back().node);
            if (path.back().edge == 0 && order[node] < 0) {
                order[node] = low[node] = next++;
                stack.push_back(path.back().node);
                on_stack[node] = true;
            }
            if (path.back().edge < onward[node].to.size()) {
                const int to = onward[node].to[path.back().edge++].component;
                if (to < 0) continue;
                if (order[at(to)] < 0)
                    path.push_back({to, 0});
                else if (on_stack[at(to)])
                    low[node] = std::min(low[node], order[at(to)]);
                continue;
            }
            if (low[node] == order[node]) {
                std::vector<int> group;
                int member = -1;
                do {
                    member = stack.back();
                    stack.pop_back();
                    on_stack[at(member)] = false;
                    group.push_back(member);
                } while (member != static_cast<int>(node));
                std::sort(group.begin(), group.end());
                groups.push_back(std::move(group));
            }
            path.pop_back();
            if (!path.empty()) {
                const std::size_t parent = at(path.back().node);
                low[parent] = std::min(low[parent], low[node]);
            }
        }
    }
    std::reverse(groups.begin(), groups.end());
    return groups;
}

bool within(const std::vector<int>& group, int component) {
    return std::binary_search(group.begin(), group.end(), component);
}

/// A shortest cycle through the group's first component, as "a -> b -> a".
std::string cycle_text(const Scenario& scenario, const std::vector<Onward>& onward,
                       const std::vector<int>& group) {
    const int start = group.front();
    std::map<int, int> from;
    std::deque<int> queue{start};
    while (!queue.empty() && !from.contains(start)) {
        const int node = queue.front();
        queue.pop_front();
        for (const Onward::To& to : onward[at(node)].to)
            if (within(group, to.component) && from.emplace(to.component, node).second)
                queue.push_back(to.component);
    }
    std::string text = scenario.components[at(start)].id;
    for (int node = from[start];; node = from[node]) {
        text.insert(0, scenario.components[at(node)].id + " -> ");
        if (node == start) break;
    }
    return text;
}

/// Below this an item goes round thousands of times: a slip of the pen, and more steps than can be simulated.
constexpr double least_leaving = 1e-3 * (1 - 1e-9);

/// Items must be able to leave a cycle from every place in it, and must not multiply in it.
void check_cycle(const Scenario& scenario, const std::vector<Onward>& onward, const std::vector<int>& group,
                 Problems& problems) {
    auto complain = [&](const Component& component, const std::string& message) {
        problems.push_back(
            {.place = component.place, .field = "components." + component.id, .message = message});
    };
    for (const int member : group) {
        const Component& component = scenario.components[at(member)];
        const Kind* kind = find_kind(component.kind);
        if (kind != nullptr && !kind->plain) {
            complain(component,
                     cycle_text(scenario, onward, group) + " is a cycle through '" + component.id +
                         "', which cannot stand in one; only the plain kinds of queueing networks can");
            return;
        }
        const Onward& next = onward[at(member)];
        if (!next.split && next.to.size() > 1 && component.kind != "fork") {
            complain(component, cycle_text(scenario, onward, group) + " is a cycle in which '" +
                                    component.id +
                                    "' copies its items, so that they multiply without end; give it a "
                                    "`routing` with probabilities");
            return;
        }
    }
    std::vector<int> can_leave;
    bool grew = true;
    while (grew) {
        grew = false;
        for (const int member : group) {
            if (std::find(can_leave.begin(), can_leave.end(), member) != can_leave.end()) continue;
            const Onward& next = onward[at(member)];
            double leaving = 0;
            for (const Onward::To& to : next.to)
                if (!within(group, to.component) ||
                    std::find(can_leave.begin(), can_leave.end(), to.component) != can_leave.end())
                    leaving += to.probability;
            if (!next.to.empty() && leaving < least_leaving) continue;
            can_leave.push_back(member);
            grew = true;
        }
    }
    if (can_leave.size() < group.size()) {
        const int stuck = *std::find_if(group.begin(), group.end(), [&](int member) {
            return std::find(can_leave.begin(), can_leave.end(), member) == can_leave.end();
        });
        complain(
            scenario.components[at(stuck)],
            cycle_text(scenario, onward, group) +
                " never ends: give one of them a `routing` with a probability of leaving (0.1 % or more)");
    }
}

}  // namespace

Expected<FlowGraph> trace_flows(const Scenario& scenario) {
    Problems problems;
    FlowGraph graph;
    Index components, workloads;
    for (std::size_t i = 0; i < scenario.components.size(); ++i)
        components.emplace(scenario.components[i].id, static_cast<int>(i));
    for (std::size_t i = 0; i < scenario.workloads.size(); ++i)
        workloads.emplace(scenario.workloads[i].id, static_cast<int>(i));

    graph.from_workload.resize(scenario.workloads.size());
    std::vector<std::vector<int>> linked(scenario.components.size());
    for (const Link& link : scenario.links) {
        const auto to = components.find(link.to);
        if (to == components.end()) {
            problems.push_back(nowhere(link.place, "links", link.to, components));
            continue;
        }
        if (const auto from = components.find(link.from); from != components.end())
            linked[at(from->second)].push_back(to->second);
        else if (const auto workload = workloads.find(link.from); workload != workloads.end())
            graph.from_workload[at(workload->second)].push_back(to->second);
        else
            problems.push_back(nowhere(link.place, "links", link.from, components));
    }
    for (auto* list : {&linked, &graph.from_workload})
        for (std::vector<int>& targets : *list) {  // the same arrow twice is one arrow
            std::vector<int> once;
            for (const int to : targets)
                if (std::find(once.begin(), once.end(), to) == once.end()) once.push_back(to);
            targets = std::move(once);
        }
    auto has_link = [&](const std::string& from) {
        return std::any_of(scenario.links.begin(), scenario.links.end(),
                           [&](const Link& link) { return link.from == from; });
    };
    for (std::size_t i = 0; i < scenario.workloads.size(); ++i)
        if (!has_link(scenario.workloads[i].id))
            problems.push_back({.place = scenario.workloads[i].place,
                                .field = "workloads." + scenario.workloads[i].id,
                                .message = "no link leads from '" + scenario.workloads[i].id +
                                           "' to a component; add one under `links`"});
    for (std::size_t i = 0; i < scenario.components.size(); ++i)
        graph.onward.push_back(onward_of(scenario.components[i], linked[i], components, problems));

    graph.groups = groups_of(graph.onward);
    graph.in_cycle.assign(scenario.components.size(), false);
    for (const std::vector<int>& group : graph.groups) {
        const auto& next = graph.onward[at(group.front())].to;
        const bool cycle = group.size() > 1 ||
                           std::any_of(next.begin(), next.end(),
                                       [&](const Onward::To& to) { return to.component == group.front(); });
        if (!cycle) continue;
        for (const int member : group) graph.in_cycle[at(member)] = true;
        check_cycle(scenario, graph.onward, group, problems);
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return graph;
}

}  // namespace headroom::model
