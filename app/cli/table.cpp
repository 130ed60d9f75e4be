#include "app/cli/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace headroom::cli {

namespace {

const char* code_of(Tone tone) {
    switch (tone) {
        case Tone::plain:
            return "";
        case Tone::good:
            return "\x1b[32m";
        case Tone::bad:
            return "\x1b[1;31m";
        case Tone::doubtful:
            return "\x1b[33m";
        case Tone::strong:
            return "\x1b[1m";
        case Tone::faint:
            return "\x1b[2m";
    }
    return "";
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

/// What would end a cell, or be taken for a mark, is escaped.
std::string markdown_field(std::string_view text) {
    std::string field;
    for (const char c : text) {
        if (c == '|' || c == '*' || c == '_' || c == '`' || c == '<' || c == '\\') field += '\\';
        field += c == '\n' ? ' ' : c;
    }
    return field;
}

}  // namespace

int columns_of(std::string_view text) {
    return static_cast<int>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string coloured(std::string_view text, Tone tone, bool colours) {
    if (!colours || tone == Tone::plain) return std::string(text);
    return code_of(tone) + std::string(text) + "\x1b[0m";
}

std::string print(const Table& table, bool colours) {
    std::vector<int> widths(table.columns.size(), 0);
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i].text));
    bool titles = false;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        if (widths[i] == 0) continue;
        titles = titles || !table.columns[i].title.empty();
        widths[i] = std::max(widths[i], columns_of(table.columns[i].title));
    }
    const auto line = [&](const auto& cell_at) {
        std::string text = " ";
        int behind = 0;  // spaces are only written in front of something
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (widths[i] == 0) continue;
            const Cell cell = cell_at(i);
            const int gap = widths[i] - columns_of(cell.text);
            const int before = 1 + (table.columns[i].right ? gap : 0);
            if (!cell.text.empty()) {
                text += std::string(static_cast<std::size_t>(behind + before), ' ');
                text += coloured(cell.text, cell.tone, colours);
                behind = 1 + (table.columns[i].right ? 0 : gap);
            } else {
                behind += widths[i] + 2;
            }
        }
        return text + "\n";
    };
    std::string text;
    if (titles) text += line([&](std::size_t i) { return Cell(table.columns[i].title, Tone::faint); });
    for (const auto& row : table.rows)
        text += line([&](std::size_t i) { return i < row.size() ? row[i] : Cell(); });
    return text;
}

std::string to_csv(const Table& table) {
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        text += (i ? "," : "") + csv_field(table.columns[i].title);
    text += "\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) text += (i ? "," : "") + csv_field(row[i].text);
        text += "\n";
    }
    return text;
}

std::string to_markdown(const Table& table) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (!table.columns[i].title.empty() ||
            std::any_of(table.rows.begin(), table.rows.end(),
                        [&](const auto& row) { return i < row.size() && !row[i].text.empty(); }))
            shown.push_back(i);
    std::string text = "|", rule = "|";
    for (const std::size_t i : shown) {
        text += " " + markdown_field(table.columns[i].title) + " |";
        rule += table.columns[i].right ? "---:|" : "---|";
    }
    text += "\n" + rule + "\n";
    for (const auto& row : table.rows) {
        text += "|";
        for (const std::size_t i : shown) {
            const Cell cell = i < row.size() ? row[i] : Cell();
            const bool loud = cell.tone == Tone::bad && !cell.text.empty();
            text += " " + (loud ? "**" + markdown_field(cell.text) + "**" : markdown_field(cell.text)) + " |";
        }
        text += "\n";
    }
    return text;
}

std::string wrap(std::string_view text, int width, std::string_view indent) {
    std::string wrapped;
    int used = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        const int columns = columns_of(word);
        if (used > 0 && used + 1 + columns > width) {
            wrapped += "\n" + std::string(indent);
            used = 0;
        }
        if (used > 0) wrapped += ' ', ++used;
        wrapped += word;
        used += columns;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return wrapped;
}

std::string plain_number(double value) {
    if (std::isnan(value)) return {};
    if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return error == std::errc() ? std::string(buffer, end) : std::string();
}

}  // namespace headroom::cli
