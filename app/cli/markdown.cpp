#include "app/cli/results.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::cli {

namespace {

constexpr std::size_t most_components = 5;  ///< a reader of a pull request wants the busiest

const char* headline(const model::RunResult& result) {
    if (result.any_broken()) return "**an objective is broken**";
    for (const model::ObjectiveResult& objective : result.objectives)
        if (objective.verdict == model::Verdict::undecided)
            return "no objective is broken, not all are decided";
    return result.objectives.empty() ? "no objectives" : "every objective is met";
}

Table objectives_of(const model::RunResult& result) {
    Table table{{{"verdict"}, {"objective"}, {"simulated", true}}, {}};
    for (const model::ObjectiveResult& objective : result.objectives)
        table.rows.push_back(
            {verdict_cell(objective.verdict), objective.text, figure_text(objective.key, objective.figure)});
    return table;
}

Table busiest_of(const model::RunResult& result) {
    std::vector<const model::Figure*> busiest;
    for (const model::Figure& figure : result.figures)
        if (figure.key.metric == "utilisation.peak" && std::isfinite(figure.simulated.value))
            busiest.push_back(&figure);
    std::stable_sort(busiest.begin(), busiest.end(),
                     [](const auto* a, const auto* b) { return a->simulated.value > b->simulated.value; });
    if (busiest.size() > most_components) busiest.resize(most_components);
    Table table{{{"component"}, {"busiest interval", true}, {"cost", true}}, {}};
    for (const model::Figure* figure : busiest) {
        const model::Figure* cost = result.find({"cost", figure->key.subject, ""});
        table.rows.push_back({figure->key.subject, figure_text(figure->key, figure->simulated),
                              cost ? figure_text(cost->key, cost->simulated) : ""});
    }
    return table;
}

}  // namespace

std::string run_markdown(const model::RunResult& result) {
    std::string text = "## " + result.scenario_name + ": " + headline(result) + "\n\n";
    if (!result.objectives.empty()) text += to_markdown(objectives_of(result)) + "\n";
    const Table busiest = busiest_of(result);
    if (!busiest.rows.empty()) text += to_markdown(busiest) + "\n";
    if (const model::Figure* cost = result.find({"cost", "", ""}))
        text += "Cost of the platform: " + figure_text(cost->key, cost->simulated) + ".\n\n";
    for (const std::string& note : result.notes) text += "- " + note + "\n";
    if (!result.notes.empty()) text += "\n";
    char confidence[16];
    std::snprintf(confidence, sizeof confidence, "%.3g", result.confidence * 100);
    return text + "Simulated at " + model::word_for(result.level) + " level, " +
           std::to_string(result.replications) + " replications of " + model::format(result.horizon) +
           ", seed " + std::to_string(result.seed) + "; ± is the half-width of the " + confidence +
           " % confidence interval.\n";
}

}  // namespace headroom::cli
