#include "model/scenario/topology_edit.h"

#include "model/kinds/job_stages.h"
#include "model/kinds/kind.h"
#include "model/scenario/chain.h"
#include "model/scenario/merge.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace headroom::model {

namespace {

using Chains = std::vector<ChainGroup>;
/// What becomes of a line of links: the lines in its place.
using Rewrite = std::function<std::vector<Chains>(const Chains&)>;
using Names = std::map<std::string, std::string, std::less<>>;

std::string line_of(const Chains& chain) {
    std::string line;
    for (const ChainGroup& group : chain) {
        std::string names;
        for (const ChainName& name : group) names += (names.empty() ? "" : ", ") + name.id;
        line += (line.empty() ? "" : " -> ") + (group.size() == 1 ? names : "[" + names + "]");
    }
    return line;
}

/// Names of a chain without the places at which they stood, to tell whether it changed.
bool same(const Chains& a, const Chains& b) { return line_of(a) == line_of(b); }

const std::vector<Value>& items_of(const Value& tree, const char* list) {
    static const std::vector<Value> none;
    const Value* found = tree.find(list);
    return found != nullptr && found->is_sequence() ? found->items : none;
}

const std::vector<Value::Entry>& entries_of(const Value& tree, const char* section) {
    static const std::vector<Value::Entry> none;
    const Value* found = tree.find(section);
    return found != nullptr && found->is_mapping() ? found->entries : none;
}

Expected<Document> without_item(const Document& document, const char* list, std::size_t index,
                                std::size_t size) {
    if (size == 1) return document.with({list}, "[]");
    return document.without({list, std::to_string(index)});
}

/// Members of groups: renamed where they have a new name, left out where that is empty.
Expected<Document> with_members(Document document, const Names& names) {
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    Expected<Document> result = std::move(document);
    for (const Value::Entry& group : entries_of(*tree, "groups")) {
        std::string members;
        bool changed = false;
        for (const Value& item : group.value.items) {
            const auto found = names.find(item.text);
            changed = changed || found != names.end();
            const std::string& now = found != names.end() ? found->second : item.text;
            if (!now.empty()) members += (members.empty() ? "" : ", ") + quote_scalar(now);
        }
        if (changed && result) result = result->with({"groups", group.key}, "[" + members + "]");
    }
    return result;
}

Expected<Document> with_links_rewritten(const Document& before, const Rewrite& rewrite) {
    Expected<Document> document = with_own_list(before, "links");
    if (!document) return document;
    const Expected<Value> tree = document->tree();
    if (!tree) return tl::unexpected(tree.error());
    const std::vector<Value>& lines = items_of(*tree, "links");
    std::size_t left = lines.size();
    std::vector<Chains> more;
    for (std::size_t i = lines.size(); i-- > 0 && document;) {
        const auto chain = read_chain(lines[i].text);
        if (!chain) continue;
        std::vector<Chains> now = rewrite(*chain);
        if (now.size() == 1 && same(now.front(), *chain)) continue;
        if (now.empty()) {
            document = without_item(*document, "links", i, left--);
            continue;
        }
        document = document->with({"links", std::to_string(i)}, quote_scalar(line_of(now.front())));
        more.insert(more.end(), now.begin() + 1, now.end());
    }
    for (const Chains& chain : more)
        if (document) document = document->with_item({"links"}, quote_scalar(line_of(chain)));
    return document;
}

/// The words of an objective's name that name a workload or component: "freshness of clicks in lake".
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text + " ") {
        if (c != ' ') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    return words;
}

bool names_follow(const std::string& word) { return word == "of" || word == "in" || word == "at"; }

std::string renamed_objective(const std::string& text, const Names& names) {
    std::vector<std::string> words = words_of(text);
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto found = i > 0 && names_follow(words[i - 1]) ? names.find(words[i]) : names.end();
        result += (result.empty() ? "" : " ") + (found != names.end() ? found->second : words[i]);
    }
    return result;
}

bool names_any(const std::string& objective, const Ids& ids) {
    const std::vector<std::string> words = words_of(objective);
    for (std::size_t i = 1; i < words.size(); ++i)
        if (names_follow(words[i - 1]) && ids.contains(words[i])) return true;
    return false;
}

/// Whether the keys of a component's parameter are workloads or components.
bool keyed_by_nodes(const Value& component, const Value::Entry& entry, const Catalog& catalog) {
    const Value* named = component.find("technology");
    const Technology* technology = named != nullptr ? catalog.technology(named->text) : nullptr;
    const Kind* kind = technology != nullptr ? find_kind(technology->kind) : nullptr;
    const ParameterSpec* spec = kind != nullptr ? kind->parameter(entry.key) : nullptr;
    if (spec != nullptr && spec->type == ParameterType::stages) return stages_by_workload(entry.value);
    return spec != nullptr &&
           (spec->type == ParameterType::routing || spec->type == ParameterType::times_by_class ||
            spec->type == ParameterType::numbers_by_class);
}

