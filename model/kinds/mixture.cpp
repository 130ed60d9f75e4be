#include "model/kinds/mixture.h"

#include <algorithm>
#include <vector>

namespace headroom::model {

namespace {

constexpr double rarest = 1e-5;  ///< beyond this share of the values none is told from the largest
constexpr int halvings = 40;

/// Share of the values that are at most `x`.
double share_up_to(const Distribution& of, double x) {
    double low = rarest, high = 1 - rarest;
    if (of.quantile(low) > x) return 0;
    if (of.quantile(high) <= x) return 1;
    for (int i = 0; i < halvings; ++i) {
        const double middle = (low + high) / 2;
        (of.quantile(middle) <= x ? low : high) = middle;
    }
    return low;
}

}  // namespace

Distribution mixture(double p, const Distribution& first, const Distribution& second) {
    if (p <= 0) return second;
    if (p >= 1) return first;
    const double least = std::min(first.quantile(rarest), second.quantile(rarest));
    const double most = std::max(first.quantile(1 - rarest), second.quantile(1 - rarest));
    Distribution result{.family = Family::empirical};
    result.probabilities = {0, 0.001};
    for (int i = 1; i < 50; ++i) result.probabilities.push_back(i / 50.0);
    for (const double tail : {0.99, 0.995, 0.999, 0.9999, 1.0}) result.probabilities.push_back(tail);
    for (const double part : result.probabilities) {
        double low = least, high = most;
        for (int i = 0; i < halvings && part < 1; ++i) {
            const double middle = (low + high) / 2;
            const double up_to = p * share_up_to(first, middle) + (1 - p) * share_up_to(second, middle);
            (up_to < part ? low : high) = middle;
        }
        result.values.push_back(high);
    }
    result.values.front() = least;
    // The mean is exact, the points are not: they are drawn out or together to meet it.
    double drawn = 0;
    for (std::size_t i = 1; i < result.values.size(); ++i)
        drawn += (result.probabilities[i] - result.probabilities[i - 1]) *
                 (result.values[i - 1] + result.values[i]) / 2;
    result.mean = p * first.mean + (1 - p) * second.mean;
    for (double& value : result.values) value *= result.mean / drawn;
    const auto square = [](const Distribution& of) { return of.mean * of.mean * (1 + of.scv); };
    result.scv =
        std::max(0.0, (p * square(first) + (1 - p) * square(second)) / (result.mean * result.mean) - 1);
    return result;
}

}  // namespace headroom::model
