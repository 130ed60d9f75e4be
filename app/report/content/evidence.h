#pragma once
// What a report asks beyond the run itself: causes and remedies, what each input decides, what more load
// does, what stands beside the plan. All of it follows from the same input, so that the same input gives the
// same report.

#include "app/report/content/input.h"
#include "model/scenario/document.h"
#include "sim/experiment/growth.h"
#include "sim/experiment/why.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace headroom::report {

/// The causes of an objective's figure; remedies where it is not met.
struct Why {
    std::size_t objective = 0;
    bool near = false;  ///< met, by less than a fifth of its bound
    std::vector<sim::Cause> causes;
    std::vector<sim::Remedy> remedies;
};

/// One input that can turn out otherwise than assumed (sim/experiment/inputs.h), lower and higher by the same
/// factor; what the closed forms make of it.
struct Sensitivity {
    std::string input;    ///< "rate of clicks", "slots of warehouse"
    std::string from;     ///< as it is
    bool sourced = true;  ///< written in the scenario or with a source
    std::string origin;   ///< where the value comes from
    struct Effect {
        double low = 0, high = 0;  ///< of the figure
        bool breaks_low = false, breaks_high = false;
    };
    std::vector<Effect> objectives;  ///< by objective of the result
    Effect cost;                     ///< dollars a month
};

/// The platform at a multiple of its load, by closed forms.
struct LoadStep {
    double factor = 1;
    std::vector<double> figures;  ///< by objective
    std::vector<bool> broken;
    double cost = 0;  ///< dollars a month
};

struct Evidence {
    std::vector<Why> whys;
    double spread = 0.2;         ///< inputs are this much lower and higher
    std::vector<double> middle;  ///< closed forms as it is, by objective; NaN: none
    double middle_cost = 0;
    std::vector<Sensitivity> sensitivities;
    std::vector<LoadStep> loads;        ///< ascending
    std::vector<double> breaks_at;      ///< by objective: load factor; NaN: not within the loads
    std::optional<sim::Growth> growth;  ///< of the next three years, where a workload grows
};

using EvidenceProgress = std::function<void(const std::string& step, double fraction)>;

/// A stopped gathering gives what it has. `document` is what the scenario was read from.
model::Expected<Evidence> gather(const model::Document& document, const Input& input,
                                 const EvidenceProgress& progress = {}, std::stop_token stop = {});

}  // namespace headroom::report
