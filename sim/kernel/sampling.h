#pragma once
// Distributions compiled for drawing. Every family is drawn by inversion: one uniform number gives one
// variate that grows with it, so that common random numbers keep two runs alike.

#include "model/system/distribution.h"
#include "sim/kernel/random.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace headroom::sim {

class Sampler {
public:
    explicit Sampler(const model::Distribution& distribution);

    /// The variate of a uniform number: the quantile function, within 1e-4 relative.
    double operator()(double u) const;
    /// Uniform numbers into variates, in place; a vectorised loop for most families.
    void transform(std::span<double> uniforms) const;

    /// Draws nothing at random: every variate is this, or NaN.
    double constant() const;

private:
    enum class Form { constant, exponential, uniform, weibull, bounded_pareto, table, empirical };
    struct Table;  ///< ln x over ln(u / (1 - u)), by cubic pieces

    Form form_ = Form::constant;
    double a_ = 0, b_ = 0, c_ = 0;
    std::shared_ptr<const Table> table_;
    std::vector<double> probabilities_, values_;
};

/// The variates of one distribution from one stream, drawn ahead in blocks. The n-th draw is the variate of
/// the n-th number of the stream.
class VariateStream {
public:
    VariateStream(const model::Distribution& distribution, const RandomStream& random)
        : sampler_(distribution), random_(random) {}

    double next() {
        if (next_ == block_.size()) refill();
        return block_[next_++];
    }

private:
    void refill();

    std::array<double, 64> block_{};
    std::size_t next_ = 64;
    Sampler sampler_;
    RandomStream random_;
};

}  // namespace headroom::sim
