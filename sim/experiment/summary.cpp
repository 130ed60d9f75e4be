#include "sim/experiment/summary.h"

#include "model/store/metrics.h"
#include "sim/experiment/first_replication.h"
#include "sim/experiment/intervals.h"
#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace headroom::sim {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Means over replications, bin by bin, of those that have a value there.
std::vector<double> mean_bins(std::span<const Replication> replications, auto&& bins_of) {
    std::vector<double> sum, count;
    for (const Replication& replication : replications) {
        const std::vector<double> bins = bins_of(replication);
        sum.resize(std::max(sum.size(), bins.size()), 0.0);
        count.resize(sum.size(), 0.0);
        for (std::size_t i = 0; i < bins.size(); ++i)
            if (!std::isnan(bins[i])) sum[i] += bins[i], count[i] += 1;
    }
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = count[i] > 0 ? sum[i] / count[i] : nan;
    return sum;
}

void add_series(const Subject& subject, std::span<const Replication> replications, model::RunResult& result) {
    const auto add = [&](model::FigureKey key, std::vector<double> values) {
        if (values.empty()) return;
        const double step = subject.system.horizon.value() / static_cast<double>(values.size());
        result.series.push_back({std::move(key), model::seconds(0), model::seconds(step), std::move(values)});
    };
    for (const auto& component : subject.outline.components) {
        if (component.stations.empty()) continue;
        const auto stations_in = [&](const Replication& r, bool utilisation) {
            std::vector<double> bins;
            for (const int s : component.stations) {
                const StationTally& tally = r.stations[at(s)];
                if (utilisation && tally.capacity <= 0) continue;
                const std::vector<double>& own = utilisation ? tally.utilisation : tally.queue;
                bins.resize(std::max(bins.size(), own.size()), 0.0);
                for (std::size_t i = 0; i < own.size(); ++i)
                    bins[i] = utilisation ? std::max(bins[i], own[i]) : bins[i] + own[i];
            }
            return bins;
        };
        add({"utilisation", component.id, ""},
            mean_bins(replications, [&](const Replication& r) { return stations_in(r, true); }));
        for (const int s : component.stations)
            if (std::holds_alternative<model::Cache>(subject.system.stations[at(s)].primitive))
                add({"hit-ratio", component.id, ""}, mean_bins(replications, [&](const Replication& r) {
                        return r.stations[at(s)].hit_ratio;
                    }));
        add({"queue", component.id, ""},
            mean_bins(replications, [&](const Replication& r) { return stations_in(r, false); }));
    }
    for (std::size_t k = 0; k < subject.system.classes.size(); ++k) {
        const std::string& of = subject.system.classes[k].name;
        add({"throughput", "", of},
            mean_bins(replications, [&](const Replication& r) { return r.classes[k].throughput; }));
        add({"response.mean", "", of},
            mean_bins(replications, [&](const Replication& r) { return r.classes[k].response_bins; }));
    }
}

/// Some two hundred quantiles, denser in the tail.
std::vector<double> curve_probabilities() {
    std::vector<double> p;
    for (int i = 1; i < 100; ++i) p.push_back(i / 100.0);
    for (int i = 1; i < 50; ++i) p.push_back(0.99 + i * 0.0002);
    for (int i = 0; i < 50; ++i) p.push_back(0.9998 + i * 0.000004);
    return p;
}

void add_curve(model::RunResult& result, model::FigureKey key, const QuantileSketch& sketch) {
    if (sketch.count() <= 0) return;
    model::DistributionCurve curve{std::move(key), {}, {}};
    for (const double p : curve_probabilities()) {
        if ((1 - p) * sketch.count() < 1) break;  // fewer than one item lies beyond
        curve.probabilities.push_back(p);
        curve.values.push_back(sketch.quantile(p));
    }
    if (!curve.values.empty()) result.curves.push_back(std::move(curve));
}

void add_curves(const Subject& subject, std::span<const Replication> replications, model::RunResult& result) {
    for (std::size_t k = 0; k < subject.system.classes.size(); ++k) {
        QuantileSketch all;
        for (const Replication& r : replications) all.merge(r.classes[k].response);
        add_curve(result, {"response", "", subject.system.classes[k].name}, all);
    }
    for (std::size_t i = 0; i < subject.system.read_points.size(); ++i) {
        const auto& point = subject.system.read_points[i];
        QuantileSketch all;
        for (const Replication& r : replications) all.merge(r.freshness[i]);
        add_curve(result,
                  {"freshness", subject.system.components[at(point.component)],
                   subject.system.classes[at(point.item_class)].name},
                  all);
    }
}

