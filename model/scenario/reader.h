#pragma once
// The state of reading one scenario, and the steps that its parts share.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/scenario/sections.h"
#include "model/scenario/value.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

struct Narrative;

/// How many components name a node group in `on`, and the shares that they state.
struct GroupUse {
    int components = 0, without_share = 0;
    double shares = 0;
};

/// Collects every problem; a part that cannot be read is left at its default and the reading goes on.
class Reader {
public:
    explicit Reader(const Catalog& all) : catalog(all) {}
    explicit Reader(std::shared_ptr<Catalog> changeable) : catalog(*changeable), own(std::move(changeable)) {}

    const Catalog& catalog;
    Scenario scenario;
    Problems problems;
    /// The catalogue above where the scenario brings something of its own; to be added to while reading.
    std::shared_ptr<Catalog> own;
    std::map<std::string, GroupUse, std::less<>> group_uses;  ///< by node group

    void report(const Place& place, const std::string& field, const std::string& message,
                Severity severity = Severity::error, const std::string& found = {});
    /// Adds problems whose fields are relative to `prefix`.
    void take(const Problems& more, const std::string& prefix);

    /// "unknown field 'nmae'; did you mean 'name'?"
    void unknown_name(const Place& place, const std::string& field, const std::string& what,
                      const std::string& name, const std::vector<std::string>& known);
    /// Whether the value has fields; says so if not.
    bool is_mapping(const Value& value, const std::string& path);
    /// Reports fields that the section does not have and required ones that are missing. `free` more names
    /// are allowed.
    void check_fields(const Section& section, const Value& value, const std::string& path, int free = 0);

    /// The value of a field of Shape::value, or its default, or nothing.
    std::optional<ParameterValue> read(const Section& section, const Value& value, const std::string& path,
                                       std::string_view name);
    template <class T>
    void read_into(T& target, const Section& section, const Value& value, const std::string& path,
                   std::string_view name) {
        if (auto found = read(section, value, path, name))
            if (T* typed = std::get_if<T>(&*found)) target = std::move(*typed);
    }
    /// The value of a field that is written and not null; or nullptr.
    static const Value* written(const Value& value, std::string_view name);

    /// report() of what is written there.
    void wrong(const Value& value, const std::string& field, const std::string& message);
    /// The components that the field names, by its id or in a list; those that cannot stand there are
    /// reported and left out. `objection`: why not, beyond what holds everywhere; empty, if nothing speaks
    /// against it.
    std::vector<std::string> read_components(
        const Value& value, const std::string& path, const std::string& name,
        const std::function<std::string(const std::string& id)>& objection = {});

    std::vector<std::string> component_ids() const;
    std::vector<std::string> all_ids() const;  ///< workloads and components
    /// Ids are letters, digits, '-' and '_'.
    bool check_id(const Value::Entry& entry, const std::string& path);
};

/// A figure of the catalogue or a default of a table, as a scenario would write it.
Expected<Value> read_default(const std::string& text);

void read_people(Reader& reader, const Value& people);
void read_node_groups(Reader& reader, const Value& groups);
GroupUse use_of_group(const Value& components, std::string_view group);
/// The nodes of a component that runs on a group: the group's, each with the component's share.
std::optional<Setting> nodes_on_group(Reader& reader, const Value& component, const std::string& path);
void read_workloads(Reader& reader, const Value& workloads);
void read_components(Reader& reader, const Value& components);
void read_links(Reader& reader, const Value& links);
/// What only shows when all links are known: workloads that lead nowhere, components that nothing reaches.
void check_links(Reader& reader);
void read_failures(Reader& reader, const Value& failures);
/// After the components and the links.
void read_recoveries(Reader& reader, const Value& recoveries);
void read_regions(Reader& reader, const Value& regions);
void read_objectives(Reader& reader, const Value& objectives);
void read_layout(Reader& reader, const Value& layout);
Narrative read_narrative(Reader& reader, const Value& report);

}  // namespace headroom::model
