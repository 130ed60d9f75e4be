#pragma once
// Queues that pick whom to serve: last come first, at random, by priority; with preemption or without. Also
// those whose servers may fail. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_ranked(std::uint32_t index, Node& node, Visit& visit) {
    Occupancy& occupancy = node.occupancy;
    if (occupancy.population >= node.capacity) [[unlikely]] {
        reject(index, visit);
        return;
    }
    Ranked& ranked = rankeds_[node.detail];
    occupancy.advance(now_);
    occupancy.enter();
    if (ranked.holds) {
        if (ranked.left.size() <= index) ranked.left.resize(index + 1);
        ranked.left[index] = -1;
        if (ranked.demand.size() <= index) ranked.demand.resize(index + 1);
    }
    if (occupancy.busy < node.servers) {
        occupancy.busy += 1;
        serve_ranked(index, ranked);
    } else if (ranked.preemptive && preempt(index, ranked)) {
        serve_ranked(index, ranked);
    } else {
        items_[index].stage = Stage::waiting;
        ranked.put(items_, index);
    }
}

/// Makes a server free for an arrival, if it outranks one that is in service.
inline bool Network::preempt(std::uint32_t index, Ranked& ranked) {
    if (ranked.in_service.empty()) return false;  // no server is up
    const auto last = std::prev(ranked.in_service.end());
    const std::uint32_t victim = std::get<std::uint32_t>(*last);
    const bool outranks = ranked.discipline == model::Discipline::lcfs_preemptive ||
                          ranked.level_of(items_[index]) < std::get<int>(*last);
    if (!outranks) return false;
    take_out_of_service(victim, ranked);
    items_[victim].stage = Stage::waiting;
    ranked.put_back(items_, victim);
    return true;
}

/// What is left of its service is kept.
inline void Network::take_out_of_service(std::uint32_t index, Ranked& ranked) {
    ranked.in_service.erase(ranked.precedence(items_[index], index));
    ranked.finishes.erase({ranked.left[index], index});
    ranked.left[index] = (ranked.left[index] - now_) * ranked.speed;
}

inline void Network::serve_ranked(std::uint32_t index, Ranked& ranked) {
    Item& item = items_[index];
    if (!ranked.holds) {
        item.stage = Stage::ranked;
        item.started = now_;
        events_.push(now_ + visit_of(item).service.next(), index);
        return;
    }
    double& left = ranked.left[index];
    item.stage = Stage::held;
    if (left < 0) {
        item.started = now_;
        left = ranked.demand[index] = visit_of(item).service.next();
    }
    left = now_ + left / ranked.speed;
    ranked.finishes.emplace(left, index);
    ranked.in_service.insert(ranked.precedence(item, index));
    rearm_ranked(ranked);
}

/// Sets the timer to the next completion, unless it will go off before that anyway.
inline void Network::rearm_ranked(Ranked& ranked) {
    if (ranked.finishes.empty() || ranked.finishes.begin()->first >= ranked.armed) return;
    ranked.armed = ranked.finishes.begin()->first;
    events_.push(ranked.armed, ranked.timer);
}

/// A server is free again.
inline void Network::release_ranked(std::uint32_t index, Node& node, Ranked& ranked) {
    node.occupancy.advance(now_);
    node.occupancy.population -= 1;
    const std::uint32_t next = ranked.take(items_);
    if (next == none) {
        node.occupancy.busy -= 1;
    } else {
        serve_ranked(next, ranked);
    }
    leave(index, visit_of(items_[index]));
}

inline void Network::ranked_served(std::uint32_t index) {
    Node& node = nodes_[items_[index].place];
    release_ranked(index, node, rankeds_[node.detail]);
}

inline void Network::ranked_due(std::uint32_t timer) {
    Node& node = nodes_[items_[timer].place];
    Ranked& ranked = rankeds_[node.detail];
    if (now_ != ranked.armed) return;
    ranked.armed = std::numeric_limits<double>::infinity();
    while (!ranked.finishes.empty() && ranked.finishes.begin()->first <= now_) {
        const std::uint32_t index = ranked.finishes.begin()->second;
        ranked.finishes.erase(ranked.finishes.begin());
        ranked.in_service.erase(ranked.precedence(items_[index], index));
        release_ranked(index, node, ranked);
    }
    rearm_ranked(ranked);
}

}  // namespace headroom::sim::record
