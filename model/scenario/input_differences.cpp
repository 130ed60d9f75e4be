#include "model/scenario/input_differences.h"

#include "model/kinds/kind.h"
#include "model/scenario/document.h"
#include "model/scenario/merge.h"

namespace headroom::model {

namespace {

const ParameterSpec* spec_of(const Value& root, const FieldPath& path, const Catalog& catalog) {
    if (path.size() < 3 || path[0] != "components") return nullptr;
    const Value* components = root.find("components");
    const Value* component =
        components != nullptr && components->is_mapping() ? components->find(path[1]) : nullptr;
    const Value* id =
        component != nullptr && component->is_mapping() ? component->find("technology") : nullptr;
    const auto* technology = id != nullptr ? catalog.technology(id->text) : nullptr;
    const Kind* kind = technology != nullptr ? find_kind(technology->kind) : nullptr;
    return kind != nullptr ? kind->parameter(path[2]) : nullptr;
}

struct Comparison {
    const Value& root;
    const Catalog& catalog;
    std::vector<InputDifference> found;

    void compare(const FieldPath& path, const Value* before, const Value* now) {
        // Below a component or workload two steps suffice: "daily: {...}" is one input to a reader.
        const bool deeper = before != nullptr && now != nullptr && before->is_mapping() &&
                            now->is_mapping() && path.size() < 4;
        if (!deeper) return compare_whole(path, before, now);
        for (const auto& entry : now->entries)
            if (counts(path, entry.key))
                compare(below(path, entry.key), before->find(entry.key), &entry.value);
        for (const auto& entry : before->entries)
            if (counts(path, entry.key) && now->find(entry.key) == nullptr)
                compare(below(path, entry.key), &entry.value, nullptr);
    }

private:
    static bool counts(const FieldPath& path, const std::string& key) {
        return !path.empty() || (key != "layout" && key != "groups" && key != "extends" && key != "report");
    }
    static FieldPath below(FieldPath path, const std::string& key) {
        path.push_back(key);
        return path;
    }
    void compare_whole(const FieldPath& path, const Value* before, const Value* now) {
        InputDifference one;
        one.before = before != nullptr ? to_flow(*before) : "";
        one.now = now != nullptr ? to_flow(*now) : "";
        if (one.before == one.now) return;
        for (const std::string& step : path) one.field += (one.field.empty() ? "" : ".") + step;
        const ParameterSpec* spec = spec_of(root, path, catalog);
        one.parameter = spec != nullptr;
        one.one_way = spec != nullptr && spec->door == Door::one_way;
        found.push_back(std::move(one));
    }
};

}  // namespace

std::vector<InputDifference> input_differences(const Value& before, const Value& now,
                                               const Catalog& catalog) {
    Comparison comparison{now, catalog, {}};
    comparison.compare({}, &before, &now);
    return comparison.found;
}

}  // namespace headroom::model
