// A document as PDF: A4 pages, vectors and embedded fonts, headings that stay with what follows, tables whose
// header is repeated, pictures in one piece.

#include "app/report/pdf.h"

#include "app/report/paint.h"
#include "app/report/palette.h"
#include "app/report/pdf_identity.h"
#include "app/report/pdf_table.h"

#include <QBuffer>
#include <QImage>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgRenderer>
#include <algorithm>
#include <functional>

namespace headroom::report {

namespace {

constexpr double millimetre = 96 / 25.4 * tenth;
constexpr double page_width = 210 * millimetre, page_height = 297 * millimetre;
constexpr double margin = 17 * millimetre, head = 16 * millimetre, foot = 20 * millimetre;
constexpr double text_width = page_width - 2 * margin;
constexpr double bottom = page_height - foot;
constexpr double body_size = 11.4, note_size = 9.2;
constexpr int resolution = 1200;

/// Flows the blocks over pages. Without a painter it only counts them: page numbers say "3 of 7".
class Flow {
public:
    /// `contents` are the sections with their pages, as an earlier flow found them.
    Flow(const Document& document, std::function<void()> turn, QPainter* painter, int pages,
         std::vector<OutlineEntry> contents)
        : document_(document),
          turn_(std::move(turn)),
          painter_(painter),
          pages_(pages),
          contents_(std::move(contents)) {}

    int run() {
        title();
        const bool listed = sections_of(document_) > most_unlisted;
        for (std::size_t i = 0; i < document_.blocks.size(); ++i) {
            const auto* heading = std::get_if<Heading>(&document_.blocks[i]);
            // Behind what an executive reads, before the rest.
            if (listed && heading != nullptr && heading->level == 1 && outline_.size() == listed_after)
                table_of_contents();
            std::visit([this, i](const auto& block) { place(block, i); }, document_.blocks[i]);
        }
        footer();
        return page_ + 1;
    }

    const std::vector<PageLink>& links() const { return links_; }

    const std::vector<OutlineEntry>& outline() const { return outline_; }

private:
    static constexpr std::size_t most_unlisted = 5, listed_after = 2;

    static std::size_t sections_of(const Document& document) {
        return static_cast<std::size_t>(
            std::count_if(document.blocks.begin(), document.blocks.end(), [](const Block& block) {
                const auto* heading = std::get_if<Heading>(&block);
                return heading != nullptr && heading->level == 1;
            }));
    }

    /// Two columns of sections with their pages, each a link. The first flow knows no pages yet; it leaves
    /// the room.
    void table_of_contents() {
        const std::size_t count = sections_of(document_), rows = (count + 1) / 2;
        const double line = 18.5 * tenth, gutter = 28 * tenth, width = (text_width - gutter) / 2;
        const TextBlock heading("Contents", page_font(12.6, true), text_width, colours_.text);
        const double height = heading.height() + 6 * tenth + line * static_cast<double>(rows);
        space(24);
        need(height);
        text(heading, margin);
        y_ += 4 * tenth;
        for (std::size_t i = 0; painter_ && i < contents_.size(); ++i) {
            const double x = margin + (i < rows ? 0 : width + gutter);
            const double y = y_ + line * static_cast<double>(i < rows ? i : i - rows);
            const QString name = QFontMetricsF(page_font(10.4))
                                     .elidedText(QString::fromStdString(contents_[i].title), Qt::ElideRight,
                                                 width - 34 * tenth);
            TextBlock(name.toStdString(), page_font(10.4), width, colours_.text).draw(*painter_, x, y);
            TextBlock(std::to_string(contents_[i].page + 1), page_font(10.4), width, colours_.muted, true)
                .draw(*painter_, x, y);
            painter_->setPen(QPen(colours_.grid, 0.6 * tenth));
            painter_->drawLine(QPointF(x, y + line - 3 * tenth), QPointF(x + width, y + line - 3 * tenth));
            links_.push_back({page_, contents_[i].page, x / page_width, y / page_height,
                              (x + width) / page_width, (y + line) / page_height});
        }
        y_ += line * static_cast<double>(rows);
    }

