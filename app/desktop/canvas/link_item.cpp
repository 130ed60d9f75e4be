#include "app/desktop/canvas/link_item.h"

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleOptionGraphicsItem>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

namespace {

/// A curve is drawn as so many straight pieces; from far away as every fourth point of them.
constexpr int pieces_of_a_curve = 24, coarse = 4;

}  // namespace

LinkItem::LinkItem(const NodeItem& from, const NodeItem& to) : from_(from), to_(to) {
    setFlag(ItemUsesExtendedStyleOption);  // paints no more of itself than is to be seen
    follow();
}

void LinkItem::add_curve(QPointF from, QPointF control, QPointF other, QPointF to) {
    if (line_.isEmpty()) line_ << from;
    for (int i = 1; i <= pieces_of_a_curve; ++i) {
        const double t = static_cast<double>(i) / pieces_of_a_curve, s = 1 - t;
        line_ << s * s * s * from + 3 * s * s * t * control + 3 * s * t * t * other + t * t * t * to;
    }
}

void LinkItem::follow() {
    prepareGeometryChange();
    const QPointF start = from_.out_port();
    const QPointF end = to_.in_port() - QPointF(9, 0);
    line_.clear();
    if (end.x() >= start.x() + 8) {
        const double reach = std::max(28.0, (end.x() - start.x()) * 0.5);
        add_curve(start, start + QPointF(reach, 0), end - QPointF(reach, 0), end);
    } else {
        // Backwards: leaves and arrives as every arrow does, and passes below both nodes.
        const double below = std::max(from_.pos().y(), to_.pos().y()) + NodeItem::height + 34;
        const QPointF turn((start.x() + end.x()) / 2, below);
        add_curve(start, start + QPointF(60, 0), QPointF(start.x() + 60, below), turn);
        add_curve(turn, QPointF(end.x() - 60, below), end - QPointF(60, 0), end);
    }
    middle_ = line_[line_.size() / 2];
    const QPointF tip = end + QPointF(9, 0);
    head_ = QPolygonF({tip, end + QPointF(-2, -5), end + QPointF(-2, 5)});
    pieces_ = {QLineF(tip - QPointF(14, 8), tip), QLineF(tip - QPointF(14, -8), tip)};
    for (qsizetype i = 0; i + coarse < line_.size(); i += coarse)
        pieces_ << QLineF(line_[i], line_[i + coarse]);
    bounds_ = line_.boundingRect().united(head_.boundingRect()).united(label()).adjusted(-4, -4, 4, 4);
}

void LinkItem::set_overview(LinkOverview overview) {
    if (overview == overview_) return;
    prepareGeometryChange();
    overview_ = std::move(overview);
    bounds_ |= label();
    setToolTip(overview_.tip);
    setFlag(ItemIsSelectable, !overview_.routed);  // routing is a parameter, edited in the inspector
    update();
}

QRectF LinkItem::label() const {
    constexpr double width = 92, height = 16;
    if (overview_.text.isEmpty()) return {};
    return {middle_ - QPointF(width / 2, height + 3), QSizeF(width, height)};
}

QRectF LinkItem::boundingRect() const { return bounds_; }

QPainterPath LinkItem::shape() const {
    QPainterPath path, head;
    path.addPolygon(line_);
    head.addPolygon(head_);
    QPainterPathStroker stroker;
    stroker.setWidth(12);
    return stroker.createStroke(path).united(head);
}

void LinkItem::draw_run(QPainter& painter, qsizetype first, qsizetype last, double apart) const {
    if (apart <= 0)
        return painter.drawPolyline(line_.constData() + first, static_cast<int>(last - first + 1));
    QPolygonF sides[2];
    for (qsizetype i = first; i <= last; ++i) {
        const QPointF along = line_[std::min(i + 1, line_.size() - 1)] - line_[std::max(i - 1, qsizetype{0})];
        const double length = std::hypot(along.x(), along.y());
        const QPointF aside = length > 0 ? QPointF(-along.y(), along.x()) * (apart / 2 / length) : QPointF();
        sides[0] << line_[i] + aside;
        sides[1] << line_[i] - aside;
    }
    for (const QPolygonF& side : sides) painter.drawPolyline(side);
}

void LinkItem::draw_line(QPainter& painter, const QRectF& exposed, const QColor& color, double width) const {
    if (overview_.routed) {
        painter.setPen(QPen(color, width, Qt::DashLine));  // dashes begin at the beginning
        return painter.drawPolyline(line_);
    }
    // A pen of one pixel is drawn in a way of its own, several times as fast; two of them side by side are as
    // wide as the line nearly always is.
    const double pixel = 1 / painter.deviceTransform().m11();
    const bool thin = width < 2.2 * pixel;
    const double apart = thin ? std::max(0.0, width - pixel) : 0;
    painter.setPen(QPen(color, thin ? 0 : width));
    // Only what is to be seen: of the curves across a canvas, panning shows a strip.
    qsizetype first = -1;
    for (qsizetype i = 0; i + 1 < line_.size(); ++i) {
        const QRectF piece = QRectF(line_[i], line_[i + 1]).normalized().adjusted(-2, -2, 2, 2);
        const bool seen = piece.intersects(exposed);
        if (seen && first < 0) first = i;
        const bool ends = !seen || i + 2 == line_.size();
        if (first < 0 || !ends) continue;
        draw_run(painter, first, seen ? i + 1 : i, apart);
        first = -1;
    }
}

void LinkItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) {
    const double scale = painter->worldTransform().m11();
    const bool selected = option->state.testFlag(QStyle::State_Selected);
    // From far away the canvas draws all of them at once.
    if (widget != nullptr && NodeItem::is_far(*painter) && !selected) return;
    const QColor color = selected ? theme().accent : theme().muted;
    const double width = selected ? 2.8 : 1.8;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    draw_line(*painter, option->exposedRect, color, width);
    if (head_.boundingRect().intersects(option->exposedRect)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawPolygon(head_);
    }
    if (overview_.text.isEmpty() || scale < 0.5 || !label().intersects(option->exposedRect)) return;
    const QFont usual = painter->font();  // not put back by the view
    QFont font = usual;
    font.setPixelSize(static_cast<int>(std::clamp(8.5 / scale, 11.0, 15.0)));  // legible from farther away
    painter->setFont(font);
    painter->setPen(theme().muted);
    painter->drawText(label(), Qt::AlignCenter, overview_.text);
    painter->setFont(usual);
}

}  // namespace headroom::desktop
