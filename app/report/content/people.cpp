// Who runs it, and in which order it is built.

#include "app/report/content/build.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/kinds/kind.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

constexpr double two_pizzas = 10;  ///< people whom two pizzas feed, at most

std::string share_of_time(double engineers) {
    return number(engineers, 3) + (engineers == 1 ? " engineer" : " engineers");
}

}  // namespace

void add_operations(Document& document, const Input& input) {
    const Crew crew = crew_of(input);
    if (!(crew.operations > 0)) return;
    document.add(Heading{1, "Operations and people", "operations"});
    const double teams = std::max(1.0, std::ceil(crew.operations / two_pizzas));
    double paid = 0;
    for (const model::BillLine& line : input.result.bill.lines)
        if (line.component == "people") paid += line.amount;
    Table table;
    table.columns = {{"What"}, {"Number", true}, {"From"}};
    const auto row = [&](const char* what, const std::string& value, const std::string& from) {
        table.rows.push_back({{what, "", Tone::strong}, {value}, {from, "", Tone::muted}});
    };
    row("Nodes of one's own", number(crew.nodes, 12),
        "node groups, and components on machines that are rented bare");
    row("Managed services", number(crew.services, 12), "components that a provider operates");
    const bool counted = !(input.scenario.people && input.scenario.people->operations);
    row("Engineers that operate it", number(crew.operations, 3),
        counted ? number(crew.nodes, 12) + " nodes at " + number(crew.nodes_per_engineer) + " and " +
                      number(crew.services, 12) + " services at " + number(crew.services_per_engineer) +
                      " for each" +
                      (crew.stated ? "" : "; the planning values that hold where a scenario states none")
                : "stated by the scenario");
    row("Two-pizza teams", number(teams, 3),
        "at most " + number(two_pizzas, 2) + " people each" +
            (crew.operations < two_pizzas
                 ? "; " + share_of_time(crew.operations) + " leave room for other work"
                 : ""));
    if (crew.development > 0)
        row("Person-months to build it", number(crew.development, 4), "stated by the scenario");
    if (paid > 0)
        row("On the bill of a month", money(paid),
            "people.operations and people.development of the price book");
    if (!crew.stated)
        table.note =
            "The scenario states no people, so the bill holds none: `people: {}` adds them at the price "
            "book's rates.";
    document.add(std::move(table));

    // What one team would own: parts of the platform that hang together, with what they are asked about.
    if (teams < 2) return;
    Table owned;
    owned.columns = {{"Layer"}, {"Components"}, {"Bill a month", true}};
    int layer = 0;
    for (const auto& components : layers_of(input.scenario)) {
        std::vector<std::string> names;
        double bill = 0;
        for (const std::string& id : components) {
            names.push_back(clean(id));
            bill += bill_of(input.result, id);
        }
        owned.rows.push_back(
            {{std::to_string(++layer), "", Tone::strong}, {list_of(names)}, {rounded_money(bill)}});
    }
    owned.note =
        "A cut between two layers leaves each team one side of it: what passes there is their contract.";
    document.add(std::move(owned));
}

void add_roll_out(Document& document, const Input& input) {
    const auto layers = layers_of(input.scenario);
    const bool told = input.narrative != nullptr && !input.narrative->roll_out.empty();
    if (layers.empty() && !told) return;
    document.add(Heading{1, "Roll-out plan", "roll-out"});
    if (told) {
        Table table;
        table.columns = {{"When"}, {"What"}};
        for (const auto& [when, what] : input.narrative->roll_out)
            table.rows.push_back({{clean(when), "", Tone::strong}, {clean(what)}});
        table.note = "As the architect writes it.";
        document.add(std::move(table));
    }
    const Crew crew = crew_of(input);
    // Development is spread evenly over the layers, at one team's pace; without an estimate, a month for
    // each.
    const double team = std::clamp(std::ceil(crew.operations), 1.0, two_pizzas);
    const double months_each =
        crew.development > 0
            ? std::max(1.0, std::ceil(crew.development / team / static_cast<double>(layers.size())))
            : 1;
    Table table;
    table.columns = {{"Month", true},
                     {"Goes live"},
                     {"Doors to close before"},
                     {"Can be shown then"},
                     {"Bill of the month", true}};
    std::vector<std::string> live;
    double bill = 0, month = 1;
    for (const auto& layer : layers) {
        std::vector<std::string> names, doors, shown;
        for (const std::string& id : layer) {
            live.push_back(id);
            names.push_back(clean(id));
            const std::vector<double> months = months_to_come(input.result, id);
            const auto at = static_cast<std::size_t>(month - 1);
            bill += months.size() > at ? months[at] : bill_of(input.result, id);
            const model::Component* component = input.scenario.component(id);
            const model::Kind* kind = component != nullptr ? model::find_kind(component->kind) : nullptr;
            if (kind == nullptr) continue;
            for (const auto& [name, setting] : component->settings)
                if (const auto* spec = kind->parameter(name); spec != nullptr &&
                                                              spec->door == model::Door::one_way &&
                                                              setting.origin == model::Origin::scenario)
                    doors.push_back(clean(name) + " of " + clean(id));
        }
        for (const model::ObjectiveResult& objective : input.result.objectives) {
            // An objective can be shown once the last part that its workload passes, or that it is about, is
            // there.
            const std::string& subject = objective.key.subject;
            if (objective.key.of.empty() && subject.empty()) {
                if (&layer == &layers.back()) shown.push_back("'" + clean(objective.text) + "'");
                continue;
            }
            bool complete = true, now = false;
            for (const model::Workload& workload : input.scenario.workloads) {
                if (!objective.key.of.empty() && workload.id != objective.key.of) continue;
                for (const auto& way : ways_of(input.scenario, workload.id, 12)) {
                    // Only as far as what it is about.
                    const auto end = std::find(way.begin(), way.end(), subject);
                    if (!subject.empty() && end == way.end()) continue;
                    const auto stop = subject.empty() ? way.end() : end + 1;
                    for (auto step = way.begin() + 1; step != stop; ++step) {
                        complete = complete && std::count(live.begin(), live.end(), *step) > 0;
                        now = now || std::count(layer.begin(), layer.end(), *step) > 0;
                    }
                }
            }
            if (complete && now) shown.push_back("'" + clean(objective.text) + "'");
        }
        table.rows.push_back(
            {{months_each > 1 ? number(month, 3) + " to " + number(month + months_each - 1, 3)
                              : number(month, 3),
              "", Tone::strong},
             {list_of(names)},
             {doors.empty() ? "–" : list_of(doors)},
             {shown.empty() ? "–" : list_of(shown)},
             {rounded_money(bill)}});
        month += months_each;
    }
    if (table.rows.empty()) return;
    table.note =
        "Built from the workloads inwards, one layer of the topology after the other, " +
        (crew.development > 0
             ? number(crew.development, 4) + " person-months at " + number(team, 3) + " people at a time"
             : std::string("a month for each: the scenario states no person-months (people.development)")) +
        ". The bill is that of what is live, at what its stores hold by then.";
    document.add(std::move(table));
}

}  // namespace headroom::report
