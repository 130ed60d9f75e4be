// Why objectives are broken or nearly so, what happens when parts fail, and which ways data takes.

#include "app/report/content/build.h"
#include "app/report/content/evidence.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/kinds/kind.h"
#include "model/topology/topology.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace headroom::report {

void add_whys(Document& document, const Input& input) {
    if (input.evidence == nullptr || input.evidence->whys.empty()) return;
    document.add(Heading{1, "Five whys", "whys"});
    for (const Why& why : input.evidence->whys) {
        const model::ObjectiveResult& objective = input.result.objectives[why.objective];
        document.add(
            Heading{2, clean(objective.text) +
                           (why.near ? ": nearly broken" : ": " + std::string(word_for(objective.verdict)))});
        Table table;
        table.columns = {{"Why?"}, {"Because"}, {"Where"}};
        for (std::size_t i = 0; i < why.causes.size(); ++i)
            table.rows.push_back(
                {{std::to_string(i + 1), "", Tone::strong},
                 {unbroken(clean(why.causes[i].text))},
                 {why.causes[i].node.empty() ? "platform" : clean(why.causes[i].node), "", Tone::muted}});
        document.add(std::move(table));
        if (why.near) {
            document.add(
                Paragraph{"It is met with " + percent(1 - 1 / room_of(objective), 2) +
                              " of the bound to spare; remedies are searched where an objective is not met.",
                          Paragraph::Role::note});
            continue;
        }
        if (why.remedies.empty()) {
            document.add(Paragraph{"No single parameter mends it within its range."});
            continue;
        }
        Table remedies;
        remedies.columns = {
            {"Smallest change that mends it"}, {"Door"}, {"Simulated then", true}, {"Cost a month", true}};
        for (const sim::Remedy& remedy : why.remedies) {
            std::string field;
            for (const std::string& step : remedy.field) field += (field.empty() ? "" : ".") + step;
            const double more = remedy.more_cost.value();
            remedies.rows.push_back(
                {{clean(field) + ": " + clean(remedy.from) + " to " + clean(remedy.to), "", Tone::strong},
                 {remedy.one_way ? "one-way" : "two-way"},
                 {figure_text(objective.key, remedy.simulated.value),
                  half_width_text(objective.key, remedy.simulated)},
                 {(more >= 0 ? "+ " : "- ") + rounded_money(std::abs(more))}});
        }
        document.add(std::move(remedies));
    }
}

