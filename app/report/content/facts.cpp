#include "app/report/content/facts.h"

#include "app/report/content/wording.h"
#include "sim/experiment/staff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace headroom::report {

double room_of(const model::ObjectiveResult& objective) {
    const double value = objective.figure.value, bound = objective.bound;
    if (!std::isfinite(value)) return 0;
    if (objective.relation == model::Relation::at_least) return bound > 0 ? value / bound : INFINITY;
    return value > 0 ? bound / value : INFINITY;
}

std::string verdicts_in_short(const Input& input) {
    int met = 0, broken = 0, open = 0;
    for (const auto& objective : input.result.objectives)
        ++(objective.verdict == model::Verdict::met      ? met
           : objective.verdict == model::Verdict::broken ? broken
                                                         : open);
    const int all = met + broken + open;
    if (all == 0) return "no objective is stated";
    if (met == all)
        return all == 1 ? "the one objective is met" : "all " + std::to_string(all) + " objectives are met";
    std::string text = std::to_string(met) + " of " + count_of(all, "objective", "objectives") +
                       (met == 1 ? " is met" : " are met");
    if (broken > 0) text += ", " + std::to_string(broken) + (broken == 1 ? " is broken" : " are broken");
    if (open > 0) text += ", " + std::to_string(open) + (open == 1 ? " is undecided" : " are undecided");
    return text;
}

std::string rounded_money(double dollars) {
    if (!std::isfinite(dollars)) return "without bound";
    const std::string sign = dollars < 0 ? "-$" : "$";
    const double size = std::abs(dollars);
    if (size >= 1e9) return sign + number(size / 1e9, 3) + "B";
    if (size >= 1e6) return sign + number(size / 1e6, 3) + "M";
    if (size >= 100) return sign + number(std::round(size), 12);
    return sign + number(size, 3);
}

std::vector<std::string> unit_costs(const Input& input) {
    struct Unit {
        const char* metric;
        double units;
        const char* name;
    };
    const Unit table[] = {{"cost.byte", 1e12, "TB that arrives"},
                          {"cost.event", 1e6, "million events"},
                          {"cost.query", 1e3, "thousand requests"},
                          {"cost.user", model::months(1).value(), "user a month"}};
    std::vector<std::string> costs;
    for (const Unit& unit : table)
        if (const model::Figure* figure = input.result.find({unit.metric, "", ""}))
            costs.push_back(rounded_money(figure->simulated.value * unit.units) + " for each " + unit.name);
    return costs;
}

std::vector<Relief> reliefs_of(const Input& input) {
    constexpr double outage = 3600;
    std::vector<Relief> reliefs;
    for (const model::Component& component : input.scenario.components) {
        Relief relief;
        relief.component = clean(component.id);
        for (const model::Workload& workload : input.scenario.workloads)
            if (workload.is_stream())
                if (const auto* figure = input.result.find({"throughput", component.id, workload.id}))
                    relief.rate += figure->simulated.value;
        const auto* used = input.result.find({"utilisation", component.id, ""});
        if (!(relief.rate > 0) || !used || !(used->simulated.value > 0)) continue;
        relief.utilisation = used->simulated.value;
        relief.backlog = relief.rate * outage;
        relief.drain =
            relief.utilisation < 1 ? outage * relief.utilisation / (1 - relief.utilisation) : INFINITY;
        relief.sentence =
            figure_text({"queue", component.id, ""}, relief.backlog) + " gather; " +
            (std::isfinite(relief.drain) ? "at its mean load of " + percent(relief.utilisation) +
                                               " it has caught up after " + duration(relief.drain) + "."
                                         : "it never catches up: it is full already.");
        reliefs.push_back(std::move(relief));
    }
    std::stable_sort(reliefs.begin(), reliefs.end(),
                     [](const Relief& a, const Relief& b) { return a.drain > b.drain; });
    return reliefs;
}

double bill_of(const model::RunResult& result, const std::string& component) {
    double sum = 0;
    for (const model::BillLine& line : result.bill.lines)
        if (line.component == component) sum += line.amount;
    return sum;
}

