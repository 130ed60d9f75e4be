#include "model/store/metrics.h"
#include "sim/experiment/cost_figures.h"
#include "sim/experiment/recovery.h"
#include "sim/experiment/sketch.h"
#include "sim/experiment/summary.h"
#include "sim/experiment/times.h"
#include "sim/experiment/verdicts.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

/// Percentiles have no closed form for a network: a few tracers through the flow level give them.
Values traced_percentiles(const model::System& system, const Outline& outline, std::uint64_t seed,
                          std::stop_token stop) {
    const Replication traced = sketch_flow(system, seed, std::move(stop));
    if (traced.stopped) return {};
    Times times(system, outline);
    times.add(traced);
    Values values;
    for (const TimeSubject& subject : times.subjects()) times.put(subject, values);
    std::erase_if(values, [](const auto& entry) { return percentile_of(entry.first.metric) == 0; });
    return values;
}

model::Expected<model::RunResult> estimate(const model::Scenario& scenario, const model::Catalog& catalog,
                                           const model::Calibrations& calibrations, bool with_percentiles,
                                           Fullness* fullness, std::stop_token stop) {
    auto lowered = model::lower(scenario, catalog, calibrations);
    if (!lowered) return tl::unexpected(lowered.error());
    const model::System system = *std::move(lowered);
    const Outline outline = outline_of(system);
    const AnalyticFigures analytic = analytic_figures(system, outline, 8);
    if (fullness != nullptr) *fullness = analytic.fullness;
    const Billing billing(scenario, catalog, system, outline);
    const Subject subject{scenario, system, outline, analytic, billing};

    model::RunResult result;
    result.scenario_name = scenario.name;
    result.scenario_file = scenario.file.string();
    result.scenario_hash = content_hash(scenario, calibrations);
    result.horizon = system.horizon;
    result.seed = scenario.seed;
    result.confidence = scenario.precision.confidence;

    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto add = [&](const model::FigureKey& key, double value, bool exact) {
        model::Figure figure;
        figure.key = key;
        figure.simulated = {value, nan};
        figure.analytic = value;
        figure.analytic_exact = exact;
        result.figures.push_back(std::move(figure));
    };
    for (const auto& [key, figure] : analytic.figures) add(key, figure.value, figure.exact);
    const Values traced =
        with_percentiles ? traced_percentiles(system, outline, scenario.seed, std::move(stop)) : Values();
    for (const auto& [key, value] : traced)
        if (!analytic.figures.contains(key)) add(key, value, false);
    for (const auto& item_class : system.classes)
        if (!outline.can_lose) add({"lost", "", item_class.name}, 0, true);
    if (!outline.can_lose) add({"lost", "", ""}, 0, true);

    const Flows flows = mean_flows(system);
    auto bill = billing.bill(flows);
    if (!bill) return tl::unexpected(bill.error());
    result.bill = *std::move(bill);
    for (const auto& [key, value] : cost_values(subject, flows, result.bill)) add(key, value, false);
    for (const auto& [key, value] : node_values(subject, flows)) add(key, value, false);
    for (const auto& [key, value] : recovery_forms(subject)) add(key, value, false);
    sort_figures(result.figures);
    result.objectives = judge(scenario, result.figures);
    result.notes = cautions(subject, {}, result);
    return result;
}

}  // namespace

model::Expected<model::RunResult> estimate(const model::Scenario& scenario, const model::Catalog& catalog,
                                           const model::Calibrations& calibrations, std::stop_token stop) {
    return estimate(scenario, catalog, calibrations, true, nullptr, std::move(stop));
}

model::Expected<model::RunResult> closed_forms(const model::Scenario& scenario, const model::Catalog& catalog,
                                               const model::Calibrations& calibrations, Fullness* fullness) {
    return estimate(scenario, catalog, calibrations, false, fullness, {});
}

}  // namespace headroom::sim
