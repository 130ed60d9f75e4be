#include "model/system/lru.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/special_queues.h"
#include "sim/experiment/figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace headroom::sim {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// A mean over moments, each weighted; exact only if it rests on a single exact value.
struct Average {
    double sum = 0, weight = 0, peak = 0;
    bool exact = true;

    void add(double value, double by, bool is_exact) {
        if (by <= 0) return;
        sum += value * by;
        weight += by;
        peak = std::max(peak, value);
        exact = exact && is_exact;
    }
};

class Averages {
public:
    void add(const char* metric, const std::string& subject, const std::string& of, double value,
             double weight, bool exact) {
        averages_[{metric, subject, of}].add(value, weight, exact);
    }
    /// Of a component, what its stations are used to, in their order at every moment.
    void add_used(const std::string& component, const std::vector<double>& used, bool exact) {
        std::vector<Average>& stations = used_[component];
        stations.resize(used.size());
        for (std::size_t s = 0; s < used.size(); ++s) stations[s].add(used[s], 1, exact);
    }
    std::map<model::FigureKey, AnalyticFigure> figures(bool exact) const {
        std::map<model::FigureKey, AnalyticFigure> figures;
        // The station that is used most over all moments speaks for its component, as in a simulation.
        for (const auto& [component, stations] : used_) {
            const auto busiest =
                std::max_element(stations.begin(), stations.end(),
                                 [](const Average& a, const Average& b) { return a.sum < b.sum; });
            const double mean = busiest->sum / busiest->weight;
            if (!std::isfinite(mean)) continue;
            figures[{"utilisation", component, ""}] = {mean, exact && busiest->exact};
            figures[{"utilisation.peak", component, ""}] = {busiest->peak, false};
        }
        for (const auto& [key, average] : averages_) {
            if (average.weight <= 0 || !std::isfinite(average.sum)) continue;
            figures[key] = {key.metric == "utilisation.peak" ? average.peak : average.sum / average.weight,
                            exact && average.exact};
        }
        return figures;
    }

private:
    std::map<model::FigureKey, Average> averages_;
    std::map<std::string, std::vector<Average>> used_;  ///< by component and station
};

bool has_servers(const model::Station& station) {
    return !std::holds_alternative<model::Delay>(station.primitive) &&
           !std::holds_alternative<model::Store>(station.primitive) &&
           !std::holds_alternative<model::Cache>(station.primitive);
}

void add_moment(Averages& averages, const model::System& system, const Outline& outline,
                const SystemEstimate& estimate) {
    if (!estimate.known) return;
    for (std::size_t k = 0; k < system.classes.size(); ++k) {
        const ClassEstimate& c = estimate.classes[k];
        const std::string& of = system.classes[k].name;
        averages.add("throughput", "", of, c.throughput, 1, c.rate_exact);
        averages.add("response.mean", "", of, c.response, c.throughput, c.exact);
    }
    for (std::size_t i = 0; i < system.read_points.size(); ++i) {
        const auto& point = system.read_points[i];
        const StationEstimate& station = estimate.stations[at(point.station)];
        const double rate = station.arrival_rate[at(point.item_class)];
        averages.add("freshness.mean", system.components[at(point.component)],
                     system.classes[at(point.item_class)].name, estimate.freshness[i], rate, false);
    }
    for (const auto& component : outline.components) {
        double hottest = 0, population = 0;
        std::vector<double> by_station;
        bool exact = true, rate_exact = true, population_exact = true, servers = false;
        for (const int s : component.stations) {
            const StationEstimate& station = estimate.stations[at(s)];
            const model::Station& spec = system.stations[at(s)];
            const bool busy = has_servers(spec);
            const bool batch = std::holds_alternative<model::Batch>(spec.primitive);
            // A full waiting room turns work away: what is served is what counts.
            double used = std::min(1.0, station.utilisation), loss = 0, rate = 0;
            for (std::size_t k = 0; k < station.arrival_rate.size(); ++k) {
                rate += station.arrival_rate[k];
                loss += station.arrival_rate[k] * (1 - station.passed[k]);
            }
            const auto* queue = std::get_if<model::Queue>(&spec.primitive);
            const bool room = queue && queue->capacity != model::unlimited && !is_special(*queue);
            if (rate > 0 && (room || std::holds_alternative<model::Limiter>(spec.primitive)))
                used = std::min(1.0, station.utilisation * (1 - loss / rate) * (1 - station.diverted));
            by_station.push_back(used);
            hottest = std::max(hottest, std::min(1.0, std::max(used, station.hottest)));
            population += station.population;
            exact = exact && station.exact;
            population_exact = population_exact && station.exact && station.rate_exact;
            rate_exact = rate_exact && station.rate_exact && !batch;
            servers = servers || busy;
            if (component.stations.size() > 1) {
                if (busy) {
                    averages.add("utilisation", spec.name, "", used, 1, station.rate_exact && !batch);
                    averages.add("utilisation.peak", spec.name, "", used, 1, false);
                    averages.add("utilisation.hottest", spec.name, "",
                                 std::min(1.0, std::max(used, station.hottest)), 1, false);
                }
                averages.add("queue", spec.name, "", station.population, 1,
                             station.exact && station.rate_exact);
                for (std::size_t k = 0; k < system.classes.size(); ++k) {
                    averages.add("waiting.mean", spec.name, system.classes[k].name, station.waiting[k],
                                 station.arrival_rate[k], station.exact);
                    averages.add("response.mean", spec.name, system.classes[k].name, station.response[k],
                                 station.arrival_rate[k], station.exact);
                }
            }
        }
        if (servers) {
            averages.add_used(component.id, by_station, rate_exact);
            averages.add("utilisation.hottest", component.id, "", hottest, 1, false);
        }
        averages.add("queue", component.id, "", population, 1, population_exact);
        for (const int s : component.stations)
            if (const auto* cache = std::get_if<model::Cache>(&system.stations[at(s)].primitive)) {
                const auto& rates = estimate.stations[at(s)].arrival_rate;
                const double rate = std::accumulate(rates.begin(), rates.end(), 0.0);
                if (rate > 0)
                    averages.add("hit-ratio", component.id, "", 1 - estimate.stations[at(s)].diverted, 1,
                                 model::exact_hits(*cache).has_value());
            }
        for (std::size_t k = 0; k < system.classes.size(); ++k) {
            double in = 0, out = 0, waiting = 0, response = 0;
            for (const int s : component.stations) {
                const StationEstimate& station = estimate.stations[at(s)];
                if (station.arrival_rate[k] <= 0) continue;
                waiting += station.arrival_rate[k] * station.passed[k] * station.waiting[k];
                response += station.arrival_rate[k] * station.passed[k] * station.response[k];
                out += station.arrival_rate[k] * station.passed[k] *
                       flow_out_of_component(system, system.stations[at(s)], static_cast<int>(k));
            }
            for (const int s : component.entries[k]) {
                double inner = 0;
                for (const int from : component.stations)
                    inner += estimate.stations[at(from)].arrival_rate[k] *
                             estimate.stations[at(from)].passed[k] *
                             flow_between(system.stations[at(from)], static_cast<int>(k), s);
                in += std::max(0.0, estimate.stations[at(s)].arrival_rate[k] - inner) *
                      estimate.stations[at(s)].passed[k];
            }
            if (in <= 0) continue;
            const std::string& of = system.classes[k].name;
            averages.add("waiting.mean", component.id, of, waiting / in, in, exact);
            averages.add("response.mean", component.id, of, response / in, in, exact);
            averages.add("throughput", component.id, of, out, 1, rate_exact);
        }
    }
}

