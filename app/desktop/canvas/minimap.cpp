#include "app/desktop/canvas/minimap.h"

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace headroom::desktop {

namespace {
constexpr QSize size_of_map(190, 130);
constexpr double margin = 8;
}  // namespace

Minimap::Minimap(Canvas& canvas) : QWidget(&canvas), canvas_(canvas) {
    setObjectName(QStringLiteral("minimap"));
    setAccessibleName(tr("Overview of the topology"));
    setFixedSize(size_of_map);
    setCursor(Qt::PointingHandCursor);
    hide();
    connect(&canvas_, &Canvas::view_changed, this, [this] {
        show_if_needed();
        update();
    });
    when_theme_changes(this, [this] { refresh(); });
}

void Minimap::take_place() { move(canvas_.width() - width() - 14, canvas_.height() - height() - 14); }

double Minimap::factor() const {
    if (all_.isEmpty()) return 1;
    return std::min((width() - 2 * margin) / all_.width(), (height() - 2 * margin) / all_.height());
}

void Minimap::show_if_needed() {
    const QRectF seen = canvas_.mapToScene(canvas_.viewport()->rect()).boundingRect();
    setVisible(!all_.isEmpty() && !seen.contains(all_));
}

void Minimap::refresh() {
    all_ = {};
    for (const auto& [id, place] : canvas_.places())
        all_ |= QRectF(place.x, place.y, NodeItem::width, NodeItem::height);
    const double ratio = devicePixelRatioF();
    nodes_ = QPixmap(size() * ratio);
    nodes_.setDevicePixelRatio(ratio);
    nodes_.fill(Qt::transparent);
    QPainter painter(&nodes_);
    painter.setRenderHint(QPainter::Antialiasing);
    const double scale = factor();
    for (const auto& [id, place] : canvas_.places()) {
        const Overview& one = canvas_.node(QString::fromStdString(id))->overview();
        painter.setPen(Qt::NoPen);
        painter.setBrush(one.workload ? theme().accent : color_of(load_of(one.utilisation)));
        painter.drawRect(QRectF(margin + (place.x - all_.x()) * scale, margin + (place.y - all_.y()) * scale,
                                std::max(2.0, NodeItem::width * scale),
                                std::max(2.0, NodeItem::height * scale)));
    }
    show_if_needed();
    update();
}

void Minimap::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = theme().surface;
    ground.setAlphaF(0.92F);
    painter.setPen(theme().border);
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    painter.drawPixmap(0, 0, nodes_);
    const QRectF seen = canvas_.mapToScene(canvas_.viewport()->rect()).boundingRect();
    const double scale = factor();
    const QRectF frame(margin + (seen.x() - all_.x()) * scale, margin + (seen.y() - all_.y()) * scale,
                       seen.width() * scale, seen.height() * scale);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme().accent, 1.6));
    painter.drawRect(frame.intersected(QRectF(rect()).adjusted(2, 2, -2, -2)));
}

void Minimap::go_to(QPointF place) {
    canvas_.centerOn(all_.topLeft() + (place - QPointF(margin, margin)) / factor());
}

void Minimap::mousePressEvent(QMouseEvent* event) { go_to(event->position()); }

void Minimap::mouseMoveEvent(QMouseEvent* event) { go_to(event->position()); }

}  // namespace headroom::desktop
