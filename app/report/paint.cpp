#include "app/report/paint.h"

#include "app/report/charts.h"
#include "app/report/study_charts.h"
#include "app/report/topology_drawing.h"

#include <QtCharts/QChart>
#include <type_traits>

namespace headroom::report {

namespace {

constexpr Theme theme = Theme::print;

using Chart = std::unique_ptr<QChart>;

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

template <class Shown>
constexpr bool painted = std::is_same_v<Shown, Lines> || std::is_same_v<Shown, Heat> ||
                         std::is_same_v<Shown, Whiskers> || std::is_same_v<Shown, Plane>;

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
    return std::visit(
        [](const auto& shown) {
            using Shown = std::decay_t<decltype(shown)>;
            if constexpr (std::is_same_v<Shown, TopologyOf>)
                return false;  // drawn above
            else if constexpr (painted<Shown>)
                return has_something_to_show(shown);
            else
                return chart_of(shown) != nullptr;
        },
        picture.drawing);
}

void paint(const Picture& picture, QPainter& painter) {
    const QSizeF size(picture.width, picture.height);
    std::visit(
        [&](const auto& shown) {
            using Shown = std::decay_t<decltype(shown)>;
            if constexpr (std::is_same_v<Shown, TopologyOf>)
                drawing_of(shown).paint(painter, palette(theme));
            else if constexpr (painted<Shown>)
                paint(shown, painter, size, palette(theme));
            else if (const Chart chart = chart_of(shown))
                draw(*chart, painter, size);
        },
        picture.drawing);
}

}  // namespace headroom::report
