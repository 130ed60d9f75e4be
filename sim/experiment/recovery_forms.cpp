#include "model/kinds/parts.h"
#include "sim/analytic/solver.h"
#include "sim/experiment/backlog.h"
#include "sim/experiment/recovery.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Stations from which one of those given can be reached, by way of any class or of one; themselves included.
std::vector<bool> leading_to(const model::System& system, std::vector<bool> reached, std::size_t item_class) {
    for (bool grew = true; grew;) {
        grew = false;
        for (std::size_t s = 0; s < system.stations.size(); ++s)
            for (const auto& branch : system.stations[s].routes[item_class].branches)
                if (!reached[s] && branch.station != model::outside && reached[at(branch.station)])
                    reached[s] = grew = true;
    }
    return reached;
}

std::vector<bool> stations_of(const model::System& system, const std::string& component) {
    std::vector<bool> own(system.stations.size(), false);
    for (std::size_t s = 0; s < own.size(); ++s)
        own[s] = system.components[at(system.stations[s].component)] == component;
    return own;
}

std::vector<bool> behind(const model::System& system, const std::string& component) {
    std::vector<bool> reached = stations_of(system, component);
    for (bool grew = true; grew;) {
        grew = false;
        for (std::size_t s = 0; s < reached.size(); ++s)
            for (const model::Route& route : system.stations[s].routes)
                for (const auto& branch : route.branches)
                    if (reached[s] && branch.station != model::outside && !reached[at(branch.station)])
                        reached[at(branch.station)] = grew = true;
    }
    return reached;
}

/// The busiest of the stations of the component and of those behind it.
double busiest_behind(const model::System& system, const std::string& component, double moment) {
    const std::vector<bool> reached = behind(system, component);
    const SystemEstimate estimate = solve(system, moment);
    double most = 0;
    for (std::size_t s = 0; s < reached.size(); ++s)
        if (reached[s]) most = std::max(most, estimate.stations[s].utilisation);
    return most;
}

/// How old records are in a copy, as shares of them.
class Ages {
public:
    /// A share whose ages lie evenly within `width` around `mean`.
    void add(double share, double mean, double width) { parts_.push_back({share, mean, width}); }
    /// A failure that keeps records: `rate` times as many a second of its length, beyond `usual`.
    void add_cut(double rate, double length, double usual) { cuts_.push_back({rate, length + usual, 0}); }

    /// Below which 99 % are; NaN where that is not known.
    double percentile() const {
        double high = 0;
        for (const Part& part : parts_) high = std::max(high, part.mean + part.width / 2);
        for (const Part& cut : cuts_) high = std::max(high, cut.mean);
        if (!std::isfinite(high)) return nan;
        double low = 0;
        for (int i = 0; i < 60; ++i) (older((low + high) / 2) > 0.01 ? low : high) = (low + high) / 2;
        return high;
    }

private:
    struct Part {
        double share, mean, width;
    };
    double older(double x) const {
        double share = 0;
        for (const Part& part : parts_)
            share += part.share * (part.width > 0 ? std::clamp((part.mean - x) / part.width + 0.5, 0.0, 1.0)
                                                  : static_cast<double>(part.mean > x));
        for (const Part& cut : cuts_) share += cut.share * std::max(0.0, cut.mean - x);
        return share;
    }
    std::vector<Part> parts_, cuts_;
};

/// Failures that cut off the way to the copy.
void add_cuts(const model::System& system, const std::vector<bool>& way, std::size_t stream, double usual,
              Ages& ages) {
    for (const model::Outage& outage : system.outages)
        for (const auto& effect : outage.effects) {
            if (!way[at(effect.station)] || effect.share < 1) continue;
            const double horizon = system.horizon.value();
            const SystemEstimate mean = solve(system),
                                 then = solve(system, outage.at ? outage.at->value() : -1);
            const StationEstimate& station = then.stations[at(effect.station)];
            const double often = outage.at ? 1 / horizon : 1 / (outage.up.mean + outage.down.mean);
            const double rate =
                often * station.arrival_rate[stream] / mean.stations[at(effect.station)].arrival_rate[stream];
            const double room = 1 - station.utilisation;
            constexpr int parts = 200;
            for (int i = 0; i < parts; ++i)
                ages.add_cut(rate / room / parts,
                             room > 0 ? outage.down.quantile((i + 0.5) / parts) + effect.longer.value()
                                      : std::numeric_limits<double>::infinity(),
                             usual);
            break;  // what several stations on the way lose together is lost once
        }
}

double figure_of(const Subject& subject, const char* metric, const std::string& component,
                 const std::string& stream) {
    const auto found = subject.analytic.figures.find({metric, component, stream});
    return found == subject.analytic.figures.end() ? nan : found->second.value;
}

