#include "sim/experiment/flow_cautions.h"

#include "model/units/unit.h"
#include "sim/analytic/solver.h"
#include "sim/platform/time_lapse.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

bool asks_again(const model::System& system) {
    const auto again = [](const auto& source) {
        return source.persistence && source.persistence->attempts > 1;
    };
    return std::any_of(system.open.begin(), system.open.end(), again) ||
           std::any_of(system.closed.begin(), system.closed.end(), again);
}

/// What was done about what has no fluid, or none that is exact.
std::string gap_caution(const model::System& system, const FluidGap& gap) {
    const FlowWay way = flow_way(system, lapse_visits, most_lapse_visits);
    if (way.kind == FlowWay::Kind::fluid)
        return "At flow level " + gap.what + " (" + gap.where + ") are fluid. " + gap.caution;
    std::string note = "The flow level has no fluid for " + gap.what + " (" + gap.where + "): ";
    if (way.speed <= 1) return note + "every item was followed, as at record level.";
    note += "items were followed one by one in time-lapse. The load changed " +
            model::format_quantity(way.speed, {}, {.digits = 3}) +
            " times as fast as it does, and each item stands for as many; the most present at any time, and "
            "the busiest interval, are of what was followed";
    return note +
           (asks_again(system) ? ", and a storm of retries that chance seldom starts may be missed." : ".");
}

/// Shares of a station's capacity that units of a cause leave, one or several of them down at once.
std::vector<double> shares_left(const model::Outage& outage, double share) {
    constexpr double hardly_ever = 1e-4;
    const double down = outage.down.mean / std::max(1e-300, outage.up.mean + outage.down.mean);
    std::vector<double> left;
    double chance = std::pow(1 - down, outage.units);
    for (int gone = 1; gone <= outage.units && gone * share < 1; ++gone) {
        chance *= (outage.units - gone + 1) * down / (gone * (1 - down));
        if (outage.at ? gone == outage.units : chance > hardly_ever) left.push_back(1 - gone * share);
    }
    return left;
}

bool is_constant(const model::System& system) {
    return std::all_of(system.open.begin(), system.open.end(),
                       [](const auto& source) { return source.rate.is_constant(); });
}

/// Moments that show the load high and low, in seconds; of a constant one, -1 alone, as the solver has it.
std::vector<double> moments_of(const model::System& system) {
    constexpr int even = 24;
    if (is_constant(system)) return {-1};
    std::vector<double> moments;
    for (int i = 0; i < even; ++i) moments.push_back(system.horizon.value() * (i + 0.5) / even);
    for (const auto& source : system.open)
        for (const auto& season : source.rate.seasons)
            moments.push_back(std::fmod(season.at.value(), season.period.value()));
    return moments;
}

/// Stations of which failures leave about as much as the load needs, at a moment at which they may happen.
void add_critical_failures(const model::System& system, std::vector<std::string>& notes) {
    constexpr double near = 0.07;
    std::vector<char> critical(system.stations.size(), 0);
    const auto look = [&](const model::Outage& outage, double moment) {
        const SystemEstimate estimate = solve(system, moment);
        for (const auto& effect : outage.effects)
            for (const double left : shares_left(outage, effect.share)) {
                const double load = estimate.stations[at(effect.station)].utilisation / left;
                if (load < 1 / left && std::abs(load - 1) < near) critical[at(effect.station)] = 1;
            }
    };
    for (const model::Outage& outage : system.outages)
        for (const double moment :
             outage.at && !is_constant(system) ? std::vector{outage.at->value()} : moments_of(system))
            look(outage, moment);
    for (std::size_t s = 0; s < critical.size(); ++s)
        if (critical[s])
            notes.push_back("While a part of " + system.stations[s].name +
                            " is gone, what is left may be within 7 % of what the load needs, outside of "
                            "what the flow level was tested with: there chance decides what piles up, and "
                            "percentiles may be off by 30 %.");
}

/// Rooms that fill before anyone is turned away while their servers are gone: the fluid of those that are not
/// ample turns away at once.
void add_rooms_that_fill(const model::System& system, std::vector<std::string>& notes) {
    constexpr double negligible = 0.005;
    const SystemEstimate estimate = solve(system);
    for (const model::Outage& outage : system.outages) {
        const double cycle =
            outage.at ? system.horizon.value() : (outage.up.mean + outage.down.mean) / outage.units;
        for (const auto& effect : outage.effects) {
            const model::Station& station = system.stations[at(effect.station)];
            const auto* queue = std::get_if<model::Queue>(&station.primitive);
            if (!queue || queue->capacity == model::unlimited) continue;
            const StationEstimate& found = estimate.stations[at(effect.station)];
            if (queue->capacity - queue->servers >= flow::ample_room || found.utilisation < 1 - effect.share)
                continue;
            const double rate = std::accumulate(found.arrival_rate.begin(), found.arrival_rate.end(), 0.0);
            const double come_in = std::min<double>(queue->capacity, rate * outage.down.mean);
            const double share = rate > 0 ? come_in / (rate * cycle) : 0;
            if (share > negligible)
                notes.push_back("While " + outage.name + " lasts, " + station.name + " has room for " +
                                std::to_string(queue->capacity) +
                                " before it turns anyone away; at flow level it does so at once: up to " +
                                model::format_quantity(share, {}, {.digits = 2, .percent = true}) +
                                " of what comes may be lost there too much, and the waits for the repair are "
                                "not seen. The "
                                "record level is exact here.");
        }
    }
}

