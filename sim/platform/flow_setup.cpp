// What the flow level prepares before its first step.

#include "sim/analytic/solver.h"
#include "sim/analytic/traffic.h"
#include "sim/platform/flow_grid.h"
#include "sim/platform/flow_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

FlowNetwork::FlowNetwork(const model::System& system, const ReplicationOptions& options,
                         const FlowOptions& flow)
    : system_(system),
      options_(options),
      flow_(flow),
      draws_{options.seed, static_cast<std::uint64_t>(options.replication),
             flow.lesson,  flow.rough,
             flow.batches, options.stop},
      changes_(capacity_changes(system, options.seed, options.replication)) {
    follow_states();
    const std::size_t count = system.stations.size(), classes = system.classes.size();
    const std::vector<double> none(classes, 0.0);
    content_.assign(count, none);
    last_rate_ = returning_ = return_rate_ = returned_ = content_;
    coming_.resize(count);
    capacity_.assign(count, 1.0);
    busy_.assign(count, 0.0);
    for (Coming& coming : coming_) coming.rate = none;
    hottest_.assign(count, 0.0);
    scaled_before_ = hottest_;
    lookups_.resize(count);
    forked_.assign(classes, 0.0);
    work_variance_.assign(count, std::vector<double>(at(std::max(1, options.bins)), 0.0));
    for (std::size_t i = 0; i < system.open.size(); ++i)
        sources_.push_back({system.open[i].item_class, false, i, &system.open[i].route, 0,
                            state_paths_[i] ? 1 : dispersion(system.open[i])});
    for (std::size_t i = 0; i < system.closed.size(); ++i)
        sources_.push_back({system.closed[i].item_class, true, i, &system.closed[i].route, 0, 1});
    asking_source_.assign(classes, -1);
    asking_.resize(sources_.size());
    for (std::size_t i = 0; i < system.open.size(); ++i) {
        if (!system.open[i].persistence) continue;
        const std::string& of = system.classes[at(system.open[i].item_class)].name;
        asking_[i].emplace(*system.open[i].persistence, draws_.stream(of, "timeouts of the flow"),
                           draws_.stream(of, "pauses of the flow"));
        asking_source_[at(system.open[i].item_class)] = static_cast<int>(i);
    }
    for (std::size_t i = 0; i < sources_.size(); ++i)
        births_.push_back(draws_.stream(system.classes[at(sources_[i].item_class)].name,
                                        sources_[i].closed ? "tracers of users" : "tracers of arrivals"));
    for (const auto& station : system.stations)
        routing_.push_back(draws_.stream(station.name, "routes of the flow"));
    order_stations();
    place_closed_classes();

    const auto bins = at(std::max(1, options.bins));
    result_.classes.resize(classes);
    result_.stations.resize(count);
    result_.freshness.resize(system.read_points.size());
    for (ClassTally& tally : result_.classes) tally.throughput.assign(bins, 0.0);
    for (StationTally& tally : result_.stations) {
        tally.visits.resize(classes);
        tally.utilisation.assign(bins, 0.0);
        tally.queue.assign(bins, 0.0);
    }
    response_sum_.assign(classes, std::vector<double>(bins, 0.0));
    response_weight_ = response_sum_;
    constexpr std::size_t stretches = 200;
    series_sum_.assign(stretches, 0.0);
    series_weight_ = series_sum_;
    result_.measured_time = system.horizon.value() - options.warm_up;
}

// States that last are rates that change, the same as at record level; stations are taught those that do not.
void FlowNetwork::follow_states() {
    std::vector<double> jumps;
    state_paths_.resize(system_.open.size());
    for (std::size_t i = 0; i < system_.open.size(); ++i) {
        const model::OpenSource& source = system_.open[i];
        patterns_.push_back(source.pattern);
        if (source.pattern.states.empty() || are_short(source.pattern.states)) continue;
        patterns_.back().states.clear();
        state_paths_[i].emplace(
            source.pattern.states, system_.horizon.value(),
            draws_.stream(system_.classes[at(source.item_class)].name, "states of arrivals"));
        const auto& changes = state_paths_[i]->changes();
        jumps.insert(jumps.end(), changes.begin(), changes.end());
    }
    edges_ = flow_grid(system_, changes_, flow_.coarse, jumps, options_.longest_step);
}

