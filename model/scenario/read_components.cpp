#include "model/scenario/merge.h"
#include "model/scenario/reader.h"

#include <algorithm>

namespace headroom::model {

namespace {

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
    std::vector<std::string> names;
    for (const auto& [name, value] : map) names.push_back(name);
    return names;
}

/// Written in the scenario, else the technology's figure, else the kind's default, else none.
std::optional<Setting> resolve(Reader& reader, const ParameterSpec& spec, const Value& component,
                               const Technology& technology, const std::string& path) {
    Setting setting;
    if (const Value* written = Reader::written(component, spec.name)) {
        setting.origin = Origin::scenario;
        setting.text = to_flow(*written);
        setting.place = written->place;
        const auto parsed = parse_parameter(spec, *written);
        if (!parsed) {
            reader.take(parsed.error(), path);
            return std::nullopt;
        }
        setting.value = *parsed;
        return setting;
    }
    if (const auto figure = technology.defaults.find(spec.name); figure != technology.defaults.end()) {
        setting.origin = Origin::technology;
        setting.text = figure->second.text;
        setting.source = figure->second.provenance.source;
        setting.as_of = figure->second.provenance.as_of;
    } else if (!spec.default_text.empty()) {
        setting.origin = Origin::kind;
        setting.text = spec.default_text;
    } else {
        if (spec.required)
            reader.report(
                component.place, path,
                "'" + spec.name + "' is missing" +
                    (spec.example.empty() ? std::string() : ", for example '" + spec.example + "'"));
        return std::nullopt;
    }
    const Expected<Value> text = read_default(setting.text);
    const auto parsed = text ? parse_parameter(spec, *text) : tl::unexpected<Problems>(text.error());
    if (!parsed) {
        reader.report(component.place, path + "." + spec.name,
                      "the figure of technology '" + technology.id +
                          "' cannot be read: " + parsed.error().front().message);
        return std::nullopt;
    }
    setting.value = *parsed;
    return setting;
}

void check_instance(Reader& reader, const Component& component, const std::string& name,
                    const Setting& setting) {
    const auto* pool = std::get_if<NodePool>(&setting.value);
    if (pool == nullptr || reader.catalog.instance(pool->instance) != nullptr) return;
    reader.unknown_name(setting.place.line > 0 ? setting.place : component.place,
                        "components." + component.id + "." + name, "unknown instance type", pool->instance,
                        keys_of(reader.catalog.instances()));
}

void run_checks(Reader& reader, const Component& component, const Kind& kind) {
    if (!kind.check) return;
    const std::string prefix = "components." + component.id;
    for (Problem problem : kind.check(component, reader.catalog)) {
        if (problem.place.line == 0) {
            const auto setting = component.settings.find(problem.field);
            const bool known = setting != component.settings.end() && setting->second.place.line > 0;
            problem.place = known ? setting->second.place : component.place;
        }
        if (!problem.field.starts_with(prefix))
            problem.field = problem.field.empty() ? prefix : prefix + "." + problem.field;
        reader.problems.push_back(std::move(problem));
    }
}

void read_component(Reader& reader, const Value::Entry& entry) {
    const std::string path = "components." + entry.key;
    Component component{
        .id = entry.key, .technology = {}, .kind = {}, .settings = {}, .place = entry.key_place};
    const auto done = [&] { reader.scenario.components.push_back(std::move(component)); };
    if (!reader.is_mapping(entry.value, path)) return done();
    const Value* named = Reader::written(entry.value, "technology");
    if (named == nullptr || !named->is_scalar()) {
        reader.report(named == nullptr ? entry.key_place : named->place, path,
                      "'technology' is missing, for example 'technology: kafka'");
        return done();
    }
    component.technology = named->text;
    const Technology* technology = reader.catalog.technology(named->text);
    if (technology == nullptr) {
        reader.unknown_name(named->place, path + ".technology", "unknown technology", named->text,
                            keys_of(reader.catalog.technologies()));
        return done();
    }
    component.kind = technology->kind;
    const Kind* kind = find_kind(technology->kind);
    if (kind == nullptr) {
        reader.report(named->place, path + ".technology",
                      "technology '" + technology->id + "' behaves like '" + technology->kind +
                          "', which this program does not know");
        return done();
    }
    std::vector<std::string> names{"technology"};
    for (const ParameterSpec& spec : kind->parameters) names.push_back(spec.name);
    for (const Value::Entry& parameter : entry.value.entries)
        if (std::find(names.begin(), names.end(), parameter.key) == names.end())
            reader.unknown_name(parameter.key_place, path, "unknown parameter", parameter.key, names);
    const std::size_t before = reader.problems.size();
    const bool on_group =
        kind->parameter("runs-on") != nullptr && Reader::written(entry.value, "runs-on") != nullptr;
    for (const ParameterSpec& spec : kind->parameters) {
        auto setting = spec.type == ParameterType::nodes && on_group
                           ? nodes_on_group(reader, entry.value, path)
                           : resolve(reader, spec, entry.value, *technology, path);
        if (!setting) continue;
        check_instance(reader, component, spec.name, *setting);
        component.settings.emplace(spec.name, *std::move(setting));
    }
    // A kind's own checks may rely on all settings being there and in range.
    if (reader.problems.size() == before) run_checks(reader, component, *kind);
    done();
}

}  // namespace

