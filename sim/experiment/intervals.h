#pragma once
// Times of several replications together, with intervals that say how far they can be trusted.

#include "sim/experiment/times.h"

#include <map>
#include <span>
#include <vector>

namespace headroom::sim {

struct TimeFigure {
    /// Of all replications together. A half-width of infinity: too few items lie beyond the percentile to
    /// tell.
    model::Estimate estimate;
    /// What each replication measured by itself; NaN where it had nothing to measure.
    std::vector<double> replications;
    /// What each replication makes of it. Their mean is the value, and they are as independent of one another
    /// as the replications, so two runs can be compared in pairs.
    std::vector<double> parts;
    /// About how many independent items lie beyond the percentile; infinity where that is not known.
    double beyond = 0;
};

/// With fewer independent items than this beyond a percentile, no interval holds what it promises: of 95 %
/// intervals of M/M/1 at 0.9 with 2 beyond, 81 of 100 held the truth, with 8 90, with 15 94.
constexpr double fewest_beyond = 10;

/// Seconds after which response times have forgotten what they were, in the slowest class: the time in which
/// one independent item comes, apart from the time between items. From the stretches of one replication or
/// more; 0 where they are not known.
double memory_of_responses(std::span<const Replication> replications);

/// Percentiles and means of all replications together. The interval is that of the jackknife over
/// replications (Efron and Stein 1981; Asmussen and Glynn, Stochastic Simulation, 2007, III.5); a high
/// percentile's, and a mean's of few replications, is at least as wide as the number of independent items
/// allows, so that it is not narrow by luck. That number is known from stretches of the replications: batch
/// means.
std::map<model::FigureKey, TimeFigure> time_figures(const model::System& system, const Outline& outline,
                                                    std::span<const Replication> replications,
                                                    double confidence);

}  // namespace headroom::sim
