#include "model/scenario/way.h"

#include "model/scenario/yaml_text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace headroom::model {

namespace {

std::optional<std::size_t> index_of(const std::string& step, std::size_t size) {
    std::size_t index = 0;
    const auto [end, code] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (code != std::errc() || end != step.data() + step.size() || index >= size) return std::nullopt;
    return index;
}

}  // namespace

bool is_flow(std::string_view text, const Value& node) {
    const std::size_t start = yaml::skip_properties(text, node.begin);
    return start < text.size() && (text[start] == '{' || text[start] == '[') && !node.is_scalar();
}

Way walk(std::string_view text, const Value& root, const FieldPath& path) {
    Way way;
    way.stops.push_back({&root, 0});
    for (const std::string& step : path) {
        const Value& node = way.last();
        const Value* next = nullptr;
        std::size_t index = 0;
        if (node.is_mapping()) {
            for (; index < node.entries.size() && next == nullptr; ++index)
                if (node.entries[index].key == step) next = &node.entries[index].value;
            if (next != nullptr) --index;
        } else if (node.is_sequence()) {
            if (const auto found = index_of(step, node.items.size())) {
                index = *found;
                next = &node.items[index];
            }
        }
        if (next == nullptr) break;
        way.flow = way.flow || is_flow(text, node);
        way.alias = way.alias || (!node.is_scalar() && next->begin < node.begin) || next->end > node.end;
        way.stops.push_back({next, index});
    }
    return way;
}

Value* mutable_at(Value& root, const FieldPath& path, std::size_t steps) {
    Value* node = &root;
    for (std::size_t i = 0; i < steps; ++i) {
        if (node->is_sequence()) {
            node = &node->items[*index_of(path[i], node->items.size())];
        } else {
            node = &std::find_if(node->entries.begin(), node->entries.end(), [&](const Value::Entry& entry) {
                        return entry.key == path[i];
                    })->value;
        }
    }
    return node;
}

}  // namespace headroom::model
