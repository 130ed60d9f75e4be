#pragma once
// Hits of a cache in the long run, where they are known exactly.

#include "model/system/cache.h"

#include <optional>

namespace headroom::model {

/// Share of hits in the long run of a cache whose keys have no life and no refill, if it holds all keys, if
/// all keys are alike, or if there are twelve at most: the stationary law of the keys that were asked for
/// last, each once (King, IFIP Congress 1971), is then summed. Empty where only the approximation of
/// `HitRatio` is known.
std::optional<double> exact_hits(const Cache& cache);

}  // namespace headroom::model
