#include "model/scenario/reader.h"

#include <algorithm>
#include <set>

namespace headroom::model {

namespace {

struct Name {
    std::string id;
    Place place;
};
using Group = std::vector<Name>;

constexpr const char* example = "'a -> b -> [c, d]'";

/// Cuts "a -> b -> [c, d]" into its groups; every name has its own place.
class Chain {
public:
    Chain(Reader& reader, const Value& value, std::string path)
        : reader_(reader), value_(value), path_(std::move(path)), text_(value.text) {}

    std::vector<Group> groups() {
        std::vector<Group> all;
        do {
            Group group = read_group();
            if (group.empty()) return {};
            all.push_back(std::move(group));
            skip();
        } while (take("->") || take("\u2192"));
        if (at_ < text_.size())
            return wrong("'" + excerpt(text_.substr(at_)) + "' stands where '->' is expected");
        if (all.size() < 2) return wrong("'" + excerpt(text_) + "' links nothing; write it like " + example);
        return all;
    }

private:
    std::vector<Group> wrong(const std::string& message) {
        reader_.report(place(), path_, message, Severity::error, value_.text);
        return {};
    }
    Place place() const {
        Place here = value_.place;
        // Only text that stands on one line as it was read has its columns known.
        if (!value_.quoted && value_.end - value_.begin == value_.text.size())
            here.column += static_cast<int>(at_);
        return here;
    }
    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
    }
    bool take(std::string_view word) {
        skip();
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    std::optional<Name> read_name() {
        skip();
        Name name{{}, place()};
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool arrow = c == '-' && text_.substr(at_, 2) == "->";
            if (arrow || (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_')) break;
            name.id += c;
            ++at_;
        }
        if (!name.id.empty()) return name;
        wrong(at_ < text_.size() ? "'" + excerpt(text_.substr(at_)) + "' stands where an id is expected"
                                 : std::string("an id is missing at the end; write it like ") + example);
        return std::nullopt;
    }
    Group read_group() {
        Group group;
        if (!take("[")) {
            if (auto name = read_name()) group.push_back(*std::move(name));
            return group;
        }
        do {
            auto name = read_name();
            if (!name) return {};
            group.push_back(*std::move(name));
        } while (take(","));
        if (take("]")) return group;
        wrong("']' is missing; write it like " + std::string(example));
        return {};
    }

    Reader& reader_;
    const Value& value_;
    std::string path_;
    std::string_view text_;
    std::size_t at_ = 0;
};

bool is_known(Reader& reader, const Name& name, const std::string& path) {
    const Scenario& scenario = reader.scenario;
    if (scenario.component(name.id) != nullptr || scenario.workload(name.id) != nullptr) return true;
    reader.unknown_name(name.place, path, "unknown workload or component", name.id, reader.all_ids());
    return false;
}

}  // namespace

void read_links(Reader& reader, const Value& links) {
    if (!links.is_sequence()) {
        reader.report(links.place, "links", std::string("a list is expected, with lines like ") + example);
        return;
    }
    std::set<std::string> reported;
    for (std::size_t i = 0; i < links.items.size(); ++i) {
        const std::string path = "links." + std::to_string(i);
        const Value& item = links.items[i];
        if (!item.is_scalar()) {
            reader.report(item.place, path,
                          std::string("a line like ") + example + " is expected; put it in quotes");
            continue;
        }
        const std::vector<Group> groups = Chain(reader, item, path).groups();
        std::vector<std::vector<bool>> known(groups.size());
        for (std::size_t g = 0; g < groups.size(); ++g)
            for (const Name& name : groups[g]) {
                known[g].push_back(is_known(reader, name, path));
                if (g > 0 && reader.scenario.workload(name.id) != nullptr)
                    reader.report(name.place, path, "'" + name.id + "' is a workload; nothing can lead to it",
                                  Severity::error, name.id);
            }
        for (std::size_t g = 0; g + 1 < groups.size(); ++g)
            for (std::size_t a = 0; a < groups[g].size(); ++a)
                for (std::size_t b = 0; b < groups[g + 1].size(); ++b) {
                    const Name &from = groups[g][a], &to = groups[g + 1][b];
                    if (!known[g][a] || !known[g + 1][b]) continue;
                    if (from.id == to.id) {
                        reader.report(
                            to.place, path,
                            "'" + from.id +
                                "' is linked to itself; give it a 'routing' with a probability instead",
                            Severity::error, from.id);
                        continue;
                    }
                    const auto same = std::find_if(
                        reader.scenario.links.begin(), reader.scenario.links.end(),
                        [&](const Link& link) { return link.from == from.id && link.to == to.id; });
                    if (same == reader.scenario.links.end()) {
                        reader.scenario.links.push_back({from.id, to.id, from.place});
                    } else {
                        reader.report(from.place, path,
                                      "the link from '" + from.id + "' to '" + to.id +
                                          "' stands here a second time; the first is in line " +
                                          std::to_string(same->place.line));
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
