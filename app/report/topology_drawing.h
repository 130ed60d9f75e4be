#pragma once
// The topology as a vector drawing: workloads, components with their utilisation, links, the bottleneck.

#include "app/report/palette.h"
#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <QPainterPath>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <string>
#include <vector>

class QPainter;

namespace headroom::report {

class TopologyDrawing {
public:
    TopologyDrawing(const model::Scenario& scenario, const model::Catalog& catalog,
                    const model::RunResult& result);

    bool empty() const { return nodes_.empty(); }
    /// In pixels; never wider than a page's text.
    QSizeF size() const { return size_; }
    void paint(QPainter& painter, const Palette& colours) const;

private:
    struct Node {
        QRectF box;
        QString name, detail;
        bool workload = false, bottleneck = false;
        double utilisation = -1, peak = -1;  ///< negative: none
    };
    struct Edge {
        std::size_t from = 0, to = 0;
        QPainterPath path;
        QPointF direction;  ///< of its end
    };

    void add_edges(const model::Scenario& scenario);
    QPainterPath forward(const Node& from, const Node& to) const;
    QPainterPath backward(const Node& from, const Node& to) const;
    void paint_node(QPainter& painter, const Node& node, const Palette& colours) const;
    void paint_utilisation(QPainter& painter, const Node& node, const Palette& colours) const;

    std::vector<Node> nodes_;
    std::vector<std::string> ids_;
    std::vector<Edge> edges_;
    bool downwards_ = false;
    QRectF extent_;
    QSizeF size_;
};

}  // namespace headroom::report
