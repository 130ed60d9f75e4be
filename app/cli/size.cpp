#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/scenario/write_file.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/sizing.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string a_month(double amount) { return dollars(amount) + "/month"; }

std::string percent(double share, int digits = 3) {
    return model::format_quantity(share, model::dimensions::none, {.digits = digits, .percent = true});
}

/// "nodes 3 x m5.large, shards 40": what differs from the chosen one; all of it for the chosen one itself.
std::string settings_of(const sim::Sizing& sizing, std::size_t candidate) {
    std::string text;
    const sim::Configuration &levels = sizing.candidates[candidate].levels,
                             &chosen = sizing.candidates[sizing.chosen].levels;
    for (std::size_t v = 0; v < levels.size(); ++v)
        if (candidate == sizing.chosen || levels[v] != chosen[v])
            text += (text.empty() ? "" : ", ") +
                    sizing.variables[v].path.substr(sizing.variables[v].path.find('.') + 1) + " " +
                    sizing.variables[v].levels[levels[v]];
    return text.empty() ? "as chosen" : text;
}

std::string why_not(const sim::Sizing& sizing, std::size_t i) {
    const sim::SizedCandidate &candidate = sizing.candidates[i], &chosen = sizing.candidates[sizing.chosen];
    if (candidate.meets)
        return "costs " + a_month(candidate.cost - chosen.cost) + " more (" +
               percent(candidate.cost / chosen.cost - 1, 2) + ")";
    const model::ObjectiveResult& objective = candidate.result.objectives[candidate.worst];
    std::string text = "misses '" + objective.text + "': " + figure_text(objective.key, objective.figure);
    if (objective.bound != 0) text += ", off by " + percent(candidate.excess, 2);
    if (!candidate.remedy.empty())
        text += "; " + candidate.remedy + " would do at ~" + a_month(candidate.remedy_cost);
    return text;
}

/// The first objective that is about a time: what cost is weighed against.
const model::ObjectiveResult* time_of(const model::RunResult& result) {
    for (const model::ObjectiveResult& objective : result.objectives) {
        const model::Metric* metric = model::find_metric(objective.key.metric);
        if (metric && metric->dimension == model::dimensions::time) return &objective;
    }
    return nullptr;
}

/// Of the platform; null where nothing in it fails.
const model::Figure* availability_of(const model::RunResult& result) {
    return result.find({"availability", "", ""});
}

Table decisions_of(const sim::Sizing& sizing) {
    Table table{{{"variable"}, {"now", true}, {"sized", true}, {"not lower because of"}}, {}};
    const sim::Configuration& levels = sizing.candidates[sizing.chosen].levels;
    for (std::size_t v = 0; v < levels.size(); ++v)
        table.rows.push_back({sizing.variables[v].path, sizing.variables[v].levels[sizing.variables[v].now],
                              sizing.variables[v].levels[levels[v]], sizing.limits[v]});
    return table;
}

Table objectives_of(const model::RunResult& result) {
    Table table{{{""}, {"objective"}, {"simulated", true}}, {}};
    for (const model::ObjectiveResult& objective : result.objectives)
        table.rows.push_back(
            {verdict_cell(objective.verdict), objective.text, figure_text(objective.key, objective.figure)});
    return table;
}

Table runners_up(const sim::Sizing& sizing) {
    Table table{
        {{"cost", true}, {"", true}, {"", true}, {"", true}, {"Pareto"}, {"configuration"}, {"why not"}}, {}};
    if (availability_of(sizing.candidates[sizing.chosen].result)) table.columns[3].title = "availability";
    if (const auto* time = time_of(sizing.candidates[sizing.chosen].result))
        table.columns[1].title = time->key.metric;
    if (sizing.futures > 0) table.columns[2].title = "largest regret";
    for (std::size_t i = 0; i < sizing.candidates.size(); ++i) {
        const sim::SizedCandidate& candidate = sizing.candidates[i];
        const model::ObjectiveResult* time = time_of(candidate.result);
        const model::Figure* up = availability_of(candidate.result);
        std::string regret;
        if (sizing.futures > 0)
            regret = a_month(candidate.most_regret) + (i == sizing.least_regret ? " (least)" : "");
        const bool chosen = i == sizing.chosen;
        table.rows.push_back({{a_month(candidate.cost), chosen ? Tone::strong : Tone::plain},
                              time ? figure_text(time->key, time->figure) : "",
                              regret,
                              up ? figure_text(up->key, up->simulated) : "",
                              candidate.efficient ? "yes" : "",
                              chosen && sizing.found ? "chosen" : settings_of(sizing, i),
                              chosen && sizing.found ? Cell() : Cell(why_not(sizing, i))});
    }
    return table;
}

