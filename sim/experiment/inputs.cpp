#include "sim/experiment/inputs.h"

#include "model/kinds/kind.h"
#include "model/scenario/read.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace headroom::sim {

namespace {

using model::Expected;
using model::FieldPath;
using model::Value;

constexpr const char* stated = "stated by the scenario";

/// How far a value may move, in base units; both 0: anywhere above zero.
struct Bounds {
    double least = 0, most = 0;
    bool whole = false;
};

/// The ends of a range around a written quantity; nothing where it is none, zero, or cannot move.
std::optional<std::pair<std::string, std::string>> ends_around(const std::string& text, double spread,
                                                               const Bounds& bounds) {
    const auto pool = text.find(" x ");
    const auto quantity = model::parse_quantity(pool == std::string::npos ? text : text.substr(0, pool));
    if (!quantity || !(quantity->value > 0) || !std::isfinite(quantity->value)) return std::nullopt;
    const std::size_t first = text.find_first_of(".0123456789");
    const std::size_t last = std::min(text.find_first_not_of(".0123456789eE", first), text.size());
    const double written = std::strtod(text.substr(first, last - first).c_str(), nullptr);
    if (!(written > 0)) return std::nullopt;
    const double scale = quantity->value / written;
    const bool whole = bounds.whole || pool != std::string::npos;
    const bool limited = bounds.least != 0 || bounds.most != 0;
    const auto moved = [&](double factor) {
        double to = quantity->value * factor;
        if (whole) to = factor > 1 ? std::ceil(to - 1e-9) : std::max(1.0, std::floor(to + 1e-9));
        if (limited) to = std::clamp(to, bounds.least, bounds.most);
        char number[32];
        std::snprintf(number, sizeof number, "%.6g", to / scale);
        std::string end = number;
        // Without a point it would be taken for a whole number.
        if (!whole && last == text.size() && end.find_first_of(".e") == std::string::npos) end += ".0";
        return text.substr(0, first) + end + text.substr(last);
    };
    auto ends = std::pair(moved(1 - spread), moved(1 + spread));
    if (ends.first == ends.second) return std::nullopt;
    return ends;
}

/// The one scalar that scales a distribution: of a mapping its mean, median or scale, or the only value of a
/// family: {exponential: 5 ms}. Its path below the value.
const Value* scale_of(const Value& value, FieldPath& below) {
    if (value.is_scalar()) return &value;
    for (const char* name : {"mean", "median", "scale"})
        if (const Value* found = value.find(name); found && found->is_scalar()) {
            below.emplace_back(name);
            return found;
        }
    if (!value.is_mapping() || value.entries.size() != 1) return nullptr;
    below.push_back(value.entries.front().key);
    return scale_of(value.entries.front().value, below);
}

std::string dotted(const FieldPath& path) {
    std::string text;
    for (const std::string& part : path) text += (text.empty() ? "" : ".") + part;
    return text;
}

const Value* found_at(const Value& tree, const FieldPath& path) {
    const Value* at = &tree;
    for (const std::string& part : path)
        if (at) at = at->find(part);
    return at;
}

/// `written`: the value stands in the document itself, so that a part of it can be set; what it inherits is
/// set as a whole.
std::optional<AssumedInput> moved(const FieldPath& path, const Value& value, bool written, double spread,
                                  const Bounds& bounds) {
    FieldPath below;
    const Value* scale = scale_of(value, below);
    const auto ends = scale ? ends_around(scale->text, spread, bounds) : std::nullopt;
    if (!ends) return std::nullopt;
    AssumedInput input;
    input.from = scale->text;
    FieldPath field = path;
    if (written) {
        field.insert(field.end(), below.begin(), below.end());
        input.low = ends->first;
        input.high = ends->second;
    } else {
        const auto whole_with = [&](const std::string& end) {
            Value changed = value;
            Value* at = &changed;
            for (const std::string& part : below)
                for (Value::Entry& entry : at->entries)
                    if (entry.key == part) at = &entry.value;
            at->text = end;
            return flow_text(changed);
        };
        input.low = whole_with(ends->first);
        input.high = whole_with(ends->second);
    }
    auto range = make_range(dotted(field), input.low, input.high, false);
    if (!range) return std::nullopt;
    input.factor = {dotted(field), field, {input.low, input.high}, *std::move(range)};
    return input;
}

class Collector {
public:
    Collector(const Value& tree, const model::Document& document, double spread)
        : tree_(tree), file_(document.file().string()), spread_(spread) {}

