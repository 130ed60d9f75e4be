#pragma once
// Text for people: aligned tables, wrapped sentences, colours; and the same tables as CSV.

#include <string>
#include <string_view>
#include <vector>

namespace headroom::cli {

enum class Tone { plain, good, bad, doubtful, strong, faint };

struct Cell {
    std::string text;
    Tone tone = Tone::plain;

    Cell() = default;
    Cell(std::string t, Tone tone_ = Tone::plain)
        : text(std::move(t)), tone(tone_) {}  // NOLINT: a text is a cell
    Cell(const char* t) : text(t) {}          // NOLINT
};

struct Column {
    std::string title;
    bool right = false;  ///< aligned at the right, as numbers are
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

/// Aligned, with a line of titles (none if all are empty), indented by two. Columns without any text vanish.
std::string print(const Table& table, bool colours);
std::string to_csv(const Table& table);
/// Columns without any text vanish.
std::string to_markdown(const Table& table);

std::string coloured(std::string_view text, Tone tone, bool colours);
/// Breaks at spaces; lines after the first begin with `indent`, which does not count.
std::string wrap(std::string_view text, int width, std::string_view indent);
/// Columns that a UTF-8 text takes on a terminal.
int columns_of(std::string_view text);

/// A number in full precision for CSV; empty for NaN.
std::string plain_number(double value);

}  // namespace headroom::cli
