#include "model/kinds/flows.h"

#include "model/kinds/parts.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
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
class Onwards {
public:
    Onwards(const Scenario& scenario, const Component& component, const std::vector<int>& linked,
            const Index& components, Problems& problems)
        : scenario_(scenario),
          component_(component),
          linked_(linked),
          components_(components),
          problems_(problems) {}

    std::vector<Onward> by_class() {
        std::vector<Onward> all;
        const auto* switching =
            component_.has("switching")
                ? std::get_if<NamedShares>(&component_.settings.find("switching")->second.value)
                : nullptr;
        for (std::size_t k = 0; k < scenario_.workloads.size(); ++k) {
            const auto own = static_cast<int>(k);
            const NamedNumbers* becomes = switching ? named(*switching, scenario_.workloads[k].id) : nullptr;
            if (becomes == nullptr) {
                all.push_back(of_class(own));
                continue;
            }
            Onward mixed;
            double stays = 1;
            std::vector<std::pair<int, double>> classes;
            for (const auto& [workload, probability] : *becomes) {
                stays -= probability;
                for (std::size_t c = 0; c < scenario_.workloads.size(); ++c)
                    if (scenario_.workloads[c].id == workload && probability > 0)
                        classes.emplace_back(static_cast<int>(c), probability);
            }
            if (stays > 1e-12) classes.emplace_back(own, stays);
            for (const auto& [item_class, probability] : classes) {
                const Onward after = of_class(item_class);
                if ((after.routing != Routing::split && after.to.size() > 1) || after.by_key) {
                    complain("switching",
                             "items that become others are routed by probabilities or along one link; "
                             "put a delay of 0 s behind for another kind of routing");
                    break;
                }
                for (const Onward::To& to : after.to)
                    mixed.to.push_back({to.component, to.probability * probability, item_class});
            }
            if (mixed.to.empty()) mixed.to.push_back({-1, 1, own});
            all.push_back(std::move(mixed));
        }
        return all;
    }

private:
    void complain(std::string_view parameter, const std::string& message) {
        Problem problem = problem_of(component_, parameter, Severity::error, message);
        if (std::none_of(problems_.begin(), problems_.end(), [&](const Problem& known) {
                return known.field == problem.field && known.message == problem.message;
            }))
            problems_.push_back(std::move(problem));
    }

    template <class T>
    static const T* named(const std::vector<std::pair<std::string, T>>& all, const std::string& name) {
        for (const auto& [key, value] : all)
            if (key == name) return &value;
        return nullptr;
    }

    Onward along_links(int item_class) const {
        Onward onward{.routing = linked_.size() > 1 ? Routing::copy : Routing::split};
        for (const int to : linked_) onward.to.push_back({to, 1, item_class});
        if (linked_.empty()) onward.to.push_back({-1, 1, item_class});
        return onward;
    }

    Onward of_class(int item_class) {
        const Kind* kind = find_kind(component_.kind);
        if (kind != nullptr && !kind->second_way.empty()) {
            if (component_.has(kind->second_way)) return two_ways(item_class, kind->second_way);
            if (kind->id == "cache") return two_ways(item_class, {});
        }
        if (!component_.has("routing")) return along_links(item_class);
        const ParameterValue& value = component_.settings.find("routing")->second.value;
        if (const auto* rule = std::get_if<std::string>(&value)) return by_rule(item_class, *rule);
        if (const auto* all = std::get_if<NamedShares>(&value)) {
            const NamedNumbers* own = named(*all, scenario_.workloads[at(item_class)].id);
            return own == nullptr ? along_links(item_class) : split(item_class, *own);
        }
        const auto& targets = std::get<NamedNumbers>(value);
        return targets.empty() ? along_links(item_class) : split(item_class, targets);
    }

    /// The first outcome follows the link, the second goes to the component that the parameter names.
    Onward two_ways(int item_class, const std::string& parameter) {
        if (linked_.size() > 1)
            complain(parameter, "several links lead on from here; one is expected, as '" + parameter +
                                    "' names where the others go");
        int second = -1;
        if (!parameter.empty()) second = index_of(component_.text(parameter), parameter);
        return {.routing = Routing::outcome,
                .to = {{linked_.empty() ? -1 : linked_.front(), 0.5, item_class}, {second, 0.5, item_class}}};
    }

    Onward by_rule(int item_class, const std::string& rule) {
        Onward onward{.routing = rule == "round-robin"        ? Routing::round_robin
                                 : rule.starts_with("least-") ? Routing::least_loaded
                                                              : Routing::split,
                      .sampled = rule == "least-loaded-of-two" ? 2 : 0,
                      .by_key = rule == "by-key"};
        if (linked_.size() < 2)
            complain("routing", "'" + rule +
                                    "' picks among the linked components; links to two or more are expected, "
                                    "such as '" +
                                    component_.id + " -> [a, b]'");
        for (const int to : linked_)
            onward.to.push_back({to, 1.0 / static_cast<double>(linked_.size()), item_class});
        if (linked_.empty()) onward.to.push_back({-1, 1, item_class});
        return onward;
    }

    int index_of(const std::string& target, const std::string& parameter) {
        const auto found = components_.find(target);
        if (found != components_.end()) return found->second;
        Problem problem = nowhere(component_.settings.find(parameter)->second.place,
                                  "components." + component_.id + "." + parameter, target, components_);
        if (std::none_of(problems_.begin(), problems_.end(),
                         [&](const Problem& known) { return known.field == problem.field; }))
            problems_.push_back(std::move(problem));
        return -1;
    }

