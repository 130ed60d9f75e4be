#include "sim/experiment/figures.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

struct Percentile {
    const char* name;
    double p;
};
constexpr Percentile percentiles[] = {
    {".p50", 0.5}, {".p90", 0.9}, {".p95", 0.95}, {".p99", 0.99}, {".p99.9", 0.999}};

std::size_t at(int index) { return static_cast<std::size_t>(index); }

void put_times(Values& values, const char* metric, const std::string& subject, const std::string& of,
               const QuantileSketch& sketch) {
    if (sketch.count() <= 0) return;
    const bool waiting = std::string_view(metric) == "waiting";
    values[{std::string(metric) + ".mean", subject, of}] = sketch.mean();
    for (const auto& [name, p] : percentiles) {
        if (waiting && (p == 0.9 || p == 0.999)) continue;  // not in the table of metrics
        values[{std::string(metric) + name, subject, of}] = sketch.quantile(p);
    }
}

/// Quantiles at (i + 0.5) / points: a hundred are looked up in the body, each one in the last hundredth.
std::vector<double> even_quantiles(const QuantileSketch& sketch, int points) {
    const int coarse = points / 100, tail = points - points / 100;
    std::vector<double> values(at(points));
    double low = sketch.quantile(0.5 / points);
    for (int i = 0; i < tail; i += coarse) {
        const int end = std::min(tail, i + coarse);
        const double high = sketch.quantile((end + 0.5) / points);
        for (int j = i; j < end; ++j) values[at(j)] = low + (high - low) * (j - i) / (end - i);
        low = high;
    }
    for (int i = tail; i < points; ++i) values[at(i)] = sketch.quantile((i + 0.5) / points);
    return values;
}

// The times of a visit to several stations in turn, taken as independent: quantiles of their sum over a fixed
// lattice (Korobov), so that the same sketches give the same answer.
QuantileSketch sum_of(const std::vector<const QuantileSketch*>& parts) {
    constexpr int points = 4093;
    QuantileSketch sum;
    std::vector<std::vector<double>> grids;
    for (const QuantileSketch* part : parts) grids.push_back(even_quantiles(*part, points));
    for (int i = 0; i < points; ++i) {
        double value = 0;
        long index = i;
        for (const auto& grid : grids) {
            value += grid[static_cast<std::size_t>(index)];
            index = index * 1516 % points;
        }
        sum.add(value);
    }
    return sum;
}

void put_component_times(Values& values, const char* metric, const model::System& system,
                         const Outline::Component& component, const Replication& replication, std::size_t k,
                         QuantileSketch VisitTally::*sketch) {
    double visits = 0, time = 0;
    std::vector<const QuantileSketch*> parts;
    for (const int s : component.stations) {
        const VisitTally& visit = replication.stations[at(s)].visits[k];
        time += visit.departures * (visit.*sketch).mean();
        // Stations that take no time add nothing to the distribution.
        if ((visit.*sketch).count() > 0 && (visit.*sketch).max() > 0) parts.push_back(&(visit.*sketch));
    }
    for (const int s : component.entries[k]) {
        double inner = 0;
        for (const int from : component.stations)
            inner += replication.stations[at(from)].visits[k].departures *
                     flow_between(system.stations[at(from)], static_cast<int>(k), s);
        visits += std::max(0.0, replication.stations[at(s)].visits[k].departures - inner);
    }
    if (visits <= 0) return;
    const std::string& of = system.classes[k].name;
    if (parts.empty()) {
        for (const int s : component.stations)
            if ((replication.stations[at(s)].visits[k].*sketch).count() > 0)
                parts.push_back(&(replication.stations[at(s)].visits[k].*sketch));
        if (!parts.empty()) put_times(values, metric, component.id, of, *parts.front());
    } else {
        put_times(values, metric, component.id, of, parts.size() == 1 ? *parts.front() : sum_of(parts));
    }
    values[{std::string(metric) + ".mean", component.id, of}] = time / visits;
}

double busy_share(const StationTally& tally) { return tally.capacity > 0 ? tally.busy / tally.capacity : 0; }
double peak_of(const std::vector<double>& bins) {
    return bins.empty() ? 0 : *std::max_element(bins.begin(), bins.end());
}

