#include "sim/experiment/selection.h"

#include "model/store/metrics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace headroom::sim {

namespace {

/// Probability that the true figure is on the right side of the bound, after what the replications say.
double met_surely(const model::RunResult& result, const model::ObjectiveResult& objective) {
    const bool by_mean = excess_of(objective) <= 0;
    const model::Figure* figure = result.find(objective.key);
    std::vector<double> values;
    if (figure)
        for (const double value : figure->replications)
            if (!std::isnan(value)) values.push_back(value);
    const auto n = static_cast<double>(values.size());
    if (n < 2) return by_mean ? 1 : 0;
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double error = std::sqrt(squares / (n - 1) / n);
    if (!(error > 1e-12 * std::abs(mean))) return by_mean ? 1 : 0;
    const double side = objective.relation == model::Relation::at_most ? 1 : -1;
    return boost::math::cdf(boost::math::students_t(n - 1),
                            side * (objective.bound - objective.figure.value) / error);
}

double availability_of(const SizedCandidate& candidate) {
    const model::Figure* figure = candidate.result.find({"availability", "", ""});
    return figure ? figure->simulated.value : 1;
}

}  // namespace

double excess_of(const model::ObjectiveResult& objective) {
    if (std::isnan(objective.figure.value)) return 0;
    const double over = objective.relation == model::Relation::at_most
                            ? objective.figure.value - objective.bound
                            : objective.bound - objective.figure.value;
    return over / std::max(std::abs(objective.bound), 1e-12);
}

SizedCandidate candidate_of(Configuration levels, model::RunResult result) {
    SizedCandidate candidate;
    candidate.levels = std::move(levels);
    candidate.result = std::move(result);
    candidate.cost = candidate.result.bill.per_month().value();
    candidate.meets = true;
    candidate.meets_surely = 1;
    candidate.excess = -std::numeric_limits<double>::infinity();
    for (std::size_t o = 0; o < candidate.result.objectives.size(); ++o) {
        const model::ObjectiveResult& objective = candidate.result.objectives[o];
        const double excess = excess_of(objective);
        if (excess > candidate.excess) candidate.excess = excess, candidate.worst = o;
        candidate.meets = candidate.meets && excess <= 0;
        candidate.meets_surely -= 1 - met_surely(candidate.result, objective);
    }
    candidate.meets_surely = std::max(0.0, candidate.meets_surely);
    return candidate;
}

Choice choose(const std::vector<SizedCandidate>& candidates) {
    Choice choice;
    const auto meets =
        std::find_if(candidates.begin(), candidates.end(), [](const SizedCandidate& c) { return c.meets; });
    choice.found = meets != candidates.end();
    if (!choice.found) {
        const auto least = std::min_element(candidates.begin(), candidates.end(),
                                            [](const auto& a, const auto& b) { return a.excess < b.excess; });
        choice.chosen = static_cast<std::size_t>(least - candidates.begin());
        return choice;
    }
    choice.chosen = static_cast<std::size_t>(meets - candidates.begin());
    double doubt = 1 - meets->meets_surely;
    if (doubt > 1e-3) choice.doubtful.push_back(choice.chosen);
    for (std::size_t i = 0; i < choice.chosen; ++i) {
        // A cheaper one would have to meet all of its objectives: no surer than the one that it misses most.
        double least = 1;
        for (const model::ObjectiveResult& objective : candidates[i].result.objectives)
            least = std::min(least, met_surely(candidates[i].result, objective));
        doubt += least;
        if (least > 1e-3) choice.doubtful.push_back(i);
    }
    choice.correct = std::max(0.0, 1 - doubt);
    return choice;
}

void mark_efficient(std::vector<SizedCandidate>& candidates) {
    const auto time_of = [](const SizedCandidate& candidate) {
        for (const model::ObjectiveResult& objective : candidate.result.objectives) {
            const model::Metric* metric = model::find_metric(objective.key.metric);
            if (metric && metric->dimension == model::dimensions::time) return objective.figure.value;
        }
        return 0.0;
    };
    for (SizedCandidate& one : candidates)
        one.efficient = std::none_of(candidates.begin(), candidates.end(), [&](const SizedCandidate& other) {
            const double time = time_of(other), mine = time_of(one);
            const double up = availability_of(other), my_up = availability_of(one);
            const bool no_worse = other.cost <= one.cost && time <= mine && up >= my_up;
            return no_worse && (other.cost < one.cost || time < mine || up > my_up);
        });
}

}  // namespace headroom::sim
