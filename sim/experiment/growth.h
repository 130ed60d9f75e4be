#pragma once
// A platform under growth, month by month: when each component is full and each objective breaks, what has to
// be enlarged when, and what the bill becomes. Closed forms screen every month; months around which something
// breaks are simulated, each as its busiest stretch of the scenario's horizon.

#include "model/scenario/document.h"
#include "sim/experiment/commitments.h"
#include "sim/experiment/run.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headroom::sim {

/// Growth a year, 0.4 = 40 %, with the interval that it lies in; low = middle = high where it is taken as
/// known.
struct GrowthRate {
    std::string workload;  ///< empty: every workload
    double low = 0, middle = 0, high = 0;
};

struct GrowthOptions {
    RunOptions run;                  ///< of each simulated month; three replications unless said otherwise
    int months = 36;                 ///< 1 to 120
    double most_utilisation = 0.85;  ///< from which a component is full, at its highest rates
    int hold = 6;                    ///< months for which what is bought must do
    std::vector<GrowthRate> growth;  ///< instead of what the workloads state; later ones count
};

/// An objective (of cost: against the bill of the month) or the fullness of a component.
struct GrowthLimit {
    std::string text;  ///< the objective as written, or the component or node group
    model::FigureKey key;
    model::Relation relation = model::Relation::at_most;
    double bound = 0;
    bool component = false;
    // The first month (0 is the first) in which it does not hold with the platform as it is; none: not in the
    // months looked at.
    std::optional<int> breaks;
    std::optional<int> earliest, latest;  ///< at the highest and at the lowest growth
    double load = 0;          ///< highest load of that month as a multiple of that of the scenario
    model::Estimate at_last;  ///< in the month before it breaks, or the last one
    model::Estimate at_break;
};

struct GrowthMonth {
    double load = 1;            ///< the highest of all workloads, as a multiple
    std::vector<double> rates;  ///< mean of each workload, items a second; NaN of users
    std::string fullest;        ///< component of the platform as it is, by closed form
    double utilisation = 0;     ///< at the highest rates
    double cost = 0;            ///< dollars, as it is, from an empty start
    double planned = 0;         ///< with what is bought
    double low = 0, high = 0;   ///< planned, at the lowest and at the highest growth
};

/// What is enlarged before a month begins.
struct Purchase {
    int month = 0;
    struct Change {
        std::string path, from, to;
    };
    std::vector<Change> changes;
    std::string because;   ///< what would not hold otherwise
    double more_cost = 0;  ///< dollars a month, at the load of that month, by closed form
};

struct Growth {
    std::vector<GrowthRate> growth;  ///< of each workload
    bool uncertain = false;          ///< an interval of growth was given
    std::vector<GrowthLimit> limits;
    std::vector<GrowthMonth> months;
    std::vector<Purchase> purchases;
    std::vector<Commitment> commitments;  ///< of the nodes of the plan
    std::vector<std::string> notes;
    int simulated = 0, screened = 0;  ///< months of a configuration
    int replications = 0;             ///< of each simulated one
};

/// Problems are those of reading, running and pricing. The result does not depend on the number of threads.
model::Expected<Growth> grow(
    const model::Document& document, const model::Catalog& catalog, const model::Calibrations& calibrations,
    const GrowthOptions& options,
    const std::function<void(const std::string& step, double fraction)>& progress = {},
    std::stop_token stop = {});

}  // namespace headroom::sim
