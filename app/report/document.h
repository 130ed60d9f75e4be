#pragma once
// A report before it has a format: plain blocks in reading order. Every writer (HTML, PDF, ...) goes through
// them once. Texts are clean: no control characters, no direction overrides.

#include <functional>
#include <string>
#include <variant>
#include <vector>

class QPainter;

namespace headroom::report {

enum class Tone { plain, muted, strong, good, bad, unsure };

struct Heading {
    int level = 1;  ///< 1 for sections, 2 below
    std::string text;
};

struct Paragraph {
    enum class Role { body, lead, note };
    std::string text;
    Role role = Role::body;
};

struct Bullets {
    std::vector<std::string> items;
};

/// A few figures that a reader should see first.
struct Tiles {
    struct Tile {
        std::string label, value, note;
        Tone tone = Tone::plain;
    };
    std::vector<Tile> tiles;
};

struct Cell {
    std::string text;
    std::string note;  ///< smaller, on a line of its own
    Tone tone = Tone::plain;
};

struct Column {
    std::string title;
    bool number = false;  ///< right-aligned, kept on one line
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
    int totals = 0;  ///< so many of the last rows are sums
    std::string note;
};

/// A chart or a drawing: vectors, painted in the colours of Theme::print.
struct Picture {
    std::string title, caption;
    std::string text;  ///< what it shows, for those who cannot see it
    double width = 720, height = 300;
    std::function<void(QPainter&)> paint;  ///< on an area of width x height
};

using Block = std::variant<Heading, Paragraph, Bullets, Tiles, Table, Picture>;

struct Document {
    std::string title, question;
    std::string line;  ///< below the title: what was run
    std::vector<Block> blocks;

    void add(Block block) { blocks.push_back(std::move(block)); }
};

}  // namespace headroom::report
