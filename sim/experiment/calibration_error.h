#pragma once
// What a measured transform leaves uncertain, carried into the intervals of a run.

#include "model/kinds/lower.h"
#include "sim/experiment/summary.h"

#include <functional>
#include <span>
#include <stop_token>

namespace headroom::sim {

/// Replication of a system, as the run made its own.
using Resimulate =
    std::function<Replication(const model::System& system, int replication, std::stop_token stop)>;

/// A calibration's error does not shrink with replications: it is the same in all of them. So each measured
/// transform is made slower by the half-width of its interval, a few replications are made again with the
/// same random numbers, and what a figure moves by is added to its half-width, as the root of the sum of
/// squares. Gives a note for each calibration whose error counts.
std::vector<std::string> widen_by_calibrations(const Subject& subject, const model::Catalog& catalog,
                                               const model::Calibrations& calibrations,
                                               std::span<const Replication> replications,
                                               const Resimulate& simulate, std::stop_token stop,
                                               model::RunResult& result);

}  // namespace headroom::sim
