// JSON Schema of scenario files, generated from the tables that the reader checks against.

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "model/scenario/read_distribution.h"
#include "model/scenario/sections.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace headroom::model {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* id_pattern = "^[A-Za-z0-9_][A-Za-z0-9_-]*$";

bool bare_numbers(Dimension dimension) { return dimension == Dimension{} || dimension == dimensions::item; }

std::string quantity_pattern(bool rest = false) {
    const std::string number = "^\\s*[-+]?\\$?\\s*[-+]?[0-9.,][0-9.,eE+-]*.*$";
    return rest ? "(^rest$)|(" + number + ")" : number;
}

Json quantity(Dimension dimension) {
    Json schema;
    if (bare_numbers(dimension)) {
        schema["type"] = {"number", "string"};
    } else {
        schema["type"] = "string";
    }
    schema["pattern"] = quantity_pattern();
    return schema;
}

Json object(Json properties) {
    return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

/// "#/$defs/distribution-of-..." is one definition per dimension.
std::string distribution_name(Dimension dimension) {
    std::string name = "distribution-" + describe(dimension);
    for (char& c : name)
        if (c == ' ') c = '-';
    return name;
}

Json distribution(Dimension dimension) {
    Json shapes = Json::array();
    shapes.push_back(quantity(dimension));
    const auto field = [&](const DistributionField& one) {
        Json schema = quantity(dimension_of(one, dimension));
        schema["description"] = one.help;
        return schema;
    };
    for (const FamilySpec& family : writable_families()) {
        Json fields, required = Json::array();
        for (const DistributionField& one : family.fields) {
            fields[one.name] = field(one);
            required.push_back(one.name);
        }
        Json body = object(fields);
        body["required"] = required;
        const std::string word = word_for(family.family);
        Json shape =
            object({{word, family.fields.size() == 1 ? Json{{"anyOf", {quantity(dimension), body}}} : body}});
        shape["required"] = {word};
        shapes.push_back(shape);
    }
    const Json empirical{
        {"anyOf",
         {{{"type", "array"}, {"minItems", 1}, {"items", quantity(dimension)}},
          {{"type", "object"}, {"minProperties", 2}, {"additionalProperties", quantity(dimension)}}}},
        {"description",
         "Observed values, equally likely; or points of the quantile function from 0 % to 100 %."}};
    Json by_observation = object({{word_for(Family::empirical), empirical}});
    by_observation["required"] = {word_for(Family::empirical)};
    shapes.push_back(by_observation);
    Json by_scv = object({{"mean", quantity(dimension)}, {"scv", quantity(Dimension{})}});
    by_scv["required"] = {"mean", "scv"};
    shapes.push_back(by_scv);
    shapes.push_back({{"type", "null"}});
    return {{"description", "A constant or a probability distribution of " + describe(dimension) + "."},
            {"anyOf", shapes}};
}

class SchemaWriter {
public:
    explicit SchemaWriter(const Catalog& catalog) : catalog_(catalog) {}

    std::string write() {
        Json root = object(properties(file_section()));
        root["required"] = {"headroom"};
        Json needed = Json::array();
        for (const Field& field : file_section().fields)
            if (field.spec.required) needed.push_back(field.spec.name);
        // A file that extends another holds only what differs.
        root["if"] = {{"not", {{"required", {"extends"}}}}};
        root["then"] = {{"required", needed}};
        Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                    {"title", "Headroom scenario"},
                    {"description", file_section().help}};
        schema.update(root);
        schema["$defs"] = definitions_;
        return schema.dump(2) + "\n";
    }

private:
    static Json reference(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }

    /// A definition is made once, when it is first needed.
    template <class Make>
    Json defined(const std::string& name, Make make) {
        if (!definitions_.contains(name)) {
            definitions_[name] = Json::object();
            definitions_[name] = make();
        }
        return reference(name);
    }

    Json parameter(const ParameterSpec& spec) {
        switch (spec.type) {
            case ParameterType::quantity: {
                Json schema = quantity(spec.dimension);
                if (bare_numbers(spec.dimension)) add_range(schema, spec);
                return schema;
            }
            case ParameterType::count: {
                Json schema{{"type", {"integer", "string"}}, {"pattern", quantity_pattern()}};
                add_range(schema, spec);
                if (spec.words.empty()) return schema;
                Json words = Json::array();
                for (const auto& [word, meaning] : spec.words) words.push_back(word);
                return {{"anyOf", {schema, {{"enum", words}}}}};
            }
            case ParameterType::flag:
                return {{"type", "boolean"}};
            case ParameterType::choice:
                return {{"enum", spec.choices}};
            case ParameterType::text:
                return {{"type", {"string", "number", "boolean"}}};
            case ParameterType::path:
                return {{"type", "string"}, {"minLength", 1}};
            case ParameterType::nodes:
                return {{"type", "string"},
                        {"pattern", "^([0-9]+\\s*(x|\\*|\u00d7)\\s*)?[A-Za-z][A-Za-z0-9.-]*$"}};
            case ParameterType::distribution:
                return defined(distribution_name(spec.dimension),
                               [&] { return distribution(spec.dimension); });
            case ParameterType::lifecycle:
                return {{"type", "object"},
                        {"minProperties", 1},
                        {"additionalProperties", {{"type", "string"}, {"pattern", quantity_pattern(true)}}}};
            case ParameterType::times_by_class: {
                const Json time =
                    defined(distribution_name(spec.dimension), [&] { return distribution(spec.dimension); });
                return {{"anyOf",
                         {time, {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", time}}}}};
            }
            case ParameterType::numbers_by_class:
                return {
                    {"type", "object"}, {"minProperties", 1}, {"additionalProperties", {{"type", "number"}}}};
            case ParameterType::numbers: {
                Json number{{"type", "number"}};
                add_range(number, spec);
                return {{"type", "array"}, {"minItems", 1}, {"items", number}};
            }
            case ParameterType::shares:
                return fractions();
            case ParameterType::switching:
                return by_workload();
            case ParameterType::routing:
                return {{"anyOf", {{{"enum", spec.choices}}, fractions(), by_workload()}}};
            case ParameterType::stages:
                return stages(spec);
            case ParameterType::component:
                return {{"type", "string"}, {"pattern", id_pattern}};
        }
        return Json::object();
    }

    /// Stages by name, or workloads with stages by name.
    Json stages(const ParameterSpec& spec) {
        Json fields = Json::object();
        for (const std::string& field : spec.choices)
            fields[field] = field == "time"      ? defined(distribution_name(dimensions::time),
                                                           [&] { return distribution(dimensions::time); })
                            : field == "tasks"   ? Json{{"type", {"integer", "string"}}, {"minimum", 1}}
                            : field == "failing" ? Json{{"type", {"number", "string"}}, {"minimum", 0}}
                            : field == "after"
                                ? Json{{"type", {"string", "array"}}, {"items", {{"type", "string"}}}}
                                : quantity(dimensions::data);
        const Json stage{{"type", "object"}, {"properties", fields}, {"additionalProperties", false}};
        const Json job{{"type", "object"}, {"minProperties", 1}, {"additionalProperties", stage}};
        return {{"anyOf", {job, {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", job}}}}};
    }

    static Json fractions() {
        return {{"type", "object"},
                {"additionalProperties",
                 {{"type", {"number", "string"}},
                  {"minimum", 0},
                  {"maximum", 1},
                  {"pattern", quantity_pattern()}}}};
    }
    static Json by_workload() {
        return {{"type", "object"},
                {"minProperties", 1},
                {"additionalProperties",
                 {{"anyOf", {{{"type", "string"}, {"pattern", id_pattern}}, fractions()}}}}};
    }

    static void add_range(Json& schema, const ParameterSpec& spec) {
        if (spec.min == 0 && spec.max == 0) {
            schema["minimum"] = 0;
            return;
        }
        if (std::isfinite(spec.min)) schema["minimum"] = spec.min;
        if (std::isfinite(spec.max)) schema["maximum"] = spec.max;
    }

    Json shape(const Field& field) {
        switch (field.shape) {
            case Shape::value:
                return parameter(field.spec);
            case Shape::section:
                return section(*field.section);
            case Shape::regions:
            case Shape::workloads:
            case Shape::failures:
            case Shape::recoveries:
            case Shape::node_groups:
                return {{"type", "object"},
                        {"propertyNames", {{"pattern", id_pattern}}},
                        {"additionalProperties", nullable(section(*field.section))}};
            case Shape::components:
                return {{"type", "object"},
                        {"propertyNames", {{"pattern", id_pattern}}},
                        {"additionalProperties", nullable(component())}};
            case Shape::links:
                return {{"type", "array"}, {"items", {{"type", "string"}, {"pattern", "(->|\u2192)"}}}};
            case Shape::objectives:
                return objectives();
            case Shape::ids:
                return {
                    {"anyOf", {{{"type", "string"}}, {{"type", "array"}, {"items", {{"type", "string"}}}}}}};
            case Shape::layout:
                return {
                    {"type", "object"},
                    {"additionalProperties",
                     {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}}}};
            case Shape::texts:
                return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
            case Shape::groups:
                return {{"type", "object"},
                        {"additionalProperties",
                         {{"type", "array"}, {"items", {{"type", "string"}, {"pattern", id_pattern}}}}}};
            case Shape::events: {
                const Json event = defined(field.section->id, [&] {
                    return Json{{"type", "object"},
                                {"description", field.section->help},
                                {"properties", properties(*field.section)},
                                {"required", {"from", "for"}},
                                {"minProperties", 3},
                                {"maxProperties", 3},
                                {"additionalProperties", quantity(Dimension{})}};
                });
                return {{"anyOf", {{{"type", "array"}, {"items", event}}, event}}};
            }
            case Shape::bulk: {
                Json geometric = object({{"geometric", {{"type", "number"}, {"minimum", 1}}}});
                geometric["required"] = {"geometric"};
                const Json shares{{"type", "object"},
                                  {"minProperties", 1},
                                  {"propertyNames", {{"pattern", "^[0-9]+$"}}},
                                  {"additionalProperties", {{"type", "number"}, {"minimum", 0}}}};
                return {{"anyOf", {{{"type", "integer"}, {"minimum", 1}}, geometric, shares}}};
            }
            case Shape::moment:
                return {{"type", "string"}};
            case Shape::interarrival: {
                Json scv = object({{"scv", quantity(Dimension{})}}), shapes = Json::array();
                scv["required"] = {"scv"};
                shapes.push_back({{"enum", {"exponential", "deterministic"}}});
                shapes.push_back(scv);
                shapes.push_back(
                    {{"type", "object"},
                     {"minProperties", 1},
                     {"maxProperties", 1},
                     {"additionalProperties",
                      {{"type", "object"},
                       {"minProperties", 1},
                       {"maxProperties", 1},
                       {"properties", {{"cv", quantity(Dimension{})}, {"stages", quantity(Dimension{})}}},
                       {"additionalProperties", false}}}});
                shapes.push_back(defined(distribution_name(dimensions::time),
                                         [&] { return distribution(dimensions::time); }));
                return {{"anyOf", shapes}};
            }
        }
        return Json::object();
    }

    Json section(const Section& section) {
        return defined(section.id, [&] {
            Json schema = nullable(object(properties(section)));
            schema["description"] = section.help;
            return schema;
        });
    }

    Json properties(const Section& section) {
        Json all = Json::object();
        for (const Field& field : section.fields)
            all[field.spec.name] =
                described(field.spec.required ? shape(field) : nullable(shape(field)), field.spec,
                          field.spec.default_text, field.shape == Shape::value);
        return all;
    }

    /// null stands for "not given": in a file that extends another, it removes what that one says.
    static Json nullable(Json schema) {
        if (schema.contains("type") && !schema.contains("anyOf")) {
            Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
            types.push_back("null");
            schema["type"] = types;
            return schema;
        }
        if (schema.contains("$ref")) return schema;  // definitions allow null themselves
        if (schema.contains("enum")) {
            schema["enum"].push_back(nullptr);
            return schema;
        }
        return {{"anyOf", {schema, {{"type", "null"}}}}};
    }

    static Json described(Json schema, const ParameterSpec& spec, const std::string& standard, bool unit) {
        std::string text = spec.help;
        const bool number = spec.type == ParameterType::quantity ||
                            spec.type == ParameterType::distribution ||
                            spec.type == ParameterType::times_by_class;
        if (unit && number && spec.dimension != Dimension{})
            text += " Unit: " + describe(spec.dimension) + ".";
        schema["description"] = text;
        if (!standard.empty()) schema["default"] = standard;
        if (!spec.example.empty()) schema["examples"] = {spec.example};
        return schema;
    }

    Json component() {
        return defined("component", [&] {
            Json ids = Json::array(), cases = Json::array();
            for (const auto& [id, technology] : catalog_.technologies()) {
                const Kind* kind = find_kind(technology.kind);
                if (kind == nullptr) continue;
                ids.push_back(id);
                Json parameters;
                parameters["technology"] = {{"const", id}, {"description", technology.help}};
                for (const ParameterSpec& spec : kind->parameters) {
                    const auto figure = technology.defaults.find(spec.name);
                    parameters[spec.name] = described(
                        nullable(parameter(spec)), spec,
                        figure == technology.defaults.end() ? spec.default_text : figure->second.text, true);
                }
                Json body = object(parameters);
                body["title"] = technology.title;
                cases.push_back(
                    {{"if",
                      {{"properties", {{"technology", {{"const", id}}}}}, {"required", {"technology"}}}},
                     {"then", defined("technology-" + id, [&] { return body; })}});
            }
            return Json{{"type", {"object", "null"}},
                        {"description", "A part of the platform: a technology with its parameters."},
                        {"properties", {{"technology", {{"enum", ids}, {"description", "What it is."}}}}},
                        {"allOf", cases}};
        });
    }

    static Json objectives() {
        std::string names;
        for (const Metric& metric : metrics()) {
            if (metric.objective == nullptr) continue;
            const std::string name = metric.objective;
            if (names.size() < name.size() || names.substr(names.size() - name.size()) != name)
                names += (names.empty() ? "" : "|") + name;
        }
        const std::string measure = "^\\s*(" + names + ")\\b";
        return {{"type", "array"},
                {"items",
                 {{"anyOf",
                   {{{"type", "string"}, {"pattern", measure + ".*:.*"}},
                    {{"type", "object"},
                     {"minProperties", 1},
                     {"maxProperties", 1},
                     {"propertyNames", {{"pattern", measure}}},
                     {"additionalProperties", {{"type", {"string", "number"}}}}}}}}}};
    }

    const Catalog& catalog_;
    Json definitions_ = Json::object();
};

}  // namespace

std::string scenario_schema(const Catalog& catalog) { return SchemaWriter(catalog).write(); }

}  // namespace headroom::model
