#include "sim/analytic/solver.h"

#include "sim/analytic/closed_network.h"
#include "sim/analytic/exactness.h"
#include "sim/analytic/fork_join.h"
#include "sim/analytic/single_server.h"
#include "sim/analytic/special_queues.h"
#include "sim/analytic/station_figures.h"
#include "sim/analytic/traffic.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// The whole system at one set of source rates: figures of stations and arrivals consistent with each other.
class Network {
public:
    Network(const model::System& system, std::vector<double> source_rates)
        : system_(system),
          traffic_(system),
          source_rates_(std::move(source_rates)),
          cycles_(system.classes.size(), 0.0),
          arrivals_(system.stations.size(), std::vector<double>(system.classes.size(), 0.0)),
          figures_(system.stations.size()),
          loads_(system.stations.size()) {
        for (std::size_t s = 0; s < system.stations.size(); ++s) {
            loads_[s].rate.assign(system.classes.size(), 0.0);
            by_formula_.push_back(station_figures(system.stations[s], loads_[s]));
        }
        figures_ = by_formula_;
    }

    void solve() {
        // Losses and overloads thin what flows downstream; in a network without feedback the fixed point is
        // reached in as many rounds as the longest path has stations.
        const int rounds = static_cast<int>(system_.stations.size()) + 8;
        for (int outer = 0; outer < 12; ++outer) {
            for (int round = 0; round < rounds; ++round) {
                const double change = settle_arrivals();
                settle_stations();
                if (round > 0 && change < 1e-9) break;
            }
            if (system_.closed.empty()) break;
            const std::vector<double> before = cycles_;
            solve_closed_classes();
            double change = 0;
            for (std::size_t k = 0; k < cycles_.size(); ++k)
                change = std::max(change, std::abs(cycles_[k] - before[k]) / std::max(cycles_[k], 1e-12));
            if (change < 1e-12) break;
        }
        settle_joins();
    }

    SystemEstimate estimate() const;
    bool feeds_back_too_much = false;

private:
    double settle_arrivals() {
        double change = 0;
        for (std::size_t k = 0; k < system_.classes.size(); ++k) {
            const int item_class = static_cast<int>(k);
            Entry entry = traffic_.entry(item_class, source_rates_, cycles_[k]);
            traffic_.add_switched(item_class, arrivals_, passed_by_station(), entry);
            const std::vector<double> rates = traffic_.arrivals(item_class, entry, passed(k));
            if (rates.empty()) {
                feeds_back_too_much = true;
                continue;
            }
            for (std::size_t s = 0; s < rates.size(); ++s) {
                change = std::max(change, std::abs(rates[s] - arrivals_[s][k]) / std::max(rates[s], 1e-12));
                arrivals_[s][k] = rates[s];
            }
        }
        return change;
    }

