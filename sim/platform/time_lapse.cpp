#include "sim/platform/time_lapse.h"

#include "sim/analytic/solver.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {

/// How many times what the system remembers the shortest season must last at least, and the horizon.
constexpr double memories_in_a_season = 60, memories_in_the_horizon = 400;

std::size_t at(int index) { return static_cast<std::size_t>(index); }
double typical(const model::Distribution& time) { return time.mean * (1 + std::sqrt(time.scv)); }

/// Seconds over which something matters, and what that is.
struct Memory {
    double seconds = 0;
    std::string of;

    void hold(double time, const char* what, const std::string& name) {
        if (std::isfinite(time) && time > seconds) *this = {time, std::string(what) + " of '" + name + "'"};
    }
};

double pauses_of(const model::Persistence& persistence) {
    double all = 0, pause = persistence.back_off.value();
    for (int i = 1; i < std::min(persistence.attempts, 1000); ++i) {
        all += std::min(pause, persistence.longest.value());
        pause *= persistence.growth;
    }
    return all + (persistence.timeout ? typical(*persistence.timeout) : 0);
}

/// What a station holds of its past: that of a single server as fast as all together (Morse, JORSA 1955), as
/// the flow level takes it.
double memory_of(const model::Queue& queue, std::size_t item_class, double utilisation) {
    constexpr double least_idle = 0.02;
    const model::Distribution& service = queue.service[item_class];
    const double idle = std::max(least_idle, 1 - utilisation);
    const double servers = std::min<double>(queue.servers, queue.admitted);
    // Where there is little room a walk from one end to the other is soon over.
    const double places = queue.capacity - servers + 1.0;
    const double steps = std::min((2 - idle) / (idle * idle), places * places);
    return std::max(typical(service), service.mean / servers * steps * (1 + service.scv) / 2);
}

double length_of(const model::BatchPool& pool, std::size_t item_class) {
    double length = pool.launch.value();
    for (const model::TaskStage& stage : pool.jobs[item_class]) {
        const double waves = std::ceil(stage.tasks / (static_cast<double>(pool.nodes) * pool.slots_per_node));
        length += waves * typical(stage.time) + stage.lead.value() + pool.retry_after.value();
    }
    return length;
}

/// What one class finds at a station at this rate.
void hold_station(const model::Station& station, std::size_t k, double rate, double utilisation,
                  Memory& memory) {
    const auto& primitive = station.primitive;
    if (const auto* queue = std::get_if<model::Queue>(&primitive)) {
        memory.hold(memory_of(*queue, k, utilisation), "the line", station.name);
        if (queue->overflow == model::Overflow::retry)
            memory.hold(typical(queue->retry_after), "the pause before coming again", station.name);
    } else if (const auto* delay = std::get_if<model::Delay>(&primitive)) {
        memory.hold(typical(delay->time[k]), "the time", station.name);
    } else if (const auto* log = std::get_if<model::PartitionedLog>(&primitive)) {
        const double idle = std::max(0.02, 1 - utilisation);
        memory.hold(2 * typical(log->service[k]) / (idle * idle), "the lag", station.name);
        memory.hold(log->poll_interval.value(), "the polls", station.name);
    } else if (const auto* batch = std::get_if<model::Batch>(&primitive)) {
        memory.hold(std::min(batch->max_wait.value(), batch->max_items / rate), "the gathering",
                    station.name);
        memory.hold(typical(batch->fixed), "the commit", station.name);
    } else if (const auto* limiter = std::get_if<model::Limiter>(&primitive)) {
        memory.hold(limiter->burst / limiter->rate.value(), "the burst", station.name);
    } else if (const auto* cache = std::get_if<model::Cache>(&primitive)) {
        const model::ItemRate asked = model::per_second(rate);
        memory.hold(model::HitRatio(*cache).filling(asked) / rate, "the filling", station.name);
        memory.hold(cache->life.value(), "the life of keys", station.name);
    } else if (const auto* fork = std::get_if<model::Fork>(&primitive)) {
        memory.hold(fork->hedge_after.value(), "the hedging", station.name);
    } else if (const auto* pool = std::get_if<model::BatchPool>(&primitive)) {
        memory.hold(length_of(*pool, k), "the jobs", station.name);
        memory.hold(pool->node_life.value(), "the life of the nodes", station.name);
        if (pool->scaler)
            memory.hold((pool->scaler->period + pool->scaler->delay + pool->scaler->cool_down).value(),
                        "the scaling", station.name);
    }
}

