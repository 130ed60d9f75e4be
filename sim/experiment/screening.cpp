#include "sim/experiment/screening.h"

#include "model/kinds/kind.h"
#include "model/scenario/read.h"
#include "sim/experiment/sketch.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

using Changes = std::vector<std::pair<model::FieldPath, std::string>>;

/// About a thousandth to eight times what there is.
constexpr double level_step = 1.06, most_level = 8;
const double least_level = std::pow(level_step, -72) / 16;

std::string key_of(const Changes& changes) {
    std::string key;
    for (const auto& [field, value] : changes) {
        for (const std::string& step : field) key += step + '.';
        key += '=' + value + ';';
    }
    return key;
}

std::string first_error(const model::Problems& problems) {
    for (const model::Problem& problem : problems)
        if (problem.severity == model::Severity::error) return problem.message;
    return {};
}

/// A capacity as it is written, at another size.
std::string text_at(const model::ParameterSpec& spec, const model::ParameterValue& value, double size) {
    model::ParameterValue changed = value;
    if (auto* pool = std::get_if<model::NodePool>(&changed))
        pool->count = static_cast<int>(size);
    else
        changed = size;
    return model::print_parameter(spec, changed);
}

double size_of(const model::ParameterValue& value) {
    if (const auto* pool = std::get_if<model::NodePool>(&value)) return pool->count;
    const auto* number = std::get_if<double>(&value);
    return number ? *number : 0;
}

bool is_capacity(const model::ParameterSpec& spec) {
    return spec.type == model::ParameterType::nodes || spec.type == model::ParameterType::count ||
           (spec.type == model::ParameterType::quantity && spec.dimension == model::dimensions::item_rate);
}

/// Whether some station of a component is less full in one than in the other.
bool relieves(const Fullness& then, const Fullness& now, const std::string& component) {
    return std::any_of(now.begin(), now.end(), [&](const auto& each) {
        const auto& [subject, full] = each;
        if (subject != component && !subject.starts_with(component + ".")) return false;
        const auto other = then.find(subject);
        return other != then.end() && other->second < 0.99 * full;
    });
}

std::vector<double> levels_around(const model::ParameterSpec& spec, double now) {
    const bool limited = spec.min != 0 || spec.max != 0;
    const bool whole = spec.type != model::ParameterType::quantity;
    std::vector<double> levels;
    for (double factor = least_level; factor <= most_level * 1.0001; factor *= level_step) {
        double size = now * factor;
        if (whole) {
            size = std::max(1.0, std::round(size));
        } else {
            const double step = std::pow(10, std::floor(std::log10(size)) - 1);
            size = std::round(size / step) * step;
        }
        if (limited && (size < spec.min || size > spec.max)) continue;
        levels.push_back(size);
    }
    levels.push_back(now);
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end(),
                             [](double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }),
                 levels.end());
    return levels;
}

}  // namespace

