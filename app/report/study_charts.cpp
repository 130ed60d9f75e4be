#include "app/report/study_charts.h"

#include "app/report/bare_chart.h"
#include "app/report/chart_axes.h"
#include "app/report/content/text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

constexpr double margin = 10, line_height = 15;
/// Values further apart than this are drawn on a logarithmic scale.
constexpr double far_apart = 30;
constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

QString text_of(const std::string& text) { return QString::fromStdString(clean(text)); }

double width_of(const QString& text) { return QFontMetricsF(label_font()).horizontalAdvance(text); }

struct Extent {
    double low = INFINITY, high = -INFINITY;

    void take(double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool empty() const { return !(low <= high); }
};

/// From values to places along an axis of some length.
class Scale {
public:
    Scale(Extent extent, const model::FigureKey& figure, bool may_be_logarithmic) {
        logarithmic_ = may_be_logarithmic && extent.low > 0 && extent.high > far_apart * extent.low;
        if (logarithmic_) {
            low_ = std::floor(std::log10(extent.low) + 1e-9);
            high_ = std::ceil(std::log10(extent.high) - 1e-9);
            for (double decade = low_; decade <= high_; ++decade)
                ticks_.push_back({decade, axis_text(figure, std::pow(10, decade))});
            return;
        }
        // Zero is worth seeing unless everything lies far from it.
        if (extent.low > 0 && extent.low < 0.7 * extent.high) extent.low = 0;
        double room = 0.06 * (extent.high - extent.low);
        if (!(room > 0)) room = std::max(0.1 * std::abs(extent.high), 1e-9);
        low_ = extent.low == 0 ? 0 : extent.low - room;
        high_ = extent.high + room;
        ticks_ = round_ticks(low_, high_, figure);
    }

    double share(double value) const {
        return ((logarithmic_ ? std::log10(value) : value) - low_) / (high_ - low_);
    }
    double share_of_tick(const Tick& tick) const { return (tick.value - low_) / (high_ - low_); }
    const std::vector<Tick>& ticks() const { return ticks_; }
    double widest() const {
        double widest = 0;
        for (const Tick& tick : ticks_) widest = std::max(widest, width_of(tick.label));
        return widest;
    }

private:
    bool logarithmic_ = false;
    double low_ = 0, high_ = 1;
    std::vector<Tick> ticks_;
};

class Canvas {
public:
    Canvas(QPainter& on, const QRectF& area, const Palette& with) : painter(on), plot(area), colours(with) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(label_font());
    }

    void text(const QRectF& box, int flags, const QString& words, const QColor& colour) const {
        painter.setPen(colour);
        painter.drawText(box, flags | Qt::TextDontClip, words);
    }
    void left_axis(const Scale& scale) const {
        for (const Tick& tick : scale.ticks()) {
            const double y = plot.bottom() - scale.share_of_tick(tick) * plot.height();
            rule({plot.left(), y}, {plot.right(), y});
            text({plot.left() - 206, y - 8, 200, 16}, Qt::AlignRight | Qt::AlignVCenter, tick.label,
                 colours.muted);
        }
    }
    void bottom_axis(const Scale& scale, const QString& title) const {
        for (const Tick& tick : scale.ticks()) {
            const double x = plot.left() + scale.share_of_tick(tick) * plot.width();
            rule({x, plot.top()}, {x, plot.bottom()});
            text({x - 60, plot.bottom() + 3, 120, 16}, Qt::AlignHCenter | Qt::AlignVCenter, tick.label,
                 colours.muted);
        }
        bottom_title(title);
    }
    void bottom_title(const QString& title) const {
        text({plot.left(), plot.bottom() + 20, plot.width(), 16}, Qt::AlignHCenter | Qt::AlignVCenter, title,
             colours.muted);
    }
    void rule(const QPointF& from, const QPointF& to) const {
        painter.setPen(QPen(colours.grid, 0.8));
        painter.drawLine(from, to);
    }
    /// Filled, or a ring.
    void dot(const QPointF& at, const QColor& colour, bool filled) const {
        painter.setPen(QPen(colour, 1.6));
        painter.setBrush(filled ? QBrush(colour) : QBrush(colours.page));
        painter.drawEllipse(at, 3.6, 3.6);
    }

    QPainter& painter;
    QRectF plot;
    const Palette& colours;
};

Extent extent_of(const Lines& shown) {
    Extent extent;
    for (const auto& line : shown.values)
        for (const model::Estimate& value : line) {
            extent.take(value.value);
            if (std::isfinite(value.half_width)) extent.take(value.high());
        }
    return extent;
}

Extent extent_of(const Heat& shown) {
    Extent extent;
    for (const auto& row : shown.values)
        for (const double value : row) extent.take(value);
    return extent;
}

