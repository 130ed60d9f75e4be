#pragma once
// Specification of a cache, and what is known of its hit ratio in closed form.

#include "model/units/quantity.h"

#include <limits>

namespace headroom::model {

/// How often each of the keys is asked for: the key of rank i with a probability in proportion to i^-exponent
/// (Zipf's law; 0: all alike), independently of what was asked before.
struct Popularity {
    double keys = 1;  ///< a whole number
    double exponent = 1;
};

/// Every item asks for one key. A hit takes the first branch of its route, a miss the second and puts the key
/// into the cache. A full cache drops the key that was asked for least recently.
struct Cache {
    double capacity = 1;  ///< keys that it holds, a whole number
    Popularity popularity;
    Duration life{
        std::numeric_limits<double>::infinity()};  ///< after which a key is dropped, counted from its miss
    bool warm = false;  ///< holds the most popular keys at the start, instead of none
};

/// Share of hits in the long run, with `rate` items a second (which matters only where keys have a life).
/// Without a life: LRU by the characteristic time t of Che, Tung and Wang (IEEE JSAC 2002), 1 - exp(-p t) for
/// each key, with sum over the keys (1 - exp(-p t)) = capacity. With a life T and room for all that live: p
/// rate T / (1 + p rate T) for each key. With both, a key is dropped by whichever comes first, taken as
/// independent.
double hit_ratio(const Cache& cache, ItemRate rate);

}  // namespace headroom::model