std::vector<DecisionVariable> capacities_of(const model::Document& document, const model::Catalog& catalog,
                                            const model::Calibrations& calibrations, bool free_too) {
    std::vector<DecisionVariable> variables;
    const model::Expected<model::Value> tree = document.tree();
    if (!tree) return variables;
    const model::Reading reading = model::read_scenario(*tree, document.file(), catalog);
    if (!reading.scenario) return variables;
    Fullness full_now, full_then;
    const auto now = closed_forms(*reading.scenario, catalog, calibrations, &full_now);
    if (!now) return variables;
    for (const model::Component& component : reading.scenario->components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (!kind) continue;
        for (const model::ParameterSpec& spec : kind->parameters) {
            const auto setting = component.settings.find(spec.name);
            if (!is_capacity(spec) || setting == component.settings.end()) continue;
            // Rates that cost nothing are published limits: they cannot be bought.
            const bool may_be_free = free_too && spec.type != model::ParameterType::quantity;
            const double size = size_of(setting->second.value);
            if (!(size > 0) || !std::isfinite(size)) continue;
            DecisionVariable variable{"components." + component.id + "." + spec.name,
                                      {"components", component.id, spec.name},
                                      {},
                                      0};
            // Twice as much, or half of it where twice is more than there can be. Where what is free may be
            // tried too, both are: twice may be less evenly shared out. Sizing does not, to simulate fewer
            // choices.
            bool decides = false;
            for (const double factor : {2.0, 0.5}) {
                model::Value changed = *tree;
                if (!model::set_field(changed, variable.field,
                                      text_at(spec, setting->second.value, factor * size)))
                    continue;
                const model::Reading other = model::read_scenario(changed, document.file(), catalog);
                if (!other.scenario) continue;
                const auto then = closed_forms(*other.scenario, catalog, calibrations, &full_then);
                if (!then) continue;
                const bool up = factor > 1;
                const auto &more = up ? *then : *now, &less = up ? *now : *then;
                const bool costs = more.bill.per_month().value() > less.bill.per_month().value() * (1 + 1e-6);
                decides = (may_be_free || costs) &&
                          relieves(up ? full_then : full_now, up ? full_now : full_then, component.id);
                if (decides || !free_too) break;
            }
            if (!decides) continue;
            for (const double level : levels_around(spec, size)) {
                if (level == size) variable.now = variable.levels.size();
                variable.levels.push_back(text_at(spec, setting->second.value, level));
            }
            variables.push_back(std::move(variable));
        }
    }
    for (const model::NodeGroup& group : reading.scenario->node_groups) {
        const bool used =
            std::any_of(reading.scenario->components.begin(), reading.scenario->components.end(),
                        [&](const model::Component& component) {
                            return component.has("runs-on") && component.text("runs-on") == group.id;
                        });
        if (!used || group.nodes.count < 1) continue;
        DecisionVariable variable{
            "node-groups." + group.id + ".nodes", {"node-groups", group.id, "nodes"}, {}, 0};
        const model::ParameterSpec spec{.name = "nodes", .type = model::ParameterType::nodes};
        for (const double level : levels_around(spec, group.nodes.count)) {
            if (level == group.nodes.count) variable.now = variable.levels.size();
            variable.levels.push_back(text_at(spec, group.nodes, level));
        }
        variables.push_back(std::move(variable));
    }
    return variables;
}

Screened screened_by(const model::Expected<model::RunResult>& estimate,
                     const std::vector<std::string>& beyond) {
    Screened screened;
    if (!estimate) {
        screened.problem = first_error(estimate.error());
        return screened;
    }
    screened.readable = true;
    screened.cost = estimate->bill.per_month().value();
    screened.objectives = estimate->objectives;
    // Percentiles have no closed form; the mean stands in for them until a simulation says how far it is off.
    for (model::ObjectiveResult& objective : screened.objectives) {
        if (std::isfinite(objective.figure.value)) continue;
        model::FigureKey key = objective.key;
        key.metric = key.metric.substr(0, key.metric.find('.')) + ".mean";
        if (const model::Figure* mean = estimate->find(key)) objective.figure.value = mean->simulated.value;
    }
    for (const model::Figure& figure : estimate->figures)
        if (figure.key.metric == "utilisation.peak" && figure.simulated.value > screened.utilisation &&
            std::find(beyond.begin(), beyond.end(), figure.key.subject) == beyond.end()) {
            screened.utilisation = figure.simulated.value;
            screened.fullest = figure.key.subject;
        }
    return screened;
}

model::Expected<model::Document> Screening::document_of(const Configuration& levels) const {
    model::Expected<model::Document> document = document_;
    for (std::size_t v = 0; v < variables_.size() && document; ++v)
        document = document->with(variables_[v].field, variables_[v].levels[levels[v]]);
    return document;
}