/// The moment in which the source's rate is highest.
double peak_time(const model::RateProfile& rate, double horizon) {
    double best = 0, highest = -1;
    for (int i = 0; i < 1000; ++i) {
        const double t = horizon * (i + 0.5) / 1000;
        const double r = rate.at(model::seconds(t)).value();
        if (r > highest) highest = r, best = t;
    }
    return best;
}

void add_fullness(Fullness& fullness, const model::System& system, const Outline& outline,
                  const SystemEstimate& estimate) {
    for (const Outline::Component& component : outline.components)
        for (const int s : component.stations) {
            if (!has_servers(system.stations[at(s)])) continue;
            const double full =
                std::max(estimate.stations[at(s)].utilisation, estimate.stations[at(s)].hottest);
            for (const std::string& subject : {component.id, system.stations[at(s)].name})
                fullness[subject] = std::max(fullness[subject], full);
        }
}

std::vector<double> growth_by_station(const model::System& system, const SystemEstimate& estimate) {
    std::vector<double> growth(system.stations.size(), 0.0);
    for (const auto& overload : estimate.overloads) growth[at(overload.station)] = overload.growth;
    return growth;
}

}  // namespace

AnalyticFigures analytic_figures(const model::System& system, const Outline& outline, int points) {
    AnalyticFigures result;
    const SystemEstimate mean = solve(system);
    result.growing = growth_by_station(system, mean);
    result.growing_at_peak = result.growing;
    result.notes = mean.notes;
    Averages averages;
    if (outline.constant_rates) {
        add_moment(averages, system, outline, mean);
        if (mean.known) add_fullness(result.fullness, system, outline, mean);
    } else {
        const double horizon = system.horizon.value();
        // Moments by the golden ratio meet every hour of every season evenly.
        for (int i = 0; i < points; ++i) {
            const double part = std::fmod(0.5 + i * 0.6180339887498949, 1.0);
            add_moment(averages, system, outline, solve(system, part * horizon));
        }
        std::set<double> moments;
        for (const auto& source : system.open)
            if (!source.rate.is_constant()) moments.insert(peak_time(source.rate, horizon));
        std::vector<SystemEstimate> peaks;
        for (const double moment : moments) peaks.push_back(solve(system, moment));
        for (const SystemEstimate& estimate : peaks) {
            const std::vector<double> peak = growth_by_station(system, estimate);
            for (std::size_t s = 0; s < peak.size(); ++s)
                result.growing_at_peak[s] = std::max(result.growing_at_peak[s], peak[s]);
        }
        if (std::all_of(peaks.begin(), peaks.end(), [](const auto& each) { return each.known; }))
            for (const SystemEstimate& estimate : peaks)
                add_fullness(result.fullness, system, outline, estimate);
    }
    result.figures = averages.figures(outline.constant_rates);
    for (const auto& component : outline.components) {
        double growth = 0;
        for (const int s : component.stations) growth += result.growing[at(s)];
        result.figures[{"growth", component.id, ""}] = {growth, false};
    }
    if (!system.outages.empty()) {
        for (auto& [key, figure] : result.figures) figure.exact = false;  // they know nothing of failures
        const Availability availability = expected_availability(system);
        result.figures[{"availability", "", ""}] = {availability.platform, false};
        for (std::size_t k = 0; k < system.classes.size(); ++k)
            result.figures[{"availability", "", system.classes[k].name}] = {availability.classes[k], false};
        for (const auto& component : outline.components) {
            double worst = 1;
            for (const int s : component.stations) worst = std::min(worst, availability.stations[at(s)]);
            if (!component.stations.empty())
                result.figures[{"availability", component.id, ""}] = {worst, false};
        }
    }
    return result;
}

}  // namespace headroom::sim
