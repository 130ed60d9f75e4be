#pragma once
// What if something goes wrong: incidents that a platform must survive, each simulated beside a run in which
// nothing happens, with the same random numbers.

#include "model/kinds/lower.h"
#include "sim/experiment/backlog.h"
#include "sim/experiment/run.h"

#include <functional>
#include <string>
#include <vector>

namespace headroom::sim {

struct Incident {
    std::string name;  ///< "warehouse fails", "zone 1 fails"
    std::string what;  ///< "all of warehouse is gone for 30 min"
    /// One of the two: capacity that is taken away, or records that come beside the usual ones.
    std::vector<model::FailureMode> failures;
    double stream_factor = 1;  ///< every stream's rate times this, for `length`
    model::Duration at, length;
};

struct IncidentOutcome {
    Incident incident;
    Backlog backlog;
    double lost = 0;                  ///< items rejected, expired or lost, beyond the usual
    std::vector<std::size_t> broken;  ///< objectives that are broken, and are not without the incident
    model::RunResult result;
};

struct WhatIf {
    model::RunResult usual;
    std::vector<IncidentOutcome> outcomes;
    std::vector<std::string> notes;  ///< what could not be tried, and why
};

struct WhatIfOptions {
    RunOptions run;
    model::Duration outage = model::minutes(30);
};

/// Tries the loss of each single point of failure, of each zone, of a node of the busiest component, of all
/// spot nodes and of what the scenario says it recovers from; streams that send the last hour again, and a
/// backfill beside the live streams; each when the load is highest in the first day.
/// Failures that the scenario itself has are left out, so that each incident stands alone; the horizon is at
/// least a day, and long enough for the longest incident. Problems are those of runs.
model::Expected<WhatIf> what_if(const model::Scenario& scenario, const model::Catalog& catalog,
                                const model::Calibrations& calibrations, const WhatIfOptions& options,
                                const std::function<void(double fraction)>& progress = {},
                                std::stop_token stop = {});

}  // namespace headroom::sim
