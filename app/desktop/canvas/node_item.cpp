#include "app/desktop/canvas/node_item.h"

#include "app/desktop/shell/appearance.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleOptionGraphicsItem>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

QColor color_of(Load load) {
    switch (load) {
        case Load::unknown:
            return theme().muted;
        case Load::calm:
            return theme().good;
        case Load::busy:
            return theme().caution;
        case Load::critical:
        case Load::overloaded:
            return theme().bad;
    }
    return theme().muted;
}

Qt::BrushStyle pattern_of(Load load) {
    switch (load) {
        case Load::busy:
            return Qt::BDiagPattern;
        case Load::critical:
            return Qt::DiagCrossPattern;
        case Load::overloaded:
            return Qt::Dense6Pattern;
        case Load::unknown:
        case Load::calm:
            break;
    }
    return Qt::NoBrush;
}

NodeItem::NodeItem(Overview overview) {
    setFlags(ItemIsSelectable | ItemIsMovable | ItemSendsGeometryChanges | ItemIsFocusable);
    setCursor(Qt::OpenHandCursor);
    setAcceptHoverEvents(true);
    setCacheMode(DeviceCoordinateCache);  // panning and live figures paint few nodes anew
    setZValue(1);
    set_overview(std::move(overview));
}

void NodeItem::set_overview(Overview overview) {
    if (overview == overview_ && !toolTip().isEmpty()) return;
    overview_ = std::move(overview);
    QString tip = QStringLiteral("<b>%1</b><br>%2")
                      .arg(overview_.id.toHtmlEscaped(), overview_.technology.toHtmlEscaped());
    if (!overview_.workload)
        tip += QStringLiteral("<br>") +
               tr("Utilisation %1, %2")
                   .arg(utilisation_text(overview_.utilisation), word_for(load_of(overview_.utilisation)));
    if (overview_.capacity < 1) tip += QStringLiteral("<br>") + capacity_text(overview_.capacity);
    if (overview_.scaled < 1) tip += QStringLiteral("<br>") + scaled_text(overview_.scaled);
    if (overview_.growth > 0)
        tip += QStringLiteral("<br>") + tr("The backlog %1").arg(growth_text(overview_.growth));
    if (!overview_.problem.isEmpty()) tip += QStringLiteral("<br>") + overview_.problem.toHtmlEscaped();
    setToolTip(tip);
    update();
}

QRectF NodeItem::boundingRect() const { return {-4, -16, width + 16, height + 24}; }

QPainterPath NodeItem::shape() const {
    QPainterPath path;
    path.addRoundedRect(QRectF(0, 0, width, height), 12, 12);
    path.addEllipse(QPointF(width, height / 2), port_reach, port_reach);
    return path;
}

bool NodeItem::is_far(const QPainter& painter) { return painter.worldTransform().m11() < 0.5; }

