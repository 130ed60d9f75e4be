#include "app/report/content/beside.h"
#include "app/report/content/build.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace headroom::report {

namespace {

const model::RunResult& result_of(const Plan& plan) { return plan.input.result; }

/// Names that a legend has room for: letters where the plans' own are long.
bool by_letters(const std::vector<Plan>& plans) {
    return std::any_of(plans.begin(), plans.end(),
                       [](const Plan& plan) { return length_of(plan.name) > 12; });
}

std::string letter_of(const std::vector<Plan>& plans, const Plan& plan) {
    return std::string(1, static_cast<char>('A' + (&plan - plans.data()) % 26));
}

std::vector<NamedRun> runs_of(const std::vector<Plan>& plans) {
    const bool letters = by_letters(plans);
    std::vector<NamedRun> runs;
    for (const Plan& plan : plans)
        runs.push_back({letters ? letter_of(plans, plan) : clean(plan.name), &plan.input.result});
    return runs;
}

const char* mark_of(model::Verdict verdict) {
    return verdict == model::Verdict::met      ? "✔ met"
           : verdict == model::Verdict::broken ? "✘ broken"
                                               : "? undecided";
}

Tone tone_of(model::Verdict verdict) {
    return verdict == model::Verdict::met      ? Tone::good
           : verdict == model::Verdict::broken ? Tone::bad
                                               : Tone::unsure;
}

void add_verdicts(Document& document, const std::vector<Plan>& plans) {
    document.add(Heading{1, "Summary", "summary"});
    const Plan& first = plans.front();
    Bullets bullets;
    for (const Plan& plan : plans) {
        std::string sentence = (by_letters(plans) ? letter_of(plans, plan) + ", " : "") + clean(plan.name) +
                               ": " + verdicts_in_short(plan.input);
        const double now = result_of(plan).bill.per_month().value(),
                     before = result_of(first).bill.per_month().value();
        if (now > 0) sentence += "; " + rounded_money(now) + " a month";
        if (&plan != &first && std::abs(now - before) >= 0.5)
            sentence += ", " + rounded_money(std::abs(now - before)) + (now > before ? " more" : " less") +
                        " than " + clean(first.name);
        if (const model::Figure* most = bottleneck_of(result_of(plan)))
            sentence +=
                "; the bottleneck is " + clean(most->key.subject) + " at " + percent(most->simulated.value);
        bullets.items.push_back(unbroken(sentence + "."));
    }
    document.add(std::move(bullets));
    Table table;
    table.columns = {{"Objective"}};
    for (const Plan& plan : plans) table.columns.push_back({clean(plan.name), true});
    std::vector<std::string> texts;
    for (const Plan& plan : plans)
        for (const auto& objective : result_of(plan).objectives)
            if (std::count(texts.begin(), texts.end(), objective.text) == 0) texts.push_back(objective.text);
    for (const std::string& text : texts) {
        std::vector<Cell> row{{clean(text), "", Tone::strong}};
        for (const Plan& plan : plans) {
            const auto& all = result_of(plan).objectives;
            const auto found = std::find_if(all.begin(), all.end(),
                                            [&](const auto& objective) { return objective.text == text; });
            if (found == all.end())
                row.push_back({"–", "", Tone::muted});
            else
                row.push_back({figure_text(found->key, found->figure.value), mark_of(found->verdict),
                               tone_of(found->verdict)});
        }
        table.rows.push_back(std::move(row));
    }
    if (!table.rows.empty()) document.add(std::move(table));
}

void add_inputs_beside(Document& document, const std::vector<Plan>& plans) {
    bool any = false;
    for (std::size_t i = 1; i < plans.size(); ++i) any = any || !plans[i].differences.empty();
    if (!any) return;
    document.add(Heading{1, "What is put in differently", "inputs"});
    for (std::size_t i = 1; i < plans.size(); ++i) {
        Table table;
        table.columns = {{"Input"}, {clean(plans.front().name)}, {clean(plans[i].name)}, {"Door"}};
        for (const model::InputDifference& one : plans[i].differences) {
            if (one.field == "name" || one.field == "question") continue;
            table.rows.push_back({{clean(one.field), "", Tone::strong},
                                  {one.before.empty() ? "–" : shortened(clean(one.before), 160)},
                                  {one.now.empty() ? "–" : shortened(clean(one.now), 160)},
                                  {!one.parameter ? "–"
                                   : one.one_way  ? "one-way"
                                                  : "two-way",
                                   "", one.one_way ? Tone::unsure : Tone::plain}});
        }
        if (table.rows.empty()) continue;
        if (plans.size() > 2) document.add(Heading{2, clean(plans[i].name)});
        document.add(std::move(table));
    }
}

void add_results_beside(Document& document, const std::vector<Plan>& plans) {
    document.add(Heading{1, "What comes out differently", "results"});
    for (std::size_t i = 1; i < plans.size(); ++i) {
        Table table;
        table.columns = {{"Figure"},
                         {clean(plans.front().name), true},
                         {clean(plans[i].name), true},
                         {"Difference", true},
                         {"Means"}};
        for (const model::Difference& difference :
             model::compare(result_of(plans.front()), result_of(plans[i]))) {
            const model::Metric* metric = model::find_metric(difference.key.metric);
            const model::Meaning meaning = model::meaning_of(difference);
            // Stations and what is the same are in the workbook.
            if (!metric || difference.key.subject.find('.') != std::string::npos ||
                meaning == model::Meaning::same || meaning == model::Meaning::not_significant ||
                meaning == model::Meaning::different)
                continue;
            const bool worth = difference.key.subject.empty() ||
                               difference.key.metric.starts_with("freshness") ||
                               difference.key.metric == "utilisation" || difference.key.metric == "cost";
            if (!worth) continue;
            const double change = difference.delta.value;
            table.rows.push_back(
                {{capitalised(subject_of(difference.key)), metric->statistic, Tone::strong},
                 {figure_text(difference.key, difference.a.value),
                  half_width_text(difference.key, difference.a)},
                 {figure_text(difference.key, difference.b.value),
                  half_width_text(difference.key, difference.b)},
                 {(change < 0 ? "− " : "+ ") + figure_text(difference.key, std::abs(change)),
                  half_width_text(difference.key, difference.delta)},
                 {model::word_for(meaning), "", meaning == model::Meaning::worse ? Tone::bad : Tone::good}});
        }
        if (plans.size() > 2) document.add(Heading{2, clean(plans[i].name)});
        if (table.rows.empty()) {
            document.add(Paragraph{"No figure of " + clean(plans[i].name) + " differs significantly from " +
                                   clean(plans.front().name) + "."});
            continue;
        }
        table.note =
            "Significant differences, paired by replication where both used the same random numbers; ± is "
            "the "
            "half-width of the " +
            percent(result_of(plans[i]).confidence, 3) + " interval.";
        document.add(std::move(table));
    }
    for (const char* metric : {"response", "freshness"})
        document.add(Picture{std::string(*metric == 'r' ? "Response time" : "Freshness") + " by percentile",
                             "", "Both axes logarithmic", Distributions{runs_of(plans), metric}, 720, 250});
    document.add(Picture{"Utilisation over time", "", "The busiest components of each plan",
                         OverTime{runs_of(plans), "utilisation"}, 720, 260});
}

void add_cost_beside(Document& document, const std::vector<Plan>& plans) {
    bool billed = false;
    for (const Plan& plan : plans) billed = billed || !result_of(plan).bill.lines.empty();
    if (!billed) return;
    document.add(Heading{1, "Cost", "cost"});
    document.add(Picture{"Bill of a month", "", "Bills by component", Costs{runs_of(plans)}, 720,
                         95 + 40 * static_cast<double>(plans.size())});
    for (std::size_t i = 1; i < plans.size(); ++i) {
        std::set<std::string> components;
        for (const auto* bill : {&result_of(plans.front()).bill, &result_of(plans[i]).bill})
            for (const model::BillLine& line : bill->lines) components.insert(line.component);
        document.add(Picture{"From " + clean(plans.front().name) + " to " + clean(plans[i].name), "",
                             "What each component adds or saves",
                             Waterfall{runs_of(plans)[0], runs_of(plans)[i]}, 720,
                             110 + 28 * static_cast<double>(std::min<std::size_t>(components.size(), 20))});
    }
    for (const model::ObjectiveResult& objective : result_of(plans.front()).objectives) {
        const model::Metric* metric = model::find_metric(objective.key.metric);
        if (!metric || metric->dimension != model::dimensions::time) continue;
        document.add(Picture{"Cost against " + subject_of(objective.key),
                             "Joined are the plans that no other one beats in both.",
                             "Cost a month against " + subject_of(objective.key),
                             CostAgainst{runs_of(plans), objective.key}, 720, 250});
        break;
    }
    Table table;
    table.columns = {{"Component"}};
    for (const Plan& plan : plans) table.columns.push_back({clean(plan.name), true});
    std::vector<std::string> names;
    for (const Plan& plan : plans)
        for (const model::BillLine& line : result_of(plan).bill.lines)
            if (std::count(names.begin(), names.end(), line.component) == 0) names.push_back(line.component);
    for (const std::string& name : names) {
        std::vector<Cell> row{{clean(name), "", Tone::strong}};
        for (const Plan& plan : plans) row.push_back({money(bill_of(result_of(plan), name))});
        table.rows.push_back(std::move(row));
    }
    std::vector<Cell> total{{"Total of a month", "", Tone::strong}};
    for (const Plan& plan : plans)
        total.push_back({money(result_of(plan).bill.per_month().value()), "", Tone::strong});
    table.rows.push_back(std::move(total));
    table.totals = 1;
    document.add(std::move(table));
}

void add_method_beside(Document& document, const std::vector<Plan>& plans) {
    document.add(Heading{1, "Method", "method"});
    Table table;
    table.columns = {{"Plan"}, {"Run"}, {"Content (SHA-256)"}};
    for (const Plan& plan : plans)
        table.rows.push_back({{clean(plan.name), clean(plan.input.scenario.name), Tone::strong},
                              {line_of(result_of(plan))},
                              {clean(result_of(plan).scenario_hash)}});
    document.add(std::move(table));
}

// --- in time
// ------------------------------------------------------------------------------------------------------

struct Trait {
    std::string name;
    model::FigureKey key;  ///< how it is printed; no metric: dollars
    std::vector<double> values;
};

double worst(const model::RunResult& result, const std::string& metric) {
    double most = std::nan("");
    for (const model::Figure& figure : result.figures)
        if (figure.key.metric == metric && (metric.starts_with("freshness") || figure.key.subject.empty()) &&
            !figure.key.of.empty() && !(figure.simulated.value <= most))
            most = figure.simulated.value;
    return most;
}

double figure_or_nan(const model::RunResult& result, const char* metric, double scale) {
    const model::Figure* figure = result.find({metric, "", ""});
    return figure != nullptr ? figure->simulated.value * scale : std::nan("");
}

std::vector<Trait> traits_of(const std::vector<Plan>& plans) {
    std::vector<Trait> traits{{"Records and requests at the peak", {"throughput", "", ""}, {}},
                              {"Bytes of records a second", {}, {}},
                              {"Bytes kept in the long run", {}, {}},
                              {"Cost a month", {"cost", "", ""}, {}},
                              {"Cost for each TB that arrives", {}, {}},
                              {"Slowest response, p95 of a workload", {"response.p95", "", ""}, {}},
                              {"Oldest data, p99 of freshness", {"freshness.p99", "", ""}, {}},
                              {"Availability", {"availability", "", ""}, {}}};
    for (const Plan& plan : plans) {
        const model::RunResult& result = result_of(plan);
        double peak = 0, bytes = 0, kept = 0;
        for (const model::Workload& workload : plan.input.scenario.workloads) {
            const auto* requests = std::get_if<model::Requests>(&workload.load);
            const auto* stream = std::get_if<model::Stream>(&workload.load);
            if (requests != nullptr && requests->users) {
                if (const auto* through = result.find({"throughput", "", workload.id}))
                    peak += through->simulated.value;
                continue;
            }
            const model::RateProfile& rate = stream != nullptr ? stream->rate : requests->rate;
            peak += rate.peak({}, plan.input.scenario.horizon).value();
            if (stream != nullptr)
                bytes += rate.mean({}, plan.input.scenario.horizon).value() * stream->record.size.mean;
        }
        for (const model::Component& component : plan.input.scenario.components)
            kept += held_bytes(result, component.id);
        const double values[] = {peak,
                                 bytes,
                                 kept,
                                 result.bill.per_month().value() / model::months(1).value(),
                                 figure_or_nan(result, "cost.byte", 1e12),
                                 worst(result, "response.p95"),
                                 worst(result, "freshness.p99"),
                                 figure_or_nan(result, "availability", 1)};
        for (std::size_t i = 0; i < traits.size(); ++i) traits[i].values.push_back(values[i]);
    }
    std::erase_if(traits, [](const Trait& trait) {
        return std::none_of(trait.values.begin(), trait.values.end(), [](double value) { return value > 0; });
    });
    return traits;
}

std::string trait_text(const Trait& trait, double value) {
    if (std::isnan(value) || (!(value > 0) && trait.key.metric.empty())) return "–";
    if (trait.name.starts_with("Bytes of"))
        return model::format_quantity(value, model::dimensions::data_rate);
    if (trait.name.starts_with("Bytes")) return model::format_quantity(value, model::dimensions::data);
    if (trait.name.starts_with("Cost"))
        return rounded_money(trait.key.metric.empty() ? value : value * model::months(1).value());
    if (trait.key.metric == "availability")
        return model::print_figure(*model::find_metric("availability"), value);
    return figure_text(trait.key, value);
}

void add_steps(Document& document, const std::vector<Plan>& plans, const std::vector<Trait>& traits) {
    document.add(Heading{1, "From step to step", "steps"});
    Table table;
    table.columns = {{"Figure"}};
    for (const Plan& plan : plans) table.columns.push_back({clean(plan.name), true});
    table.columns.push_back({"Last to first", true});
    for (const Trait& trait : traits) {
        std::vector<Cell> row{{trait.name, "", Tone::strong}};
        for (const double value : trait.values) row.push_back({trait_text(trait, value)});
        const double ratio = trait.values.back() / trait.values.front();
        row.push_back({std::isfinite(ratio) && ratio > 0 && trait.key.metric != "availability"
                           ? "x " + number(ratio, 3)
                           : "–"});
        table.rows.push_back(std::move(row));
    }
    document.add(std::move(table));
    Bullets bullets;
    for (std::size_t i = 1; i < plans.size(); ++i) {
        std::vector<std::string> more, gone;
        for (const model::Component& component : plans[i].input.scenario.components)
            if (!plans[i - 1].input.scenario.component(component.id)) more.push_back(clean(component.id));
        for (const model::Component& component : plans[i - 1].input.scenario.components)
            if (!plans[i].input.scenario.component(component.id)) gone.push_back(clean(component.id));
        std::string sentence = clean(plans[i].name) + ":";
        if (!more.empty()) sentence += " " + list_of(more) + (more.size() == 1 ? " is new" : " are new");
        if (!gone.empty())
            sentence +=
                (more.empty() ? " " : "; ") + list_of(gone) + (gone.size() == 1 ? " is gone" : " are gone");
        for (const Trait& trait : traits) {
            const double ratio = trait.values[i] / trait.values[i - 1];
            if (!std::isfinite(ratio) || !(ratio > 0) || (ratio > 0.5 && ratio < 2)) continue;
            sentence += "; " + trait.name.substr(0, 1);
            sentence.back() = static_cast<char>(std::tolower(static_cast<unsigned char>(sentence.back())));
            sentence += trait.name.substr(1) + " x " + number(ratio, 3);
        }
        bullets.items.push_back(unbroken(sentence + "."));
    }
    document.add(std::move(bullets));
}

void add_trait_charts(Document& document, const std::vector<Plan>& plans, const std::vector<Trait>& traits) {
    for (const Trait& trait : traits) {
        const bool dollars = trait.name == "Cost a month" || trait.name == "Cost for each TB that arrives";
        if (!dollars && trait.key.metric != "throughput" && trait.key.metric != "freshness.p99" &&
            trait.key.metric != "response.p95")
            continue;
        Columns columns;
        columns.logarithmic = true;
        columns.figure = dollars ? model::FigureKey{} : trait.key;
        for (const Plan& plan : plans) columns.labels.push_back(clean(plan.name));
        columns.parts = {trait.name};
        columns.values = {trait.values};
        if (dollars && !trait.key.metric.empty())
            for (double& value : columns.values.front()) value *= model::months(1).value();
        document.add(
            Picture{trait.name, "", trait.name + " of each step, logarithmic", std::move(columns), 720, 190});
    }
}

std::string claim_amount(const sim::Claim& claim, double value) {
    return model::format_quantity(
        value, claim.dimension,
        {.percent = claim.dimension == model::dimensions::none && std::abs(value) < 2});
}

void add_claims(Document& document, const std::vector<sim::Audited>& claims) {
    if (claims.empty()) return;
    int agree = 0;
    Table table;
    table.columns = {{"Claim"}, {"Claimed", true}, {"Found", true}, {"The model"}, {"What decides"}};
    for (const sim::Audited& audited : claims) {
        const sim::Claim& claim = *audited.claim;
        const bool agrees = audited.agreement == sim::Agreement::agrees;
        agree += agrees ? 1 : 0;
        const char* relation = claim.relation == sim::Relation::at_most    ? "≤ "
                               : claim.relation == sim::Relation::at_least ? "≥ "
                                                                           : "about ";
        std::string found = claim_amount(claim, audited.found.value);
        if (!audited.found.exact() && audited.found.half_width > 1e-3 * std::abs(audited.found.value))
            found += " ± " + claim_amount(claim, audited.found.half_width);
        table.rows.push_back({{clean(claim.says), clean(claim.id), Tone::strong},
                              {relation + clean(claim.bound_text)},
                              {found},
                              {agrees                                           ? "agrees"
                               : audited.agreement == sim::Agreement::disagrees ? "disagrees"
                                                                                : "undecided",
                               "",
                               agrees                                           ? Tone::good
                               : audited.agreement == sim::Agreement::disagrees ? Tone::bad
                                                                                : Tone::unsure},
                              {clean(claim.assumes), clean(claim.takes)}});
    }
    document.add(Heading{1, "Claims held against the model", "claims"});
    document.add(Paragraph{"Of " + count_of(static_cast<double>(claims.size()), "claim", "claims") +
                           ", the model agrees with " + std::to_string(agree) + "."});
    document.add(std::move(table));
}

}  // namespace

