#pragma once
// Answers for a person who is still drawing: a quick one, a fuller one, and one that chance had a part in.
// sim::estimate() is the one in the middle.

#include "sim/experiment/figures.h"
#include "sim/experiment/run.h"

namespace headroom::sim {

/// estimate() without percentiles: those have no closed form for a network, and take nearly all of its time.
/// Objectives about them are undecided, with NaN for a value. How full components are at the highest rates is
/// given on top where it is asked for.
model::Expected<model::RunResult> closed_forms(const model::Scenario& scenario, const model::Catalog& catalog,
                                               const model::Calibrations& calibrations,
                                               Fullness* fullness = nullptr);

/// Three replications at flow level in one thread. Figures that have an exact closed form are those of the
/// form: chance has no part in them. Problems are those of run(); where there is no flow level that is one.
model::Expected<model::RunResult> sketch(const model::Scenario& scenario, const model::Catalog& catalog,
                                         const model::Calibrations& calibrations, std::stop_token stop = {});

}  // namespace headroom::sim
