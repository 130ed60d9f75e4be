#pragma once
// A named frame around some of the nodes; it follows them.

#include <QGraphicsItem>
#include <QString>
#include <vector>

namespace headroom::desktop {

class NodeItem;

class GroupItem final : public QGraphicsItem {
public:
    GroupItem(QString name, std::vector<const NodeItem*> members);
    void follow();

    QRectF boundingRect() const override { return frame_.adjusted(-2, -2, 2, 2); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QString name_;
    std::vector<const NodeItem*> members_;
    QRectF frame_;
};

}  // namespace headroom::desktop
