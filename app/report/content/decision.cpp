// What is decided: differences from the baseline and their doors, or what in the plan is hard to take back;
// what each alternative would have meant.

#include "app/report/content/build.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/kinds/kind.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

/// The component that a field is of: "warehouse" of "components.warehouse.nodes".
std::string component_of(const std::string& field) {
    constexpr std::string_view head = "components.";
    if (!field.starts_with(head)) return {};
    const std::string rest = field.substr(head.size());
    return rest.substr(0, rest.find('.'));
}

double retention_of(const Input& input, const std::string& component) {
    const model::Component* found = input.scenario.component(component);
    if (found == nullptr) return 0;
    const auto setting = found->settings.find("retention");
    const auto* value =
        setting == found->settings.end() ? nullptr : std::get_if<double>(&setting->second.value);
    return value != nullptr && std::isfinite(*value) ? *value : 0;
}

/// What it costs to undo a choice once the platform runs. A one-way door is undone by running old and new
/// side by side until what the old one keeps has aged out, a two-way door by the next deployment.
std::string way_back(const Input& input, const std::string& component, bool one_way, double now_more) {
    if (!one_way)
        return std::abs(now_more) < 0.5
                   ? "the next deployment; the bill stays"
                   : "the next deployment; until then " + rounded_money(std::abs(now_more)) +
                         (now_more > 0 ? " a month more than before" : " a month less than before");
    const double bytes = held_bytes(input.result, component), month = bill_of(input.result, component);
    const double retention = retention_of(input, component);
    const double months = retention > 0 ? retention / model::months(1).value() : 1;
    std::string text;
    if (bytes > 0) text = model::format_quantity(bytes, model::dimensions::data) + " are kept there; ";
    text += "old and new side by side for " + (retention > 0
                                                   ? duration(retention) + ", until what is kept has aged out"
                                                   : std::string("each month that moving takes"));
    if (month > 0) text += ": " + rounded_money(month * months);
    return text;
}

void add_differences(Document& document, const Input& input) {
    const Beside& baseline = *input.baseline;
    const double before = baseline.result->bill.per_month().value(),
                 now = input.result.bill.per_month().value();
    int one_way = 0;
    for (const model::InputDifference& difference : baseline.differences)
        one_way += difference.one_way ? 1 : 0;
    std::string sentence =
        "Against " + clean(baseline.name) + ", " +
        count_of(static_cast<double>(baseline.differences.size()), "input changes", "inputs change") + ", " +
        (one_way == 0 ? "none of them" : std::to_string(one_way) + " of them") +
        " through a one-way door; the bill goes from " + rounded_money(before) + " to " + rounded_money(now) +
        " a month.";
    document.add(Paragraph{unbroken(sentence)});
    Table table;
    table.columns = {{"Changed"}, {"Before"}, {"Now"}, {"Door"}, {"The way back"}};
    for (const model::InputDifference& difference : baseline.differences) {
        if (difference.field == "name" || difference.field == "question" ||
            difference.field.starts_with("report"))
            continue;
        const std::string component = component_of(difference.field);
        const bool load = difference.field.starts_with("workloads");
        const double more =
            component.empty() ? 0 : bill_of(input.result, component) - bill_of(*baseline.result, component);
        table.rows.push_back({{clean(difference.field), "", Tone::strong},
                              {shortened(clean(difference.before), 120)},
                              {shortened(clean(difference.now), 120)},
                              {load                 ? "not ours"
                               : difference.one_way ? "one-way"
                                                    : "two-way",
                               "", difference.one_way ? Tone::unsure : Tone::plain},
                              {load                   ? "what arrives is not decided here"
                               : difference.parameter ? way_back(input, component, difference.one_way, more)
                                                      : "an edit of the plan"}});
    }
    if (table.rows.empty()) return;
    table.note =
        "A parameter's door is declared with the parameter. What is kept is what the long run holds; prices "
        "are those of "
        "this bill.";
    document.add(std::move(table));
}