QColor mixed(const QColor& a, const QColor& b, double share) {
    const auto part = [share](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

}  // namespace

bool has_something_to_show(const Lines& shown) {
    return shown.labels.size() > 1 && !extent_of(shown).empty();
}
bool has_something_to_show(const Heat& shown) { return !extent_of(shown).empty(); }
bool has_something_to_show(const Whiskers& shown) { return !shown.rows.empty(); }
bool has_something_to_show(const Plane& shown) { return shown.points.size() > 1; }

void paint(const Lines& shown, QPainter& painter, const QSizeF& size, const Palette& colours) {
    Extent extent = extent_of(shown);
    if (std::isfinite(shown.bound) && shown.bound > 0) extent.take(shown.bound);
    const Scale scale(extent, shown.figure, true);
    const bool named = shown.names.size() > 1;
    double legend = 0;
    if (named)
        for (const std::string& name : shown.names) legend = std::max(legend, width_of(text_of(name)) + 40);
    const double left = scale.widest() + 16;
    const Canvas canvas(
        painter, {left, margin, size.width() - left - legend - 2 * margin, size.height() - 50}, colours);
    canvas.left_axis(scale);
    canvas.bottom_title(text_of(shown.along));
    const QRectF& plot = canvas.plot;
    const double step = plot.width() / static_cast<double>(shown.labels.size());
    const auto place = [&](std::size_t label, double value) {
        return QPointF(plot.left() + step * (static_cast<double>(label) + 0.5),
                       plot.bottom() - scale.share(value) * plot.height());
    };
    double widest = 0;
    for (const std::string& label : shown.labels) widest = std::max(widest, width_of(text_of(label)) + 8);
    const auto every = static_cast<std::size_t>(std::ceil(widest / step));
    for (std::size_t i = 0; i < shown.labels.size(); i += every)
        canvas.text({place(i, 1).x() - 100, plot.bottom() + 3, 200, 16}, Qt::AlignHCenter | Qt::AlignVCenter,
                    text_of(shown.labels[i]), colours.muted);
    if (std::isfinite(shown.bound) && shown.bound > 0) {
        const double y = place(0, shown.bound).y();
        painter.setPen(QPen(colours.bad, 1.2, Qt::DashLine));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        canvas.text({plot.left() + 4, y - 16, 200, 14}, Qt::AlignLeft | Qt::AlignVCenter,
                    QStringLiteral("objective: ") + axis_text(shown.figure, shown.bound), colours.bad);
    }
    for (std::size_t line = 0; line < shown.values.size(); ++line) {
        const QColor& colour = colours.series[line % colours.series.size()];
        const QPen pen(colour, 1.8, dashes[line % std::size(dashes)]);
        QPolygonF points;
        for (std::size_t i = 0; i < shown.values[line].size(); ++i) {
            const model::Estimate& value = shown.values[line][i];
            if (!std::isfinite(value.value)) continue;
            points << place(i, value.value);
            const bool wide =
                std::isfinite(value.half_width) && value.half_width > 0 && scale.share(value.low()) >= 0;
            painter.setPen(QPen(colour, 1));
            if (wide) painter.drawLine(place(i, value.low()), place(i, value.high()));
        }
        painter.setPen(pen);
        painter.drawPolyline(points);
        for (const QPointF& point : points) canvas.dot(point, colour, line % 2 == 0);
        if (!named) continue;
        const double y = plot.top() + 8 + line_height * static_cast<double>(line);
        painter.setPen(pen);
        painter.drawLine(QPointF(plot.right() + 12, y), QPointF(plot.right() + 36, y));
        canvas.text({plot.right() + 42, y - 8, legend, 16}, Qt::AlignLeft | Qt::AlignVCenter,
                    text_of(shown.names[line]), colours.text);
    }
}

void paint(const Heat& shown, QPainter& painter, const QSizeF& size, const Palette& colours) {
    const Extent extent = extent_of(shown);
    double left = width_of(text_of(shown.down)) + 8;
    for (const std::string& row : shown.rows) left = std::max(left, width_of(text_of(row)) + 8);
    const Canvas canvas(
        painter, {left + margin, margin + 18, size.width() - left - 3 * margin, size.height() - 70}, colours);
    const QRectF& plot = canvas.plot;
    const double width = plot.width() / static_cast<double>(shown.columns.size()),
                 height = plot.height() / static_cast<double>(shown.rows.size());
    canvas.text({margin, margin - 4, left, 16}, Qt::AlignRight | Qt::AlignVCenter, text_of(shown.down),
                colours.muted);
    const bool logarithmic = extent.low > 0 && extent.high > far_apart * extent.low;
    const auto depth = [&](double value) {
        const auto on = [&](double at) { return logarithmic ? std::log(at) : at; };
        return extent.high > extent.low ? (on(value) - on(extent.low)) / (on(extent.high) - on(extent.low))
                                        : 0;
    };
    for (std::size_t r = 0; r < shown.rows.size(); ++r) {
        const double y = plot.top() + height * static_cast<double>(r);
        canvas.text({margin, y, left, height}, Qt::AlignRight | Qt::AlignVCenter, text_of(shown.rows[r]),
                    colours.text);
        for (std::size_t c = 0; c < shown.columns.size(); ++c) {
            const QRectF cell(plot.left() + width * static_cast<double>(c), y, width, height);
            const double value = shown.values[r][c];
            painter.setPen(QPen(colours.page, 2));
            painter.setBrush(std::isfinite(value)
                                 ? mixed(colours.page, colours.series[0], 0.08 + 0.55 * depth(value))
                                 : colours.panel);
            painter.drawRect(cell);
            if (!std::isfinite(value)) continue;
            // Broken is told by a word's weight and a mark, not by colour alone.
            canvas.text(
                cell, Qt::AlignCenter,
                axis_text(shown.figure, value) + (shown.broken[r][c] ? QStringLiteral(" ✕") : QString()),
                shown.broken[r][c] ? colours.bad : colours.text);
        }
    }
    for (std::size_t c = 0; c < shown.columns.size(); ++c)
        canvas.text({plot.left() + width * static_cast<double>(c), plot.bottom() + 3, width, 16},
                    Qt::AlignCenter, text_of(shown.columns[c]), colours.text);
    canvas.bottom_title(text_of(shown.across));
}

void paint(const Whiskers& shown, QPainter& painter, const QSizeF& size, const Palette& colours) {
    Extent extent;
    extent.take(0);
    extent.take(1);
    for (const Whiskers::Row& row : shown.rows)
        for (const model::Estimate& value : row.values) extent.take(value.value);
    const Scale scale(extent, shown.figure, false);
    double left = 0;
    for (const Whiskers::Row& row : shown.rows) left = std::max(left, width_of(text_of(row.label)) + 10);
    const Canvas canvas(
        painter, {left + margin, margin + 20, size.width() - left - 5 * margin, size.height() - 70}, colours);
    canvas.bottom_axis(scale, text_of(shown.axis));
    const QRectF& plot = canvas.plot;
    const double height = plot.height() / static_cast<double>(shown.rows.size());
    const auto x_of = [&](double value) {
        return std::clamp(plot.left() + scale.share(value) * plot.width(), plot.left(), plot.right());
    };
    for (std::size_t r = 0; r < shown.rows.size(); ++r) {
        const double top = plot.top() + height * static_cast<double>(r);
        canvas.text({margin, top, left - 6, height}, Qt::AlignRight | Qt::AlignVCenter,
                    text_of(shown.rows[r].label), colours.text);
        for (std::size_t part = 0; part < shown.parts.size(); ++part) {
            const model::Estimate& value = shown.rows[r].values[part];
            if (!std::isfinite(value.value)) continue;
            const double y = top + height * (static_cast<double>(part) + 1) /
                                       (static_cast<double>(shown.parts.size()) + 1);
            painter.setPen(QPen(colours.series[part], 1.4));
            if (std::isfinite(value.half_width))
                painter.drawLine(QPointF(x_of(value.low()), y), QPointF(x_of(value.high()), y));
            canvas.dot({x_of(value.value), y}, colours.series[part], part == 0);
        }
    }
    double x = plot.left();
    for (std::size_t part = 0; part < shown.parts.size(); ++part) {
        canvas.dot({x + 5, margin + 4}, colours.series[part], part == 0);
        const QString name = text_of(shown.parts[part]);
        canvas.text({x + 14, margin - 4, 200, 16}, Qt::AlignLeft | Qt::AlignVCenter, name, colours.text);
        x += width_of(name) + 40;
    }
}

void paint(const Plane& shown, QPainter& painter, const QSizeF& size, const Palette& colours) {
    Extent across, down;
    for (const Plane::Point& point : shown.points) {
        across.take(point.x);
        down.take(point.y);
    }
    const Scale horizontal(across, shown.figure_across, false), vertical(down, shown.figure_down, true);
    const double left = vertical.widest() + 16;
    const Canvas canvas(painter, {left, margin + 18, size.width() - left - 5 * margin, size.height() - 68},
                        colours);
    canvas.left_axis(vertical);
    canvas.bottom_axis(horizontal, text_of(shown.across));
    canvas.text({margin, margin - 4, 300, 16}, Qt::AlignLeft | Qt::AlignVCenter, text_of(shown.down),
                colours.muted);
    const QRectF& plot = canvas.plot;
    std::vector<QRectF> taken;
    for (const Plane::Point& point : shown.points) {
        const QPointF at(plot.left() + horizontal.share(point.x) * plot.width(),
                         plot.bottom() - vertical.share(point.y) * plot.height());
        canvas.dot(at, point.broken ? colours.bad : colours.series[0], !point.broken);
        const QString label = text_of(point.label);
        if (label.isEmpty()) continue;
        // On the side where there is room, and not on another name.
        const double width = width_of(label);
        const bool leftwards = at.x() + 8 + width > plot.right() + 3 * margin;
        QRectF box(leftwards ? at.x() - 8 - width : at.x() + 8, at.y() - 8, width, 14);
        while (std::any_of(taken.begin(), taken.end(),
                           [&](const QRectF& other) { return other.intersects(box); }))
            box.translate(0, -13);
        taken.push_back(box);
        canvas.text(box, Qt::AlignLeft | Qt::AlignVCenter, label, colours.text);
    }
}

}  // namespace headroom::report
