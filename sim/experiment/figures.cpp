#include "sim/experiment/figures.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

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

Values counts_of(const model::System& system, const Outline& outline, const Replication& replication,
                 const std::vector<double>& growing) {
    Values values;
    const double measured = replication.measured_time;
    double lost = 0;
    for (std::size_t k = 0; k < system.classes.size(); ++k) {
        const ClassTally& tally = replication.classes[k];
        const std::string& of = system.classes[k].name;
        values[{"throughput", "", of}] = measured > 0 ? tally.measured / measured : 0;
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
            }
            if (!visited) continue;
            values[{"throughput", component.id, system.classes[k].name}] = measured > 0 ? out / measured : 0;
        }
    }
    return values;
}

}  // namespace headroom::sim
