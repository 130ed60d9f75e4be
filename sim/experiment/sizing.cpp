#include "sim/experiment/sizing.h"

#include "model/scenario/read.h"
#include "model/units/unit.h"
#include "sim/experiment/parallel.h"
#include "sim/experiment/reasons.h"
#include "sim/experiment/regret.h"
#include "sim/experiment/screening.h"
#include "sim/experiment/selection.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace headroom::sim {

namespace {

using model::Expected;
using Changes = std::vector<std::pair<model::FieldPath, std::string>>;
using Step = std::function<void(const std::string& step, double fraction)>;

constexpr int first_replications = 3, most_replications = 12;
constexpr int corrections = 4;  ///< times that closed forms are corrected by what a simulation found
constexpr int descents = 4;
/// Neighbours below the best that are simulated to see that they fail.
constexpr std::size_t most_cheaper = 4;
/// Choices that no size decides that are simulated beside the best.
constexpr std::size_t most_choices = 6;

std::string percent(double share) {
    return model::format_quantity(share, model::dimensions::none, {.percent = true});
}

class Sizer {
public:
    Sizer(const model::Document& document, const model::Catalog& catalog,
          const model::Calibrations& calibrations, const SizingOptions& options, const Step& progress,
          std::stop_token stop)
        : document_(document),
          catalog_(catalog),
          calibrations_(calibrations),
          options_(options),
          progress_(progress),
          stop_(std::move(stop)) {}

    Expected<Sizing> size() {
        const model::Reading reading = model::read_scenario(document_, catalog_);
        if (!reading.scenario) return tl::unexpected(reading.problems);
        if (reading.scenario->objectives.empty())
            return model::fail({.file = document_.file().string()}, "objectives",
                               "there are no objectives, so nothing says what is large enough");
        report("Looking for what can be sized", 0);
        sizing_.variables = options_.variables.empty()
                                ? capacities_of(document_, catalog_, calibrations_)
                                : named_variables(options_.variables, document_, catalog_);
        if (sizing_.variables.empty())
            return model::fail(
                {.file = document_.file().string()}, "components",
                "no component has a capacity that costs something; name what may change with --vary");
        screening_.emplace(document_, catalog_, calibrations_, sizing_.variables);
        screening_->most_utilisation = options_.most_utilisation;
        screening_->horizon = options_.run.horizon;
        screening_->stop = stop_;
        leave_out_what_cannot_be();
        screening_->bias.assign(reading.scenario->objectives.size(), 1);
        set_aside();
        if (auto searched = search(); !searched) return tl::unexpected(searched.error());
        if (auto simulated = simulate_neighbours(); !simulated) return tl::unexpected(simulated.error());
        if (auto selected = select(); !selected) return tl::unexpected(selected.error());
        mark_efficient(sizing_.candidates);
        say_what_would_have_won(*screening_, sizing_);
        say_what_limits(options_.most_utilisation, *screening_, sizing_);
        if (sizing_.found && !options_.uncertain.empty()) {
            report("Weighing uncertain inputs", 0.9);
            weigh_futures(options_, *screening_, stop_, sizing_);
        }
        sizing_.screened = screening_->judged();
        return std::move(sizing_);
    }

private:
    void report(const std::string& step, double fraction) const {
        if (progress_) progress_(step, fraction);
    }

    Configuration now() const {
        Configuration levels;
        for (const DecisionVariable& variable : sizing_.variables) levels.push_back(variable.now);
        return levels;
    }

    /// A choice that the scenario cannot take is told, with the reason; the search passes it by.
    void leave_out_what_cannot_be() {
        for (std::size_t v = 0; v < sizing_.variables.size(); ++v)
            for (const std::size_t ladder : sizing_.variables[v].ladders) {
                const DecisionVariable& variable = sizing_.variables[v];
                if (ladder == variable.bottom(variable.now)) continue;
                Configuration levels = now();
                Screened screened;
                for (levels[v] = ladder; !screened.readable && levels[v] <= variable.top(ladder); ++levels[v])
                    screened = screening_->judge(levels);
                if (!screened.readable)
                    sizing_.notes.push_back(variable.path + ": " + variable.levels[ladder] +
                                            " is left out: " + screened.problem + ".");
            }
    }

