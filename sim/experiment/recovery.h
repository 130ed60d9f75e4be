#pragma once
// What is lost with a node, a disk, a zone or a region, and how long it takes to be as it was: the scenario's
// section `recovery`, as figures.
//
// Recovery point. A copy that follows has a record F after it came into being (its freshness there). Where a
// loss comes x after a record, the record is lost if F > x: of records that are older than the 99th
// percentile of F, 99 of 100 are safe. A copy taken every S is behind by a time between 0 and S more.
//
// Recovery time. The component is gone for D = detection + failover + what it holds / the rate at which that
// is read back; what comes in that time waits, and is worked off with what is left of the capacity. The copy
// that stands in is taken to be as fast as what it replaces.

#include "sim/experiment/backlog.h"
#include "sim/experiment/run.h"
#include "sim/experiment/summary.h"

#include <map>
#include <stop_token>

namespace headroom::sim {

/// One component of an entry of the section.
struct Recovered {
    const model::Recovery* recovery = nullptr;
    const Outline::Component* component = nullptr;
    model::Duration down;              ///< D
    std::vector<std::size_t> streams;  ///< classes of records that come to it
};
std::vector<Recovered> recovered(const model::Scenario& scenario, const model::System& system,
                                 const Outline& outline, const Billing& billing);

model::FigureKey recovery_time_key(const Recovered& recovered);
model::FigureKey recovery_point_key(const Subject& subject, const Recovered& recovered, std::size_t stream);

/// When the losses are taken to come: at the busiest moment of the first day, but not while all is empty.
model::Duration moment_of_loss(const model::Scenario& scenario);

/// Of the component and of those behind it, where what waits for it goes through.
Queues queues_behind(const Subject& subject, const Recovered& recovered, const Queues& queues);

/// Closed forms of the figures; NaN where there is none.
/// Time: D / (1 - u), where u is the utilisation of the busiest station that what waits goes through.
/// Point: the ages of records in the copy lie around its mean freshness at each moment of the horizon, as
/// far apart as what gathers on the way goes on (root of the sum of squares of the intervals). Failures that
/// cut the way off, f of them a second, each T long, add those that fall behind by more than x: where records
/// come at r times their mean rate and use a share u of the capacity, a share r f (T - x) / (1 - u) of all.
std::map<model::FigureKey, double> recovery_forms(const Subject& subject);

/// Adds the figures, simulated and in closed form, of a run that has been summed up, and notes of what is not
/// known. Recovery times are simulated beside a run in which nothing fails, with the same random numbers, for
/// three of the replications at the most.
void add_recovery(const Subject& subject, const RunOptions& options, std::stop_token stop,
                  model::RunResult& result);

}  // namespace headroom::sim