    void footer() {
        if (!painter_) return;
        const double y = page_height - 14 * millimetre;
        painter_->setPen(QPen(colours_.grid, 0.7 * tenth));
        painter_->drawLine(QPointF(margin, y), QPointF(page_width - margin, y));
        QString name = QString::fromStdString(
            document_.footer.empty() ? document_.title : document_.title + "  ·  " + document_.footer);
        name = QFontMetricsF(page_font(8.6)).elidedText(name, Qt::ElideRight, text_width * 0.7);
        TextBlock(name.toStdString(), page_font(8.6), text_width * 0.75, colours_.muted)
            .draw(*painter_, margin, y + 3 * tenth);
        const std::string number = "Page " + std::to_string(page_ + 1) + " of " + std::to_string(pages_);
        TextBlock(number, page_font(8.6), text_width, colours_.muted, true)
            .draw(*painter_, margin, y + 3 * tenth);
    }

    void new_page() {
        footer();
        ++page_;
        if (turn_) turn_();
        y_ = head;
    }

    bool at_top() const { return y_ <= head; }
    void need(double height) {
        if (y_ + height > bottom && !at_top()) new_page();
    }
    void space(double pixels) {
        if (!at_top()) y_ += pixels * tenth;
    }

    void text(const TextBlock& block, double x) {
        for (int line = 0; line < block.lines();) {
            const double one = block.height_of(0, 1);
            int fit = std::max(static_cast<int>((bottom - y_) / one), at_top() ? 1 : 0);
            const int left = block.lines() - line;
            // Neither the first nor the last line of a paragraph stands alone.
            if (fit < left) {
                if (left - fit == 1) --fit;
                if (fit < 2 && !at_top()) fit = 0;
            }
            fit = std::min(fit, left);
            if (fit <= 0) {
                new_page();
                continue;
            }
            if (painter_) block.draw(*painter_, x, y_, line, fit);
            y_ += one * fit;
            line += fit;
            if (line < block.lines()) new_page();
        }
    }

    /// In the upper right corner; gives the width that it takes from the title.
    double logo() {
        if (document_.logo.empty()) return 0;
        const QByteArray bytes = QByteArray::fromStdString(document_.logo);
        const double tall = 44 * tenth, wide = 150 * tenth;
        QSizeF size;
        QSvgRenderer drawing;
        QImage image;
        if (document_.logo_type == "svg" && drawing.load(bytes)) size = drawing.defaultSize();
        if (document_.logo_type == "png" && image.loadFromData(bytes, "PNG")) size = image.size();
        if (size.isEmpty()) return 0;
        size.scale(wide, tall, Qt::KeepAspectRatio);
        const QRectF area(QPointF(page_width - margin - size.width(), y_), size);
        if (painter_ && !image.isNull()) painter_->drawImage(area, image);
        if (painter_ && image.isNull()) drawing.render(painter_, area);
        return size.width() + 16 * tenth;
    }

    void title() {
        y_ = head;
        const double beside = logo();
        if (!document_.cover.empty()) {
            text(TextBlock(document_.cover, page_font(10.4), text_width - beside, colours_.muted), margin);
            y_ += 3 * tenth;
        }
        text(TextBlock(document_.title, page_font(25, true), text_width - beside, colours_.text), margin);
        if (!document_.question.empty()) {
            y_ += 5 * tenth;
            text(TextBlock(document_.question, page_font(13.4), text_width, colours_.text), margin);
        }
        y_ += 4 * tenth;
        text(TextBlock(document_.line, page_font(note_size), text_width, colours_.muted), margin);
        y_ += 8 * tenth;
        if (painter_) {
            painter_->setPen(QPen(colours_.text, 1.6 * tenth));
            painter_->drawLine(QPointF(margin, y_), QPointF(page_width - margin, y_));
        }
        y_ += 14 * tenth;
    }

    TextBlock heading_text(const Heading& heading) const {
        return {heading.text, page_font(heading.level == 1 ? 17 : 12.6, true), text_width, colours_.text};
    }

