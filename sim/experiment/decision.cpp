#include "sim/experiment/decision.h"

#include "model/units/unit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace headroom::sim {

namespace {

/// Steps between the ends of a range that names none.
constexpr int steps_of_a_range = 40;
constexpr double least_pool = 0.01, most_pool = 8, pool_step = 1.06;

/// A value as a size: "12 x m5.xlarge" is 12 of "x m5.xlarge", "10 MB/s" 10 of "MB/s".
struct Size {
    double number = 0;
    std::string of;
};

std::optional<Size> size_of(const std::string& text) {
    Size size;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size.number);
    if (error != std::errc()) return std::nullopt;
    size.of = text.substr(static_cast<std::size_t>(end - text.data()));
    size.of.erase(0, size.of.find_first_not_of(' '));
    return size;
}

/// What the scenario says in a field; empty where it says nothing.
std::string text_of(const model::Document& document, const model::FieldPath& field) {
    const auto tree = document.tree();
    const model::Value* at = tree ? &*tree : nullptr;
    for (const std::string& step : field)
        if (at) at = at->find(step);
    return at ? flow_text(*at) : std::string();
}

/// Pools of an instance type around as many processors as the scenario's pool has.
std::vector<std::string> pools_of(const model::InstanceType& type, double processors) {
    const double now = processors / std::max(1.0, type.vcpus);
    std::vector<double> counts{now, most_pool * now};
    for (double factor = least_pool; factor < most_pool; factor *= pool_step) counts.push_back(now * factor);
    for (double& count : counts) count = std::max(1.0, std::round(count));
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    std::vector<std::string> levels;
    for (const double count : counts)
        levels.push_back(std::to_string(static_cast<long>(count)) + " x " + type.id);
    return levels;
}

/// The values that a factor stands for, instance types given their numbers.
std::vector<std::string> values_of(const Factor& factor, const std::string& now,
                                   const model::Catalog& catalog) {
    std::vector<std::string> values;
    if (factor.range) {
        for (int i = 0; i < steps_of_a_range; ++i) {
            std::string text = factor.at((i + 0.5) / steps_of_a_range);
            if (values.empty() || values.back() != text) values.push_back(std::move(text));
        }
        return values;
    }
    const auto pool = size_of(now);
    const model::InstanceType* instance =
        pool && pool->of.starts_with("x ") ? catalog.instance(pool->of.substr(2)) : nullptr;
    for (const std::string& level : factor.levels) {
        const model::InstanceType* type = instance ? catalog.instance(level) : nullptr;
        const std::vector<std::string> pools =
            type ? pools_of(*type, pool->number * std::max(1.0, instance->vcpus)) : std::vector{level};
        values.insert(values.end(), pools.begin(), pools.end());
    }
    return values;
}

DecisionVariable variable_of(const Factor& factor, const std::string& now, const model::Catalog& catalog) {
    struct Ladder {
        std::string of;  ///< what the sizes are of
        std::vector<std::pair<double, std::string>> levels;
        bool sizes = false;
    };
    std::vector<Ladder> ladders;
    for (std::string& value : values_of(factor, now, catalog)) {
        const auto size = size_of(value);
        const auto same = std::find_if(ladders.begin(), ladders.end(), [&](const Ladder& ladder) {
            return size && ladder.sizes && ladder.of == size->of;
        });
        Ladder& ladder = same != ladders.end() ? *same : ladders.emplace_back();
        if (size) ladder.of = size->of, ladder.sizes = true;
        ladder.levels.emplace_back(size ? size->number : 0, std::move(value));
    }
    DecisionVariable variable{factor.path, factor.field, {}, 0, {}};
    bool known = false;
    for (Ladder& ladder : ladders) {
        std::stable_sort(ladder.levels.begin(), ladder.levels.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        variable.ladders.push_back(variable.levels.size());
        for (auto& [number, text] : ladder.levels) {
            if (text == now) variable.now = variable.levels.size(), known = true;
            variable.levels.push_back(std::move(text));
        }
    }
    if (!known) variable.now = variable.top(0);
    return variable;
}

}  // namespace

std::size_t DecisionVariable::bottom(std::size_t level) const {
    return *std::prev(std::upper_bound(ladders.begin(), ladders.end(), level));
}

std::size_t DecisionVariable::top(std::size_t level) const {
    const auto next = std::upper_bound(ladders.begin(), ladders.end(), level);
    return (next == ladders.end() ? levels.size() : *next) - 1;
}

std::vector<DecisionVariable> named_variables(const std::vector<Factor>& factors,
                                              const model::Document& document,
                                              const model::Catalog& catalog) {
    std::vector<DecisionVariable> variables;
    for (const Factor& factor : factors)
        variables.push_back(variable_of(factor, text_of(document, factor.field), catalog));
    return variables;
}

}  // namespace headroom::sim
