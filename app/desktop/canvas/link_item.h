#pragma once
// An arrow between two nodes; it follows them.

#include "app/desktop/document/overview.h"

#include <QGraphicsItem>
#include <QLineF>
#include <QList>
#include <QPainterPath>

namespace headroom::desktop {

class NodeItem;

class LinkItem final : public QGraphicsItem {
public:
    LinkItem(const NodeItem& from, const NodeItem& to);
    void follow();
    void set_overview(LinkOverview overview);
    const LinkOverview& overview() const { return overview_; }
    /// As straight pieces, for a view from far away.
    const QList<QLineF>& pieces() const { return pieces_; }

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QRectF label() const;

    const NodeItem& from_;
    const NodeItem& to_;
    LinkOverview overview_;
    QPainterPath path_, head_;
    QList<QLineF> pieces_;
    QRectF bounds_;
    QPointF middle_;
};

}  // namespace headroom::desktop
