#include "app/report/paint.h"

#include "app/report/charts.h"
#include "app/report/topology_drawing.h"

#include <QtCharts/QChart>

namespace headroom::report {

namespace {

constexpr Theme theme = Theme::print;

using Chart = std::unique_ptr<QChart>;

Chart chart_of(const TopologyOf&) { return nullptr; }
Chart chart_of(const Distributions& shown) { return distribution_chart(shown.runs, shown.metric, theme); }
Chart chart_of(const OverTime& shown) { return time_chart(shown.runs, shown.metric, theme); }
Chart chart_of(const Costs& shown) {
    return shown.runs.size() == 1 ? cost_chart(*shown.runs.front().result, theme)
                                  : cost_chart(shown.runs, theme);
}
Chart chart_of(const Waterfall& shown) { return waterfall_chart(shown.from, shown.to, theme); }
Chart chart_of(const CostAgainst& shown) { return cost_against(shown.runs, shown.figure, theme); }
Chart chart_of(const Tornado& shown) { return tornado_chart(shown, theme); }
Chart chart_of(const Columns& shown) { return columns_chart(shown, theme); }

TopologyDrawing drawing_of(const TopologyOf& shown) {
    return {*shown.scenario, *shown.catalog, *shown.result};
}

}  // namespace

bool has_something_to_show(Picture& picture) {
    if (const auto* topology = std::get_if<TopologyOf>(&picture.drawing)) {
        const TopologyDrawing drawing = drawing_of(*topology);
        picture.width = drawing.size().width();
        picture.height = drawing.size().height();
        return !drawing.empty();
    }
    return std::visit([](const auto& shown) { return chart_of(shown) != nullptr; }, picture.drawing);
}

void paint(const Picture& picture, QPainter& painter) {
    if (const auto* topology = std::get_if<TopologyOf>(&picture.drawing))
        return drawing_of(*topology).paint(painter, palette(theme));
    const Chart chart = std::visit([](const auto& shown) { return chart_of(shown); }, picture.drawing);
    if (chart) draw(*chart, painter, {picture.width, picture.height});
}

}  // namespace headroom::report