/// Moments that show the load high and low: evenly over the horizon, and within every event.
std::vector<double> moments_of(const model::System& system) {
    std::vector<double> moments;
    constexpr int even = 24, most = 100;
    const double horizon = system.horizon.value();
    for (int i = 0; i < even; ++i) moments.push_back(horizon * (i + 0.5) / even);
    for (const auto& source : system.open) {
        for (const auto& event : source.rate.events)
            moments.push_back((event.from + event.length / 2.0).value());
        for (const auto& season : source.rate.seasons)
            moments.push_back(std::fmod(season.at.value(), season.period.value()));
    }
    std::erase_if(moments, [&](double moment) { return moment < 0 || moment >= horizon; });
    if (moments.size() > most) moments.resize(most);
    return moments;
}

/// What piles up before a station is gone in this time once less comes; infinite where nothing turns it away.
double longest_backlog(const model::System& system, int station) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto* queue = std::get_if<model::Queue>(&system.stations[at(station)].primitive);
    for (const model::Region& region : system.regions) {
        const bool inside =
            std::find(region.stations.begin(), region.stations.end(), station) != region.stations.end();
        if (!inside || !queue || region.overflow == model::Overflow::block) continue;
        const bool again = region.overflow == model::Overflow::retry;
        if (again && region.attempts == model::unlimited) continue;
        double longest = 0;
        for (const model::Distribution& service : queue->service) longest = std::max(longest, service.mean);
        const double full = region.capacity * longest / std::min(queue->servers, queue->admitted);
        return full + (again ? region.attempts * typical(region.retry_after) : 0);
    }
    return infinity;
}

/// The longest that anything of the system lasts; infinite where something piles up.
Memory memory_of(const model::System& system) {
    Memory memory;
    const bool constant = std::all_of(system.open.begin(), system.open.end(),
                                      [](const auto& source) { return source.rate.is_constant(); });
    for (const double moment : constant ? std::vector<double>{-1} : moments_of(system)) {
        const SystemEstimate estimate = solve(system, moment);
        for (const auto& overload : estimate.overloads) {
            const double longest = longest_backlog(system, overload.station);
            const std::string& name = system.stations[at(overload.station)].name;
            if (std::isinf(longest)) return {longest, "the backlog of '" + name + "'"};
            memory.hold(longest, "the backlog", name);
        }
        for (std::size_t s = 0; s < estimate.stations.size(); ++s)
            for (std::size_t k = 0; k < system.classes.size(); ++k)
                if (const double rate = estimate.stations[s].arrival_rate[k]; rate > 0)
                    hold_station(system.stations[s], k, rate,
                                 std::max(estimate.stations[s].utilisation, estimate.stations[s].hottest),
                                 memory);
    }
    for (const auto& source : system.closed)
        memory.hold(typical(source.think_time), "the think time", system.classes[at(source.item_class)].name);
    const auto hold_source = [&](const auto& source) {
        if (source.persistence)
            memory.hold(pauses_of(*source.persistence), "the retries",
                        system.classes[at(source.item_class)].name);
    };
    std::for_each(system.open.begin(), system.open.end(), hold_source);
    std::for_each(system.closed.begin(), system.closed.end(), hold_source);
    for (const auto& region : system.regions)
        if (region.overflow == model::Overflow::retry)
            memory.hold(typical(region.retry_after), "the pause before coming again", region.name);
    for (const auto& source : system.open)
        for (const auto& state : source.pattern.states)
            memory.hold(2 * state.stay.value(), "the states", system.classes[at(source.item_class)].name);
    return memory;
}