    static double picture_scale(const Picture& picture) {
        const double widest = text_width / picture.width, tallest = (bottom - head) * 0.86 / picture.height;
        return std::min({widest, tallest, tenth});
    }

    double picture_height(const Picture& picture) const {
        double height = picture_scale(picture) * picture.height;
        if (!picture.title.empty()) height += 24 * tenth;
        if (!picture.caption.empty())
            height += 5 * tenth +
                      TextBlock(picture.caption, page_font(note_size), text_width, colours_.muted).height();
        return height;
    }

    /// What must stand on the same page as the heading above it.
    double beginning(std::size_t index) const {
        if (index >= document_.blocks.size()) return 0;
        const Block& block = document_.blocks[index];
        if (const auto* heading = std::get_if<Heading>(&block))
            return heading_text(*heading).height() + 20 * tenth + beginning(index + 1);
        if (const auto* picture = std::get_if<Picture>(&block)) return picture_height(*picture);
        if (const auto* table = std::get_if<Table>(&block)) {
            const TableLayout layout(*table, text_width);
            double height = layout.header_height();
            for (int row = 0; row < std::min(3, layout.rows()); ++row) height += layout.row_height(row);
            return height;
        }
        return 50 * tenth;
    }

    void place(const Heading& heading, std::size_t index) {
        const TextBlock block = heading_text(heading);
        space(heading.level == 1 ? 26 : 16);
        need(std::min(block.height() + 10 * tenth + beginning(index + 1), (bottom - head) * 0.95));
        if (heading.level == 1) outline_.push_back({heading.text, page_});
        text(block, margin);
        y_ += (heading.level == 1 ? 7 : 4) * tenth;
    }

    void place(const Paragraph& paragraph, std::size_t) {
        const bool note = paragraph.role == Paragraph::Role::note;
        space(6);
        text(TextBlock(paragraph.text, page_font(note ? note_size : body_size), text_width,
                       note ? colours_.muted : colours_.text),
             margin);
    }

    void place(const Bullets& bullets, std::size_t) {
        const double indent = 14 * tenth;
        for (const std::string& item : bullets.items) {
            space(4.5);
            const TextBlock block(item, page_font(body_size), text_width - indent, colours_.text);
            need(block.height_of(0, std::min(2, block.lines())));
            if (painter_)
                TextBlock("•", page_font(body_size), indent, colours_.muted)
                    .draw(*painter_, margin + 2 * tenth, y_);
            text(block, margin + indent);
        }
    }

    void place(const Tiles& tiles, std::size_t) {
        const double gap = 9 * tenth, inset = 9 * tenth;
        const auto count = static_cast<double>(tiles.tiles.size());
        const double width = (text_width - gap * (count - 1)) / count;
        std::vector<std::vector<TextBlock>> blocks;
        double height = 0;
        for (const Tiles::Tile& tile : tiles.tiles) {
            const QColor value = tile.tone == Tone::bad      ? colours_.bad
                                 : tile.tone == Tone::good   ? colours_.good
                                 : tile.tone == Tone::unsure ? colours_.unsure
                                                             : colours_.text;
            std::vector<TextBlock>& lines = blocks.emplace_back();
            const QString words =
                QFontMetricsF(page_font(17, true))
                    .elidedText(QString::fromStdString(tile.value), Qt::ElideRight, width - 2 * inset);
            lines.emplace_back(tile.label, page_font(9.2), width - 2 * inset, colours_.muted);
            lines.emplace_back(words.toStdString(), page_font(17, true), width - 2 * inset, value);
            if (!tile.note.empty())
                lines.emplace_back(tile.note, page_font(9.2), width - 2 * inset, colours_.muted);
            double sum = 0;
            for (const TextBlock& line : lines) sum += line.height();
            height = std::max(height, sum + 2 * inset);
        }
        need(height);
        for (std::size_t i = 0; painter_ && i < blocks.size(); ++i) {
            const double x = margin + static_cast<double>(i) * (width + gap);
            painter_->setPen(QPen(colours_.grid, 0.8 * tenth));
            painter_->setBrush(colours_.panel);
            painter_->drawRoundedRect(QRectF(x, y_, width, height), 5 * tenth, 5 * tenth);
            double y = y_ + inset;
            for (const TextBlock& line : blocks[i]) {
                line.draw(*painter_, x + inset, y);
                y += line.height();
            }
        }
        y_ += height;
    }

