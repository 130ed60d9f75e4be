#include "sim/experiment/intervals.h"

#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
/// With more independent items beyond a percentile, or more replications for a mean, luck no longer matters.
constexpr double many_beyond = 200;
constexpr std::size_t many_replications = 20;
/// Stretches are taken together up to so many at a time, should neighbours still resemble one another.
constexpr std::size_t most_together = 4;

/// The variance of the sum of all times: sums of squares of what stretches add to it, apart from what they
/// add on average over the replications.
double variance_of_sum(const TimePart& part, std::span<const Replication> replications, double mean,
                       std::size_t together) {
    const std::size_t stretches = part.in(replications[0]).stretches.size() / together;
    const auto n = static_cast<double>(replications.size());
    std::vector<double> added(stretches);
    double squares = 0;
    for (const Replication& replication : replications) {
        const auto& all = part.in(replication).stretches;
        for (std::size_t b = 0; b < std::min(stretches, all.size() / together); ++b) {
            double off = 0;
            for (std::size_t i = b * together; i < (b + 1) * together; ++i)
                off += all[i].sum - mean * all[i].count;
            added[b] += off;
            squares += off * off;
        }
    }
    if (replications.size() < 2) return squares;
    for (const double off : added) squares -= off * off / n;
    return squares * n / (n - 1);
}

/// How many independent items have the same mean as precisely; infinity where that is not known or where all
/// items are alike.
double independent_items(const TimePart& part, std::span<const Replication> replications,
                         const QuantileSketch& pooled) {
    if (part.in(replications[0]).stretches.empty()) return infinite;
    if (pooled.variance() <= 1e-12 * pooled.mean() * pooled.mean()) return infinite;
    double variance = 0;
    for (std::size_t together = 1; together <= most_together; together *= 2)
        variance = std::max(variance, variance_of_sum(part, replications, pooled.mean(), together));
    const double items =
        variance > 0 ? pooled.variance() * pooled.count() * pooled.count() / variance : pooled.count();
    return std::min(items, pooled.count());
}

/// What the number of independent items allows, at the confidence of the t quantile: the standard error of
/// the share beyond, over the density, taken from the curve between half and twice that share.
double least_half_width(const QuantileSketch& pooled, double p, double beyond, double t) {
    const double share = 1 - p;
    const double rise = pooled.quantile(1 - share / 2) - pooled.quantile(1 - std::min(1.0, 2 * share));
    return t * rise / (2 * std::log(2.0)) / std::sqrt(beyond);
}

/// Value and half-width by leaving out one replication at a time.
TimeFigure jackknife(double value, const std::vector<double>& without, double confidence) {
    const auto n = static_cast<double>(without.size());
    TimeFigure figure{{value, infinite}, {}, {value}, infinite};
    if (without.size() < 2) return figure;
    double mean = 0;
    for (const double other : without) mean += other / n;
    figure.parts.clear();
    for (const double other : without) figure.parts.push_back(value + (n - 1) * (mean - other));
    if (!std::isnan(mean))
        figure.estimate.half_width = confidence_interval(figure.parts, confidence).half_width;
    return figure;
}

void widen(TimeFigure& figure, const std::string& metric, const QuantileSketch& pooled, double items,
           double t) {
    double& half_width = figure.estimate.half_width;
    const double p = percentile_of(metric);
    if (p == 0 && figure.parts.size() < many_replications)
        half_width = std::max(half_width, t * std::sqrt(pooled.variance() / items));
    if (p < 0.9) return;
    figure.beyond = (1 - p) * items;
    if (figure.beyond < fewest_beyond)
        half_width = infinite;
    else if (figure.beyond < many_beyond)
        half_width = std::max(half_width, least_half_width(pooled, p, figure.beyond, t));
}

}  // namespace

double memory_of_responses(std::span<const Replication> replications) {
    constexpr double fewest_items = 1000;
    double longest = 0;
    for (std::size_t k = 0; k < replications[0].classes.size(); ++k) {
        const TimePart part{TimePart::Place::response_of_class, k, k};
        QuantileSketch pooled;
        double time = 0;
        for (const Replication& replication : replications) {
            pooled.merge(part.in(replication));
            time += replication.measured_time;
        }
        if (pooled.count() < fewest_items) continue;
        const double items = independent_items(part, replications, pooled);
        longest = std::max(longest, time / items - time / pooled.count());
    }
    return longest;
}

std::map<model::FigureKey, TimeFigure> time_figures(const model::System& system, const Outline& outline,
                                                    std::span<const Replication> replications,
                                                    double confidence) {
    const std::size_t n = replications.size();
    Times all(system, outline);
    for (const Replication& replication : replications) all.add(replication);
    Values values;
    for (const TimeSubject& subject : all.subjects()) all.put(subject, values);

    using Lists = std::map<model::FigureKey, std::vector<double>>;
    const auto append = [&](const Times& times, Lists& lists) {
        Values some;
        for (const TimeSubject& subject : times.subjects()) times.put(subject, some);
        for (const auto& [key, value] : values) {
            const auto found = some.find(key);
            lists[key].push_back(found == some.end() ? std::numeric_limits<double>::quiet_NaN()
                                                     : found->second);
        }
    };
    Lists alone, without;
    for (const Replication& replication : replications) {
        Times one(system, outline);
        one.add(replication);
        append(one, alone);
        Times others = all;
        others.remove(replication);
        append(others, without);
    }
    std::map<model::FigureKey, TimeFigure> figures;
    for (const auto& [key, value] : values) {
        figures[key] = jackknife(value, without[key], confidence);
        figures[key].replications = std::move(alone[key]);
    }
    if (n < 2) return figures;

    const auto degrees = static_cast<int>(8 * (n - 1));
    const double t = student_t(0.5 + confidence / 2, degrees);
    std::vector<double> items;
    for (std::size_t i = 0; i < all.parts().size(); ++i)
        items.push_back(independent_items(all.parts()[i], replications, all.sketch(i)));
    for (const TimeSubject& subject : all.subjects()) {
        double fewest = infinite;
        for (const std::size_t part : subject.parts)
            if (all.sketch(part).max() > 0) fewest = std::min(fewest, items[part]);
        QuantileSketch scratch;
        const QuantileSketch& pooled = all.distribution(subject, scratch);
        for (const char* name : {".mean", ".p90", ".p95", ".p99", ".p99.9"}) {
            const auto figure = figures.find({subject.metric + name, subject.subject, subject.of});
            if (figure != figures.end()) widen(figure->second, figure->first.metric, pooled, fewest, t);
        }
    }
    return figures;
}

}  // namespace headroom::sim
