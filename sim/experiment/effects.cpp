#include "sim/experiment/effects.h"

#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace headroom::sim {

namespace {

/// Changes that are not larger than this, relative to the figure, are rounding.
constexpr double rounding = 1e-12;

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
    if (values.size() < 2) return 0;
    const double mean = mean_of(values);
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
}

/// A statistic with its interval, from what it is with each of the independent pieces left out (Efron and
/// Stein 1981).
model::Estimate jackknife(double value, const std::vector<double>& without, double confidence) {
    const std::size_t n = without.size();
    if (n < 2) return {value, std::numeric_limits<double>::infinity()};
    const double error =
        std::sqrt(variance_of(without)) * static_cast<double>(n - 1) / std::sqrt(static_cast<double>(n));
    return {value, student_t((1 + confidence) / 2, static_cast<int>(n) - 1) * error};
}

/// `statistic` of the pieces, and with each of them left out.
model::Estimate jackknife(const std::vector<double>& pieces, double confidence,
                          const std::function<double(const std::vector<double>&)>& statistic) {
    std::vector<double> without;
    for (std::size_t i = 0; i < pieces.size() && pieces.size() > 1; ++i) {
        std::vector<double> others = pieces;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        without.push_back(statistic(others));
    }
    return jackknife(statistic(pieces), without, confidence);
}

}  // namespace

std::vector<ElementaryEffects> elementary_effects(const std::vector<std::vector<double>>& points,
                                                  std::span<const double> values, double confidence) {
    const std::size_t dimensions = points.empty() ? 0 : points.front().size();
    std::vector<std::vector<double>> found(dimensions);
    for (std::size_t at = 1; at < points.size(); ++at) {
        if (at % (dimensions + 1) == 0) continue;  // the next trajectory begins
        for (std::size_t d = 0; d < dimensions; ++d) {
            const double step = points[at][d] - points[at - 1][d];
            if (step == 0) continue;
            const double effect = (values[at] - values[at - 1]) / step;
            if (std::isfinite(effect)) found[d].push_back(effect);
        }
    }
    std::vector<ElementaryEffects> effects;
    for (const std::vector<double>& signed_effects : found) {
        ElementaryEffects one;
        one.effects = static_cast<int>(signed_effects.size());
        if (!signed_effects.empty()) {
            std::vector<double> sizes;
            for (const double effect : signed_effects) sizes.push_back(std::abs(effect));
            one.size = jackknife(sizes, confidence, mean_of);
            one.mean = jackknife(signed_effects, confidence, mean_of);
            const double least = rounding * one.size.value;
            one.deviation = jackknife(signed_effects, confidence, [&](const std::vector<double>& pieces) {
                const double deviation = std::sqrt(variance_of(pieces));
                return deviation > least ? deviation : 0;
            });
        }
        effects.push_back(one);
    }
    return effects;
}

SobolIndices sobol_indices(std::span<const double> values, int dimensions, double confidence) {
    const auto inputs = static_cast<std::size_t>(dimensions), width = inputs + 2;
    SobolIndices found;
    found.inputs.resize(inputs);
    found.of = static_cast<int>(values.size() / width);
    std::vector<std::span<const double>> rows;
    for (std::size_t at = 0; at + width <= values.size(); at += width) {
        const std::span<const double> row = values.subspan(at, width);
        if (std::all_of(row.begin(), row.end(), [](double value) { return std::isfinite(value); }))
            rows.push_back(row);
    }
    found.rows = static_cast<int>(rows.size());
    if (rows.empty()) return found;
    const auto n = static_cast<double>(rows.size());
    std::vector<double> means, spreads;
    for (const auto row : rows) means.push_back((row[0] + row[1]) / 2);
    found.mean = jackknife(means, confidence, mean_of);
    const double centre = found.mean.value;
    for (const auto row : rows)
        spreads.push_back(((row[0] - centre) * (row[0] - centre) + (row[1] - centre) * (row[1] - centre)) /
                          2);
    const double spread = std::accumulate(spreads.begin(), spreads.end(), 0.0);
    if (!(std::sqrt(spread / n) > rounding * std::abs(centre))) return found;
    found.deviation = std::sqrt(spread / n);
    for (std::size_t i = 0; i < inputs; ++i) {
        // Shares of the variance: ratios of sums over rows, of which each row can be taken away again.
        const auto share = [&](const std::function<double(std::span<const double>)>& part) {
            double sum = 0;
            for (const auto row : rows) sum += part(row);
            std::vector<double> without;
            for (std::size_t r = 0; r < rows.size(); ++r)
                without.push_back((sum - part(rows[r])) / (spread - spreads[r]));
            return jackknife(sum / spread, without, confidence);
        };
        found.inputs[i].first =
            share([&](std::span<const double> row) { return (row[1] - centre) * (row[2 + i] - row[0]); });
        found.inputs[i].total = share(
            [&](std::span<const double> row) { return (row[0] - row[2 + i]) * (row[0] - row[2 + i]) / 2; });
    }
    return found;
}

}  // namespace headroom::sim
