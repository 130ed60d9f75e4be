// A document as one HTML file: no scripts, nothing loaded from elsewhere, prints well, dark and light.

#include "app/report/content/colours.h"
#include "app/report/content/text.h"
#include "app/report/content/writers.h"

#include <algorithm>
#include <string_view>

namespace headroom::report {

namespace {

std::string base64(const std::string& bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= bytes.size() - at ? letters[group >> (18 - 6 * i) & 63] : '=';
    }
    return text;
}

std::size_t longest_word(const std::string& text) {
    std::size_t longest = 0, current = 0;
    for (const char c : text) longest = std::max(longest, current = c == ' ' ? 0 : current + 1);
    return longest;
}

const char* class_of(Tone tone) {
    switch (tone) {
        case Tone::muted:
            return "muted";
        case Tone::strong:
            return "strong";
        case Tone::good:
            return "good";
        case Tone::bad:
            return "bad";
        case Tone::unsure:
            return "unsure";
        case Tone::plain:
            break;
    }
    return "";
}

constexpr const char* style = R"css(
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 "DejaVu Sans", Verdana, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 58rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
header { border-bottom: 2px solid var(--text); padding-bottom: 1rem; margin-bottom: 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.3rem; margin: 2.8rem 0 .8rem; padding-top: .4rem; border-top: 1px solid var(--grid); break-after: avoid; }
h3 { font-size: 1.02rem; margin: 1.8rem 0 .6rem; break-after: avoid; }
.logo { float: right; max-height: 3.2rem; max-width: 12rem; margin-left: 1rem; }
.question { font-size: 1.12rem; margin: .6rem 0 .3rem; }
.line, .note, figcaption, .cell-note { color: var(--muted); font-size: .82rem; }
.line { margin: 0; }
.note { margin: .5rem 0 0; }
nav { font-size: .85rem; margin-bottom: 1.5rem; }
nav a { margin-right: 1.1rem; white-space: nowrap; }
a { color: var(--series-1); }
ul { padding-left: 1.2rem; margin: .5rem 0; }
li { margin: .45rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 0; }
.tile { background: var(--panel); border: 1px solid var(--grid); border-radius: .5rem; padding: .7rem .9rem; break-inside: avoid; }
.tile dt { color: var(--muted); font-size: .8rem; }
.tile dd { margin: 0; }
.tile .value { font-size: 1.45rem; font-weight: bold; line-height: 1.35; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .84rem; font-variant-numeric: tabular-nums; }
th { text-align: left; vertical-align: bottom; font-weight: bold; color: var(--muted); font-size: .78rem;
  border-bottom: 1.5px solid var(--muted); padding: .35rem .55rem; overflow-wrap: normal; }
td { vertical-align: top; border-bottom: 1px solid var(--grid); padding: .38rem .55rem; min-width: 4rem; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
td { overflow-wrap: break-word; } td.long { overflow-wrap: anywhere; min-width: 9rem; }
.cell-note.short { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; } th.number { white-space: normal; }
tr { break-inside: avoid; } thead { display: table-header-group; }
tr.total td { border-bottom: 0; border-top: 1.5px solid var(--muted); font-weight: bold; }
.cell-note { display: block; font-weight: normal; font-size: .76rem; }
td.good .mark, .tile.good .value { color: var(--good); } td.bad .mark, .tile.bad .value { color: var(--bad); }
td.unsure .mark, .tile.unsure .value { color: var(--unsure); }
td.good .mark, td.bad .mark, td.unsure .mark, td.strong .mark { font-weight: bold; }
td.muted { color: var(--muted); }
figure { margin: 1.4rem 0 0; break-inside: avoid; }
figure .title { font-weight: bold; font-size: .92rem; margin: 0 0 .3rem; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: .35rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--grid); padding-top: .6rem; color: var(--muted); font-size: .8rem; }
@page { size: A4; margin: 16mm 15mm; }
@media print {
  body { font-size: 10.5px; } main { max-width: none; padding: 0; } nav { display: none; }
  .table { overflow: visible; } td { min-width: 0; }
}
)css";

class Writer {
public:
    Writer(const Document& document, const Illustrator* illustrator)
        : document_(document), illustrator_(illustrator) {}