/// The highest load of each queue, as a share of its capacity; of other stations 0.
std::vector<double> peak_loads(const model::System& system) {
    std::vector<double> peak(system.stations.size(), 0.0);
    for (const double moment : moments_of(system)) {
        const SystemEstimate estimate = solve(system, moment);
        for (std::size_t s = 0; s < peak.size(); ++s)
            if (std::holds_alternative<model::Queue>(system.stations[s].primitive))
                peak[s] = std::max(peak[s], estimate.stations[s].utilisation);
    }
    return peak;
}

/// Stations that a load which changes brings close to their capacity, and never beyond it: how long a line
/// grows before the load falls again differs from one time to the next. And those that share more work than
/// they can do among all that are there.
void add_critical_peaks(const model::System& system, std::vector<std::string>& notes) {
    constexpr double near = 0.97;
    const std::vector<double> peak = peak_loads(system);
    for (std::size_t s = 0; s < peak.size(); ++s) {
        const std::string& name = system.stations[s].name;
        if (peak[s] > near && peak[s] < 1 && !is_constant(system))
            notes.push_back("At its peak the load of " + name +
                            " comes within 3 % of its capacity, at the edge of what the flow level was "
                            "tested with: p99 may be off by 20 %.");
        const auto* queue = std::get_if<model::Queue>(&system.stations[s].primitive);
        if (peak[s] >= 1 && queue->discipline == model::Discipline::processor_sharing &&
            queue->admitted == model::unlimited && queue->capacity == model::unlimited)
            notes.push_back(
                "While " + name +
                " has more work than it can do, all that are there share it; at flow level they wait in "
                "order of arrival, which changes percentiles, and the mean as well unless services are "
                "exponential. The record level is exact here.");
    }
}

double utilisation_of(const model::RunResult& result, const std::string& subject) {
    const model::Figure* figure = result.find({"utilisation", subject, ""});
    return figure ? figure->simulated.value : 0;
}

}  // namespace

void add_flow_cautions(const model::System& system, const model::RunResult& result,
                       std::vector<std::string>& notes) {
    const FluidGap gap = fluid_gap(system);
    if (!gap.empty()) {
        notes.push_back(gap_caution(system, gap));
        if (flow_way(system, lapse_visits, most_lapse_visits).kind == FlowWay::Kind::time_lapse) return;
    }
    constexpr double tested_burst = 4, tested_service = 8, tested_servers = 200, tested_load = 0.99;
    constexpr double calm = 3, busy = 0.95;
    double bursts = 1;
    for (const auto& source : system.open) {
        bursts = std::max(bursts, source.interarrival.scv);
        if (source.interarrival.scv > tested_burst)
            notes.push_back(
                "The arrivals of " + system.classes[at(source.item_class)].name +
                " are burstier than those that the flow level was tested with: percentiles may be off by "
                "more than 5 %; the record level is exact here.");
    }
    for (const auto& station : system.stations) {
        if (std::holds_alternative<model::Fork>(station.primitive) && station.name != gap.where)
            notes.push_back(
                "At flow level the copies of " + station.name +
                " wait independently of each other: where they meet queues, the time until they join may "
                "be up to 10 % too long.");
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        if (!queue) continue;
        const auto varies_by = [queue](double scv) {
            return std::any_of(queue->service.begin(), queue->service.end(),
                               [scv](const model::Distribution& d) { return d.scv > scv; });
        };
        // Together, as a line grows with the sum of both.
        if (!varies_by(tested_service) && varies_by(2 * calm - bursts) &&
            utilisation_of(result, station.name) > busy)
            notes.push_back("At more than 95 % of its capacity the gaps between arrivals at " + station.name +
                            " and its service times vary more than those that the flow level was tested "
                            "with: its percentiles may be off by 35 %.");
        if (varies_by(tested_service))
            notes.push_back("The service times of " + station.name +
                            " vary more than those that the flow level was tested with: its percentiles may "
                            "be off by more than 5 %.");
        if (queue->servers > tested_servers && queue->servers != model::unlimited)
            notes.push_back(station.name + " has " + std::to_string(queue->servers) +
                            " servers; the flow level was tested with up to 200.");
    }
    for (const auto& figure : result.figures)
        if (figure.key.metric == "utilisation" && figure.simulated.value > tested_load &&
            figure.simulated.value < 1)
            notes.push_back(figure.key.subject +
                            " is busy for more than 99 % of the time, beyond what the flow level was tested "
                            "with: its percentiles may be off by more than 10 %.");
    add_critical_failures(system, notes);
    if (gap.empty()) add_rooms_that_fill(system, notes);
    add_critical_peaks(system, notes);
}

}  // namespace headroom::sim
