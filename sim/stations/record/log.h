#pragma once
// Partitioned logs: each consumer serves one record at a time, from its own partitions, once it has polled
// them. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_log(std::uint32_t index, Node& node) {
    Log& log = logs_[node.detail];
    const std::size_t chosen = log.choose_consumer();
    Consumer& consumer = log.consumers[chosen];
    node.occupancy.advance(now_);
    node.occupancy.enter();
    items_[index].stage = Stage::waiting;
    consumer.line.append(items_, index);
    if (!consumer.occupied) consume(node, log, static_cast<std::uint32_t>(chosen));
}

/// The first record of the line that is still kept is next: now, or when its poll comes.
inline void Network::consume(Node& node, Log& log, std::uint32_t chosen) {
    Consumer& consumer = log.consumers[chosen];
    consumer.occupied = true;
    consumer.stalled = log.speed <= 0;
    if (consumer.stalled) return;
    while (!consumer.line.empty()) {
        const double ready = log.poll_after(consumer, items_[consumer.line.head].arrived);
        if (ready > now_) {
            events_.push(ready, consumer.timer);
            return;
        }
        const std::uint32_t index = consumer.line.take_first(items_);
        Item& item = items_[index];
        node.occupancy.advance(now_);
        if (now_ - item.arrived > log.retention) [[unlikely]] {
            node.occupancy.population -= 1;
            ++visit_of(item).rejected;
            end(index, &Flow::lost);
            continue;
        }
        item.stage = Stage::consumed;
        item.started = now_;
        item.next = chosen;
        node.occupancy.busy += 1;
        consumer.busy = true;
        consumer.since = now_;
        events_.push(now_ + visit_of(item).service.next() / log.speed, index);
        return;
    }
    consumer.occupied = false;
}

inline void Network::polled(std::uint32_t timer) {
    Node& node = nodes_[items_[timer].place];
    consume(node, logs_[node.detail], items_[timer].next);
}

inline void Network::consumed(std::uint32_t index) {
    const Item& item = items_[index];
    Node& node = nodes_[item.place];
    Log& log = logs_[node.detail];
    const std::uint32_t chosen = item.next;
    Consumer& consumer = log.consumers[chosen];
    Visit& visit = visits_[node.first_visit + item.item_class];
    node.occupancy.advance(now_);
    node.occupancy.population -= 1;
    node.occupancy.busy -= 1;
    consumer.busy_time += now_ - consumer.since;
    consumer.busy = false;
    consumer.occupied = false;
    if (!consumer.line.empty()) consume(node, log, chosen);
    leave(index, visit);
}

}  // namespace headroom::sim::record
