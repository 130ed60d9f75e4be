#include "app/desktop/replay/timeline.h"

#include "app/desktop/shell/appearance.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

Timeline::Timeline(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("replay-timeline"));
    setFixedHeight(34);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Utilisation of the busiest component over the simulated time"));
}

void Timeline::show_history(std::vector<double> utilisation, std::vector<double> capacity) {
    utilisation_ = std::move(utilisation);
    capacity_ = std::move(capacity);
    const auto lacking = std::count_if(capacity_.begin(), capacity_.end(), [](double c) { return c < 1; });
    const QString text = lacking > 0 ? tr("The line: the busiest component. The marks: something is down")
                                     : tr("The line: the busiest component. Nothing is down in this run");
    setToolTip(text);
    setAccessibleDescription(text);
    update();
}

void Timeline::set_step(int step) {
    step_ = step;
    update();
}

double Timeline::place_of(double step) const {
    const double last = std::max<double>(1, static_cast<double>(utilisation_.size()) - 1);
    return step / last * (width() - 1);
}

void Timeline::paintEvent(QPaintEvent* /*event*/) {
    if (utilisation_.empty()) return;
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double top = 3, bottom = height() - 4;
    const double highest = std::max(1.0, *std::max_element(utilisation_.begin(), utilisation_.end()));
    const auto level = [&](double utilisation) { return bottom - (bottom - top) * utilisation / highest; };
    // Down: a band of full height, hatched as well as coloured, at least as wide as can be seen.
    QColor ground = t.bad;
    ground.setAlphaF(0.25F);
    for (std::size_t i = 0; i < capacity_.size(); ++i) {
        if (capacity_[i] >= 1) continue;
        std::size_t end = i;
        while (end < capacity_.size() && capacity_[end] < 1) ++end;
        const double left = place_of(static_cast<double>(i) - 0.5);
        const double right = std::max(left + 3, place_of(static_cast<double>(end) - 0.5));
        const QRectF band(left, 0, right - left, height());
        painter.fillRect(band, ground);
        painter.fillRect(band, QBrush(t.bad, Qt::BDiagPattern));
        i = end;
    }
    painter.setPen(QPen(t.border, 1, Qt::DashLine));
    painter.drawLine(QPointF(0, level(1)), QPointF(width(), level(1)));
    QPolygonF line;
    for (std::size_t i = 0; i < utilisation_.size(); ++i)
        if (!std::isnan(utilisation_[i]))
            line << QPointF(place_of(static_cast<double>(i)), level(utilisation_[i]));
    painter.setPen(QPen(t.accent, 1.6));
    painter.drawPolyline(line);
    painter.setPen(QPen(t.text, 1.4));
    painter.drawLine(QPointF(place_of(step_), 0), QPointF(place_of(step_), height()));
}

void Timeline::mousePressEvent(QMouseEvent* event) {
    if (utilisation_.empty()) return;
    const double share = std::clamp(event->position().x() / std::max(1, width() - 1), 0.0, 1.0);
    emit step_chosen(static_cast<int>(std::lround(share * static_cast<double>(utilisation_.size() - 1))));
}

void Timeline::mouseMoveEvent(QMouseEvent* event) { mousePressEvent(event); }

}  // namespace headroom::desktop
