#pragma once
// An arrow between two nodes; it follows them.

#include "app/desktop/document/overview.h"

#include <QGraphicsItem>
#include <QLineF>
#include <QList>
#include <QPolygonF>

namespace headroom::desktop {

class NodeItem;

class LinkItem final : public QGraphicsItem {
public:
    LinkItem(const NodeItem& from, const NodeItem& to);
    void follow();
    void set_overview(LinkOverview overview);
    const LinkOverview& overview() const { return overview_; }
    /// As few straight pieces and a head, for a view from far away.
    const QList<QLineF>& pieces() const { return pieces_; }

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QRectF label() const;
    void add_curve(QPointF from, QPointF control, QPointF other, QPointF to);
    void draw_line(QPainter& painter, const QRectF& exposed, const QColor& color, double width) const;
    /// The points from `first` to `last`: as one line, or as two that are `apart`.
    void draw_run(QPainter& painter, qsizetype first, qsizetype last, double apart) const;

    const NodeItem& from_;
    const NodeItem& to_;
    LinkOverview overview_;
    QPolygonF line_;  ///< close enough to a curve
    QPolygonF head_;
    QList<QLineF> pieces_;
    QRectF bounds_;
    QPointF middle_;
};

}  // namespace headroom::desktop