    Onward split(int item_class, const NamedNumbers& targets) {
        Onward onward;
        double rest = 1;
        std::vector<int> named_ones;
        for (const auto& [target, probability] : targets) {
            rest -= probability;
            const int to = index_of(target, "routing");
            named_ones.push_back(to);
            if (probability > 0) onward.to.push_back({to, probability, item_class});
        }
        if (rest > 1e-12) {
            std::vector<int> others;
            for (const int to : linked_)
                if (std::find(named_ones.begin(), named_ones.end(), to) == named_ones.end())
                    others.push_back(to);
            if (others.size() > 1)
                complain("routing",
                         "the rest of the items could follow several links; give each of them a probability");
            onward.to.push_back({others.empty() ? -1 : others.front(), rest, item_class});
        }
        return onward;
    }

    const Scenario& scenario_;
    const Component& component_;
    const std::vector<int>& linked_;
    const Index& components_;
    Problems& problems_;
};

/// Strongly connected groups in topological order (Tarjan, without recursion so that a long chain cannot
/// exhaust the stack).
std::vector<std::vector<int>> groups_of(const std::vector<std::vector<int>>& next_ones) {
    const std::size_t count = next_ones.size();
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
            if (path.back().edge < next_ones[node].size()) {
                const int to = next_ones[node][path.back().edge++];
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
std::string cycle_text(const Scenario& scenario, const std::vector<std::vector<int>>& next_ones,
                       const std::vector<int>& group) {
    const int start = group.front();
    std::map<int, int> from;
    std::deque<int> queue{start};
    while (!queue.empty() && !from.contains(start)) {
        const int node = queue.front();
        queue.pop_front();
        for (const int to : next_ones[at(node)])
            if (within(group, to) && from.emplace(to, node).second) queue.push_back(to);
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

/// Classes that come to each component.
std::vector<std::vector<bool>> classes_at(const Scenario& scenario, const FlowGraph& graph) {
    std::vector<std::vector<bool>> seen(scenario.components.size(),
                                        std::vector<bool>(scenario.workloads.size(), false));
    std::vector<std::pair<int, int>> open;
    const auto come = [&](int component, int item_class) {
        if (component < 0 || seen[at(component)][at(item_class)]) return;
        seen[at(component)][at(item_class)] = true;
        open.emplace_back(component, item_class);
    };
    for (std::size_t k = 0; k < scenario.workloads.size(); ++k)
        for (const int to : graph.from_workload[k]) come(to, static_cast<int>(k));
    while (!open.empty()) {
        const auto [component, item_class] = open.back();
        open.pop_back();
        for (const Onward::To& to : graph.onward[at(component)][at(item_class)].to)
            come(to.component, to.item_class);
    }
    return seen;
}

/// Items must be able to leave a cycle from every place in it, and must not multiply in it.
void check_cycle(const Scenario& scenario, const FlowGraph& graph,
                 const std::vector<std::vector<bool>>& coming, const std::vector<int>& group,
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
                     cycle_text(scenario, graph.next, group) + " is a cycle through '" + component.id +
                         "', which cannot stand in one; only the plain kinds of queueing networks can");
            return;
        }
        const auto& onward = graph.onward[at(member)];
        const bool copies = std::any_of(onward.begin(), onward.end(),
                                        [](const Onward& next) { return next.routing == Routing::copy; });
        if (copies && component.kind != "fork") {
            complain(component, cycle_text(scenario, graph.next, group) + " is a cycle in which '" +
                                    component.id +
                                    "' copies its items, so that they multiply without end; give it a "
                                    "`routing` with probabilities");
            return;
        }
    }
    std::set<std::pair<int, int>> can_leave;  // component and class
    for (bool grew = true; grew;) {
        grew = false;
        for (const int member : group)
            for (std::size_t k = 0; k < scenario.workloads.size(); ++k) {
                const std::pair state{member, static_cast<int>(k)};
                if (!coming[at(member)][k] || can_leave.contains(state)) continue;
                double leaving = 0;
                for (const Onward::To& to : graph.onward[at(member)][k].to)
                    if (!within(group, to.component) || can_leave.contains({to.component, to.item_class}))
                        leaving += to.probability;
                if (leaving < least_leaving) continue;
                can_leave.insert(state);
                grew = true;
            }
    }
    for (const int member : group)
        for (std::size_t k = 0; k < scenario.workloads.size(); ++k)
            if (coming[at(member)][k] && !can_leave.contains({member, static_cast<int>(k)})) {
                complain(
                    scenario.components[at(member)],
                    cycle_text(scenario, graph.next, group) + " never ends" +
                        (scenario.workloads.size() > 1 ? " for '" + scenario.workloads[k].id + "'" : "") +
                        ": give one of them a `routing` with a probability of leaving (0.1 % or more)");
                return;
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
        graph.onward.push_back(
            Onwards(scenario, scenario.components[i], linked[i], components, problems).by_class());
    for (const auto& onward : graph.onward) {
        std::vector<int>& next = graph.next.emplace_back();
        for (const Onward& each : onward)
            for (const Onward::To& to : each.to)
                if (to.component >= 0 && std::find(next.begin(), next.end(), to.component) == next.end())
                    next.push_back(to.component);
    }
    graph.groups = groups_of(graph.next);
    graph.in_cycle.assign(scenario.components.size(), false);
    const std::vector<std::vector<bool>> coming = classes_at(scenario, graph);
    for (const std::vector<int>& group : graph.groups) {
        const auto& next = graph.next[at(group.front())];
        if (group.size() == 1 && std::find(next.begin(), next.end(), group.front()) == next.end()) continue;
        for (const int member : group) graph.in_cycle[at(member)] = true;
        check_cycle(scenario, graph, coming, group, problems);
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return graph;
}

}  // namespace headroom::model
