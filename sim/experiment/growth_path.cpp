#include "sim/experiment/growth_path.h"

#include "model/scenario/read.h"
#include "model/store/metrics.h"
#include "sim/analytic/solver.h"
#include "sim/experiment/sketch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double most_correction = 20;  ///< of a closed form by a simulation

/// The platform of a configuration with what its bill needs.
struct Platform {
    model::Scenario scenario;
    model::System system;
    Outline outline;
    Flows flows;
    std::unique_ptr<Billing> billing;
};

bool is_time(const std::string& id) {
    const model::Metric* metric = model::find_metric(id);
    return metric != nullptr && metric->dimension == model::dimensions::time;
}

}  // namespace

GrowthPath::GrowthPath(const model::Document& document, const model::Scenario& scenario,
                       const model::Catalog& catalog, const model::Calibrations& calibrations,
                       const GrowthOptions& options, const std::vector<DecisionVariable>& variables,
                       const std::vector<double>& growth, std::stop_token stop)
    : catalog_(catalog),
      calibrations_(calibrations),
      options_(options),
      variables_(variables),
      configurations_(document, catalog, calibrations, variables),
      load_(scenario, growth),
      changes_(document, scenario, load_, options.months),
      stop_(std::move(stop)) {
    for (const model::Objective& objective : scenario.objectives)
        if (objective.metric != "cost")
            limits_.push_back({.text = objective.text,
                               .key = {objective.metric, objective.subject, objective.of},
                               .relation = objective.relation,
                               .bound = objective.bound});
    const auto full = [&](const char* metric, const std::string& id) {
        limits_.push_back(
            {.text = id, .key = {metric, id, ""}, .bound = options.most_utilisation, .component = true});
    };
    for (const model::Component& component : scenario.components) full("utilisation.peak", component.id);
    for (const model::NodeGroup& group : scenario.node_groups) full("nodes.peak", group.id);
    const std::size_t known = limits_.size();
    for (const model::Component& component : scenario.components) full("nodes.peak", component.id);
    // Nodes are a limit of their own only where they are nearer to their end than what serves on them.
    const Judged first = estimate(as_it_is(), 0);
    for (std::size_t l = limits_.size(); l-- > known;) {
        const auto component = std::find_if(limits_.begin(), limits_.end(), [&](const GrowthLimit& each) {
            return each.key == model::FigureKey{"utilisation.peak", limits_[l].text, ""};
        });
        const double served = first.values[static_cast<std::size_t>(component - limits_.begin())];
        if (!(first.values[l] > 1.05 * served))
            limits_.erase(limits_.begin() + static_cast<std::ptrdiff_t>(l));
    }
    estimated_.clear();
    bias_.assign(limits_.size(), 1);
}

Configuration GrowthPath::as_it_is() const {
    Configuration levels;
    for (const DecisionVariable& variable : variables_) levels.push_back(variable.now);
    return levels;
}

bool GrowthPath::holds(std::size_t limit, double value) const {
    if (std::isnan(value)) return true;
    return limits_[limit].relation == model::Relation::at_most ? value <= limits_[limit].bound
                                                               : value >= limits_[limit].bound;
}

std::vector<model::Estimate> GrowthPath::figures_of(const model::RunResult& result) const {
    std::vector<model::Estimate> figures;
    for (const GrowthLimit& limit : limits_) {
        const model::Figure* figure = result.find(limit.key);
        figures.push_back(figure ? figure->simulated : model::Estimate{nan});
    }
    return figures;
}

