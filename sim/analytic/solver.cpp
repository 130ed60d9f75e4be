#include "sim/analytic/solver.h"

#include "sim/analytic/analytic_network.h"
#include "sim/analytic/exactness.h"
#include "sim/analytic/special_queues.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// The users of a class, where nothing else makes items of it.
const model::ClosedSource* only_users(const model::System& system, int item_class) {
    const auto makes = [&](const auto& source) { return source.item_class == item_class; };
    if (std::any_of(system.open.begin(), system.open.end(), makes) ||
        std::count_if(system.closed.begin(), system.closed.end(), makes) != 1)
        return nullptr;
    return &*std::find_if(system.closed.begin(), system.closed.end(), makes);
}

}  // namespace

struct AnalyticNetwork::Course {
    ByStation arrivals;  ///< items a second by station and the class that they are then
    double completions = 0, time = 0;
};

/// Each item is one from its arrival to its end.
bool AnalyticNetwork::goes_singly() const {
    const auto copied = [](const model::Route& route) { return route.routing == model::Routing::copy; };
    const auto one = [](double yield) { return yield == 1; };
    return std::none_of(system_.open.begin(), system_.open.end(),
                        [&](const auto& source) { return copied(source.route); }) &&
           std::all_of(system_.stations.begin(), system_.stations.end(), [&](const model::Station& station) {
               return std::none_of(station.routes.begin(), station.routes.end(), copied) &&
                      std::all_of(station.yields.begin(), station.yields.end(), one);
           });
}

ByStation AnalyticNetwork::spread_of(std::size_t item_class, const Entry& own,
                                     const ByStation& through) const {
    constexpr int most_rounds = 1000;
    constexpr double settled = 1e-13;
    const std::size_t count = system_.stations.size(), classes = system_.classes.size();
    ByStation spread(count, std::vector<double>(classes, 0.0));
    for (int round = 0; round < most_rounds; ++round) {
        double change = 0, all = 0;
        for (std::size_t k = 0; k < classes; ++k) {
            Entry entry = k == item_class ? own : Entry{std::vector<double>(count, 0.0), 0};
            if (switches_) traffic_.add_switched(static_cast<int>(k), spread, through, entry);
            const auto comes = [](double rate) { return rate > 0; };
            if (std::none_of(entry.stations.begin(), entry.stations.end(), comes)) continue;
            std::vector<double> passing;
            for (const auto& by_class : through) passing.push_back(by_class[k]);
            const std::vector<double> rates = traffic_.arrivals(static_cast<int>(k), entry, passing);
            for (std::size_t s = 0; s < rates.size(); ++s) {
                change += std::abs(rates[s] - spread[s][k]);
                all += rates[s];
                spread[s][k] = rates[s];
            }
        }
        if (!switches_ || change <= settled * all) break;
    }
    return spread;
}