std::string summary_of(const sim::Sizing& sizing) {
    const sim::SizedCandidate& chosen = sizing.candidates[sizing.chosen];
    if (!sizing.found)
        return "No configuration that was simulated meets every objective; the one that misses least costs " +
               a_month(chosen.cost) + ".";
    char sure[64];
    std::snprintf(sure, sizeof sure, "%.2f %%", std::floor(sizing.correct * 10000) / 100);
    std::string text =
        a_month(chosen.cost) + ": the cheapest of " + std::to_string(sizing.candidates.size()) +
        " simulated configurations that meets every objective, with a probability of at least " + sure +
        "; " + std::to_string(sizing.screened) + " were screened by closed forms.";
    if (sizing.futures > 0) {
        const sim::SizedCandidate& least = sizing.candidates[sizing.least_regret];
        text += " Under the uncertain inputs (" + std::to_string(sizing.futures) + " futures) " +
                (sizing.least_regret == sizing.chosen
                     ? "it is also the one of least regret"
                     : "the one at " + a_month(least.cost) + " is that of least regret") +
                ": on average it costs " + a_month(least.over) + " for being larger than needed and " +
                a_month(least.under) + " for being too small in " + percent(least.share_broken) +
                " of them, where a month with a broken objective is taken to cost " +
                dollars(sizing.penalty) + ".";
    }
    return text;
}

Json json_of(const sim::Sizing& sizing) {
    Json json{{"format", "headroom-size-1"}, {"found", sizing.found},
              {"chosen", sizing.chosen},     {"probability_of_correct_choice", sizing.correct},
              {"screened", sizing.screened}, {"variables", Json::array()},
              {"candidates", Json::array()}, {"notes", sizing.notes}};
    if (sizing.futures > 0) {
        json["futures"] = sizing.futures;
        json["penalty_per_month"] = sizing.penalty;
        json["least_regret"] = sizing.least_regret;
    }
    for (const sim::DecisionVariable& variable : sizing.variables)
        json["variables"].push_back({{"path", variable.path}, {"now", variable.levels[variable.now]}});
    for (std::size_t i = 0; i < sizing.candidates.size(); ++i) {
        const sim::SizedCandidate& candidate = sizing.candidates[i];
        Json settings = Json::object(), objectives = Json::array();
        for (std::size_t v = 0; v < sizing.variables.size(); ++v)
            settings[sizing.variables[v].path] = sizing.variables[v].levels[candidate.levels[v]];
        for (const model::ObjectiveResult& o : candidate.result.objectives)
            objectives.push_back({{"objective", o.text},
                                  {"value", o.figure.value},
                                  {"half_width", o.figure.half_width},
                                  {"verdict", model::word_for(o.verdict)}});
        Json object{{"settings", settings},
                    {"cost_per_month", candidate.cost},
                    {"meets", candidate.meets},
                    {"efficient", candidate.efficient},
                    {"replications", candidate.result.replications},
                    {"objectives", objectives},
                    {"why_not", i == sizing.chosen && sizing.found ? "" : why_not(sizing, i)}};
        if (const model::Figure* up = availability_of(candidate.result))
            object["availability"] = up->simulated.value;
        if (sizing.futures > 0) {
            object["largest_regret"] = candidate.most_regret;
            object["mean_over"] = candidate.over;
            object["mean_under"] = candidate.under;
            object["share_broken"] = candidate.share_broken;
        }
        json["candidates"].push_back(std::move(object));
    }
    return json;
}

