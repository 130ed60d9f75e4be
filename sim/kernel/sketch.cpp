#include "sim/kernel/sketch.h"

#include "sim/kernel/lanes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace headroom::sim {

namespace {

// A bin is a step of k * g(x), where g(x) = e + P(m - 1) approximates log2 x for x = 2^e m by a cubic that is
// continuous and smooth over octaves (the cubic mapping of DDSketch). Since dg / d ln x >= 10/7 everywhere, a
// step of 1/k spans at most a factor 1 + a: any value of a bin is within the error of any other.
constexpr double a3 = 6.0 / 35, a2 = -3.0 / 5, a1 = 10.0 / 7;
constexpr double steps_per_octave = 140.36;  // > 1 / (a1 * ln(1 + 0.005))
constexpr double least = 1e-9, most = 1e9;

constexpr double approximate_log2(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const double exponent = std::bit_cast<double>((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
    const double m = std::bit_cast<double>((bits & 0x000fffffffffffff) | 0x3ff0000000000000) - 1;
    return exponent + m * (a1 + m * (a2 + m * a3));
}

constexpr double bin_start = approximate_log2(least) * steps_per_octave;

// Values are taken by the chunk, a few at a time in vector registers.
constexpr std::size_t chunk = 64, lanes = 4;
using Lanes [[gnu::vector_size(lanes * sizeof(double))]] = double;

/// Bins count from the one that holds `least`.
int bin_of(double value) {
    return static_cast<int>(approximate_log2(std::min(value, most)) * steps_per_octave - bin_start);
}

/// The value at which a bin starts: the inverse of approximate_log2, by Newton's method.
double start_of(int bin) {
    const double g = (bin + bin_start) / steps_per_octave;
    const double octave = std::floor(g), target = g - octave;
    double m = target;
    for (int i = 0; i < 6; ++i) {
        const double off = m * (a1 + m * (a2 + m * a3)) - target;
        m -= off / (a1 + m * (2 * a2 + m * 3 * a3));
    }
    return std::ldexp(1 + m, static_cast<int>(octave));
}

}  // namespace

void QuantileSketch::cover(int low, int high) {
    constexpr int margin = 64;  // so that growth is rare
    if (bins_.empty()) {
        first_ = std::max(0, low - margin);
        bins_.resize(static_cast<std::size_t>(high) + margin - static_cast<std::size_t>(first_));
        return;
    }
    if (low < first_) {
        const int more = std::min(first_, first_ - low + margin);
        bins_.insert(bins_.begin(), static_cast<std::size_t>(more), 0.0);
        first_ -= more;
    }
    const auto needed = static_cast<std::size_t>(high) + 1 - static_cast<std::size_t>(first_);
    if (needed > bins_.size()) bins_.resize(needed + margin);
}

void QuantileSketch::add(double value, double weight) {
    count_ += weight;
    sum_ += weight * value;
    sum_squares_ += weight * value * value;
    max_ = std::max(max_, value);
    if (value < least) {
        zeros_ += weight;
        return;
    }
    min_ = std::min({min_, value, most});
    const int bin = bin_of(value);
    cover(bin, bin);
    bins_[static_cast<std::size_t>(bin - first_)] += weight;
}

HEADROOM_LANES void QuantileSketch::add(std::span<const double> many) {
    for (; many.size() > chunk; many = many.subspan(chunk)) add(many.first(chunk));
    if (many.empty()) return;
    std::array<double, chunk> filled_up;  // with zeros
    const double* values = many.data();
    if (many.size() < chunk) {
        std::copy(many.begin(), many.end(), filled_up.begin());
        std::fill(filled_up.begin() + std::ssize(many), filled_up.end(), 0.0);
        values = filled_up.data();
    }

    // Four accumulators of each kind, so that the additions do not wait for one another.
    Lanes sum{}, squares{}, largest{}, none{}, low = Lanes{} + most;
    for (std::size_t i = 0; i < chunk; i += lanes) {
        Lanes x;
        std::memcpy(&x, values + i, sizeof x);
        sum += x;
        squares += x * x;
        largest = largest < x ? x : largest;
        none += x < least ? Lanes{} + 1.0 : Lanes{};
        const Lanes positive = x < least ? Lanes{} + most : x;
        low = positive < low ? positive : low;
    }
    const double highest = std::max({largest[0], largest[1], largest[2], largest[3]});
    if (highest > most) [[unlikely]] {
        for (const double value : many) add(value);
        return;
    }
    count_ += static_cast<double>(many.size());
    sum_ += (sum[0] + sum[1]) + (sum[2] + sum[3]);
    sum_squares_ += (squares[0] + squares[1]) + (squares[2] + squares[3]);
    max_ = std::max(max_, highest);
    const double none_at_all = (none[0] + none[1]) + (none[2] + none[3]);
    zeros_ += none_at_all - static_cast<double>(chunk - many.size());
    if (highest < least) return;
    const double lowest = std::min({low[0], low[1], low[2], low[3]});
    min_ = std::min(min_, lowest);
    cover(bin_of(lowest), bin_of(highest));

    // Zeros are put into the lowest bin of the block, and taken out again: no branch to mispredict.
    std::array<int, chunk> places;
    const int before = first_;
    for (std::size_t i = 0; i < chunk; ++i) {
        const double counted = values[i] < least ? lowest : values[i];
        places[i] = static_cast<int>(approximate_log2(counted) * steps_per_octave - bin_start) - before;
    }
    double* const bins = bins_.data();
    for (const int place : places) bins[place] += 1;
    bins[bin_of(lowest) - before] -= none_at_all;
}

void QuantileSketch::merge(const QuantileSketch& other) {
    count_ += other.count_;
    sum_ += other.sum_;
    sum_squares_ += other.sum_squares_;
    max_ = std::max(max_, other.max_);
    min_ = std::min(min_, other.min_);
    zeros_ += other.zeros_;
    if (other.bins_.empty()) return;
    cover(other.first_, other.first_ + static_cast<int>(other.bins_.size()) - 1);
    const auto shift = static_cast<std::size_t>(other.first_ - first_);
    for (std::size_t i = 0; i < other.bins_.size(); ++i) bins_[shift + i] += other.bins_[i];
}

void QuantileSketch::remove(const QuantileSketch& other) {
    count_ -= other.count_;
    sum_ -= other.sum_;
    sum_squares_ -= other.sum_squares_;
    zeros_ -= other.zeros_;
    const auto shift = static_cast<std::size_t>(other.first_ - first_);
    for (std::size_t i = 0; i < other.bins_.size(); ++i) bins_[shift + i] -= other.bins_[i];
}

double QuantileSketch::variance() const {
    if (count_ <= 0) return 0;
    const double m = sum_ / count_;
    return std::max(0.0, sum_squares_ / count_ - m * m);
}

double QuantileSketch::quantile(double p) const {
    if (count_ <= 0) return 0;
    const double target = p * count_;
    double below = zeros_;
    if (target <= below && zeros_ > 0) return 0;
    for (std::size_t i = 0; i < bins_.size(); ++i) {
        if (bins_[i] == 0) continue;
        if (below + bins_[i] >= target) {
            // Within the bin by proportion, so that a little more or less weight moves the quantile a little.
            const int bin = first_ + static_cast<int>(i);
            const double high = std::min(start_of(bin + 1), max_);
            const double low = std::min(std::max(start_of(bin), min_), high);
            return low + (high - low) * (target - below) / bins_[i];
        }
        below += bins_[i];
    }
    return max_;
}

double QuantileSketch::share_below(double value) const {
    if (count_ <= 0 || value < 0) return 0;
    if (value >= max_) return 1;
    double below = zeros_;
    if (value < least) return below / count_;
    const int bin = bin_of(value);
    for (std::size_t i = 0; i < bins_.size() && first_ + static_cast<int>(i) <= bin; ++i) {
        const int here = first_ + static_cast<int>(i);
        if (here < bin) {
            below += bins_[i];
        } else {
            const double high = std::min(start_of(here + 1), max_);
            const double low = std::min(std::max(start_of(here), min_), high);
            below += bins_[i] * (high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 1);
        }
    }
    return std::min(1.0, below / count_);
}

}  // namespace headroom::sim