/// What cannot go faster at all.
std::string fixed_in_time(const model::System& system) {
    for (const auto& source : system.open)
        if (source.pattern.trace.times)
            return "the trace of '" + system.classes[at(source.item_class)].name + "'";
    if (!system.outages.empty()) return "the failures of '" + system.outages.front().name + "'";
    if (!system.scalers.empty()) return "the scaling of '" + system.scalers.front().name + "'";
    return {};
}

/// The shortest time in which a load changes.
double shortest_change(const model::System& system) {
    double shortest = system.horizon.value() * memories_in_a_season / memories_in_the_horizon;
    for (const auto& source : system.open) {
        for (const auto& season : source.rate.seasons) shortest = std::min(shortest, season.period.value());
        for (const auto& event : source.rate.events) shortest = std::min(shortest, event.length.value());
    }
    return shortest;
}

/// Growth as so many steps: in time-lapse that of a year may be beyond all numbers.
void grow_by_steps(model::RateProfile& rate, model::Duration horizon) {
    constexpr int steps = 128;
    if (rate.growth_per_year == 0) return;
    model::RateProfile growth;
    growth.base = model::per_second(1);
    growth.growth_per_year = std::exchange(rate.growth_per_year, 0);
    for (int i = 0; i < steps; ++i) {
        const model::Duration from = horizon * (static_cast<double>(i) / steps), length = horizon / steps;
        rate.events.push_back({"growth", growth.mean(from, from + length).value(), from, length});
    }
}

model::System hastened(const model::System& system, double speed) {
    model::System fast = system;
    fast.horizon = system.horizon / speed;
    for (auto& source : fast.open) {
        model::RateProfile& rate = source.rate;
        grow_by_steps(rate, system.horizon);
        for (auto& season : rate.seasons) {
            season.period = season.period / speed;
            season.at = season.at / speed;
        }
        for (auto& event : rate.events) {
            event.from = event.from / speed;
            event.length = event.length / speed;
        }
    }
    return fast;
}

void enlarge(ClassTally& tally, double speed) {
    // Those in flight at the end are in flight once; of each other part that an item stands for they have
    // been completed.
    const double done = (speed - 1) * tally.in_flight;
    for (double* count : {&tally.arrived, &tally.created, &tally.completed, &tally.filtered, &tally.rejected,
                          &tally.lost, &tally.merged, &tally.expired, &tally.attempts, &tally.measured})
        *count *= speed;
    tally.completed += done;
}

void enlarge(StationTally& tally, double speed) {
    for (VisitTally& visit : tally.visits)
        for (double* count : {&visit.arrivals, &visit.departures, &visit.rejected, &visit.expired})
            *count *= speed;
    for (double* sum :
         {&tally.busy, &tally.capacity, &tally.population, &tally.batches, &tally.lookups, &tally.hits})
        *sum *= speed;
}

}  // namespace

TimeLapse time_lapse(const model::System& system, double visits) {
    TimeLapse lapse{.items = expected_visits(system), .limit = fixed_in_time(system)};
    if (!lapse.limit.empty()) return lapse;
    const double wanted = lapse.items / visits;
    if (wanted <= 1) return lapse;
    Memory memory = memory_of(system);
    const double most = shortest_change(system) / (memories_in_a_season * memory.seconds);
    if (most < wanted) lapse.limit = std::move(memory.of);
    lapse.speed = std::max(1.0, std::min(wanted, most));
    lapse.items /= lapse.speed;
    return lapse;
}

Replication simulate_lapse(const model::System& system, const ReplicationOptions& options, double speed) {
    if (speed <= 1) return simulate_records(system, options);
    ReplicationOptions faster = options;
    faster.warm_up /= speed;
    Replication result = simulate_records(hastened(system, speed), faster);
    for (ClassTally& tally : result.classes) enlarge(tally, speed);
    for (StationTally& tally : result.stations) enlarge(tally, speed);
    result.measured_time *= speed;
    return result;
}

}  // namespace headroom::sim
