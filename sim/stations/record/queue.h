#pragma once
// First come, first served by several servers; and plain delays. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

[[gnu::always_inline]] inline void Network::enter_queue(std::uint32_t index, Node& node, Visit& visit) {
    Occupancy& occupancy = node.occupancy;
    if (occupancy.population >= node.capacity) [[unlikely]] {
        reject(index, visit);
        return;
    }
    occupancy.advance(now_);
    occupancy.enter();
    if (occupancy.busy < node.servers) {
        occupancy.busy += 1;
        serve(index, visit);
    } else {
        items_[index].stage = Stage::waiting;
        node.line.append(items_, index);
    }
}

[[gnu::always_inline]] inline void Network::serve(std::uint32_t index, Visit& visit) {
    Item& item = items_[index];
    item.stage = Stage::served;
    item.started = now_;
    events_.push(now_ + visit.service.next(), index | served_mark);
}

[[gnu::always_inline]] inline void Network::served(std::uint32_t index) {
    const Item& item = items_[index];
    Node& node = nodes_[item.place];
    Visit& visit = visits_[node.first_visit + item.item_class];
    node.occupancy.advance(now_);
    node.occupancy.population -= 1;
    if (node.line.empty()) {
        node.occupancy.busy -= 1;
    } else {
        const std::uint32_t next = node.line.take_first(items_);
        serve(next, visits_[node.first_visit + items_[next].item_class]);
    }
    leave(index, visit);
}

inline void Network::delayed(std::uint32_t index) {
    const Item& item = items_[index];
    Node& node = nodes_[item.place];
    node.occupancy.advance(now_);
    node.occupancy.population -= 1;
    leave(index, visits_[node.first_visit + item.item_class]);
}

}  // namespace headroom::sim::record
