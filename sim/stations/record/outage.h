#pragma once
// Servers that fail and come back. Logs and shared processors slow down by what is gone and lose no work;
// queues in order lose servers, with the work in service on them; batches wait for a writer. Part of run.cpp.

#include "sim/stations/record/network.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim::record {

inline void Network::change_capacity(std::uint32_t timer) {
    for (; next_change_ < changes_.size() && changes_[next_change_].time <= now_; ++next_change_) {
        const CapacityChange& change = changes_[next_change_];
        Node& node = nodes_[static_cast<std::size_t>(change.station)];
        node.occupancy.advance(now_);
        if (node.kind == Kind::ranked) {
            change_servers(node, rankeds_[node.detail], change);
        } else if (node.kind == Kind::sharing) {
            Sharing& sharing = sharings_[node.detail];
            sharing.settle(now_, node);
            node.servers = node.nominal * change.capacity;
            node.occupancy.busy = std::min(sharing.admitted, node.servers);
            sharing.armed = std::numeric_limits<double>::infinity();
            rearm(node, sharing);
        } else if (node.kind == Kind::log) {
            Log& log = logs_[node.detail];
            log.speed = change.capacity;
            for (std::size_t c = 0; log.speed > 0 && c < log.consumers.size(); ++c)
                if (log.consumers[c].stalled) consume(node, log, static_cast<std::uint32_t>(c));
        } else if (node.kind == Kind::batch) {
            Batching& batching = batchings_[node.detail];
            node.servers = std::ceil(node.nominal * change.capacity);
            while (node.occupancy.busy < node.servers && !batching.pending.empty()) commit(node, batching);
        }
    }
    if (next_change_ < changes_.size()) events_.push(changes_[next_change_].time, timer);
}

/// Where a fraction of a server is left, as many servers as are needed for it run at an equal part of their
/// speed.
inline void Network::change_servers(Node& node, Ranked& ranked, const CapacityChange& change) {
    const double left = node.nominal * change.capacity;
    const double servers = std::ceil(left - 1e-9 * node.nominal);
    ranked.settle(now_, node.occupancy.population);
    // Any server may be among those that fail, busy or idle.
    for (double up = node.servers; up > servers; --up)
        if (failing_.uniform() * up < node.occupancy.busy) interrupt(node, ranked, change.work);
    node.servers = servers;
    if (node.servers > 0) ranked.health = std::min(1.0, left / node.servers);
    while (node.occupancy.busy + ranked.blocked < node.servers) {
        const std::uint32_t next = take_batch(ranked);
        if (next == none) break;
        node.occupancy.busy += 1;
        serve_ranked(next, ranked);
    }
    ranked.armed =
        std::numeric_limits<double>::infinity();  // whoever finishes next may do so at another time
    rearm_ranked(node, ranked);
}

/// One of those in service, all alike likely, was on a server that is gone.
inline void Network::interrupt(Node& node, Ranked& ranked, model::Interrupted work) {
    const auto count = ranked.finishes.size();
    const auto pick =
        std::min(count - 1, static_cast<std::size_t>(failing_.uniform() * static_cast<double>(count)));
    const std::uint32_t victim =
        std::next(ranked.finishes.begin(), static_cast<std::ptrdiff_t>(pick))->second;
    take_out_of_service(victim, ranked);
    node.occupancy.busy -= 1;
    // A batch that is formed anew begins anew.
    if (ranked.batch_most > 1) {
        ranked.left[victim] = -1;
    } else if (work == model::Interrupted::restart) {
        ranked.left[victim] = ranked.demand[victim];
    }
    for (std::uint32_t index = victim; index != none;) {
        const std::uint32_t other = items_[index].next;
        if (work == model::Interrupted::lose) {
            node.occupancy.population -= 1;
            ++visit_of(items_[index]).rejected;
            end(index, &Flow::lost);
        } else {
            items_[index].stage = Stage::waiting;
            ranked.room.put_back(items_, index);
        }
        index = other;
    }
    if (work == model::Interrupted::lose && node.gate != none) open_soon(gates_[node.gate]);
}

}  // namespace headroom::sim::record