double held_bytes(const model::RunResult& result, const std::string& component) {
    const auto scale = [](const std::string& unit) {
        if (unit.starts_with("GB-month") || unit.starts_with("GB month")) return 1e9;
        if (unit.starts_with("GiB-month")) return 1073741824.0;
        return unit.starts_with("TB-month") ? 1e12 : 0.0;
    };
    double bytes = 0;
    for (const model::BillLine& line : result.bill.lines)
        if (line.component == component) bytes += line.units * scale(line.unit);
    return bytes;
}

std::vector<double> months_to_come(const model::RunResult& result, const std::string& part) {
    for (const model::Series& series : result.series)
        if (series.key.metric == "cost" && series.key.subject == part) {
            std::vector<double> amounts = series.values;
            for (double& amount : amounts) amount *= series.step.value();
            return amounts;
        }
    return {};
}

Crew crew_of(const Input& input) {
    Crew crew;
    crew.stated = input.scenario.people.has_value();
    // What the file format takes where `people` says nothing else.
    const model::People assumed{.nodes_per_engineer = crew.nodes_per_engineer,
                                .services_per_engineer = crew.services_per_engineer};
    const model::People& people = crew.stated ? *input.scenario.people : assumed;
    const sim::Staff staff = sim::staff_of(input.scenario, input.scenario.catalog_or(input.catalog), people);
    crew.nodes = staff.nodes;
    crew.services = staff.services;
    crew.operations = staff.operations;
    crew.nodes_per_engineer = people.nodes_per_engineer;
    crew.services_per_engineer = people.services_per_engineer;
    crew.development = people.development;
    return crew;
}

namespace {

std::map<std::string, std::vector<std::string>> followers(const model::Scenario& scenario) {
    std::map<std::string, std::vector<std::string>> next;
    for (const auto& [from, to] : arrows_of(scenario)) next[from].push_back(to);
    return next;
}

}  // namespace

std::vector<std::vector<std::string>> layers_of(const model::Scenario& scenario) {
    const auto next = followers(scenario);
    std::map<std::string, std::size_t> depth;
    for (const model::Workload& workload : scenario.workloads) depth[workload.id] = 0;
    // Longest ways; in a cycle no way is longer than there are components.
    for (std::size_t round = 0; round <= scenario.components.size(); ++round) {
        bool deeper = false;
        for (const auto& [from, targets] : next) {
            const auto own = depth.find(from);
            if (own == depth.end()) continue;
            for (const std::string& to : targets)
                if (const std::size_t behind = own->second + 1; scenario.component(to) != nullptr &&
                                                                behind <= scenario.components.size() &&
                                                                depth[to] < behind) {
                    depth[to] = behind;
                    deeper = true;
                }
        }
        if (!deeper) break;
    }
    std::map<std::size_t, std::vector<std::string>> by_depth;
    for (const model::Component& component : scenario.components)
        if (const auto found = depth.find(component.id); found != depth.end() && found->second > 0)
            by_depth[found->second].push_back(component.id);
    std::vector<std::vector<std::string>> layers;
    for (auto& [at, layer] : by_depth) layers.push_back(std::move(layer));
    return layers;
}

std::vector<std::vector<std::string>> ways_of(const model::Scenario& scenario, const std::string& workload,
                                              std::size_t most) {
    const auto next = followers(scenario);
    std::vector<std::vector<std::string>> ways, open{{workload}};
    while (!open.empty() && ways.size() < most) {
        const std::vector<std::string> way = std::move(open.back());
        open.pop_back();
        const auto found = next.find(way.back());
        bool ends = true;
        if (found != next.end())
            for (std::size_t i = found->second.size(); i-- > 0;) {
                const std::string& to = found->second[i];
                if (std::count(way.begin(), way.end(), to) > 0) continue;  // a cycle
                ends = false;
                open.push_back(way);
                open.back().push_back(to);
            }
        if (ends && way.size() > 1) ways.push_back(way);
    }
    return ways;
}

}  // namespace headroom::report
