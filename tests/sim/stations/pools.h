#pragma once
// Batch pools for tests.

#include "model/system/system.h"

#include <utility>
#include <vector>

namespace headroom::test {

inline const model::Distribution ten_seconds = model::Distribution::constant(10);

/// A pool for jobs of one kind.
inline model::BatchPool pool_of(int nodes, int width, std::vector<model::TaskStage> stages) {
    model::BatchPool pool;
    pool.nodes = nodes;
    pool.slots_per_node = width;
    pool.jobs = {std::move(stages)};
    return pool;
}

}  // namespace headroom::test
