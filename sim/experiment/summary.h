#pragma once
// Replications -> figures with intervals, series, curves, bill and verdicts.

#include "model/store/run_result.h"
#include "sim/experiment/billing.h"
#include "sim/experiment/figures.h"

#include <span>

namespace headroom::sim {

/// What a run is about; all parts outlive the summary.
struct Subject {
    const model::Scenario& scenario;
    const model::System& system;
    const Outline& outline;
    const AnalyticFigures& analytic;
    const Billing& billing;
};

/// Figures, series, curves and conservation; everything else of the result is left as it is.
void summarise(const Subject& subject, std::span<const Replication> replications, double confidence,
               model::RunResult& result);

/// Adds figures of cost and nodes, the bill of the mean flows and the cost of the months to come. Problems
/// are those of pricing.
model::Expected<void> price(const Subject& subject, std::span<const Replication> replications,
                            double confidence, model::RunResult& result);

/// Mean over replications with its interval; NaN values are left out.
model::Estimate estimate_of(const std::vector<double>& values, double confidence);

/// In the order of the table of metrics.
void sort_figures(std::vector<model::Figure>& figures);

/// Where the answer deserves caution.
std::vector<std::string> cautions(const Subject& subject, std::span<const Replication> replications,
                                  const model::RunResult& result);

/// Throws std::logic_error if any class of any replication has gained or lost items.
void check_conservation(const model::System& system, const Replication& replication);

}  // namespace headroom::sim
