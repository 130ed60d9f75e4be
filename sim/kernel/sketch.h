#pragma once
// Quantiles in bounded memory.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace headroom::sim {

/// A mergeable sketch of non-negative values with bounded relative error (DDSketch: Masson, Rim, Lee, VLDB
/// 2019): a histogram with logarithmic bins. Values below 1 ns are counted as zero; bins are kept between
/// 1e-9 and 1e9, so memory is bounded whatever is added. Mean and variance are exact.
class QuantileSketch {
public:
    static constexpr double relative_error = 0.005;

    void add(double value, double weight = 1);
    /// Many at once, each of weight 1: faster than one by one, and equal to it.
    void add(std::span<const double> values);
    void merge(const QuantileSketch& other);
    /// Takes out what has been merged before; only max() stays as it is.
    void remove(const QuantileSketch& other);

    double count() const { return count_; }
    double sum() const { return sum_; }
    double mean() const { return count_ > 0 ? sum_ / count_ : 0; }
    double variance() const;
    double max() const { return max_; }
    /// Value below which a share p of the weight lies; 0 if empty.
    double quantile(double p) const;
    /// Share of the weight at or below the value: the inverse of quantile().
    double share_below(double value) const;
    /// How many bins are held: what bounds the memory.
    std::size_t bins() const { return bins_.size(); }

private:
    void cover(int low, int high);  ///< makes sure that bins_ reaches over these indices

    double count_ = 0, sum_ = 0, sum_squares_ = 0, max_ = 0, zeros_ = 0;
    double min_ = std::numeric_limits<double>::infinity();  ///< of the values that are not counted as zero
    int first_ = 0;                                         ///< index of bins_[0]
    std::vector<double> bins_;
};

}  // namespace headroom::sim
