#pragma once
// Specification of a cache, and what is known of its hit ratio in closed form.

#include "model/units/quantity.h"

#include <limits>
#include <vector>

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
    /// From a miss until its key is there: who asks for it meanwhile misses it as well (a stampede).
    Duration refill = {};
};

/// Closed forms of a cache's hits, for keys that are asked for independently.
/// Without a life: LRU by the characteristic time t of Che, Tung and Wang (IEEE JSAC 2002), 1 - exp(-p t) for
/// each key, with sum over the keys (1 - exp(-p t)) = capacity. With a life T and room for all that live: p
/// rate T / (1 + p rate T) for each key. Each miss makes misses of those who ask for the key while it is
/// filled in again, p rate R on average. With both, a key is dropped by whichever comes first, taken as
/// independent.
class HitRatio {
public:
    explicit HitRatio(const Cache& cache);

    /// Share of hits in the long run, with `rate` items a second (which matters only where keys have a life).
    double in_the_long_run(ItemRate rate) const {
        return after(std::numeric_limits<double>::infinity(), rate);
    }
    /// The same, of the next item when a cache that was empty has been asked `items` times: until it is full,
    /// a key is there if it was asked for at all.
    double after(double items, ItemRate rate) const;
    /// Items after which a cache that was empty is as full as it gets, about.
    double filling(ItemRate rate) const;

private:
    /// Keys of about the same popularity.
    struct Ranks {
        double count = 0, probability = 0;
    };
    double held_keys(double time, double life) const;

    std::vector<Ranks> ranks_;
    double capacity_, keys_, life_, refill_;
    double time_without_life_ = 0;
};

}  // namespace headroom::model
