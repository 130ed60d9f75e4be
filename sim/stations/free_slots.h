#pragma once
// Slots of nodes that are free, the least loaded node first.

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace headroom::sim {

class FreeSlots {
public:
    FreeSlots(std::uint32_t nodes, std::uint32_t per_node) : per_node_(per_node), free_(nodes) {
        for (std::uint32_t node = 0; node < nodes; ++node) {
            for (std::uint32_t s = per_node; s-- > 0;) free_[node].push_back(node * per_node + s);
            list(node);
        }
    }

    bool empty() const { return order_.empty(); }

    /// Of the node with the most free slots; of several, of the last.
    std::uint32_t take() {
        const std::uint32_t node = ~order_.begin()->second;
        order_.erase(order_.begin());
        const std::uint32_t slot = free_[node].back();
        free_[node].pop_back();
        list(node);
        return slot;
    }
    void give(std::uint32_t slot) {
        const std::uint32_t node = slot / per_node_;
        unlist(node);
        free_[node].push_back(slot);
        list(node);
    }
    /// None of the node's slots is to be had until it is given again.
    void withdraw(std::uint32_t node) {
        unlist(node);
        free_[node].clear();
    }

private:
    std::pair<std::uint32_t, std::uint32_t> rank(std::uint32_t node) const {
        return {per_node_ - static_cast<std::uint32_t>(free_[node].size()), ~node};
    }
    void list(std::uint32_t node) {
        if (!free_[node].empty()) order_.insert(rank(node));
    }
    void unlist(std::uint32_t node) {
        if (!free_[node].empty()) order_.erase(rank(node));
    }

    std::uint32_t per_node_;
    std::vector<std::vector<std::uint32_t>> free_;  ///< by node
    std::set<std::pair<std::uint32_t, std::uint32_t>>
        order_;  ///< by slots at work; of the node, the complement
};

}  // namespace headroom::sim
