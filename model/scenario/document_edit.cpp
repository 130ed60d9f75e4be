// Edits are spliced into the text at the byte ranges that the parser gave. Each one is checked: the new text
// is read again, and its tree must be the old tree with just that change.

#include "model/scenario/document.h"
#include "model/scenario/merge.h"
#include "model/scenario/yaml_text.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

namespace headroom::model {

namespace {

std::string dotted(const FieldPath& path) {
    std::string text;
    for (const std::string& step : path) text += (text.empty() ? "" : ".") + step;
    return text;
}

std::optional<std::size_t> index_of(const std::string& step, std::size_t size) {
    std::size_t index = 0;
    const auto [end, code] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (code != std::errc() || end != step.data() + step.size() || index >= size) return std::nullopt;
    return index;
}

/// The way from the root to a node, or as far as it exists.
struct Way {
    struct Stop {
        const Value* node;
        std::size_t index = 0;  ///< in the parent's items or entries
    };
    std::vector<Stop> stops;  ///< the root first
    bool flow = false;        ///< the last node is within a flow-style list or mapping
    bool alias = false;

    const Value& last() const { return *stops.back().node; }
    std::size_t steps() const { return stops.size() - 1; }
    bool reaches(const FieldPath& path) const { return steps() == path.size(); }
};

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

struct Splice {
    std::size_t begin = 0, end = 0;
    std::string text;
};

std::string spliced(std::string text, std::vector<Splice> splices) {
    std::stable_sort(splices.begin(), splices.end(),
                     [](const Splice& a, const Splice& b) { return a.begin > b.begin; });
    for (const Splice& splice : splices) text.replace(splice.begin, splice.end - splice.begin, splice.text);
    return text;
}

class Editor {
public:
    explicit Editor(const std::string& text)
        : text_(text), newline_(text.find("\r\n") != std::string::npos ? "\r\n" : "\n") {}

    std::size_t key_end(const Value::Entry& entry) const {
        const std::size_t start = yaml::skip_properties(text_, entry.key_begin);
        return yaml::end_of_scalar(text_, start, entry.key, -1);
    }

    /// Comments in [begin, end), where `owner` holds what is not a comment.
    std::vector<std::string> comments(const Value& owner, std::size_t begin, std::size_t end) const {
        std::vector<std::pair<std::size_t, std::size_t>> spans;
        collect_spans(owner, spans);
        std::sort(spans.begin(), spans.end());
        std::vector<std::string> found;
        auto span = spans.begin();
        for (std::size_t at = begin; at < end; ++at) {
            while (span != spans.end() && span->second <= at) ++span;
            if (span != spans.end() && span->first <= at) {
                at = span->second - 1;
            } else if (text_[at] == '#' && (at == 0 || std::string_view(" \t\n\r").find(text_[at - 1]) !=
                                                           std::string_view::npos)) {
                const std::size_t line = yaml::end_of_line(text_, at);
                found.emplace_back(text_, at, line - at);
                at = line;
            }
        }
        return found;
    }

    /// "key: yaml", or for a longer path one line for each key.
    std::string block_lines(const FieldPath& path, std::size_t from, std::string_view yaml,
                            std::size_t indent, bool as_item) const {
        std::string lines;
        for (std::size_t i = from; i < path.size(); ++i, indent += 2) {
            if (i > from) lines += newline_ + std::string(indent, ' ');
            lines += quote_scalar(path[i]) + ":";
        }
        if (as_item) return lines + newline_ + std::string(indent, ' ') + "- " + std::string(yaml);
        return lines + " " + std::string(yaml);
    }
    static std::string flow_text(const FieldPath& path, std::size_t from, std::string_view yaml,
                                 bool as_item) {
        std::string text = as_item ? "[" + std::string(yaml) + "]" : std::string(yaml);
        for (std::size_t i = path.size(); i-- > from;) {
            text = quote_scalar(path[i]) + ": " + text;
            if (i > from) text = "{" + text + "}";
        }
        return text;
    }

    std::vector<Splice> replace_value(const Way& way, std::string_view yaml) const {
        const Value& node = way.last();
        if (node.begin == node.end) return {{node.begin, node.end, missing_value(node, yaml)}};
        const std::size_t line = yaml::end_of_line(text_, node.begin);
        const bool block = !node.is_scalar() && !is_flow(text_, node);
        if (node.end <= line && !block) return {{node.begin, node.end, std::string(yaml)}};
        const std::vector<std::string> kept = comments(node, node.begin, node.end);
        const Value* parent = way.stops.size() > 1 ? way.stops[way.stops.size() - 2].node : nullptr;
        if (parent != nullptr && parent->is_mapping() && !way.flow) {
            const Value::Entry& entry = parent->entries[way.stops.back().index];
            const std::size_t colon = yaml::skip_blanks(text_, key_end(entry));
            if (yaml::end_of_line(text_, colon) < node.begin) {
                // A block below its key: the new value goes beside the key, the block's lines go.
                std::vector<Splice> splices = remove_lines(node, node.begin, node.end);
                splices.push_back({colon + 1, colon + 1, " " + std::string(yaml)});
                return splices;
            }
        }
        std::vector<Splice> splices{{node.begin, node.end, std::string(yaml)}};
        std::string behind;
        const std::string margin(
            yaml::column_of(text_, yaml::start_of_line(text_, node.begin)) + indent_at(node.begin), ' ');
        for (const std::string& comment : kept) behind += newline_ + margin + comment;
        const std::size_t end = yaml::end_of_line(text_, node.end);
        if (!behind.empty() && !way.flow) splices.push_back({end, end, behind});
        if (!behind.empty() && way.flow) splices.front().text += " " + joined(kept);
        return splices;
    }

