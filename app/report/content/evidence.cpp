#include "app/report/content/evidence.h"

#include "app/report/content/wording.h"
#include "model/scenario/read.h"
#include "sim/experiment/inputs.h"
#include "sim/experiment/monthly_load.h"
#include "sim/experiment/run.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <optional>
#include <thread>

namespace headroom::report {

namespace {

constexpr double nearly = 0.2;
constexpr std::size_t most_inputs = 40;
constexpr double least_swing = 1e-3;

model::RateProfile& rate_of(model::Workload& workload) {
    auto* requests = std::get_if<model::Requests>(&workload.load);
    return requests != nullptr ? requests->rate : std::get<model::Stream>(workload.load).rate;
}

struct Estimated {
    std::vector<double> figures;
    std::vector<bool> broken;
    double cost = 0;
};

std::optional<Estimated> estimated(const model::Scenario& scenario, const Input& input) {
    const auto result = sim::estimate(scenario, input.catalog, input.calibrations);
    if (!result || result->objectives.size() != input.result.objectives.size()) return std::nullopt;
    Estimated made;
    for (const model::ObjectiveResult& objective : result->objectives) {
        made.figures.push_back(objective.figure.value);
        made.broken.push_back(objective.verdict == model::Verdict::broken);
    }
    made.cost = result->bill.per_month().value();
    return made;
}

/// How much the input moves what the reader asks about: the widest relative change of an objective or the
/// cost.
double swing(const Sensitivity& one, const Evidence& evidence) {
    const auto relative = [](double low, double high, double middle) {
        if (!std::isfinite(low) || !std::isfinite(high)) return 100.0;
        return middle > 0 ? std::abs(high - low) / middle : 0;
    };
    double widest = relative(one.cost.low, one.cost.high, evidence.middle_cost);
    for (std::size_t i = 0; i < one.objectives.size(); ++i)
        widest =
            std::max(widest, relative(one.objectives[i].low, one.objectives[i].high, evidence.middle[i]));
    return widest;
}

bool is_near(const model::ObjectiveResult& objective) {
    const double value = objective.figure.value, bound = objective.bound;
    if (!(value > 0) || !(bound > 0)) return false;
    const double used = objective.relation == model::Relation::at_most ? value / bound : bound / value;
    return used > 1 - nearly;
}

void scale_load(model::Scenario& scenario, double factor) {
    for (model::Workload& workload : scenario.workloads) {
        auto* requests = std::get_if<model::Requests>(&workload.load);
        if (requests != nullptr && requests->users)
            requests->users = std::max(1, static_cast<int>(std::lround(*requests->users * factor)));
        else
            rate_of(workload).base *= factor;
    }
}

/// What the input decides; nothing where it decides hardly anything. It is lower only where higher made a
/// difference or was not possible.
std::optional<Sensitivity> tried_out(const sim::AssumedInput& assumed, const model::Document& document,
                                     const Input& input, const Estimated& middle, const Evidence& evidence) {
    Sensitivity one{clean(assumed.name), clean(assumed.from), assumed.sourced, clean(assumed.origin), {}, {}};
    one.objectives.resize(middle.figures.size());
    for (std::size_t i = 0; i < middle.figures.size(); ++i)
        one.objectives[i] = {middle.figures[i], middle.figures[i], false, false};
    one.cost = {middle.cost, middle.cost, false, false};
    for (const bool high : {true, false}) {
        const auto changed = document.with(assumed.factor.field, high ? assumed.high : assumed.low);
        if (!changed) continue;
        const model::Reading reading = model::read_scenario(*changed, input.catalog);
        const auto made = reading.scenario ? estimated(*reading.scenario, input) : std::nullopt;
        if (!made) continue;
        for (std::size_t i = 0; i < middle.figures.size(); ++i) {
            const bool breaks = made->broken[i] && !middle.broken[i];
            (high ? one.objectives[i].high : one.objectives[i].low) = made->figures[i];
            (high ? one.objectives[i].breaks_high : one.objectives[i].breaks_low) = breaks;
        }
        (high ? one.cost.high : one.cost.low) = made->cost;
        if (high && swing(one, evidence) <= least_swing) return std::nullopt;
    }
    if (swing(one, evidence) <= least_swing) return std::nullopt;
    return one;
}

/// All of `count`, in no order, on the machine's threads. What each does must not depend on the others.
/// `told` is called from the calling thread.
void in_parallel(std::size_t count, const std::stop_token& stop, const std::function<void(std::size_t)>& work,
                 const std::function<void(std::size_t)>& told) {
    std::atomic<std::size_t> next{0};
    const auto take = [&](bool tell) {
        for (std::size_t i = next++; i < count && !stop.stop_requested(); i = next++) {
            if (tell && told) told(i);
            work(i);
        }
    };
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::clamp(std::thread::hardware_concurrency(), 1u, 16u); ++i)
        others.emplace_back([&] { take(false); });
    take(true);
}

}  // namespace

