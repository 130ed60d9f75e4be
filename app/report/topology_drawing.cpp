#include "app/report/topology_drawing.h"

#include "app/report/content/build.h"
#include "app/report/content/topology.h"
#include "app/report/content/wording.h"
#include "model/topology/topology.h"

#include <QFont>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

constexpr double box_width = 126, box_height = 66, column = 166, row = 92, page = 720, smallest_scale = 0.62;

QFont font_of(double pixels, bool bold = false) {
    QFont font("DejaVu Sans");
    font.setPixelSize(static_cast<int>(std::lround(pixels)));
    font.setBold(bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

}  // namespace

TopologyDrawing::TopologyDrawing(const model::Scenario& scenario, const model::Catalog& catalog,
                                 const model::RunResult& result) {
    const model::LayoutOptions grid;
    const auto places = model::lay_out(scenario, grid);
    double columns = 0, rows = 0;
    for (const auto& [id, place] : places) {
        columns = std::max(columns, place.x / grid.column + 1);
        rows = std::max(rows, place.y / grid.row + 1);
    }
    // A long chain is easier to read from top to bottom than in tiny letters.
    downwards_ = scenario.layout.empty() && columns * column > page / smallest_scale && rows < columns;
    const model::Figure* bottleneck = bottleneck_of(result);
    const auto add_node = [&](const std::string& id) -> Node& {
        const model::Position place = places.at(id);
        Node node;
        node.name = QString::fromStdString(clean(id));
        const QPointF corner = downwards_ ? QPointF(place.y / grid.row * column, place.x / grid.column * row)
                                          : QPointF(place.x / grid.column * column, place.y / grid.row * row);
        node.box = QRectF(corner, QSizeF(box_width, box_height));
        ids_.push_back(id);
        return nodes_.emplace_back(std::move(node));
    };
    for (const model::Workload& workload : scenario.workloads) {
        Node& node = add_node(workload.id);
        node.workload = true;
        node.detail = QString::fromStdString(load_in_short(workload));
    }
    for (const model::Component& component : scenario.components) {
        Node& node = add_node(component.id);
        node.detail = QString::fromStdString(make_in_short(component, catalog));
        if (const auto* figure = result.find({"utilisation", component.id, ""}))
            node.utilisation = figure->simulated.value;
        if (const auto* figure = result.find({"utilisation.peak", component.id, ""}))
            node.peak = figure->simulated.value;
        node.bottleneck = bottleneck && (bottleneck->key.subject == component.id ||
                                         bottleneck->key.subject.starts_with(component.id + "."));
    }
    add_edges(scenario);
    for (const Node& node : nodes_) extent_ |= node.box.adjusted(-3, node.bottleneck ? -20 : -3, 3, 3);
    for (const Edge& edge : edges_) extent_ |= edge.path.boundingRect().adjusted(-3, -3, 3, 3);
    size_ = extent_.size() * std::min(1.0, page / std::max(extent_.width(), 1.0));
}

void TopologyDrawing::add_edges(const model::Scenario& scenario) {
    const auto index = [&](const std::string& id) {
        return static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
    };
    const auto add = [&](const std::string& from, const std::string& to) {
        Edge edge;
        edge.from = index(from);
        edge.to = index(to);
        if (edge.from >= nodes_.size() || edge.to >= nodes_.size()) return;
        const Node &a = nodes_[edge.from], &b = nodes_[edge.to];
        const bool ahead = downwards_ ? b.box.top() > a.box.bottom() : b.box.left() > a.box.right();
        edge.path = ahead ? forward(a, b) : backward(a, b);
        edge.direction = edge.path.pointAtPercent(1) - edge.path.pointAtPercent(0.94);
        edges_.push_back(std::move(edge));
    };
    for (const auto& [from, to] : arrows_of(scenario)) add(from, to);
}

QPainterPath TopologyDrawing::forward(const Node& from, const Node& to) const {
    const QPointF start = downwards_ ? QPointF(from.box.center().x(), from.box.bottom())
                                     : QPointF(from.box.right(), from.box.center().y());
    const QPointF end =
        downwards_ ? QPointF(to.box.center().x(), to.box.top()) : QPointF(to.box.left(), to.box.center().y());
    const QPointF along =
        downwards_ ? QPointF(0, (end.y() - start.y()) / 2) : QPointF((end.x() - start.x()) / 2, 0);
    const QPointF across = downwards_ ? QPointF(1, 0) : QPointF(0, 1);
    QPainterPath first;
    // Bends out until it passes by the boxes between.
    for (int attempt = 0; attempt < 13; ++attempt) {
        const double bow = (attempt + 1) / 2 * 45.0 * (attempt % 2 == 0 ? -1 : 1);
        QPainterPath path(start);
        path.cubicTo(start + along + across * bow, end - along + across * bow, end);
        if (attempt == 0) first = path;
        const bool hits = std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
            if (&node == &from || &node == &to) return false;
            for (int i = 1; i < 40; ++i)
                if (node.box.adjusted(-5, -5, 5, 5).contains(path.pointAtPercent(i / 40.0))) return true;
            return false;
        });
        if (!hits) return path;
    }
    return first;
}

