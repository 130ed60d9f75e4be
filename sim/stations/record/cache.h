#pragma once
// Caches: an item asks for a key and goes on at once, one way or the other. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

inline void Network::enter_cache(std::uint32_t index, Node& node, Visit& visit) {
    Caching& caching = cachings_[node.detail];
    const bool hit = caching.cache.ask(now_);
    caching.lookups += 1;
    caching.lookups_in_bin += 1;
    if (hit) {
        caching.hits += 1;
        caching.hits_in_bin += 1;
    }
    leave_by(index, visit, hit ? 0 : 1);
}

}  // namespace headroom::sim::record
