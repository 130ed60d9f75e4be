#include "app/cli/results.h"

#include "app/cli/recovery.h"
#include "model/store/metrics.h"
#include "model/units/price.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace headroom::cli {

namespace {

using model::Figure;
using model::FigureKey;
using model::RunResult;

constexpr int text_width = 96;

Tone tone_of(model::Verdict verdict) {
    switch (verdict) {
        case model::Verdict::met:
            return Tone::good;
        case model::Verdict::broken:
            return Tone::bad;
        case model::Verdict::undecided:
            return Tone::doubtful;
    }
    return Tone::plain;
}

std::string simulated(const RunResult& result, const FigureKey& key) {
    const Figure* figure = result.find(key);
    return figure ? figure_text(key, figure->simulated) : std::string();
}

/// The closed form; "~" where it is an approximation.
std::string closed_form(const Figure* figure) {
    if (!figure || std::isnan(figure->analytic)) return {};
    const std::string text = figure_text(figure->key, {figure->analytic});
    return figure->analytic_exact ? text : "~" + text;
}

std::string duration(model::Duration d) { return model::format(d); }

std::string opening(const RunResult& result, const model::Scenario& scenario, bool colours) {
    std::string text = coloured(result.scenario_name, Tone::strong, colours) + "\n";
    if (!scenario.question.empty()) text += wrap(scenario.question, text_width, "") + "\n";
    std::string facts = std::string(word_for(result.level)) + " level, " + duration(result.horizon);
    if (result.warm_up.value() > 0) facts += " of which " + duration(result.warm_up) + " warm-up";
    facts += ", " + std::to_string(result.replications) +
             (result.replications == 1 ? " replication" : " replications") + ", seed " +
             std::to_string(result.seed) + ", intervals at " +
             model::format_quantity(result.confidence, {}, {.percent = true}) + " confidence";
    text += wrap(facts, text_width, "") + "\n";
    if (!result.precise)
        text += coloured("The asked precision was not reached.", Tone::doubtful, colours) + "\n";
    return text;
}

std::string objectives(const RunResult& result, bool colours) {
    if (result.objectives.empty()) return {};
    Table table{{{""}, {"objective"}, {"simulated", true}}, {}};
    for (const model::ObjectiveResult& o : result.objectives)
        table.rows.push_back({verdict_cell(o.verdict), o.text, figure_text(o.key, o.figure)});
    return heading("Objectives", colours) + print(table, colours);
}

/// A number with its thousands grouped.
std::string plain_digits(double value, const char* format) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return model::group_thousands(text);
}

/// The keys of a metric in the order of the result.
std::vector<FigureKey> keys_of(const RunResult& result, std::string_view metric, bool of_components) {
    std::vector<FigureKey> keys;
    for (const Figure& figure : result.figures)
        if (figure.key.metric == metric && figure.key.subject.empty() != of_components)
            keys.push_back(figure.key);
    return keys;
}

std::string workloads(const RunResult& result, bool colours) {
    Table table{{{"workload"},
                 {"throughput", true},
                 {"response, mean", true},
                 {"closed form", true},
                 {"p95", true},
                 {"p99", true}},
                {}};
    for (const FigureKey& key : keys_of(result, "throughput", false)) {
        const auto of = [&](const char* metric) { return FigureKey{metric, "", key.of}; };
        table.rows.push_back({key.of, simulated(result, key), simulated(result, of("response.mean")),
                              closed_form(result.find(of("response.mean"))),
                              simulated(result, of("response.p95")), simulated(result, of("response.p99"))});
    }
    return table.rows.empty() ? "" : heading("Workloads", colours) + print(table, colours);
}

std::string freshness(const RunResult& result, bool colours) {
    Table table{{{"freshness"}, {"mean", true}, {"p50", true}, {"p95", true}, {"p99", true}}, {}};
    for (const FigureKey& key : keys_of(result, "freshness.mean", true)) {
        std::vector<Cell> row{subject_text(key)};
        for (const char* metric : {"freshness.mean", "freshness.p50", "freshness.p95", "freshness.p99"})
            row.emplace_back(simulated(result, {metric, key.subject, key.of}));
        table.rows.push_back(std::move(row));
    }
    return table.rows.empty() ? "" : heading("Freshness", colours) + print(table, colours);
}

