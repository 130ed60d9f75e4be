#pragma once
// What is left of a service in progress, seen at a random moment.

#include "model/system/distribution.h"

#include <cstdint>
#include <vector>

namespace headroom::sim::flow {

/// The equilibrium distribution of a service time S: P(R > x) = integral of P(S > y) dy / E[S] beyond x.
class Residual {
public:
    explicit Residual(const model::Distribution& service);

    /// Value below which a share p lies, 0 < p < 1.
    double quantile(double p) const;
    double mean() const { return mean_; }
    double variance() const { return variance_; }
    /// Expected smallest of n independent residuals.
    double mean_of_smallest(int n) const;
    /// Expected smaller of two independent services, as a share of their mean.
    double smaller_of_two() const { return smaller_of_two_; }

private:
    double mean_ = 0, variance_ = 0, smaller_of_two_ = 1;
    std::vector<double> shares_, values_;
    std::vector<std::uint16_t> guide_;  ///< where to look for each 512th of the probability
};

}  // namespace headroom::sim::flow
