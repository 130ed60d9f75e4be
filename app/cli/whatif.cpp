#include "app/cli/commands.h"
#include "app/cli/recovery.h"
#include "app/cli/results.h"
#include "app/cli/session.h"
#include "app/cli/table.h"
#include "model/units/unit.h"
#include "sim/experiment/incidents.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string count(double items) {
    return model::format_quantity(items, model::dimensions::item, {.noun = "items"});
}

std::string drain_of(const sim::Backlog& backlog) {
    if (backlog.component.empty()) return "";
    if (!backlog.drained) return "not within the horizon";
    if (backlog.drain <= backlog.resolution) return "< " + model::format(backlog.resolution);
    return model::format(backlog.drain) + " ± " + model::format(backlog.resolution);
}

std::string broken_of(const sim::IncidentOutcome& outcome) {
    std::string text;
    for (const std::size_t o : outcome.broken) {
        const model::ObjectiveResult& objective = outcome.result.objectives[o];
        text += (text.empty() ? "[" : ", [") + std::to_string(o + 1) + "] " +
                figure_text(objective.key, objective.figure);
    }
    return text;
}

Table table_of(const sim::WhatIf& answer) {
    Table table{{{"incident"},
                 {"what happens"},
                 {"backlog", true},
                 {"at"},
                 {"drain time", true},
                 {"data at risk", true},
                 {"lost", true},
                 {"objectives that break"}},
                {}};
    for (const sim::IncidentOutcome& outcome : answer.outcomes) {
        const sim::Backlog& backlog = outcome.backlog;
        const bool waits = !backlog.component.empty();
        const std::string broken = broken_of(outcome);
        table.rows.push_back({outcome.incident.name,
                              outcome.incident.what,
                              waits ? count(backlog.items) : "none",
                              backlog.component,
                              {drain_of(backlog), backlog.drained ? Tone::plain : Tone::bad},
                              backlog.bytes > 0 ? model::format(model::bytes(backlog.bytes)) : "",
                              {count(outcome.lost), outcome.lost > 0 ? Tone::bad : Tone::plain},
                              {broken.empty() ? "none" : broken, broken.empty() ? Tone::good : Tone::bad}});
    }
    return table;
}

Table objectives_of(const sim::WhatIf& answer) {
    Table table{{{""}, {""}, {"usually", true}, {""}}, {}};
    for (std::size_t i = 0; i < answer.usual.objectives.size(); ++i) {
        const model::ObjectiveResult& objective = answer.usual.objectives[i];
        table.rows.push_back({"[" + std::to_string(i + 1) + "]", objective.text,
                              figure_text(objective.key, objective.figure), verdict_cell(objective.verdict)});
    }
    return table;
}

std::string setting_of(const sim::WhatIf& answer) {
    const model::Duration at =
        answer.outcomes.empty() ? model::Duration() : answer.outcomes.front().incident.at;
    return std::string(model::word_for(answer.usual.level)) + " level, " +
           model::format(answer.usual.horizon) + ", " + std::to_string(answer.usual.replications) +
           " replications, seed " + std::to_string(answer.usual.seed) + "; every incident begins at " +
           model::format(at);
}

Json json_of(const sim::WhatIf& answer) {
    Json json{{"format", "headroom-whatif-1"},
              {"horizon_s", answer.usual.horizon.value()},
              {"recovery", Json::array()},
              {"incidents", Json::array()}};
    for (const model::Figure& figure : answer.usual.figures)
        if (figure.key.metric.starts_with("recovery-"))
            json["recovery"].push_back({{"metric", figure.key.metric},
                                        {"component", figure.key.subject},
                                        {"workload", figure.key.of},
                                        {"value_s", figure.simulated.value},
                                        {"half_width_s", figure.simulated.half_width},
                                        {"analytic_s", figure.analytic}});
    for (const sim::IncidentOutcome& outcome : answer.outcomes) {
        Json broken = Json::array();
        for (const std::size_t o : outcome.broken) {
            const model::ObjectiveResult& objective = outcome.result.objectives[o];
            broken.push_back({{"objective", objective.text},
                              {"value", objective.figure.value},
                              {"half_width", objective.figure.half_width}});
        }
        json["incidents"].push_back(
            {{"name", outcome.incident.name},
             {"what", outcome.incident.what},
             {"at_s", outcome.incident.at.value()},
             {"length_s", outcome.incident.length.value()},
             {"backlog_items", outcome.backlog.items},
             {"backlog_component", outcome.backlog.component},
             {"drained", outcome.backlog.drained},
             {"drain_s", outcome.backlog.drained ? Json(outcome.backlog.drain.value()) : Json()},
             {"resolution_s", outcome.backlog.resolution.value()},
             {"bytes_at_risk", outcome.backlog.bytes},
             {"lost", outcome.lost},
             {"broken", broken}});
    }
    return json;
}

}  // namespace

int whatif(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    sim::WhatIfOptions asked{.run = *options};
    if (arguments.has("--outage")) {
        const auto outage = model::parse<model::dimensions::time>(arguments.text("--outage"));
        if (!outage) return session.refuse(problem("--outage", outage.error()));
        if (!(outage->value() > 0 && outage->value() <= 30 * 86400.0))
            return session.refuse(
                problem("--outage", "'" + arguments.text("--outage") + "' is not between 0 and 30 d"));
        asked.outage = *outage;
    }
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const auto answer = sim::what_if(
        prepared->scenario, *catalog, prepared->calibrations, asked,
        [&](double fraction) { session.show_progress("Simulating incidents", fraction, ""); },
        session.stop());
    if (!answer) return session.refuse(answer.error());
    if (session.stop().stop_requested()) return session.refuse(problem("", "interrupted"));
    session.clear_progress();

    const Table table = table_of(*answer);
    if (session.json()) {
        session.print(json_of(*answer).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    } else if (arguments.has("--csv")) {
        session.print(to_csv(table));
    } else if (arguments.has("--markdown")) {
        std::string text = "## " + prepared->scenario.name + ": what if something fails\n\n";
        for (std::size_t i = 0; i < answer->usual.objectives.size(); ++i)
            text += std::to_string(i + 1) + ". " + answer->usual.objectives[i].text + "\n";
        session.print(text + "\n" + to_markdown(table) + "\n" + setting_of(*answer) + ".\n");
    } else {
        std::string text = coloured(prepared->scenario.name, Tone::strong, session.colours()) + "\n" +
                           setting_of(*answer) + "\n";
        const Table objectives = objectives_of(*answer);
        if (!objectives.rows.empty())
            text += heading("Objectives", session.colours()) + print(objectives, session.colours());
        text += recovery_text(answer->usual, prepared->scenario, session.colours());
        text += heading("Incidents", session.colours()) + print(table, session.colours());
        for (const std::string& note : answer->notes) text += "\n" + note;
        session.print(text + (answer->notes.empty() ? "" : "\n"));
    }
    const bool broken = std::any_of(answer->outcomes.begin(), answer->outcomes.end(),
                                    [](const auto& o) { return !o.broken.empty(); });
    return broken ? exit_broken : exit_good;
}

}  // namespace headroom::cli