    std::vector<Splice> add(const Way& way, const FieldPath& path, std::string_view yaml,
                            bool as_item) const {
        const Value& node = way.last();
        const std::size_t from = way.steps();
        const bool flow = way.flow || is_flow(text_, node);
        if (node.is_null()) {
            const std::string value = from == path.size() ? "[" + std::string(yaml) + "]"
                                                          : "{" + flow_text(path, from, yaml, as_item) + "}";
            const std::size_t column = parent_column(way);
            if (node.begin == node.end && !flow && text_[node.begin - 1] == ':') {
                const std::size_t line = yaml::end_of_line(text_, node.begin);
                const std::string margin = newline_ + std::string(column + 2, ' ');
                return {{line, line,
                         from == path.size() ? margin + "- " + std::string(yaml)
                                             : margin + block_lines(path, from, yaml, column + 2, as_item)}};
            }
            return {{node.begin, node.end, node.begin == node.end ? missing_value(node, value) : value}};
        }
        const std::string addition =
            from == path.size() ? std::string(yaml) : flow_text(path, from, yaml, as_item);
        if (flow) {
            const bool empty = node.entries.empty() && node.items.empty();
            const std::size_t at = empty ? yaml::skip_properties(text_, node.begin) + 1 : end_of_last(node);
            return {{at, at, (empty ? "" : ", ") + addition}};
        }
        const std::size_t end = end_of_last(node);
        const std::size_t line = yaml::end_of_line(text_, end);
        const std::size_t column =
            yaml::column_of(text_, node.is_mapping() ? node.entries.front().key_begin : dash_of(node, 0));
        const std::string lines =
            from == path.size() ? "- " + std::string(yaml) : block_lines(path, from, yaml, column, as_item);
        return {{line, line, newline_ + std::string(column, ' ') + lines}};
    }

    std::vector<Splice> remove(const Way& way) const {
        const Value& parent = *way.stops[way.stops.size() - 2].node;
        const std::size_t index = way.stops.back().index;
        const std::size_t count = parent.is_mapping() ? parent.entries.size() : parent.items.size();
        if (count == 1) {
            Way to_parent = way;
            to_parent.stops.pop_back();
            to_parent.flow = to_parent.stops.size() > 1 && way.flow && !is_flow(text_, parent);
            if (way.stops.size() == 2 && !is_flow(text_, parent)) {
                std::string kept;
                for (const std::string& comment : comments(parent, parent.begin, parent.end))
                    kept += newline_ + comment;
                return {{parent.begin, parent.end, "{}" + kept}};
            }
            return replace_value(to_parent, parent.is_mapping() ? "{}" : "[]");
        }
        const std::size_t begin = parent.is_mapping() ? parent.entries[index].key_begin
                                  : way.flow          ? parent.items[index].begin
                                                      : dash_of(parent, index);
        const std::size_t end = std::max(way.last().end, begin);
        if (way.flow) return remove_in_flow(way, begin, end);
        const std::size_t line = yaml::start_of_line(text_, begin);
        if (text_.find_first_not_of(' ', line) == begin) return remove_lines(parent, begin, end);
        // First in a list's item ("- a: 1" above "  b: 2"): the next one moves up to the dash.
        if (index + 1 >= count) return {};
        const std::size_t next =
            parent.is_mapping() ? parent.entries[index + 1].key_begin : dash_of(parent, index + 1);
        std::string kept;
        for (const std::string& comment : comments(parent, begin, next))
            kept += std::string(indent_at(begin), ' ') + comment + newline_;
        return {{begin, next, ""}, {line, line, kept}};
    }

    std::vector<Splice> rename(const Way& way, const std::string& key) const {
        const Value& parent = *way.stops[way.stops.size() - 2].node;
        const Value::Entry& entry = parent.entries[way.stops.back().index];
        return {{entry.key_begin, key_end(entry), quote_scalar(key)}};
    }

