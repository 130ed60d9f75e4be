#pragma once
// Independent pieces of work over threads.

#include <cstddef>
#include <functional>
#include <stop_token>

namespace headroom::sim {

/// Calls `work` once for every index below `count`, on `threads` threads (0: as many as the machine has), and
/// `watch` with the number of finished ones, from the calling thread, about ten times a second. Begins none
/// after a request to stop; what a piece throws is thrown again when the others have ended.
void for_each_index(std::size_t count, int threads, std::stop_token stop,
                    const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t finished)>& watch = {});

}  // namespace headroom::sim
