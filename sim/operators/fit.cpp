#include "sim/operators/fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace headroom::sim {

LineFit fit_line(const TimedRows& points) {
    const auto n = static_cast<Eigen::Index>(points.rows.size());
    Eigen::ArrayXd x = Eigen::Map<const Eigen::ArrayXd>(points.rows.data(), n);
    Eigen::ArrayXd y = Eigen::Map<const Eigen::ArrayXd>(points.seconds.data(), n);
    Eigen::ArrayXd weight = y.max(std::numeric_limits<double>::min()).inverse();

    Eigen::MatrixXd design(n, 2);
    design << weight.matrix(), (weight * x).matrix();
    Eigen::VectorXd target = (weight * y).matrix();
    Eigen::Vector2d line = design.colPivHouseholderQr().solve(target);
    if (line[0] < 0) {  // through the origin
        line = {0, (weight * x).matrix().dot(target) / (weight * x).matrix().squaredNorm()};
    } else if (line[1] < 0) {  // no slope
        line = {weight.matrix().dot(target) / weight.matrix().squaredNorm(), 0};
    }

    Eigen::ArrayXd square_weight = weight.square();
    double mean = (square_weight * y).sum() / square_weight.sum();
    double left = (square_weight * (y - line[0] - line[1] * x).square()).sum();
    double all = (square_weight * (y - mean).square()).sum();
    return {.fixed = line[0], .per_row = line[1], .r2 = all > 0 ? std::max(0.0, 1 - left / all) : 0};
}

model::Measured mean_of(const std::vector<double>& figures) {
    const auto n = static_cast<double>(figures.size());
    double mean = 0, squares = 0;
    for (double figure : figures) mean += figure / n;
    for (double figure : figures) squares += (figure - mean) * (figure - mean);
    if (figures.size() < 2) return {.value = mean, .half_width = std::numeric_limits<double>::quiet_NaN()};
    double t = boost::math::quantile(boost::math::students_t(n - 1), 0.975);
    return {.value = mean, .half_width = t * std::sqrt(squares / (n - 1) / n)};
}

}  // namespace headroom::sim
