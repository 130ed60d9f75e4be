// What the flow level cannot treat, in words.

#include "model/system/losses.h"
#include "model/units/unit.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/traffic.h"
#include "sim/platform/flow_grid.h"
#include "sim/platform/flow_pattern.h"
#include "sim/platform/time_lapse.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
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
FluidGap crowded(const model::System& system) {
    if (system.closed.empty() || system.open.empty()) return {};
    const TrafficEquations traffic = decided_traffic(system);
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
                return {"users who wait for an answer beside open work that fills the servers at its peak",
                        system.stations[s].name};
        }
    return {};
}

/// Requests of the class, whose senders ask again, go singly through stations that keep them until they are
/// done.
bool goes_simply(const model::System& system, const TrafficEquations& traffic, int item_class) {
    const auto simple = [&](int s) {
        const model::Station& station = system.stations[at(s)];
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        const auto* log = std::get_if<model::PartitionedLog>(&station.primitive);
        const bool loses = std::any_of(system.outages.begin(), system.outages.end(), [&](const auto& outage) {
            return outage.work == model::Interrupted::lose &&
                   std::any_of(outage.effects.begin(), outage.effects.end(),
                               [&](const auto& effect) { return effect.station == s; });
        });
        return !loses && station.yields[at(item_class)] == 1 &&
               station.routes[at(item_class)].routing != model::Routing::copy &&
               !std::holds_alternative<model::Fork>(station.primitive) &&
               (!queue || queue->patience.empty()) && (!log || std::isinf(log->retention.value()));
    };
    const auto& reached = traffic.reached(item_class);
    return std::all_of(reached.begin(), reached.end(), simple);
}

/// Attempts are fluid where they come one by one from outside and are not taken back.
FluidGap impatient_senders(const model::System& system) {
    FluidGap gap;
    const TrafficEquations traffic(system);
    const auto look = [&](const auto& source, bool open) {
        if (!source.persistence) return;
        const bool known = gap.empty() || !gap.caution.empty();
        const auto same = [&](const auto& other) { return other.item_class == source.item_class; };
        const bool alone = std::count_if(system.open.begin(), system.open.end(), same) +
                               std::count_if(system.closed.begin(), system.closed.end(), same) ==
                           1;
        const bool simply = known && open && alone && !source.persistence->cancels &&
                            goes_simply(system, traffic, source.item_class);
        gap = {
            "requests with a 'timeout' or 'retries'", system.classes[at(source.item_class)].name,
            simply
                ? "Attempts are taken as independent of each other: percentiles may be off by more than 5 % "
                  "where many of them are in vain at once, and a storm of retries that chance alone starts "
                  "is "
                  "not seen."
                : ""};
    };
    for (const auto& source : system.open) look(source, true);
    for (const auto& source : system.closed) look(source, false);
    return gap;
}

/// Users who wait in more than one line that is not short, or for jobs. Each is followed in one line.
FluidGap wandering_users(const model::System& system) {
    constexpr double short_line = 0.3;
    if (system.closed.empty()) return {};
    const SystemEstimate estimate = solve(system);
    const TrafficEquations traffic(system);
    for (const auto& source : system.closed) {
        int lines = 0;
        for (const int s : traffic.reached(source.item_class)) {
            if (std::holds_alternative<model::BatchPool>(system.stations[at(s)].primitive))
                return {"users who wait for jobs of a pool", system.stations[at(s)].name,
                        "They send jobs as if by chance, however long the last one takes."};
            const auto* queue = std::get_if<model::Queue>(&system.stations[at(s)].primitive);
            lines += queue && queue->servers != model::unlimited &&
                     estimate.stations[at(s)].utilisation >= short_line;
        }
        if (lines > 1)
            return {"users who wait in more than one line", system.classes[at(source.item_class)].name,
                    "They are followed in the line that holds them up most, and come to the others as if by "
                    "chance: "
                    "where these are busy, their times and queues may be off by 30 %."};
    }
    return {};
}

