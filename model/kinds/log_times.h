#pragma once
// How long a replicated log takes with a record where nothing queues: commit, pauses of the brokers, flushes.

#include "model/kinds/kind.h"

#include <vector>

namespace headroom::model {

/// Of all brokers together, at the peak.
struct LogLoad {
    double items = 0;  ///< a second
    double bytes = 0;  ///< a second, with what the log adds to each record
};
LogLoad peak_load(const Component& component, const std::vector<Flow>& flows, const Scenario& scenario);

bool on_local_disks(const Component& component);

/// From the append until a consumer has the record, in seconds: as declared, or by the kind of storage from
/// published measurements with the pauses of the brokers' runtimes.
Distribution commit_time(const Component& component, const InstanceType& instance, const LogLoad& load);

/// What a record waits for its producer beyond the last part of `linger`, the one in which the records of one
/// producer come to the brokers together: who finds others there waits for the rest of their time, the first
/// for all of it. `rate`: records of all producers a second.
Distribution stagger_time(double linger, double producers, double rate);

/// Leader and follower each flush a record before the next step. A broker flushes its partitions in turn, so
/// many at a time as it has vCPUs: a record waits anything up to a round, then takes a flush of its own. A
/// round is as long as the flushes of those partitions for which something has come in its time.
Distribution flush_time(const Component& component, const LogLoad& load, double vcpus);

}  // namespace headroom::model