Document build_comparison(const std::vector<Plan>& plans) {
    Document document;
    std::vector<std::string> names;
    for (std::size_t i = 1; i < plans.size(); ++i) names.push_back(clean(plans[i].name));
    document.title = list_of(names) + " against " + clean(plans.front().name);
    document.question = clean(plans.back().input.scenario.question);
    document.line = line_of(result_of(plans.front()));
    add_verdicts(document, plans);
    add_inputs_beside(document, plans);
    add_results_beside(document, plans);
    add_cost_beside(document, plans);
    add_method_beside(document, plans);
    return document;
}

Document build_evolution(const std::vector<Plan>& plans, const std::vector<sim::Audited>& claims) {
    Document document;
    document.title = clean(plans.front().name) + " to " + clean(plans.back().name) + ": " +
                     clean(plans.back().input.scenario.name);
    document.question = clean(plans.back().input.scenario.question);
    document.line = line_of(result_of(plans.back()));
    const std::vector<Trait> traits = traits_of(plans);
    add_verdicts(document, plans);
    add_steps(document, plans, traits);
    add_trait_charts(document, plans, traits);
    for (const Plan& plan : plans) {
        document.add(Heading{1, clean(plan.name) + ": " + clean(plan.input.scenario.name), "plan"});
        if (!plan.input.scenario.question.empty())
            document.add(Paragraph{clean(plan.input.scenario.question)});
        Picture picture;
        picture.drawing = TopologyOf{&plan.input.scenario, &plan.input.catalog, &plan.input.result};
        picture.text = topology_text(plan.input.scenario);
        document.add(std::move(picture));
    }
    add_claims(document, claims);
    add_cost_beside(document, plans);
    add_method_beside(document, plans);
    return document;
}

}  // namespace headroom::report