    const std::string& newline() const { return newline_; }

private:
    void collect_spans(const Value& node, std::vector<std::pair<std::size_t, std::size_t>>& spans) const {
        if (node.is_scalar()) spans.emplace_back(node.begin, node.end);
        for (const Value& item : node.items) collect_spans(item, spans);
        for (const Value::Entry& entry : node.entries) {
            spans.emplace_back(entry.key_begin, key_end(entry));
            collect_spans(entry.value, spans);
        }
    }
    std::size_t indent_at(std::size_t at) const {
        const std::size_t line = yaml::start_of_line(text_, at);
        return std::min(text_.find_first_not_of(' ', line), text_.size()) - line;
    }
    std::size_t parent_column(const Way& way) const {
        if (way.stops.size() < 2) return 0;
        const Value& parent = *way.stops[way.stops.size() - 2].node;
        return parent.is_mapping() ? yaml::column_of(text_, parent.entries[way.stops.back().index].key_begin)
                                   : indent_at(way.last().begin);
    }
    std::string missing_value(const Value& node, std::string_view yaml) const {
        const char before = node.begin > 0 ? text_[node.begin - 1] : ' ';
        return (before == ':' || before == '-' ? " " : ": ") + std::string(yaml);
    }
    static std::size_t end_of_last(const Value& node) {
        return node.is_mapping() ? node.entries.back().value.end : node.items.back().end;
    }
    std::size_t dash_of(const Value& list, std::size_t index) const {
        const std::size_t from =
            index == 0 ? yaml::skip_properties(text_, list.begin) : list.items[index - 1].end;
        return yaml::skip_blanks(text_, from);
    }
    std::string joined(const std::vector<std::string>& comments) const {
        std::string text;
        for (const std::string& comment : comments) text += comment + newline_;
        return text;
    }
    /// Whole lines go; their comments stay, as lines of their own.
    std::vector<Splice> remove_lines(const Value& owner, std::size_t begin, std::size_t end) const {
        const std::size_t line = yaml::start_of_line(text_, begin);
        const std::size_t last = yaml::end_of_line(text_, end);
        std::string kept;
        for (const std::string& comment : comments(owner, begin, last))
            kept += std::string(indent_at(begin), ' ') + comment + newline_;
        const std::size_t next = std::min(text_.find('\n', last), text_.size() - 1) + 1;
        return {{line, next, kept}};
    }
    std::vector<Splice> remove_in_flow(const Way& way, std::size_t begin, std::size_t end) const {
        const Value& parent = *way.stops[way.stops.size() - 2].node;
        const std::size_t index = way.stops.back().index;
        const std::vector<std::string> kept = comments(way.last(), begin, end);
        const std::string rest = kept.empty() ? "" : " " + joined(kept);
        std::size_t comma = yaml::skip_blanks(text_, end);
        if (comma < text_.size() && text_[comma] == ',') {
            const bool spaced = comma + 1 < text_.size() && text_[comma + 1] == ' ' && kept.empty();
            return {{begin, end, rest}, {comma, comma + (spaced ? 2 : 1), ""}};
        }
        if (index == 0) return {};
        const std::size_t previous =
            parent.is_mapping() ? parent.entries[index - 1].value.end : parent.items[index - 1].end;
        comma = yaml::skip_blanks(text_, previous);
        const std::size_t blanks = text_.find_first_not_of(' ', comma + 1);
        if (blanks == begin) return {{comma, end, rest}};
        return {{comma, comma + 1, ""}, {begin, end, rest}};
    }

    const std::string& text_;
    std::string newline_;
};

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
        const FieldPath known(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(way.steps()));
        const bool fits = node.is_null() || (way.reaches(path) ? node.is_sequence() : node.is_mapping());
        if (!fits)
            return fail(
                node.place, dotted(known),
                way.reaches(path) ? "this is not a list" : "this has no field '" + path[way.steps()] + "'");
        splices = editor.add(way, path, yaml, as_item);
        Value rest = nested(path, way.steps(), *std::move(addition), as_item);
        if (target->is_null()) {
            *target = std::move(rest);
        } else if (way.reaches(path)) {
            target->items.push_back(std::move(rest.items.front()));
        } else {
            target->entries.push_back(std::move(rest.entries.front()));
        }
    }
    return checked(spliced(text, std::move(splices)), file, expected, path);
}

}  // namespace

Expected<Document> Document::with(const FieldPath& path, std::string_view yaml) const {
    return put(text_, file_, path, yaml, false);
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

std::string quote_scalar(std::string_view text) {
    static constexpr std::string_view reserved[] = {"null", "Null", "NULL", "~",    "true", "false",
                                                    "yes",  "no",   "on",   "off",  "True", "False",
                                                    "Yes",  "No",   "TRUE", "FALSE"};
    const auto plain = [&] {
        if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
        if (std::find(std::begin(reserved), std::end(reserved), text) != std::end(reserved)) return false;
        if (std::string_view("-?:,[]{}#&*!|>'\"%@`=").find(text.front()) != std::string_view::npos &&
            !(text.front() == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9'))
            return false;
        if (text == "..." || text.starts_with("... ")) return false;
        return std::all_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F &&
                   std::string_view(",[]{}:#\"").find(c) == std::string_view::npos;
        });
    };
    if (plain()) return std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (code < 0x20 || code == 0x7F) {
            constexpr const char* hex = "0123456789ABCDEF";
            result += "\\x";
            result += hex[code >> 4];
            result += hex[code & 15];
        } else {
            result += c;
        }
    }
    return result + '"';
}

}  // namespace headroom::model