    // Variability of the arrivals: those of the flows that come together, each thinned by its split (Whitt
    // 1983).
    void settle_stations() {
        const std::size_t count = system_.stations.size();
        std::vector<double> rate(count, 0.0), spread(count, 0.0), bulk(count, 0.0), bulky(count, 0.0);
        const auto add = [&](const model::Branch& branch, double flow, double scv, double share,
                             double interval) {
            if (branch.station == model::outside || flow <= 0) return;
            const std::size_t to = at(branch.station);
            rate[to] += flow;
            spread[to] += flow * (share * scv + 1 - share);
            if (interval > 0) bulky[to] += flow, bulk[to] = std::max(bulk[to], interval);
        };
        for (std::size_t i = 0; i < system_.open.size(); ++i) {
            const auto& source = system_.open[i];
            for (const auto& branch : source.route.branches) {
                const double weight = weight_of(source.route, branch);
                add(branch, source_rates_[i] * weight, source.interarrival.scv, weight, 0);
            }
        }
        for (const auto& source : system_.closed)
            for (const auto& branch : source.route.branches)
                add(branch, cycles_[at(source.item_class)] * weight_of(source.route, branch), 1, 1, 0);
        for (std::size_t s = 0; s < count; ++s) {
            double all = 0;
            for (const double r : arrivals_[s]) all += r;
            for (std::size_t k = 0; k < system_.classes.size(); ++k) {
                if (arrivals_[s][k] <= 0) continue;
                const auto& station = system_.stations[s];
                const double out = arrivals_[s][k] * figures_[s].passed[k] * station.yields[k];
                for (const auto& branch : station.routes[k].branches) {
                    const double weight = weight_of(station.routes[k], branch, figures_[s].diverted);
                    // In turn, each branch gets sums of gaps.
                    const bool in_turn = station.routes[k].routing == model::Routing::round_robin;
                    add(branch, out * weight, figures_[s].departure_scv * (in_turn ? weight : 1),
                        std::min(1.0, arrivals_[s][k] / all * station.yields[k] * (in_turn ? 1 : weight)),
                        figures_[s].bulk_interval);
                }
            }
        }
        for (std::size_t s = 0; s < count; ++s) {
            StationLoad load{arrivals_[s], rate[s] > 0 ? spread[s] / rate[s] : 1,
                             rate[s] > 0 && bulky[s] > 0.5 * rate[s] ? bulk[s] : 0};
            if (load != loads_[s]) {
                loads_[s] = std::move(load);
                by_formula_[s] = station_figures(system_.stations[s], loads_[s]);
            }
            figures_[s] = by_formula_[s];
            for (std::size_t k = 0; k < system_.classes.size(); ++k)
                traffic_.divert(s, k, figures_[s].diverted);
            settle_renewal(s);
        }
    }

    // GI/M/1: who arrives finds a geometric number, and both the response and the wait of those who wait are
    // exponential (Kleinrock, Queueing Systems I, 1975, section 6.4).
    void settle_renewal(std::size_t s) {
        if (renewal_[s] < 0) return;
        const model::OpenSource& source = system_.open[at(renewal_[s])];
        StationFigures& figures = figures_[s];
        if (!is_renewal_exact(system_.stations[s], source) || figures.utilisation <= 0 ||
            figures.utilisation >= 1)
            return;
        const std::size_t k = at(source.item_class);
        const model::Distribution& time = std::get<model::Queue>(system_.stations[s].primitive).service[k];
        const double service = time.mean;
        if (!source.pattern.states.empty() || !source.pattern.bulk.is_one()) {
            figures.response[k] =
                source.pattern.states.empty()
                    ? service + bulk_wait(arrivals_[s][k], service, time.scv, source.pattern.bulk)
                    : modulated_population(source.pattern.states, service).value_or(0) / arrivals_[s][k];
            figures.waiting[k] = figures.response[k] - service;
            figures.variance[k] = figures.response[k] * figures.response[k];
            figures.population = arrivals_[s][k] * figures.response[k];
            return;
        }
        const double waits = renewal_wait_probability(source.interarrival, figures.utilisation);
        figures.response[k] = service / (1 - waits);
        figures.waiting[k] = figures.response[k] - service;
        figures.variance[k] = figures.response[k] * figures.response[k];
        figures.population = arrivals_[s][k] * figures.response[k];
    }

    std::vector<double> passed(std::size_t item_class) const {
        std::vector<double> passed(figures_.size());
        for (std::size_t s = 0; s < figures_.size(); ++s) passed[s] = figures_[s].passed[item_class];
        return passed;
    }

    ByStation passed_by_station() const {
        ByStation passed;
        for (const StationFigures& figures : figures_) passed.push_back(figures.passed);
        return passed;
    }

    bool is_closed(std::size_t item_class) const {
        return std::any_of(system_.closed.begin(), system_.closed.end(),
                           [&](const auto& source) { return at(source.item_class) == item_class; });
    }

    void settle_joins();
    void solve_closed_classes();
    struct Course;
    Course course_of(std::size_t item_class) const;
    bool switches() const;
    bool goes_singly() const;

