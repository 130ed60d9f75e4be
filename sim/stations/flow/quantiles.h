#pragma once
// Quantiles of times, ready to be drawn from.

#include "sim/kernel/sketch.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace headroom::sim::flow {

/// Points even in the probability up to 0.9, then even in the logarithm of the tail, down to 1e-5.
class Quantiles {
public:
    static constexpr int body = 120, tail = 64;
    using Points = std::array<float, body + tail + 1>;

    Quantiles() = default;
    explicit Quantiles(const QuantileSketch& sketch) : mean_(sketch.mean()), known_(sketch.count() > 0) {
        if (!known_) return;
        for (int i = 0; i <= body; ++i) points_[at(i)] = point(sketch, 0.9 * i / body);
        for (int i = 1; i <= tail; ++i)
            points_[at(body + i)] = point(sketch, 1 - std::pow(10.0, -1 - 4.0 * i / tail));
    }
    Quantiles(double mean, const Points& points) : points_(points), mean_(mean), known_(true) {}

    bool known() const { return known_; }
    double mean() const { return mean_; }
    const Points& points() const { return points_; }

    /// A place among the points, shared by tables that are to be read at the same probability.
    struct Place {
        std::size_t cell = 0;
        double part = 0;
    };
    static Place place(double u) {
        const double where =
            u < 0.9 ? u / 0.9 * body : body + (-std::log10(std::max(1 - u, 1e-5)) - 1) * tail / 4;
        const int cell = std::clamp(static_cast<int>(where), 0, body + tail - 1);
        return {at(cell), std::min(1.0, where - cell)};
    }
    double operator()(const Place& place) const {
        const double low = points_[place.cell], high = points_[place.cell + 1];
        return low + place.part * (high - low);
    }

private:
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    static float point(const QuantileSketch& sketch, double p) {
        return static_cast<float>(sketch.quantile(std::max(1e-6, p)));
    }

    Points points_{};
    double mean_ = 0;
    bool known_ = false;
};

}  // namespace headroom::sim::flow
