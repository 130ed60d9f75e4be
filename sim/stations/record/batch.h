#pragma once
// Batches that gather by number, bytes or age, and are committed whole. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_batch(std::uint32_t index, Node& node, Visit& visit) {
    Batching& batching = batchings_[node.detail];
    node.occupancy.advance(now_);
    node.occupancy.enter();
    items_[index].stage = Stage::waiting;
    if (node.line.empty()) {
        batching.opened = now_;
        if (!batching.armed && batching.max_wait < std::numeric_limits<double>::infinity()) {
            batching.armed = true;
            events_.push(now_ + batching.max_wait, batching.timer);
        }
    }
    node.line.append(items_, index);
    batching.items += 1;
    batching.bytes += visit.size;
    if (batching.items >= batching.max_items || batching.bytes >= batching.max_bytes)
        close_batch(node, batching);
}

/// One timer serves all batches: if its batch was closed meanwhile, it is set again for the one that gathers.
inline void Network::waited(std::uint32_t timer) {
    Node& node = nodes_[items_[timer].place];
    Batching& batching = batchings_[node.detail];
    batching.armed = false;
    if (node.line.empty()) return;
    const double due = batching.opened + batching.max_wait;
    if (due > now_) {
        batching.armed = true;
        events_.push(due, timer);
        return;
    }
    close_batch(node, batching);
}

inline void Network::close_batch(Node& node, Batching& batching) {
    batching.pending.push_back({node.line.head, batching.bytes});
    node.line = {};
    batching.items = 0;
    batching.bytes = 0;
    if (node.occupancy.busy < node.servers) commit(node, batching);
}

inline void Network::commit(Node& node, Batching& batching) {
    const Batching::Pending batch = batching.pending.front();
    batching.pending.pop_front();
    node.occupancy.advance(now_);
    node.occupancy.busy += 1;
    for (std::uint32_t i = batch.head; i != none; i = items_[i].next) items_[i].started = now_;
    items_[batch.head].stage = Stage::committed;
    events_.push(now_ + batching.fixed.next() + batch.bytes / batching.rate, batch.head);
}

inline void Network::committed(std::uint32_t index) {
    const std::uint16_t place = items_[index].place;
    Node& node = nodes_[place];
    Batching& batching = batchings_[node.detail];
    node.occupancy.advance(now_);
    node.occupancy.busy -= 1;
    batching.commits += 1;
    for (std::uint32_t i = index; i != none; i = items_[i].next) node.occupancy.population -= 1;
    if (!batching.pending.empty() && node.occupancy.busy < node.servers) commit(node, batching);
    while (index != none) {
        const std::uint32_t next = items_[index].next;  // before the item goes where it may be released
        leave(index, visit_of(items_[index]));
        index = next;
    }
}

}  // namespace headroom::sim::record