    const model::System& system_;
    TrafficEquations traffic_;
    std::vector<double> source_rates_;
    std::vector<double> cycles_;  ///< by class: throughput of its closed source
    ByStation arrivals_;
    std::vector<StationFigures> figures_;
    std::vector<StationLoad> loads_;
    std::vector<StationFigures> by_formula_;  ///< of stations alone, at loads_: most settle in few rounds
    std::vector<int> renewal_ = renewal_inputs(system_);
    bool closed_exact_ = false;
    bool joins_known_ = true;
    /// By station and class, of joins: what an item takes more than a copy of it and its wait.
    ByStation meeting_ = arrivals_;
};

/// What becomes of one class, whatever other classes its items become on their way.
struct Network::Course {
    ByStation arrivals;  ///< items a second by station and the class that they are then
    double completions = 0, time = 0;
};

// Copies wait at their join for the last one that is needed, those behind it not at all.
void Network::settle_joins() {
    const auto is_queue_of_one = [&](int s, std::size_t k) {
        const auto* queue = std::get_if<model::Queue>(&system_.stations[at(s)].primitive);
        double all = 0;
        for (const double rate : arrivals_[at(s)]) all += rate;
        return queue && queue->servers == 1 && queue->discipline == model::Discipline::fcfs &&
               !is_special(*queue) && queue->service[k].family == model::Family::exponential &&
               arrivals_[at(s)][k] == all;
    };
    for (int s = 0; s < std::ssize(system_.stations); ++s) {
        if (!std::holds_alternative<model::Fork>(system_.stations[at(s)].primitive)) continue;
        for (std::size_t k = 0; k < system_.classes.size(); ++k) {
            if (arrivals_[at(s)][k] <= 0) continue;
            const auto span = span_of(system_, s, k);
            if (!span || !system_.closed.empty()) {
                joins_known_ = false;
                continue;
            }
            std::vector<CopyTime> copies;
            bool queues = true;
            double mean = 0;
            for (int i = 0; i < span->copies; ++i) {
                const int station = span->stations[at(i) % span->stations.size()];
                const StationFigures& figures = figures_[at(station)];
                copies.push_back({figures.response[k], figures.variance[k]});
                mean += figures.response[k] / span->copies;
                queues = queues && is_queue_of_one(station, k) && copies.back() == copies.front();
            }
            const double last =
                queues && span->needed == span->copies
                    ? meeting_of_queues(span->copies, figures_[at(span->stations[0])].utilisation, mean)
                    : independent_copies(copies, span->needed);
            // Of the copies, those before the last that is needed wait for it, later ones do not.
            double waited = last - mean;
            if (span->needed < span->copies) {
                waited = 0;
                for (int i = 1; i < span->needed; ++i)
                    waited += (last - independent_copies(copies, i)) / span->copies;
            }
            StationFigures& join = figures_[at(span->join)];
            join.response[k] = join.waiting[k] = waited;
            join.population += arrivals_[at(span->join)][k] * waited;
            meeting_[at(span->join)][k] = last - mean - waited;
        }
    }
}

bool Network::switches() const {
    const auto becomes = [](const model::Branch& branch) { return branch.item_class >= 0; };
    return std::any_of(system_.stations.begin(), system_.stations.end(), [&](const model::Station& station) {
        return std::any_of(station.routes.begin(), station.routes.end(), [&](const model::Route& route) {
            return std::any_of(route.branches.begin(), route.branches.end(), becomes);
        });
    });
}

/// Each item is one from its arrival to its end.
bool Network::goes_singly() const {
    const auto copied = [](const model::Route& route) { return route.routing == model::Routing::copy; };
    const auto one = [](double yield) { return yield == 1; };
    return std::none_of(system_.open.begin(), system_.open.end(),
                        [&](const auto& source) { return copied(source.route); }) &&
           std::all_of(system_.stations.begin(), system_.stations.end(), [&](const model::Station& station) {
               return std::none_of(station.routes.begin(), station.routes.end(), copied) &&
                      std::all_of(station.yields.begin(), station.yields.end(), one);
           });
}

