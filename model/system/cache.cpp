#include "model/system/cache.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace headroom::model {

namespace {

/// Keys of about the same popularity.
struct Ranks {
    double count = 0, probability = 0;
};

/// The first two hundred ranks singly, the others in groups three hundredths wide with the mean of their
/// weights.
std::vector<Ranks> ranks_of(const Popularity& popularity) {
    const double power = 1 - popularity.exponent;
    const auto integral = [&](double x) {
        return std::abs(power) < 1e-9 ? std::log(x) : std::pow(x, power) / power;
    };
    std::vector<Ranks> ranks;
    double sum = 0;
    for (double from = 1; from <= popularity.keys;) {
        const double to = from <= 200 ? from : std::min(popularity.keys, std::floor(from * 1.03));
        const double count = to - from + 1;
        const double weight = count == 1 ? std::pow(from, -popularity.exponent)
                                         : (integral(to + 0.5) - integral(from - 0.5)) / count;
        ranks.push_back({count, weight});
        sum += weight * count;
        from = to + 1;
    }
    for (Ranks& rank : ranks) rank.probability /= sum;
    return ranks;
}

/// Of a key that is asked for `asked` times in the characteristic time, and `lives` times in its life: the
/// share of time that it is held, which is also the share of hits, as who asks finds the time's average. A
/// key is held until no request has come for the characteristic time, or its life is over.
double held(double asked, double lives) {
    if (std::isinf(lives)) return -std::expm1(-asked);
    if (std::isinf(asked)) return lives / (1 + lives);
    // Hits per miss: those that come before a gap longer than the characteristic time, and within the life.
    // The time from the miss to that gap's beginning has mean (exp(a) - 1) / rate; exponential, as is nearly
    // so.
    const double until_gap = std::expm1(std::min(asked, 600.0));
    const double hits = until_gap * -std::expm1(-lives / until_gap);
    return hits / (1 + hits);
}

}  // namespace

double hit_ratio(const Cache& cache, ItemRate rate) {
    const std::vector<Ranks> ranks = ranks_of(cache.popularity);
    const double life = cache.life.value() * rate.value();  // in items
    const auto lives = [&](const Ranks& rank) {
        return std::isinf(cache.life.value()) ? cache.life.value() : rank.probability * life;
    };
    const auto held_keys = [&](double time) {
        double sum = 0;
        for (const Ranks& rank : ranks) sum += rank.count * held(rank.probability * time, lives(rank));
        return sum;
    };
    double time = std::numeric_limits<double>::infinity();  // in items
    if (held_keys(time) > cache.capacity && cache.capacity < cache.popularity.keys) {
        double low = 0, high = 1;
        while (held_keys(high) < cache.capacity && high < 1e300) low = high, high *= 2;
        for (int i = 0; i < 60 && high - low > 1e-9 * high; ++i) {
            const double middle = (low + high) / 2;
            (held_keys(middle) < cache.capacity ? low : high) = middle;
        }
        time = (low + high) / 2;
    }
    double hits = 0;
    for (const Ranks& rank : ranks)
        hits += rank.count * rank.probability * held(rank.probability * time, lives(rank));
    return std::clamp(hits, 0.0, 1.0);
}

}  // namespace headroom::model