const GrowthPath::Judged& GrowthPath::estimate(const Configuration& levels, int month) {
    const Key key{levels, month};
    const auto known = estimated_.find(key);
    if (known != estimated_.end()) return known->second;
    Judged judged{std::vector<double>(limits_.size(), nan), nan, false};
    const model::Reading reading = configurations_.read(levels, changes_.of(month));
    Fullness full;
    const auto result = reading.scenario
                            ? closed_forms(*reading.scenario, catalog_, calibrations_, &full)
                            : model::Expected<model::RunResult>(tl::unexpected(reading.problems));
    if (result) {
        const bool overloaded =
            std::any_of(full.begin(), full.end(), [](const auto& each) { return each.second >= 1; });
        judged.possible = true;
        judged.cost = result->bill.per_month().value();
        for (std::size_t l = 0; l < limits_.size(); ++l) {
            model::FigureKey wanted = limits_[l].key;
            const model::Figure* figure = result->find(wanted);
            if (figure == nullptr && !limits_[l].component) {
                // Percentiles have no closed form: the mean, until a simulation says how far off.
                wanted.metric = wanted.metric.substr(0, wanted.metric.find('.')) + ".mean";
                figure = result->find(wanted);
            }
            // A time that has no mean in some hour, because a queue grows there, is too long.
            if (figure == nullptr && overloaded && is_time(wanted.metric))
                judged.values[l] = std::numeric_limits<double>::infinity();
            if (figure != nullptr) judged.values[l] = figure->simulated.value;
            if (wanted.metric != "utilisation.peak") continue;
            const auto used = full.find(wanted.subject);
            judged.values[l] = used == full.end() ? nan : used->second;
        }
    }
    return estimated_.emplace(key, std::move(judged)).first->second;
}

double GrowthPath::expected(const Configuration& levels, int month, std::size_t limit) {
    return bias_[limit] * estimate(levels, month).values[limit];
}

double GrowthPath::cost(const Configuration& levels, int month) { return estimate(levels, month).cost; }

model::Expected<const std::vector<model::Estimate>*> GrowthPath::simulate(const Configuration& levels,
                                                                          int month) {
    const Key key{levels, month};
    const auto known = simulated_.find(key);
    if (known != simulated_.end()) return &known->second;
    const model::Reading reading = configurations_.read(levels, changes_.of(month));
    if (!reading.scenario) return tl::unexpected(reading.problems);
    const auto result = run(*reading.scenario, catalog_, calibrations_, options_.run, {}, stop_);
    if (!result) return tl::unexpected(result.error());
    if (result->cancelled || stop_.stop_requested()) return model::fail({}, "", "interrupted");
    return &simulated_.emplace(key, figures_of(*result)).first->second;
}

model::Expected<model::Estimate> GrowthPath::figure(const Configuration& levels, int month,
                                                    std::size_t limit) {
    const double form = estimate(levels, month).values[limit];
    if (limits_[limit].component && std::isfinite(form)) return model::Estimate{form};
    if (trusts_) return model::Estimate{bias_[limit] * form};
    return simulate(levels, month).map([&](const auto* figures) { return (*figures)[limit]; });
}

model::Expected<std::vector<std::size_t>> GrowthPath::check(const Configuration& levels, int month,
                                                            const std::vector<std::size_t>& which) {
    std::vector<std::size_t> failing;
    for (const std::size_t l : which) {
        const auto found = figure(levels, month, l);
        if (!found) return tl::unexpected(found.error());
        if (const double ratio = found->value / estimate(levels, month).values[l];
            std::isfinite(ratio) && ratio > 0)
            bias_[l] = std::clamp(ratio, 1 / most_correction, most_correction);
        if (!holds(l, found->value)) failing.push_back(l);
    }
    return failing;
}

bool GrowthPath::should_hold(const Configuration& levels, int month, const std::vector<std::size_t>& which) {
    return estimate(levels, month).possible && std::all_of(which.begin(), which.end(), [&](std::size_t l) {
               return holds(l, expected(levels, month, l));
           });
}

int GrowthPath::busiest(int from, int to) const {
    int busiest = from;
    for (int m = from; m < to; ++m)
        if (changes_.all(m) > changes_.all(busiest)) busiest = m;
    return busiest;
}

void GrowthPath::trust(const GrowthPath& other) {
    bias_ = other.bias_;
    trusts_ = true;
}