void put_station(Values& values, const std::string& subject, const StationTally& tally, double measured,
                 double growth) {
    if (tally.capacity > 0) {
        values[{"utilisation", subject, ""}] = busy_share(tally);
        values[{"utilisation.peak", subject, ""}] = peak_of(tally.utilisation);
        values[{"utilisation.hottest", subject, ""}] = std::max(tally.hottest, busy_share(tally));
    }
    values[{"queue", subject, ""}] = measured > 0 ? tally.population / measured : 0;
    values[{"queue.max", subject, ""}] = tally.population_max;
    values[{"growth", subject, ""}] = growth;
}

}  // namespace

Values figures_of(const model::System& system, const Outline& outline, const Replication& replication,
                  const std::vector<double>& growing) {
    Values values;
    const double measured = replication.measured_time;
    double lost = 0;
    for (std::size_t k = 0; k < system.classes.size(); ++k) {
        const ClassTally& tally = replication.classes[k];
        const std::string& of = system.classes[k].name;
        values[{"throughput", "", of}] = measured > 0 ? tally.measured / measured : 0;
        put_times(values, "response", "", of, tally.response);
        values[{"lost", "", of}] = tally.rejected + tally.expired + tally.lost;
        lost += tally.rejected + tally.expired + tally.lost;
    }
    values[{"lost", "", ""}] = lost;
    // A sketch of the flow level does not know it.
    if (!replication.availability.stations.empty() && !system.outages.empty()) {
        const Availability& availability = replication.availability;
        values[{"availability", "", ""}] = availability.platform;
        for (std::size_t k = 0; k < system.classes.size(); ++k)
            values[{"availability", "", system.classes[k].name}] = availability.classes[k];
        for (const auto& component : outline.components) {
            double worst = 1;
            for (const int s : component.stations) worst = std::min(worst, availability.stations[at(s)]);
            if (!component.stations.empty()) values[{"availability", component.id, ""}] = worst;
        }
    }
    for (std::size_t i = 0; i < system.read_points.size(); ++i) {
        const auto& point = system.read_points[i];
        put_times(values, "freshness", system.components[at(point.component)],
                  system.classes[at(point.item_class)].name, replication.freshness[i]);
    }
    const auto growth_of = [&](int s) {
        if (growing[at(s)] <= 0 || measured <= 0) return 0.0;
        double left = 0;
        for (const VisitTally& visit : replication.stations[at(s)].visits)
            left += visit.arrivals - visit.departures - visit.rejected - visit.expired;
        return std::max(0.0, left / measured);
    };
    for (const auto& component : outline.components) {
        StationTally sum;
        double growth = 0;
        const StationTally* busiest = nullptr;
        for (const int s : component.stations) {
            const StationTally& tally = replication.stations[at(s)];
            growth += growth_of(s);
            sum.population += tally.population;
            sum.population_max += tally.population_max;
            if (tally.capacity > 0 && (!busiest || busy_share(tally) > busy_share(*busiest)))
                busiest = &tally;
            sum.hottest = std::max(sum.hottest, tally.hottest);
            if (component.stations.size() > 1)
                put_station(values, system.stations[at(s)].name, tally, measured, growth_of(s));
        }
        if (busiest) {
            sum.busy = busiest->busy;
            sum.capacity = busiest->capacity;
            sum.utilisation = busiest->utilisation;
        }
        put_station(values, component.id, sum, measured, growth);
        double lookups = 0, hits = 0;
        for (const int s : component.stations) {
            lookups += replication.stations[at(s)].lookups;
            hits += replication.stations[at(s)].hits;
        }
        if (lookups > 0) values[{"hit-ratio", component.id, ""}] = hits / lookups;
        for (std::size_t k = 0; k < system.classes.size(); ++k) {
            double out = 0;
            bool visited = false;
            for (const int s : component.stations) {
                const VisitTally& visit = replication.stations[at(s)].visits[k];
                visited = visited || visit.arrivals > 0;
                out += visit.departures *
                       flow_out_of_component(system, system.stations[at(s)], static_cast<int>(k));
                if (component.stations.size() > 1 && visit.departures > 0) {
                    const std::string& name = system.stations[at(s)].name;
                    put_times(values, "waiting", name, system.classes[k].name, visit.waiting);
                    put_times(values, "response", name, system.classes[k].name, visit.response);
                }
            }
            if (!visited) continue;
            values[{"throughput", component.id, system.classes[k].name}] = measured > 0 ? out / measured : 0;
            put_component_times(values, "waiting", system, component, replication, k, &VisitTally::waiting);
            put_component_times(values, "response", system, component, replication, k, &VisitTally::response);
        }
    }
    return values;
}

}  // namespace headroom::sim
