#include "app/desktop/canvas/canvas.h"

#include "app/desktop/canvas/group_item.h"
#include "app/desktop/canvas/link_item.h"
#include "app/desktop/canvas/minimap.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QPaintEvent>
#include <QPainter>
#include <QPixmapCache>
#include <QtMath>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

Canvas::Canvas(QWidget* parent) : QGraphicsView(parent) {
    setObjectName(QStringLiteral("canvas"));
    setAccessibleName(tr("Topology"));
    setAccessibleDescription(
        tr("Arrow keys select the nearest component, Control with an arrow key moves it. The Table tab shows "
           "the same as text."));
    setScene(new QGraphicsScene(this));
    // Looking for what is to be painted in a tree of places pays only where nodes seldom move.
    scene()->setItemIndexMethod(QGraphicsScene::BspTreeIndex);
    setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
    setDragMode(QGraphicsView::RubberBandDrag);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setViewportUpdateMode(QGraphicsView::SmartViewportUpdate);
    setOptimizationFlags(DontSavePainterState);
    setFrameShape(QFrame::NoFrame);
    // Room for the kept pictures of some hundred nodes: with less, panning would paint them again and again.
    QPixmapCache::setCacheLimit(std::max(QPixmapCache::cacheLimit(), 64 * 1024));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // one zooms and pans
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(true);
    setMouseTracking(true);
    minimap_ = new Minimap(*this);
    connect(scene(), &QGraphicsScene::selectionChanged, this, [this] {
        if (!quiet_) emit selection_changed();
    });
    when_theme_changes(this, [this] {
        for (const auto& [id, item] : nodes_) item->update();  // their pictures are kept
        resetCachedContent();
        viewport()->update();
    });
}

Canvas::~Canvas() {
    scene()->disconnect(this);  // selected nodes leave the selection as they are destroyed
}

void Canvas::clear() {
    quiet_ = true;
    scene()->clear();
    nodes_.clear();
    links_.clear();
    links_at_.clear();
    groups_.clear();
    highlighted_.clear();
    drawing_.reset();
    fitted_ = false;
    quiet_ = false;
    minimap_->refresh();
}

void Canvas::show_picture(const Picture& picture) {
    const QStringList was_selected = selected_nodes();
    quiet_ = true;
    std::map<QString, NodeItem*> kept;
    for (const Overview& overview : picture.nodes) {
        NodeItem* item = nullptr;
        if (const auto old = nodes_.find(overview.id); old != nodes_.end()) {
            item = old->second;
            nodes_.erase(old);
            item->set_overview(overview);
        } else {
            item = new NodeItem(overview);
            scene()->addItem(item);
            connect(item, &NodeItem::moved, this, [this, item] {
                for (LinkItem* link : links_at_[item]) link->follow();
                for (GroupItem* group : groups_) group->follow();
            });
        }
        if (const auto place = picture.positions.find(overview.id.toStdString());
            place != picture.positions.end() && item != scene()->mouseGrabberItem())
            item->setPos(place->second.x, place->second.y);
        kept.emplace(overview.id, item);
    }
    nodes_.swap(kept);
    show_links(picture.links);  // before the nodes go that links lead to
    show_groups(picture.groups);
    for (const auto& [id, item] : kept) {
        links_at_.erase(item);
        scene()->removeItem(item);
        delete item;
    }
    quiet_ = false;
    fade();
    grow_scene();
    if (!fitted_ && !nodes_.empty() && isVisible()) fit();
    minimap_->refresh();
    if (selected_nodes() != was_selected) emit selection_changed();
}

void Canvas::show_links(const std::vector<LinkOverview>& links) {
    std::map<Ends, LinkItem*> kept;
    for (const LinkOverview& overview : links) {
        const Ends ends{overview.from, overview.to};
        if (node(overview.from) == nullptr || node(overview.to) == nullptr || kept.contains(ends)) continue;
        LinkItem* item = nullptr;
        if (const auto old = links_.find(ends); old != links_.end()) {
            item = old->second;
            links_.erase(old);
        } else {
            item = new LinkItem(*node(overview.from), *node(overview.to));
            scene()->addItem(item);
        }
        item->set_overview(overview);
        kept.emplace(ends, item);
    }
    links_.swap(kept);
    for (const auto& [ends, item] : kept) {
        scene()->removeItem(item);
        delete item;
    }
    links_at_.clear();
    for (const auto& [ends, item] : links_) {
        links_at_[node(ends.first)].push_back(item);
        links_at_[node(ends.second)].push_back(item);
        item->follow();
    }
}

