#include "model/kinds/kind.h"
#include "model/scenario/read.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"
#include "sim/experiment/why.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

constexpr int most_simulated = 3;  ///< changes of different parameters that are worth a run
constexpr int most_widened = 3;    ///< times that a change grows until the simulation agrees

/// A parameter that can be more or less.
struct Knob {
    model::FieldPath field;
    const model::ParameterSpec* spec = nullptr;
    model::ParameterValue value;
    double size = 0;

    bool whole() const {
        return spec->type == model::ParameterType::nodes || spec->type == model::ParameterType::count;
    }
    /// The nearest size of that factor which the parameter can have; the size as it is where there is none.
    double scaled(double factor) const {
        double to = size * factor;
        if (whole()) to = factor > 1 ? std::ceil(to - 1e-9) : std::floor(to + 1e-9);
        // Two digits are enough to build by; away from where it is now.
        if (!whole()) {
            const double step = std::pow(10, std::floor(std::log10(to)) - 1);
            to = (factor > 1 ? std::ceil(to / step - 1e-9) : std::floor(to / step + 1e-9)) * step;
        }
        const bool limited = spec->min != 0 || spec->max != 0;
        const double least = spec->type == model::ParameterType::nodes ? 1 : spec->min;
        if ((limited && (to < spec->min || to > spec->max)) || to < least) return size;
        return to;
    }
    std::string text(double to) const {
        model::ParameterValue changed = value;
        if (auto* pool = std::get_if<model::NodePool>(&changed))
            pool->count = static_cast<int>(to);
        else
            changed = to;
        return model::print_parameter(*spec, changed);
    }
};

std::vector<Knob> knobs_of(const model::Scenario& scenario) {
    std::vector<Knob> knobs;
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        for (const model::ParameterSpec& spec : kind->parameters) {
            const auto setting = component.settings.find(spec.name);
            if (setting == component.settings.end()) continue;
            Knob knob{{"components", component.id, spec.name}, &spec, setting->second.value};
            if (const auto* pool = std::get_if<model::NodePool>(&knob.value))
                knob.size = pool->count;
            else if (const auto* number = std::get_if<double>(&knob.value))
                knob.size = *number;
            if (knob.size > 0 && std::isfinite(knob.size)) knobs.push_back(std::move(knob));
        }
    }
    return knobs;
}

class Search {
public:
    Search(const model::Document& document, const model::Catalog& catalog,
           const model::Calibrations& calibrations, const model::RunResult& result, std::size_t objective,
           const RemedyProgressFn& progress, std::stop_token stop)
        : document_(document),
          catalog_(catalog),
          calibrations_(calibrations),
          result_(result),
          objective_(objective),
          progress_(progress),
          stop_(std::move(stop)) {}

    model::Expected<std::vector<Remedy>> remedies() {
        model::Reading reading = model::read_scenario(document_, catalog_);
        if (!reading.scenario) return tl::unexpected(reading.problems);
        if (objective_ >= reading.scenario->objectives.size())
            return model::fail({}, "objectives", "there is no such objective");
        if (const auto now = trial(estimate(*reading.scenario, catalog_, calibrations_))) {
            const double simulated = result_.objectives[objective_].figure.value;
            estimated_now_ = now->objective.figure.value;
            if (simulated > 0 && estimated_now_ > 0 && std::isfinite(simulated / estimated_now_))
                bias_ = simulated / estimated_now_;
        }
        std::vector<Found> found;
        const std::vector<Knob> knobs = knobs_of(*reading.scenario);
        for (std::size_t i = 0; i < knobs.size() && !stop_.stop_requested(); ++i) {
            report("Trying " + knobs[i].field[1] + "." + knobs[i].field[2],
                   0.5 * static_cast<double>(i) / static_cast<double>(knobs.size()));
            if (auto remedy = smallest(knobs[i])) found.push_back({&knobs[i], *std::move(remedy)});
        }
        std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
            return std::abs(std::log(a.remedy.factor)) < std::abs(std::log(b.remedy.factor));
        });
        std::vector<Remedy> confirmed;
        for (std::size_t i = 0; i < found.size() && i < most_simulated; ++i)
            if (confirm(found[i], static_cast<double>(i) / most_simulated))
                confirmed.push_back(found[i].remedy);
        std::stable_sort(confirmed.begin(), confirmed.end(), [](const Remedy& a, const Remedy& b) {
            return std::abs(std::log(a.factor)) < std::abs(std::log(b.factor));
        });
        return confirmed;
    }