QPainterPath TopologyDrawing::backward(const Node& from, const Node& to) const {
    const bool self = &from == &to;
    const double spread = self ? 24 : 0;
    if (downwards_) {
        const QPointF start(from.box.right(), from.box.center().y() + spread / 2);
        const QPointF end(to.box.right(), to.box.center().y() - spread / 2);
        QPainterPath path(start);
        path.cubicTo(start + QPointF(38, 0), end + QPointF(38, 0), end);
        return path;
    }
    const QPointF start(from.box.center().x() + spread, from.box.bottom());
    const QPointF end(to.box.center().x() - spread, to.box.bottom());
    QPainterPath path(start);
    path.cubicTo(start + QPointF(0, 34), end + QPointF(0, 34), end);
    return path;
}

void TopologyDrawing::paint(QPainter& painter, const Palette& colours) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double scale = size_.width() / std::max(extent_.width(), 1.0);
    painter.scale(scale, scale);
    painter.translate(-extent_.topLeft());
    for (const Edge& edge : edges_) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.muted, 1.4));
        painter.drawPath(edge.path);
        const double length = std::hypot(edge.direction.x(), edge.direction.y());
        if (length <= 0) continue;
        const QPointF along = edge.direction / length, across(-along.y(), along.x());
        const QPointF tip = edge.path.pointAtPercent(1);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.muted);
        painter.drawPolygon(QPolygonF({tip, tip - along * 8 + across * 4, tip - along * 8 - across * 4}));
    }
    for (const Node& node : nodes_) paint_node(painter, node, colours);
    painter.restore();
}

void TopologyDrawing::paint_node(QPainter& painter, const Node& node, const Palette& colours) const {
    const double radius = node.workload ? box_height / 2 : 6;
    painter.setPen(node.bottleneck ? QPen(colours.bad, 2.6)
                                   : QPen(node.workload ? colours.muted : colours.grid, 1.4));
    painter.setBrush(node.workload ? colours.page : colours.panel);
    painter.drawRoundedRect(node.box, radius, radius);

    const double inset = node.workload ? 18 : 9;
    QRectF text = node.box.adjusted(inset, node.workload ? 15 : 7, -inset, 0);
    const Qt::Alignment alignment = node.workload ? Qt::AlignHCenter : Qt::AlignLeft;
    const auto line = [&](const QString& words, const QFont& font, const QColor& colour, double height) {
        painter.setFont(font);
        painter.setPen(colour);
        text.setHeight(height);
        painter.drawText(text, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine,
                         QFontMetricsF(font).elidedText(words, Qt::ElideRight, text.width()));
        text.moveTop(text.bottom());
    };
    line(node.name, font_of(12, true), colours.text, 18);
    line(node.detail, font_of(10), colours.muted, 15);
    if (!node.workload && node.utilisation >= 0) paint_utilisation(painter, node, colours);
    if (node.bottleneck) {
        const QFont font = font_of(9, true);
        const QRectF tag(node.box.left() + 8, node.box.top() - 17,
                         QFontMetricsF(font).horizontalAdvance("bottleneck") + 12, 15);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.bad);
        painter.drawRoundedRect(tag, 3, 3);
        painter.setFont(font);
        painter.setPen(colours.page);
        painter.drawText(tag, Qt::AlignCenter, "bottleneck");
    }
}

void TopologyDrawing::paint_utilisation(QPainter& painter, const Node& node, const Palette& colours) const {
    const QRectF bar(node.box.left() + 9, node.box.bottom() - 17, node.box.width() - 66, 9);
    const double level = std::clamp(node.utilisation, 0.0, 1.0);
    const bool strained = node.utilisation >= 0.85, busy = node.utilisation >= 0.6;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.page);
    painter.drawRect(bar);
    QRectF filled = bar;
    filled.setWidth(bar.width() * level);
    painter.setBrush(strained ? colours.strained : busy ? colours.busy : colours.calm);
    painter.drawRect(filled);
    // Strokes of our own rather than brush patterns, which printers and SVG render as bitmaps.
    painter.setPen(QPen(colours.page, 1));
    if (busy)
        for (double x = filled.left(); x + bar.height() <= filled.right(); x += 5)
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x + bar.height(), bar.top()));
    if (strained)
        for (double x = filled.left(); x + bar.height() <= filled.right(); x += 5)
            painter.drawLine(QPointF(x, bar.top()), QPointF(x + bar.height(), bar.bottom()));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.muted, 0.8));
    painter.drawRect(bar);
    if (node.peak > 0) {
        const double x = bar.left() + bar.width() * std::min(node.peak, 1.0);
        painter.setPen(QPen(colours.text, 1.6));
        painter.drawLine(QPointF(x, bar.top() - 2.5), QPointF(x, bar.bottom() + 2.5));
    }
    painter.setFont(font_of(11, true));
    painter.setPen(colours.text);
    painter.drawText(QRectF(bar.right() + 4, bar.top() - 4, 46, bar.height() + 8),
                     Qt::AlignVCenter | Qt::AlignRight, QString::fromStdString(percent(node.utilisation, 2)));
}

}  // namespace headroom::report