/// Calls `visit` with the path of every key in a component's parameters that is one of the ids.
void visit_keys(const Value& tree, const Catalog& catalog, const std::function<bool(const std::string&)>& is,
                const std::function<void(const FieldPath&, const Value& parameter)>& visit) {
    for (const Value::Entry& component : entries_of(tree, "components")) {
        if (!component.value.is_mapping()) continue;
        for (const Value::Entry& parameter : component.value.entries)
            if (parameter.value.is_mapping() && keyed_by_nodes(component.value, parameter, catalog))
                for (const Value::Entry& entry : parameter.value.entries)
                    if (is(entry.key))
                        visit({"components", component.key, parameter.key, entry.key}, parameter.value);
    }
}

Expected<Document> without_names(Document document, const Ids& ids, const Catalog& catalog) {
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    Expected<Document> result = std::move(document);
    FieldPath whole;  // a parameter of which nothing is left
    visit_keys(
        *tree, catalog, [&](const std::string& key) { return ids.contains(key); },
        [&](FieldPath path, const Value& parameter) {
            const bool all = std::all_of(parameter.entries.begin(), parameter.entries.end(),
                                         [&](const Value::Entry& one) { return ids.contains(one.key); });
            if (all) path.pop_back();
            if (!result || path == whole) return;
            if (all) whole = path;
            if (Expected<Document> now = result->without(path))
                result = std::move(now);
            else
                result = result->with(path, "null");
        });
    if (!result) return result;
    result = with_own_list(*result, "objectives");
    const std::vector<Value>& objectives = items_of(*tree, "objectives");
    std::size_t left = objectives.size();
    for (std::size_t i = objectives.size(); i-- > 0 && result;)
        if (objectives[i].entries.size() == 1 && names_any(objectives[i].entries[0].key, ids))
            result = without_item(*result, "objectives", i, left--);
    return result;
}

/// Removes what is here, and what is inherited by `null`.
Expected<Document> without_entry(const Document& document, const FieldPath& path) {
    const auto exists = [&](const Document& in) {
        const Expected<Value> tree = in.tree();
        const Value* section = tree ? tree->find(path[0]) : nullptr;
        return section != nullptr && section->find(path[1]) != nullptr;
    };
    if (!exists(document)) return document;
    Expected<Document> result = document.without(path);
    if (!result) result = document;
    return exists(*result) ? result->with(path, "null") : result;
}

const char* section_of(const Value& tree, const std::string& id) {
    for (const char* section : {"workloads", "components"})
        if (const Value* found = tree.find(section); found != nullptr && found->find(id) != nullptr)
            return section;
    return nullptr;
}

/// The value with those of its keys renamed that are names.
Value with_names(Value component, const Names& names, const Catalog& catalog) {
    for (Value::Entry& parameter : component.entries)
        if (parameter.value.is_mapping() && keyed_by_nodes(component, parameter, catalog))
            for (Value::Entry& entry : parameter.value.entries)
                if (const auto found = names.find(entry.key); found != names.end()) entry.key = found->second;
    return component;
}

bool links(const Chains& chain, const std::string& from, const std::string& to) {
    const auto holds = [](const ChainGroup& group, const std::string& id) {
        return std::any_of(group.begin(), group.end(), [&](const ChainName& name) { return name.id == id; });
    };
    for (std::size_t i = 0; i + 1 < chain.size(); ++i)
        if (holds(chain[i], from) && holds(chain[i + 1], to)) return true;
    return false;
}

}  // namespace

std::string free_id(const Value& tree, std::string_view wanted, const Ids& taken) {
    std::string name(wanted);
    // A copy of "clicks-2" is "clicks-3".
    std::size_t end = wanted.size();
    while (end > 0 && std::isdigit(static_cast<unsigned char>(wanted[end - 1]))) --end;
    const bool numbered = end > 1 && end < wanted.size() && wanted[end - 1] == '-';
    const std::string base(numbered ? wanted.substr(0, end - 1) : wanted);
    for (int number = 2; taken.contains(name) || section_of(tree, name) != nullptr; ++number)
        name = base + "-" + std::to_string(number);
    return name;
}

Expected<Document> with_own_list(const Document& document, const std::string& list) {
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    const Value* found = tree->find(list);
    if (found == nullptr || !found->is_sequence() || found->place.file == document.file().string())
        return document;
    return document.with({list}, to_flow(*found));
}