    /// What the scenario says now, and the same with each other choice in turn.
    std::vector<Configuration> starts() const {
        std::vector<Configuration> all{now()};
        for (std::size_t v = 0; v < sizing_.variables.size(); ++v)
            for (const std::size_t ladder : sizing_.variables[v].ladders)
                if (ladder != sizing_.variables[v].bottom(sizing_.variables[v].now)) {
                    all.push_back(now());
                    all.back()[v] = sizing_.variables[v].top(ladder);
                }
        return all;
    }

    /// With every variable as high as its choice allows.
    Configuration raised_to_the_top(Configuration levels) const {
        for (std::size_t v = 0; v < levels.size(); ++v) levels[v] = sizing_.variables[v].top(levels[v]);
        return levels;
    }

    /// Of the largest of all choices, the one that is least full.
    Configuration largest() {
        std::vector<Configuration> all;
        for (const Configuration& start : starts()) all.push_back(raised_to_the_top(start));
        return *std::min_element(all.begin(), all.end(), [&](const Configuration& a, const Configuration& b) {
            const Screened one = screening_->judge(a), other = screening_->judge(b);
            return std::pair(!one.readable, one.utilisation) < std::pair(!other.readable, other.utilisation);
        });
    }

    /// What is too full even with every variable at its highest level is not for the variables to mend.
    void set_aside() {
        for (;;) {
            const Screened most = screening_->judge(largest());
            if (most.utilisation <= options_.most_utilisation || most.fullest.empty()) return;
            sizing_.notes.push_back(
                most.fullest + " is " + percent(most.utilisation) +
                " full at the highest rates by closed form, also with every variable at its "
                "highest level: the simulation alone judges it.");
            screening_->beyond.push_back(most.fullest);
            screening_->forget();
        }
    }

    /// The minima that coordinate descent reaches when it lowers variables in different orders, from
    /// different choices.
    std::vector<Configuration> minima() {
        const std::size_t n = sizing_.variables.size();
        std::vector<std::size_t> order(n);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<std::vector<std::size_t>> orders{order, {order.rbegin(), order.rend()}};
        const std::vector<Configuration> from = starts();
        std::vector<std::optional<Configuration>> found(orders.size() * from.size());
        for_each_index(found.size(), options_.run.threads, stop_, [&](std::size_t i) {
            found[i] = screening_->lowered(from[i / orders.size()], orders[i % orders.size()]);
        });
        std::set<Configuration> distinct;
        for (const auto& one : found)
            if (one) distinct.insert(*one);
        std::vector<Configuration> sorted(distinct.begin(), distinct.end());
        std::stable_sort(sorted.begin(), sorted.end(), [&](const Configuration& a, const Configuration& b) {
            return screening_->judge(a).cost < screening_->judge(b).cost;
        });
        return sorted;
    }

    Expected<model::RunResult> simulate(const Configuration& levels, int replications) const {
        const auto document = screening_->document_of(levels);
        if (!document) return tl::unexpected(document.error());
        const model::Reading reading = model::read_scenario(*document, catalog_);
        if (!reading.scenario) return tl::unexpected(reading.problems);
        RunOptions run_options = options_.run;
        run_options.replications = replications;
        run_options.threads = 1;
        auto result = run(*reading.scenario, catalog_, calibrations_, run_options, {}, stop_);
        if (result) result->scenario_text = document->text();
        return result;
    }

    bool known(const Configuration& levels) const {
        return std::any_of(sizing_.candidates.begin(), sizing_.candidates.end(),
                           [&](const SizedCandidate& c) { return c.levels == levels; });
    }

