#include "app/report/bare_chart.h"
#include "app/report/chart_axes.h"
#include "app/report/charts.h"
#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QBarSet>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QHorizontalStackedBarSeries>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <algorithm>
#include <cmath>
#include <map>

namespace headroom::report {

namespace {

std::string dollars(double amount) {
    return model::format_quantity(amount / model::months(1).value(), model::dimensions::money_rate);
}

std::vector<Tick> dollar_ticks(double highest) {
    std::vector<Tick> ticks = linear_ticks(highest, {}, "", false);
    for (Tick& tick : ticks) tick.label = QString::fromStdString(rounded_money(tick.value));
    return ticks;
}

/// One bar of a waterfall: from where it begins, and how much it adds.
struct Step {
    QString name;
    double base = 0, whole = 0, more = 0, less = 0;
};

std::vector<Step> steps_between(const NamedRun& from, const NamedRun& to) {
    const auto name = [](const std::string& text) { return QString::fromStdString(clean(text)); };
    std::map<std::string, double> change;
    std::vector<std::string> order;
    double before = 0, after = 0;
    const auto add = [&](const model::Bill& bill, double sign, double& total) {
        for (const model::BillLine& line : bill.lines) {
            if (!change.contains(line.component)) order.push_back(line.component);
            change[line.component] += sign * line.amount;
            total += line.amount;
        }
    };
    add(from.result->bill, -1, before);
    add(to.result->bill, 1, after);
    std::vector<Step> steps{{name(from.name), 0, before, 0, 0}};
    double level = before;
    for (const std::string& component : order) {
        const double by = change[component];
        if (std::abs(by) < 0.005) continue;
        Step step{name(component), std::min(level, level + by), 0, std::max(0.0, by), std::max(0.0, -by)};
        level += by;
        steps.push_back(step);
    }
    steps.push_back({name(to.name), 0, after, 0, 0});
    return steps;
}

}  // namespace

std::unique_ptr<QChart> waterfall_chart(const NamedRun& from, const NamedRun& to, Theme theme) {
    const Palette& colours = palette(theme);
    const std::vector<Step> steps = steps_between(from, to);
    double highest = 0;
    for (const Step& step : steps)
        highest = std::max(highest, step.base + step.whole + step.more + step.less);
    if (!(highest > 0)) return nullptr;
    auto chart = bare_chart(colours);
    auto* bars = new QHorizontalStackedBarSeries;
    bars->setBarWidth(0.62);
    const auto set = [&](const QString& name, const QBrush& brush, double Step::*amount) {
        auto* made = new QBarSet(name);
        for (std::size_t i = steps.size(); i-- > 0;) *made << steps[i].*amount;  // the first at the top
        made->setBrush(brush);
        made->setPen(Qt::NoPen);
        bars->append(made);
    };
    set({}, Qt::NoBrush, &Step::base);
    set("total", colours.muted, &Step::whole);
    set("costs more", colours.bad, &Step::more);
    set("saves", colours.good, &Step::less);
    chart->addSeries(bars);
    chart->legend()->hide();

    QStringList labels;
    for (std::size_t i = steps.size(); i-- > 0;) {
        const Step& step = steps[i];
        const std::string amount = step.more > 0   ? "+ " + dollars(step.more)
                                   : step.less > 0 ? "− " + dollars(step.less)
                                                   : dollars(step.whole);
        QString label = step.name.toHtmlEscaped() + "  " + QString::fromStdString(amount);
        while (labels.contains(label)) label += QChar(0x200b);
        labels << label;
    }
    auto* names = new QBarCategoryAxis;
    names->append(labels);
    names->setLabelsFont(label_font());
    names->setLabelsColor(colours.text);
    names->setGridLineVisible(false);
    names->setLinePen(QPen(colours.grid, 1));
    names->setTruncateLabels(false);
    chart->addAxis(names, Qt::AlignLeft);
    bars->attachAxis(names);
    const std::vector<Tick> ticks = dollar_ticks(highest);
    auto* amounts = labelled_axis(ticks, 0, ticks.back().value, "Dollars a month", colours);
    chart->addAxis(amounts, Qt::AlignBottom);
    bars->attachAxis(amounts);
    return chart;
}

std::unique_ptr<QChart> cost_against(std::span<const NamedRun> runs, const model::FigureKey& figure,
                                     Theme theme) {
    struct Point {
        const NamedRun* run;
        double cost, value;
    };
    std::vector<Point> points;
    for (const NamedRun& run : runs) {
        const model::Figure* found = run.result->find(figure);
        if (found != nullptr && std::isfinite(found->simulated.value))
            points.push_back({&run, run.result->bill.per_month().value(), found->simulated.value});
    }
    if (points.size() < 2) return nullptr;
    std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
        return a.cost < b.cost || (a.cost == b.cost && a.value < b.value);
    });
    double dearest = 0, highest = 0;
    for (const Point& point : points) {
        dearest = std::max(dearest, point.cost);
        highest = std::max(highest, point.value);
    }
    const model::Metric* row = model::find_metric(figure.metric);
    if (!(dearest > 0) || !(highest > 0) || row == nullptr) return nullptr;

    const Palette& colours = palette(theme);
    auto chart = bare_chart(colours);
    const model::UnitScale unit =
        model::unit_scale(highest, row->dimension, {.noun = row->noun, .percent = row->percent});
    const std::vector<Tick> across = dollar_ticks(dearest * 1.05);
    const std::vector<Tick> up = linear_ticks(highest * 1.05, row->dimension, row->noun, row->percent);
    QString title = QString::fromLatin1(row->title);
    if (!figure.of.empty()) title += " of " + QString::fromStdString(clean(figure.of));
    if (!row->percent && !unit.unit.empty()) title += " (" + QString::fromStdString(unit.unit) + ")";
    auto* horizontal = labelled_axis(across, 0, across.back().value, "Dollars a month", colours);
    auto* vertical = labelled_axis(up, 0, up.back().value, title, colours);
    chart->addAxis(horizontal, Qt::AlignBottom);
    chart->addAxis(vertical, Qt::AlignLeft);
    const auto attach = [&](QXYSeries* series) {
        chart->addSeries(series);
        series->attachAxis(horizontal);
        series->attachAxis(vertical);
    };
    auto* front = new QLineSeries;
    front->setName("best for its cost");
    front->setPen(QPen(colours.muted, 1.4, Qt::DashLine));
    double best = std::numeric_limits<double>::infinity();
    QList<QPointF> corners;
    for (const Point& point : points)
        if (point.value < best) {
            best = point.value;
            corners << QPointF(point.cost, point.value);
        }
    front->replace(corners);
    attach(front);
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto* dot = new QScatterSeries;
        dot->setName(QString::fromStdString(clean(points[i].run->name)).toHtmlEscaped());
        dot->setColor(colours.series[i % colours.series.size()]);
        dot->setBorderColor(colours.page);
        dot->setMarkerShape(i % 2 == 0 ? QScatterSeries::MarkerShapeCircle
                                       : QScatterSeries::MarkerShapeRectangle);
        dot->setMarkerSize(12);
        dot->replace(QList<QPointF>{{points[i].cost, points[i].value}});
        attach(dot);
    }
    place_legend(*chart);
    return chart;
}

}  // namespace headroom::report