namespace {

std::string takes_text(const model::FailureMode& mode) {
    if (mode.each_node) return "each node, on its own";
    return mode.share >= 1 ? "all of it" : percent(mode.share) + " of its capacity";
}

void add_failures(Document& document, const Input& input) {
    if (input.scenario.failures.empty()) return;
    Table table;
    table.columns = {{"Cause"}, {"Hits"}, {"Takes away"}, {"How often"}, {"Repair, mean", true}};
    for (const model::FailureMode& mode : input.scenario.failures) {
        std::vector<std::string> of;
        for (const std::string& id : mode.of) of.push_back(clean(id));
        table.rows.push_back({{clean(mode.name), "", Tone::strong},
                              {list_of(of)},
                              {takes_text(mode)},
                              {mode.at ? "once, at " + duration(mode.at->value())
                                       : "every " + duration(mode.every.mean) + " on average"},
                              {duration(mode.repair.mean)}});
    }
    table.note = "These were at work in the run: its figures, lost records and times contain them.";
    document.add(std::move(table));
    Table outcome;
    outcome.columns = {{"Availability of"}, {"Share of the time", true}};
    for (const model::Figure& figure : input.result.figures)
        if (figure.key.metric == "availability")
            outcome.rows.push_back(
                {{figure.key.subject.empty() && figure.key.of.empty()
                      ? "the platform"
                      : clean(figure.key.subject.empty() ? figure.key.of : figure.key.subject)},
                 {model::print_figure(*model::find_metric("availability"), figure.simulated.value),
                  half_width_text(figure.key, figure.simulated)}});
    if (!outcome.rows.empty()) document.add(std::move(outcome));
}

/// When data can be lost and how much, and how long until all is as it was.
void add_recoveries(Document& document, const Input& input) {
    Table table;
    table.columns = {{"Data"},
                     {"Lost with a"},
                     {"Come back from"},
                     {"Recovery point", true},
                     {"Records at risk", true},
                     {"Recovery time", true},
                     {"By closed form", true}};
    for (const model::Recovery& recovery : input.scenario.recoveries) {
        const std::string loss = word_for(recovery.loss);
        for (const std::string& component : recovery.of) {
            const model::FigureKey time_key{"recovery-time." + loss, component, ""};
            const model::Figure* time = input.result.find(time_key);
            const auto add = [&](const std::string& what, Cell point, const std::string& at_risk) {
                table.rows.push_back(
                    {{what, "", Tone::strong},
                     {loss},
                     {clean(model::source_of(recovery))},
                     std::move(point),
                     {at_risk},
                     time ? Cell{figure_text(time_key, time->simulated.value),
                                 half_width_text(time_key, time->simulated)}
                          : Cell{""},
                     {time && !std::isnan(time->analytic) ? figure_text(time_key, time->analytic) : ""}});
            };
            bool any = false;
            for (const model::Workload& workload : input.scenario.workloads) {
                const model::FigureKey key{"recovery-point." + loss, component, workload.id};
                const model::Figure* point = input.result.find(key);
                const model::Figure* rate = input.result.find({"throughput", "", workload.id});
                if (point == nullptr) continue;
                any = true;
                add(clean(workload.id) + " in " + clean(component),
                    {figure_text(key, point->simulated.value), half_width_text(key, point->simulated)},
                    rate ? figure_text({"lost", "", ""}, point->simulated.value * rate->simulated.value)
                         : "");
            }
            if (!any && time) add(clean(component), {""}, "");
        }
    }
    if (table.rows.empty()) return;
    document.add(Heading{2, "Recovery point and recovery time"});
    table.note =
        "Records that are older than the recovery point when the loss comes are safe with a probability of "
        "99 %; those at risk are as many as come within it on average. The recovery time is simulated from "
        "the "
        "busiest moment of the first day: until the loss is known, what stands in is there, and no more "
        "waits "
        "than usual.";
    document.add(std::move(table));
}

void add_reliefs(Document& document, const Input& input) {
    const std::vector<Relief> reliefs = reliefs_of(input);
    if (reliefs.empty()) return;
    document.add(Heading{2, "An hour away, and back"});
    Table table;
    table.columns = {
        {"Component"}, {"Mean use", true}, {"Gathers in an hour", true}, {"Caught up after", true}};
    for (const Relief& relief : reliefs)
        table.rows.push_back({{relief.component, "", Tone::strong},
                              {percent(relief.utilisation)},
                              {figure_text({"queue", relief.component, ""}, relief.backlog)},
                              {std::isfinite(relief.drain) ? duration(relief.drain) : "never", "",
                               relief.drain > 3600 ? Tone::unsure : Tone::plain}});
    table.note =
        "What gathers is the mean rate for an hour; it is worked off with what the mean load leaves of the "
        "capacity "
        "(fluid limit): an hour x u / (1 - u).";
    document.add(std::move(table));
}

}  // namespace

