#pragma once
// Figures out of the tallies of one replication, and of the closed forms, under the same keys.

#include "model/store/run_result.h"
#include "sim/experiment/outline.h"
#include "sim/platform/replication.h"

#include <map>
#include <vector>

namespace headroom::sim {

using Values = std::map<model::FigureKey, double>;

/// Throughput, losses, utilisation, queues and growth of a replication: what can be averaged over
/// replications.
Values counts_of(const model::System& system, const Outline& outline, const Replication& replication,
                 const std::vector<double>& growing);

/// By component and by station: how full the fullest server is at the moments at which sources are at their
/// highest; above 1 where overloaded. Empty where no formula covers the system.
using Fullness = std::map<std::string, double>;

struct AnalyticFigure {
    double value = 0;
    bool exact = false;
};
struct AnalyticFigures {
    std::map<model::FigureKey, AnalyticFigure> figures;
    /// By station: items a second by which its queue grows at the mean rates of the horizon; 0 where it keeps
    /// up.
    std::vector<double> growing;
    std::vector<double> growing_at_peak;  ///< the same at the highest rates
    Fullness fullness;
    std::vector<std::string> notes;
};
/// The closed forms, averaged over `points` moments of the horizon where rates change.
AnalyticFigures analytic_figures(const model::System& system, const Outline& outline, int points);

}  // namespace headroom::sim