void add_figures(const Subject& subject, std::span<const Replication> replications, double confidence,
                 model::RunResult& result) {
    const auto add = [&](const model::FigureKey& key, model::Estimate simulated, std::vector<double> each,
                         std::vector<double> parts) {
        model::Figure figure{.key = key, .simulated = simulated};
        const auto analytic = subject.analytic.figures.find(key);
        if (analytic != subject.analytic.figures.end()) {
            figure.analytic = analytic->second.value;
            figure.analytic_exact = analytic->second.exact;
        }
        const bool nothing_to_lose = key.metric == "lost" && !subject.outline.can_lose;
        const bool keeps_up = key.metric == "growth" && !(figure.analytic > 0) && figure.simulated.value == 0;
        if (nothing_to_lose || keeps_up) figure.simulated.half_width = nan;
        figure.replications = std::move(each);
        figure.parts = std::move(parts);
        result.figures.push_back(std::move(figure));
    };
    std::map<model::FigureKey, std::vector<double>> counts;
    for (std::size_t r = 0; r < replications.size(); ++r)
        for (const auto& [key, value] :
             counts_of(subject.system, subject.outline, replications[r], subject.analytic.growing)) {
            auto& of_key = counts[key];
            of_key.resize(replications.size(), nan);
            of_key[r] = value;
        }
    for (auto& [key, of_key] : counts) {
        const model::Estimate estimate = estimate_of(of_key, confidence);
        add(key, estimate, std::move(of_key), {});
    }
    if (replications.empty()) return;
    for (auto& [key, time] : time_figures(subject.system, subject.outline, replications, confidence))
        add(key, time.estimate, std::move(time.replications), std::move(time.parts));
}

}  // namespace

model::Estimate estimate_of(const std::vector<double>& values, double confidence) {
    std::vector<double> known;
    for (const double value : values)
        if (!std::isnan(value)) known.push_back(value);
    if (known.empty()) return {nan, std::numeric_limits<double>::infinity()};
    const Interval interval = confidence_interval(known, confidence);
    return {interval.mean, interval.half_width};
}

void sort_figures(std::vector<model::Figure>& figures) {
    const auto row = [](const model::Figure& figure) {
        const model::Metric* metric = model::find_metric(figure.key.metric);
        return metric ? metric - model::metrics().data() : std::ptrdiff_t{1} << 20;
    };
    std::sort(figures.begin(), figures.end(), [&](const model::Figure& a, const model::Figure& b) {
        return std::pair(row(a), a.key) < std::pair(row(b), b.key);
    });
}

void check_conservation(const model::System& system, const Replication& replication) {
    for (std::size_t k = 0; k < system.classes.size(); ++k) {
        const ClassTally& t = replication.classes[k];
        const double gap = t.arrived + t.created - t.completed - t.merged - t.filtered - t.in_flight -
                           t.rejected - t.expired - t.lost;
        if (std::abs(gap) > 1e-6 * std::max(1.0, t.arrived + t.created))
            throw std::logic_error(
                "The simulation of '" + system.classes[k].name + "' does not add up: " + std::to_string(gap) +
                " of " + std::to_string(t.arrived + t.created) +
                " items that arrived or were created are unaccounted for. This is an error in the "
                "simulator; its figures cannot be trusted.");
    }
}

void summarise(const Subject& subject, std::span<const Replication> replications, double confidence,
               model::RunResult& result) {
    result.figures.clear();
    result.series.clear();
    result.first_replication.clear();
    result.curves.clear();
    result.conservation.clear();
    result.replications = static_cast<int>(replications.size());
    result.records = 0;
    add_figures(subject, replications, confidence, result);
    add_series(subject, replications, result);
    if (!replications.empty()) result.first_replication = history_of(subject, replications.front());
    add_curves(subject, replications, result);
    for (std::size_t k = 0; k < subject.system.classes.size(); ++k) {
        model::Conservation sum;
        sum.workload = subject.system.classes[k].name;
        for (const Replication& r : replications) {
            const ClassTally& tally = r.classes[k];
            sum.arrived += tally.arrived, sum.created += tally.created;
            sum.completed += tally.completed, sum.filtered += tally.filtered;
            sum.merged += tally.merged, sum.expired += tally.expired;
            sum.in_flight += tally.in_flight, sum.rejected += tally.rejected, sum.lost += tally.lost;
        }
        result.conservation.push_back(std::move(sum));
    }
    for (const Replication& r : replications) result.records += r.items;
    sort_figures(result.figures);
}

}  // namespace headroom::sim