void add_failure(Document& document, const Input& input) {
    const model::TopologyFacts facts = model::examine(input.scenario);
    Bullets bullets;
    for (const model::Workload& workload : input.scenario.workloads) {
        const auto points = facts.single_points.find(workload.id);
        if (points == facts.single_points.end() || points->second.empty()) continue;
        std::vector<std::string> names;
        for (const std::string& id : points->second) names.push_back(clean(id));
        bullets.items.push_back(capitalised(clean(workload.id)) +
                                (names.size() == 1 ? ": if " : ": if any of ") + list_of(names) +
                                " fails as a whole, nothing gets through.");
    }
    for (const auto& cycle : facts.cycles) {
        std::vector<std::string> names;
        for (const std::string& id : cycle) names.push_back(clean(id));
        bullets.items.push_back(capitalised(list_of(names)) +
                                (names.size() == 1 ? " feeds itself" : " feed each other") +
                                ": trouble in one comes back to it.");
    }
    if (!facts.unreachable.empty()) {
        std::vector<std::string> names;
        for (const std::string& id : facts.unreachable) names.push_back(clean(id));
        bullets.items.push_back("No workload reaches " + list_of(names) + "; " +
                                (names.size() == 1 ? "it is" : "they are") + " paid for all the same.");
    }
    if (bullets.items.empty() && input.scenario.failures.empty() && input.scenario.recoveries.empty() &&
        reliefs_of(input).empty())
        return;
    document.add(Heading{1, "Failure and recovery", "failure"});
    if (input.scenario.failures.empty())
        document.add(
            Paragraph{"The scenario names no causes of failure, so the run had none: times and losses are "
                      "those of a platform that never breaks."});
    add_failures(document, input);
    add_recoveries(document, input);
    if (!bullets.items.empty()) {
        document.add(Heading{2, "Single points of failure"});
        document.add(std::move(bullets));
        document.add(Paragraph{
            "Found in the topology: every way from the workload to its ends leads through them. What a "
            "component does to survive within itself (replicas, zones) is not weighed here.",
            Paragraph::Role::note});
    }
    add_reliefs(document, input);
}

void add_security(Document& document, const Input& input) {
    Table table;
    table.columns = {{"Way of the data"}, {"Gates on it"}, {"Kept at rest in"}, {"Oldest copy", true}};
    std::set<std::string> open_ends;
    for (const model::Workload& workload : input.scenario.workloads) {
        if (!workload.is_stream()) continue;
        for (const auto& way : ways_of(input.scenario, workload.id, 12)) {
            std::string words;
            std::vector<std::string> gates, rests;
            double oldest = 0;
            for (std::size_t i = 0; i < way.size(); ++i) {
                words += (i > 0 ? " → " : "") + clean(way[i]);
                const model::Component* component = input.scenario.component(way[i]);
                if (component == nullptr) continue;
                const bool gate = component->kind == "governance-gate" || component->kind == "gateway";
                if (gate) gates.push_back(clean(way[i]));
                double held = 0;
                for (const auto& [name, setting] : component->settings) {
                    if (const auto* tiers = std::get_if<model::NamedNumbers>(&setting.value);
                        tiers != nullptr && name == "lifecycle")
                        for (const auto& [tier, time] : *tiers) held += time;
                    if (const auto* time = std::get_if<double>(&setting.value);
                        time != nullptr && name == "retention")
                        held = std::max(held, *time);
                }
                if (!(held > 0) && !(held_bytes(input.result, way[i]) > 0)) continue;
                rests.push_back(clean(way[i]) + (gates.empty() ? " (ungated)" : ""));
                if (gates.empty()) open_ends.insert(clean(way[i]));
                oldest = std::max(oldest, held);
            }
            table.rows.push_back(
                {{words, "", Tone::strong},
                 {gates.empty() ? "none" : list_of(gates), "", gates.empty() ? Tone::unsure : Tone::plain},
                 {rests.empty() ? "nowhere" : list_of(rests)},
                 {!(oldest > 0)        ? "–"
                  : std::isinf(oldest) ? "for ever"
                                       : duration(oldest)}});
        }
    }
    if (table.rows.empty()) return;
    document.add(Heading{1, "Data paths, security and governance", "security"});
    std::string sentence =
        open_ends.empty()
            ? "Every copy at rest lies behind a gate."
            : "Records come to rest in " + list_of({open_ends.begin(), open_ends.end()}) +
                  " without having passed a gate: access there must be governed by the store itself.";
    document.add(Paragraph{sentence});
    std::vector<std::string> keyed;
    for (const model::Workload& workload : input.scenario.workloads)
        if (const auto* stream = std::get_if<model::Stream>(&workload.load);
            stream && !stream->record.key.empty())
            keyed.push_back(clean(stream->record.key) + " of " + clean(workload.id));
    table.note =
        "A gate is a component that checks permissions or quality. The oldest copy is as old as retention "
        "and lifecycle let "
        "it grow: what must be erased on request lies that long.";
    if (!keyed.empty()) table.note += " Records are partitioned by " + list_of(keyed) + ".";
    document.add(std::move(table));
}

}  // namespace headroom::report