/// The scenario with the chosen settings, as a variant of its file.
model::Expected<void> write_variant(const sim::Sizing& sizing, const std::filesystem::path& base,
                                    const model::Scenario& scenario, const std::filesystem::path& file) {
    std::error_code ignored;
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    const std::filesystem::path from = std::filesystem::relative(base, folder, ignored);
    model::Expected<model::Document> variant =
        model::Document("headroom: 1\nname: " + model::quote_scalar(scenario.name + ", sized") +
                            "\nextends: " + model::quote_scalar((from.empty() ? base : from).string()) + "\n",
                        file);
    const sim::Configuration& levels = sizing.candidates[sizing.chosen].levels;
    for (std::size_t v = 0; v < levels.size() && variant; ++v)
        variant = variant->with(sizing.variables[v].field, sizing.variables[v].levels[levels[v]]);
    if (!variant) return tl::unexpected(variant.error());
    return model::write_file(file, variant->text());
}

model::Expected<sim::SizingOptions> sizing_options(const Arguments& arguments,
                                                   const model::Document& document) {
    const auto options = run_options(arguments);
    if (!options) return tl::unexpected(options.error());
    sim::SizingOptions asked{.run = *options};
    for (const char* name : {"--vary", "--uncertain"})
        for (const std::string& text : arguments.all(name)) {
            const bool interval =
                std::string_view(name) == "--uncertain" ||
                (text.find("..") != std::string::npos && text.rfind(':') == std::string::npos);
            auto factor = interval ? sim::parse_interval(text, name) : sim::parse_factor(text);
            if (!factor) return tl::unexpected(factor.error());
            if (const auto known = sim::known_target(document, factor->field, name); !known)
                return tl::unexpected(known.error());
            (std::string_view(name) == "--vary" ? asked.variables : asked.uncertain)
                .push_back(std::move(*factor));
        }
    const auto utilisation = share_option(arguments, "--most-utilisation", asked.most_utilisation);
    if (!utilisation) return tl::unexpected(utilisation.error());
    const auto confidence = share_option(arguments, "--confidence", asked.confidence);
    if (!confidence) return tl::unexpected(confidence.error());
    asked.most_utilisation = *utilisation;
    asked.confidence = *confidence;
    if (arguments.has("--penalty")) {
        const auto penalty = model::parse<model::dimensions::money>(arguments.text("--penalty"));
        if (!penalty) return tl::unexpected(problem("--penalty", penalty.error()));
        if (!(penalty->value() > 0)) return tl::unexpected(problem("--penalty", "a penalty is above $0"));
        asked.penalty = penalty->value();
    }
    return asked;
}

}  // namespace

int size(const Arguments& arguments, Session& session) {
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const auto asked = sizing_options(arguments, prepared->document);
    if (!asked) return session.refuse(asked.error());
    const auto sizing = sim::size(
        prepared->document, *catalog, prepared->calibrations, *asked,
        [&](const std::string& step, double fraction) { session.show_progress(step, fraction, ""); },
        session.stop());
    if (!sizing) return session.refuse(sizing.error());
    session.clear_progress();
    if (arguments.has("--output"))
        if (const auto written = write_variant(*sizing, arguments.positionals[0], prepared->scenario,
                                               arguments.text("--output"));
            !written)
            return session.refuse(written.error());

    const bool colours = session.colours();
    const model::RunResult& chosen = sizing->candidates[sizing->chosen].result;
    if (session.json()) {
        session.print(json_of(*sizing).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    } else if (arguments.has("--csv")) {
        session.print(to_csv(runners_up(*sizing)));
    } else if (arguments.has("--markdown")) {
        session.print("## " + prepared->scenario.name + ", sized\n\n" + summary_of(*sizing) + "\n\n" +
                      to_markdown(decisions_of(*sizing)) + "\n" + to_markdown(objectives_of(chosen)) + "\n" +
                      to_markdown(runners_up(*sizing)));
    } else {
        std::string text = coloured(prepared->scenario.name, Tone::strong, colours) + "\n" +
                           wrap(summary_of(*sizing), 100, "") + "\n";
        text += heading("Decisions", colours) + print(decisions_of(*sizing), colours);
        text += heading("Objectives", colours) + print(objectives_of(chosen), colours);
        text += heading("Candidates", colours) + print(runners_up(*sizing), colours);
        for (const std::string& note : sizing->notes) text += "\n" + note + "\n";
        session.print(text);
    }
    return sizing->found ? exit_good : exit_broken;
}

}  // namespace headroom::cli
