#include "sim/experiment/recovery.h"

#include "model/units/unit.h"
#include "sim/experiment/backlog.h"
#include "sim/experiment/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace headroom::sim {

namespace {

constexpr int most_replications = 3;
/// Visits that the record level may follow where the flow level knows no answer.
constexpr double affordable_visits = 5e7;

/// Quantiles of a distribution by equal shares.
std::vector<double> quantiles_of(const model::Distribution& distribution) {
    constexpr int parts = 500;
    std::vector<double> values;
    for (int i = 0; i < parts; ++i) values.push_back(distribution.quantile((i + 0.5) / parts));
    return values;
}

/// The 99th percentile of the sum of a time with this curve, if there is one, and an independent one.
double percentile_of_sum(const model::DistributionCurve* curve, const std::vector<double>& more) {
    const auto share_within = [&](double x) {
        double share = 0;
        for (const double value : more) {
            if (!curve) {
                share += value <= x;
                continue;
            }
            const auto after = std::upper_bound(curve->values.begin(), curve->values.end(), x - value);
            if (after != curve->values.begin())
                share += curve->probabilities[static_cast<std::size_t>(after - curve->values.begin()) - 1];
        }
        return share / static_cast<double>(more.size());
    };
    double low = 0, high = *std::max_element(more.begin(), more.end()) + (curve ? curve->values.back() : 0);
    for (int i = 0; i < 60; ++i) (share_within((low + high) / 2) < 0.99 ? low : high) = (low + high) / 2;
    return high;
}

/// Adds figures to a result.
class Recoveries {
public:
    Recoveries(const Subject& subject, const RunOptions& options, std::stop_token stop,
               model::RunResult& result)
        : subject_(subject),
          options_(options),
          stop_(std::move(stop)),
          result_(result),
          forms_(recovery_forms(subject)) {}

    void run() {
        const std::vector<Recovered> all =
            recovered(subject_.scenario, subject_.system, subject_.outline, subject_.billing);
        for (const Recovered& each : all)
            for (const std::size_t stream : each.streams) add_point(each, stream);
        for (const model::Recovery& recovery : subject_.scenario.recoveries) {
            std::vector<Recovered> together;
            for (const Recovered& each : all)
                if (each.recovery == &recovery) together.push_back(each);
            if (!stop_.stop_requested()) add_times(together);
        }
        sort_figures(result_.figures);
    }

private:
    void add(const model::FigureKey& key, model::Figure figure) {
        figure.key = key;
        figure.analytic = forms_.at(key);
        result_.figures.push_back(std::move(figure));
    }

    void add_point(const Recovered& each, std::size_t stream) {
        const model::Recovery& recovery = *each.recovery;
        const std::string& of = subject_.system.classes[stream].name;
        const model::FigureKey key = recovery_point_key(subject_, each, stream);
        model::Figure figure;
        if (!recovery.from.empty()) {
            const model::Figure* copy = result_.find({"freshness.p99", recovery.from, of});
            // Of what keeps records without being read there, such as a log: as soon as it has them.
            if (copy == nullptr && comes_first(recovery.from, of))
                copy = result_.find({"response.p99", recovery.from, of});
            if (copy == nullptr) {
                result_.notes.push_back("What " + each.component->id + " loses of " + of + " is not known: " +
                                        recovery.from + " holds no copy of it whose age is followed.");
                return;
            }
            figure = *copy;
        } else if (recovery.snapshot_every || recovery.lag) {
            figure = behind(each, of);
        }
        add(key, std::move(figure));
    }

    bool comes_first(const std::string& component, const std::string& stream) const {
        return std::any_of(subject_.scenario.links.begin(), subject_.scenario.links.end(),
                           [&](const model::Link& l) { return l.from == stream && l.to == component; });
    }

    /// A copy of what the component itself had: of the moment before, or of the last snapshot.
    model::Figure behind(const Recovered& each, const std::string& of) const {
        model::Figure figure;
        const auto curve = std::find_if(result_.curves.begin(), result_.curves.end(), [&](const auto& c) {
            return c.key == model::FigureKey{"freshness", each.component->id, of};
        });
        const auto* own = curve == result_.curves.end() ? nullptr : &*curve;
        if (each.recovery->lag) {
            figure.simulated.value = percentile_of_sum(own, quantiles_of(*each.recovery->lag));
        } else {
            std::vector<double> ages;
            for (int i = 0; i < 500; ++i)
                ages.push_back(each.recovery->snapshot_every->value() * (i + 0.5) / 500);
            figure.simulated.value = percentile_of_sum(own, ages);
        }
        // What is stated has no error; the freshness in the component has.
        if (const model::Figure* fresh = result_.find({"freshness.mean", each.component->id, of}))
            figure.simulated.half_width = fresh->simulated.half_width;
        return figure;
    }