model::Reading Screening::read(const Configuration& levels, const Changes& further) const {
    model::Expected<model::Value> tree = tree_;
    const auto set = [&](const model::FieldPath& field, const std::string& value) {
        if (!tree) return;
        if (auto done = model::set_field(*tree, field, value); !done) tree = tl::unexpected(done.error());
    };
    for (std::size_t v = 0; v < variables_.size(); ++v)
        set(variables_[v].field, variables_[v].levels[levels[v]]);
    for (const auto& [field, value] : further) set(field, value);
    if (!tree) return {std::nullopt, std::nullopt, tree.error()};
    return model::read_scenario(*tree, document_.file(), catalog_);
}

Screened Screening::judge(const Configuration& levels, const Changes& further) {
    const std::pair key{levels, key_of(further)};
    {
        const std::lock_guard lock(mutex_);
        const auto known = memory_.find(key);
        if (known != memory_.end()) return known->second;
    }
    Screened screened;
    model::Reading reading = read(levels, further);
    if (reading.scenario && horizon) reading.scenario->horizon = *horizon;
    if (reading.scenario)
        screened = screened_by(closed_forms(*reading.scenario, catalog_, calibrations_), beyond);
    else
        screened.problem = first_error(reading.problems);
    const std::lock_guard lock(mutex_);
    memory_.emplace(key, screened);
    return screened;
}

bool Screening::meets(const Screened& screened) const {
    if (!screened.readable || screened.utilisation > most_utilisation) return false;
    for (std::size_t o = 0; o < screened.objectives.size(); ++o) {
        const model::ObjectiveResult& objective = screened.objectives[o];
        const double value = objective.figure.value * (o < bias.size() ? bias[o] : 1);
        if (std::isnan(value)) continue;
        if (objective.relation == model::Relation::at_most ? value > objective.bound
                                                           : value < objective.bound)
            return false;
    }
    return true;
}

std::optional<Configuration> Screening::raised(Configuration start, const Changes& further) {
    for (;;) {
        if (stop.stop_requested()) return std::nullopt;
        if (meets(judge(start, further))) return start;
        bool room = false;
        for (std::size_t v = 0; v < variables_.size(); ++v) {
            // About a quarter more at a time, as the levels are 6 % apart.
            const std::size_t most = variables_[v].top(start[v]);
            room = room || start[v] < most;
            start[v] = std::min(most, start[v] + (variables_[v].levels.size() > 12 ? 4 : 1));
        }
        if (!room) return std::nullopt;
    }
}

std::optional<std::size_t> Screening::lowest_on_ladder(Configuration at, std::size_t variable,
                                                       std::size_t level, const Changes& further) {
    const auto does = [&](std::size_t at_level) {
        at[variable] = at_level;
        return meets(judge(at, further));
    };
    const DecisionVariable& scale = variables_[variable];
    std::size_t low = scale.bottom(level), high = level;
    // What is above may be more than there can be, so a level that meets is looked for from below.
    if (!does(high))
        for (high = low; !does(high); high = std::min(scale.top(level), high + 4)) {
            if (high == scale.top(level) || stop.stop_requested()) return std::nullopt;
            low = high + 1;
        }
    while (low < high && !stop.stop_requested()) {
        const std::size_t middle = (low + high) / 2;
        if (does(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

std::optional<Configuration> Screening::lowered(Configuration start, const std::vector<std::size_t>& order,
                                                const Changes& further) {
    auto at = raised(std::move(start), further);
    if (!at) return std::nullopt;
    for (bool moved = true; moved;) {
        moved = false;
        for (const std::size_t v : order) {
            double cost = judge(*at, further).cost;
            for (const std::size_t ladder : variables_[v].ladders) {
                const bool own = ladder == variables_[v].bottom((*at)[v]);
                const auto lowest = lowest_on_ladder(*at, v, own ? (*at)[v] : ladder, further);
                if (!lowest || (own && *lowest >= (*at)[v])) continue;
                Configuration trial = *at;
                trial[v] = *lowest;
                const double other = judge(trial, further).cost;
                if (!own && !(other < cost * (1 - 1e-9))) continue;
                at = std::move(trial);
                cost = other;
                moved = true;
            }
        }
    }
    return at;
}

}  // namespace headroom::sim
