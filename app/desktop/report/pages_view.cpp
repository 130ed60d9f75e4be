#include "app/desktop/report/pages_view.h"

#include "app/report/pdf.h"

#include <QPaintEvent>
#include <QPainter>
#include <cmath>

namespace headroom::desktop {

namespace {

constexpr int page_width = 640, gap = 18;

int page_height() {
    const QSizeF size = report::page_size();
    return static_cast<int>(std::lround(page_width * size.height() / size.width()));
}

}  // namespace

PagesView::PagesView(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Pages of the report"));
    setMinimumWidth(page_width + 2 * gap);
}

void PagesView::show_pages(std::deque<QPicture> pages) {
    pages_ = std::move(pages);
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize PagesView::sizeHint() const { return {page_width + 2 * gap, gap + count() * (page_height() + gap)}; }

QRect PagesView::page_rect(int page) const {
    return {(width() - page_width) / 2, gap + page * (page_height() + gap), page_width, page_height()};
}

void PagesView::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing |
                           QPainter::SmoothPixmapTransform);
    const double scale = page_width / report::page_size().width();
    for (int page = 0; page < count(); ++page) {
        const QRect area = page_rect(page);
        if (!area.intersects(event->rect())) continue;
        painter.save();
        painter.fillRect(area, Qt::white);
        painter.setClipRect(area);
        painter.translate(area.topLeft());
        painter.scale(scale, scale);
        painter.drawPicture(0, 0, pages_[static_cast<std::size_t>(page)]);
        painter.restore();
        painter.setPen(palette().color(QPalette::Mid));
        painter.drawRect(area);
    }
}

}  // namespace headroom::desktop
