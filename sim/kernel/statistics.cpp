#include "sim/kernel/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace headroom::sim {

double student_t(double p, int dof) {
    return boost::math::quantile(boost::math::students_t_distribution<double>(dof), p);
}

Interval confidence_interval(std::span<const double> samples, double confidence) {
    const auto n = static_cast<double>(samples.size());
    if (samples.empty()) return {0, std::numeric_limits<double>::infinity()};
    double sum = 0;
    for (const double x : samples) sum += x;
    const double mean = sum / n;
    if (samples.size() < 2) return {mean, std::numeric_limits<double>::infinity()};
    double squares = 0;
    for (const double x : samples) squares += (x - mean) * (x - mean);
    const double error = std::sqrt(squares / (n - 1) / n);
    return {mean, student_t(0.5 + confidence / 2, static_cast<int>(samples.size()) - 1) * error};
}

std::size_t mser5(std::span<const double> batch_means) {
    // From the back, so that mean and squares of the rest grow by one value at a time (Welford).
    double mean = 0, squares = 0, least = std::numeric_limits<double>::infinity();
    std::size_t count = 0, best = 0;
    for (std::size_t d = batch_means.size(); d-- > 0;) {
        ++count;
        const double off = batch_means[d] - mean;
        mean += off / static_cast<double>(count);
        squares += off * (batch_means[d] - mean);
        if (d > batch_means.size() / 2) continue;
        const double error = squares / (static_cast<double>(count) * static_cast<double>(count));
        if (error <= least) {
            least = error;
            best = d;
        }
    }
    return best;
}

}  // namespace headroom::sim