// Depth first over the routes of all classes; a route to a station that is still open goes back upstream.
void FlowNetwork::order_stations() {
    const std::size_t count = system_.stations.size();
    std::vector<int> state(count, 0);
    std::vector<int> reverse;
    const auto visit = [&](const auto& self, int station) -> void {
        if (station == model::outside || state[at(station)] != 0) return;
        state[at(station)] = 1;
        for (const auto& route : system_.stations[at(station)].routes)
            for (const auto& branch : route.branches) self(self, branch.station);
        state[at(station)] = 2;
        reverse.push_back(station);
    };
    for (const auto& source : sources_)
        for (const auto& branch : source.route->branches) visit(visit, branch.station);
    for (std::size_t s = 0; s < count; ++s) visit(visit, static_cast<int>(s));
    order_.assign(reverse.rbegin(), reverse.rend());
    position_.resize(count);
    for (std::size_t i = 0; i < order_.size(); ++i) position_[at(order_[i])] = i;
}

// The users of a closed class are told to the queue with its highest demand, which then simulates them with
// everything else on their way as part of the time between two visits. Other stations see them as arrivals at
// that rate.
void FlowNetwork::place_closed_classes() {
    std::vector<std::vector<flow::ClosedVisitors>> visitors(system_.stations.size());
    const SystemEstimate estimate = solve(system_);
    const TrafficEquations traffic = decided_traffic(system_);
    for (const auto& source : system_.closed) {
        Entry entry{std::vector<double>(system_.stations.size(), 0.0), 0};
        for (const auto& branch : source.route.branches)
            if (branch.station != model::outside)
                entry.stations[at(branch.station)] += weight_of(source.route, branch);
        std::vector<double> visits =
            traffic.arrivals(source.item_class, entry, std::vector<double>(system_.stations.size(), 1.0));
        if (visits.empty()) visits.assign(system_.stations.size(), 0.0);
        const auto k = at(source.item_class);
        int home = model::outside;
        double highest = 0, cycle = source.think_time.mean;
        for (std::size_t s = 0; s < visits.size(); ++s) {
            if (visits[s] <= 0) continue;
            const double response = estimate.stations[s].response[k];
            if (std::isfinite(response)) cycle += visits[s] * response;
            const auto* queue = std::get_if<model::Queue>(&system_.stations[s].primitive);
            if (!queue) continue;
            const double demand =
                visits[s] * queue->service[k].mean / std::min(queue->servers, queue->admitted);
            if (demand > highest) highest = demand, home = static_cast<int>(s);
        }
        closed_cycles_.push_back(cycle > 0 ? source.users / cycle : 0);
        if (home == model::outside) {
            closed_home_.emplace_back(home, 1.0);
            continue;
        }
        const double ratio = visits[at(home)];
        const double elsewhere =
            std::max(0.0, cycle - ratio * estimate.stations[at(home)].response[k]) / ratio;
        model::Distribution between = source.think_time;
        between = between.mean > 0 ? between.scaled(elsewhere / between.mean)
                                   : model::Distribution::exponential(elsewhere);
        visitors[at(home)].push_back({source.item_class, source.users, between});
        closed_home_.emplace_back(home, ratio);
    }
    for (std::size_t s = 0; s < system_.stations.size(); ++s) {
        std::vector<CapacityChange> own;
        for (const CapacityChange& change : changes_)
            if (at(change.station) == s) own.push_back(change);
        stations_.push_back(flow::make_station(system_.stations[s], std::move(visitors[s]),
                                               peers_of(system_, static_cast<int>(s)).value_or(flow::Peers{}),
                                               own, draws_));
    }
    // Flows that come back start at the rates of the steady state.
    for (std::size_t s = 0; s < system_.stations.size(); ++s)
        for (std::size_t k = 0; k < system_.classes.size(); ++k)
            for (const auto& branch : system_.stations[s].routes[k].branches)
                if (branch.station != model::outside && position_[at(branch.station)] <= position_[s]) {
                    comes_back_ = true;
                    return_rate_[at(branch.station)][k] +=
                        estimate.stations[s].arrival_rate[k] * estimate.stations[s].passed[k] *
                        system_.stations[s].yields[k] * weight_of(system_.stations[s].routes[k], branch);
                }
}

}  // namespace headroom::sim
