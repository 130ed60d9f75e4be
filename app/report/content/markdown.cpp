// A document as Markdown: one line for each sentence's worth of text, so that differences between two reports
// read well; the topology as Mermaid.

#include "app/report/content/text.h"
#include "app/report/content/topology.h"
#include "app/report/content/writers.h"

#include <cctype>

namespace headroom::report {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0; }

/// Nothing in it is markup any more.
std::string escaped(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool within_word = i > 0 && i + 1 < text.size() && is_word(text[i - 1]) && is_word(text[i + 1]);
        const bool first = i == 0 && (c == '#' || c == '-' || c == '+' || c == '=' || c == '>');
        const char next = i + 1 < text.size() ? text[i + 1] : ' ';
        const bool tag = (c == '<' && (is_word(next) || next == '/' || next == '!' || next == '?')) ||
                         (c == '&' && (is_word(next) || next == '#')) || (c == '~' && next == '~');
        // GitHub takes what stands between two dollar signs for a formula.
        if (first || tag || std::string_view("\\`*[]|$").find(c) != std::string_view::npos ||
            (c == '_' && !within_word))
            result += '\\';
        result += c;
    }
    // "12. " at the beginning would be a list.
    const std::size_t digits = result.find_first_not_of("0123456789");
    if (digits != 0 && digits != std::string::npos && digits + 1 < result.size() &&
        (result[digits] == '.' || result[digits] == ')') && result[digits + 1] == ' ')
        result.insert(digits, "\\");
    return result;
}

std::string one_cell(const Cell& cell) {
    if (cell.text.empty() && cell.note.empty()) return "";
    std::string text = escaped(cell.text);
    if (cell.tone == Tone::strong && !text.empty()) text = "**" + text + "**";
    if (!cell.note.empty()) text += (text.empty() ? "" : " ") + ("(" + escaped(cell.note) + ")");
    return text;
}

class Writer {
public:
    std::string write(const Document& document) {
        text_ = "# " + escaped(document.title) + "\n\n";
        if (!document.question.empty()) text_ += escaped(document.question) + "\n\n";
        text_ += "_" + escaped(document.line) + "_\n\n";
        for (const Block& block : document.blocks) std::visit([this](const auto& b) { add(b); }, block);
        while (text_.ends_with("\n\n")) text_.pop_back();
        return std::move(text_);
    }

private:
    void add(const Heading& heading) {
        text_ += std::string(static_cast<std::size_t>(heading.level) + 1, '#') + " " + escaped(heading.text) +
                 "\n\n";
    }
    void add(const Paragraph& paragraph) {
        const bool note = paragraph.role == Paragraph::Role::note;
        text_ += (note ? "_" : "") + escaped(paragraph.text) + (note ? "_" : "") + "\n\n";
    }
    void add(const Bullets& bullets) {
        for (const std::string& item : bullets.items) text_ += "- " + escaped(item) + "\n";
        text_ += "\n";
    }
    void add(const Tiles& tiles) {
        for (const Tiles::Tile& tile : tiles.tiles)
            text_ += "- " + escaped(tile.label) + ": **" + escaped(tile.value) + "**" +
                     (tile.note.empty() ? "" : " (" + escaped(tile.note) + ")") + "\n";
        text_ += "\n";
    }
    void add(const Table& table) {
        text_ += "|";
        for (const Column& column : table.columns) text_ += " " + escaped(column.title) + " |";
        text_ += "\n|";
        for (const Column& column : table.columns) text_ += column.number ? " --: |" : " --- |";
        text_ += "\n";
        for (const auto& row : table.rows) {
            text_ += "|";
            for (const Cell& cell : row) text_ += " " + one_cell(cell) + " |";
            text_ += "\n";
        }
        text_ += "\n";
        if (!table.note.empty()) add(Paragraph{table.note, Paragraph::Role::note});
    }
    void add(const Picture& picture) {
        const auto* topology = std::get_if<TopologyOf>(&picture.drawing);
        if (topology == nullptr) return;
        text_ += "```mermaid\n" + mermaid_of(*topology->scenario, *topology->catalog, *topology->result) +
                 "```\n\n";
    }

    std::string text_;
};

}  // namespace

std::string markdown_of(const Document& document) { return Writer().write(document); }

}  // namespace headroom::report
