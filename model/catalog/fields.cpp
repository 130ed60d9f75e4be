#include "model/catalog/fields.h"

#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::model {

namespace {

const char* describe(const Value& value) {
    switch (value.kind) {
        case Value::Kind::null:
            return "nothing stands here";
        case Value::Kind::scalar:
            return "a single value stands here";
        case Value::Kind::sequence:
            return "a list stands here";
        case Value::Kind::mapping:
            return "a mapping stands here";
    }
    return "";
}

/// Long garbage must not fill a sentence.
std::string shortened(const std::string& text) {
    constexpr std::size_t most = 60;
    return text.size() <= most ? text : text.substr(0, most) + "...";
}

}  // namespace

Fields::Fields(const Value& value, std::string path, Problems& problems)
    : value_(value), path_(std::move(path)), problems_(problems), usable_(value.is_mapping()) {
    if (!usable_)
        problems_.push_back({.place = value.place,
                             .field = path_,
                             .message = std::string(describe(value)) + "; names with values are expected"});
}

std::string Fields::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Fields::complain(const Value& at, std::string_view key, std::string message) {
    problems_.push_back({.place = at.place,
                         .field = path_of(key),
                         .found = shortened(at.text),
                         .message = std::move(message)});
}

const Value* Fields::optional(std::string_view key) {
    known_.emplace_back(key);
    return usable_ ? value_.find(key) : nullptr;
}

const Value* Fields::required(std::string_view key) {
    const Value* found = optional(key);
    if (found == nullptr && usable_) complain(value_, key, "'" + std::string(key) + "' is missing here");
    return found;
}

std::string Fields::text(std::string_view key) {
    const Value* found = required(key);
    if (found == nullptr) return {};
    if (!found->is_scalar() || found->text.empty()) {
        complain(*found, key, std::string(describe(*found)) + "; a text is expected");
        return {};
    }
    return found->text;
}

std::string Fields::optional_text(std::string_view key, std::string otherwise) {
    return usable_ && value_.find(key) != nullptr ? text(key) : (optional(key), std::move(otherwise));
}

std::optional<double> Fields::quantity(std::string_view key, Dimension dimension) {
    const Value* found = required(key);
    return found == nullptr ? std::nullopt : read_quantity(*found, path_of(key), dimension, problems_);
}

std::optional<double> Fields::optional_quantity(std::string_view key, Dimension dimension) {
    const Value* found = optional(key);
    return found == nullptr ? std::nullopt : read_quantity(*found, path_of(key), dimension, problems_);
}

void Fields::finish() {
    if (!usable_) return;
    for (const Value::Entry& entry : value_.entries) {
        if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
        const std::string near = nearest_name(entry.key, known_);
        std::string message = "'" + shortened(entry.key) + "' is not known here";
        if (!near.empty()) message += "; did you mean '" + near + "'?";
        problems_.push_back({.place = entry.key_place,
                             .field = path_of(shortened(entry.key)),
                             .found = shortened(entry.key),
                             .message = std::move(message)});
    }
}

std::optional<double> read_quantity(const Value& value, const std::string& field, Dimension dimension,
                                    Problems& problems) {
    auto complain = [&](std::string message) {
        problems.push_back({.place = value.place,
                            .field = field,
                            .found = shortened(value.text),
                            .message = std::move(message)});
        return std::nullopt;
    };
    if (!value.is_scalar())
        return complain(std::string(describe(value)) + "; a quantity is expected, for example '" +
                        example_of(dimension) + "'");
    const auto parsed = parse_quantity(value.text, dimension);
    if (!parsed) return complain(parsed.error());
    if (!std::isfinite(*parsed) || *parsed < 0)
        return complain("'" + shortened(value.text) + "' is below zero or not finite; zero or more expected");
    return *parsed;
}

Sources::Sources(const Value* value, const std::string& path, Problems& problems) {
    if (value == nullptr) return;
    const Fields table(*value, path, problems);
    if (!table.usable()) return;
    for (const Value::Entry& entry : value->entries) {
        Fields fields(entry.value, path + "." + entry.key, problems);
        Provenance provenance{.source = fields.text("text"), .as_of = fields.text("as-of")};
        const std::string status = fields.text("status");
        if (status == "S" || status == "D" || status == "M")
            provenance.status = status.front();
        else if (!status.empty())
            fields.complain(
                *fields.optional("status"), "status",
                "'" + shortened(status) +
                    "' is not a status; S (seen in the source), D (derived) or M (unsourced) expected");
        fields.finish();
        sources_.emplace(entry.key, std::move(provenance));
    }
}

Provenance Sources::named_by(Fields& fields, std::string_view key, bool required) const {
    const Value* value = required ? fields.required(key) : fields.optional(key);
    if (value == nullptr) return {};
    const auto found = sources_.find(value->text);
    if (value->is_scalar() && found != sources_.end()) return found->second;
    std::vector<std::string> names;
    for (const auto& [name, source] : sources_) names.push_back(name);
    std::string message = "'" + shortened(value->text) + "' is not one of this file's sources";
    if (const std::string near = nearest_name(value->text, names); !near.empty())
        message += "; did you mean '" + near + "'?";
    fields.complain(*value, key, std::move(message));
    return {};
}

}  // namespace headroom::model
