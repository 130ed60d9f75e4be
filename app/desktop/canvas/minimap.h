#pragma once
// The whole topology in a corner of the canvas, with what of it is in view; a click goes there.

#include <QPixmap>
#include <QWidget>

namespace headroom::desktop {

class Canvas;

class Minimap final : public QWidget {
    Q_OBJECT

public:
    explicit Minimap(Canvas& canvas);
    /// Draws the nodes anew; shows itself only where there is more than the view holds.
    void refresh();
    void take_place();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    double factor() const;
    void show_if_needed();
    void go_to(QPointF place);

    Canvas& canvas_;
    QPixmap nodes_;
    QRectF all_;  ///< of the nodes, in the scene
};

}  // namespace headroom::desktop
