#include "app/report/pdf_table.h"

#include "app/report/palette.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::report {

namespace {

constexpr double gap = 11 * tenth, pad = 3.6 * tenth;
constexpr double text_size = 10.4, note_size = 8.8, title_size = 9.4;
constexpr int longest = 700;  ///< letters of a cell that are printed: a row must fit on a page

QString printed(const std::string& text) {
    QString words = QString::fromStdString(text);
    if (words.size() > longest) words = words.left(longest) + QChar(0x2026);
    return words;
}

QColor colour_of(Tone tone, const Palette& colours) {
    switch (tone) {
        case Tone::muted:
            return colours.muted;
        case Tone::good:
            return colours.good;
        case Tone::bad:
            return colours.bad;
        case Tone::unsure:
            return colours.unsure;
        default:
            return colours.text;
    }
}

bool is_bold(Tone tone) { return tone != Tone::plain && tone != Tone::muted; }

double longest_word(const QString& text, const QFontMetricsF& metrics) {
    double most = 0;
    for (const QString& word : text.split(' ')) most = std::max(most, metrics.horizontalAdvance(word));
    return most;
}

/// Natural and smallest width of each column, then what the page can give.
std::vector<double> column_widths(const Table& table, double width) {
    const std::size_t count = table.columns.size();
    std::vector<double> natural(count, 0), least(count, 0);
    for (std::size_t column = 0; column < count; ++column) {
        const auto consider = [&](const std::string& text, const QFont& font, bool may_wrap) {
            const QFontMetricsF metrics(font);
            const QString words = printed(text);
            const double all = metrics.horizontalAdvance(words) + 2;
            natural[column] = std::max(natural[column], all);
            // Short notes look poor in two lines.
            may_wrap = may_wrap && words.size() > 16;
            least[column] = std::max(least[column], may_wrap ? longest_word(words, metrics) + 2 : all);
        };
        // Titles wrap rather than widen.
        natural[column] = least[column] =
            longest_word(printed(table.columns[column].title), QFontMetricsF(page_font(title_size, true))) +
            2;
        for (const auto& row : table.rows) {
            const Cell& cell = row[column];
            consider(cell.text, page_font(text_size, is_bold(cell.tone)), !table.columns[column].number);
            if (!cell.note.empty()) consider(cell.note, page_font(note_size), true);
        }
        least[column] = std::min(least[column], width / 3);
    }
    const double room = width - gap * static_cast<double>(count - 1);
    const double wanted = std::accumulate(natural.begin(), natural.end(), 0.0);
    const double needed = std::accumulate(least.begin(), least.end(), 0.0);
    std::vector<double> widths = natural;
    if (wanted <= room) {
        const double extra = (room - wanted) / static_cast<double>(count);
        for (double& w : widths) w += extra;
    } else if (needed <= room) {
        for (std::size_t i = 0; i < count; ++i)
            widths[i] =
                least[i] + (room - needed) * (natural[i] - least[i]) / std::max(wanted - needed, 1e-9);
    } else {
        for (std::size_t i = 0; i < count; ++i) widths[i] = least[i] * room / needed;
    }
    return widths;
}

}  // namespace

QFont page_font(double pixels, bool bold) {
    QFont font("DejaVu Sans");
    font.setPixelSize(static_cast<int>(std::lround(pixels * tenth)));
    font.setBold(bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

TextBlock::TextBlock(const std::string& text, const QFont& font, double width, const QColor& colour,
                     bool right)
    : layout_(std::make_unique<QTextLayout>(QString::fromStdString(text), font)), colour_(colour) {
    QTextOption option(right ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(true);
    layout_->setTextOption(option);
    const double leading = QFontMetricsF(font).height() * 1.12;
    layout_->beginLayout();
    for (QTextLine line = layout_->createLine(); line.isValid(); line = layout_->createLine()) {
        line.setLineWidth(width);
        line.setPosition(QPointF(0, height_));
        height_ += leading;
    }
    layout_->endLayout();
}

double TextBlock::height_of(int first, int count) const {
    if (lines() == 0) return 0;
    return height_ / lines() * std::min(count, lines() - first);
}

void TextBlock::draw(QPainter& painter, double x, double y, int first, int count) const {
    painter.setPen(colour_);
    const int last = count < 0 ? lines() : std::min(lines(), first + count);
    const double above = height_of(0, first);
    for (int i = first; i < last; ++i) layout_->lineAt(i).draw(&painter, QPointF(x, y - above));
}

TableLayout::TableLayout(const Table& table, double width)
    : width_(width), widths_(column_widths(table, width)) {
    const Palette& colours = palette(Theme::print);
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        PlacedCell cell;
        cell.lines.emplace_back(table.columns[column].title, page_font(title_size, true), widths_[column],
                                colours.muted, table.columns[column].number);
        header_.height = std::max(header_.height, cell.lines.front().height() + 2 * pad);
        header_.cells.push_back(std::move(cell));
    }
    const std::size_t sums = table.rows.size() - static_cast<std::size_t>(table.totals);
    for (std::size_t index = 0; index < table.rows.size(); ++index) {
        Row row;
        row.total = index >= sums;
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            const Cell& cell = table.rows[index][column];
            const bool right = table.columns[column].number;
            PlacedCell placed;
            double height = 2 * pad;
            if (!cell.text.empty()) {
                placed.lines.emplace_back(printed(cell.text).toStdString(),
                                          page_font(text_size, is_bold(cell.tone) || row.total),
                                          widths_[column], colour_of(cell.tone, colours), right);
                height += placed.lines.back().height();
            }
            if (!cell.note.empty()) {
                placed.lines.emplace_back(printed(cell.note).toStdString(), page_font(note_size),
                                          widths_[column], colours.muted, right);
                height += placed.lines.back().height();
            }
            row.height = std::max(row.height, height);
            row.cells.push_back(std::move(placed));
        }
        rows_.push_back(std::move(row));
    }
}

void TableLayout::draw_cells(QPainter& painter, const Row& row, double x, double y, double padding) const {
    double left = x;
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        double top = y + padding;
        for (const TextBlock& text : row.cells[column].lines) {
            text.draw(painter, left, top);
            top += text.height();
        }
        left += widths_[column] + gap;
    }
}

void TableLayout::draw_header(QPainter& painter, double x, double y) const {
    // Titles of one line stand at the foot of a header of several.
    double left = x;
    for (std::size_t column = 0; column < header_.cells.size(); ++column) {
        const TextBlock& title = header_.cells[column].lines.front();
        title.draw(painter, left, y + header_.height - pad - title.height());
        left += widths_[column] + gap;
    }
    painter.setPen(QPen(palette(Theme::print).muted, 1.2 * tenth));
    painter.drawLine(QPointF(x, y + header_.height), QPointF(x + width_, y + header_.height));
}

void TableLayout::draw_row(QPainter& painter, int index, double x, double y) const {
    const Row& row = rows_[static_cast<std::size_t>(index)];
    const Palette& colours = palette(Theme::print);
    if (row.total) {
        painter.setPen(QPen(colours.muted, 1.2 * tenth));
        painter.drawLine(QPointF(x, y), QPointF(x + width_, y));
    }
    draw_cells(painter, row, x, y, pad);
    if (row.total) return;
    painter.setPen(QPen(colours.grid, 0.7 * tenth));
    painter.drawLine(QPointF(x, y + row.height), QPointF(x + width_, y + row.height));
}

}  // namespace headroom::report
