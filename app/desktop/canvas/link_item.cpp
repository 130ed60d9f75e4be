#include "app/desktop/canvas/link_item.h"

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

LinkItem::LinkItem(const NodeItem& from, const NodeItem& to) : from_(from), to_(to) { follow(); }

void LinkItem::follow() {
    prepareGeometryChange();
    const QPointF start = from_.out_port();
    const QPointF end = to_.in_port() - QPointF(9, 0);
    path_ = QPainterPath(start);
    if (end.x() >= start.x() + 8) {
        const double reach = std::max(28.0, (end.x() - start.x()) * 0.5);
        path_.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end);
    } else {
        // Backwards: leaves and arrives as every arrow does, and passes below both nodes.
        const double below = std::max(from_.pos().y(), to_.pos().y()) + NodeItem::height + 34;
        const QPointF turn((start.x() + end.x()) / 2, below);
        path_.cubicTo(start + QPointF(60, 0), QPointF(start.x() + 60, below), turn);
        path_.cubicTo(QPointF(end.x() - 60, below), end - QPointF(60, 0), end);
    }
    head_ = QPainterPath(end + QPointF(9, 0));
    head_.lineTo(end + QPointF(-2, -5));
    head_.lineTo(end + QPointF(-2, 5));
    head_.closeSubpath();
}

QRectF LinkItem::boundingRect() const {
    return path_.boundingRect().united(head_.boundingRect()).adjusted(-3, -3, 3, 3);
}

void LinkItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor color = theme().muted;
    painter->setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(path_);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPath(head_);
}

}  // namespace headroom::desktop
