#pragma once
// Token buckets. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_limiter(std::uint32_t index, Node& node, Visit& visit) {
    Limiting& limiting = limitings_[node.detail];
    limiting.refill(now_);
    if (node.line.empty() && limiting.tokens >= limiting.cost_of(items_[index])) {
        let_pass(index, node, limiting, visit);
        return;
    }
    if (limiting.excess == model::Limiter::Excess::divert) {
        leave_by(index, visit, 1);
        return;
    }
    if (limiting.excess == model::Limiter::Excess::drop || node.occupancy.population >= node.capacity) {
        reject(index, visit);
        return;
    }
    node.occupancy.advance(now_);
    node.occupancy.enter();
    items_[index].stage = Stage::waiting;
    const bool first = node.line.empty();
    node.line.append(items_, index);
    if (first)
        events_.push(now_ + (limiting.cost_of(items_[index]) - limiting.tokens) / limiting.rate,
                     limiting.timer);
}

/// Takes the item's tokens. The tokens that are used are the limiter's work: used / gained is its
/// utilisation.
inline void Network::let_pass(std::uint32_t index, Node& node, Limiting& limiting, Visit& visit) {
    const double cost = limiting.cost_of(items_[index]);
    limiting.tokens -= cost;
    node.occupancy.busy_integral += cost / limiting.rate;
    if (limiting.excess == model::Limiter::Excess::divert) {
        leave_by(index, visit, 0);
        return;
    }
    items_[index].started = now_;
    leave(index, visit);
}

/// The first of those that wait has its tokens.
inline void Network::refilled(std::uint32_t timer) {
    Node& node = nodes_[items_[timer].place];
    Limiting& limiting = limitings_[node.detail];
    const std::uint32_t index = node.line.take_first(items_);
    limiting.refill(now_);
    // Not a rounding error less than was waited for.
    limiting.tokens = std::max(limiting.tokens, limiting.cost_of(items_[index]));
    node.occupancy.advance(now_);
    node.occupancy.population -= 1;
    if (!node.line.empty()) {
        const double left = limiting.tokens - limiting.cost_of(items_[index]);
        const double next = limiting.cost_of(items_[node.line.head]);
        events_.push(now_ + std::max(0.0, next - left) / limiting.rate, timer);
    }
    let_pass(index, node, limiting, visit_of(items_[index]));
}

}  // namespace headroom::sim::record
