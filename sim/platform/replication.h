#pragma once
// One replication of a system, at either level: the same options in, the same tallies out.

#include "model/system/system.h"
#include "sim/kernel/sketch.h"
#include "sim/platform/outages.h"

#include <cstdint>
#include <limits>
#include <stop_token>
#include <string>
#include <vector>

namespace headroom::sim {

struct ReplicationOptions {
    std::uint64_t seed = 1;
    int replication = 0;
    double warm_up = 0;  ///< seconds; what happens before is simulated but not tallied
    int bins = 288;      ///< of the time series over the whole horizon
    /// Seconds; for series that are read to less than the flow level's own steps.
    double longest_step = std::numeric_limits<double>::infinity();
    std::stop_token stop;
};

/// Times of items, in seconds, after warm-up.
struct TimeTally : QuantileSketch {
    struct Stretch {
        double count = 0, sum = 0;
    };
    /// Of equal stretches of the measured time, in order: how long do neighbours resemble one another? Empty
    /// at flow level, where tracers stand for items.
    std::vector<Stretch> stretches;
};

/// One class at one station, after warm-up.
struct VisitTally {
    double arrivals = 0, departures = 0, rejected = 0, expired = 0;
    TimeTally waiting, response;  ///< of one visit; of departures
};

struct StationTally {
    std::vector<VisitTally> visits;  ///< by class
    double busy = 0;                 ///< server-seconds in service
    double capacity = 0;             ///< server-seconds available; 0: unlimited (delay, store)
    double scaled = 1;               ///< mean share of them that a BatchPool which scales itself had
    double population = 0;           ///< time integral of items present (item-seconds)
    double population_max = 0;
    double population_end = 0;      ///< present at the horizon
    double batches = 0;             ///< commits (Batch only)
    double lookups = 0, hits = 0;   ///< of a Cache
    std::vector<double> hit_ratio;  ///< of a Cache, by time bin; NaN where nothing was asked for
    /// Highest utilisation of a single server or consumer (partitioned logs: the hottest one), 0 to 1.
    double hottest = 0;
    std::vector<double> utilisation;  ///< by time bin, over the whole horizon, 0 to 1
    std::vector<double> queue;        ///< by time bin: mean items present
};

/// One class over the whole system. Counts run from time 0 for conservation; the sketch is after warm-up.
struct ClassTally {
    double arrived = 0, created = 0, completed = 0, filtered = 0, in_flight = 0, rejected = 0, lost = 0;
    double merged = 0;    ///< copies of forks that have ended, at their join or before
    double expired = 0;   ///< they waited longer than they had patience or time for
    double attempts = 0;  ///< of requests whose senders do not wait for ever, the first included
    double measured = 0;  ///< completions after warm-up
    /// From entering the system to leaving it, of items that left after warm-up. A copy, and an item that a
    /// yield above 1 creates, entered when its original did, and each counts its own leaving.
    TimeTally response;
    std::vector<double> response_bins;  ///< by time bin of the leaving: mean; NaN where none left
    std::vector<double> throughput;     ///< by time bin: completions a second
};

struct Replication {
    std::vector<ClassTally> classes;
    std::vector<StationTally> stations;
    std::vector<TimeTally> freshness;    ///< by read point: age of an item when it leaves there
    Availability availability;           ///< in the long run; all 1 where nothing fails
    double measured_time = 0;            ///< horizon - warm-up
    double items = 0;                    ///< station visits simulated, for progress and speed
    std::vector<double> warm_up_series;  ///< means of batches of 5 of the response time in order of leaving,
                                         ///< for MSER-5; at most 4,000: beyond that of 10, 20, 40 ... times
    bool stopped = false;
};

/// Every record is followed as an item, by events where they are needed. Bit-identical for equal options.
Replication simulate_records(const model::System& system, const ReplicationOptions& options);

/// Rates are fluid between changes; times are tracers drawn from each station's waiting-time law. What has no
/// fluid is followed in time-lapse (sim/platform/time_lapse.h). The cost does not depend on the rates.
/// Bit-identical for equal options.
Replication simulate_flow(const model::System& system, const ReplicationOptions& options);

/// The flow level with few steps and few tracers, for answers while a scenario is edited: milliseconds, and
/// percentiles within a few per cent. Stopped where it would take longer.
Replication sketch_flow(const model::System& system, std::uint64_t seed, std::stop_token stop = {});

/// Empty if the flow level can treat the system; otherwise a sentence that says what it cannot.
std::string flow_gap(const model::System& system);

/// Items that the record level would have to serve in one replication, for choosing the level.
double expected_visits(const model::System& system);

}  // namespace headroom::sim
