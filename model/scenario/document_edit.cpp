// Edits are spliced into the text at the byte ranges that the parser gave. Each one is checked: the new text
// is read again, and its tree must be the old tree with just that change.

#include "model/scenario/document.h"
#include "model/scenario/merge.h"
#include "model/scenario/text_edit.h"
#include "model/scenario/yaml_text.h"

namespace headroom::model {

namespace {

std::string dotted(const FieldPath& path) {
    std::string text;
    for (const std::string& step : path) text += (text.empty() ? "" : ".") + step;
    return text;
}

constexpr const char* not_here = "this part of the file cannot be edited automatically; edit its text";

/// What is to be written, read as it will be in the file.
Expected<Value> read_addition(std::string_view yaml, const FieldPath& path) {
    const Place unknown;
    if (yaml.find('\n') != std::string_view::npos)
        return fail(unknown, dotted(path), "a value of one line is expected");
    Expected<Value> list = parse_yaml("[" + std::string(yaml) + "\n]", "");
    if (!list)
        return fail(unknown, dotted(path),
                    "'" + std::string(yaml) + "' cannot be read: " + list.error().front().message);
    if (!list->is_sequence() || list->items.size() != 1)
        return fail(unknown, dotted(path), "'" + std::string(yaml) + "' is not one value; put it in quotes");
    return std::move(list->items.front());
}

Expected<Document> checked(std::string text, const std::filesystem::path& file, const Value& expected,
                           const FieldPath& path) {
    const Expected<Value> tree = parse_yaml(text, file.string());
    if (!tree || !same_content(*tree, expected)) return fail({file.string(), 0, 0}, dotted(path), not_here);
    return Document(std::move(text), file);
}

/// The tree of the text; null for a text that has nothing but comments.
Expected<Value> tree_to_edit(const std::string& text, const std::filesystem::path& file) {
    if (yaml::skip_blanks(text, 0) == text.size()) return Value{};
    return parse_yaml(text, file.string());
}

Value nested(const FieldPath& path, std::size_t from, Value value, bool as_item) {
    if (as_item) {
        Value list;
        list.kind = Value::Kind::sequence;
        list.items.push_back(std::move(value));
        value = std::move(list);
    }
    for (std::size_t i = path.size(); i-- > from;) {
        Value mapping;
        mapping.kind = Value::Kind::mapping;
        mapping.entries.push_back({path[i], {}, 0, std::move(value)});
        value = std::move(mapping);
    }
    return value;
}

/// Adds what `rest` holds below the target, which is no scalar: an item, or the rest of the path.
void lay_into(Value& target, Value rest) {
    if (target.is_null()) {
        target = std::move(rest);
    } else if (target.is_sequence()) {
        target.items.push_back(std::move(rest.items.front()));
    } else {
        target.entries.push_back(std::move(rest.entries.front()));
    }
}

Problems misfit(const Value& node, const Way& way, const FieldPath& path) {
    const FieldPath known(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(way.steps()));
    return fail(node.place, dotted(known),
                way.reaches(path) ? "this is not a list" : "this has no field '" + path[way.steps()] + "'")
        .value();
}

Expected<Document> put(const std::string& text, const std::filesystem::path& file, const FieldPath& path,
                       std::string_view yaml, bool as_item) {
    const Place place{file.string(), 0, 0};
    if (path.empty()) return fail(place, "", "no field is named");
    Expected<Value> addition = read_addition(yaml, path);
    if (!addition) return tl::unexpected<Problems>(addition.error());
    Expected<Value> tree = tree_to_edit(text, file);
    if (!tree) return tl::unexpected<Problems>(tree.error());
    const Editor editor(text);
    if (tree->is_null()) {
        const std::string gap = text.empty() || text.back() == '\n' ? "" : editor.newline();
        return checked(text + gap + editor.block_lines(path, 0, yaml, 0, as_item) + editor.newline(), file,
                       nested(path, 0, *std::move(addition), as_item), path);
    }
    const Way way = walk(text, *tree, path);
    const Value& node = way.last();
    if (way.alias) return fail(node.place, dotted(path), "this is an alias of another value; edit the text");
    Value expected = *tree;
    Value* target = mutable_at(expected, path, way.steps());
    std::vector<Splice> splices;
    if (way.reaches(path) && !as_item) {
        splices = editor.replace_value(way, yaml);
        *target = *std::move(addition);
    } else {
        const bool fits = node.is_null() || (way.reaches(path) ? node.is_sequence() : node.is_mapping());
        if (!fits) return tl::unexpected(misfit(node, way, path));
        splices = editor.add(way, path, yaml, as_item);
        lay_into(*target, nested(path, way.steps(), *std::move(addition), as_item));
    }
    return checked(spliced(text, std::move(splices)), file, expected, path);
}

}  // namespace

Expected<Document> Document::with(const FieldPath& path, std::string_view yaml) const {
    return put(text_, file_, path, yaml, false);
}

Expected<void> set_field(Value& root, const FieldPath& path, std::string_view yaml) {
    Expected<Value> addition = read_addition(yaml, path);
    if (!addition) return tl::unexpected<Problems>(addition.error());
    const Way way = walk({}, root, path);
    Value& target = *mutable_at(root, path, way.steps());
    if (way.reaches(path)) {
        target = *std::move(addition);
    } else if (target.is_null() || target.is_mapping()) {
        lay_into(target, nested(path, way.steps(), *std::move(addition), false));
    } else {
        return tl::unexpected(misfit(target, way, path));
    }
    return {};
}

Expected<Document> Document::with_item(const FieldPath& list, std::string_view yaml) const {
    return put(text_, file_, list, yaml, true);
}

Expected<Document> Document::without(const FieldPath& path) const {
    const Place place{file_.string(), 0, 0};
    if (path.empty()) return fail(place, "", "no field is named");
    const Expected<Value> tree = parse_yaml(text_, file_.string());
    if (!tree) return tl::unexpected<Problems>(tree.error());
    const Way way = walk(text_, *tree, path);
    if (!way.reaches(path)) return fail(way.last().place, dotted(path), "there is no such field");
    if (way.alias)
        return fail(way.last().place, dotted(path), "this is an alias of another value; edit the text");
    Value expected = *tree;
    Value* parent = mutable_at(expected, path, path.size() - 1);
    const auto index = static_cast<std::ptrdiff_t>(way.stops.back().index);
    if (parent->is_mapping()) {
        parent->entries.erase(parent->entries.begin() + index);
    } else {
        parent->items.erase(parent->items.begin() + index);
    }
    return checked(spliced(text_, Editor(text_).remove(way)), file_, expected, path);
}

Expected<Document> Document::with_key_renamed(const FieldPath& path, std::string_view new_key) const {
    const Place place{file_.string(), 0, 0};
    if (path.empty()) return fail(place, "", "no field is named");
    const Expected<Value> tree = parse_yaml(text_, file_.string());
    if (!tree) return tl::unexpected<Problems>(tree.error());
    const Way way = walk(text_, *tree, path);
    if (!way.reaches(path)) return fail(way.last().place, dotted(path), "there is no such field");
    const Value& owner = *way.stops[way.stops.size() - 2].node;
    if (!owner.is_mapping()) return fail(way.last().place, dotted(path), "an item of a list has no name");
    if (way.alias && way.last().begin < owner.begin)
        return fail(way.last().place, dotted(path), "this is an alias of another value; edit the text");
    const std::string key(new_key);
    if (key == path.back()) return *this;
    if (const Value* other = owner.find(key))
        return fail(other->place, dotted(path), "there is a '" + key + "' already");
    Value expected = *tree;
    mutable_at(expected, path, path.size() - 1)->entries[way.stops.back().index].key = key;
    return checked(spliced(text_, Editor(text_).rename(way, key)), file_, expected, path);
}

}  // namespace headroom::model
