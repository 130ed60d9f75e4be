#include "app/report/bare_chart.h"
#include "app/report/chart_axes.h"
#include "app/report/charts.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"

#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QBarSet>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QHorizontalStackedBarSeries>
#include <QtCharts/QLegend>
#include <QtCharts/QLegendMarker>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <QtCharts/QStackedBarSeries>
#include <algorithm>
#include <cmath>

namespace headroom::report {

namespace {

QBarCategoryAxis* name_axis(const QStringList& labels, const Palette& colours) {
    auto* names = new QBarCategoryAxis;
    names->append(labels);
    names->setLabelsFont(label_font());
    names->setLabelsColor(colours.text);
    names->setGridLineVisible(false);
    names->setLinePen(QPen(colours.grid, 1));
    names->setTruncateLabels(false);
    return names;
}

QString unlike(QString label, const QStringList& others) {
    while (others.contains(label)) label += QChar(0x200b);
    return label;
}

}  // namespace

std::unique_ptr<QChart> tornado_chart(const Tornado& shown, Theme theme) {
    double least = shown.middle, most = shown.middle;
    for (const Tornado::Bar& bar : shown.bars) {
        least = std::min({least, bar.low, bar.high});
        most = std::max({most, bar.low, bar.high});
    }
    if (shown.bars.empty() || !std::isfinite(most) || !(most > least)) return nullptr;
    const Palette& colours = palette(theme);
    auto chart = bare_chart(colours);
    // A bar hangs on an invisible one from the left edge of the chart.
    const double edge = std::max(0.0, least - 0.08 * (most - least));
    auto* bars = new QHorizontalStackedBarSeries;
    bars->setBarWidth(0.6);
    struct Part {
        QString name;
        QBrush brush;
        double (*length)(const Tornado::Bar&, double middle, double edge);
    };
    const auto below = [](const Tornado::Bar& bar, double middle, double) {
        return middle - std::min({bar.low, bar.high, middle});
    };
    const Part parts[] = {{"", Qt::NoBrush,
                           [](const Tornado::Bar& bar, double middle, double from) {
                               return std::min({bar.low, bar.high, middle}) - from;
                           }},
                          {"", colours.series[0], nullptr},
                          {"", colours.series[1], nullptr}};
    for (int part = 0; part < 3; ++part) {
        auto* set = new QBarSet(parts[part].name);
        for (std::size_t i = shown.bars.size(); i-- > 0;) {
            const Tornado::Bar& bar = shown.bars[i];
            *set << (part == 0   ? parts[0].length(bar, shown.middle, edge)
                     : part == 1 ? below(bar, shown.middle, edge)
                                 : std::max({bar.low, bar.high, shown.middle}) - shown.middle);
        }
        set->setBrush(parts[part].brush);
        set->setPen(Qt::NoPen);
        bars->append(set);
    }
    chart->addSeries(bars);
    chart->legend()->hide();
    QStringList labels;
    for (std::size_t i = shown.bars.size(); i-- > 0;)
        labels << unlike(QString::fromStdString(shortened(clean(shown.bars[i].label), 46)).toHtmlEscaped(),
                         labels);
    auto* names = name_axis(labels, colours);
    chart->addAxis(names, Qt::AlignLeft);
    bars->attachAxis(names);
    std::vector<Tick> ticks = round_ticks(edge, most + 0.04 * (most - least), shown.figure);
    for (Tick& tick : ticks) tick.value -= edge;
    auto* amounts = labelled_axis(ticks, 0, most + 0.04 * (most - least) - edge,
                                  QString::fromStdString(shown.axis), colours);
    chart->addAxis(amounts, Qt::AlignBottom);
    bars->attachAxis(amounts);
    return chart;
}

namespace {

std::unique_ptr<QChart> points_chart(const Columns& shown, Theme theme) {
    const Palette& colours = palette(theme);
    double low = INFINITY, high = 0;
    for (const auto& part : shown.values)
        for (const double value : part)
            if (value > 0 && std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
    if (!(high > 0)) return nullptr;
    auto chart = bare_chart(colours);
    const double from = std::floor(std::log10(low) - 0.1), to = std::ceil(std::log10(high) + 0.1);
    std::vector<Tick> ticks;
    for (double decade = from; decade <= to; ++decade)
        ticks.push_back({decade, axis_text(shown.figure, std::pow(10, decade))});
    auto* values = labelled_axis(ticks, from, to, QString::fromStdString(shown.axis), colours);
    std::vector<Tick> places;
    for (std::size_t i = 0; i < shown.labels.size(); ++i)
        places.push_back({static_cast<double>(i) + 1, QString::fromStdString(clean(shown.labels[i]))});
    auto* along = labelled_axis(places, 0.5, static_cast<double>(shown.labels.size()) + 0.5, "", colours);
    chart->addAxis(values, Qt::AlignLeft);
    chart->addAxis(along, Qt::AlignBottom);
    constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    for (std::size_t part = 0; part < shown.values.size(); ++part) {
        auto* line = new QLineSeries;
        auto* dots = new QScatterSeries;
        QList<QPointF> points;
        for (std::size_t i = 0; i < shown.values[part].size(); ++i)
            if (shown.values[part][i] > 0 && std::isfinite(shown.values[part][i]))
                points << QPointF(static_cast<double>(i) + 1, std::log10(shown.values[part][i]));
        line->replace(points);
        dots->replace(points);
        line->setName(QString::fromStdString(clean(shown.parts[part])).toHtmlEscaped());
        line->setPen(QPen(colours.series[part % colours.series.size()], 1.8, dashes[part % 4]));
        dots->setColor(colours.series[part % colours.series.size()]);
        dots->setBorderColor(colours.page);
        dots->setMarkerSize(9);
        for (QXYSeries* series : {static_cast<QXYSeries*>(line), static_cast<QXYSeries*>(dots)}) {
            chart->addSeries(series);
            series->attachAxis(values);
            series->attachAxis(along);
        }
        for (QLegendMarker* marker : chart->legend()->markers(dots)) marker->setVisible(false);
    }
    if (shown.values.size() < 2) chart->legend()->hide();
    place_legend(*chart);
    return chart;
}

}  // namespace

std::unique_ptr<QChart> columns_chart(const Columns& shown, Theme theme) {
    if (shown.labels.empty() || shown.values.empty()) return nullptr;
    if (shown.logarithmic) return points_chart(shown, theme);
    const Palette& colours = palette(theme);
    double highest = 0;
    for (std::size_t i = 0; i < shown.labels.size(); ++i) {
        double sum = 0;
        for (const auto& part : shown.values) sum += i < part.size() ? part[i] : 0;
        highest = std::max(highest, sum);
    }
    if (!(highest > 0) || !std::isfinite(highest)) return nullptr;
    auto chart = bare_chart(colours);
    auto* bars = new QStackedBarSeries;
    bars->setBarWidth(0.6);
    for (std::size_t part = 0; part < shown.parts.size(); ++part) {
        auto* set =
            new QBarSet(QString::fromStdString(shortened(clean(shown.parts[part]), 26)).toHtmlEscaped());
        for (std::size_t i = 0; i < shown.labels.size(); ++i)
            *set << (i < shown.values[part].size() ? shown.values[part][i] : 0.0);
        set->setBrush(colours.parts[part % colours.parts.size()]);
        set->setPen(QPen(colours.page, 1));
        bars->append(set);
    }
    chart->addSeries(bars);
    if (shown.parts.size() < 2) chart->legend()->hide();
    chart->legend()->setReverseMarkers(true);  // from the top, as they are stacked
    place_legend(*chart);
    QStringList labels;
    for (const std::string& label : shown.labels)
        labels << unlike(QString::fromStdString(clean(label)).toHtmlEscaped(), labels);
    auto* names = name_axis(labels, colours);
    chart->addAxis(names, Qt::AlignBottom);
    bars->attachAxis(names);
    std::vector<Tick> ticks = round_ticks(0, highest * 1.05, shown.figure);
    auto* amounts = labelled_axis(ticks, 0, highest * 1.05, QString::fromStdString(shown.axis), colours);
    chart->addAxis(amounts, Qt::AlignLeft);
    bars->attachAxis(amounts);
    return chart;
}

}  // namespace headroom::report