void add_doors(Document& document, const Input& input) {
    Table table;
    table.columns = {{"Component"}, {"Choice"}, {"Value"}, {"The way back"}};
    int two_way = 0;
    for (const model::Component& component : input.scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        for (const auto& [name, setting] : component.settings) {
            const model::ParameterSpec* spec = kind->parameter(name);
            if (spec == nullptr || setting.origin != model::Origin::scenario) continue;
            if (spec->door == model::Door::two_way) {
                ++two_way;
                continue;
            }
            table.rows.push_back({{clean(component.id), "", Tone::strong},
                                  {clean(name)},
                                  {shortened(clean(setting.text), 120)},
                                  {way_back(input, component.id, true, 0)}});
        }
    }
    std::string sentence =
        table.rows.empty()
            ? "None of the " + count_of(two_way, "choice", "choices") +
                  " that the plan makes is a one-way door."
            : "Of the " + count_of(two_way + static_cast<double>(table.rows.size()), "choice", "choices") +
                  " that the plan makes, " +
                  count_of(static_cast<double>(table.rows.size()), "is a one-way door", "are one-way doors") +
                  ":";
    document.add(Paragraph{sentence});
    if (!table.rows.empty()) {
        table.note =
            "What is kept is what the long run holds. All other choices are two-way doors: the next "
            "deployment takes them "
            "back.";
        document.add(std::move(table));
    }
}

/// What decided against an alternative, by its own run.
std::string what_decided(const Input& input, const Beside& other) {
    std::vector<std::string> broken;
    for (const model::ObjectiveResult& objective : other.result->objectives)
        if (objective.verdict == model::Verdict::broken)
            broken.push_back("'" + clean(objective.text) + "' is broken at " +
                             figure_text(objective.key, objective.figure.value));
    const double more = other.result->bill.per_month().value() - input.result.bill.per_month().value();
    std::string money_part = std::abs(more) < 0.5 ? "it costs the same"
                                                  : "it costs " + rounded_money(std::abs(more)) +
                                                        " a month " + (more > 0 ? "more" : "less");
    int ours = 0;
    for (const model::ObjectiveResult& objective : input.result.objectives)
        ours += objective.verdict == model::Verdict::broken ? 1 : 0;
    if (!broken.empty() && static_cast<int>(broken.size()) >= ours)
        return capitalised(list_of(broken)) + "; " + money_part + ".";
    if (more > 0.5) return "It breaks nothing, and " + money_part + ".";
    return "Nothing in the figures speaks against it: it breaks " +
           std::string(broken.empty() ? "nothing" : "less") + " and " + money_part +
           ". Another reason has to decide.";
}

}  // namespace

void add_decision(Document& document, const Input& input) {
    document.add(Heading{1, "The decision and its doors", "decision"});
    if (input.narrative != nullptr && !input.narrative->decision.empty())
        document.add(Paragraph{clean(input.narrative->decision)});
    if (input.baseline != nullptr)
        add_differences(document, input);
    else
        add_doors(document, input);
}

void add_alternatives(Document& document, const Input& input) {
    std::vector<const Beside*> others;
    if (input.baseline != nullptr) others.push_back(input.baseline);
    for (const Beside& other : input.alternatives) others.push_back(&other);
    if (others.empty()) return;
    document.add(Heading{1, "Alternatives", "alternatives"});
    Table table;
    table.columns = {{"Plan"}, {"Objectives"}, {"Cost a month", true}, {"What decided"}};
    const auto row = [&](const std::string& name, const Input& of, const std::string& decided, Tone tone) {
        table.rows.push_back({{name, "", tone},
                              {verdicts_in_short(of)},
                              {rounded_money(of.result.bill.per_month().value())},
                              {unbroken(decided)}});
    };
    row(clean(input.scenario.name), input, "this plan", Tone::strong);
    for (const Beside* other : others)
        row(clean(other->name), Input{*other->scenario, input.catalog, *other->result, input.calibrations},
            what_decided(input, *other), Tone::plain);
    document.add(std::move(table));
    // The figure that the objectives are about, of all of them.
    for (const model::ObjectiveResult& objective : input.result.objectives) {
        const model::Metric* metric = model::find_metric(objective.key.metric);
        if (!metric || metric->dimension != model::dimensions::time) continue;
        std::vector<NamedRun> runs{{clean(input.scenario.name), &input.result}};
        for (const Beside* other : others) runs.push_back({clean(other->name), other->result});
        document.add(Picture{"Cost against " + subject_of(objective.key),
                             "Joined are the plans that no other one beats in both.",
                             "Cost a month against " + subject_of(objective.key) + " of every plan",
                             CostAgainst{std::move(runs), objective.key}, 720, 260});
        break;
    }
}

}  // namespace headroom::report
