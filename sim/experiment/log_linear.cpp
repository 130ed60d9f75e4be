#include "sim/experiment/log_linear.h"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <optional>

namespace headroom::sim {

namespace {

constexpr int rounds = 4;
constexpr double most_phi = 0.9999;

Eigen::Map<const Eigen::MatrixXd> matrix(const std::vector<double>& values, std::size_t size) {
    const auto n = static_cast<Eigen::Index>(size);
    return {values.data(), n, n};
}

}  // namespace

LogLinear::LogLinear(const std::vector<double>& y, std::size_t columns, const Row& row)
    : columns_(columns), coefficients_(columns, 0.0), covariance_(columns * columns, 0.0) {
    for (int round = 0; round < rounds; ++round) {
        solve(y, row);
        // Correlation of neighbours among the residuals.
        double products = 0, squares = 0, pairs = 0;
        std::vector<double> at(columns_);
        std::optional<double> before;
        for (std::size_t t = 0; t < y.size(); ++t) {
            if (std::isnan(y[t])) {
                before.reset();
                continue;
            }
            row(t, at);
            const double residual = y[t] - fitted(at);
            if (before) {
                products += residual * *before;
                squares += (residual * residual + *before * *before) / 2;
                ++pairs;
            }
            before = residual;
            last_ = t;
            last_residual_ = residual;
        }
        if (pairs < 8 || squares <= 0) break;
        const double found = products / squares;
        phi_ = std::clamp(found + (1 + 3 * found) / pairs, 0.0, most_phi);
    }
    solve(y, row);
}

void LogLinear::solve(const std::vector<double>& y, const Row& row) {
    const auto n = static_cast<Eigen::Index>(columns_);
    Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(n);
    std::vector<double> at(columns_);
    Eigen::VectorXd now(n), before(n);
    double squares = 0, before_y = 0;
    int count = 0;
    std::size_t before_t = 0;
    for (std::size_t t = 0; t < y.size(); ++t) {
        if (std::isnan(y[t])) continue;
        row(t, at);
        now = Eigen::Map<const Eigen::VectorXd>(at.data(), n);
        // What the last known residual does not tell, at the scale of sigma.
        Eigen::VectorXd x = now;
        double value = y[t];
        if (count > 0) {
            const double kept = std::pow(phi_, static_cast<double>(t - before_t));
            const double scale = 1 / std::sqrt(1 - kept * kept);
            x = (now - kept * before) * scale;
            value = (y[t] - kept * before_y) * scale;
        }
        normal.selfadjointView<Eigen::Lower>().rankUpdate(x);
        right += x * value;
        squares += value * value;
        before = now;
        before_y = y[t];
        before_t = t;
        ++count;
    }
    const Eigen::MatrixXd full = normal.selfadjointView<Eigen::Lower>();
    // Columns may differ by orders of magnitude.
    const Eigen::VectorXd scale = full.diagonal().cwiseSqrt().cwiseMax(1e-300).cwiseInverse();
    const Eigen::MatrixXd scaled = scale.asDiagonal() * full * scale.asDiagonal();
    const Eigen::MatrixXd inverse =
        scale.asDiagonal() * scaled.completeOrthogonalDecomposition().pseudoInverse() * scale.asDiagonal();
    const Eigen::VectorXd solution = inverse * right;
    freedom_ = std::max(1, count - static_cast<int>(columns_));
    const double left = std::max(0.0, squares - solution.dot(right));
    sigma_ = std::sqrt(left / freedom_);
    Eigen::Map<Eigen::VectorXd>(coefficients_.data(), n) = solution;
    Eigen::Map<Eigen::MatrixXd>(covariance_.data(), n, n) = inverse * (sigma_ * sigma_);
}

double LogLinear::standard_error(std::size_t column) const {
    return std::sqrt(std::max(0.0, covariance_[column * columns_ + column]));
}

bool LogLinear::significant(const std::vector<std::size_t>& columns, double level) const {
    const auto n = static_cast<Eigen::Index>(columns.size());
    Eigen::VectorXd chosen(n);
    Eigen::MatrixXd covariance(n, n);
    const auto all = matrix(covariance_, columns_);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto a = static_cast<Eigen::Index>(columns[static_cast<std::size_t>(i)]);
        chosen[i] = coefficients_[static_cast<std::size_t>(a)];
        for (Eigen::Index j = 0; j < n; ++j)
            covariance(i, j) = all(a, static_cast<Eigen::Index>(columns[static_cast<std::size_t>(j)]));
    }
    const double wald =
        chosen.dot(covariance.completeOrthogonalDecomposition().solve(chosen)) / static_cast<double>(n);
    if (!std::isfinite(wald) || wald <= 0) return false;
    const boost::math::fisher_f law(static_cast<double>(n), freedom_);
    return boost::math::cdf(boost::math::complement(law, wald)) < level;
}

double LogLinear::fitted(const std::vector<double>& columns) const {
    double sum = 0;
    for (std::size_t i = 0; i < columns_; ++i) sum += coefficients_[i] * columns[i];
    return sum;
}

double LogLinear::variance_of(const std::vector<double>& columns) const {
    const auto n = static_cast<Eigen::Index>(columns_);
    const Eigen::Map<const Eigen::VectorXd> x(columns.data(), n);
    return std::max(0.0, x.dot(matrix(covariance_, columns_) * x));
}

LogLinear::Foretold LogLinear::foretell(std::size_t step, const std::vector<double>& columns) const {
    const double kept = step > last_ ? std::pow(phi_, static_cast<double>(step - last_)) : 0;
    const double of_mean = variance_of(columns);
    return {fitted(columns) + kept * last_residual_, std::sqrt(of_mean + sigma_ * sigma_ * (1 - kept * kept)),
            std::sqrt(of_mean)};
}

}  // namespace headroom::sim
