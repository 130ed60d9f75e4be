#pragma once
// Text and tables measured for a page. Lengths are tenths of a pixel at 96 dpi: fonts have whole pixel sizes
// only, and at that scale their metrics are those of the printed letters.

#include "app/report/content/document.h"

#include <QColor>
#include <QFont>
#include <QTextLayout>
#include <memory>
#include <vector>

class QPainter;

namespace headroom::report {

constexpr double tenth = 10;  ///< lengths in a pixel

QFont page_font(double pixels, bool bold = false);

/// A text broken into lines.
class TextBlock {
public:
    TextBlock(const std::string& text, const QFont& font, double width, const QColor& colour,
              bool right = false);

    double height() const { return height_; }
    int lines() const { return layout_->lineCount(); }
    /// Height of the first lines, and a picture of a part of them: paragraphs may break across pages.
    double height_of(int first, int count) const;
    void draw(QPainter& painter, double x, double y, int first = 0, int count = -1) const;

private:
    std::unique_ptr<QTextLayout> layout_;
    QColor colour_;
    double height_ = 0;
};

/// A table with its column widths and row heights, each cell ready to draw.
class TableLayout {
public:
    TableLayout(const Table& table, double width);

    int rows() const { return static_cast<int>(rows_.size()); }
    double header_height() const { return header_.height; }
    double row_height(int row) const { return rows_[static_cast<std::size_t>(row)].height; }
    void draw_header(QPainter& painter, double x, double y) const;
    void draw_row(QPainter& painter, int row, double x, double y) const;

private:
    struct PlacedCell {
        std::vector<TextBlock> lines;  ///< text, then note
    };
    struct Row {
        std::vector<PlacedCell> cells;
        double height = 0;
        bool total = false;
    };

    void draw_cells(QPainter& painter, const Row& row, double x, double y, double padding) const;

    double width_;
    std::vector<double> widths_;
    Row header_;
    std::vector<Row> rows_;
};

}  // namespace headroom::report
