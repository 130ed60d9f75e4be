#include "app/report/content/growing.h"

#include "app/report/content/evidence.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"

#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

const sim::Growth* growth_in(const Input& input) {
    return input.evidence != nullptr && input.evidence->growth ? &*input.evidence->growth : nullptr;
}

std::string name_of(const sim::GrowthLimit& limit) {
    return limit.component ? clean(limit.text) + " " + percent(limit.bound) + " full"
                           : "'" + clean(limit.text) + "'";
}

/// Those that break, the first ones first.
std::vector<const sim::GrowthLimit*> breaking(const sim::Growth& growth) {
    std::vector<const sim::GrowthLimit*> limits;
    for (const sim::GrowthLimit& limit : growth.limits)
        if (limit.breaks) limits.push_back(&limit);
    std::stable_sort(limits.begin(), limits.end(),
                     [](const auto* a, const auto* b) { return *a->breaks < *b->breaks; });
    return limits;
}

/// "clicks growing by 38 % a year and dashboards as they are"
std::string course_of(const sim::Growth& growth) {
    std::vector<std::string> words;
    for (const sim::GrowthRate& rate : growth.growth)
        words.push_back(clean(rate.workload) + (rate.middle == 0
                                                    ? " as it is"
                                                    : (rate.middle > 0 ? " growing by " : " shrinking by ") +
                                                          percent(std::abs(rate.middle)) + " a year"));
    return list_of(words);
}

std::string months_text(const sim::Growth& growth) {
    const std::vector<const sim::GrowthLimit*> limits = breaking(growth);
    const std::string span = count_of(static_cast<double>(growth.months.size()), "month", "months");
    const std::string course = "With " + course_of(growth) + " and the platform unchanged, ";
    if (limits.empty()) return course + "nothing breaks within " + span + ".";
    std::vector<std::string> words;
    for (const sim::GrowthLimit* limit : limits)
        words.push_back((limit->component ? clean(limit->text) + " is " + percent(limit->bound) + " full"
                                          : name_of(*limit) + " breaks") +
                        " in month " + std::to_string(*limit->breaks + 1));
    return course + list_of(words) + ".";
}

Picture chart_of(const sim::Growth& growth) {
    Columns columns;
    columns.axis = "Fullest component";
    columns.figure = {"utilisation.peak", "", ""};
    columns.parts = {"every objective holds", "an objective is broken"};
    columns.values.resize(2);
    const std::size_t n = growth.months.size(), step = n <= 12 ? 1 : n <= 36 ? 3 : 6;
    for (std::size_t m = 0; m < n; m += step) {
        const bool broken =
            std::any_of(growth.limits.begin(), growth.limits.end(), [&](const sim::GrowthLimit& limit) {
                return !limit.component && limit.breaks && *limit.breaks <= static_cast<int>(m);
            });
        columns.labels.push_back(std::to_string(m + 1));
        columns.values[0].push_back(broken ? 0 : growth.months[m].utilisation);
        columns.values[1].push_back(broken ? growth.months[m].utilisation : 0);
    }
    return {"How full it becomes, by month",
            "Fullest component of the platform as it is, at the highest rates of the month, by closed form; "
            "above "
            "100 % it cannot keep up.",
            "Utilisation of the fullest component by month of growth",
            std::move(columns),
            720,
            210};
}

Cell figure_cell(const model::FigureKey& key, const model::Estimate& figure) {
    return {figure_text(key, figure.value), figure.exact() ? "" : interval_text(key, figure)};
}

Table breaks_of(const sim::Growth& growth) {
    Table table;
    table.columns = {{"What"}, {"Month", true}, {"At load", true}, {"Month before", true}, {"Then", true}};
    for (const sim::GrowthLimit* limit : breaking(growth))
        table.rows.push_back(
            {{limit->component ? name_of(*limit) : clean(limit->text), "", Tone::strong},
             {std::to_string(*limit->breaks + 1), "", limit->component ? Tone::unsure : Tone::bad},
             {"x " + number(limit->load, 3)},
             *limit->breaks == 0 ? Cell{"–"} : figure_cell(limit->key, limit->at_last),
             figure_cell(limit->key, limit->at_break)});
    table.note =
        "Objectives are simulated in both months, with their intervals below; components are by closed form "
        "at "
        "the highest rates.";
    return table;
}

Table purchases_of(const sim::Growth& growth) {
    Table table;
    table.columns = {{"Month", true},        {"Enlarge"}, {"From", true}, {"To", true},
                     {"More a month", true}, {"Because"}};
    for (const sim::Purchase& purchase : growth.purchases)
        for (std::size_t c = 0; c < purchase.changes.size(); ++c) {
            const auto& change = purchase.changes[c];
            table.rows.push_back({{c == 0 ? std::to_string(purchase.month + 1) : "", "", Tone::strong},
                                  {clean(change.path)},
                                  {clean(change.from)},
                                  {clean(change.to)},
                                  {c == 0 ? rounded_money(purchase.more_cost) : ""},
                                  {c == 0 ? clean(purchase.because) : ""}});
        }
    return table;
}

}  // namespace

void add_months(Document& document, const Input& input) {
    const sim::Growth* growth = growth_in(input);
    if (growth == nullptr) return;
    document.add(Heading{2, "When growth breaks it"});
    document.add(Paragraph{unbroken(months_text(*growth))});
    document.add(chart_of(*growth));
    if (!breaking(*growth).empty()) document.add(breaks_of(*growth));
    if (!growth->purchases.empty()) {
        document.add(Heading{2, "What to enlarge, when"});
        document.add(purchases_of(*growth));
    }
    for (const std::string& note : growth->notes)
        document.add(Paragraph{unbroken(clean(note)), Paragraph::Role::note});
}

std::string cost_of_growth(const Input& input) {
    const sim::Growth* growth = growth_in(input);
    if (growth == nullptr || growth->purchases.empty()) return {};
    double as_it_is = 0, enlarged = 0, saved = 0;
    for (const sim::GrowthMonth& month : growth->months) as_it_is += month.cost, enlarged += month.planned;
    for (const sim::Commitment& commitment : growth->commitments)
        saved += commitment.on_demand_cost - commitment.cost;
    if (!(enlarged > 0)) return {};
    std::string text = "Enlarged as growth asks (Workload and growth), the first " +
                       count_of(static_cast<double>(growth->months.size()), "month costs ", "months cost ") +
                       rounded_money(enlarged) + " instead of " + rounded_money(as_it_is);
    if (saved > 0)
        text += "; commitments of a year or three for nodes that stay would save " + rounded_money(saved) +
                " of that";
    return text + ".";
}

}  // namespace headroom::report