model::Expected<Evidence> gather(const model::Document& document, const Input& input,
                                 const EvidenceProgress& progress, std::stop_token stop) {
    Evidence evidence;
    const auto say = [&](const std::string& step, double fraction) {
        if (progress) progress(step, fraction);
    };
    const std::vector<model::ObjectiveResult>& objectives = input.result.objectives;

    const auto inputs = sim::assumed_inputs(document, input.scenario, evidence.spread);
    const auto middle = estimated(input.scenario, input);
    evidence.breaks_at.assign(objectives.size(), std::nan(""));
    if (middle) {
        evidence.middle = middle->figures;
        evidence.middle_cost = middle->cost;
        std::vector<std::optional<Sensitivity>> tried(inputs.size());
        in_parallel(
            inputs.size(), stop,
            [&](std::size_t k) { tried[k] = tried_out(inputs[k], document, input, *middle, evidence); },
            [&](std::size_t k) {
                say("Trying " + inputs[k].name,
                    0.5 * static_cast<double>(k) / static_cast<double>(inputs.size()));
            });
        for (std::optional<Sensitivity>& one : tried)
            if (one) evidence.sensitivities.push_back(*std::move(one));
        std::stable_sort(evidence.sensitivities.begin(), evidence.sensitivities.end(),
                         [&](const Sensitivity& a, const Sensitivity& b) {
                             return swing(a, evidence) > swing(b, evidence);
                         });
        if (evidence.sensitivities.size() > most_inputs) evidence.sensitivities.resize(most_inputs);

        say("Trying more load", 0.5);
        const auto under = [&](double factor) {
            model::Scenario changed = input.scenario;
            scale_load(changed, factor);
            return factor == 1 ? middle : estimated(changed, input);
        };
        constexpr std::array factors{0.5, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0};
        std::vector<std::optional<Estimated>> steps(factors.size());
        in_parallel(factors.size(), stop, [&](std::size_t i) { steps[i] = under(factors[i]); }, {});
        for (std::size_t i = 0; i < factors.size() && steps[i]; ++i)
            evidence.loads.push_back({factors[i], steps[i]->figures, steps[i]->broken, steps[i]->cost});
        in_parallel(objectives.size(), stop,
                    [&](std::size_t i) {
                        if (middle->broken[i]) return;
                        for (std::size_t step = 2; step < evidence.loads.size(); ++step) {
                            if (!evidence.loads[step].broken[i]) continue;
                            // Between the last good step and this one.
                            double low = evidence.loads[step - 1].factor, high = evidence.loads[step].factor;
                            while (high / low > 1.04) {
                                const double half = std::sqrt(low * high);
                                const auto made = under(half);
                                (made && !made->broken[i] ? low : high) = half;
                            }
                            evidence.breaks_at[i] = high;
                            return;
                        }
                    },
                    {});
    }

    for (std::size_t i = 0; i < objectives.size() && !stop.stop_requested(); ++i) {
        const bool met = objectives[i].verdict == model::Verdict::met;
        if (met && !is_near(objectives[i])) continue;
        Why why{i, met, sim::causes_of(input.scenario, input.result, objectives[i]), {}};
        if (!met) {
            auto remedies = sim::remedies_for(
                document, input.catalog, input.calibrations, input.result, i,
                [&](const sim::RemedyProgress& p) { say(p.step, 0.55 + 0.45 * p.fraction); }, stop);
            if (!remedies) return tl::unexpected(remedies.error());
            why.remedies = *std::move(remedies);
        }
        evidence.whys.push_back(std::move(why));
    }
    const bool grows =
        std::any_of(input.scenario.workloads.begin(), input.scenario.workloads.end(),
                    [](const model::Workload& workload) { return sim::growth_of(workload) != 0; });
    if (grows && !stop.stop_requested()) {
        sim::GrowthOptions options;
        options.run.level = input.result.level;
        options.run.seed = input.result.seed;
        auto grown = sim::grow(
            document, input.catalog, input.calibrations, options,
            [&](const std::string& step, double fraction) { say(step, fraction); }, stop);
        if (grown)
            evidence.growth = *std::move(grown);
        else if (!stop.stop_requested())
            return tl::unexpected(grown.error());
    }
    return evidence;
}

}  // namespace headroom::report