/// Where something fails.
std::string availability(const RunResult& result, const model::Scenario& scenario, bool colours) {
    Table table{{{"availability"}, {"simulated", true}, {"closed form", true}}, {}};
    const auto add = [&](const FigureKey& key) {
        if (const Figure* figure = result.find(key))
            table.rows.push_back({subject_text(key), simulated(result, key), closed_form(figure)});
    };
    add({"availability", "", ""});
    for (const model::Workload& workload : scenario.workloads) add({"availability", "", workload.id});
    for (const model::Component& component : scenario.components) add({"availability", component.id, ""});
    return table.rows.empty() ? "" : heading("Availability", colours) + print(table, colours);
}

std::string components(const RunResult& result, const model::Scenario& scenario, bool colours) {
    Table table{{{"component"},
                 {"utilisation", true},
                 {"closed form", true},
                 {"busiest interval", true},
                 {"items present", true},
                 {"cost", true}},
                {}};
    for (const model::Component& component : scenario.components) {
        const std::string& id = component.id;
        const Figure* utilisation = result.find({"utilisation", id, ""});
        const bool overloaded = utilisation && utilisation->simulated.value > 1;
        table.rows.push_back(
            {id,
             {simulated(result, {"utilisation", id, ""}), overloaded ? Tone::bad : Tone::plain},
             closed_form(utilisation),
             simulated(result, {"utilisation.peak", id, ""}),
             simulated(result, {"queue", id, ""}),
             simulated(result, {"cost", id, ""})});
    }
    return table.rows.empty() ? "" : heading("Components", colours) + print(table, colours);
}

std::string every_figure(const RunResult& result, bool colours) {
    Table table{{{"of"}, {"figure"}, {"simulated", true}, {"closed form", true}}, {}};
    std::string last;
    for (const Figure& figure : result.figures) {
        const std::string subject = subject_text(figure.key);
        const model::Metric* metric = model::find_metric(figure.key.metric);
        table.rows.push_back({subject == last ? "" : subject, metric ? metric->title : figure.key.metric,
                              figure_text(figure.key, figure.simulated), closed_form(&figure)});
        last = subject;
    }
    return table.rows.empty() ? "" : heading("Figures", colours) + print(table, colours);
}

/// What the nodes do: how far each resource is used, and which one runs out first.
std::string nodes(const RunResult& result, bool colours) {
    struct Resource {
        const char* metric;
        const char* name;
    };
    static constexpr Resource resources[] = {{"nodes.cpu", "CPU"},
                                             {"nodes.memory", "memory"},
                                             {"nodes.network", "network"},
                                             {"nodes.disk", "disk"},
                                             {"nodes.space", "disk space"}};
    Table table{{{"nodes of"},
                 {"CPU", true},
                 {"memory", true},
                 {"network", true},
                 {"disk", true},
                 {"disk space", true},
                 {"binding"},
                 {"at the peak", true},
                 {"headroom", true}},
                {}};
    for (const FigureKey& key : keys_of(result, "nodes.peak", true)) {
        const Figure* peak = result.find(key);
        const Figure* headroom = result.find({"nodes.headroom", key.subject, ""});
        std::vector<Cell> row{key.subject};
        const char* binding = "";
        double most = -1;
        for (const Resource& resource : resources) {
            const Figure* figure = result.find({resource.metric, key.subject, ""});
            row.emplace_back(simulated(result, {resource.metric, key.subject, ""}));
            // Memory is asked for whatever the rates are: it runs out at once or never.
            const bool grows = std::string_view(resource.metric) != "nodes.memory";
            if (figure != nullptr && figure->simulated.value > most &&
                (grows || figure->simulated.value > 1)) {
                most = figure->simulated.value;
                binding = resource.name;
            }
        }
        row.emplace_back(binding);
        row.push_back({simulated(result, key), peak->simulated.value > 1 ? Tone::bad : Tone::plain});
        row.emplace_back(headroom == nullptr
                             ? std::string()
                             : model::format_quantity(headroom->simulated.value, {}, {.digits = 3}) + "x");
        table.rows.push_back(std::move(row));
    }
    return table.rows.empty() ? "" : heading("Nodes", colours) + print(table, colours);
}