    void place(const Table& table, std::size_t) {
        const TableLayout layout(table, text_width);
        space(5);
        const auto header = [&] {
            if (painter_) layout.draw_header(*painter_, margin, y_);
            y_ += layout.header_height();
        };
        need(layout.header_height() + (layout.rows() > 0 ? layout.row_height(0) : 0));
        header();
        const double note_height =
            table.note.empty()
                ? 0
                : 5 * tenth +
                      TextBlock(table.note, page_font(note_size), text_width, colours_.muted).height();
        for (int row = 0; row < layout.rows(); ++row) {
            double together = layout.row_height(row);
            const bool before_totals = row + 1 + table.totals == layout.rows() && table.totals > 0;
            for (int sum = 0; before_totals && sum < table.totals; ++sum)
                together += layout.row_height(row + 1 + sum);
            if (row + 1 == layout.rows() || before_totals) together += std::min(note_height, 60 * tenth);
            if (y_ + together > bottom && !at_top()) {
                new_page();
                header();
            }
            if (painter_) layout.draw_row(*painter_, row, margin, y_);
            y_ += layout.row_height(row);
        }
        if (table.note.empty()) return;
        y_ += 5 * tenth;
        text(TextBlock(table.note, page_font(note_size), text_width, colours_.muted), margin);
    }

    void place(const Picture& picture, std::size_t) {
        space(14);
        need(picture_height(picture));
        if (!picture.title.empty()) {
            text(TextBlock(picture.title, page_font(11.2, true), text_width, colours_.text), margin);
            y_ = y_ + 5 * tenth;
        }
        const double scale = picture_scale(picture);
        if (painter_) {
            painter_->save();
            painter_->translate(margin + (text_width - picture.width * scale) / 2, y_);
            painter_->scale(scale, scale);
            paint(picture, *painter_);
            painter_->restore();
        }
        y_ += picture.height * scale;
        if (picture.caption.empty()) return;
        y_ += 5 * tenth;
        text(TextBlock(picture.caption, page_font(note_size), text_width, colours_.muted), margin);
    }

    const Document& document_;
    std::function<void()> turn_;  ///< to a fresh page
    QPainter* painter_;
    int pages_;
    std::vector<OutlineEntry> contents_;
    std::vector<PageLink> links_;
    const Palette& colours_ = palette(Theme::print);
    double y_ = head;
    int page_ = 0;
    std::vector<OutlineEntry> outline_;
};

}  // namespace

std::string pdf_of(const Document& document) {
    Flow counted(document, nullptr, nullptr, 0, {});
    const int pages = counted.run();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    std::vector<OutlineEntry> outline;
    std::vector<PageLink> links;
    {
        QPdfWriter device(&buffer);
        device.setPageSize(QPageSize(QPageSize::A4));
        device.setPageMargins(QMarginsF(0, 0, 0, 0));
        device.setResolution(resolution);
        QPainter painter(&device);
        painter.scale(resolution / (96 * tenth), resolution / (96 * tenth));
        Flow flow(
            document, [&] { device.newPage(); }, &painter, pages, counted.outline());
        flow.run();
        outline = flow.outline();
        links = flow.links();
    }
    return with_identity(buffer.data().toStdString(), {document.title, document.question, document.author},
                         outline, links);
}

std::deque<QPicture> pages_of(const Document& document) {
    Flow counted(document, {}, nullptr, 0, {});
    const int count = counted.run();
    std::deque<QPicture> pages(1);
    QPainter painter(&pages.back());
    const auto turn = [&] {
        painter.end();
        pages.emplace_back();
        painter.begin(&pages.back());
    };
    Flow(document, turn, &painter, count, counted.outline()).run();
    painter.end();
    return pages;
}

QSizeF page_size() { return {page_width, page_height}; }

}  // namespace headroom::report