void NodeItem::paint_far(QPainter& painter, bool selected) const {
    const Theme& t = theme();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRectF body(0, 0, width, height);
    QPen outline(overview_.workload ? t.accent : t.border, 0);
    if (overview_.errors > 0 || overview_.bottleneck || overview_.capacity < 1) outline = QPen(t.bad, 8);
    if (selected) outline = QPen(t.accent, 10);
    painter.setPen(outline);
    painter.setBrush(overview_.workload ? t.accent_soft : t.surface);
    painter.drawRect(body);
    QFont font = painter.font();
    font.setPixelSize(30);
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(t.text);
    const bool with_load = !overview_.workload && load_of(overview_.utilisation) != Load::unknown;
    const QRectF line = body.adjusted(10, 4, -6, with_load ? -30 : -4);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(font).elidedText(overview_.id, Qt::ElideRight, line.width()));
    if (!with_load) return;
    const Load load = load_of(overview_.utilisation);
    QRectF bar(body.left() + 8, body.bottom() - 28, width - 16, 20);
    painter.fillRect(bar, t.sunken);
    if (std::isfinite(overview_.utilisation))
        bar.setWidth(std::max(5.0, bar.width() * std::clamp(overview_.utilisation, 0.0, 1.0)));
    painter.fillRect(bar, color_of(load));
    if (pattern_of(load) != Qt::NoBrush) painter.fillRect(bar, QBrush(t.surface, pattern_of(load)));
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* /*widget*/) {
    const Theme& t = theme();
    if (is_far(*painter)) return paint_far(*painter, option->state.testFlag(QStyle::State_Selected));
    painter->setRenderHint(QPainter::Antialiasing);
    const double radius = overview_.workload ? height / 2 : 12;
    const QRectF body(0, 0, width, height);

    QColor shadow(0, 0, 0, t.dark ? 70 : 22);
    painter->setPen(Qt::NoPen);
    painter->setBrush(shadow);
    painter->drawRoundedRect(body.translated(0, 3), radius, radius);

    QPen outline(overview_.workload ? t.accent : t.border, 1.2);
    if (overview_.errors > 0 || overview_.capacity < 1) outline = QPen(t.bad, 2, Qt::DashLine);
    if (option->state.testFlag(QStyle::State_Selected)) outline = QPen(t.accent, 2.4);
    painter->setPen(outline);
    painter->setBrush(overview_.workload ? t.accent_soft : t.surface);
    painter->drawRoundedRect(body, radius, radius);

    const double left = overview_.workload ? 20 : 14;
    const double middle = overview_.workload ? height / 2 : 31;
    const double ratio = std::min(
        4.0, painter->device()->devicePixelRatioF() * std::max(1.0, painter->worldTransform().m11()));
    const QPixmap icon = tinted_pixmap(overview_.icon, overview_.workload ? t.accent : t.text, 26, ratio);
    painter->drawPixmap(QPointF(left, middle - 13), icon);

    const double text_left = left + 36;
    const double text_width = width - text_left - (overview_.workload ? 14 : 12);
    QFont font = painter->font();
    font.setPointSizeF(font.pointSizeF() * 1.1);
    font.setBold(true);
    painter->setFont(font);
    painter->setPen(t.text);
    const QRectF first(text_left, middle - 20, text_width, 20);
    painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetricsF(font).elidedText(overview_.id, Qt::ElideRight, text_width));
    font.setBold(false);
    font.setPointSizeF(font.pointSizeF() * 0.87);
    painter->setFont(font);
    painter->setPen(t.muted);
    QString second = overview_.workload ? overview_.summary : overview_.technology;
    if (overview_.growth > 0) {
        second = growth_text(overview_.growth);
        painter->setPen(t.bad);
    }
    painter->drawText(first.translated(0, 19), Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetricsF(font).elidedText(second, Qt::ElideRight, text_width));
    if (!overview_.workload) paint_load(*painter);
    if (overview_.capacity < 1)
        paint_tag(*painter, capacity_text(overview_.capacity), t.bad);
    else if (overview_.scaled < 1)
        paint_tag(*painter, scaled_text(overview_.scaled), t.accent);
    else if (overview_.bottleneck)
        paint_tag(*painter, tr("bottleneck"), color_of(load_of(overview_.utilisation)));
    if (hovered_ || option->state.testFlag(QStyle::State_Selected)) {
        painter->setPen(QPen(t.accent, 1.6));
        painter->setBrush(t.surface);
        painter->drawEllipse(QPointF(width, height / 2), 6, 6);
    }

    if (overview_.errors + overview_.warnings > 0) {
        const bool error = overview_.errors > 0;
        painter->setPen(Qt::NoPen);
        painter->setBrush(t.surface);
        painter->drawEllipse(QPointF(width - 14, 14), 11, 11);
        painter->drawPixmap(QPointF(width - 23, 5),
                            tinted_pixmap(error ? QStringLiteral("error") : QStringLiteral("warning"),
                                          error ? t.bad : t.caution, 18, ratio));
    }
}

void NodeItem::paint_tag(QPainter& painter, const QString& text, const QColor& color) const {
    QFont font = painter.font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 0.9);
    painter.setFont(font);
    const QRectF tag(12, -13, QFontMetricsF(font).horizontalAdvance(text) + 16, 17);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(tag, 8, 8);
    painter.setPen(theme().on_accent);
    painter.drawText(tag, Qt::AlignCenter, text);
}

void NodeItem::hoverEnterEvent(QGraphicsSceneHoverEvent* event) {
    hovered_ = true;
    update();
    QGraphicsObject::hoverEnterEvent(event);
}

void NodeItem::hoverLeaveEvent(QGraphicsSceneHoverEvent* event) {
    hovered_ = false;
    update();
    QGraphicsObject::hoverLeaveEvent(event);
}

void NodeItem::paint_load(QPainter& painter) const {
    const Theme& t = theme();
    const Load load = load_of(overview_.utilisation);
    const QRectF track(14, height - 20, width - 28 - 54, 9);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.sunken);
    painter.drawRoundedRect(track, 4, 4);
    if (load != Load::unknown) {
        QRectF filled = track;
        const double share =
            std::isfinite(overview_.utilisation) ? std::clamp(overview_.utilisation, 0.0, 1.0) : 1;
        filled.setWidth(std::max(5.0, track.width() * share));
        painter.setBrush(color_of(load));
        painter.drawRoundedRect(filled, 4, 4);
        if (pattern_of(load) != Qt::NoBrush) {
            painter.setBrush(QBrush(t.surface, pattern_of(load)));
            painter.drawRoundedRect(filled, 4, 4);
        }
    }
    QFont font = painter.font();
    font.setBold(load == Load::critical || load == Load::overloaded);
    painter.setFont(font);
    painter.setPen(load == Load::unknown || load == Load::calm ? t.text : color_of(load));
    painter.drawText(QRectF(width - 70, height - 26, 58, 20), Qt::AlignRight | Qt::AlignVCenter,
                     utilisation_text(overview_.utilisation));
}

QVariant NodeItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemPositionHasChanged) emit moved();
    return QGraphicsObject::itemChange(change, value);
}

}  // namespace headroom::desktop
