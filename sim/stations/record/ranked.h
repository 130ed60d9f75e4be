#pragma once
// Queues that pick whom to serve (last come first, at random, by priority, with preemption or without), whose
// speed depends on the number present, that serve batches, at which waiting ends when patience does, or whose
// servers may fail. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_ranked(std::uint32_t index, Node& node, Visit& visit) {
    Occupancy& occupancy = node.occupancy;
    if (occupancy.population >= node.capacity) [[unlikely]] {
        turn_away(index, node, visit);
        return;
    }
    Ranked& ranked = rankeds_[node.detail];
    ranked.settle(now_, occupancy.population);
    occupancy.advance(now_);
    occupancy.enter();
    if (ranked.held) {
        if (ranked.left.size() <= index) ranked.left.resize(index + 1);
        ranked.left[index] = -1;
        if (ranked.demand.size() <= index) ranked.demand.resize(index + 1);
    }
    if (!ranked.patience.empty()) {
        if (ranked.quits.size() <= index) ranked.quits.resize(index + 1);
        ranked.quits[index] = none;
    }
    items_[index].next = none;
    const bool free = occupancy.busy + ranked.blocked < node.servers;
    if (free && ranked.batch_most == 1) {
        occupancy.busy += 1;
        serve_ranked(index, ranked);
    } else if (ranked.preemptive && preempt(index, ranked)) {
        serve_ranked(index, ranked);
    } else {
        items_[index].stage = Stage::waiting;
        ranked.room.put(items_, index);
        const std::uint32_t first = free ? take_batch(ranked) : none;
        if (first != none) {
            occupancy.busy += 1;
            serve_ranked(first, ranked);
        }
        if (!ranked.patience.empty() && items_[index].stage == Stage::waiting) wait_patiently(index, ranked);
    }
    if (ranked.held) rearm_ranked(node, ranked);
}

/// Makes a server free for an arrival, if it outranks one that is in service.
inline bool Network::preempt(std::uint32_t index, Ranked& ranked) {
    if (ranked.in_service.empty()) return false;  // no server is up, or all keep blocked items
    const auto last = std::prev(ranked.in_service.end());
    const std::uint32_t victim = std::get<std::uint32_t>(*last);
    if (!ranked.last_first && ranked.room.level_of(items_[index]) >= std::get<int>(*last)) return false;
    take_out_of_service(victim, ranked);
    items_[victim].stage = Stage::waiting;
    ranked.room.put_back(items_, victim);
    return true;
}

/// What is left of its service is kept.
inline void Network::take_out_of_service(std::uint32_t index, Ranked& ranked) {
    if (ranked.preemptive) ranked.in_service.erase(ranked.precedence(items_[index], index));
    ranked.finishes.erase({ranked.left[index], index});
    ranked.left[index] -= ranked.clock(now_);
}

inline void Network::serve_ranked(std::uint32_t index, Ranked& ranked) {
    Item& item = items_[index];
    if (!ranked.held) {
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
    left += ranked.clock(now_);
    ranked.finishes.emplace(left, index);
    if (ranked.preemptive) ranked.in_service.insert(ranked.precedence(item, index));
}

/// Whom a free server takes: the first of a batch, linked through Item::next; `none` if too few wait.
inline std::uint32_t Network::take_batch(Ranked& ranked) {
    if (ranked.room.size() < ranked.batch_least) return none;
    const auto take = [&] {
        const std::uint32_t index = ranked.room.take(items_);
        items_[index].next = none;
        if (!ranked.patience.empty()) ranked.quits[index] = none;
        return index;
    };
    const std::uint32_t first = take();
    std::uint32_t last = first;
    for (std::size_t n = 1; n < ranked.batch_most && ranked.room.size() > 0; ++n) {
        const std::uint32_t index = take();
        items_[index].stage = Stage::accompanying;
        items_[index].started = now_;
        items_[last].next = index;
        last = index;
    }
    return first;
}

/// Sets the timer to the next completion, unless it will go off before that anyway.
inline void Network::rearm_ranked(Node& node, Ranked& ranked) {
    if (ranked.finishes.empty()) return;
    const double due = ranked.due(ranked.finishes.begin()->first, now_, node.occupancy.population);
    if (due >= ranked.armed) return;
    ranked.armed = due;
    events_.push(due, ranked.timer);
}

/// A service is done: the server takes the next batch.
inline void Network::release_ranked(std::uint32_t index, Node& node, Ranked& ranked) {
    if (visit_of(items_[index]).held) {
        release_held(index, node, ranked);
        return;
    }
    node.occupancy.advance(now_);
    for (std::uint32_t i = index; i != none; i = items_[i].next) node.occupancy.population -= 1;
    const std::uint32_t next = take_batch(ranked);
    if (next == none) {
        node.occupancy.busy -= 1;
    } else {
        serve_ranked(next, ranked);
    }
    if (node.gate != none) open_soon(gates_[node.gate]);
    while (index != none) {
        const std::uint32_t other = items_[index].next;  // before the item goes where it may be released
        leave(index, visit_of(items_[index]));
        index = other;
    }
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
    ranked.settle(now_, node.occupancy.population);
    while (!ranked.finishes.empty()) {
        const auto [finish, index] = *ranked.finishes.begin();
        if (ranked.due(finish, now_, node.occupancy.population) > now_) break;
        ranked.finishes.erase(ranked.finishes.begin());
        if (ranked.preemptive) ranked.in_service.erase(ranked.precedence(items_[index], index));
        release_ranked(index, node, ranked);
    }
    rearm_ranked(node, ranked);
}

inline void Network::wait_patiently(std::uint32_t index, Ranked& ranked) {
    auto& patience = ranked.patience[items_[index].item_class];
    if (!patience) return;
    const std::uint32_t timer = make_timer(Stage::patience, items_[index].place, index);
    ranked.quits[index] = timer;
    events_.push(now_ + patience->next(), timer);
}

/// Patience is at its end; in vain if the item waits no more.
inline void Network::quit(std::uint32_t timer) {
    const std::uint32_t index = items_[timer].next;
    Node& node = nodes_[items_[timer].place];
    items_.release(timer);
    if (rankeds_[node.detail].quits[index] != timer) return;
    take_from_line(index, node);
    expire(index, visit_of(items_[index]));
}

/// Who waits at a queue goes away before its service. False if it does not wait there.
inline bool Network::take_from_line(std::uint32_t index, Node& node) {
    if (node.kind == Kind::ranked) {
        Ranked& ranked = rankeds_[node.detail];
        ranked.settle(now_, node.occupancy.population);
        ranked.room.remove(items_, index);
        if (!ranked.patience.empty()) ranked.quits[index] = none;
    } else if (node.kind == Kind::fcfs || node.kind == Kind::sharing) {
        if (!node.line.remove(items_, index)) return false;
        if (node.kind == Kind::sharing) sharings_[node.detail].settle(now_, node);
    } else {
        return false;
    }
    node.occupancy.advance(now_);
    node.occupancy.population -= 1;
    if (node.kind == Kind::ranked && rankeds_[node.detail].held) rearm_ranked(node, rankeds_[node.detail]);
    if (node.kind == Kind::sharing) rearm(node, sharings_[node.detail]);
    if (node.gate != none) open_soon(gates_[node.gate]);
    return true;
}

}  // namespace headroom::sim::record
