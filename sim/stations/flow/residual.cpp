#include "sim/stations/flow/residual.h"

#include "sim/kernel/sampling.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim::flow {

namespace {
constexpr std::size_t guides = 512;
}

Residual::Residual(const model::Distribution& service) {
    const double mean = service.mean;
    if (mean <= 0) return;
    const Sampler quantile(service);
    // Points even in the logit of the probability resolve both tails.
    constexpr int points = 800;
    constexpr double reach = 23;
    double before = 0, last = 0, area = 0, squares = 0;
    shares_.push_back(0);
    values_.push_back(0);
    for (int i = 0; i <= points; ++i) {
        const double u = 1 / (1 + std::exp(reach * (1 - 2.0 * i / points)));
        const double value = std::max(last, quantile(u));
        if (value > last) {
            const double above = 1 - (before + u) / 2;
            area += above * (value - last);
            squares += above * above * (value - last);
            shares_.push_back(area);
            values_.push_back(value);
        }
        before = u;
        last = value;
    }
    smaller_of_two_ = squares / area;
    for (double& share : shares_) share /= area;
    for (std::size_t g = 0, i = 1; g <= guides; ++g) {
        const double p = static_cast<double>(g) / guides;
        while (i + 1 < shares_.size() && shares_[i] < p) ++i;
        guide_.push_back(static_cast<std::uint16_t>(i));
    }
    double first = 0, second = 0;
    for (std::size_t i = 1; i < shares_.size(); ++i) {
        const double weight = shares_[i] - shares_[i - 1], a = values_[i - 1], b = values_[i];
        first += weight * (a + b) / 2;
        second += weight * (a * a + a * b + b * b) / 3;
    }
    mean_ = mean * (1 + service.scv) / 2;  // exact: E[S^2] / (2 E[S])
    variance_ = std::max(0.0, second - first * first);
}

double Residual::quantile(double p) const {
    if (shares_.size() < 2) return 0;
    const auto cell = std::min(guides - 1, static_cast<std::size_t>(p * guides));
    const auto above =
        std::lower_bound(shares_.begin() + guide_[cell], shares_.begin() + guide_[cell + 1], p);
    const auto i = static_cast<std::size_t>(above - shares_.begin());
    const double width = shares_[i] - shares_[i - 1];
    const double part = width > 0 ? (p - shares_[i - 1]) / width : 0;
    return values_[i - 1] + part * (values_[i] - values_[i - 1]);
}

double Residual::mean_of_smallest(int n) const {
    if (n == 1) return mean_;
    double sum = 0;
    for (std::size_t i = 1; i < shares_.size(); ++i) {
        // Between two points the share above falls evenly: the mean of its n-th power is known.
        const double a = 1 - shares_[i - 1], b = std::max(0.0, 1 - shares_[i]);
        const double mean = a - b > 1e-6 * a
                                ? (std::pow(a, n + 1) - std::pow(b, n + 1)) / ((n + 1) * (a - b))
                                : std::pow((a + b) / 2, n);
        sum += mean * (values_[i] - values_[i - 1]);
    }
    return sum;
}

}  // namespace headroom::sim::flow
