#pragma once
// The topology as a picture: zoom, pan, select, move, link. It shows what it is given and reports what the
// person does; it edits nothing.

#include "app/desktop/document/overview.h"
#include "model/topology/topology.h"

#include <QGraphicsView>
#include <QStringList>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace headroom::desktop {

class GroupItem;
class LinkItem;
class Minimap;
class NodeItem;

using Positions = std::map<std::string, model::Position>;

/// What the canvas shows.
struct Picture {
    std::vector<Overview> nodes;
    std::vector<LinkOverview> links;
    std::vector<GroupOverview> groups;
    Positions positions;
};

enum class Arrange { left, centre, right, top, middle, bottom, across, down };

class Canvas final : public QGraphicsView {
    Q_OBJECT

public:
    static constexpr double grid = 20;
    /// What is dragged from the palette: an entry's id as UTF-8.
    static constexpr const char* palette_mime = "application/x-headroom-palette-entry";

    explicit Canvas(QWidget* parent = nullptr);
    ~Canvas() override;

    /// Shows a scenario; what it already shows keeps its place in the scene and its selection.
    void show_picture(const Picture& picture);
    void clear();

    /// The selected node; the first of them where there are several; empty where there is none.
    QString selected() const;
    QStringList selected_nodes() const;
    std::vector<std::pair<QString, QString>> selected_links() const;
    void select(const QString& id);
    void select_nodes(const QStringList& ids);
    void select_link(const QString& from, const QString& to);
    void select_everything();
    /// Selects a node and brings it into the middle.
    void find(const QString& id);
    /// Makes these stand out, in this order of importance, and the others fade; none: all are alike again.
    void highlight(const QStringList& ids);

    NodeItem* node(const QString& id) const;
    LinkItem* link(const QString& from, const QString& to) const;
    Positions places() const;
    /// Where all that is selected would go, for one step of the person's.
    Positions arranged(Arrange how) const;
    /// A place in the middle of the view that no node covers.
    QPointF free_place() const;

    void zoom(double factor);
    void fit();

    static model::LayoutOptions layout_options() { return {.column = 236, .row = 122}; }

    /// Why a link from one node to another is not possible; empty where it is. Asked while one is drawn.
    std::function<QString(const QString& from, const QString& to)> why_no_link;

signals:
    void selection_changed();
    void nodes_moved(const headroom::desktop::Positions& to);  ///< at the end of a drag or a key press
    void link_requested(const QString& from, const QString& to);
    void link_refused(const QString& reason);
    void entry_dropped(const QString& entry, QPointF at);
    void menu_requested(QPoint global);
    void rename_requested(const QString& id);
    void view_changed();

protected:
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void draw_links_from_afar(QPainter& painter, const QRectF& rect) const;

private:
    using Ends = std::pair<QString, QString>;
    struct Drawing {  ///< a link that is being drawn
        QString from, to, reason;
        QPointF end;
    };

    void show_links(const std::vector<LinkOverview>& links);
    void show_groups(const std::vector<GroupOverview>& groups);
    void select_towards(QPointF direction);
    void select_next(int step);
    void move_selected(QPointF by);
    void report_moves();
    void grow_scene();
    void fade();
    NodeItem* node_at(const QPoint& place) const;
    bool begin_link(const QPoint& place);
    void continue_link(const QPoint& place);
    void end_link();

    std::map<QString, NodeItem*> nodes_;
    std::map<Ends, LinkItem*> links_;
    std::map<const NodeItem*, std::vector<LinkItem*>> links_at_;
    std::vector<GroupItem*> groups_;
    QStringList highlighted_;
    Minimap* minimap_;
    Positions before_;
    std::optional<Drawing> drawing_;
    QPoint pan_from_;
    bool panning_ = false, fitted_ = false, quiet_ = false;
};

}  // namespace headroom::desktop
