#include "sim/analytic/analytic_network.h"
#include "sim/analytic/closed_network.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// One after the other, so that who waits, waits for whole services of others.
bool in_turn(const model::Queue& queue) {
    return queue.discipline == model::Discipline::fcfs || queue.discipline == model::Discipline::lcfs ||
           queue.discipline == model::Discipline::random;
}

/// The classes that come at these rates have services of different lengths.
bool differ(const model::Queue& queue, const std::vector<double>& rate) {
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (std::size_t k = 0; k < rate.size(); ++k)
        if (rate[k] > 0) {
            least = std::min(least, queue.service[k].mean);
            most = std::max(most, queue.service[k].mean);
        }
    return most > least * (1 + 1e-9);
}

}  // namespace

// Closed classes see queues as centres whose capacity the open classes have reduced, and everything else
// (delays, logs, batches) as delays of the length that the open classes and the last round's throughput give.
void AnalyticNetwork::solve_closed_classes() {
    std::vector<ClosedClass> classes;
    std::vector<std::vector<double>> visits;
    for (const auto& source : system_.closed) {
        classes.push_back({static_cast<double>(source.users), source.think_time.mean});
        Entry entry{std::vector<double>(system_.stations.size(), 0.0), 0};
        for (const auto& branch : source.route.branches)
            if (branch.station != model::outside)
                entry.stations[at(branch.station)] += weight_of(source.route, branch);
        std::vector<double> ratio =
            traffic_.arrivals(source.item_class, entry, std::vector<double>(system_.stations.size(), 1.0));
        if (ratio.empty()) ratio.assign(system_.stations.size(), 0.0);
        visits.push_back(std::move(ratio));
    }
    std::vector<ClosedStation> stations(system_.stations.size());
    for (std::size_t s = 0; s < stations.size(); ++s) {
        ClosedStation& station = stations[s];
        station.demand.assign(classes.size(), 0.0);
        const auto* queue = std::get_if<model::Queue>(&system_.stations[s].primitive);
        station.queueing = queue != nullptr;
        std::vector<double> closed_rate(system_.classes.size(), 0.0);
        double open_offered = 0;
        for (std::size_t c = 0; c < classes.size(); ++c) {
            const std::size_t k = at(system_.closed[c].item_class);
            closed_rate[k] += visits[c][s];
            station.demand[c] = visits[c][s] * (queue ? queue->service[k].mean : figures_[s].response[k]);
        }
        if (!queue) continue;
        for (std::size_t k = 0; k < system_.classes.size(); ++k)
            if (!is_closed(k)) open_offered += arrivals_[s][k] * queue->service[k].mean;
        station.servers = std::min(queue->servers, queue->admitted);
        station.speeds = queue->speeds;
        station.open_utilisation = std::min(0.999, open_offered / station.servers);
        const Mixture all = mixture_of(queue->service, closed_rate);
        const bool insensitive =
            queue->discipline == model::Discipline::processor_sharing && queue->admitted == model::unlimited;
        station.variability = insensitive || std::abs(all.scv - 1) < 1e-9 ? 1 : (1 + all.scv) / 2;
        if (in_turn(*queue) && differ(*queue, closed_rate))
            for (const auto& source : system_.closed) {
                const model::Distribution& service = queue->service[at(source.item_class)];
                station.service.push_back(service.mean);
                station.excess.push_back((service.scv - 1) / 2);
            }
    }
    const ClosedSolution solution = solve_closed(stations, classes);
    closed_exact_ = solution.exact;
    std::fill(cycles_.begin(), cycles_.end(), 0.0);
    for (std::size_t c = 0; c < classes.size(); ++c)
        cycles_[at(system_.closed[c].item_class)] += solution.throughput[c];
    settle_arrivals();
    settle_stations();
    for (std::size_t s = 0; s < stations.size(); ++s) {
        if (!stations[s].queueing) continue;
        const auto& queue = std::get<model::Queue>(system_.stations[s].primitive);
        StationFigures& figures = figures_[s];
        double closed_items = 0, closed_work = 0, closed_wait = 0;
        for (std::size_t c = 0; c < classes.size(); ++c) {
            const std::size_t k = at(system_.closed[c].item_class);
            if (visits[c][s] <= 0) continue;
            const double visit = solution.residence[s][c] / visits[c][s];
            // The arrival theorem's population, not that of an open class with the same rate.
            figures.passed[k] = 1;
            figures.response[k] = visit;
            const double excess = std::max(0.0, visit - queue.service[k].mean);
            double share = queue.discipline == model::Discipline::fcfs ? 1 : 0;
            if (share == 0 && queue.admitted != model::unlimited)
                share = std::pow(std::min(1.0, figures.utilisation), queue.admitted - stations[s].servers);
            figures.waiting[k] = excess * share;
            figures.variance[k] =
                queue.service[k].scv * queue.service[k].mean * queue.service[k].mean + excess * excess;
            const double items = solution.throughput[c] * solution.residence[s][c];
            const double work = solution.throughput[c] * visits[c][s] * queue.service[k].mean;
            closed_items += items;
            closed_work += work;
            const double servers = stations[s].servers;
            closed_wait +=
                std::max(0.0, items - work * (servers - 1) / servers) * queue.service[k].mean / servers;
        }
        if (closed_items <= 0) continue;
        figures.growth = 0;
        if (!queue.speeds.empty()) {
            figures.known = solution.exact && system_.open.empty() && queue.batch_most == 1 &&
                            queue.patience.empty() && queue.capacity == model::unlimited;
            if (solution.exact) figures.utilisation = figures.hottest = solution.busy[s] / queue.servers;
        }
        // Open classes wait for the closed items ahead of them too.
        StationLoad open = loads_[s];
        for (std::size_t k = 0; k < open.rate.size(); ++k)
            if (is_closed(k)) open.rate[k] = 0;
        const StationFigures alone = station_figures(system_.stations[s], open);
        figures.population = closed_items;
        for (std::size_t k = 0; k < open.rate.size(); ++k) {
            if (open.rate[k] <= 0) continue;
            // One server, product form: R = S (1 + closed items) / (1 - open utilisation).
            const double service = queue.service[k].mean, servers = stations[s].servers;
            const double ahead = std::max(0.0, closed_items - closed_work * (servers - 1) / servers);
            // Served in turn, whoever is ahead takes the time of his class.
            const double wait = in_turn(queue) ? closed_wait : ahead * service / servers;
            const double behind_closed = wait / (1 - stations[s].open_utilisation);
            figures.passed[k] = alone.passed[k];
            figures.response[k] = alone.response[k] + behind_closed;
            figures.waiting[k] = queue.discipline == model::Discipline::fcfs ? figures.response[k] - service
                                                                             : alone.waiting[k];
            figures.population += open.rate[k] * figures.response[k];
        }
        figures.growth = alone.growth;
    }
}

}  // namespace headroom::sim
