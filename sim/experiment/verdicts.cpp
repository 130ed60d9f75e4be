#include "sim/experiment/verdicts.h"

#include "model/store/metrics.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

bool is_about(const model::Objective& objective, const model::FigureKey& key) {
    return key.metric == objective.metric && key.subject == objective.subject &&
           (objective.of.empty() || key.of == objective.of);
}

const model::Figure* figure_of(const model::Objective& objective, const std::vector<model::Figure>& figures) {
    const model::Figure* worst = nullptr;
    const bool most = objective.relation == model::Relation::at_most;
    for (const auto& figure : figures) {
        if (!is_about(objective, figure.key)) continue;
        if (figure.key.of == objective.of) return &figure;
        const auto side = [&](const model::Figure& f) {
            return most ? f.simulated.value : -f.simulated.value;
        };
        if (!worst || side(figure) > side(*worst)) worst = &figure;
    }
    return worst;
}

/// A half-width relative to its value; where the value is next to nothing, to the bound that it is held
/// against.
double relative(const model::Estimate& estimate, double bound) {
    if (estimate.exact() || estimate.half_width == 0) return 0;
    return estimate.half_width / std::max({std::abs(estimate.value), std::abs(bound) * 0.05, 1e-9});
}

bool is_count(const std::string& metric) { return metric == "lost" || metric == "queue.max"; }

}  // namespace

model::Verdict verdict_of(const model::Estimate& estimate, model::Relation relation, double bound) {
    if (std::isnan(estimate.value)) return model::Verdict::undecided;
    // Floating-point sums of counts and prices.
    const double slack = 1e-12 * std::abs(bound);
    const bool most = relation == model::Relation::at_most;
    if (most ? estimate.high() <= bound + slack : estimate.low() >= bound - slack) return model::Verdict::met;
    if (most ? estimate.low() > bound + slack : estimate.high() < bound - slack)
        return model::Verdict::broken;
    return model::Verdict::undecided;
}

std::vector<model::ObjectiveResult> judge(const model::Scenario& scenario,
                                          const std::vector<model::Figure>& figures) {
    std::vector<model::ObjectiveResult> results;
    for (const auto& objective : scenario.objectives) {
        model::ObjectiveResult result;
        result.text = objective.text;
        result.key = {objective.metric, objective.subject, objective.of};
        result.relation = objective.relation;
        result.bound = objective.bound;
        if (const model::Figure* figure = figure_of(objective, figures)) {
            result.key = figure->key;
            result.figure = figure->simulated;
            result.verdict = verdict_of(figure->simulated, objective.relation, objective.bound);
        } else {
            result.figure.value = std::numeric_limits<double>::quiet_NaN();
            result.figure.half_width = std::numeric_limits<double>::infinity();
        }
        results.push_back(std::move(result));
    }
    return results;
}

double worst_half_width(const model::Scenario& scenario, const std::vector<model::Figure>& figures) {
    double worst = 0;
    for (const auto& figure : figures) {
        const bool mean = (figure.key.metric == "response.mean" && figure.key.subject.empty()) ||
                          figure.key.metric == "freshness.mean";
        if (mean) worst = std::max(worst, relative(figure.simulated, 0));
    }
    for (const auto& objective : scenario.objectives) {
        if (is_count(objective.metric)) continue;
        if (const model::Figure* figure = figure_of(objective, figures))
            worst = std::max(worst, relative(figure->simulated, objective.bound));
    }
    return worst;
}

}  // namespace headroom::sim
