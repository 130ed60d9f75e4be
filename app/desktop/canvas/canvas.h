#pragma once
// The topology as a picture: zoom, pan, select, move. It shows what it is given and reports what the person
// does; it edits nothing.

#include "app/desktop/document/overview.h"
#include "model/topology/topology.h"

#include <QGraphicsView>
#include <map>
#include <vector>

namespace headroom::desktop {

class LinkItem;
class NodeItem;

using Positions = std::map<std::string, model::Position>;

class Canvas final : public QGraphicsView {
    Q_OBJECT

public:
    explicit Canvas(QWidget* parent = nullptr);
    ~Canvas() override;

    /// Shows a scenario; nodes that it already shows keep their place in the scene and their selection.
    void show_topology(const std::vector<Overview>& nodes, const std::vector<model::Link>& links,
                       const Positions& positions);
    void clear();
    QString selected() const;
    void select(const QString& id);
    NodeItem* node(const QString& id) const;

    void zoom(double factor);
    void fit();

    static model::LayoutOptions layout_options() { return {.column = 236, .row = 122}; }

signals:
    void selection_changed(const QString& id);  ///< empty: nothing, that is the scenario itself
    void nodes_moved(const headroom::desktop::Positions& to);  ///< at the end of a drag or a key press

protected:
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;

private:
    void select_towards(QPointF direction);
    void select_next(int step);
    void move_selected(QPointF by);
    Positions places() const;
    void report_moves();
    void grow_scene();

    std::map<QString, NodeItem*> nodes_;
    std::vector<LinkItem*> links_;
    Positions before_;
    QPoint pan_from_;
    bool panning_ = false, fitted_ = false, quiet_ = false;
};

}  // namespace headroom::desktop