Expected<Document> with_link(const Document& document, const std::string& from, const std::string& to) {
    const Place place{document.file().string(), 0, 0};
    if (from == to) return fail(place, "links", "'" + from + "' cannot be linked to itself");
    Expected<Document> owned = with_own_list(document, "links");
    if (!owned) return owned;
    const Expected<Value> tree = owned->tree();
    if (!tree) return tl::unexpected(tree.error());
    const char* section = section_of(*tree, to);
    if (section == nullptr || section_of(*tree, from) == nullptr)
        return fail(place, "links", "'" + (section == nullptr ? to : from) + "' does not exist");
    if (section == std::string_view("workloads"))
        return fail(place, "links", "'" + to + "' is a workload; nothing can lead to it");
    const std::vector<Value>& lines = items_of(*tree, "links");
    std::optional<std::size_t> ends_here;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto chain = read_chain(lines[i].text);
        if (!chain) continue;
        if (links(*chain, from, to))
            return fail(lines[i].place, "links", "'" + from + "' leads to '" + to + "' already");
        if (chain->back().size() == 1 && chain->back().front().id == from) ends_here = i;
    }
    if (ends_here)
        return owned->with({"links", std::to_string(*ends_here)},
                           quote_scalar(lines[*ends_here].text + " -> " + to));
    return owned->with_item({"links"}, quote_scalar(from + " -> " + to));
}

Expected<Document> without_link(const Document& document, const std::string& from, const std::string& to) {
    return with_links_rewritten(document, [&](const Chains& chain) {
        std::vector<Chains> lines;
        Chains current;
        const auto add = [&](Chains& line) {
            if (line.size() > 1) lines.push_back(line);
            line.clear();
        };
        const auto without = [](const ChainGroup& group, const std::string& id) {
            ChainGroup rest;
            for (const ChainName& name : group)
                if (name.id != id) rest.push_back(name);
            return rest;
        };
        for (std::size_t i = 0; i < chain.size(); ++i) {
            current.push_back(chain[i]);
            if (i + 1 == chain.size() || !links({chain[i], chain[i + 1]}, from, to)) continue;
            add(current);
            // What else the two groups link stays: the others to all, this one to the others.
            const ChainGroup sources = without(chain[i], from), targets = without(chain[i + 1], to);
            Chains others{sources, chain[i + 1]}, rest{{{from, 0}}, targets};
            if (!sources.empty()) add(others);
            if (!targets.empty()) add(rest);
        }
        add(current);
        return lines;
    });
}

Expected<Document> without_nodes(const Document& document, const Ids& ids, const Catalog& catalog) {
    Expected<Document> result = with_links_rewritten(document, [&](const Chains& chain) {
        std::vector<Chains> lines(1);
        for (const ChainGroup& group : chain) {
            ChainGroup rest;
            for (const ChainName& name : group)
                if (!ids.contains(name.id)) rest.push_back(name);
            if (rest.empty())
                lines.emplace_back();
            else
                lines.back().push_back(std::move(rest));
        }
        std::erase_if(lines, [](const Chains& line) { return line.size() < 2; });
        return lines;
    });
    if (result) result = without_names(*std::move(result), ids, catalog);
    Names gone;
    for (const std::string& id : ids) gone[id] = "";
    if (result) result = with_members(*std::move(result), gone);
    for (const std::string& id : ids)
        for (const char* section : {"layout", "components", "workloads"})
            if (result) result = without_entry(*result, {section, id});
    return result;
}