Network::Course Network::course_of(std::size_t item_class) const {
    constexpr int most_rounds = 1000;
    constexpr double settled = 1e-13;
    const std::size_t classes = system_.classes.size();
    Course course{.arrivals = ByStation(system_.stations.size(), std::vector<double>(classes, 0.0))};
    const Entry own = traffic_.entry(static_cast<int>(item_class), source_rates_, cycles_[item_class]);
    const ByStation through = passed_by_station();
    for (int round = 0; round < most_rounds; ++round) {
        double change = 0, all = 0;
        for (std::size_t k = 0; k < classes; ++k) {
            Entry entry = k == item_class ? own : Entry{std::vector<double>(system_.stations.size(), 0.0), 0};
            traffic_.add_switched(static_cast<int>(k), course.arrivals, through, entry);
            const std::vector<double> rates = traffic_.arrivals(static_cast<int>(k), entry, passed(k));
            for (std::size_t s = 0; s < rates.size(); ++s) {
                change += std::abs(rates[s] - course.arrivals[s][k]);
                all += rates[s];
                course.arrivals[s][k] = rates[s];
            }
        }
        if (change <= settled * all) break;
    }
    for (std::size_t k = 0; k < classes; ++k) {
        Entry entry{{}, k == item_class ? own.through : 0};
        std::vector<double> arrivals;
        for (std::size_t s = 0; s < system_.stations.size(); ++s) {
            arrivals.push_back(course.arrivals[s][k]);
            const double passing = arrivals.back() * through[s][k];
            if (passing > 0) course.time += passing * figures_[s].response[k];
        }
        course.completions += traffic_.completions(static_cast<int>(k), entry, arrivals, passed(k));
    }
    return course;
}

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