private:
    struct Found {
        const Knob* knob;
        Remedy remedy;
    };
    struct Trial {
        model::ObjectiveResult objective;
        double cost = 0;
    };

    void report(const std::string& step, double fraction) const {
        if (progress_) progress_({step, fraction});
    }

    std::optional<model::Scenario> changed(const Knob& knob, double to) const {
        auto document = document_.with(knob.field, knob.text(to));
        if (!document) return std::nullopt;
        return model::read_scenario(*document, catalog_).scenario;
    }

    std::optional<Trial> trial(const model::Expected<model::RunResult>& result) const {
        if (!result || result->objectives.size() <= objective_) return std::nullopt;
        return Trial{result->objectives[objective_], result->bill.per_month().value()};
    }

    std::optional<Trial> estimated(const Knob& knob, double to) const {
        const auto scenario = changed(knob, to);
        return scenario ? trial(estimate(*scenario, catalog_, calibrations_)) : std::nullopt;
    }

    static bool meets(const std::optional<Trial>& trial) {
        return trial && trial->objective.verdict == model::Verdict::met;
    }

    /// Whether the change should do: by as much as the simulation differed from the closed form before it.
    bool should_meet(const std::optional<Trial>& trial) const {
        if (!trial) return false;
        const double value = trial->objective.figure.value;
        if (!std::isfinite(value)) return false;
        if (std::isfinite(estimated_now_) &&
            std::abs(value - estimated_now_) <= 1e-6 * std::abs(estimated_now_))
            return false;
        const double expected = value * bias_, bound = trial->objective.bound;
        return trial->objective.relation == model::Relation::at_most ? expected <= bound : expected >= bound;
    }

    /// The smallest change of one parameter, up or down, with which the closed form meets the bound.
    std::optional<Remedy> smallest(const Knob& knob) const {
        std::optional<Remedy> best;
        for (const bool up : {true, false}) {
            double near = 1;  // the last factor that did not do
            for (double reach : {1.05, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0}) {
                if (stop_.stop_requested()) return best;
                double factor = up ? reach : 1 / reach;
                const double to = knob.scaled(factor);
                if (to == knob.size) continue;
                if (best && std::abs(std::log(to / knob.size)) >= std::abs(std::log(best->factor))) break;
                if (!should_meet(estimated(knob, to))) {
                    near = factor;
                    continue;
                }
                for (int halving = 0; halving < 5; ++halving) {
                    const double between = std::sqrt(near * factor);
                    const double there = knob.scaled(between);
                    (there != knob.size && should_meet(estimated(knob, there)) ? factor : near) = between;
                }
                best = remedy(knob, knob.scaled(factor));
                break;
            }
        }
        return best;
    }

    std::optional<Remedy> remedy(const Knob& knob, double to) const {
        const auto found = estimated(knob, to);
        if (!should_meet(found)) return std::nullopt;
        Remedy one;
        one.field = knob.field;
        one.from = knob.text(knob.size);
        one.to = knob.text(to);
        one.factor = to / knob.size;
        one.one_way = knob.spec->door == model::Door::one_way;
        one.estimated = found->objective.figure.value;
        return one;
    }

    /// Simulates it with the random numbers of the run that broke the objective, and widens it where the
    /// closed form was too hopeful.
    bool confirm(Found& found, double done) const {
        double factor = found.remedy.factor;
        for (int attempt = 0; attempt <= most_widened && !stop_.stop_requested(); ++attempt) {
            const double to = found.knob->scaled(factor);
            const auto scenario = changed(*found.knob, to);
            if (!scenario || to == found.knob->size) return false;
            report("Simulating " + found.knob->field[1] + "." + found.knob->field[2] + " at " +
                       found.knob->text(to),
                   0.5 + 0.5 * done);
            RunOptions options;
            options.level = result_.level;
            options.horizon = result_.horizon;
            options.seed = result_.seed;
            options.replications = std::max(2, result_.replications);
            const auto run = sim::run(*scenario, catalog_, calibrations_, options, {}, stop_);
            const auto found_now = trial(run);
            if (!found_now || stop_.stop_requested()) return false;
            found.remedy.to = found.knob->text(to);
            found.remedy.factor = to / found.knob->size;
            found.remedy.simulated = found_now->objective.figure;
            found.remedy.verdict = found_now->objective.verdict;
            found.remedy.more_cost = model::Money(found_now->cost - result_.bill.per_month().value());
            if (meets(found_now)) return true;
            const double wider = found.knob->whole() ? (to + (factor > 1 ? 1 : -1)) / found.knob->size
                                                     : factor * (factor > 1 ? 1.25 : 0.8);
            factor = wider > 0 ? wider : factor;
        }
        return false;
    }

    const model::Document& document_;
    const model::Catalog& catalog_;
    const model::Calibrations& calibrations_;
    const model::RunResult& result_;
    std::size_t objective_;
    double estimated_now_ = std::numeric_limits<double>::quiet_NaN(), bias_ = 1;
    const RemedyProgressFn& progress_;
    std::stop_token stop_;
};

}  // namespace

model::Expected<std::vector<Remedy>> remedies_for(const model::Document& document,
                                                  const model::Catalog& catalog,
                                                  const model::Calibrations& calibrations,
                                                  const model::RunResult& result, std::size_t objective,
                                                  const RemedyProgressFn& progress, std::stop_token stop) {
    return Search(document, catalog, calibrations, result, objective, progress, std::move(stop)).remedies();
}

std::string sentence_of(const Remedy& remedy, const model::ObjectiveResult& objective) {
    std::string field;
    for (const std::string& step : remedy.field) field += (field.empty() ? "" : ".") + step;
    std::string text = field + ": " + remedy.from + " -> " + remedy.to;
    if (const model::Metric* row = model::find_metric(objective.key.metric))
        text += "; simulated " + model::print_estimate(*row, remedy.simulated);
    const double more = remedy.more_cost.value();
    if (std::abs(more) >= 0.005)
        text += std::string(more > 0 ? "; costs " : "; saves ") +
                model::format(model::dollars(std::abs(more))) + " a month" + (more > 0 ? " more" : "");
    else
        text += "; costs the same";
    return text + (remedy.one_way ? "; one-way" : "");
}

}  // namespace headroom::sim