    void add_written(const std::string& name, const FieldPath& path, const Bounds& bounds = {}) {
        if (const Value* value = found_at(tree_, path))
            if (auto input = moved(path, *value, is_own(*value), spread_, bounds)) {
                input->name = name;
                input->origin = stated;
                inputs_.push_back(*std::move(input));
            }
    }

    void add_workload(const model::Workload& workload) {
        const FieldPath at{"workloads", workload.id};
        const auto in = [&](const char* section, const char* field) {
            return FieldPath{at[0], at[1], section, field};
        };
        const char* load = workload.is_stream() ? "stream" : "requests";
        add_written("users of " + workload.id, in(load, "users"), {1, 1e9, true});
        add_written("rate of " + workload.id, in(load, "rate"));
        add_written("think-time of " + workload.id, in(load, "think-time"));
        add_written("bytes read by each of " + workload.id, in("reads", "scan"));
        add_written("record size of " + workload.id, in("record", "size"));
    }

    void add_setting(const model::Component& component, const model::ParameterSpec& spec,
                     const model::Setting& setting) {
        const FieldPath path{"components", component.id, spec.name};
        const Value* value = found_at(tree_, path);
        const bool written = value != nullptr && setting.origin == model::Origin::scenario;
        const auto parsed = model::parse_yaml(setting.text, {});
        if (!written && !parsed) return;
        const Value& own = written ? *value : *parsed;
        std::vector<std::pair<FieldPath, const Value*>> parts{{path, &own}};
        if (std::holds_alternative<model::NamedDistributions>(setting.value)) {
            parts.clear();  // one for each workload
            if (written)
                for (const Value::Entry& entry : own.entries)
                    parts.emplace_back(FieldPath{path[0], path[1], path[2], entry.key}, &entry.value);
        }
        const bool technology = setting.origin == model::Origin::technology && !setting.source.empty();
        for (const auto& [field, part] : parts) {
            auto input = moved(field, *part, written && is_own(*part), spread_,
                               {spec.min, spec.max, spec.type == model::ParameterType::count});
            if (!input) continue;
            input->name = spec.name + " of " + component.id +
                          (field.size() > path.size() ? " for " + field.back() : "");
            input->sourced = setting.origin == model::Origin::scenario || technology;
            input->origin = setting.origin == model::Origin::scenario ? stated
                            : technology                              ? "source: " + setting.source
                                                                      : "without a source";
            inputs_.push_back(*std::move(input));
        }
    }

    std::vector<AssumedInput> take() { return std::move(inputs_); }

private:
    bool is_own(const Value& value) const { return value.place.file == file_; }

    const Value& tree_;
    std::string file_;
    double spread_;
    std::vector<AssumedInput> inputs_;
};

}  // namespace

std::vector<AssumedInput> assumed_inputs(const model::Document& document, const model::Scenario& scenario,
                                         double spread) {
    const auto tree = document.tree();
    if (!tree) return {};
    Collector collector(*tree, document, spread);
    for (const model::Workload& workload : scenario.workloads) collector.add_workload(workload);
    for (const model::Component& component : scenario.components) {
        const model::Kind* kind = model::find_kind(component.kind);
        if (kind == nullptr) continue;
        for (const auto& [name, setting] : component.settings)
            if (const model::ParameterSpec* spec = kind->parameter(name); spec && spec->measured())
                collector.add_setting(component, *spec, setting);
    }
    return collector.take();
}

Expected<AssumedInput> input_around(const model::Document& document, const std::string& path, double spread,
                                    const std::string& option) {
    const auto field = model::parse_field_path(path);
    if (!field) return tl::unexpected(field.error());
    if (const auto known = known_target(document, *field, option); !known)
        return tl::unexpected(known.error());
    const auto tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    const Value* value = found_at(*tree, *field);
    if (!value)
        return model::fail({}, option,
                           "the scenario does not write '" + path +
                               "', so there is nothing to go around; give it a range: " + path +
                               "=LOW..HIGH");
    const bool whole =
        value->is_scalar() && !value->text.empty() &&
        std::all_of(value->text.begin(), value->text.end(), [](char c) { return c >= '0' && c <= '9'; });
    auto input = moved(*field, *value, value->place.file == document.file().string(), spread, {0, 0, whole});
    if (!input)
        return model::fail({}, option,
                           "'" + model::excerpt(flow_text(*value)) +
                               "' is no quantity that can be moved; give " + path + " a range: " + path +
                               "=LOW..HIGH");
    input->name = path;
    input->origin = stated;
    return *std::move(input);
}

}  // namespace headroom::sim
