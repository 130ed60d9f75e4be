#include "model/system/lru.h"

#include <bit>
#include <cmath>
#include <vector>

namespace headroom::model {

namespace {

constexpr double most_summed = 12;  // keys: 4,096 sets

std::vector<double> popularities(const Popularity& popularity) {
    std::vector<double> of;
    double sum = 0;
    for (double rank = 1; rank <= popularity.keys; ++rank) {
        of.push_back(std::pow(rank, -popularity.exponent));
        sum += of.back();
    }
    for (double& one : of) one /= sum;
    return of;
}

}  // namespace

// The keys that were asked for last are drawn like a sample without replacement: a set of n + 1 of them is
// one of n and another key, by the popularity of that among the rest.
std::optional<double> exact_hits(const Cache& cache) {
    if (std::isfinite(cache.life.value()) || cache.refill.value() > 0) return {};
    if (cache.capacity >= cache.popularity.keys) return 1;
    if (cache.popularity.exponent == 0) return cache.capacity / cache.popularity.keys;
    if (cache.popularity.keys > most_summed) return {};
    const std::vector<double> asked = popularities(cache.popularity);
    std::vector<double> chance(std::size_t{1} << asked.size(), 0.0);
    chance[0] = 1;
    double hits = 0;
    for (std::size_t set = 0; set < chance.size(); ++set) {
        const auto held = static_cast<double>(std::popcount(set));
        if (held > cache.capacity) continue;
        double inside = 0;
        for (std::size_t k = 0; k < asked.size(); ++k)
            if (set >> k & 1) inside += asked[k];
        if (held == cache.capacity) hits += chance[set] * inside;
        for (std::size_t k = 0; k < asked.size(); ++k)
            if (!(set >> k & 1)) chance[set | std::size_t{1} << k] += chance[set] * asked[k] / (1 - inside);
    }
    return hits;
}

}  // namespace headroom::model
