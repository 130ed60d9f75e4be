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

/// Whatever their order of arrival, items are served in proportion to what they ask for, and in the mean as
/// if their services were exponential (Baskett, Chandy, Muntz and Palacios, JACM 1975, centres of types 2 and
/// 4).
bool in_proportion(const model::Queue& queue) {
    return queue.discipline == model::Discipline::processor_sharing ||
           (queue.discipline == model::Discipline::lcfs_preemptive && queue.servers == 1);
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

const std::vector<ByStation>& AnalyticNetwork::closed_visits() {
    // Only what decides by its load where items go makes them other ones.
    if (!closed_visits_.empty() && !decides_) return closed_visits_;
    const std::size_t count = system_.stations.size(), classes = system_.classes.size();
    const ByStation all_pass(count, std::vector<double>(classes, 1.0));
    closed_visits_.clear();
    for (const auto& source : system_.closed) {
        Entry entry{std::vector<double>(count, 0.0), 0};
        for (const auto& branch : source.route.branches)
            if (branch.station != model::outside)
                entry.stations[at(branch.station)] += weight_of(source.route, branch);
        closed_visits_.push_back(spread_of(at(source.item_class), entry, all_pass));
    }
    return closed_visits_;
}

namespace {

/// What users ask of a station in a cycle.
struct Asked {
    double visits = 0, work = 0;  ///< visits, and seconds of service
};
/// `service(k)`: mean seconds of a visit of the class.
template <class Service>
Asked asked_of(const std::vector<double>& visits, const Service& service) {
    Asked asked;
    for (std::size_t k = 0; k < visits.size(); ++k) {
        asked.visits += visits[k];
        asked.work += visits[k] * service(k);
    }
    return asked;
}

ClosedStation closed_queue(const model::Queue& queue, const std::vector<ByStation>& visits, std::size_t s,
                           const std::vector<double>& open_rate) {
    ClosedStation station;
    station.queueing = true;
    std::vector<double> closed_rate(open_rate.size(), 0.0);
    for (const ByStation& of_source : visits)
        for (std::size_t k = 0; k < closed_rate.size(); ++k) closed_rate[k] += of_source[s][k];
    double open_offered = 0;
    for (std::size_t k = 0; k < open_rate.size(); ++k) open_offered += open_rate[k] * queue.service[k].mean;
    station.servers = std::min(queue.servers, queue.admitted);
    station.speeds = queue.speeds;
    station.open_utilisation = std::min(0.999, open_offered / station.servers);
    const Mixture all = mixture_of(queue.service, closed_rate);
    const bool insensitive = in_proportion(queue) && queue.admitted == model::unlimited;
    station.variability = insensitive || std::abs(all.scv - 1) < 1e-9 ? 1 : (1 + all.scv) / 2;
    if (in_turn(queue) && differ(queue, closed_rate))
        for (const ByStation& of_source : visits) {
            const Mixture own = mixture_of(queue.service, of_source[s]);
            station.service.push_back(own.mean);
            station.excess.push_back((own.scv - 1) / 2);
        }
    return station;
}

}  // namespace

// Closed classes see queues as centres whose capacity the open classes have reduced, and everything else
// (delays, logs, batches) as delays of the length that the open classes and the last round's throughput give.
// Users whose items become those of other classes on their way ask a station for the work of all of them.
void AnalyticNetwork::solve_closed_classes() {
    const std::vector<ByStation>& visits = closed_visits();
    std::vector<ClosedClass> classes;
    std::vector<std::vector<double>> counted;
    for (const auto& source : system_.closed) {
        classes.push_back({static_cast<double>(source.users), source.think_time.mean});
        counted.push_back(counted_of(source));
    }
    // Of the arrivals that the last round has found.
    const ByStation open_rates = open_arrivals(visits);
    std::vector<ClosedStation> stations(system_.stations.size());
    for (std::size_t s = 0; s < stations.size(); ++s) {
        ClosedStation& station = stations[s];
        const auto* queue = std::get_if<model::Queue>(&system_.stations[s].primitive);
        if (queue) station = closed_queue(*queue, visits, s, open_rates[s]);
        for (std::size_t c = 0; c < classes.size(); ++c) {
            const auto time = [&](std::size_t k) {
                return queue ? queue->service[k].mean : figures_[s].response[k];
            };
            const double work = asked_of(visits[c][s], time).work;
            station.demand.push_back(queue ? work : work * counted[c][s]);
            station.counted.push_back(queue ? counted[c][s] : 1);
        }
    }
    if (stations != closed_stations_) {
        closed_solution_ = solve_closed(stations, classes);
        closed_stations_ = stations;
    }
    const ClosedSolution& solution = closed_solution_;
    closed_exact_ = solution.exact;
    std::fill(cycles_.begin(), cycles_.end(), 0.0);
    for (std::size_t c = 0; c < classes.size(); ++c)
        cycles_[at(system_.closed[c].item_class)] += solution.throughput[c];
    settle_arrivals();
    settle_stations();
    const ByStation open = open_arrivals(visits);
    for (std::size_t s = 0; s < stations.size(); ++s)
        if (stations[s].queueing) settle_closed_queue(s, stations[s], solution, visits, open[s]);
}

/// Arrivals from open sources: what is left beside those of users.
ByStation AnalyticNetwork::open_arrivals(const std::vector<ByStation>& visits) const {
    constexpr double noise = 1e-9;
    ByStation open = arrivals_;
    for (std::size_t s = 0; s < open.size(); ++s)
        for (std::size_t k = 0; k < open[s].size(); ++k) {
            for (std::size_t c = 0; c < visits.size(); ++c)
                open[s][k] -= cycles_[at(system_.closed[c].item_class)] * visits[c][s][k];
            if (open[s][k] <= noise * arrivals_[s][k]) open[s][k] = 0;
        }
    return open;
}

// The arrival theorem's population, not that of an open class with the same rate.
void AnalyticNetwork::settle_closed_queue(std::size_t s, const ClosedStation& station,
                                          const ClosedSolution& solution,
                                          const std::vector<ByStation>& visits,
                                          const std::vector<double>& open_rate) {
    const auto& queue = std::get<model::Queue>(system_.stations[s].primitive);
    StationFigures& figures = figures_[s];
    const double servers = station.servers;
    double closed_items = 0, closed_work = 0, closed_wait = 0;
    std::vector<double> rate(figures.response.size(), 0.0), time(rate.size(), 0.0);
    for (std::size_t c = 0; c < visits.size(); ++c) {
        const Asked asked = asked_of(visits[c][s], [&](std::size_t k) { return queue.service[k].mean; });
        if (asked.visits <= 0) continue;
        const double residence = solution.residence[s][c], throughput = solution.throughput[c];
        for (std::size_t k = 0; k < rate.size(); ++k) {
            const double arrivals = throughput * visits[c][s][k], service = queue.service[k].mean;
            // Served in turn, all wait alike; shared, in proportion to what they ask for.
            const double visit = in_proportion(queue) && asked.work > 0
                                     ? residence * service / asked.work
                                     : (residence - asked.work) / asked.visits + service;
            rate[k] += arrivals;
            time[k] += arrivals * visit;
        }
        const double items = throughput * residence, work = throughput * asked.work;
        closed_items += items;
        closed_work += work;
        closed_wait +=
            std::max(0.0, items - work * (servers - 1) / servers) * asked.work / asked.visits / servers;
    }
    if (closed_items <= 0) return;
    for (std::size_t k = 0; k < rate.size(); ++k) {
        if (rate[k] <= 0) continue;
        kinds_meet_ = kinds_meet_ || open_rate[k] > 0;
        const double service = queue.service[k].mean;
        figures.passed[k] = 1;
        figures.response[k] = time[k] / rate[k];
        const double excess = std::max(0.0, figures.response[k] - service);
        double share = queue.discipline == model::Discipline::fcfs ? 1 : 0;
        if (share == 0 && queue.admitted != model::unlimited)
            share = std::pow(std::min(1.0, figures.utilisation), queue.admitted - station.servers);
        figures.waiting[k] = excess * share;
        figures.variance[k] = queue.service[k].scv * service * service + excess * excess;
    }
    if (!queue.speeds.empty()) {
        figures.known = solution.exact && system_.open.empty() && queue.batch_most == 1 &&
                        queue.patience.empty() && queue.capacity == model::unlimited;
        if (solution.exact) figures.utilisation = figures.hottest = solution.busy[s] / queue.servers;
    }
    figures.population = closed_items;
    figures.growth = 0;
    const auto comes = [](double arrivals) { return arrivals > 0; };
    if (std::none_of(open_rate.begin(), open_rate.end(), comes)) return;
    // Open classes wait for the closed items ahead of them too.
    StationLoad open = loads_[s];
    open.rate = open_rate;
    const StationFigures alone = station_figures(system_.stations[s], open);
    for (std::size_t k = 0; k < open.rate.size(); ++k) {
        if (open.rate[k] <= 0) continue;
        // One server, product form: R = S (1 + closed items) / (1 - open utilisation).
        const double service = queue.service[k].mean;
        const double ahead = std::max(0.0, closed_items - closed_work * (servers - 1) / servers);
        // Served in turn, whoever is ahead takes the time of his class.
        const double wait = in_turn(queue) ? closed_wait : ahead * service / servers;
        const double behind_closed = wait / (1 - station.open_utilisation);
        figures.passed[k] = alone.passed[k];
        figures.response[k] = alone.response[k] + behind_closed;
        figures.waiting[k] =
            queue.discipline == model::Discipline::fcfs ? figures.response[k] - service : alone.waiting[k];
        figures.population += open.rate[k] * figures.response[k];
    }
    figures.growth = alone.growth;
}

}  // namespace headroom::sim
