#include "model/scenario/reader.h"

#include "model/scenario/chain.h"

#include <algorithm>
#include <cctype>

namespace headroom::model {

// Most are scalars, for which no parser is needed.
Expected<Value> read_default(const std::string& text) {
    if (!text.empty() && text.front() != '{' && text.front() != '[' && text.front() != '"') {
        Value value;
        value.kind = Value::Kind::scalar;
        value.text = text;
        return value;
    }
    return parse_yaml(text, "");
}

void Reader::report(const Place& place, const std::string& field, const std::string& message,
                    Severity severity, const std::string& found) {
    problems.push_back({.severity = severity,
                        .place = place,
                        .field = field,
                        .found = found,
                        .allowed = {},
                        .message = message});
}

void Reader::take(const Problems& more, const std::string& prefix) {
    for (Problem problem : more) {
        problem.field = problem.field.empty() ? prefix : prefix + "." + problem.field;
        problems.push_back(std::move(problem));
    }
}

void Reader::unknown_name(const Place& place, const std::string& field, const std::string& what,
                          const std::string& name, const std::vector<std::string>& known) {
    const std::string shown = excerpt(name);
    std::string message = what + " '" + shown + "'";
    if (const std::string near = nearest_name(name, known); !near.empty()) {
        message += "; did you mean '" + near + "'?";
    } else if (!known.empty() && known.size() <= 12) {
        message += "; known are ";
        for (std::size_t i = 0; i < known.size(); ++i) message += (i == 0 ? "" : ", ") + known[i];
    }
    report(place, field, message, Severity::error, name);
    problems.back().allowed = nearest_name(name, known);
}

bool Reader::is_mapping(const Value& value, const std::string& path) {
    if (value.is_mapping()) return true;
    report(value.place, path,
           value.is_null()     ? "nothing stands here; fields are expected"
           : value.is_scalar() ? "'" + excerpt(value.text) + "' stands here; fields are expected"
                               : "a list stands here; fields are expected");
    return false;
}

void Reader::check_fields(const Section& section, const Value& value, const std::string& path, int free) {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const Value::Entry& entry : value.entries) {
        const bool known = std::any_of(section.fields.begin(), section.fields.end(),
                                       [&](const Field& field) { return field.spec.name == entry.key; });
        if (!known && --free < 0) {
            const std::string where = path.empty() ? excerpt(entry.key) : path;
            unknown_name(entry.key_place, where, "unknown field", entry.key, section.names());
        }
    }
    for (const Field& field : section.fields)
        if (field.spec.required && written(value, field.spec.name) == nullptr)
            report(value.place, path,
                   "'" + field.spec.name + "' is missing" +
                       (field.spec.example.empty() ? std::string()
                                                   : ", for example '" + field.spec.example + "'"));
}

const Value* Reader::written(const Value& value, std::string_view name) {
    const Value* found = value.find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::optional<ParameterValue> Reader::read(const Section& section, const Value& value,
                                           const std::string& path, std::string_view name) {
    const ParameterSpec& spec = section.field(name).spec;
    const Value* found = written(value, name);
    if (found == nullptr) {
        if (spec.default_text.empty()) return std::nullopt;
        return parse_parameter(spec, read_default(spec.default_text).value()).value();
    }
    const auto parsed = parse_parameter(spec, *found);
    if (parsed) return *parsed;
    if (path.empty()) {
        problems.insert(problems.end(), parsed.error().begin(), parsed.error().end());
    } else {
        take(parsed.error(), path);
    }
    return std::nullopt;
}

void Reader::wrong(const Value& value, const std::string& field, const std::string& message) {
    report(value.place, field, message, Severity::error, value.is_scalar() ? value.text : std::string());
}

std::vector<std::string> Reader::read_components(
    const Value& value, const std::string& path, const std::string& name,
    const std::function<std::string(const std::string& id)>& objection) {
    const Value* named = written(value, name);
    if (named == nullptr) return {};
    const std::string field = path + "." + name;
    const std::vector<Value> several = named->is_sequence() ? named->items : std::vector<Value>{*named};
    if (several.empty()) wrong(*named, field, "there is no component in the list");
    std::vector<std::string> ids;
    for (const Value& one : several) {
        if (!one.is_scalar()) {
            wrong(one, field, "the id of a component, or a list of them, is expected");
        } else if (scenario.component(one.text) == nullptr) {
            unknown_name(one.place, field, "unknown component", one.text, component_ids());
        } else if (std::find(ids.begin(), ids.end(), one.text) != ids.end()) {
            wrong(one, field, "'" + one.text + "' stands here twice");
        } else if (const std::string against = objection ? objection(one.text) : ""; !against.empty()) {
            wrong(one, field, against);
        } else {
            ids.push_back(one.text);
        }
    }
    return ids;
}

std::vector<std::string> Reader::component_ids() const {
    std::vector<std::string> ids;
    for (const Component& component : scenario.components) ids.push_back(component.id);
    return ids;
}

std::vector<std::string> Reader::all_ids() const {
    std::vector<std::string> ids = component_ids();
    for (const Workload& workload : scenario.workloads) ids.push_back(workload.id);
    return ids;
}

bool Reader::check_id(const Value::Entry& entry, const std::string& path) {
    const bool good = is_id(entry.key);
    if (!good)
        report(entry.key_place, path,
               "'" + excerpt(entry.key) + "' cannot be an id; letters, digits, '-' and '_' are allowed",
               Severity::error, entry.key);
    return good;
}

}  // namespace headroom::model