/// Of the copy that another component holds: over the moments of the horizon, weighed with their rates.
double copy_form(const Subject& subject, const std::string& from, std::size_t stream) {
    const model::System& system = subject.system;
    const std::vector<bool> way = leading_to(system, stations_of(system, from), stream);
    const auto point =
        std::find_if(system.read_points.begin(), system.read_points.end(), [&](const model::ReadPoint& each) {
            return at(each.item_class) == stream && system.components[at(each.component)] == from;
        });
    const double answer = figure_of(subject, "response.mean", from, system.classes[stream].name);
    if (point == system.read_points.end() && std::isnan(answer)) return nan;
    const int moments = subject.outline.constant_rates ? 1 : 48;
    std::vector<std::array<double, 3>> parts;
    double rates = 0, usual = 0;
    for (int i = 0; i < moments; ++i) {
        const SystemEstimate estimate = solve(system, (i + 0.5) / moments * system.horizon.value());
        double squares = 0, rate = 0;
        for (std::size_t s = 0; s < way.size(); ++s) {
            if (!way[s]) continue;
            const StationEstimate& station = estimate.stations[s];
            rate = std::max(rate, station.arrival_rate[stream]);
            if (std::holds_alternative<model::Batch>(system.stations[s].primitive))
                squares += station.bulk_interval * station.bulk_interval;
        }
        const double mean =
            point == system.read_points.end()
                ? answer
                : estimate.freshness[static_cast<std::size_t>(point - system.read_points.begin())];
        parts.push_back({rate, mean, std::sqrt(squares)});
        rates += rate;
        usual += rate * mean;
    }
    Ages ages;
    for (const auto& [rate, mean, width] : parts) ages.add(rate / rates, mean, width);
    add_cuts(system, way, stream, usual / rates, ages);
    return ages.percentile();
}

double point_form(const Subject& subject, const Recovered& each, std::size_t stream) {
    const model::Recovery& recovery = *each.recovery;
    if (!recovery.from.empty()) return copy_form(subject, recovery.from, stream);
    const double own =
        figure_of(subject, "freshness.mean", each.component->id, subject.system.classes[stream].name);
    const double here = std::isnan(own) ? 0 : own;
    if (recovery.snapshot_every) return here + 0.99 * recovery.snapshot_every->value();
    return recovery.lag ? here + recovery.lag->quantile(0.99) : 0;
}

}  // namespace

std::vector<Recovered> recovered(const model::Scenario& scenario, const model::System& system,
                                 const Outline& outline, const Billing& billing) {
    std::vector<Recovered> all;
    if (scenario.recoveries.empty()) return all;
    const Flows flows = mean_flows(system);
    for (const model::Recovery& recovery : scenario.recoveries)
        for (const Outline::Component& component : outline.components) {
            if (std::find(recovery.of.begin(), recovery.of.end(), component.id) == recovery.of.end())
                continue;
            Recovered each{.recovery = &recovery,
                           .component = &component,
                           .down = recovery.detection + recovery.failover};
            if (recovery.restore) each.down += billing.held(component, flows) / *recovery.restore;
            for (std::size_t k = 0; k < system.classes.size(); ++k)
                if (!component.entries[k].empty() && scenario.workloads[k].is_stream())
                    each.streams.push_back(k);
            all.push_back(std::move(each));
        }
    return all;
}

model::FigureKey recovery_time_key(const Recovered& each) {
    return {std::string("recovery-time.") + model::word_for(each.recovery->loss), each.component->id, ""};
}

model::FigureKey recovery_point_key(const Subject& subject, const Recovered& each, std::size_t stream) {
    return {std::string("recovery-point.") + model::word_for(each.recovery->loss), each.component->id,
            subject.system.classes[stream].name};
}

model::Duration moment_of_loss(const model::Scenario& scenario) {
    return std::max(busiest_moment(scenario), std::min(model::hours(1), scenario.horizon / 2.0));
}

std::map<model::FigureKey, double> recovery_forms(const Subject& subject) {
    std::map<model::FigureKey, double> forms;
    const std::vector<Recovered> all =
        recovered(subject.scenario, subject.system, subject.outline, subject.billing);
    if (all.empty()) return forms;
    const double moment = moment_of_loss(subject.scenario).value();
    for (const Recovered& each : all) {
        const double used = busiest_behind(subject.system, each.component->id, moment);
        forms[recovery_time_key(each)] = each.down.value() <= 0 ? 0
                                         : used < 1             ? each.down.value() / (1 - used)
                                                                : nan;
        for (const std::size_t stream : each.streams)
            forms[recovery_point_key(subject, each, stream)] = point_form(subject, each, stream);
    }
    return forms;
}

Queues queues_behind(const Subject& subject, const Recovered& each, const Queues& queues) {
    const std::vector<bool> reached = behind(subject.system, each.component->id);
    Queues some;
    for (const Outline::Component& component : subject.outline.components)
        if (std::any_of(component.stations.begin(), component.stations.end(),
                        [&](int s) { return reached[at(s)]; }))
            some[component.id] = queues.at(component.id);
    return some;
}

}  // namespace headroom::sim
