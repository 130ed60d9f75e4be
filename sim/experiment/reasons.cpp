#include "sim/experiment/reasons.h"

#include "model/units/unit.h"
#include "sim/experiment/selection.h"

#include <algorithm>
#include <limits>

namespace headroom::sim {

namespace {

/// A few steps up the ladder, and every other choice.
std::vector<std::size_t> changes_of(const DecisionVariable& variable, std::size_t level) {
    std::vector<std::size_t> levels;
    for (std::size_t up = level + 1; up <= std::min(variable.top(level), level + 8); ++up)
        levels.push_back(up);
    for (const std::size_t ladder : variable.ladders)
        if (ladder != variable.bottom(level)) levels.push_back(variable.top(ladder));
    return levels;
}

}  // namespace

void say_what_limits(double most_utilisation, Screening& screening, Sizing& sizing) {
    const SizedCandidate& chosen = sizing.candidates[sizing.chosen];
    for (std::size_t v = 0; v < sizing.variables.size(); ++v) {
        const DecisionVariable& variable = sizing.variables[v];
        const bool choice = variable.top(chosen.levels[v]) == variable.bottom(chosen.levels[v]);
        std::string limit =
            choice && variable.levels.size() > 1 ? "the cheapest choice that meets" : "its lowest level";
        if (chosen.levels[v] > variable.bottom(chosen.levels[v])) {
            Configuration less = chosen.levels;
            --less[v];
            const Screened screened = screening.judge(less);
            const auto simulated =
                std::find_if(sizing.candidates.begin(), sizing.candidates.end(),
                             [&](const SizedCandidate& c) { return c.levels == less && !c.meets; });
            limit = "nothing that closed forms know";
            if (screened.utilisation > most_utilisation)
                limit =
                    screened.fullest + " would be " +
                    model::format_quantity(screened.utilisation, model::dimensions::none, {.percent = true}) +
                    " full";
            for (std::size_t o = 0; o < screened.objectives.size(); ++o) {
                model::ObjectiveResult objective = screened.objectives[o];
                objective.figure.value *= screening.bias[o];
                if (excess_of(objective) > 0) limit = objective.text;
            }
            if (simulated != sizing.candidates.end())
                limit = simulated->result.objectives[simulated->worst].text + " (simulated)";
        }
        sizing.limits.push_back(std::move(limit));
    }
}

void say_what_would_have_won(Screening& screening, Sizing& sizing) {
    for (SizedCandidate& candidate : sizing.candidates) {
        if (candidate.meets) continue;
        double cheapest = std::numeric_limits<double>::infinity();
        for (std::size_t v = 0; v < sizing.variables.size(); ++v)
            for (const std::size_t to : changes_of(sizing.variables[v], candidate.levels[v])) {
                Configuration more = candidate.levels;
                more[v] = to;
                const Screened screened = screening.judge(more);
                if (!screening.meets(screened) || screened.cost >= cheapest) continue;
                cheapest = screened.cost;
                candidate.remedy = sizing.variables[v].path + ": " +
                                   sizing.variables[v].levels[candidate.levels[v]] + " -> " +
                                   sizing.variables[v].levels[to];
                candidate.remedy_cost = screened.cost;
            }
    }
}

}  // namespace headroom::sim
