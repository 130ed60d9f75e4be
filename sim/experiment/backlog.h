#pragma once
// What waits because something happened, beside a run with the same random numbers in which nothing did.

#include "model/store/run_result.h"
#include "sim/experiment/outline.h"
#include "sim/platform/replication.h"

#include <map>
#include <string>
#include <vector>

namespace headroom::sim {

struct Backlog {
    std::string component;       ///< where most items wait that do not wait usually; empty: nowhere
    double items = 0;            ///< at the moment when they are most, above what is usual
    double bytes = 0;            ///< of records of streams among them
    bool drained = true;         ///< within the horizon
    model::Duration drain;       ///< from the end of the incident until all waiting is as usual again
    model::Duration resolution;  ///< of that time: the width of a bin of the series
};

/// Items present by component and bin of half a minute.
using Queues = std::map<std::string, std::vector<double>>;

Queues queues_of(const model::System& system, const Outline& outline, model::Level level, std::uint64_t seed,
                 int replication, std::stop_token stop);

/// What waits beyond the usual from `at` on. A hundredth of the most, and one item, are noise. `bytes`: of an
/// item, by component; none where left out.
Backlog backlog_of(const Queues& with, const Queues& usual, model::Duration at, model::Duration length,
                   model::Duration horizon, const std::map<std::string, double>& bytes = {});

/// When all workloads together ask for most, relative to what each asks for on average; in the first day.
model::Duration busiest_moment(const model::Scenario& scenario);

}  // namespace headroom::sim
