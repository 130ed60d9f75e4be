#pragma once
// From a broken objective to its causes, each with its evidence, and to the smallest change of a single
// parameter that mends it.

#include "model/scenario/document.h"
#include "sim/experiment/run.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// One step down, as a sentence with its figures. At most five, from the symptom to what limits.
struct Cause {
    std::string text;
    std::string node;  ///< the workload or component that it is about; empty: the platform
};

std::vector<Cause> causes_of(const model::Scenario& scenario, const model::RunResult& result,
                             const model::ObjectiveResult& objective);

/// A change of one parameter that should mend the objective.
struct Remedy {
    model::FieldPath field;
    std::string from, to;    ///< as a scenario would write them
    double factor = 1;       ///< to / from
    bool one_way = false;    ///< hard to take back once the platform is built
    double estimated = 0;    ///< the objective's figure by closed form
    model::Money more_cost;  ///< a month; negative: saved
    // Of the simulation that checked it:
    model::Estimate simulated;
    model::Verdict verdict = model::Verdict::undecided;
};

struct RemedyProgress {
    std::string step;
    double fraction = 0;
};
using RemedyProgressFn = std::function<void(const RemedyProgress&)>;

/// Searches the parameters of all components by closed form, the smallest relative change of each that meets
/// the bound, and simulates the best few with the random numbers of `result`; where the simulation does not
/// agree yet, the change is widened. Gives those that it confirmed, the smallest change first; none where no
/// single parameter does it within its range. A stopped search gives what it has.
model::Expected<std::vector<Remedy>> remedies_for(const model::Document& document,
                                                  const model::Catalog& catalog,
                                                  const model::Calibrations& calibrations,
                                                  const model::RunResult& result, std::size_t objective,
                                                  const RemedyProgressFn& progress = {},
                                                  std::stop_token stop = {});

/// "components.warehouse.slots: 5 -> 8 (x 1.6), simulated 1.82 s ± 0.04, + $0/month"
std::string sentence_of(const Remedy& remedy, const model::ObjectiveResult& objective);

}  // namespace headroom::sim