void Canvas::show_groups(const std::vector<GroupOverview>& groups) {
    for (GroupItem* item : groups_) {
        scene()->removeItem(item);
        delete item;
    }
    groups_.clear();
    for (const GroupOverview& group : groups) {
        std::vector<const NodeItem*> members;
        for (const QString& id : group.members)
            if (const NodeItem* item = node(id)) members.push_back(item);
        if (members.empty()) continue;
        groups_.push_back(new GroupItem(group.name, std::move(members)));
        scene()->addItem(groups_.back());
    }
}

void Canvas::grow_scene() {
    // Room around the nodes to drag them into.
    scene()->setSceneRect(scene()->itemsBoundingRect().adjusted(-600, -400, 600, 400));
}

QString Canvas::selected() const {
    for (const auto& [id, item] : nodes_)
        if (item->isSelected()) return id;
    return {};
}

QStringList Canvas::selected_nodes() const {
    QStringList ids;
    for (const auto& [id, item] : nodes_)
        if (item->isSelected()) ids << id;
    return ids;
}

std::vector<std::pair<QString, QString>> Canvas::selected_links() const {
    std::vector<Ends> all;
    for (const auto& [ends, item] : links_)
        if (item->isSelected()) all.push_back(ends);
    return all;
}

NodeItem* Canvas::node(const QString& id) const {
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? nullptr : found->second;
}

LinkItem* Canvas::link(const QString& from, const QString& to) const {
    const auto found = links_.find({from, to});
    return found == links_.end() ? nullptr : found->second;
}

void Canvas::select(const QString& id) {
    if (selected_nodes() == QStringList{id} && selected_links().empty()) return;
    select_nodes(id.isEmpty() ? QStringList() : QStringList{id});
    if (const NodeItem* item = node(id)) ensureVisible(item, 30, 30);
}

void Canvas::select_nodes(const QStringList& ids) {
    quiet_ = true;
    scene()->clearSelection();
    for (const QString& id : ids)
        if (NodeItem* item = node(id)) item->setSelected(true);
    quiet_ = false;
    emit selection_changed();
}

void Canvas::select_link(const QString& from, const QString& to) {
    quiet_ = true;
    scene()->clearSelection();
    if (LinkItem* item = link(from, to)) item->setSelected(true);
    quiet_ = false;
    emit selection_changed();
}

void Canvas::select_everything() {
    QStringList ids;
    for (const auto& [id, item] : nodes_) ids << id;
    select_nodes(ids);
}

void Canvas::find(const QString& id) {
    select(id);
    if (const NodeItem* item = node(id)) centerOn(item);
}

void Canvas::highlight(const QStringList& ids) {
    highlighted_ = ids;
    fade();
}

void Canvas::fade() {
    for (const auto& [id, item] : nodes_)
        item->setOpacity(highlighted_.isEmpty() || highlighted_.contains(id) ? 1 : 0.3);
    for (const auto& [ends, item] : links_)
        item->setOpacity(highlighted_.isEmpty() ||
                                 (highlighted_.contains(ends.first) && highlighted_.contains(ends.second))
                             ? 1
                             : 0.3);
}

void Canvas::zoom(double factor) {
    const double now = transform().m11();
    factor = std::clamp(now * factor, 0.05, 4.0) / now;
    scale(factor, factor);
    emit view_changed();
}

void Canvas::fit() {
    if (nodes_.empty()) return;
    const QRectF all = scene()->itemsBoundingRect().adjusted(-22, -30, 22, 30);
    fitInView(all, Qt::KeepAspectRatio);
    if (transform().m11() > 1.25) {
        resetTransform();
        scale(1.25, 1.25);
        centerOn(all.center());
    }
    fitted_ = true;
    emit view_changed();
}

void Canvas::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    minimap_->take_place();
    if (!nodes_.empty()) fit();
}

void Canvas::scrollContentsBy(int dx, int dy) {
    QGraphicsView::scrollContentsBy(dx, dy);
    emit view_changed();
}

Positions Canvas::places() const {
    Positions places;
    for (const auto& [id, item] : nodes_) places[id.toStdString()] = {item->x(), item->y()};
    return places;
}

