#include "model/scenario/chain.h"
#include "model/scenario/reader.h"

#include <algorithm>
#include <set>

namespace headroom::model {

namespace {

/// Where a byte of a line of links stands in the file.
Place place_of(const Value& line, std::size_t at) {
    Place here = line.place;
    // Only text that stands on one line as it was read has its columns known.
    if (!line.quoted && line.end - line.begin == line.text.size()) here.column += static_cast<int>(at);
    return here;
}

bool is_known(Reader& reader, const Value& line, const ChainName& name, const std::string& path) {
    const Scenario& scenario = reader.scenario;
    if (scenario.component(name.id) != nullptr || scenario.workload(name.id) != nullptr) return true;
    reader.unknown_name(place_of(line, name.at), path, "unknown workload or component", name.id,
                        reader.all_ids());
    return false;
}

}  // namespace

void read_links(Reader& reader, const Value& links) {
    if (!links.is_sequence()) {
        reader.report(links.place, "links",
                      std::string("a list is expected, with lines like ") + chain_example);
        return;
    }
    std::set<std::string> reported;
    for (std::size_t i = 0; i < links.items.size(); ++i) {
        const std::string path = "links." + std::to_string(i);
        const Value& item = links.items[i];
        if (!item.is_scalar()) {
            reader.report(item.place, path,
                          std::string("a line like ") + chain_example + " is expected; put it in quotes");
            continue;
        }
        const auto read = read_chain(item.text);
        if (!read) {
            reader.report(place_of(item, read.error().at), path, read.error().message, Severity::error,
                          item.text);
            continue;
        }
        const std::vector<ChainGroup>& groups = *read;
        std::vector<std::vector<bool>> known(groups.size());
        for (std::size_t g = 0; g < groups.size(); ++g)
            for (const ChainName& name : groups[g]) {
                known[g].push_back(is_known(reader, item, name, path));
                if (g > 0 && reader.scenario.workload(name.id) != nullptr)
                    reader.report(place_of(item, name.at), path,
                                  "'" + name.id + "' is a workload; nothing can lead to it", Severity::error,
                                  name.id);
            }
        for (std::size_t g = 0; g + 1 < groups.size(); ++g)
            for (std::size_t a = 0; a < groups[g].size(); ++a)
                for (std::size_t b = 0; b < groups[g + 1].size(); ++b) {
                    const ChainName &from = groups[g][a], &to = groups[g + 1][b];
                    if (!known[g][a] || !known[g + 1][b]) continue;
                    if (from.id == to.id) {
                        reader.report(
                            place_of(item, to.at), path,
                            "'" + from.id +
                                "' is linked to itself; give it a 'routing' with a probability instead",
                            Severity::error, from.id);
                        continue;
                    }
                    const auto same = std::find_if(
                        reader.scenario.links.begin(), reader.scenario.links.end(),
                        [&](const Link& link) { return link.from == from.id && link.to == to.id; });
                    if (same == reader.scenario.links.end()) {
                        reader.scenario.links.push_back({from.id, to.id, place_of(item, from.at)});
                    } else {
                        reader.report(place_of(item, from.at), path,
                                      "the link from '" + from.id + "' to '" + to.id +
                                          "' stands here a second time; the first, in line " +
                                          std::to_string(same->place.line) + ", holds for all workloads");
                    }
                }
    }
}

void check_links(Reader& reader) {
    const Scenario& scenario = reader.scenario;
    for (const Workload& workload : scenario.workloads)
        if (std::none_of(scenario.links.begin(), scenario.links.end(),
                         [&](const Link& link) { return link.from == workload.id; }))
            reader.report(workload.place, "workloads." + workload.id,
                          "no link leads from workload '" + workload.id + "' to a component");
    for (const Component& component : scenario.components) {
        const bool linked = std::any_of(scenario.links.begin(), scenario.links.end(),
                                        [&](const Link& link) { return link.to == component.id; });
        const bool routed =
            std::any_of(scenario.components.begin(), scenario.components.end(), [&](const Component& other) {
                return std::any_of(other.settings.begin(), other.settings.end(), [&](const auto& setting) {
                    const Kind* kind = find_kind(other.kind);
                    const ParameterSpec* spec = kind == nullptr ? nullptr : kind->parameter(setting.first);
                    if (spec == nullptr) return false;
                    const auto targets = components_named_by(*spec, setting.second.value);
                    return std::find(targets.begin(), targets.end(), component.id) != targets.end();
                });
            });
        if (!linked && !routed)
            reader.report(component.place, "components." + component.id,
                          "no link leads to component '" + component.id + "'; it will be idle",
                          Severity::warning);
    }
}

}  // namespace headroom::model
