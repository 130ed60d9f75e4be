#pragma once
// What the record level teaches about one station: it simulates the station alone under one load.

#include "model/system/system.h"
#include "sim/stations/flow/quantiles.h"
#include "sim/stations/flow/station.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace headroom::sim::flow {

/// A station alone under one load. Everything here decides the answer and nothing else does, so that an
/// answer can be kept and given again, in this run or another.
struct Question {
    model::Primitive primitive;
    std::vector<double> sizes;              ///< by class, bytes
    std::vector<double> rates;              ///< by class, arrivals a second
    std::vector<model::Distribution> gaps;  ///< by class: shape of the gaps between arrivals, mean 1
    std::vector<ClosedVisitors> closed;
    double visits = 0;          ///< that are simulated
    int variant = 0;            ///< answers of other variants come from other random numbers
    Peers peers = {};           ///< the station is one of several
    model::BulkSize bulk = {};  ///< of arrivals that come together
    std::vector<model::ModulatedState> states = {};  ///< of the source, at a mean rate of 1

    /// Of a queue of which only `left` of the servers are there, in the time of the whole: they are faster,
    /// and closed visitors come back sooner.
    void leave(int left, int servers);
};

struct Lesson {
    std::vector<Quantiles> waiting, response;  ///< by class
    std::vector<double> rejected, expired;     ///< by class, share of arrivals
    std::vector<double> rate;                  ///< by class, departures a second
    double utilisation = 0;
    double present = 0, most = 0;  ///< items: mean, and the most at any time
};

/// The bytes that a question is known by, equal for equal questions to the same record level.
std::string key_of(const Question& question);
/// The question alone, by which its random numbers are keyed: other code for the record level draws the same.
std::string bytes_of(const Question& question);

/// From memory, else from the cache on disk, else by simulation; then it is kept in both. Safe to call from
/// several threads. After a stop the answer means nothing and is not kept.
std::shared_ptr<const Lesson> lesson_for(const Question& question, std::stop_token stop = {});

}  // namespace headroom::sim::flow
