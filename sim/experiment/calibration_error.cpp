#include "sim/experiment/calibration_error.h"

#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace headroom::sim {

namespace {

// More would tell the difference no better: both sides have the same random numbers.
constexpr std::size_t most_replications = 3;
constexpr double least_error = 1e-3;

/// Of a batch's time; 0 where it is not known.
double relative_error(const model::Calibration& calibration) {
    const double relative = calibration.time_per_row.half_width / calibration.time_per_row.value;
    return std::isfinite(relative) ? relative : 0;
}

model::Calibration slower(model::Calibration calibration, double factor) {
    calibration.time_per_row.value *= factor;
    calibration.time_per_byte.value *= factor;
    calibration.time_per_batch.value *= factor;
    for (model::StepCost& step : calibration.steps) {
        step.time_per_row.value *= factor;
        step.time_per_batch.value *= factor;
        for (model::TimedBatch& batch : step.batches) batch.seconds *= factor;
    }
    return calibration;
}

std::map<model::FigureKey, double> values_of(const std::vector<model::Figure>& figures) {
    std::map<model::FigureKey, double> values;
    for (const model::Figure& figure : figures) values.emplace(figure.key, figure.simulated.value);
    return values;
}

/// Figures of the first replications of a system; everything else is as in `like`.
std::map<model::FigureKey, double> summary_of(const Subject& subject,
                                              std::span<const Replication> replications,
                                              const model::RunResult& like) {
    model::RunResult result;
    result.level = like.level;
    result.horizon = like.horizon;
    result.warm_up = like.warm_up;
    summarise(subject, replications, like.confidence, result);
    return values_of(result.figures);
}

}  // namespace

std::vector<std::string> widen_by_calibrations(const Subject& subject, const model::Catalog& catalog,
                                               const model::Calibrations& calibrations,
                                               std::span<const Replication> replications,
                                               const Resimulate& simulate, std::stop_token stop,
                                               model::RunResult& result) {
    std::vector<std::string> notes;
    const std::size_t count = std::min(replications.size(), most_replications);
    if (count == 0) return notes;
    for (const auto& [component, calibration] : calibrations) {
        const double error = relative_error(calibration);
        if (error < least_error) continue;
        model::Calibrations changed = calibrations;
        changed[component] = slower(calibration, 1 + error);
        const auto system = model::lower(subject.scenario, catalog, changed);
        if (!system) continue;
        std::vector<Replication> again;
        for (std::size_t i = 0; i < count && !stop.stop_requested(); ++i)
            again.push_back(simulate(*system, static_cast<int>(i), stop));
        if (stop.stop_requested()) break;

        const Outline outline = outline_of(*system);
        const AnalyticFigures analytic = analytic_figures(*system, outline, 24);
        const Billing billing(subject.scenario, catalog, *system, outline);
        const auto before = summary_of(subject, replications.first(count), result);
        const auto after = summary_of({subject.scenario, *system, outline, analytic, billing}, again, result);
        for (model::Figure& figure : result.figures) {
            const auto a = before.find(figure.key), b = after.find(figure.key);
            if (a == before.end() || b == after.end()) continue;
            const double moved = b->second - a->second;
            if (!std::isfinite(moved) || std::abs(moved) <= 1e-9 * std::abs(a->second)) continue;
            double& half_width = figure.simulated.half_width;
            half_width = std::isnan(half_width) ? std::abs(moved) : std::hypot(half_width, moved);
        }
        notes.push_back(
            "The intervals hold the error of the measured transform of " + component + " (± " +
            model::format_quantity(error, model::dimensions::none, {.digits = 2, .percent = true}) +
            " of its time).");
    }
    return notes;
}

}  // namespace headroom::sim
