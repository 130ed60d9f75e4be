#include "app/desktop/canvas/group_item.h"

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QPainter>

namespace headroom::desktop {

GroupItem::GroupItem(QString name, std::vector<const NodeItem*> members)
    : name_(std::move(name)), members_(std::move(members)) {
    setZValue(-1);
    follow();
}

void GroupItem::follow() {
    prepareGeometryChange();
    frame_ = {};
    for (const NodeItem* member : members_)
        frame_ |= QRectF(member->pos(), QSizeF(NodeItem::width, NodeItem::height));
    frame_.adjust(-18, -34, 18, 18);
}

void GroupItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    QColor ground = theme().accent_soft;
    ground.setAlphaF(0.35F);
    painter->setPen(QPen(theme().border, 1.4, Qt::DashLine));
    painter->setBrush(ground);
    painter->drawRoundedRect(frame_, 16, 16);
    const QFont usual = painter->font();  // not put back by the view
    QFont font = usual;
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 0.95);
    painter->setFont(font);
    painter->setPen(theme().muted);
    painter->drawText(frame_.adjusted(16, 7, -16, 0), Qt::AlignLeft | Qt::AlignTop, name_);
    painter->setFont(usual);
}

}  // namespace headroom::desktop