    /// The system in which nothing fails, for as long as it takes to see what waits drained, if that is
    /// short.
    model::System calm(const std::vector<Recovered>& together, double moment) const {
        model::System system = subject_.system;
        system.outages.clear();
        double down = 0, form = 0;
        for (const Recovered& each : together) {
            down = std::max(down, each.down.value());
            form = std::fmax(form, forms_.at(recovery_time_key(each)));
        }
        const double most = down + std::max(86'400.0, 8 * down);
        system.horizon = model::seconds(
            moment +
            std::min(most, std::isnan(form) ? most : std::max(down + 7200, down + 4 * (form - down))));
        return system;
    }

    void add_times(const std::vector<Recovered>& together) {
        const double moment = moment_of_loss(subject_.scenario).value();
        const model::System usual = calm(together, moment);
        model::System lost = usual;
        for (const Recovered& each : together) {
            model::Outage outage{.name = "loss of " + each.component->id,
                                 .down = model::Distribution::constant(each.down.value()),
                                 .at = model::seconds(moment)};
            for (const int s : each.component->stations)
                if (model::has_capacity(lost.stations[static_cast<std::size_t>(s)].primitive))
                    outage.effects.push_back({s, 1});
            if (!outage.effects.empty() && each.down.value() > 0) lost.outages.push_back(std::move(outage));
        }
        std::vector<std::pair<Queues, Queues>> runs;
        if (!lost.outages.empty()) {
            runs = followed(usual, lost, together.front().recovery->name);
            if (runs.empty()) return;
        }
        for (const Recovered& each : together) {
            model::Figure figure;
            figure.simulated = {each.down.value()};
            if (each.down.value() > 0 && !runs.empty()) figure = simulated(each, runs, moment, lost.horizon);
            add(recovery_time_key(each), std::move(figure));
        }
    }

    model::Figure simulated(const Recovered& each, const std::vector<std::pair<Queues, Queues>>& runs,
                            double moment, model::Duration horizon) {
        model::Figure figure;
        double resolution = 0;
        bool drained = true;
        for (const auto& [with, without] : runs) {
            const Backlog backlog =
                backlog_of(queues_behind(subject_, each, with), queues_behind(subject_, each, without),
                           model::seconds(moment), each.down, horizon);
            figure.replications.push_back((each.down + backlog.drain).value());
            resolution = backlog.resolution.value();
            drained = drained && backlog.drained;
        }
        figure.simulated = estimate_of(figure.replications, result_.confidence);
        // What is read off bins is not known better than they are wide.
        if (std::isfinite(figure.simulated.half_width))
            figure.simulated.half_width = std::hypot(figure.simulated.half_width, resolution / 2);
        if (!drained)
            result_.notes.push_back("After '" + each.recovery->name + "' what waits for " +
                                    each.component->id + " is not worked off within " +
                                    model::format(horizon - model::seconds(moment)) +
                                    ": its recovery time is longer than that.");
        return figure;
    }

    /// Queues with and without the loss, by replication; empty where it would take too long.
    std::vector<std::pair<Queues, Queues>> followed(const model::System& usual, const model::System& lost,
                                                    const std::string& name) {
        const bool flow = flow_gap(lost).empty() && flow_gap(usual).empty();
        if (!flow && expected_visits(lost) > affordable_visits) {
            result_.notes.push_back("How long '" + name +
                                    "' takes to recover from was not simulated: the flow level does not know "
                                    "the scenario, and it is too large for the record level.");
            return {};
        }
        const auto count = static_cast<std::size_t>(std::clamp(result_.replications, 1, most_replications));
        std::vector<std::pair<Queues, Queues>> runs(count);
        for_each_index(count, options_.threads, stop_, [&](std::size_t r) {
            const auto follow = [&](const model::System& system) {
                return queues_of(system, subject_.outline, flow ? model::Level::flow : model::Level::record,
                                 result_.seed, static_cast<int>(r), stop_);
            };
            runs[r] = {follow(lost), follow(usual)};
        });
        if (stop_.stop_requested()) runs.clear();
        return runs;
    }

    const Subject& subject_;
    const RunOptions& options_;
    std::stop_token stop_;
    model::RunResult& result_;
    std::map<model::FigureKey, double> forms_;
};

}  // namespace

void add_recovery(const Subject& subject, const RunOptions& options, std::stop_token stop,
                  model::RunResult& result) {
    if (subject.scenario.recoveries.empty()) return;
    Recoveries(subject, options, std::move(stop), result).run();
}

}  // namespace headroom::sim
