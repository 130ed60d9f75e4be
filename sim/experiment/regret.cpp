#include "sim/experiment/regret.h"

#include "sim/experiment/design.h"
#include "sim/experiment/parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim {

namespace {

using Changes = std::vector<std::pair<model::FieldPath, std::string>>;

constexpr int drawn_futures = 8;

}  // namespace

void weigh_futures(const SizingOptions& options, Screening& screening, std::stop_token stop, Sizing& sizing) {
    const int dimensions = static_cast<int>(options.uncertain.size());
    std::vector<std::vector<double>> shares = sobol_points(drawn_futures, dimensions);
    for (const double corner : {0.0, 0.999999})
        shares.emplace_back(static_cast<std::size_t>(dimensions), corner);
    std::vector<Changes> futures;
    for (const auto& point : shares) {
        Changes changes;
        for (std::size_t u = 0; u < options.uncertain.size(); ++u)
            changes.emplace_back(options.uncertain[u].field, options.uncertain[u].at(point[u]));
        futures.push_back(std::move(changes));
    }
    sizing.futures = static_cast<int>(futures.size());
    sizing.penalty = options.penalty > 0 ? options.penalty : sizing.candidates[sizing.chosen].cost;
    const std::size_t n = sizing.candidates.size();
    std::vector<double> best(futures.size());
    std::vector<std::vector<Screened>> judged(futures.size(), std::vector<Screened>(n));
    for_each_index(futures.size(), options.run.threads, std::move(stop), [&](std::size_t f) {
        for (std::size_t i = 0; i < n; ++i)
            judged[f][i] = screening.judge(sizing.candidates[i].levels, futures[f]);
        const auto large = screening.raised(sizing.candidates[sizing.chosen].levels, futures[f]);
        std::vector<std::size_t> order(sizing.variables.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto low = large ? screening.lowered(*large, order, futures[f]) : std::nullopt;
        best[f] = low ? screening.judge(*low, futures[f]).cost : std::numeric_limits<double>::quiet_NaN();
    });
    for (std::size_t i = 0; i < n; ++i) {
        SizedCandidate& candidate = sizing.candidates[i];
        double counted = 0;
        for (std::size_t f = 0; f < futures.size(); ++f) {
            if (std::isnan(best[f])) continue;  // nothing meets in that future: nothing to regret
            const Screened& screened = judged[f][i];
            const bool meets = screening.meets(screened);
            const double over = std::max(0.0, screened.cost - best[f]);
            const double under = meets ? 0 : sizing.penalty;
            candidate.most_regret = std::max(candidate.most_regret, over + under);
            candidate.over += over, candidate.under += under;
            candidate.share_broken += !meets;
            ++counted;
        }
        if (counted > 0)
            candidate.over /= counted, candidate.under /= counted, candidate.share_broken /= counted;
    }
    sizing.least_regret = static_cast<std::size_t>(
        std::min_element(sizing.candidates.begin(), sizing.candidates.end(),
                         [](const auto& a, const auto& b) { return a.most_regret < b.most_regret; }) -
        sizing.candidates.begin());
    const auto out = std::count_if(best.begin(), best.end(), [](double b) { return std::isnan(b); });
    if (out > 0)
        sizing.notes.push_back(
            "In " + std::to_string(out) + " of " + std::to_string(futures.size()) +
            " futures no configuration meets the objectives; they are left out of the regret.");
}

}  // namespace headroom::sim
