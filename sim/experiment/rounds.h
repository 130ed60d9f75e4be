#pragma once
// Replications over threads, a round at a time. What a round holds is fixed before it starts, so that the
// number of threads never changes a result.

#include "sim/platform/replication.h"

#include <chrono>
#include <functional>

namespace headroom::sim {

class Rounds {
public:
    using Simulate = std::function<Replication(int replication, std::stop_token stop)>;
    /// Called from the thread that runs rounds, about ten times a second, with the replications done so far.
    using Watch = std::function<void(const std::vector<Replication>& done, double fraction_of_round)>;

    Rounds(Simulate simulate, int threads, std::stop_token stop);

    /// Adds replications up to `count` in all. Afterwards done() holds them in order, fewer if stopped.
    void run_to(int count, const Watch& watch);

    const std::vector<Replication>& done() const { return done_; }
    std::vector<Replication>& done() { return done_; }
    bool stopped() const { return stop_.stop_requested(); }

private:
    Simulate simulate_;
    int threads_;
    std::stop_token stop_;
    std::vector<Replication> done_;
};

}  // namespace headroom::sim
