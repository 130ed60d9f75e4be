// What the flow level cannot treat, in words.

#include "model/system/losses.h"
#include "sim/analytic/traffic.h"
#include "sim/platform/flow_grid.h"
#include "sim/platform/replication.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <vector>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Whether copies may end before they meet: then a join may wait in vain.
bool may_miss(const model::System& system) {
    const bool filters = std::any_of(system.stations.begin(), system.stations.end(), [](const auto& station) {
        const bool itself = std::holds_alternative<model::Fork>(station.primitive) ||
                            std::holds_alternative<model::Join>(station.primitive);
        return !itself && std::any_of(station.yields.begin(), station.yields.end(),
                                      [](double yield) { return yield != 1; });
    });
    return filters || !system.outages.empty() || model::can_lose(system);
}

/// Busy servers that an item of the open source causes at every station, by each item a second.
std::vector<double> work_by(const model::System& system, const TrafficEquations& traffic,
                            std::size_t source) {
    const std::vector<double> everyone(system.stations.size(), 1.0);
    std::vector<double> alone(system.open.size(), 0.0);
    alone[source] = 1;
    const int item_class = system.open[source].item_class;
    std::vector<double> work = traffic.arrivals(item_class, traffic.entry(item_class, alone, 0), everyone);
    work.resize(system.stations.size(), 0.0);
    for (std::size_t s = 0; s < work.size(); ++s) {
        const auto* queue = std::get_if<model::Queue>(&system.stations[s].primitive);
        work[s] *= queue ? flow::pace_of(*queue).service[at(item_class)].mean : 0;
    }
    return work;
}

/// Stations without a limit where users wait for their answers, by whether there are any.
std::vector<char> held_by_users(const model::System& system, const TrafficEquations& traffic) {
    std::vector<char> held(system.stations.size(), 0);
    for (const auto& source : system.closed)
        for (const int s : traffic.reached(source.item_class)) {
            const auto* queue = std::get_if<model::Queue>(&system.stations[at(s)].primitive);
            held[at(s)] = queue && !flow::pace_of(*queue).bounded;
        }
    return held;
}

/// Users beside open work that fills the servers at any time: what piles up has no steady state that could
/// be taught, and holds up the users as well.
std::string crowded(const model::System& system) {
    if (system.closed.empty() || system.open.empty()) return {};
    const TrafficEquations traffic(system);
    const std::vector<char> held = held_by_users(system, traffic);
    std::vector<std::vector<double>> work;
    for (std::size_t i = 0; i < system.open.size(); ++i) work.push_back(work_by(system, traffic, i));
    const auto shared = [&](std::size_t s) {
        return held[s] && std::any_of(work.begin(), work.end(),
                                      [&](const auto& by_station) { return by_station[s] > 0; });
    };
    std::vector<std::size_t> places;
    for (std::size_t s = 0; s < held.size(); ++s)
        if (shared(s)) places.push_back(s);
    if (places.empty()) return {};
    for (const double moment : flow_grid(system, {}, true))
        for (const std::size_t s : places) {
            double busy = 0;
            for (std::size_t i = 0; i < work.size(); ++i)
                busy += work[i][s] * system.open[i].rate.at(model::seconds(moment)).value();
            const auto& queue = std::get<model::Queue>(system.stations[s].primitive);
            if (busy >= std::min(queue.servers, queue.admitted))
                return "the flow level does not know users who wait for an answer beside open work that "
                       "fills the servers at its peak; '" +
                       system.stations[s].name + "' needs the record level";
        }
    return {};
}

}  // namespace

std::string flow_gap(const model::System& system) {
    if (!system.regions.empty())
        return "the flow level does not know the region '" + system.regions.front().name +
               "', whose components share a room; it needs the record level";
    for (const auto& source : system.open)
        if (!source.pattern.states.empty() || !source.pattern.bulk.is_one() || source.pattern.trace.times)
            return "the flow level does not know arrivals by 'mmpp', in a 'bulk' or from a 'trace'; '" +
                   system.classes[static_cast<std::size_t>(source.item_class)].name +
                   "' needs the record level";
    const auto persists = [](const auto& source) { return source.persistence.has_value(); };
    if (std::any_of(system.open.begin(), system.open.end(), persists) ||
        std::any_of(system.closed.begin(), system.closed.end(), persists))
        return "the flow level does not know requests with a 'timeout' or 'retries'; they need the record "
               "level";
    for (const auto& station : system.stations) {
        const auto needs_record_level = [&](const char* what) {
            return std::string("the flow level does not know ") + what + "; '" + station.name +
                   "' needs the record level";
        };
        if (const auto* fork = std::get_if<model::Fork>(&station.primitive)) {
            // Each tracer makes as many.
            if (fork->copies > 1000) return needs_record_level("forks into more than a thousand copies");
            if (fork->hedge_after.value() > 0) return needs_record_level("hedged requests");
            if (std::get<model::Join>(system.stations[static_cast<std::size_t>(fork->join)].primitive).cancel)
                return needs_record_level("copies that are withdrawn");
            if (!system.closed.empty())
                return needs_record_level("forks beside users who wait for an answer");
            if (may_miss(system)) return needs_record_level("forks whose copies may be lost");
        }
        for (const model::Route& route : station.routes) {
            if (route.routing == model::Routing::least_loaded) return needs_record_level("routing by load");
            for (const model::Branch& branch : route.branches)
                if (branch.item_class >= 0)
                    return needs_record_level("items that become those of another workload");
        }
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        if (queue && (queue->discipline == model::Discipline::lcfs ||
                      queue->discipline == model::Discipline::lcfs_preemptive))
            return "the flow level does not know service in reverse order of arrival; the discipline of '" +
                   station.name + "' needs the record level";
        if (queue && queue->overflow != model::Overflow::drop)
            return "the flow level knows items that are rejected where there is no room, not those that "
                   "wait or come again; '" +
                   station.name + "' needs the record level";
        if (queue && !queue->patience.empty() && !flow::all_impatient(*queue))
            return "the flow level knows patience that ends for all or for none; '" + station.name +
                   "' needs the record level";
    }
    return crowded(system);
}

}  // namespace headroom::sim