Positions Canvas::arranged(Arrange how) const {
    std::vector<NodeItem*> items;
    for (const auto& [id, item] : nodes_)
        if (item->isSelected()) items.push_back(item);
    if (items.size() < 2) return {};
    const bool sideways =
        how == Arrange::left || how == Arrange::centre || how == Arrange::right || how == Arrange::across;
    const auto along = [&](const NodeItem* item) { return sideways ? item->x() : item->y(); };
    std::sort(items.begin(), items.end(),
              [&](const NodeItem* a, const NodeItem* b) { return along(a) < along(b); });
    const double first = along(items.front()), last = along(items.back());
    Positions to;
    for (std::size_t i = 0; i < items.size(); ++i) {
        double place = first;
        if (how == Arrange::right || how == Arrange::bottom) place = last;
        if (how == Arrange::centre || how == Arrange::middle)
            place = std::round((first + last) / 2 / grid) * grid;
        if (how == Arrange::across || how == Arrange::down)
            place = std::round((first + (last - first) * static_cast<double>(i) /
                                            static_cast<double>(items.size() - 1)) /
                               grid) *
                    grid;
        const QString& id = items[i]->overview().id;
        to[id.toStdString()] =
            sideways ? model::Position{place, items[i]->y()} : model::Position{items[i]->x(), place};
    }
    return to;
}

QPointF Canvas::free_place() const {
    QPointF place = mapToScene(viewport()->rect().center());
    place = {std::round(place.x() / grid) * grid, std::round(place.y() / grid) * grid};
    const auto taken = [&](const auto& node) {
        return std::abs(node.second->x() - place.x()) < NodeItem::width &&
               std::abs(node.second->y() - place.y()) < NodeItem::height;
    };
    while (std::any_of(nodes_.begin(), nodes_.end(), taken)) place += QPointF(0, NodeItem::height + 2 * grid);
    return place;
}

void Canvas::paintEvent(QPaintEvent* event) {
    // Panning shows strips at two edges. Each is painted by itself: what holds both is the whole view.
    const QRegion region = event->region();
    if (region.rectCount() > 16) return QGraphicsView::paintEvent(event);
    for (const QRect& part : region) {
        QPaintEvent one(part);
        QGraphicsView::paintEvent(&one);
    }
}

void Canvas::drawBackground(QPainter* painter, const QRectF& rect) {
    painter->setClipRect(rect);  // for the items, too: what is painted twice has thick edges
    painter->fillRect(rect, theme().window);
    if (NodeItem::is_far(*painter)) return draw_links_from_afar(*painter, rect);
    QColor dot = theme().border;
    painter->setPen(QPen(dot, 1.4, Qt::SolidLine, Qt::RoundCap));
    constexpr int spacing = static_cast<int>(grid) * 2;
    const QRect cells(QPoint(qFloor(rect.left() / spacing), qFloor(rect.top() / spacing)),
                      QPoint(qCeil(rect.right() / spacing), qCeil(rect.bottom() / spacing)));
    QList<QPointF> dots;
    for (int x = cells.left(); x <= cells.right(); ++x)
        for (int y = cells.top(); y <= cells.bottom(); ++y) dots << QPointF(x * spacing, y * spacing);
    painter->drawPoints(dots.constData(), static_cast<int>(dots.size()));
}

void Canvas::draw_links_from_afar(QPainter& painter, const QRectF& rect) const {
    // Thin lines gain nothing from smooth edges, and a thousand items of their own cost more than a frame.
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRectF seen = rect.adjusted(-4, -4, 4, 4);
    for (const bool faded : {true, false}) {
        QList<QLineF> lines;
        for (const auto& [ends, item] : links_)
            if ((item->opacity() < 1) == faded && !item->isSelected() &&
                item->boundingRect().intersects(seen))
                lines << item->pieces();
        QColor color = theme().muted;
        if (faded) color.setAlphaF(0.3F);
        painter.setPen(QPen(color, 0));
        painter.drawLines(lines);
    }
}

void Canvas::drawForeground(QPainter* painter, const QRectF& rect) {
    QGraphicsView::drawForeground(painter, rect);
    if (!drawing_) return;
    const NodeItem* from = node(drawing_->from);
    if (from == nullptr) return;
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor color = drawing_->to.isEmpty()       ? theme().muted
                         : drawing_->reason.isEmpty() ? theme().accent
                                                      : theme().bad;
    painter->setPen(QPen(color, 2, drawing_->reason.isEmpty() ? Qt::SolidLine : Qt::DashLine));
    painter->drawLine(from->out_port(), drawing_->end);
    if (const NodeItem* to = node(drawing_->to)) {
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(
            QRectF(to->pos(), QSizeF(NodeItem::width, NodeItem::height)).adjusted(-4, -4, 4, 4), 14, 14);
    }
}

}  // namespace headroom::desktop