// Closed classes see queues as centres whose capacity the open classes have reduced, and everything else
// (delays, logs, batches) as delays of the length that the open classes and the last round's throughput give.
void Network::solve_closed_classes() {
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

SystemEstimate Network::estimate() const {
    SystemEstimate estimate;
    const Exactness exactness = examine_exactness(system_);
    const std::size_t classes = system_.classes.size();
    bool stable = true, rejects = false;  // some loss is only known approximately
    for (std::size_t s = 0; s < system_.stations.size(); ++s) {
        const StationFigures& figures = figures_[s];
        StationEstimate station;
        station.arrival_rate = arrivals_[s];
        station.waiting = figures.waiting;
        station.response = figures.response;
        station.passed = figures.passed;
        station.utilisation = figures.utilisation;
        station.hottest = figures.hottest;
        station.population = figures.population;
        station.bulk_interval = figures.bulk_interval;
        station.exact = exactness.stations[s];
        estimate.stations.push_back(std::move(station));
        if (!figures.known) estimate.known = false;
        if (figures.growth > 0) {
            estimate.overloads.push_back({static_cast<int>(s), figures.growth});
            stable = false;
        }
        rejects = rejects || (figures.rejects && !exactness.stations[s]);
    }
    bool mixed = !system_.open.empty() && !system_.closed.empty();
    const bool switching = switches();
    if (switching && (!system_.closed.empty() || !goes_singly())) estimate.known = false;
    for (std::size_t k = 0; k < classes; ++k) {
        const int item_class = static_cast<int>(k);
        ClassEstimate result;
        std::vector<double> mean(system_.stations.size()), variance(system_.stations.size());
        bool finite = true;
        result.exact = exactness.constant_rates && stable;
        for (const int s : traffic_.reached(item_class)) {
            mean[at(s)] = figures_[at(s)].response[k] + meeting_[at(s)][k];
            finite = finite && std::isfinite(mean[at(s)]);
            result.exact = result.exact && exactness.stations[at(s)];
            result.rejected +=
                arrivals_[at(s)][k] * (figures_[at(s)].rejects ? 1 - figures_[at(s)].passed[k] : 0);
        }
        const Entry entry = traffic_.entry(item_class, source_rates_, cycles_[k]);
        std::vector<double> arrivals(system_.stations.size());
        for (std::size_t s = 0; s < arrivals.size(); ++s) arrivals[s] = arrivals_[s][k];
        result.throughput = traffic_.completions(item_class, entry, arrivals, passed(k));
        if (!finite) {
            result.response = std::numeric_limits<double>::infinity();
        } else {
            const auto remaining = traffic_.remaining(item_class, passed(k), mean, variance);
            double completions = entry.through, time = 0;
            for (std::size_t s = 0; s < arrivals.size(); ++s) {
                completions += entry.stations[s] * remaining.completions[s];
                time += entry.stations[s] * remaining.time[s];
            }
            result.response = completions > 0 ? time / completions : 0;
        }
        if (switching) {
            const Course course = course_of(k);
            result.throughput = course.completions;
            result.response = course.completions > 0 ? course.time / course.completions : 0;
            for (std::size_t s = 0; s < system_.stations.size(); ++s)
                for (const double rate : course.arrivals[s])
                    if (rate > 0) result.exact = result.exact && exactness.stations[s];
        }
        const bool closed = is_closed(k);
        if (closed || mixed) result.exact = result.exact && closed_exact_ && exactness.closed_product_form;
        result.rate_exact = exactness.constant_rates && stable && (closed ? result.exact : !rejects);
        estimate.classes.push_back(result);
    }
    for (std::size_t s = 0; s < estimate.stations.size(); ++s) {
        StationEstimate& station = estimate.stations[s];
        bool rates = exactness.constant_rates && stable;
        for (std::size_t k = 0; k < classes; ++k) {
            if (station.arrival_rate[k] <= 0) continue;
            rates = rates && estimate.classes[k].rate_exact;
            if (is_closed(k) || mixed)
                station.exact = station.exact && closed_exact_ && exactness.closed_product_form;
        }
        station.exact = station.exact && exactness.constant_rates && stable;
        station.rate_exact = rates;
    }
    for (const auto& point : system_.read_points) {
        const std::size_t k = at(point.item_class);
        std::vector<double> mean(system_.stations.size()), arrivals(system_.stations.size());
        for (std::size_t s = 0; s < mean.size(); ++s) {
            mean[s] = figures_[s].response[k];
            arrivals[s] = arrivals_[s][k];
        }
        bool finite = true;
        for (const int s : traffic_.reached(point.item_class)) finite = finite && std::isfinite(mean[at(s)]);
        estimate.freshness.push_back(
            finite ? traffic_.ages(point.item_class, arrivals, passed(k), mean)[at(point.station)] +
                         mean[at(point.station)]
                   : std::numeric_limits<double>::infinity());
    }
    // Overload, users who wait for an answer, and room that is limited, have formulas for two disciplines
    // only.
    for (const auto& station : system_.stations) {
        // A pool's jobs have no formula.
        if (std::holds_alternative<model::BatchPool>(station.primitive)) estimate.known = false;
        for (const model::Route& route : station.routes)
            if (route.routing == model::Routing::least_loaded) estimate.known = false;
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        // Of such queues, users are followed through those alone whose speed depends on the number present.
        if (queue && is_special(*queue) && queue->speeds.empty() && !system_.closed.empty())
            estimate.known = false;
        const bool picks = queue && queue->discipline != model::Discipline::fcfs &&
                           queue->discipline != model::Discipline::processor_sharing;
        if (picks && (!stable || !system_.closed.empty() || queue->capacity != model::unlimited))
            estimate.known = false;
    }
    if (!joins_known_) estimate.known = false;
    for (const auto& source : system_.open)
        if (!has_formula(system_, source, renewal_)) estimate.known = false;
    const auto persists = [](const auto& source) { return source.persistence.has_value(); };
    if (!system_.regions.empty() || std::any_of(system_.open.begin(), system_.open.end(), persists) ||
        std::any_of(system_.closed.begin(), system_.closed.end(), persists))
        estimate.known = false;
    if (feeds_back_too_much)
        estimate.notes.push_back(
            "Items come back more often than they leave: a loop multiplies them without end.");
    return estimate;
}

}  // namespace

SystemEstimate solve(const model::System& system, double at_time) {
    std::vector<double> rates;
    for (const auto& source : system.open)
        rates.push_back(at_time < 0 ? source.rate.mean(model::seconds(0), system.horizon).value()
                                    : source.rate.at(model::seconds(at_time)).value());
    Network network(system, std::move(rates));
    network.solve();
    return network.estimate();
}

}  // namespace headroom::sim