model::Expected<std::optional<int>> GrowthPath::first_failure(const Configuration& levels, int from,
                                                              const std::vector<std::size_t>& which) {
    // Months in which some workload is higher than in each month before; whether all rise together.
    std::vector<int> records;
    bool together = true;
    for (int m = from; m < options_.months; ++m) {
        if (std::any_of(records.begin(), records.end(), [&](int r) { return changes_.covered(m, r); }))
            continue;
        together = together && (records.empty() || changes_.covered(records.back(), m));
        records.push_back(m);
    }
    std::size_t good = 0, bad = records.size();  // so many hold; the first known that does not
    for (int step = 0; bad > good; ++step) {
        std::size_t low = good, high = bad;
        while (low < high) {
            const std::size_t middle = together ? (low + high) / 2 : low;
            if (should_hold(levels, records[middle], which))
                low = middle + 1;
            else
                high = middle;
        }
        // Where it should break, or just before where it did. Halving, should that come too slowly near.
        const std::size_t at = step < 6 ? std::min(low, bad - 1) : (good + bad) / 2;
        const auto failing = check(levels, records[at], which);
        if (!failing) return tl::unexpected(failing.error());
        if (failing->empty())
            good = at + 1;
        else
            bad = at;
    }
    return bad < records.size() ? std::optional<int>(records[bad]) : std::nullopt;
}

Configuration GrowthPath::highest(Configuration at, int month, std::size_t v) {
    std::size_t low = at[v], high = variables_[v].levels.size() - 1;
    for (at[v] = high; low < high; at[v] = (low + high + 1) / 2)
        if (estimate(at, month).possible)
            low = at[v];
        else
            high = at[v] - 1;
    at[v] = low;
    return at;
}

Configuration GrowthPath::largest(Configuration levels, int month) {
    for (std::size_t v = 0; v < variables_.size(); ++v) levels = highest(levels, month, v);
    return levels;
}

std::optional<Configuration> GrowthPath::enlarged(const Configuration& levels, int month,
                                                  const std::vector<std::size_t>& which) {
    const auto lowest = [&](Configuration at, std::size_t v, std::size_t low) {
        // As if all levels above one that is enough were enough.
        std::size_t high = at[v];
        while (low < high) {
            at[v] = (low + high) / 2;
            if (should_hold(at, month, which))
                high = at[v];
            else
                low = at[v] + 1;
        }
        at[v] = high;
        return at;
    };
    // What costs nothing is how the platform was meant to be set up: it is changed where nothing else does.
    const double before = cost(levels, month);
    const auto rank = [&](const Configuration& trial) {
        const double after = cost(trial, month);
        return std::pair(!(after > before), after);
    };
    std::optional<Configuration> best;
    for (std::size_t v = 0; v < variables_.size(); ++v) {
        Configuration trial = highest(levels, month, v);
        if (trial[v] == levels[v] || !should_hold(trial, month, which)) continue;
        trial = lowest(trial, v, levels[v] + 1);
        if (!best || rank(trial) < rank(*best)) best = trial;
    }
    if (best) return best;
    Configuration all = largest(levels, month);
    if (all == levels || !should_hold(all, month, which)) return std::nullopt;
    for (std::size_t v = 0; v < variables_.size(); ++v) {
        Configuration without = all;
        without[v] = levels[v];
        all = should_hold(without, month, which) ? without : lowest(all, v, levels[v] + 1);
    }
    return all;
}

model::Expected<std::vector<model::Bill>> GrowthPath::bills(const std::vector<Configuration>& plan) const {
    std::map<Configuration, std::unique_ptr<Platform>> platforms;
    std::vector<Billing::Month> months;
    for (std::size_t m = 0; m < plan.size(); ++m) {
        std::unique_ptr<Platform>& platform = platforms[plan[m]];
        if (platform == nullptr) {
            model::Reading reading = configurations_.read(plan[m]);
            if (!reading.scenario) return tl::unexpected(reading.problems);
            auto system = model::lower(*reading.scenario, catalog_, calibrations_);
            if (!system) return tl::unexpected(system.error());
            platform = std::make_unique<Platform>(
                Platform{*std::move(reading.scenario), *std::move(system), {}, {}, nullptr});
            platform->outline = outline_of(platform->system);
            platform->flows = mean_flows(platform->system);
            platform->billing =
                std::make_unique<Billing>(platform->scenario, catalog_, platform->system, platform->outline);
        }
        std::vector<double> factors;
        for (std::size_t w = 0; w < platform->scenario.workloads.size(); ++w)
            factors.push_back(load_.mean(w, static_cast<int>(m)));
        months.push_back({platform->billing.get(), scaled(platform->system, platform->flows, factors)});
    }
    return Billing::bills_of(months);
}

}  // namespace headroom::sim
