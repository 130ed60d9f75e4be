#include "app/desktop/compare/input_differences.h"

#include "app/desktop/document/project.h"
#include "model/kinds/kind.h"
#include "model/scenario/merge.h"

namespace headroom::desktop {

namespace {

const model::ParameterSpec* spec_of(const model::Value& root, const model::FieldPath& path,
                                    const model::Catalog& catalog) {
    if (path.size() < 3 || path[0] != "components") return nullptr;
    const model::Value* id = value_at(root, {"components", path[1], "technology"});
    const auto* technology = id != nullptr ? catalog.technology(id->text) : nullptr;
    const model::Kind* kind = technology != nullptr ? model::find_kind(technology->kind) : nullptr;
    return kind != nullptr ? kind->parameter(path[2]) : nullptr;
}

struct Comparison {
    const model::Value& root;
    const model::Catalog& catalog;
    std::vector<InputDifference> found;

    void compare(const model::FieldPath& path, const model::Value* before, const model::Value* now) {
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
    static bool counts(const model::FieldPath& path, const std::string& key) {
        return !path.empty() || (key != "layout" && key != "groups" && key != "extends");
    }
    static model::FieldPath below(model::FieldPath path, const std::string& key) {
        path.push_back(key);
        return path;
    }
    void compare_whole(const model::FieldPath& path, const model::Value* before, const model::Value* now) {
        InputDifference one;
        one.before = before != nullptr ? model::to_flow(*before) : "";
        one.now = now != nullptr ? model::to_flow(*now) : "";
        if (one.before == one.now) return;
        for (const std::string& step : path) one.field += (one.field.empty() ? "" : ".") + step;
        const model::ParameterSpec* spec = spec_of(root, path, catalog);
        one.parameter = spec != nullptr;
        one.one_way = spec != nullptr && spec->door == model::Door::one_way;
        found.push_back(std::move(one));
    }
};

}  // namespace

std::vector<InputDifference> input_differences(const model::Value& before, const model::Value& now,
                                               const model::Catalog& catalog) {
    Comparison comparison{now, catalog, {}};
    comparison.compare({}, &before, &now);
    return comparison.found;
}

}  // namespace headroom::desktop
