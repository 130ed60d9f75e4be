#include "app/desktop/canvas/thumbnail.h"

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/canvas/link_item.h"
#include "app/desktop/canvas/node_item.h"

#include <QGraphicsScene>
#include <QPainter>
#include <map>

namespace headroom::desktop {

QPixmap topology_thumbnail(const model::Scenario& scenario, const model::Catalog& catalog, QSize size,
                           double device_pixel_ratio) {
    QPixmap picture(size * device_pixel_ratio);
    picture.setDevicePixelRatio(device_pixel_ratio);
    picture.fill(Qt::transparent);
    QGraphicsScene scene;
    std::map<std::string, NodeItem*> nodes;
    const auto positions = model::lay_out(scenario, Canvas::layout_options());
    for (Overview& overview : overview_of(scenario, catalog, nullptr, {})) {
        const std::string id = overview.id.toStdString();
        auto* node = new NodeItem(std::move(overview));
        if (const auto place = positions.find(id); place != positions.end())
            node->setPos(place->second.x, place->second.y);
        scene.addItem(node);
        nodes[id] = node;
    }
    for (const model::Link& link : scenario.links)
        if (nodes.contains(link.from) && nodes.contains(link.to))
            scene.addItem(new LinkItem(*nodes[link.from], *nodes[link.to]));
    QRectF all = scene.itemsBoundingRect().adjusted(-8, -8, 8, 8);
    // A lone queue is not blown up beyond its natural size.
    const double widest = size.width() * 1.6;
    if (all.width() < widest) all.adjust(-(widest - all.width()) / 2, 0, (widest - all.width()) / 2, 0);
    QPainter painter(&picture);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    scene.render(&painter, QRectF(QPointF(0, 0), size), all, Qt::KeepAspectRatio);
    return picture;
}

}  // namespace headroom::desktop