    Expected<void> simulate_all(const std::vector<Configuration>& wanted, const std::string& step,
                                double from, double to) {
        std::vector<Configuration> open;
        for (const Configuration& levels : wanted)
            if (!known(levels) && std::find(open.begin(), open.end(), levels) == open.end() &&
                screening_->judge(levels).readable)
                open.push_back(levels);
        std::vector<std::optional<Expected<model::RunResult>>> results(open.size());
        for_each_index(
            open.size(), options_.run.threads, stop_,
            [&](std::size_t i) { results[i] = simulate(open[i], first_replications); },
            [&](std::size_t done) {
                report(step,
                       from + (to - from) * static_cast<double>(done) / static_cast<double>(open.size()));
            });
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (!results[i]) return model::fail({}, "", "interrupted");
            if (!*results[i]) return tl::unexpected(results[i]->error());
            sizing_.candidates.push_back(candidate_of(open[i], std::move(**results[i])));
        }
        return {};
    }

    /// Closed forms are corrected by what the simulation of their cheapest configuration finds, until they
    /// agree about it.
    Expected<void> search() {
        for (int round = 0; round <= corrections; ++round) {
            report("Screening by closed forms", 0.05 + 0.05 * round);
            best_ = minima();
            if (stop_.stop_requested()) return model::fail({}, "", "interrupted");
            if (best_.empty()) {
                note_what_is_out_of_reach();
                return simulate_all({now(), largest()}, "Simulating", 0.3, 0.5);
            }
            if (auto done = simulate_all({best_.front()}, "Simulating the cheapest", 0.1, 0.3); !done)
                return done;
            const SizedCandidate& first =
                *std::find_if(sizing_.candidates.begin(), sizing_.candidates.end(),
                              [&](const auto& c) { return c.levels == best_.front(); });
            const Screened screened = screening_->judge(best_.front());
            bool wrong = false, corrected = false;
            for (std::size_t o = 0; o < first.result.objectives.size(); ++o) {
                const model::ObjectiveResult& found = first.result.objectives[o];
                const double estimated = screened.objectives[o].figure.value * screening_->bias[o];
                if (excess_of(found) <= 0) continue;
                wrong = true;
                const double factor = found.figure.value / estimated;
                if (!std::isfinite(factor) || factor == 0) continue;
                // A little more than was found, so that rounds do not creep up to the bound.
                screening_->bias[o] *= found.relation == model::Relation::at_most
                                           ? std::min(10.0, factor * 1.01)
                                           : std::max(0.1, factor * 0.99);
                corrected = true;
            }
            if (!wrong) break;
            if (!corrected || round > 1) screening_->most_utilisation *= 0.92;
        }
        return {};
    }

    void note_what_is_out_of_reach() {
        const Screened most = screening_->judge(largest());
        for (const model::ObjectiveResult& objective : most.objectives)
            if (excess_of(objective) > 0)
                sizing_.notes.push_back("Even with every variable at its highest level, '" + objective.text +
                                        "' is not met by the closed form.");
    }

    /// The best minimum's neighbours below, other minima, roomier ones and what the scenario says now.
    Expected<void> simulate_neighbours() {
        if (best_.empty()) return {};
        std::vector<Configuration> wanted = below(best_.front());
        for (std::size_t i = 1; i < best_.size() && i < 3; ++i) wanted.push_back(best_[i]);
        for (const std::size_t steps : {2, 6}) {
            Configuration more = best_.front();
            for (std::size_t v = 0; v < more.size(); ++v)
                more[v] = std::min(sizing_.variables[v].top(more[v]), more[v] + steps);
            wanted.push_back(more);
        }
        for (Configuration& other : other_choices(best_.front())) wanted.push_back(std::move(other));
        if (options_.variables.empty()) wanted.push_back(now());
        if (auto done = simulate_all(wanted, "Simulating candidates", 0.3, 0.6); !done) return done;
        // Where the closed forms were too careful, a cheaper neighbour meets: then its neighbours are tried.
        for (int round = 0; round < descents; ++round) {
            const auto cheapest = std::min_element(
                sizing_.candidates.begin(), sizing_.candidates.end(), [](const auto& a, const auto& b) {
                    return std::pair(!a.meets, a.cost) < std::pair(!b.meets, b.cost);
                });
            const std::size_t before = sizing_.candidates.size();
            const Configuration levels = cheapest->levels;
            if (!cheapest->meets || levels == best_.front()) break;
            if (auto done = simulate_all(below(levels), "Simulating neighbours", 0.6, 0.7); !done)
                return done;
            if (sizing_.candidates.size() == before) break;
        }
        return {};
    }

