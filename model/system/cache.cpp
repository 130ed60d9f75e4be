#include "model/system/cache.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

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

/// Items that come in a life, which may be endless.
double in_items(double life, ItemRate rate) { return std::isinf(life) ? life : life * rate.value(); }

}  // namespace

// The first two hundred ranks singly, the others in groups three hundredths wide with the mean of their
// weights.
HitRatio::HitRatio(const Cache& cache)
    : capacity_(cache.capacity),
      keys_(cache.popularity.keys),
      life_(cache.life.value()),
      refill_(cache.refill.value()) {
    const double power = 1 - cache.popularity.exponent;
    const auto integral = [&](double x) {
        return std::abs(power) < 1e-9 ? std::log(x) : std::pow(x, power) / power;
    };
    double sum = 0;
    for (double from = 1; from <= keys_;) {
        const double to = from <= 200 ? from : std::min(keys_, std::floor(from * 1.03));
        const double count = to - from + 1;
        const double weight = count == 1 ? std::pow(from, -cache.popularity.exponent)
                                         : (integral(to + 0.5) - integral(from - 0.5)) / count;
        ranks_.push_back({count, weight});
        sum += weight * count;
        from = to + 1;
    }
    for (Ranks& rank : ranks_) rank.probability /= sum;
    time_without_life_ = std::isinf(life_) ? filling(per_second(1)) : 0;
}

double HitRatio::held_keys(double time, double life) const {
    double sum = 0;
    for (const Ranks& rank : ranks_)
        sum += rank.count * held(rank.probability * time, std::isinf(life) ? life : rank.probability * life);
    return sum;
}

double HitRatio::filling(ItemRate rate) const {
    if (time_without_life_ > 0) return time_without_life_;
    const double life = in_items(life_, rate);
    const double infinite = std::numeric_limits<double>::infinity();
    if (capacity_ >= keys_ || held_keys(infinite, life) <= capacity_) return infinite;
    double low = 0, high = 1;
    while (held_keys(high, life) < capacity_ && high < 1e300) low = high, high *= 2;
    for (int i = 0; i < 60 && high - low > 1e-9 * high; ++i) {
        const double middle = (low + high) / 2;
        (held_keys(middle, life) < capacity_ ? low : high) = middle;
    }
    return (low + high) / 2;
}

double HitRatio::after(double items, ItemRate rate) const {
    const double time = std::min(items, filling(rate)), life = in_items(life_, rate);
    const double refill = refill_ > 0 ? refill_ * rate.value() : 0;
    double hits = 0;
    for (const Ranks& rank : ranks_) {
        const double there = held(rank.probability * time, std::isinf(life) ? life : rank.probability * life);
        const double meanwhile = std::min(there, (1 - there) * rank.probability * refill);
        hits += rank.count * rank.probability * (there - meanwhile);
    }
    return std::clamp(hits, 0.0, 1.0);
}

}  // namespace headroom::model
