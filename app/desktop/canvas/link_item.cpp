#include "app/desktop/canvas/link_item.h"

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QPainter>
#include <QStyleOptionGraphicsItem>
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
    middle_ = path_.pointAtPercent(0.5);
    head_ = QPainterPath(end + QPointF(9, 0));
    head_.lineTo(end + QPointF(-2, -5));
    head_.lineTo(end + QPointF(-2, 5));
    head_.closeSubpath();
    pieces_.clear();
    constexpr int count = 8;
    for (int i = 0; i < count; ++i)
        pieces_ << QLineF(path_.pointAtPercent(double(i) / count),
                          path_.pointAtPercent(double(i + 1) / count));
    const QPointF tip = end + QPointF(9, 0);
    pieces_ << QLineF(tip - QPointF(14, 8), tip) << QLineF(tip - QPointF(14, -8), tip);
}

void LinkItem::set_overview(LinkOverview overview) {
    if (overview == overview_) return;
    prepareGeometryChange();
    overview_ = std::move(overview);
    setToolTip(overview_.tip);
    setFlag(ItemIsSelectable, !overview_.routed);  // routing is a parameter, edited in the inspector
    update();
}

QRectF LinkItem::label() const {
    constexpr double width = 92, height = 16;
    if (overview_.text.isEmpty()) return {};
    return {middle_ - QPointF(width / 2, height + 3), QSizeF(width, height)};
}

QRectF LinkItem::boundingRect() const {
    return path_.boundingRect().united(head_.boundingRect()).united(label()).adjusted(-4, -4, 4, 4);
}

QPainterPath LinkItem::shape() const {
    QPainterPathStroker stroker;
    stroker.setWidth(12);
    return stroker.createStroke(path_).united(head_);
}

void LinkItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) {
    const double scale = painter->worldTransform().m11();
    const bool selected = option->state.testFlag(QStyle::State_Selected);
    // From far away the canvas draws all of them at once.
    if (widget != nullptr && NodeItem::is_far(*painter) && !selected) return;
    const QColor color = selected ? theme().accent : theme().muted;
    const double width = selected ? 2.8 : 1.8;
    painter->setPen(QPen(color, width, overview_.routed ? Qt::DashLine : Qt::SolidLine));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(path_);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPath(head_);
    if (overview_.text.isEmpty() || scale < 0.6) return;
    QFont font = painter->font();
    font.setPointSizeF(font.pointSizeF() * 0.82);
    painter->setFont(font);
    painter->setPen(theme().muted);
    painter->drawText(label(), Qt::AlignCenter, overview_.text);
}

}  // namespace headroom::desktop
