#include "model/system/source_pattern.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

double BulkSize::mean() const {
    if (shares.empty()) return geometric_mean;
    double sum = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) sum += static_cast<double>(i + 1) * shares[i];
    return sum;
}

double BulkSize::second_moment() const {
    if (shares.empty()) return geometric_mean * (2 * geometric_mean - 1);
    double sum = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) sum += static_cast<double>((i + 1) * (i + 1)) * shares[i];
    return sum;
}

int BulkSize::quantile(double u) const {
    if (!shares.empty()) {
        double sum = 0;
        for (std::size_t i = 0; i + 1 < shares.size(); ++i)
            if (u < (sum += shares[i])) return static_cast<int>(i) + 1;
        return static_cast<int>(shares.size());
    }
    if (geometric_mean <= 1) return 1;
    constexpr double most = 1e6;
    return static_cast<int>(std::min(most, 1 + std::floor(std::log1p(-u) / std::log1p(-1 / geometric_mean))));
}

std::vector<double> shares_of(const std::vector<ModulatedState>& states) {
    // Visits of the jump chain by the power method, half of the time standing still so that it settles
    // whatever its period; then weighted by the stays.
    const std::size_t count = states.size();
    std::vector<double> visits(count, 1.0 / static_cast<double>(std::max<std::size_t>(1, count)));
    for (int round = 0; round < 100'000; ++round) {
        std::vector<double> next(count, 0.0);
        double change = 0;
        for (std::size_t i = 0; i < count; ++i) {
            next[i] += visits[i] / 2;
            for (std::size_t j = 0; j < count; ++j) next[j] += visits[i] * states[i].next[j] / 2;
        }
        for (std::size_t i = 0; i < count; ++i) change = std::max(change, std::abs(next[i] - visits[i]));
        visits = std::move(next);
        if (change < 1e-15) break;
    }
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += visits[i] *= states[i].stay.value();
    for (double& share : visits) share /= sum;
    return visits;
}

ItemRate mean_rate(const std::vector<ModulatedState>& states) {
    const std::vector<double> shares = shares_of(states);
    double rate = 0;
    for (std::size_t i = 0; i < states.size(); ++i) rate += shares[i] * states[i].rate.value();
    return per_second(rate);
}

}  // namespace headroom::model