AnalyticNetwork::Course AnalyticNetwork::course_of(std::size_t item_class) const {
    const std::size_t classes = system_.classes.size();
    const Entry own = traffic_.entry(static_cast<int>(item_class), source_rates_, cycles_[item_class]);
    const ByStation through = passed_by_station();
    Course course{.arrivals = spread_of(item_class, own, through)};
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

SystemEstimate AnalyticNetwork::estimate() const {
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
        station.diverted = figures.diverted;
        station.exact = exactness.stations[s];
        estimate.stations.push_back(std::move(station));
        if (!figures.known) estimate.known = false;
        if (figures.growth > 0) {
            estimate.overloads.push_back({static_cast<int>(s), figures.growth});
            stable = false;
        }
        rejects = rejects || (figures.rejects && !exactness.stations[s]);
    }
    rejects = rejects || !exactness.regions;
    bool mixed = !system_.open.empty() && !system_.closed.empty();
    if (kinds_meet_ || (switches_ && !goes_singly())) estimate.known = false;
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
        if (!turned_away_.empty()) result.rejected += turned_away_[k];
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
        if (switches_) {
            const Course course = course_of(k);
            result.throughput = course.completions;
            result.response = course.completions > 0 ? course.time / course.completions : 0;
            for (std::size_t s = 0; s < system_.stations.size(); ++s)
                for (const double rate : course.arrivals[s])
                    if (rate > 0) result.exact = result.exact && exactness.stations[s];
        }
        const bool closed = is_closed(k);
        if (const auto* users = only_users(system_, item_class); users && cycles_[k] > 0)
            result.response = static_cast<double>(users->users) / cycles_[k] - users->think_time.mean;
        if (closed || mixed) result.exact = result.exact && closed_exact_ && exactness.closed_product_form;
        result.rate_exact = exactness.constant_rates && stable && (closed ? result.exact : !rejects);
        for (std::size_t i = 0; i < system_.open.size(); ++i)
            if (system_.open[i].item_class == item_class && system_.open[i].persistence)
                tell_requests(i, result);
        estimate.classes.push_back(result);
    }
    for (std::size_t s = 0; s < estimate.stations.size(); ++s) {
        StationEstimate& station = estimate.stations[s];
        bool rates = exactness.constant_rates && stable && exactness.rates[s];
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
    // only; users also for one server who always turns to the last comer.
    for (const auto& station : system_.stations) {
        // A pool's jobs have no formula.
        if (std::holds_alternative<model::BatchPool>(station.primitive)) estimate.known = false;
        const auto* queue = std::get_if<model::Queue>(&station.primitive);
        // Of such queues, users are followed through those alone whose speed depends on the number present.
        if (queue && is_special(*queue) && queue->speeds.empty() && !system_.closed.empty())
            estimate.known = false;
        const bool picks = queue && queue->discipline != model::Discipline::fcfs &&
                           queue->discipline != model::Discipline::processor_sharing;
        const bool stack =
            queue && queue->discipline == model::Discipline::lcfs_preemptive && queue->servers == 1;
        if (picks && (!stable || (!system_.closed.empty() && !stack) || queue->capacity != model::unlimited))
            estimate.known = false;
    }
    if (!joins_known_ || !choices_known_) estimate.known = false;
    for (const auto& source : system_.open)
        if (!has_formula(system_, source, renewal_)) estimate.known = false;
    if (!regions_known_ || !attempts_known() || !attempts_calm_) estimate.known = false;
    if (const auto station = held_up_by_attempts(); station && attempts_known())
        estimate.notes.push_back("With every attempt made, '" + *station +
                                 "' would have more work than it can do: an overload keeps itself up, and it "
                                 "may take only chance to begin one.");
    if (feeds_back_too_much_)
        estimate.notes.push_back(
            "Items come back more often than they leave: a loop multiplies them without end.");
    return estimate;
}

SystemEstimate solve(const model::System& system, double at_time) {
    std::vector<double> rates;
    for (const auto& source : system.open)
        rates.push_back(at_time < 0 ? source.rate.mean(model::seconds(0), system.horizon).value()
                                    : source.rate.at(model::seconds(at_time)).value());
    AnalyticNetwork network(system, std::move(rates));
    network.solve();
    return network.estimate();
}

TrafficEquations decided_traffic(const model::System& system) {
    TrafficEquations traffic(system);
    const auto decides = [](const model::Station& station) {
        return std::any_of(station.routes.begin(), station.routes.end(), [](const model::Route& route) {
            return route.routing == model::Routing::outcome;
        });
    };
    if (std::none_of(system.stations.begin(), system.stations.end(), decides)) return traffic;
    const SystemEstimate estimate = solve(system);
    for (std::size_t s = 0; s < estimate.stations.size(); ++s)
        for (std::size_t k = 0; k < system.classes.size(); ++k)
            traffic.divert(s, k, estimate.stations[s].diverted);
    return traffic;
}

}  // namespace headroom::sim
