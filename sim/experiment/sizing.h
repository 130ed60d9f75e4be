#pragma once
// The cheapest configuration that meets the objectives: screened by closed forms, then simulated, then chosen
// with a stated probability of being the right one among those simulated.

#include "model/scenario/document.h"
#include "sim/experiment/decision.h"
#include "sim/experiment/run.h"

#include <functional>
#include <string>
#include <vector>

namespace headroom::sim {

struct SizingOptions {
    RunOptions run;
    std::vector<Factor> variables;  ///< empty: every capacity that costs something
    std::vector<Factor> uncertain;  ///< intervals of inputs that nobody knows exactly
    double most_utilisation =
        0.85;                  ///< of a component's busiest station at the highest rates, by closed form
    double confidence = 0.95;  ///< asked probability of correct choice
    double penalty = 0;  ///< dollars that a month costs in which an objective is broken; 0: the chosen bill
};

/// What the simulation found of one configuration.
struct SizedCandidate {
    Configuration levels;
    model::RunResult result;
    double cost = 0;          ///< dollars a month
    bool meets = false;       ///< every objective, by the mean over replications
    double meets_surely = 0;  ///< lower bound of the probability that it meets all of them
    std::size_t worst = 0;    ///< the objective that it misses by most, or that is nearest to its bound
    double excess = 0;        ///< relative to the bound; positive: missed
    std::string remedy;       ///< the smallest change of one variable with which it would meet; may be empty
    double remedy_cost = 0;   ///< dollars a month, with that change
    bool efficient = false;   ///< no other is cheaper, faster and more available at once (Pareto)
    // Under uncertain inputs, dollars a month:
    double most_regret = 0, over = 0, under = 0;  ///< `over`, `under`: means over the futures
    double share_broken = 0;                      ///< of the futures
};

struct Sizing {
    std::vector<DecisionVariable> variables;
    std::vector<std::string> limits;         ///< by variable: what keeps the chosen level from being lower
    std::vector<SizedCandidate> candidates;  ///< by cost; the first that meets is the chosen one
    std::size_t chosen = 0;
    bool found = false;  ///< some candidate meets every objective
    double correct = 0;  ///< lower bound of the probability that the choice is the right one of those
    std::size_t least_regret = 0;
    int futures = 0;
    double penalty = 0;
    int screened = 0;  ///< configurations that closed forms judged
    std::vector<std::string> notes;
};

/// Capacities of the components whose doubling relieves their component, and nodes of groups that are run on,
/// each with levels from a thousandth to eight times what the scenario says. Unless counts (of servers,
/// tasks) may be `free_too`, only those that cost something.
std::vector<DecisionVariable> capacities_of(const model::Document& document, const model::Catalog& catalog,
                                            const model::Calibrations& calibrations, bool free_too = false);

/// Searches; the result depends on nothing but its inputs, whatever the number of threads. Of the choice:
/// each objective of each candidate is judged by Student's t over replications, and the chances of error are
/// added up (Bonferroni); replications are doubled for those that leave doubt.
model::Expected<Sizing> size(
    const model::Document& document, const model::Catalog& catalog, const model::Calibrations& calibrations,
    const SizingOptions& options,
    const std::function<void(const std::string& step, double fraction)>& progress = {},
    std::stop_token stop = {});

}  // namespace headroom::sim
