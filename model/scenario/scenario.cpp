#include "model/scenario/scenario.h"

#include "model/units/unit.h"

#include <algorithm>
#include <stdexcept>

namespace headroom::model {

const char* word_for(LossOf loss) {
    switch (loss) {
        case LossOf::node:
            return "node";
        case LossOf::disk:
            return "disk";
        case LossOf::zone:
            return "zone";
        case LossOf::region:
            break;
    }
    return "region";
}

std::string source_of(const Recovery& recovery) {
    if (!recovery.from.empty()) return recovery.from;
    if (recovery.snapshot_every) return "a snapshot every " + format(*recovery.snapshot_every);
    return recovery.lag ? "copies that lag" : "its other copies";
}

namespace {

template <class T>
const T& setting_as(const Component& component, std::string_view name, const char* type) {
    const auto found = component.settings.find(name);
    const T* value = found == component.settings.end() ? nullptr : std::get_if<T>(&found->second.value);
    if (value == nullptr)
        throw std::logic_error("component '" + component.id + "' has no " + type + " '" + std::string(name) +
                               "'");
    return *value;
}

template <class T>
const T* find_by_id(const std::vector<T>& all, std::string_view id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

bool Component::has(std::string_view name) const { return settings.find(name) != settings.end(); }
double Component::number(std::string_view name) const { return setting_as<double>(*this, name, "number"); }
bool Component::flag(std::string_view name) const { return setting_as<bool>(*this, name, "flag"); }
const std::string& Component::text(std::string_view name) const {
    return setting_as<std::string>(*this, name, "text");
}
const NodePool& Component::nodes(std::string_view name) const {
    return setting_as<NodePool>(*this, name, "node pool");
}
const Distribution& Component::distribution(std::string_view name) const {
    return setting_as<Distribution>(*this, name, "distribution");
}
const NamedNumbers& Component::named_numbers(std::string_view name) const {
    return setting_as<NamedNumbers>(*this, name, "list of named numbers");
}
const JobStages& Component::job_stages(std::string_view name) const {
    return setting_as<JobStages>(*this, name, "list of stages");
}

const Workload* Scenario::workload(std::string_view id) const { return find_by_id(workloads, id); }
const Component* Scenario::component(std::string_view id) const { return find_by_id(components, id); }

const NodeGroup* Scenario::node_group(std::string_view id) const {
    for (const NodeGroup& group : node_groups)
        if (group.id == id) return &group;
    return nullptr;
}

}  // namespace headroom::model
