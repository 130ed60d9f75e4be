#include "sim/experiment/disagreement.h"

#include "model/store/metrics.h"
#include "sim/kernel/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace headroom::sim {

namespace {

constexpr double risk = 0.001;
/// Less than this is not worth a word, whatever the interval: warm-up leaves a trace.
constexpr double negligible = 0.002;

struct Compared {
    const model::Figure* figure = nullptr;
    Interval interval;
    double gap = 0;  ///< beyond the interval, relative to the simulated value
};

/// A figure with an interval and a closed form to hold it against.
bool is_comparable(const model::Figure& figure) {
    const std::string& metric = figure.key.metric;
    const bool mean =
        metric.ends_with(".mean") || metric == "queue" || metric == "throughput" || metric == "utilisation";
    return mean && std::isfinite(figure.analytic) && std::isfinite(figure.simulated.half_width) &&
           figure.simulated.value != 0 && figure.samples().size() > 1;
}

Compared compare(const model::Figure& figure, double confidence) {
    std::vector<double> known;
    for (const double value : figure.samples())
        if (!std::isnan(value)) known.push_back(value);
    Compared compared{&figure, confidence_interval(known, confidence), 0};
    compared.gap = (std::abs(compared.interval.mean - figure.analytic) - compared.interval.half_width) /
                   std::abs(compared.interval.mean);
    return compared;
}

std::string print(const model::FigureKey& key, double value) {
    const model::Metric* metric = model::find_metric(key.metric);
    return model::print_figure(*metric, value);
}

}  // namespace

std::string name_of(const model::FigureKey& key) {
    const model::Metric* metric = model::find_metric(key.metric);
    std::string name = metric ? metric->title : key.metric;
    if (!key.of.empty()) name += " of " + key.of;
    if (!key.subject.empty()) name += " in " + key.subject;
    return name;
}

double tolerance_of(const std::string& metric) {
    return metric == "throughput" || metric == "utilisation" ? 0.05 : 0.25;
}

std::vector<std::string> disagreements(const Subject& subject, const model::RunResult& result) {
    const auto grows = [](double rate) { return rate > 0; };
    const auto& growing = subject.analytic.growing;
    if (result.level != model::Level::record || !subject.outline.constant_rates ||
        std::any_of(growing.begin(), growing.end(), grows))
        return {};
    std::size_t exact = 0;
    for (const model::Figure& figure : result.figures)
        exact += is_comparable(figure) && figure.analytic_exact ? 1 : 0;
    Compared worst_exact, worst_approximate;
    for (const model::Figure& figure : result.figures) {
        if (!is_comparable(figure)) continue;
        const double confidence = 1 - (figure.analytic_exact ? risk / static_cast<double>(exact) : risk);
        const Compared compared = compare(figure, confidence);
        if (figure.analytic_exact && compared.gap > std::max(negligible, worst_exact.gap))
            worst_exact = compared;
        if (!figure.analytic_exact &&
            compared.gap > std::max(tolerance_of(figure.key.metric), worst_approximate.gap))
            worst_approximate = compared;
    }
    std::vector<std::string> notes;
    if (worst_exact.figure) {
        const model::FigureKey& key = worst_exact.figure->key;
        notes.push_back(name_of(key) + ": the closed form, " + print(key, worst_exact.figure->analytic) +
                        ", is exact in the long run, and chance does not explain the simulated " +
                        print(key, worst_exact.interval.mean) +
                        ". The horizon is too short for a steady state, or the warm-up.");
    }
    if (worst_approximate.figure) {
        const model::FigureKey& key = worst_approximate.figure->key;
        char percent[32];
        std::snprintf(percent, sizeof percent, "%.0f %%", 100 * tolerance_of(key.metric));
        notes.push_back(name_of(key) + ": the approximation, " +
                        print(key, worst_approximate.figure->analytic) + ", is further than " + percent +
                        " from the simulated " + print(key, worst_approximate.interval.mean) +
                        (subject.system.outages.empty() ? ", and formulas of its sort are not meant for this."
                                                        : ": it knows nothing of failures.") +
                        " Trust the simulation.");
    }
    return notes;
}

}  // namespace headroom::sim
