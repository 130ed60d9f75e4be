// Groups of nodes, the shares that components have of them, and the people who run it all.

#include "model/kinds/parts.h"
#include "model/scenario/merge.h"
#include "model/scenario/reader.h"
#include "model/units/unit.h"

#include <cmath>
#include <utility>

namespace headroom::model {

namespace {

void check_group(Reader& reader, const NodeGroup& group, const Value& value, const std::string& path) {
    const Value* nodes = Reader::written(value, "nodes");
    if (nodes == nullptr) return;
    if (reader.catalog.instance(group.nodes.instance) == nullptr) {
        std::vector<std::string> names;
        for (const auto& [id, type] : reader.catalog.instances()) names.push_back(id);
        reader.unknown_name(nodes->place, path + ".nodes", "unknown instance type", group.nodes.instance,
                            names);
        return;
    }
    if (group.zones > group.nodes.count)
        reader.report(nodes->place, path + ".nodes",
                      std::to_string(group.nodes.count) + " nodes cannot be spread over " +
                          std::to_string(group.zones) + " zones");
    const PriceBook* book = reader.catalog.price_book(reader.scenario.price_book);
    if (book == nullptr) return;
    for (const auto& [purchase, share] : mix_of(group.purchase))
        for (const std::string& id :
             price_ids(node_group_technology(), "nodes", group.nodes.instance, purchase))
            if (book->find(id) == nullptr)
                reader.report(nodes->place, path + (purchase == "on-demand" ? ".nodes" : ".purchase"),
                              "the price book '" + book->id + "' has no price '" + id + "'");
}

}  // namespace

void read_node_groups(Reader& reader, const Value& groups) {
    if (!reader.is_mapping(groups, "node-groups")) return;
    const Section& section = *file_section().field("node-groups").section;
    for (const Value::Entry& entry : groups.entries) {
        if (!reader.check_id(entry, "node-groups")) continue;
        const std::string path = "node-groups." + entry.key;
        if (!reader.is_mapping(entry.value, path)) continue;
        reader.check_fields(section, entry.value, path);
        NodeGroup group;
        group.id = entry.key;
        group.place = entry.key_place;
        double zones = 1, disk = 0;
        reader.read_into(group.nodes, section, entry.value, path, "nodes");
        reader.read_into(zones, section, entry.value, path, "zones");
        reader.read_into(group.purchase, section, entry.value, path, "purchase");
        reader.read_into(disk, section, entry.value, path, "disk");
        reader.read_into(group.disk_type, section, entry.value, path, "disk-type");
        group.zones = static_cast<int>(zones);
        group.disk = DataSize(disk);
        check_group(reader, group, entry.value, path);
        reader.scenario.node_groups.push_back(std::move(group));
    }
}

void read_people(Reader& reader, const Value& value) {
    if (!reader.is_mapping(value, "people")) return;
    const Section& section = *file_section().field("people").section;
    reader.check_fields(section, value, "people");
    People people;
    double life = 0;
    reader.read_into(people.nodes_per_engineer, section, value, "people", "nodes-per-engineer");
    reader.read_into(people.services_per_engineer, section, value, "people", "services-per-engineer");
    reader.read_into(people.development, section, value, "people", "development");
    reader.read_into(life, section, value, "people", "life");
    people.life = Duration(life);
    if (const auto operations = reader.read(section, value, "people", "operations"))
        people.operations = std::get<double>(*operations);
    const PriceBook* book = reader.catalog.price_book(reader.scenario.price_book);
    for (const char* price : {"people.operations", "people.development"})
        if (book != nullptr && book->find(price) == nullptr)
            reader.report(value.place, "people",
                          "the price book '" + book->id + "' has no price '" + price + "'");
    reader.scenario.people = people;
}

GroupUse use_of_group(const Value& components, std::string_view group) {
    GroupUse use;
    if (!components.is_mapping()) return use;
    for (const Value::Entry& entry : components.entries) {
        const Value* on = entry.value.is_mapping() ? Reader::written(entry.value, "runs-on") : nullptr;
        if (on == nullptr || on->text != group) continue;
        use.components += 1;
        const Value* share = Reader::written(entry.value, "share");
        const auto number = share != nullptr && share->is_scalar()
                                ? parse_quantity(share->text, dimensions::none)
                                : tl::unexpected<std::string>("");
        if (number && std::isfinite(*number))
            use.shares += *number;
        else
            use.without_share += 1;
    }
    return use;
}

std::optional<Setting> nodes_on_group(Reader& reader, const Value& component, const std::string& path) {
    const Value& on = *Reader::written(component, "runs-on");
    const NodeGroup* group = reader.scenario.node_group(on.text);
    if (group == nullptr) {
        std::vector<std::string> names;
        for (const NodeGroup& known : reader.scenario.node_groups) names.push_back(known.id);
        reader.unknown_name(on.place, path + ".on", "unknown node group", on.text, names);
        return std::nullopt;
    }
    if (const Value* both = Reader::written(component, "nodes")) {
        reader.report(both->place, path + ".nodes",
                      "a component has either `nodes` of its own or runs `on` a group");
        return std::nullopt;
    }
    if (const Value* both = Reader::written(component, "purchase"))
        reader.report(both->place, path + ".purchase",
                      "the nodes are bought with their group; state it there");
    const InstanceType* whole = reader.catalog.instance(group->nodes.instance);
    if (whole == nullptr) return std::nullopt;  // already a problem
    const GroupUse& use = reader.group_uses[group->id];
    double share = use.without_share > 0 ? (1 - use.shares) / use.without_share : 0;
    if (const Value* stated = Reader::written(component, "share"); stated != nullptr && stated->is_scalar())
        share = parse_quantity(stated->text, dimensions::none).value_or(share);
    if (use.shares > 1 + 1e-9 || !(share > 0)) {
        reader.report(on.place, path + ".on",
                      "the shares of '" + group->id + "' sum to " +
                          format_quantity(use.shares, dimensions::none, {.percent = true}) +
                          ", which leaves nothing for the components that state none; at most 100 % in all");
        return std::nullopt;
    }
    InstanceType part = *whole;
    if (share < 1)
        part.id =
            format_quantity(share, dimensions::none, {.digits = 4, .percent = true}) + " of " + whole->id;
    part.vcpus *= share;
    part.network = part.network * share;
    part.disk = part.disk * share;
    part.local_disk = part.local_disk * share;
    part.memory = part.memory * share;
    Setting setting;
    setting.value = NodePool{group->nodes.count, part.id};
    setting.text = std::to_string(group->nodes.count) + " x " + part.id;
    setting.origin = Origin::scenario;
    setting.place = on.place;
    reader.own->add(std::move(part));
    return setting;
}

}  // namespace headroom::model
