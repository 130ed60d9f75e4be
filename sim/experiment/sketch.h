#pragma once
// What a few replications say, for a person who is still drawing.

#include "sim/experiment/run.h"

namespace headroom::sim {

/// Three replications at flow level in one thread. Figures that have an exact closed form are those of the
/// form: chance has no part in them. Problems are those of run(); where there is no flow level that is one.
model::Expected<model::RunResult> sketch(const model::Scenario& scenario, const model::Catalog& catalog,
                                         const model::Calibrations& calibrations, std::stop_token stop = {});

}  // namespace headroom::sim