/// Whether a person comparing wants to see it at first sight.
bool important(const FigureKey& key) {
    static constexpr std::string_view of_platform[] = {"throughput",   "response.mean", "response.p95",
                                                       "response.p99", "lost",          "cost"};
    static constexpr std::string_view of_components[] = {"freshness.mean", "freshness.p99", "utilisation",
                                                         "utilisation.peak", "cost"};
    const auto contains = [&](const auto& list) {
        return std::find(std::begin(list), std::end(list), key.metric) != std::end(list);
    };
    return key.subject.empty() ? contains(of_platform) : contains(of_components);
}

/// A small difference of large numbers is shown in a unit near theirs.
std::string delta_text(const model::Difference& d) {
    const model::Metric* metric = model::find_metric(d.key.metric);
    return metric ? model::print_estimate(*metric, d.delta, d.a.value / 1000) : plain_number(d.delta.value);
}

Cell meaning_cell(const model::Difference& difference) {
    const model::Meaning meaning = model::meaning_of(difference);
    Tone tone = Tone::faint;
    if (meaning == model::Meaning::different) tone = Tone::plain;
    if (meaning == model::Meaning::better) tone = Tone::good;
    if (meaning == model::Meaning::worse) tone = Tone::bad;
    return {model::word_for(meaning), tone};
}

/// Grouped by what they are about, in the order in which that first appears.
Table differences(const Compared& compared, bool all) {
    std::vector<std::string> subjects;
    for (const model::Difference& d : compared.differences)
        if (std::find(subjects.begin(), subjects.end(), subject_text(d.key)) == subjects.end())
            subjects.push_back(subject_text(d.key));
    Table table{{{"of"}, {"figure"}, {"A", true}, {"B", true}, {"B - A", true}, {""}}, {}};
    for (const std::string& subject : subjects) {
        bool first = true;
        for (const model::Difference& d : compared.differences) {
            if (subject_text(d.key) != subject) continue;
            const bool station = !d.key.subject.empty() && !compared.scenario_a.component(d.key.subject);
            const bool nothing = d.a.value == 0 && d.b.value == 0;
            if (!all && (station || nothing || !important(d.key))) continue;
            const model::Metric* metric = model::find_metric(d.key.metric);
            table.rows.push_back({first ? subject : "", metric ? metric->title : d.key.metric,
                                  figure_text(d.key, d.a), figure_text(d.key, d.b), delta_text(d),
                                  meaning_cell(d)});
            first = false;
        }
    }
    return table;
}

std::string notes_text(const char* title, const std::vector<std::string>& sentences, bool colours) {
    if (sentences.empty()) return {};
    std::string text = heading(title, colours);
    for (const std::string& note : sentences) text += "  - " + wrap(note, text_width - 4, "    ") + "\n";
    return text;
}

std::string notes_of_both(const RunResult& a, const RunResult& b, bool colours) {
    std::vector<std::string> both, only_a, only_b = b.notes;
    for (const std::string& note : a.notes) {
        const auto same = std::find(only_b.begin(), only_b.end(), note);
        (same == only_b.end() ? only_a : both).push_back(note);
        if (same != only_b.end()) only_b.erase(same);
    }
    return notes_text("Notes on both", both, colours) + notes_text("Notes on A", only_a, colours) +
           notes_text("Notes on B", only_b, colours);
}

}  // namespace

std::string heading(std::string_view text, bool colours) {
    return "\n" + coloured(text, Tone::strong, colours) + "\n";
}

Cell verdict_cell(model::Verdict verdict) { return {word_for(verdict), tone_of(verdict)}; }

std::string figure_text(const FigureKey& key, const model::Estimate& estimate) {
    const model::Metric* metric = model::find_metric(key.metric);
    return metric ? model::print_estimate(*metric, estimate) : plain_number(estimate.value);
}