void read_components(Reader& reader, const Value& components) {
    if (!reader.is_mapping(components, "components")) return;
    for (const NodeGroup& group : reader.scenario.node_groups)
        reader.group_uses[group.id] = use_of_group(components, group.id);
    if (components.entries.empty())
        reader.report(components.place, "components", "there is no component; at least one is expected");
    for (const Value::Entry& entry : components.entries) {
        if (!reader.check_id(entry, "components")) continue;
        if (const Workload* workload = reader.scenario.workload(entry.key))
            reader.report(entry.key_place, "components." + entry.key,
                          "'" + entry.key + "' is a workload already, in line " +
                              std::to_string(workload->place.line) +
                              "; workloads and components need different names");
        read_component(reader, entry);
    }
    std::vector<std::string> workload_ids;
    for (const Workload& workload : reader.scenario.workloads) workload_ids.push_back(workload.id);
    // Probabilities may lead to any component, so they are checked when all are known.
    for (const Component& component : reader.scenario.components)
        for (const auto& [name, setting] : component.settings) {
            const Kind* kind = find_kind(component.kind);
            const ParameterSpec* spec = kind == nullptr ? nullptr : kind->parameter(name);
            if (spec == nullptr) continue;
            const std::string path = "components." + component.id + "." + name;
            const auto check_workload = [&](const std::string& workload) {
                if (reader.scenario.workload(workload) == nullptr)
                    reader.unknown_name(setting.place, path, "unknown workload", workload, workload_ids);
            };
            if (const auto* times = std::get_if<NamedDistributions>(&setting.value))
                for (const auto& [workload, time] : *times) check_workload(workload);
            if (spec->type == ParameterType::numbers_by_class)
                for (const auto& [workload, number] : std::get<NamedNumbers>(setting.value))
                    check_workload(workload);
            if (const auto* shares = std::get_if<NamedShares>(&setting.value))
                for (const auto& [workload, others] : *shares) {
                    check_workload(workload);
                    if (spec->type == ParameterType::switching)
                        for (const auto& [other, probability] : others) check_workload(other);
                }
            if (const auto* stages = std::get_if<JobStages>(&setting.value))
                for (const auto& [workload, job] : *stages)
                    if (!workload.empty()) check_workload(workload);
            for (const std::string& target : components_named_by(*spec, setting.value))
                if (reader.scenario.component(target) == nullptr)
                    reader.unknown_name(setting.place, path, "unknown component", target,
                                        reader.component_ids());
        }
}

}  // namespace headroom::model
