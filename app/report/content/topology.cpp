#include "app/report/content/topology.h"

#include "app/report/content/wording.h"
#include "model/kinds/kind.h"
#include "model/units/unit.h"

#include <algorithm>
#include <set>

namespace headroom::report {

std::vector<std::pair<std::string, std::string>> arrows_of(const model::Scenario& scenario) {
    std::vector<std::pair<std::string, std::string>> arrows;
    std::set<std::pair<std::string, std::string>> met;
    const auto add = [&](const std::string& from, const std::string& to) {
        if (met.emplace(from, to).second) arrows.emplace_back(from, to);
    };
    for (const model::Link& link : scenario.links) add(link.from, link.to);
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        for (const auto& [name, setting] : component.settings) {
            const model::ParameterSpec* spec = kind->parameter(name);
            if (spec == nullptr) continue;
            for (const std::string& target : model::components_named_by(*spec, setting.value))
                if (scenario.component(target) != nullptr) add(component.id, target);
        }
    }
    return arrows;
}

std::string topology_text(const model::Scenario& scenario) {
    std::vector<std::string> parts;
    for (const auto& [from, to] : arrows_of(scenario)) parts.push_back(clean(from) + " feeds " + clean(to));
    return "Topology: " + list_of(parts) + ".";
}

std::string load_in_short(const model::Workload& workload) {
    const auto* requests = std::get_if<model::Requests>(&workload.load);
    if (requests == nullptr)
        return model::format(std::get<model::Stream>(workload.load).rate.base, {.noun = "events"});
    if (requests->users) return count_of(*requests->users, "user", "users");
    return model::format(requests->rate.base, {.noun = "requests"});
}

std::string make_in_short(const model::Component& component, const model::Catalog& catalog) {
    const auto technology = catalog.technologies().find(component.technology);
    std::string text =
        technology == catalog.technologies().end() ? component.technology : technology->second.title;
    for (const auto& [name, setting] : component.settings)
        if (const auto* nodes = std::get_if<model::NodePool>(&setting.value))
            text = std::to_string(nodes->count) + " x " + nodes->instance;
    return clean(text);
}

std::string mermaid_of(const model::Scenario& scenario, const model::Catalog& catalog,
                       const model::RunResult& result) {
    std::vector<std::string> ids;
    // Nodes are numbered: an id may be a word that Mermaid keeps for itself, such as "end".
    const auto node_of = [&](const std::string& id) {
        return "n" + std::to_string(std::find(ids.begin(), ids.end(), id) - ids.begin() + 1);
    };
    const auto label = [](const std::string& name, const std::string& below) {
        std::string text = escaped_html(clean(name)) + (below.empty() ? "" : "<br/>" + escaped_html(below));
        std::replace(text.begin(), text.end(), '`', '\'');
        return '"' + text + '"';
    };
    std::string text = "flowchart LR\n";
    for (const model::Workload& workload : scenario.workloads) {
        ids.push_back(workload.id);
        text += "  " + node_of(workload.id) + "([" + label(workload.id, load_in_short(workload)) + "])\n";
    }
    for (const model::Component& component : scenario.components) {
        ids.push_back(component.id);
        std::string below = make_in_short(component, catalog);
        if (const auto* figure = result.find({"utilisation", component.id, ""}))
            below += ", " + percent(figure->simulated.value) + " used";
        text += "  " + node_of(component.id) + "[" + label(component.id, below) + "]\n";
    }
    for (const auto& [from, to] : arrows_of(scenario))
        if (std::count(ids.begin(), ids.end(), from) > 0 && std::count(ids.begin(), ids.end(), to) > 0)
            text += "  " + node_of(from) + " --> " + node_of(to) + "\n";
    return text;
}

}  // namespace headroom::report
