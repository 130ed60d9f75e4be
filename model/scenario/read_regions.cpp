#include "model/scenario/reader.h"
#include "model/units/unit.h"

#include <algorithm>
#include <map>

namespace headroom::model {

namespace {

void read_members(Reader& reader, SharedRegion& region, const Value& value, const std::string& path,
                  std::map<std::string, std::string>& taken) {
    const Value* members = Reader::written(value, "components");
    if (members == nullptr) return;
    const std::string here = path + ".components";
    const std::vector<Value> list = members->is_scalar() ? std::vector<Value>{*members} : members->items;
    if (list.empty()) {
        reader.report(members->place, here, "a list of components is expected, for example '[parse, store]'");
        return;
    }
    for (const Value& member : list) {
        if (!member.is_scalar()) {
            reader.report(member.place, here, "the name of a component is expected");
        } else if (reader.scenario.component(member.text) == nullptr) {
            reader.unknown_name(member.place, here, "unknown component", member.text, reader.component_ids());
        } else if (const auto [other, fresh] = taken.emplace(member.text, region.id); !fresh) {
            reader.report(member.place, here,
                          "'" + member.text + "' is in the region '" + other->second +
                              "' already; a component can be in one region only");
        } else {
            region.components.push_back(member.text);
        }
    }
}

/// What happens to those who find no room.
void read_fullness(Reader& reader, SharedRegion& region, const Section& section, const Value& value,
                   const std::string& path) {
    std::string full;
    reader.read_into(full, section, value, path, "when-full");
    reader.read_into(region.attempts, section, value, path, "attempts");
    reader.read_into(region.retry_after, section, value, path, "retry-after");
    region.when_full = full == "block" ? Overflow::block : full == "retry" ? Overflow::retry : Overflow::drop;
    const Value* after = Reader::written(value, "retry-after");
    if (region.when_full == Overflow::retry) {
        if (after == nullptr)
            reader.report(region.place, path + ".when-full",
                          "'retry-after' is missing: the time after which an item that found no room comes "
                          "again, for example {exponential: 1 s}");
        else if (!(region.retry_after.mean > 0))
            reader.report(after->place, path + ".retry-after",
                          "a time above 0 is expected: an item that comes again at once would come without "
                          "end");
        return;
    }
    for (const char* name : {"retry-after", "attempts"})
        if (const Value* written = Reader::written(value, name))
            reader.report(written->place, path + "." + name, "this has no effect without 'when-full: retry'",
                          Severity::warning);
}

}  // namespace

void read_regions(Reader& reader, const Value& regions) {
    if (!reader.is_mapping(regions, "regions")) return;
    const Section& section = *file_section().field("regions").section;
    std::map<std::string, std::string> taken;
    for (const Value::Entry& entry : regions.entries) {
        const std::string path = "regions." + entry.key;
        if (!reader.check_id(entry, "regions") || !reader.is_mapping(entry.value, path)) continue;
        reader.check_fields(section, entry.value, path);
        SharedRegion region{.id = entry.key, .place = entry.key_place};
        read_members(reader, region, entry.value, path, taken);
        double capacity = 1;
        reader.read_into(capacity, section, entry.value, path, "capacity");
        region.capacity = static_cast<int>(capacity);
        read_fullness(reader, region, section, entry.value, path);
        reader.read_into(region.by_workload, section, entry.value, path, "by-workload");
        std::vector<std::string> workloads;
        for (const Workload& workload : reader.scenario.workloads) workloads.push_back(workload.id);
        for (const auto& [workload, limit] : region.by_workload) {
            const Value* written = Reader::written(entry.value, "by-workload");
            if (reader.scenario.workload(workload) == nullptr)
                reader.unknown_name(written->place, path + ".by-workload", "unknown workload", workload,
                                    workloads);
            if (!(limit >= 1 && limit <= 1e9) || limit != static_cast<int>(limit))
                reader.report(written->place, path + ".by-workload." + workload,
                              "a whole number of 1 or more is expected");
        }
        reader.scenario.regions.push_back(std::move(region));
    }
}

}  // namespace headroom::model
