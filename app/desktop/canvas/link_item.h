#pragma once
// An arrow between two nodes; it follows them.

#include <QGraphicsItem>
#include <QPainterPath>

namespace headroom::desktop {

class NodeItem;

class LinkItem final : public QGraphicsItem {
public:
    LinkItem(const NodeItem& from, const NodeItem& to);
    void follow();

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    const NodeItem& from_;
    const NodeItem& to_;
    QPainterPath path_, head_;
};

}  // namespace headroom::desktop