std::string subject_text(const FigureKey& key) {
    if (key.subject.empty()) return key.of.empty() ? "platform" : key.of;
    return key.of.empty() ? key.subject : key.of + " in " + key.subject;
}

std::string dollars(double amount) {
    // Below a cent, two digits that count.
    if (amount != 0 && std::abs(amount) < 0.01)
        return model::print_price(std::strtod(plain_digits(amount, "%.2g").c_str(), nullptr));
    return "$" + plain_digits(amount, "%.2f");
}

std::string run_text(const RunResult& result, const model::Scenario& scenario, bool all, bool colours) {
    std::string text = opening(result, scenario, colours) + objectives(result, colours);
    if (all) {
        text += every_figure(result, colours);
    } else {
        text += workloads(result, colours) + freshness(result, colours) +
                components(result, scenario, colours) + nodes(result, colours) +
                availability(result, scenario, colours) + recovery_text(result, scenario, colours);
    }
    return text + bill_text(result, false, colours) + notes_text("Notes", result.notes, colours);
}

std::string run_csv(const RunResult& result) {
    Table table{
        {{"metric"}, {"subject"}, {"workload"}, {"value"}, {"half_width"}, {"analytic"}, {"analytic_exact"}},
        {}};
    for (const Figure& f : result.figures)
        table.rows.push_back({f.key.metric, f.key.subject, f.key.of, plain_number(f.simulated.value),
                              plain_number(f.simulated.half_width), plain_number(f.analytic),
                              std::isnan(f.analytic) ? ""
                              : f.analytic_exact     ? "1"
                                                     : "0"});
    return to_csv(table);
}

std::string comparison_text(const Compared& compared, const std::string& name_a, const std::string& name_b,
                            bool all, bool colours) {
    const RunResult& a = compared.a;
    const RunResult& b = compared.b;
    const auto facts = [](const RunResult& r) {
        return r.scenario_name + ", " + word_for(r.level) + " level, " + std::to_string(r.replications) +
               " replications, seed " + std::to_string(r.seed);
    };
    std::string text = "A  " + coloured(name_a, Tone::strong, colours) + "  " + facts(a) + "\nB  " +
                       coloured(name_b, Tone::strong, colours) + "  " + facts(b) + "\n";
    Table verdicts{{{"objective"}, {"A"}, {"B"}}, {}};
    for (const model::ObjectiveResult& o : a.objectives) {
        const auto same = std::find_if(b.objectives.begin(), b.objectives.end(),
                                       [&](const auto& other) { return other.text == o.text; });
        verdicts.rows.push_back(
            {o.text, verdict_cell(o.verdict),
             same == b.objectives.end() ? Cell("not asked") : verdict_cell(same->verdict)});
    }
    for (const model::ObjectiveResult& o : b.objectives)
        if (std::none_of(a.objectives.begin(), a.objectives.end(),
                         [&](const auto& other) { return other.text == o.text; }))
            verdicts.rows.push_back({o.text, "not asked", verdict_cell(o.verdict)});
    if (!verdicts.rows.empty()) text += heading("Objectives", colours) + print(verdicts, colours);

    return text + heading("Differences", colours) + print(differences(compared, all), colours) +
           notes_of_both(a, b, colours);
}

std::string comparison_csv(const Compared& compared) {
    Table table{{{"metric"},
                 {"subject"},
                 {"workload"},
                 {"a"},
                 {"a_half_width"},
                 {"b"},
                 {"b_half_width"},
                 {"delta"},
                 {"delta_half_width"},
                 {"significant"}},
                {}};
    for (const model::Difference& d : compared.differences)
        table.rows.push_back({d.key.metric, d.key.subject, d.key.of, plain_number(d.a.value),
                              plain_number(d.a.half_width), plain_number(d.b.value),
                              plain_number(d.b.half_width), plain_number(d.delta.value),
                              plain_number(d.delta.half_width), d.significant ? "1" : "0"});
    return to_csv(table);
}

}  // namespace headroom::cli
