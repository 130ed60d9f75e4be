// What a person does on the canvas with mouse and keyboard.

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/canvas/link_item.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>
#include <limits>

namespace headroom::desktop {

void Canvas::wheelEvent(QWheelEvent* event) {
    if (event->modifiers().testFlag(Qt::ControlModifier) || event->modifiers() == Qt::NoModifier) {
        zoom(std::pow(1.0015, event->angleDelta().y()));
        event->accept();
    } else {
        QGraphicsView::wheelEvent(event);
    }
}

NodeItem* Canvas::node_at(const QPoint& place) const {
    for (QGraphicsItem* item : items(place))
        if (auto* node = dynamic_cast<NodeItem*>(item)) return node;
    return nullptr;
}

bool Canvas::begin_link(const QPoint& place) {
    const QPointF at = mapToScene(place);
    for (const auto& [id, item] : nodes_) {
        if (QLineF(item->out_port(), at).length() > NodeItem::port_reach) continue;
        drawing_ = Drawing{id, {}, {}, at};
        return true;
    }
    return false;
}

void Canvas::continue_link(const QPoint& place) {
    drawing_->end = mapToScene(place);
    const NodeItem* over = node_at(place);
    drawing_->to = over != nullptr && over->overview().id != drawing_->from ? over->overview().id : QString();
    drawing_->reason =
        !drawing_->to.isEmpty() && why_no_link ? why_no_link(drawing_->from, drawing_->to) : QString();
    if (drawing_->reason.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(viewport()->mapToGlobal(place), drawing_->reason, viewport());
    viewport()->update();
}

void Canvas::end_link() {
    const Drawing done = *drawing_;
    drawing_.reset();
    QToolTip::hideText();
    viewport()->update();
    if (done.to.isEmpty()) return;
    if (done.reason.isEmpty())
        emit link_requested(done.from, done.to);
    else
        emit link_refused(done.reason);
}

void Canvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::MiddleButton ||
        (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier) &&
         node_at(event->pos()) == nullptr)) {
        panning_ = true;
        pan_from_ = event->pos();
        viewport()->setCursor(Qt::ClosedHandCursor);
        event->accept();
        return;
    }
    if (event->button() == Qt::LeftButton && begin_link(event->pos())) return event->accept();
    if (event->button() == Qt::RightButton) return event->accept();  // the menu is for what is selected
    before_ = places();
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        if (NodeItem* item = node_at(event->pos())) item->setSelected(!item->isSelected());
        return event->accept();
    }
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
    if (drawing_) return continue_link(event->pos());
    QGraphicsView::mouseMoveEvent(event);
}

void Canvas::mouseReleaseEvent(QMouseEvent* event) {
    if (panning_) {
        panning_ = false;
        viewport()->unsetCursor();
        return;
    }
    if (drawing_) {
        continue_link(event->pos());
        return end_link();
    }
    QGraphicsView::mouseReleaseEvent(event);
    report_moves();
}

void Canvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const NodeItem* item = node_at(event->pos())) return emit rename_requested(item->overview().id);
    QGraphicsView::mouseDoubleClickEvent(event);
}

void Canvas::contextMenuEvent(QContextMenuEvent* event) {
    if (event->reason() == QContextMenuEvent::Mouse) {
        if (const NodeItem* item = node_at(event->pos())) {
            if (!item->isSelected()) select(item->overview().id);
        } else if (const auto* link = dynamic_cast<LinkItem*>(itemAt(event->pos()))) {
            select_link(link->overview().from, link->overview().to);
        }
    }
    emit menu_requested(event->globalPos());
    event->accept();
}

void Canvas::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasFormat(QLatin1String(palette_mime)))
        event->acceptProposedAction();
    else
        event->ignore();  // a file is the window's
}

void Canvas::dragMoveEvent(QDragMoveEvent* event) {
    if (event->mimeData()->hasFormat(QLatin1String(palette_mime)))
        event->acceptProposedAction();
    else
        event->ignore();
}

void Canvas::dropEvent(QDropEvent* event) {
    const QByteArray entry = event->mimeData()->data(QLatin1String(palette_mime));
    if (entry.isEmpty()) return event->ignore();
    QPointF at = mapToScene(event->position().toPoint()) - QPointF(NodeItem::width, NodeItem::height) / 2;
    at = {std::round(at.x() / grid) * grid, std::round(at.y() / grid) * grid};
    event->acceptProposedAction();
    emit entry_dropped(QString::fromUtf8(entry), at);
    setFocus();
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
            if (drawing_) {
                drawing_.reset();
                return viewport()->update();
            }
            highlight({});
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

}  // namespace headroom::desktop
