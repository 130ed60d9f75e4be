#include "sim/operators/fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <bit>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <optional>

namespace headroom::sim {

namespace {

constexpr double lengths_apart = 1.1;

/// The columns that `chosen` names, as least squares; nothing if one comes out below zero.
std::optional<Eigen::Vector3d> solve(const Eigen::MatrixXd& design, const Eigen::VectorXd& target,
                                     unsigned chosen) {
    std::vector<Eigen::Index> columns;
    for (Eigen::Index i = 0; i < design.cols(); ++i)
        if (chosen & (1u << i)) columns.push_back(i);
    Eigen::MatrixXd part(design.rows(), static_cast<Eigen::Index>(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i)
        part.col(static_cast<Eigen::Index>(i)) = design.col(columns[i]);
    // Rows and seconds differ by ten orders of magnitude.
    const Eigen::VectorXd scale = part.colwise().norm();
    const Eigen::VectorXd scaled =
        (part * scale.cwiseInverse().asDiagonal()).colPivHouseholderQr().solve(target);
    Eigen::Vector3d result = Eigen::Vector3d::Zero();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto at = static_cast<Eigen::Index>(i);
        result[columns[i]] = scaled[at] / scale[at];
        if (!(result[columns[i]] >= 0)) return std::nullopt;
    }
    return result;
}

}  // namespace

CostFit fit_cost(const std::vector<FitPoint>& points) {
    const auto n = static_cast<Eigen::Index>(points.size());
    if (n == 0) return {};
    Eigen::MatrixXd design(n, 3);
    Eigen::ArrayXd weight(n), seconds(n);
    double shortest = std::numeric_limits<double>::infinity(), longest = 0;
    for (Eigen::Index i = 0; i < n; ++i) {
        const FitPoint& point = points[static_cast<std::size_t>(i)];
        seconds[i] = point.seconds;
        weight[i] = 1 / std::max(point.seconds, 1e-12);
        design.row(i) << weight[i], weight[i] * point.rows, weight[i] * point.bytes;
        shortest = std::min(shortest, point.bytes / point.rows);
        longest = std::max(longest, point.bytes / point.rows);
    }
    const bool bytes_differ = shortest > 0 && longest / shortest >= lengths_apart;
    const Eigen::VectorXd target = (weight * seconds).matrix();

    // With none below zero, the best is the best of the few choices of terms that are above it.
    std::optional<Eigen::Vector3d> best;
    double least = std::numeric_limits<double>::infinity();
    for (unsigned chosen = 1; chosen < (bytes_differ ? 8u : 4u); ++chosen) {
        if (static_cast<int>(std::popcount(chosen)) > n) continue;
        const std::optional<Eigen::Vector3d> terms = solve(design, target, chosen);
        if (!terms) continue;
        const double left = (design * *terms - target).squaredNorm();
        if (left < least * (1 - 1e-9)) {
            least = left;
            best = terms;
        }
    }
    CostFit fit;
    if (!best) return fit;
    fit = {.fixed = (*best)[0], .per_row = (*best)[1], .per_byte = (*best)[2]};

    const Eigen::ArrayXd square_weight = weight.square();
    const double mean = (square_weight * seconds).sum() / square_weight.sum();
    const double all = (square_weight * (seconds - mean).square()).sum();
    fit.r2 = all > 0 ? std::max(0.0, 1 - least / all) : 0;
    for (const FitPoint& point : points)
        if (point.seconds > 0)
            fit.worst_miss =
                std::max(fit.worst_miss, std::abs(fit.seconds(point.rows, point.bytes) / point.seconds - 1));
    return fit;
}

double growth(const std::vector<model::TimedBatch>& batches, double fixed) {
    if (batches.size() < 2) return 1;
    const model::TimedBatch &low = batches[batches.size() - 2], &high = batches.back();
    if (!(low.seconds > fixed && high.seconds > fixed && high.rows > low.rows)) return 1;
    const double exponent =
        std::log((high.seconds - fixed) / (low.seconds - fixed)) / std::log(high.rows / low.rows);
    return std::max(0.0, exponent);  // that more rows take less time is noise
}

namespace {

/// Of processes that are all of one size and each scaled to its own mean; `left_out` of them does not count.
double scv_without(const std::vector<std::vector<double>>& costs, std::size_t left_out) {
    const std::size_t groups = costs.front().size();
    std::vector<double> means(groups, 0);
    double processes = 0;
    for (std::size_t p = 0; p < costs.size(); ++p) {
        if (p == left_out) continue;
        processes += 1;
        for (std::size_t g = 0; g < groups; ++g) means[g] += costs[p][g];
    }
    if (processes == 0) return 0;
    double between = 0, within = 0;
    for (double& mean : means) {
        mean /= processes;
        between += (mean - 1) * (mean - 1) / static_cast<double>(groups);
    }
    if (processes < 2) return between;
    for (std::size_t p = 0; p < costs.size(); ++p)
        for (std::size_t g = 0; g < groups && p != left_out; ++g)
            within += (costs[p][g] - means[g]) * (costs[p][g] - means[g]);
    // The scatter has (processes - 1)(groups - 1) degrees of freedom; of the variance between `groups` means
    // it explains (groups - 1) / groups of what a mean of `processes` has.
    within /= (processes - 1) * static_cast<double>(groups) * processes;
    return std::max(0.0, between - within);
}

}  // namespace

model::Measured scv_between(const std::vector<std::vector<double>>& costs) {
    std::vector<std::vector<double>> scaled;
    for (const std::vector<double>& process : costs) {
        double mean = 0;
        for (const double cost : process) mean += cost / static_cast<double>(process.size());
        if (process.size() < 2 || !(mean > 0)) continue;
        auto& of_process = scaled.emplace_back(process);
        for (double& cost : of_process) cost /= mean;
    }
    if (scaled.empty()) return {.value = 0, .half_width = std::numeric_limits<double>::quiet_NaN()};
    const double all = scv_without(scaled, scaled.size());
    const auto n = static_cast<double>(scaled.size());
    std::vector<double> pseudo;
    for (std::size_t p = 0; p < scaled.size(); ++p)
        pseudo.push_back(n * all - (n - 1) * scv_without(scaled, p));
    return {.value = all, .half_width = mean_of(pseudo).half_width};
}

double undisturbed(std::vector<double> seconds) {
    if (seconds.empty()) return 0;
    const auto quartile = seconds.begin() + static_cast<std::ptrdiff_t>((seconds.size() - 1) / 4);
    std::nth_element(seconds.begin(), quartile, seconds.end());
    return *quartile;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
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