    /// The configuration with each other choice of one variable, as low as it may be there: so that each is
    /// told why not. Those that cost least, where there are many.
    std::vector<Configuration> other_choices(const Configuration& best) {
        std::vector<std::pair<double, Configuration>> found;
        for (std::size_t v = 0; v < best.size(); ++v)
            for (const std::size_t ladder : sizing_.variables[v].ladders) {
                if (ladder == sizing_.variables[v].bottom(best[v])) continue;
                Configuration other = best;
                other[v] =
                    screening_->lowest_on_ladder(best, v, ladder).value_or(sizing_.variables[v].top(ladder));
                const Screened screened = screening_->judge(other);
                if (screened.readable) found.emplace_back(screened.cost, std::move(other));
            }
        std::sort(found.begin(), found.end());
        if (found.size() > most_choices) found.resize(most_choices);
        std::vector<Configuration> others;
        for (auto& [cost, other] : found) others.push_back(std::move(other));
        return others;
    }

    /// A configuration's neighbours below, those that save most first; none in which a component would be too
    /// full.
    std::vector<Configuration> below(const Configuration& levels) {
        std::vector<std::pair<double, Configuration>> found;
        for (std::size_t v = 0; v < levels.size(); ++v) {
            if (levels[v] == sizing_.variables[v].bottom(levels[v])) continue;
            Configuration less = levels;
            --less[v];
            const Screened screened = screening_->judge(less);
            if (screened.readable && screened.utilisation <= options_.most_utilisation)
                found.emplace_back(screened.cost, less);
        }
        std::sort(found.begin(), found.end());
        if (found.size() > most_cheaper) found.resize(most_cheaper);
        std::vector<Configuration> neighbours;
        for (auto& [cost, less] : found) neighbours.push_back(std::move(less));
        return neighbours;
    }

    /// Replications are doubled for those that leave doubt, until the choice is as sure as asked.
    Expected<void> select() {
        for (;;) {
            std::stable_sort(
                sizing_.candidates.begin(), sizing_.candidates.end(),
                [](const SizedCandidate& a, const SizedCandidate& b) { return a.cost < b.cost; });
            const Choice choice = choose(sizing_.candidates);
            sizing_.found = choice.found;
            sizing_.chosen = choice.chosen;
            sizing_.correct = choice.correct;
            if (!choice.found || choice.correct >= options_.confidence || choice.doubtful.empty()) return {};
            std::vector<std::size_t> more;
            for (const std::size_t i : choice.doubtful)
                if (2 * sizing_.candidates[i].result.replications <= most_replications) more.push_back(i);
            if (more.empty()) return {};
            std::vector<std::optional<Expected<model::RunResult>>> results(more.size());
            for_each_index(
                more.size(), options_.run.threads, stop_,
                [&](std::size_t i) {
                    const SizedCandidate& candidate = sizing_.candidates[more[i]];
                    results[i] = simulate(candidate.levels, 2 * candidate.result.replications);
                },
                [&](std::size_t) { report("Making sure of the choice", 0.75); });
            for (std::size_t i = 0; i < more.size(); ++i) {
                if (!results[i]) return model::fail({}, "", "interrupted");
                if (!*results[i]) return tl::unexpected(results[i]->error());
                sizing_.candidates[more[i]] =
                    candidate_of(sizing_.candidates[more[i]].levels, std::move(**results[i]));
            }
        }
    }

    const model::Document& document_;
    const model::Catalog& catalog_;
    const model::Calibrations& calibrations_;
    const SizingOptions& options_;
    const Step& progress_;
    std::stop_token stop_;
    Sizing sizing_;
    std::optional<Screening> screening_;
    std::vector<Configuration> best_;
};

}  // namespace

Expected<Sizing> size(const model::Document& document, const model::Catalog& catalog,
                      const model::Calibrations& calibrations, const SizingOptions& options,
                      const Step& progress, std::stop_token stop) {
    return Sizer(document, catalog, calibrations, options, progress, std::move(stop)).size();
}

}  // namespace headroom::sim
