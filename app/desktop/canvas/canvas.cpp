#include "app/desktop/canvas/canvas.h"

#include "app/desktop/canvas/link_item.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>
#include <QtMath>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

namespace {
constexpr double grid = 20;
}

Canvas::Canvas(QWidget* parent) : QGraphicsView(parent) {
    setObjectName(QStringLiteral("canvas"));
    setAccessibleName(tr("Topology"));
    setAccessibleDescription(
        tr("Arrow keys select the nearest component, Control with an arrow key moves it. The Table tab shows "
           "the same as text."));
    setScene(new QGraphicsScene(this));
    setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
    setDragMode(QGraphicsView::RubberBandDrag);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // one zooms and pans
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(false);
    connect(scene(), &QGraphicsScene::selectionChanged, this, [this] {
        if (!quiet_) emit selection_changed(selected());
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
    fitted_ = false;
    quiet_ = false;
}

void Canvas::show_topology(const std::vector<Overview>& nodes, const std::vector<model::Link>& links,
                           const Positions& positions) {
    const QString was_selected = selected();
    quiet_ = true;
    for (LinkItem* link : links_) {
        scene()->removeItem(link);
        delete link;
    }
    links_.clear();
    std::map<QString, NodeItem*> kept;
    for (const Overview& overview : nodes) {
        NodeItem* item = nullptr;
        if (const auto old = nodes_.find(overview.id); old != nodes_.end()) {
            item = old->second;
            nodes_.erase(old);
            item->set_overview(overview);
        } else {
            item = new NodeItem(overview);
            scene()->addItem(item);
            connect(item, &NodeItem::moved, this, [this] {
                for (LinkItem* link : links_) link->follow();
            });
        }
        if (const auto place = positions.find(overview.id.toStdString()); place != positions.end())
            item->setPos(place->second.x, place->second.y);
        kept.emplace(overview.id, item);
    }
    for (const auto& [id, item] : nodes_) {
        scene()->removeItem(item);
        delete item;
    }
    nodes_ = std::move(kept);
    for (const model::Link& link : links) {
        const auto from = nodes_.find(QString::fromStdString(link.from));
        const auto to = nodes_.find(QString::fromStdString(link.to));
        if (from == nodes_.end() || to == nodes_.end()) continue;
        links_.push_back(new LinkItem(*from->second, *to->second));
        scene()->addItem(links_.back());
    }
    quiet_ = false;
    grow_scene();
    if (!fitted_ && !nodes_.empty() && isVisible()) fit();
    if (selected() != was_selected) emit selection_changed(selected());
    viewport()->update();
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

NodeItem* Canvas::node(const QString& id) const {
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? nullptr : found->second;
}

void Canvas::select(const QString& id) {
    if (selected() == id) return;
    quiet_ = true;
    scene()->clearSelection();
    if (NodeItem* item = node(id)) {
        item->setSelected(true);
        ensureVisible(item, 30, 30);
    }
    quiet_ = false;
    emit selection_changed(selected());
}

void Canvas::zoom(double factor) {
    const double now = transform().m11();
    factor = std::clamp(now * factor, 0.1, 4.0) / now;
    scale(factor, factor);
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
}

void Canvas::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    if (!nodes_.empty()) fit();
}

void Canvas::wheelEvent(QWheelEvent* event) {
    if (event->modifiers().testFlag(Qt::ControlModifier) || event->modifiers() == Qt::NoModifier) {
        zoom(std::pow(1.0015, event->angleDelta().y()));
        event->accept();
    } else {
        QGraphicsView::wheelEvent(event);
    }
}

void Canvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::MiddleButton ||
        (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier))) {
        panning_ = true;
        pan_from_ = event->pos();
        viewport()->setCursor(Qt::ClosedHandCursor);
        event->accept();
        return;
    }
    before_ = places();
    QGraphicsView::mousePressEvent(event);
}

void Canvas::mouseMoveEvent(QMouseEvent* event) {
    if (panning_) {
        const QPoint by = event->pos() - pan_from_;
        pan_from_ = event->pos();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
        return;
    }
    QGraphicsView::mouseMoveEvent(event);
}

void Canvas::mouseReleaseEvent(QMouseEvent* event) {
    if (panning_) {
        panning_ = false;
        viewport()->unsetCursor();
        return;
    }
    QGraphicsView::mouseReleaseEvent(event);
    report_moves();
}

Positions Canvas::places() const {
    Positions places;
    for (const auto& [id, item] : nodes_) places[id.toStdString()] = {item->x(), item->y()};
    return places;
}

void Canvas::report_moves() {
    Positions moved;
    for (const auto& [id, item] : nodes_) {
        const auto was = before_.find(id.toStdString());
        if (was == before_.end() || item->pos() == QPointF(was->second.x, was->second.y)) continue;
        item->setPos(std::round(item->x() / grid) * grid, std::round(item->y() / grid) * grid);
        if (item->pos() != QPointF(was->second.x, was->second.y)) moved[was->first] = {item->x(), item->y()};
    }
    before_ = places();
    if (moved.empty()) return;
    grow_scene();
    emit nodes_moved(moved);
}

void Canvas::keyPressEvent(QKeyEvent* event) {
    QPointF direction;
    switch (event->key()) {
        case Qt::Key_Left:
            direction = {-1, 0};
            break;
        case Qt::Key_Right:
            direction = {1, 0};
            break;
        case Qt::Key_Up:
            direction = {0, -1};
            break;
        case Qt::Key_Down:
            direction = {0, 1};
            break;
        case Qt::Key_Home:
            return select_next(0);
        case Qt::Key_PageDown:
            return select_next(1);
        case Qt::Key_PageUp:
            return select_next(-1);
        case Qt::Key_Escape:
            return select({});
        default:
            return QGraphicsView::keyPressEvent(event);
    }
    if (event->modifiers().testFlag(Qt::ControlModifier))
        move_selected(direction * grid);
    else
        select_towards(direction);
}

void Canvas::select_next(int step) {
    if (nodes_.empty()) return;
    auto at = nodes_.find(selected());
    if (step == 0 || at == nodes_.end()) return select(nodes_.begin()->first);
    if (step > 0) {
        ++at;
        select((at == nodes_.end() ? nodes_.begin() : at)->first);
    } else {
        select((at == nodes_.begin() ? std::prev(nodes_.end()) : std::prev(at))->first);
    }
}

void Canvas::select_towards(QPointF direction) {
    const NodeItem* from = node(selected());
    if (from == nullptr) return select_next(0);
    QString best;
    double best_cost = std::numeric_limits<double>::infinity();
    for (const auto& [id, item] : nodes_) {
        const QPointF way = item->pos() - from->pos();
        const double along = QPointF::dotProduct(way, direction);
        if (item == from || along <= 0) continue;
        const double across = std::abs(way.x() * direction.y() - way.y() * direction.x());
        const double cost = along + 2 * across;
        if (cost < best_cost) {
            best_cost = cost;
            best = id;
        }
    }
    if (!best.isEmpty()) select(best);
}

void Canvas::move_selected(QPointF by) {
    before_ = places();
    for (const auto& [id, item] : nodes_)
        if (item->isSelected()) item->setPos(item->pos() + by);
    report_moves();
}

void Canvas::drawBackground(QPainter* painter, const QRectF& rect) {
    painter->fillRect(rect, theme().window);
    if (transform().m11() < 0.35) return;
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

}  // namespace headroom::desktop
