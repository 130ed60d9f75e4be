#pragma once
// Processor sharing. Part of run.cpp.

#include "sim/stations/record/network.h"

#include <algorithm>

namespace headroom::sim::record {

inline void Network::enter_sharing(std::uint32_t index, Node& node, Visit& visit) {
    if (node.occupancy.population >= node.capacity) [[unlikely]] {
        turn_away(index, node, visit);
        return;
    }
    Sharing& sharing = sharings_[node.detail];
    const bool admitted = sharing.admitted < sharing.admitted_limit;
    if (admitted || sharing.speeds.varies()) sharing.settle(now_, node);
    node.occupancy.advance(now_);
    node.occupancy.enter();
    if (admitted) {
        admit(index, node, sharing);
    } else {
        items_[index].stage = Stage::waiting;
        node.line.append(items_, index);
        if (!sharing.speeds.varies()) return;
    }
    rearm(node, sharing);
}

inline void Network::admit(std::uint32_t index, Node& node, Sharing& sharing) {
    Item& item = items_[index];
    item.stage = Stage::shared;
    item.started = now_;
    if (sharing.admitted == 0) sharing.virtual_time = 0;
    sharing.admitted += 1;
    node.occupancy.busy = std::min(sharing.admitted, node.servers);
    sharing.finishes.push(sharing.virtual_time + visit_of(item).service.next(), index);
}

/// Sets the timer to the next completion, unless it will go off before that anyway.
inline void Network::rearm(Node& node, Sharing& sharing) {
    if (sharing.admitted == 0) return;
    const double left =
        std::max(0.0, sharing.finishes.next_time() - sharing.virtual_time) / sharing.speed(node);
    if (now_ + left < sharing.armed) {
        sharing.armed = now_ + left;
        events_.push(sharing.armed, sharing.timer);
    }
}

inline void Network::share_out(std::uint32_t timer) {
    const std::uint16_t place = items_[timer].place;
    Node& node = nodes_[place];
    Sharing& sharing = sharings_[node.detail];
    if (now_ != sharing.armed) return;
    sharing.armed = std::numeric_limits<double>::infinity();
    sharing.settle(now_, node);
    node.occupancy.advance(now_);
    while (sharing.admitted > 0) {
        const double left = (sharing.finishes.next_time() - sharing.virtual_time) / sharing.speed(node);
        if (now_ + left > now_) break;  // the clock can still tell the two apart
        const std::uint32_t index = sharing.finishes.pop();
        sharing.admitted -= 1;
        node.occupancy.population -= 1;
        node.occupancy.busy = std::min(sharing.admitted, node.servers);
        if (!node.line.empty()) admit(node.line.take_first(items_), node, sharing);
        if (node.gate != none) open_soon(gates_[node.gate]);
        leave(index, visit_of(items_[index]));
    }
    rearm(node, sharing);
}

}  // namespace headroom::sim::record
