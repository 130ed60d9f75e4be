#include "model/scenario/yaml_text.h"

#include <algorithm>

namespace headroom::model::yaml {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t end_of_double_quoted(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

std::size_t end_of_single_quoted(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at)
        if (text[at] == '\'') {
            if (at + 1 >= text.size() || text[at + 1] != '\'') return at + 1;
            ++at;
        }
    return text.size();
}

/// A block scalar's lines are indented as its first line that is not blank, or by the header's digit.
std::size_t end_of_block_scalar(std::string_view text, std::size_t at, int parent_column) {
    std::size_t line = end_of_line(text, at);
    int indent = -1;
    for (std::size_t i = at + 1;
         i < line && (text[i] == '+' || text[i] == '-' || (text[i] >= '1' && text[i] <= '9')); ++i)
        if (text[i] >= '1' && text[i] <= '9') indent = std::max(parent_column, 0) + (text[i] - '0');
    std::size_t end = line;
    while (line < text.size()) {
        const std::size_t start = text.find('\n', line) + 1;
        if (start == 0 || start >= text.size()) break;
        line = end_of_line(text, start);
        std::size_t first = start;
        while (first < line && text[first] == ' ') ++first;
        if (first == line) continue;  // blank: it belongs to the scalar if another line of it follows
        const int column = static_cast<int>(first - start);
        if (indent < 0) indent = std::max(column, parent_column + 1);
        if (column < indent) break;
        end = line;
    }
    return end;
}

}  // namespace

std::size_t end_of_line(std::string_view text, std::size_t at) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    return end > at && end < text.size() && text[end - 1] == '\r' ? end - 1 : end;
}

std::size_t start_of_line(std::string_view text, std::size_t at) {
    while (at > 0 && text[at - 1] != '\n') --at;
    return at;
}

std::size_t column_of(std::string_view text, std::size_t at) { return at - start_of_line(text, at); }

std::size_t skip_blanks(std::string_view text, std::size_t at, std::string_view also) {
    while (at < text.size()) {
        const char c = text[at];
        if (is_blank(c) || also.find(c) != std::string_view::npos) {
            ++at;
        } else if (c == '#' &&
                   (at == 0 || is_blank(text[at - 1]) || also.find(text[at - 1]) != std::string_view::npos)) {
            at = std::min(text.find('\n', at), text.size());
        } else {
            break;
        }
    }
    return at;
}

std::size_t skip_properties(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
        const bool flow_ends_it = text[at] == '&' || text.substr(at, 2) != "!<";
        while (at < text.size() && !is_blank(text[at]) &&
               !(flow_ends_it && std::string_view(",[]{}").find(text[at]) != std::string_view::npos))
            ++at;
        at = skip_blanks(text, at);
    }
    return at;
}

std::size_t end_of_scalar(std::string_view text, std::size_t at, std::string_view decoded,
                          int parent_column) {
    if (at >= text.size()) return text.size();
    switch (text[at]) {
        case '"':
            return end_of_double_quoted(text, at);
        case '\'':
            return end_of_single_quoted(text, at);
        case '|':
        case '>':
            return end_of_block_scalar(text, at, parent_column);
        default:
            break;
    }
    // A plain scalar stands in the text as it was read, but for line folding: match what is not blank.
    for (const char c : decoded) {
        if (is_blank(c)) continue;
        std::size_t next = at;
        while (next < text.size() && is_blank(text[next])) ++next;
        if (next >= text.size() || text[next] != c) return at;
        at = next + 1;
    }
    return at;
}

std::size_t end_of_alias(std::string_view text, std::size_t at) {
    while (at < text.size() && !is_blank(text[at]) &&
           std::string_view(",[]{}").find(text[at]) == std::string_view::npos)
        ++at;
    return at;
}

}  // namespace headroom::model::yaml