Expected<Document> with_node_renamed(const Document& document, const std::string& id, const std::string& to,
                                     const Catalog& catalog) {
    const Place place{document.file().string(), 0, 0};
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    const char* section = section_of(*tree, id);
    if (section == nullptr) return fail(place, "", "'" + id + "' does not exist");
    if (id == to) return document;
    if (!is_id(to))
        return fail(place, std::string(section) + "." + id,
                    "'" + excerpt(to) + "' cannot be an id; letters, digits, '-' and '_' are allowed");
    if (section_of(*tree, to) != nullptr)
        return fail(place, std::string(section) + "." + id, "there is a '" + to + "' already");
    Expected<Document> result = document.with_key_renamed({section, id}, to);
    if (!result)
        return fail(place, std::string(section) + "." + id,
                    "'" + id + "' stands in the file that this one extends; rename it there");
    const Names names{{id, to}};
    visit_keys(
        *tree, catalog, [&](const std::string& key) { return key == id; },
        [&](FieldPath path, const Value&) {
            if (path[1] == id) path[1] = to;
            if (result) result = result->with_key_renamed(path, to);
        });
    if (const Value* layout = tree->find("layout");
        result && layout != nullptr && layout->find(id) != nullptr)
        if (Expected<Document> moved = result->with_key_renamed({"layout", id}, to)) result = moved;
    if (result) result = with_members(*std::move(result), names);
    if (result) result = with_own_list(*result, "objectives");
    const std::vector<Value>& objectives = items_of(*tree, "objectives");
    for (std::size_t i = 0; i < objectives.size() && result; ++i) {
        if (objectives[i].entries.size() != 1) continue;
        const std::string& text = objectives[i].entries[0].key;
        const std::string now = renamed_objective(text, names);
        if (names_any(text, {id}))
            result = result->with_key_renamed({"objectives", std::to_string(i), text}, now);
    }
    if (!result) return result;
    return with_links_rewritten(*result, [&](Chains chain) {
        for (ChainGroup& group : chain)
            for (ChainName& name : group)
                if (name.id == id) name.id = to;
        return std::vector<Chains>{std::move(chain)};
    });
}

Expected<std::string> fragment_of(const Document& document, const Ids& ids,
                                  const std::map<std::string, Position>& places) {
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    std::string text, layout;
    for (const char* section : {"workloads", "components"}) {
        std::string lines;
        for (const Value::Entry& entry : entries_of(*tree, section))
            if (ids.contains(entry.key))
                lines += "  " + quote_scalar(entry.key) + ": " + to_flow(entry.value) + "\n";
        if (!lines.empty()) text += std::string(section) + ":\n" + lines;
    }
    std::string lines;
    for (const Value& item : items_of(*tree, "links")) {
        const auto chain = read_chain(item.text);
        if (!chain) continue;
        for (std::size_t i = 0; i + 1 < chain->size(); ++i)
            for (const ChainName& from : (*chain)[i])
                for (const ChainName& to : (*chain)[i + 1])
                    if (ids.contains(from.id) && ids.contains(to.id))
                        lines += "  - " + from.id + " -> " + to.id + "\n";
    }
    if (!lines.empty()) text += "links:\n" + lines;
    for (const auto& [id, place] : places)
        if (ids.contains(id))
            layout += "  " + quote_scalar(id) + ": [" + std::to_string(std::lround(place.x)) + ", " +
                      std::to_string(std::lround(place.y)) + "]\n";
    if (!layout.empty()) text += "layout:\n" + layout;
    return text;
}

Expected<Pasted> with_fragment(const Document& document, std::string_view fragment, double dx, double dy,
                               const Catalog& catalog) {
    const Expected<Value> read = parse_yaml(fragment, "");
    if (!read || (entries_of(*read, "workloads").empty() && entries_of(*read, "components").empty()))
        return fail({}, "", "what was copied holds no workloads or components");
    const Expected<Value> tree = document.tree();
    if (!tree) return tl::unexpected(tree.error());
    Names names;
    Pasted pasted{document, {}};
    for (const char* section : {"workloads", "components"})
        for (const Value::Entry& entry : entries_of(*read, section)) {
            const std::string name = free_id(*tree, entry.key, pasted.ids);
            names[entry.key] = name;
            pasted.ids.insert(name);
        }
    Expected<Document> result = document;
    for (const char* section : {"workloads", "components"})
        for (const Value::Entry& entry : entries_of(*read, section))
            if (result)
                result = result->with({section, names[entry.key]},
                                      to_flow(with_names(entry.value, names, catalog)));
    for (const Value::Entry& entry : entries_of(*read, "layout")) {
        const auto named = names.find(entry.key);
        if (!result || named == names.end() || entry.value.items.size() != 2) continue;
        const auto x = parse_quantity(entry.value.items[0].text, Dimension{});
        const auto y = parse_quantity(entry.value.items[1].text, Dimension{});
        if (x && y)
            result =
                result->with({"layout", named->second}, "[" + std::to_string(std::lround(*x + dx)) + ", " +
                                                            std::to_string(std::lround(*y + dy)) + "]");
    }
    for (const Value& item : items_of(*read, "links")) {
        auto chain = read_chain(item.text);
        if (!chain) continue;
        bool known = true;
        for (ChainGroup& group : *chain)
            for (ChainName& name : group) {
                const auto found = names.find(name.id);
                known = known && found != names.end();
                if (found != names.end()) name.id = found->second;
            }
        if (known && result) result = result->with_item({"links"}, quote_scalar(line_of(*chain)));
    }
    if (!result) return tl::unexpected(result.error());
    pasted.document = *std::move(result);
    return pasted;
}

}  // namespace headroom::model
