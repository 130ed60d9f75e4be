#pragma once
// Batch pools: a job waits for slots and runs as its tasks do. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_pool(std::uint32_t index, Node& node) {
    Pooling& pooling = poolings_[node.detail];
    node.occupancy.advance(now_);
    node.occupancy.enter();
    items_[index].stage = Stage::pooled;
    pooling.pool.submit(now_, index, items_[index].item_class);
    rearm_pool(pooling);
}

/// Sets the timer to the pool's next event, unless it will go off before that anyway.
inline void Network::rearm_pool(Pooling& pooling) {
    const double next = pooling.pool.next_time();
    if (next >= pooling.armed) return;
    pooling.armed = next;
    events_.push(next, pooling.timer);
}

inline void Network::play_pool(std::uint32_t timer) {
    Node& node = nodes_[items_[timer].place];
    Pooling& pooling = poolings_[node.detail];
    if (now_ != pooling.armed) return;
    pooling.armed = std::numeric_limits<double>::infinity();
    node.occupancy.advance(now_);
    pooling.finished.clear();
    pooling.pool.play(now_, pooling.finished);
    node.occupancy.busy = pooling.pool.busy();
    node.occupancy.population -= static_cast<double>(pooling.finished.size());
    rearm_pool(pooling);
    // Those that leave may come back here at once.
    const std::vector<JobPool::Finished> finished = std::move(pooling.finished);
    for (const JobPool::Finished& job : finished) {
        items_[job.job].started = job.started;
        leave(job.job, visit_of(items_[job.job]));
    }
}

}  // namespace headroom::sim::record
