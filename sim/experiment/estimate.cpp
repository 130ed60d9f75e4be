#include "model/store/metrics.h"
#include "sim/analytic/solver.h"
#include "sim/experiment/run.h"
#include "sim/experiment/summary.h"
#include "sim/experiment/times.h"
#include "sim/experiment/verdicts.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

/// Percentiles have no closed form for a network: a few tracers through the flow level give them.
Values traced_percentiles(const model::System& system, const Outline& outline, std::uint64_t seed) {
    if (!flow_gap(system).empty()) return {};
    const Replication traced = sketch_flow(system, seed);
    Times times(system, outline);
    times.add(traced);
    Values values;
    for (const TimeSubject& subject : times.subjects()) times.put(subject, values);
    std::erase_if(values, [](const auto& entry) { return percentile_of(entry.first.metric) == 0; });
    return values;
}

/// What flows at the mean rates of the closed form.
Flows mean_flows(const model::System& system) {
    Flows flows;
    flows.batches.assign(system.stations.size(), 0.0);
    flows.arrivals.assign(system.stations.size(), std::vector<double>(system.classes.size(), 0.0));
    flows.departures = flows.arrivals;
    const SystemEstimate estimate = solve(system);
    for (std::size_t s = 0; s < system.stations.size(); ++s) {
        const StationEstimate& station = estimate.stations[s];
        for (std::size_t k = 0; k < system.classes.size(); ++k) {
            flows.arrivals[s][k] = station.arrival_rate[k];
            flows.departures[s][k] = station.arrival_rate[k] * station.passed[k];
        }
        if (std::holds_alternative<model::Batch>(system.stations[s].primitive) && station.bulk_interval > 0)
            flows.batches[s] = 1 / station.bulk_interval;
    }
    return flows;
}

}  // namespace

model::Expected<model::RunResult> estimate(const model::Scenario& scenario, const model::Catalog& catalog,
                                           const model::Calibrations& calibrations) {
    auto lowered = model::lower(scenario, catalog, calibrations);
    if (!lowered) return tl::unexpected(lowered.error());
    const model::System system = *std::move(lowered);
    const Outline outline = outline_of(system);
    const AnalyticFigures analytic = analytic_figures(system, outline, 8);
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
    const Values traced = traced_percentiles(system, outline, scenario.seed);
    for (const auto& [key, value] : traced)
        if (!analytic.figures.contains(key)) add(key, value, false);
    for (const auto& item_class : system.classes)
        if (!outline.can_lose) add({"lost", "", item_class.name}, 0, true);
    if (!outline.can_lose) add({"lost", "", ""}, 0, true);

    const auto bill = billing.bill(mean_flows(system));
    if (!bill) return tl::unexpected(bill.error());
    result.bill = *bill;
    const double month = model::months(1).value();
    const std::vector<double> costs = cost_by_component(scenario, result.bill);
    add({"cost", "", ""}, result.bill.per_month().value() / month, false);
    for (std::size_t c = 0; c < costs.size(); ++c)
        add({"cost", scenario.components[c].id, ""}, costs[c] / month, false);
    sort_figures(result.figures);
    result.objectives = judge(scenario, result.figures);
    result.notes = cautions(subject, {}, result);
    return result;
}

}  // namespace headroom::sim