/// Copies that stand in lines are late together.
FluidGap copies_in_line(const model::System& system) {
    for (const auto& station : system.stations)
        if (std::holds_alternative<model::Fork>(station.primitive))
            for (const auto& route : station.routes)
                for (const auto& branch : route.branches)
                    if (branch.station != model::outside &&
                        std::holds_alternative<model::Queue>(system.stations[at(branch.station)].primitive))
                        return {"copies that wait in lines", station.name,
                                "They wait independently of each other: the time until they join may be up "
                                "to 10 % "
                                "too long, and up to 30 % where several go to one line."};
    return {};
}

/// Failures that come and go too often to be followed one by one.
FluidGap blurred_failures(const model::System& system) {
    if (2 * expected_failures(system) <= most_jumps) return {};
    return {"failures that are so many", system.outages.front().name,
            "Capacity is taken as its mean: the waits that a failure brings about are not seen."};
}

}  // namespace

FluidGap fluid_gap(const model::System& system) {
    if (!system.regions.empty()) return {"components that share a room", system.regions.front().name};
    const auto sender = [&](const auto& source) { return system.classes[at(source.item_class)].name; };
    for (const auto& source : system.open) {
        const auto& states = source.pattern.states;
        if (source.pattern.trace.times) return {"arrivals from a 'trace'", sender(source)};
        if (!states.empty() && !are_short(states) && !are_long(states, system.horizon.value()))
            return {"arrivals by 'mmpp', whose states last so long, and are so many,", sender(source)};
    }
    for (const auto& station : system.stations) {
        if (const auto* fork = std::get_if<model::Fork>(&station.primitive)) {
            // Each tracer makes as many.
            if (fork->copies > 1000) return {"forks into more than a thousand copies", station.name};
            if (fork->hedge_after.value() > 0) return {"hedged requests", station.name};
            if (std::get<model::Join>(system.stations[at(fork->join)].primitive).cancel)
                return {"copies that are withdrawn", station.name};
            if (!system.closed.empty()) return {"forks beside users who wait for an answer", station.name};
            if (may_miss(system)) return {"forks whose copies may be lost", station.name};
        }
        for (const model::Route& route : station.routes) {
            for (const model::Branch& branch : route.branches)
                if (branch.item_class >= 0)
                    return {"items that become those of another workload", station.name};
        }
        const int index = static_cast<int>(&station - system.stations.data());
        if (!peers_of(system, index)) return {"routing by load to stations that are not alike", station.name};
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        if (!queue) continue;
        if (queue->discipline == model::Discipline::lcfs ||
            queue->discipline == model::Discipline::lcfs_preemptive)
            return {"service in reverse order of arrival", station.name};
        if (queue->overflow != model::Overflow::drop)
            return {"items that wait or come again where there is no room", station.name};
        if (!queue->patience.empty() && !flow::all_impatient(*queue))
            return {"patience that ends for some and not for all", station.name};
    }
    if (FluidGap gap = crowded(system); !gap.empty()) return gap;
    if (FluidGap gap = impatient_senders(system); !gap.empty()) return gap;
    for (const auto& look : {wandering_users, copies_in_line, blurred_failures})
        if (FluidGap gap = look(system); !gap.empty()) return gap;
    for (const auto& source : system.open)
        if (!source.pattern.states.empty() || !source.pattern.bulk.is_one())
            return {"arrivals by 'mmpp' or in a 'bulk'", sender(source),
                    "Beyond the first station only their variance counts, and percentiles may be off by more "
                    "than 5 "
                    "%."};
    return {};
}

FlowWay flow_way(const model::System& system, double visits, double most) {
    const FluidGap gap = fluid_gap(system);
    if (gap.empty()) return {FlowWay::Kind::fluid, 1, {}};
    TimeLapse lapse = time_lapse(system, visits);
    if (lapse.items <= most) return {FlowWay::Kind::time_lapse, lapse.speed, {}};
    if (!gap.caution.empty()) return {FlowWay::Kind::fluid, 1, {}};
    return {FlowWay::Kind::none, 1,
            "the flow level does not know " + gap.what + ", and in a time-lapse that " + lapse.limit +
                " allows it would follow " + model::format_quantity(lapse.items, {}, {.digits = 2}) +
                " visits; '" + gap.where + "' needs the record level"};
}

std::string flow_gap(const model::System& system) {
    return flow_way(system, lapse_visits, most_lapse_visits).gap;
}

}  // namespace headroom::sim
