#include "model/scenario/text_edit.h"

#include "model/scenario/yaml_text.h"

#include <algorithm>

namespace headroom::model {

std::string spliced(std::string text, std::vector<Splice> splices) {
    std::stable_sort(splices.begin(), splices.end(),
                     [](const Splice& a, const Splice& b) { return a.begin > b.begin; });
    for (const Splice& splice : splices) text.replace(splice.begin, splice.end - splice.begin, splice.text);
    return text;
}

Editor::Editor(const std::string& text)
    : text_(text), newline_(text.find("\r\n") != std::string::npos ? "\r\n" : "\n") {}

std::size_t Editor::key_end(const Value::Entry& entry) const {
    const std::size_t start = yaml::skip_properties(text_, entry.key_begin);
    return yaml::end_of_scalar(text_, start, entry.key, -1);
}

std::vector<std::string> Editor::comments(const Value& owner, std::size_t begin, std::size_t end) const {
    std::vector<std::pair<std::size_t, std::size_t>> spans;
    collect_spans(owner, spans);
    std::sort(spans.begin(), spans.end());
    std::vector<std::string> found;
    auto span = spans.begin();
    for (std::size_t at = begin; at < end; ++at) {
        while (span != spans.end() && span->second <= at) ++span;
        if (span != spans.end() && span->first <= at) {
            at = span->second - 1;
        } else if (text_[at] == '#' &&
                   (at == 0 || std::string_view(" \t\n\r").find(text_[at - 1]) != std::string_view::npos)) {
            const std::size_t line = yaml::end_of_line(text_, at);
            found.emplace_back(text_, at, line - at);
            at = line;
        }
    }
    return found;
}

std::string Editor::block_lines(const FieldPath& path, std::size_t from, std::string_view yaml,
                                std::size_t indent, bool as_item) const {
    std::string lines;
    for (std::size_t i = from; i < path.size(); ++i, indent += 2) {
        if (i > from) lines += newline_ + std::string(indent, ' ');
        lines += quote_scalar(path[i]) + ":";
    }
    if (as_item) return lines + newline_ + std::string(indent, ' ') + "- " + std::string(yaml);
    return lines + " " + std::string(yaml);
}

std::string Editor::flow_text(const FieldPath& path, std::size_t from, std::string_view yaml, bool as_item) {
    std::string text = as_item ? "[" + std::string(yaml) + "]" : std::string(yaml);
    for (std::size_t i = path.size(); i-- > from;) {
        text = quote_scalar(path[i]) + ": " + text;
        if (i > from) text = "{" + text + "}";
    }
    return text;
}

std::vector<Splice> Editor::replace_value(const Way& way, std::string_view yaml) const {
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

std::vector<Splice> Editor::add(const Way& way, const FieldPath& path, std::string_view yaml,
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

std::vector<Splice> Editor::remove(const Way& way) const {
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

std::vector<Splice> Editor::rename(const Way& way, const std::string& key) const {
    const Value& parent = *way.stops[way.stops.size() - 2].node;
    const Value::Entry& entry = parent.entries[way.stops.back().index];
    return {{entry.key_begin, key_end(entry), quote_scalar(key)}};
}

void Editor::collect_spans(const Value& node, std::vector<std::pair<std::size_t, std::size_t>>& spans) const {
    if (node.is_scalar()) spans.emplace_back(node.begin, node.end);
    for (const Value& item : node.items) collect_spans(item, spans);
    for (const Value::Entry& entry : node.entries) {
        spans.emplace_back(entry.key_begin, key_end(entry));
        collect_spans(entry.value, spans);
    }
}

std::size_t Editor::indent_at(std::size_t at) const {
    const std::size_t line = yaml::start_of_line(text_, at);
    return std::min(text_.find_first_not_of(' ', line), text_.size()) - line;
}

std::size_t Editor::parent_column(const Way& way) const {
    if (way.stops.size() < 2) return 0;
    const Value& parent = *way.stops[way.stops.size() - 2].node;
    return parent.is_mapping() ? yaml::column_of(text_, parent.entries[way.stops.back().index].key_begin)
                               : indent_at(way.last().begin);
}

std::string Editor::missing_value(const Value& node, std::string_view yaml) const {
    const char before = node.begin > 0 ? text_[node.begin - 1] : ' ';
    return (before == ':' || before == '-' ? " " : ": ") + std::string(yaml);
}

std::size_t Editor::end_of_last(const Value& node) {
    return node.is_mapping() ? node.entries.back().value.end : node.items.back().end;
}

std::size_t Editor::dash_of(const Value& list, std::size_t index) const {
    const std::size_t from =
        index == 0 ? yaml::skip_properties(text_, list.begin) : list.items[index - 1].end;
    return yaml::skip_blanks(text_, from);
}

std::string Editor::joined(const std::vector<std::string>& comments) const {
    std::string text;
    for (const std::string& comment : comments) text += comment + newline_;
    return text;
}

std::vector<Splice> Editor::remove_lines(const Value& owner, std::size_t begin, std::size_t end) const {
    const std::size_t line = yaml::start_of_line(text_, begin);
    const std::size_t last = yaml::end_of_line(text_, end);
    std::string kept;
    for (const std::string& comment : comments(owner, begin, last))
        kept += std::string(indent_at(begin), ' ') + comment + newline_;
    const std::size_t next = std::min(text_.find('\n', last), text_.size() - 1) + 1;
    return {{line, next, kept}};
}

std::vector<Splice> Editor::remove_in_flow(const Way& way, std::size_t begin, std::size_t end) const {
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

}  // namespace headroom::model
