#include "sim/platform/scaling.h"

#include "sim/analytic/station_figures.h"
#include "sim/analytic/traffic.h"
#include "sim/stations/scaling_rule.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace headroom::sim {

namespace {

constexpr double most_looks = 500'000;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

double time_of(const model::Station& station, std::size_t item_class) {
    if (const auto* queue = std::get_if<model::Queue>(&station.primitive))
        return queue->service[item_class].mean;
    if (const auto* log = std::get_if<model::PartitionedLog>(&station.primitive))
        return log->service[item_class].mean;
    return std::holds_alternative<model::Batch>(station.primitive) ? 1 : 0;
}

/// Writers at work for so many items and bytes a second.
double commits_of(const model::Batch& batch, double items, double bytes) {
    const double commits = std::max({items / batch.max_items, bytes / batch.max_size.value(),
                                     std::min(items, 1 / batch.max_wait.value())});
    return commits * batch.fixed.mean + bytes / batch.rate.value();
}

/// Server-seconds a second at a station, by what the sources send.
class Work {
public:
    Work(const model::System& system, const std::vector<int>& stations)
        : system_(system), stations_(stations) {
        const TrafficEquations traffic = decided_traffic(system);
        const std::vector<double> passed(system.stations.size(), 1.0);
        for (const int s : stations) {
            by_source_.emplace_back(system.open.size(), 0.0);
            constant_.push_back(0);
            (void)s;
        }
        for (std::size_t i = 0; i < system.open.size(); ++i)
            for (std::size_t s = 0; s < stations.size(); ++s)
                by_source_[s][i] = of_source(traffic, passed, i, stations[s]);
        for (const auto& source : system.closed) {
            std::vector<double> none(system.open.size(), 0.0);
            const auto visits = traffic.arrivals(
                source.item_class,
                traffic.entry(source.item_class, none, source.users / std::max(1e-3, source.think_time.mean)),
                passed);
            for (std::size_t s = 0; s < stations.size() && !visits.empty(); ++s)
                constant_[s] += visits[at(stations[s])] *
                                time_of(system.stations[at(stations[s])], at(source.item_class));
        }
    }

    double mean(std::size_t station, double from, double to) const {
        double sum = constant_[station], bytes = 0;
        for (std::size_t i = 0; i < system_.open.size(); ++i) {
            const double visits = by_source_[station][i];
            if (visits <= 0) continue;
            const model::RateProfile& rate = system_.open[i].rate;
            // Looks are short against seasons.
            const double more =
                visits *
                (rate.is_constant() ? rate.base.value() : rate.at(model::seconds((from + to) / 2)).value());
            sum += more;
            bytes +=
                more * system_.stations[at(stations_[station])].sizes[at(system_.open[i].item_class)].value();
        }
        const auto* batch = std::get_if<model::Batch>(&system_.stations[at(stations_[station])].primitive);
        return batch ? commits_of(*batch, sum, bytes) : sum;
    }

private:
    double of_source(const TrafficEquations& traffic, const std::vector<double>& passed, std::size_t i,
                     int station) const {
        std::vector<double> one(system_.open.size(), 0.0);
        one[i] = 1;
        const int k = system_.open[i].item_class;
        const auto visits = traffic.arrivals(k, traffic.entry(k, one, 0), passed);
        return visits.empty() ? 0 : visits[at(station)] * time_of(system_.stations[at(station)], at(k));
    }

    const model::System& system_;
    std::vector<int> stations_;
    std::vector<std::vector<double>> by_source_;
    std::vector<double> constant_;
};

/// One scaler through the horizon.
class Course {
public:
    Course(const model::System& system, int index)
        : system_(system),
          scaler_(system.scalers[at(index)]),
          index_(index),
          work_(system, scaler_.stations),
          rule_(scaler_),
          backlog_(scaler_.stations.size(), 0.0) {}

    std::vector<ScaleChange> run() {
        const double horizon = system_.horizon.value();
        const double period = std::max(scaler_.period.value(), horizon / most_looks);
        if (scaler_.first > 0) {
            rule_.begin(scaler_.first, 0);
        } else {
            const double end = std::min(horizon, period);
            rule_.begin(rule_.wanted(look(0, end), end), 0);
            std::fill(backlog_.begin(), backlog_.end(), 0.0);
        }
        changes_.push_back({0, index_, rule_.there()});
        for (double now = 0; now < horizon; now += period) {
            const double until = std::min(horizon, now + period);
            const double wanted = rule_.wanted(look(now, until), until);
            if (rule_.decide(until, wanted)) note(until);
            if (rule_.arrive(until, until - now)) note(until);
        }
        return std::move(changes_);
    }

private:
    void note(double now) {
        if (std::abs(changes_.back().share - rule_.there()) < 1e-9) return;
        changes_.push_back({now, index_, rule_.there()});
    }

    /// Work of the busiest station in this period, as a share of all that it can have.
    double look(double from, double until) {
        double most = 0;
        for (std::size_t s = 0; s < scaler_.stations.size(); ++s) {
            const double servers = servers_of(system_.stations[at(scaler_.stations[s])].primitive);
            if (servers <= 0) continue;
            const double length = until - from, coming = work_.mean(s, from, until);
            const double all = backlog_[s] / length + coming, capacity = servers * rule_.there();
            backlog_[s] = std::max(0.0, (all - capacity) * length);
            double busy = scaler_.sees_waiting ? all : std::min(all, capacity);
            busy += scaler_.margin * std::sqrt(busy) + (scaler_.margin > 0 ? 1 : 0);
            most = std::max(most, busy / servers);
        }
        return most;
    }

    const model::System& system_;
    const model::Scaler& scaler_;
    int index_;
    Work work_;
    ScalingRule rule_;
    std::vector<double> backlog_;
    std::vector<ScaleChange> changes_;
};

}  // namespace

std::vector<ScaleChange> scale_changes(const model::System& system) {
    std::vector<ScaleChange> all;
    for (int i = 0; i < std::ssize(system.scalers); ++i) {
        std::vector<ScaleChange> own = Course(system, i).run();
        while (!own.empty() && own.back().time >= system.horizon.value()) own.pop_back();
        all.insert(all.end(), own.begin(), own.end());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const ScaleChange& a, const ScaleChange& b) { return a.time < b.time; });
    return all;
}

std::vector<double> mean_capacity(const model::System& system) {
    std::vector<double> means(system.components.size(), 1.0);
    if (system.scalers.empty()) return means;
    const double horizon = system.horizon.value();
    std::vector<double> sums(system.scalers.size(), 0.0), share = sums, since = sums;
    for (const ScaleChange& change : scale_changes(system)) {
        const std::size_t i = at(change.scaler);
        sums[i] += share[i] * (change.time - since[i]);
        share[i] = change.share;
        since[i] = change.time;
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const int station = system.scalers[i].stations.front();
        means[at(system.stations[at(station)].component)] =
            (sums[i] + share[i] * (horizon - since[i])) / horizon;
    }
    return means;
}

}  // namespace headroom::sim
