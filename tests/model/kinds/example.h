#pragma once
// Scenarios for the tests of kinds, built from values as a reader would fill them in.

#include "model/catalog/catalog.h"
#include "model/kinds/kind.h"
#include "model/kinds/lower.h"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace headroom::model::example {

inline const Catalog& catalog() {
    static const Catalog shipped =
        Catalog::load(std::filesystem::path(HEADROOM_SOURCE_DIR) / "resources").value();
    return shipped;
}

inline Setting setting(const ParameterSpec& spec, const std::string& text, Origin origin) {
    if (spec.type == ParameterType::path)  // no file is needed to lower
        return {.value = text, .text = text, .origin = origin};
    const Expected<Value> tree = parse_yaml("v: " + text, "test.yaml");
    if (!tree) throw std::runtime_error(tree.error().front().sentence());
    const Expected<ParameterValue> value = parse_parameter(spec, *tree->find("v"));
    if (!value) throw std::runtime_error(value.error().front().sentence());
    return {.value = *value, .text = text, .origin = origin};
}

using Texts = std::vector<std::pair<std::string, std::string>>;

/// A component with all its settings: as written, else the technology's, else the kind's.
inline Component component(const std::string& id, const std::string& technology, const Texts& written) {
    const Technology& named = *catalog().technology(technology);
    const Kind& kind = *find_kind(named.kind);
    Component result{.id = id, .technology = technology, .kind = named.kind};
    for (const ParameterSpec& spec : kind.parameters) {
        if (!spec.default_text.empty())
            result.settings.insert_or_assign(spec.name, setting(spec, spec.default_text, Origin::kind));
        if (const auto found = named.defaults.find(spec.name); found != named.defaults.end())
            result.settings.insert_or_assign(spec.name,
                                             setting(spec, found->second.text, Origin::technology));
        for (const auto& [name, text] : written)
            if (name == spec.name)
                result.settings.insert_or_assign(spec.name, setting(spec, text, Origin::scenario));
    }
    for (const auto& [name, text] : written)
        if (kind.parameter(name) == nullptr) throw std::runtime_error("no parameter " + name);
    return result;
}

inline Workload stream(const std::string& id, double rate, double size = 230) {
    Stream load;
    load.rate.base = per_second(rate);
    load.record.size = Distribution::constant(size);
    return {.id = id, .load = std::move(load)};
}

inline Workload users(const std::string& id, int count, double scan = 80e6) {
    Requests load;
    load.users = count;
    load.think_time = Distribution::exponential(30);
    load.scan = Distribution::lognormal(scan, 1);
    return {.id = id, .load = std::move(load)};
}

inline Scenario scenario(std::vector<Workload> workloads, std::vector<Component> components,
                         const std::vector<std::pair<std::string, std::string>>& links) {
    Scenario result;
    result.workloads = std::move(workloads);
    result.components = std::move(components);
    for (const auto& [from, to] : links) result.links.push_back({from, to, {}});
    return result;
}

/// What measuring a transform on 230-byte records could give.
inline Calibration calibration() {
    Calibration measured;
    measured.component = "enrich";
    measured.engine = "an engine";
    measured.time_per_row = {5e-7, 1e-8};
    measured.time_per_batch = {1e-3, 1e-4};
    measured.time_scv = {0.04, 0.01};
    measured.selectivity = 0.9;
    measured.bytes_in = ItemSize(230);
    measured.bytes_out = {{"json", 200}, {"csv", 90}, {"parquet+snappy", 32}, {"parquet+zstd", 20}};
    return measured;
}

inline const Station& station(const System& system, const std::string& name) {
    for (const Station& each : system.stations)
        if (each.name == name) return each;
    throw std::runtime_error("no station " + name);
}

inline int index_of(const System& system, const std::string& name) {
    for (std::size_t i = 0; i < system.stations.size(); ++i)
        if (system.stations[i].name == name) return static_cast<int>(i);
    return -1;
}

}  // namespace headroom::model::example