    std::string write() {
        text_ += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
        // Even if an escape were missing, nothing could run or be fetched.
        text_ +=
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'; img-src data:\">\n";
        text_ += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
        text_ += "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"author\" content=\"" +
                 escaped_html(document_.author) + "\">\n";
        text_ += "<meta name=\"description\" content=\"" + escaped_html(document_.question) + "\">\n";
        text_ += "<title>" + escaped_html(document_.title) +
                 "</title>\n<style>\n:root { color-scheme: light dark; ";
        text_ += css_colours(Theme::light) + "}\n@media screen and (prefers-color-scheme: dark) { :root { " +
                 css_colours(Theme::dark) + "} }";
        text_ += style;
        text_ += "</style>\n</head>\n<body>\n<main>\n<header>\n";
        if (!document_.logo.empty())
            text_ += "<img class=\"logo\" alt=\"\" src=\"data:image/" +
                     std::string(document_.logo_type == "svg" ? "svg+xml" : "png") + ";base64," +
                     base64(document_.logo) + "\">\n";
        if (!document_.cover.empty())
            text_ += "<p class=\"line\">" + escaped_html(document_.cover) + "</p>\n";
        text_ += "<h1>" + escaped_html(document_.title) + "</h1>\n";
        if (!document_.question.empty())
            text_ += "<p class=\"question\">" + escaped_html(document_.question) + "</p>\n";
        text_ += "<p class=\"line\">" + escaped_html(document_.line) + "</p>\n</header>\n";
        contents();
        for (const Block& block : document_.blocks) std::visit([this](const auto& b) { add(b); }, block);
        text_ +=
            "<footer>" +
            (document_.footer.empty() ? "Planning report by Headroom." : escaped_html(document_.footer)) +
            "</footer>\n</main>\n</body>\n</html>\n";
        return std::move(text_);
    }

private:
    void contents() {
        text_ += "<nav aria-label=\"Contents\">";
        int section = 0;
        for (const Block& block : document_.blocks)
            if (const auto* heading = std::get_if<Heading>(&block); heading && heading->level == 1)
                text_ += "<a href=\"#s" + std::to_string(++section) + "\">" + escaped_html(heading->text) +
                         "</a> ";
        text_ += "</nav>\n";
    }

    void add(const Heading& heading) {
        if (heading.level == 1)
            text_ +=
                "<h2 id=\"s" + std::to_string(++sections_) + "\">" + escaped_html(heading.text) + "</h2>\n";
        else
            text_ += "<h3>" + escaped_html(heading.text) + "</h3>\n";
    }

    void add(const Paragraph& paragraph) {
        text_ += std::string(paragraph.role == Paragraph::Role::note ? "<p class=\"note\">" : "<p>") +
                 escaped_html(paragraph.text) + "</p>\n";
    }

    void add(const Bullets& bullets) {
        text_ += "<ul>\n";
        for (const std::string& item : bullets.items) text_ += "<li>" + escaped_html(item) + "</li>\n";
        text_ += "</ul>\n";
    }

    void add(const Tiles& tiles) {
        text_ += "<dl class=\"tiles\">\n";
        for (const Tiles::Tile& tile : tiles.tiles) {
            text_ += std::string("<div class=\"tile ") + class_of(tile.tone) + "\"><dt>" +
                     escaped_html(tile.label) + "</dt><dd class=\"value\">" + escaped_html(tile.value) +
                     "</dd>";
            if (!tile.note.empty()) text_ += "<dd class=\"cell-note\">" + escaped_html(tile.note) + "</dd>";
            text_ += "</div>\n";
        }
        text_ += "</dl>\n";
    }

    void add(const Table& table) {
        text_ += "<div class=\"table\"><table>\n<thead><tr>";
        for (const Column& column : table.columns)
            text_ += std::string("<th scope=\"col\"") + (column.number ? " class=\"number\"" : "") + ">" +
                     escaped_html(column.title) + "</th>";
        text_ += "</tr></thead>\n<tbody>\n";
        const std::size_t sums = table.rows.size() - static_cast<std::size_t>(table.totals);
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            text_ += row >= sums ? "<tr class=\"total\">" : "<tr>";
            for (std::size_t column = 0; column < table.rows[row].size(); ++column)
                add(table.rows[row][column], table.columns[column].number);
            text_ += "</tr>\n";
        }
        text_ += "</tbody></table></div>\n";
        if (!table.note.empty()) text_ += "<p class=\"note\">" + escaped_html(table.note) + "</p>\n";
    }

    void add(const Cell& cell, bool number) {
        std::string classes = number ? "number" : "";
        if (const std::string tone = class_of(cell.tone); !tone.empty())
            classes += (classes.empty() ? "" : " ") + tone;
        if (longest_word(cell.text) > 24 || longest_word(cell.note) > 24)
            classes += (classes.empty() ? "" : " ") + std::string("long");
        text_ += classes.empty() ? "<td>" : "<td class=\"" + classes + "\">";
        if (!cell.text.empty()) text_ += "<bdi class=\"mark\">" + escaped_html(cell.text) + "</bdi>";
        if (!cell.note.empty())
            text_ += std::string(cell.note.size() <= 18 ? "<bdi class=\"cell-note short\">"
                                                        : "<bdi class=\"cell-note\">") +
                     escaped_html(cell.note) + "</bdi>";
        text_ += "</td>";
    }

    void add(const Picture& picture) {
        std::string svg = illustrator_ != nullptr ? illustrator_->svg(picture) : "";
        if (svg.empty()) {
            // Nothing to draw with: what the topology says is said, charts have their tables.
            if (std::holds_alternative<TopologyOf>(picture.drawing)) add(Paragraph{picture.text});
            return;
        }
        text_ += "<figure>\n";
        if (!picture.title.empty()) text_ += "<p class=\"title\">" + escaped_html(picture.title) + "</p>\n";
        text_ += svg + "\n";
        if (!picture.caption.empty())
            text_ += "<figcaption>" + escaped_html(picture.caption) + "</figcaption>\n";
        text_ += "</figure>\n";
    }

    const Document& document_;
    const Illustrator* illustrator_;
    std::string text_;
    int sections_ = 0;
};

}  // namespace

std::string html_of(const Document& document, const Illustrator* illustrator) {
    return Writer(document, illustrator).write();
}

}  // namespace headroom::report
