#include "sim/analytic/solver.h"
#include "sim/analytic/station_figures.h"
#include "sim/experiment/billing.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

Flows flows_of(const model::System& system, const Replication& replication) {
    Flows flows;
    const double measured = replication.measured_time > 0 ? replication.measured_time : 1;
    for (std::size_t s = 0; s < system.stations.size(); ++s) {
        const StationTally& tally = replication.stations[s];
        std::vector<double> arrivals, departures;
        for (const VisitTally& visit : tally.visits) {
            arrivals.push_back(visit.arrivals / measured);
            departures.push_back(visit.departures / measured);
        }
        flows.arrivals.push_back(std::move(arrivals));
        flows.departures.push_back(std::move(departures));
        flows.batches.push_back(tally.batches / measured);
        flows.busy.push_back(tally.busy / measured);
        flows.scaled.push_back(tally.scaled);
    }
    for (const ClassTally& tally : replication.classes)
        flows.entered.push_back(tally.arrived / system.horizon.value());
    return flows;
}

namespace {

/// What its target asks for on average; jobs that come at once ask for more.
double scaled_share(const model::BatchPool& pool, double utilisation) {
    if (!pool.scaler || pool.scaler->target <= 0) return 1;
    return std::clamp(utilisation / pool.scaler->target, pool.scaler->least, 1.0);
}

}  // namespace

Flows mean_flows(const model::System& system) {
    Flows flows;
    flows.arrivals.assign(system.stations.size(), std::vector<double>(system.classes.size(), 0.0));
    flows.departures = flows.arrivals;
    flows.batches.assign(system.stations.size(), 0.0);
    flows.busy = flows.batches;
    flows.scaled.assign(system.stations.size(), 1.0);
    flows.entered.assign(system.classes.size(), 0.0);
    const SystemEstimate estimate = solve(system);
    for (std::size_t s = 0; s < system.stations.size(); ++s) {
        const StationEstimate& station = estimate.stations[s];
        const model::Primitive& primitive = system.stations[s].primitive;
        for (std::size_t k = 0; k < system.classes.size(); ++k) {
            flows.arrivals[s][k] = station.arrival_rate[k];
            flows.departures[s][k] = station.arrival_rate[k] * station.passed[k];
        }
        if (std::holds_alternative<model::Batch>(primitive) && station.bulk_interval > 0)
            flows.batches[s] = 1 / station.bulk_interval;
        const double servers = servers_of(primitive);
        if (servers > 0 && servers < model::unlimited)
            flows.busy[s] = servers * std::clamp(station.utilisation, 0.0, 1.0);
        if (const auto* pool = std::get_if<model::BatchPool>(&primitive))
            flows.scaled[s] = scaled_share(*pool, station.utilisation);
    }
    for (const model::OpenSource& source : system.open)
        flows.entered[at(source.item_class)] += source.rate.mean(model::seconds(0), system.horizon).value();
    for (const model::ClosedSource& source : system.closed)
        flows.entered[at(source.item_class)] += estimate.classes[at(source.item_class)].throughput;
    return flows;
}

Flows mean_of(const std::vector<Flows>& all) {
    Flows sum = all.front();
    const auto add = [](std::vector<double>& to, const std::vector<double>& more) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] += more[i];
    };
    for (std::size_t r = 1; r < all.size(); ++r) {
        for (std::size_t s = 0; s < sum.arrivals.size(); ++s) {
            add(sum.arrivals[s], all[r].arrivals[s]);
            add(sum.departures[s], all[r].departures[s]);
        }
        add(sum.batches, all[r].batches);
        add(sum.busy, all[r].busy);
        add(sum.scaled, all[r].scaled);
        add(sum.entered, all[r].entered);
    }
    const double count = static_cast<double>(all.size());
    const auto divide = [count](std::vector<double>& values) {
        for (double& value : values) value /= count;
    };
    for (std::vector<double>& rates : sum.arrivals) divide(rates);
    for (std::vector<double>& rates : sum.departures) divide(rates);
    divide(sum.batches);
    divide(sum.busy);
    divide(sum.scaled);
    divide(sum.entered);
    return sum;
}

Flows scaled(const model::System& system, const Flows& flows, const std::vector<double>& factors) {
    Flows more = flows;
    for (std::size_t s = 0; s < system.stations.size(); ++s) {
        double before = 0, after = 0, bytes = 0, items = 0;
        for (std::size_t k = 0; k < factors.size(); ++k) {
            more.arrivals[s][k] *= factors[k];
            more.departures[s][k] *= factors[k];
            before += flows.arrivals[s][k];
            items += more.arrivals[s][k];
            bytes += more.arrivals[s][k] * system.stations[s].sizes[k].value();
        }
        after = items;
        if (before > 0)
            more.busy[s] = std::min(flows.busy[s] * after / before,
                                    std::max(flows.busy[s], servers_of(system.stations[s].primitive)));
        const auto* pool = std::get_if<model::BatchPool>(&system.stations[s].primitive);
        if (pool != nullptr && pool->scaler && pool->scaler->target > 0 && before > 0)
            more.scaled[s] = std::clamp(flows.scaled[s] * after / before, pool->scaler->least, 1.0);
        const auto* batch = std::get_if<model::Batch>(&system.stations[s].primitive);
        if (batch != nullptr && flows.batches[s] > 0) {
            double needed = 0;  // commits that the sizes alone would make
            if (std::isfinite(batch->max_size.value())) needed = bytes / batch->max_size.value();
            if (std::isfinite(batch->max_items)) needed = std::max(needed, items / batch->max_items);
            more.batches[s] = std::max(flows.batches[s], needed);
        }
    }
    for (std::size_t k = 0; k < factors.size(); ++k) more.entered[k] *= factors[k];
    return more;
}

}  // namespace headroom::sim
