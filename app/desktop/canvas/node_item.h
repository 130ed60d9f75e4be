#pragma once
// One workload or component on the canvas.

#include "app/desktop/document/overview.h"

#include <QGraphicsObject>

namespace headroom::desktop {

class NodeItem final : public QGraphicsObject {
    Q_OBJECT

public:
    static constexpr double width = 178, height = 84;
    /// From so far away that names and figures of the usual size could not be read: only what matters is
    /// drawn, and larger.
    static bool is_far(const QPainter& painter);
    static constexpr double port_reach = 10;  ///< around the port, from where a link is drawn

    explicit NodeItem(Overview overview);
    const Overview& overview() const { return overview_; }
    void set_overview(Overview overview);
    QPointF in_port() const { return pos() + QPointF(0, height / 2); }
    QPointF out_port() const { return pos() + QPointF(width, height / 2); }

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

signals:
    void moved();  ///< while it is dragged, too

protected:
    void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
    void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

private:
    void paint_far(QPainter& painter, bool selected) const;
    void paint_load(QPainter& painter) const;
    void paint_tag(QPainter& painter, const QString& text, const QColor& color) const;

    Overview overview_;
    bool hovered_ = false;
};

/// Colour and pattern of a load, the same wherever it is drawn.
QColor color_of(Load load);
Qt::BrushStyle pattern_of(Load load);

}  // namespace headroom::desktop
