#include "sim/experiment/why.h"

#include "app/cli/commands.h"
#include "app/cli/session.h"

#include <nlohmann/json.hpp>

namespace headroom::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Answer {
    const model::ObjectiveResult& objective;
    std::vector<sim::Cause> causes;
    std::vector<sim::Remedy> remedies;
};

std::string text_of(const Answer& answer) {
    std::string text =
        std::string(model::word_for(answer.objective.verdict)) + "  " + answer.objective.text + "\n";
    for (std::size_t i = 0; i < answer.causes.size(); ++i)
        text += "  " + std::to_string(i + 1) + ". " + answer.causes[i].text + "\n";
    text += answer.remedies.empty() ? "  No single parameter mends it within its range.\n"
                                    : "  Smallest changes of one parameter that mend it:\n";
    for (const sim::Remedy& remedy : answer.remedies)
        text += "  - " + sim::sentence_of(remedy, answer.objective) + "\n";
    return text;
}

Json json_of(const Answer& answer) {
    Json causes = Json::array(), remedies = Json::array();
    for (const sim::Cause& cause : answer.causes)
        causes.push_back({{"text", cause.text}, {"node", cause.node}});
    for (const sim::Remedy& remedy : answer.remedies) {
        std::string field;
        for (const std::string& step : remedy.field) field += (field.empty() ? "" : ".") + step;
        remedies.push_back({{"field", field},
                            {"from", remedy.from},
                            {"to", remedy.to},
                            {"factor", remedy.factor},
                            {"one_way", remedy.one_way},
                            {"value", remedy.simulated.value},
                            {"more_cost_per_month", remedy.more_cost.value()}});
    }
    return {{"objective", answer.objective.text},
            {"verdict", model::word_for(answer.objective.verdict)},
            {"causes", causes},
            {"remedies", remedies}};
}

}  // namespace

int why(const Arguments& arguments, Session& session) {
    const auto options = run_options(arguments);
    if (!options) return session.refuse(options.error());
    const auto catalog = load_catalog();
    if (!catalog) return session.refuse(catalog.error());
    const auto prepared = prepare(arguments.positionals[0], arguments, *catalog, session);
    if (!prepared) return session.refuse(prepared.error());
    const auto result = simulate(*prepared, *catalog, *options, session, "Simulating");
    if (!result) return session.refuse(result.error());

    std::string text;
    Json json{{"format", "headroom-why-1"}, {"objectives", Json::array()}};
    for (std::size_t i = 0; i < result->objectives.size(); ++i) {
        const model::ObjectiveResult& objective = result->objectives[i];
        if (objective.verdict == model::Verdict::met) continue;
        auto remedies = sim::remedies_for(
            prepared->document, *catalog, prepared->calibrations, *result, i,
            [&](const sim::RemedyProgress& p) { session.show_progress("Searching", p.fraction, p.step); },
            session.stop());
        session.clear_progress();
        if (!remedies) return session.refuse(remedies.error());
        if (session.stop().stop_requested()) return session.refuse(problem("", "interrupted"));
        const Answer answer{objective, sim::causes_of(prepared->scenario, *result, objective),
                            *std::move(remedies)};
        text += (text.empty() ? "" : "\n") + text_of(answer);
        json["objectives"].push_back(json_of(answer));
    }
    if (session.json())
        session.print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    else
        session.print(text.empty() ? "Every objective is met.\n" : text);
    return result->any_broken() ? exit_broken : exit_good;
}

}  // namespace headroom::cli
