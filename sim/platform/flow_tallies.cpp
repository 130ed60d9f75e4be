// What the fluid adds to the tallies.

#include "sim/platform/flow_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace headroom::sim {

double FlowNetwork::measured_share(std::size_t step) const {
    const double from = std::max(edges_[step], options_.warm_up);
    return std::max(0.0, edges_[step + 1] - from) / (edges_[step + 1] - edges_[step]);
}

void FlowNetwork::spread(std::vector<double>& bins, double from, double to, double amount) const {
    const double width = system_.horizon.value() / static_cast<double>(bins.size());
    const auto first = static_cast<std::size_t>(std::max(0.0, from / width));
    for (std::size_t b = first; b < bins.size() && static_cast<double>(b) * width < to; ++b) {
        const double low = std::max(from, static_cast<double>(b) * width);
        const double high = std::min(to, static_cast<double>(b + 1) * width);
        if (high > low) bins[b] += amount * (high - low) / (to - from);
    }
}

void FlowNetwork::tally_step(std::size_t station, std::size_t step) {
    StationTally& tally = result_.stations[station];
    const double measured = measured_share(step), length = to_ - from_;
    double before = 0, after = 0;
    for (std::size_t k = 0; k < departures_.size(); ++k) {
        const double arrivals = inflow_.rate[k] * length, rejected = arrivals * answer_.rejected[k];
        const double expired = arrivals * answer_.expired[k];
        VisitTally& visit = tally.visits[k];
        visit.arrivals += arrivals * measured;
        visit.departures += departures_[k] * measured;
        visit.rejected += rejected * measured;
        visit.expired += expired * measured;
        if (asking_source_[k] < 0) {
            result_.classes[k].rejected += rejected;
            result_.classes[k].expired += expired;
        }
        after += content_[station][k] - departures_[k];
        before += content_[station][k] - (arrivals - rejected - expired);
    }
    // Not a rounding error below none.
    const double present = std::max(0.0, before + after) / 2 * length;
    tally.population += present * measured;
    tally.population_end = after;
    if (measured > 0) tally.population_max = std::max({tally.population_max, after, answer_.most});
    tally.batches += answer_.commits * measured;
    tally.lookups += answer_.lookups * measured;
    tally.hits += answer_.hits * measured;
    if (std::holds_alternative<model::Cache>(system_.stations[station].primitive)) {
        tally.hit_ratio.resize(tally.queue.size());
        lookups_[station].resize(tally.queue.size());
        spread(tally.hit_ratio, from_, to_, answer_.hits);
        spread(lookups_[station], from_, to_, answer_.lookups);
    }
    const double servers = stations_[station]->servers();
    tally.busy += answer_.utilisation * servers * length * measured;
    tally.capacity += servers * length * measured;
    hottest_[station] += answer_.hottest * length * measured;
    const double width = system_.horizon.value() / static_cast<double>(tally.queue.size());
    spread(tally.queue, from_, to_, present / width);
    spread(work_variance_[station], from_, to_, answer_.work_variance * length);
    spread(tally.utilisation, from_, to_, answer_.utilisation * length / width);
}

// Work does not come evenly: the busy share of a bin scatters, by the variance of the work that comes in it
// where the bin is long, by that of one look at the servers where it is short.
void FlowNetwork::scatter_utilisation() {
    const double width =
        system_.horizon.value() / static_cast<double>(work_variance_.empty() ? 1 : work_variance_[0].size());
    for (std::size_t s = 0; s < work_variance_.size(); ++s) {
        const double servers = stations_[s]->servers();
        if (servers <= 0) continue;
        RandomStream random = draws_.stream(system_.stations[s].name, "utilisation of the flow");
        for (std::size_t b = 0; b < work_variance_[s].size(); ++b) {
            double& busy = result_.stations[s].utilisation[b];
            const double normal =
                std::sqrt(2 * random.exponential()) * std::cos(2 * std::numbers::pi * random.uniform());
            const double work = work_variance_[s][b] / (servers * servers * width * width);
            const double look = busy * (1 - busy) / servers;
            if (work > 0 && look > 0)
                busy = std::clamp(busy + normal / std::sqrt(1 / work + 1 / look), 0.0, 1.0);
        }
    }
}

void FlowNetwork::finish() {
    for (std::size_t s = 0; s < lookups_.size(); ++s)
        for (std::size_t b = 0; b < lookups_[s].size(); ++b)
            result_.stations[s].hit_ratio[b] = lookups_[s][b] > 0
                                                   ? result_.stations[s].hit_ratio[b] / lookups_[s][b]
                                                   : std::numeric_limits<double>::quiet_NaN();
    const double width =
        system_.horizon.value() /
        static_cast<double>(result_.classes.empty() ? 1 : result_.classes[0].throughput.size());
    for (std::size_t k = 0; k < result_.classes.size(); ++k) {
        ClassTally& tally = result_.classes[k];
        for (double& items : tally.throughput) items /= width;
        for (std::size_t s = 0; s < content_.size(); ++s)
            tally.in_flight += content_[s][k] + returning_[s][k];
        tally.in_flight += forked_[k];
        if (asking_source_[k] >= 0)
            tally.in_flight = tally.arrived - tally.completed - tally.rejected - tally.expired;
        for (std::size_t b = 0; b < response_sum_[k].size(); ++b)
            tally.response_bins.push_back(response_weight_[k][b] > 0
                                              ? response_sum_[k][b] / response_weight_[k][b]
                                              : std::numeric_limits<double>::quiet_NaN());
    }
    scatter_utilisation();
    for (std::size_t s = 0; s < stations_.size() && result_.measured_time > 0; ++s)
        result_.stations[s].scaled =
            (stations_[s]->scaled_until(system_.horizon.value()) - scaled_before_[s]) / result_.measured_time;
    for (std::size_t s = 0; s < hottest_.size(); ++s)
        result_.stations[s].hottest = result_.measured_time > 0 ? hottest_[s] / result_.measured_time : 0;
    for (std::size_t b = 0; b < series_sum_.size(); ++b)
        if (series_weight_[b] > 0) result_.warm_up_series.push_back(series_sum_[b] / series_weight_[b]);
}

}  // namespace headroom::sim
