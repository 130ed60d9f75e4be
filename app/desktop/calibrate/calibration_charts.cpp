#include "app/desktop/calibrate/calibration_charts.h"

#include "app/report/bare_chart.h"
#include "app/report/chart_axes.h"
#include "model/kinds/parts.h"
#include "model/units/unit.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QCategoryAxis>
#include <QChart>
#include <QCoreApplication>
#include <QGraphicsLayout>
#include <QHorizontalBarSeries>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QScatterSeries>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

namespace {

using model::Calibration;
using model::StepCost;
using report::Palette;
using report::Tick;

QString tr(const char* text) { return QCoreApplication::translate("CalibrationCharts", text); }

/// A line's dashes are in its legend.
std::unique_ptr<QChart> empty_chart(const Palette& colours) {
    auto chart = report::bare_chart(colours);
    chart->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    return chart;
}

QString escaped(const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); }

/// Powers of ten between the two, as "100", "10k".
std::vector<Tick> row_ticks(double low, double high) {
    std::vector<Tick> ticks;
    for (int power = static_cast<int>(std::ceil(std::log10(low))); power <= std::log10(high); ++power)
        ticks.push_back({static_cast<double>(power), QString::fromStdString(model::format_quantity(
                                                         std::pow(10.0, power), {}, {.digits = 3}))});
    return ticks;
}

/// The steps that are shown: one, or all that were measured.
std::vector<const StepCost*> shown(const Calibration& calibration, int step) {
    std::vector<const StepCost*> steps;
    for (std::size_t i = 0; i < calibration.steps.size(); ++i)
        if ((step < 0 || static_cast<int>(i) == step) && calibration.steps[i].batches.size() > 1)
            steps.push_back(&calibration.steps[i]);
    return steps;
}

struct Range {
    double low = INFINITY, high = 0;
    void include(double value) {
        if (!(value > 0)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

Range rows_of(const std::vector<const StepCost*>& steps) {
    Range range;
    for (const StepCost* step : steps)
        for (const model::TimedBatch& batch : step->batches) range.include(batch.rows);
    return range;
}

double fitted(const StepCost& step, double rows) {
    return step.time_per_batch.value + step.time_per_row.value * rows;
}

template <class Series>
Series* add_series(QChart& chart, const QString& name, const QList<QPointF>& points,
                   QAbstractAxis* horizontal, QAbstractAxis* vertical) {
    auto* series = new Series;
    series->setName(name);
    series->replace(points);
    chart.addSeries(series);
    series->attachAxis(horizontal);
    series->attachAxis(vertical);
    return series;
}

void add_points(QChart& chart, const QString& name, const QList<QPointF>& points, const QColor& color,
                int shape, QAbstractAxis* horizontal, QAbstractAxis* vertical) {
    static constexpr QScatterSeries::MarkerShape shapes[] = {
        QScatterSeries::MarkerShapeCircle,   QScatterSeries::MarkerShapeRectangle,
        QScatterSeries::MarkerShapeTriangle, QScatterSeries::MarkerShapeRotatedRectangle,
        QScatterSeries::MarkerShapePentagon, QScatterSeries::MarkerShapeStar};
    auto* series = add_series<QScatterSeries>(chart, name, points, horizontal, vertical);
    series->setMarkerShape(shapes[static_cast<std::size_t>(shape) % std::size(shapes)]);
    series->setMarkerSize(9);
    series->setColor(color);
    series->setBorderColor(color);
}

void hide_from_legend(QChart& chart, QAbstractSeries* series) {
    for (QLegendMarker* marker : chart.legend()->markers(series)) marker->setVisible(false);
}

/// Whole per cents from -limit to limit, at most nine of them.
std::vector<Tick> percent_ticks(double limit) {
    double step = 1;
    for (const double candidate : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0}) {
        step = candidate;
        if (limit * 100 / candidate <= 4) break;
    }
    std::vector<Tick> ticks;
    for (int i = -4; i <= 4; ++i)
        if (std::abs(i * step) <= limit * 100 + 1e-9)
            ticks.push_back({i * step / 100, QStringLiteral("%1 %").arg(i * step)});
    return ticks;
}

}  // namespace

std::unique_ptr<QChart> fit_chart(const Calibration& calibration, int step, report::Theme theme) {
    const std::vector<const StepCost*> steps = shown(calibration, step);
    if (steps.empty()) return nullptr;
    const Palette& colours = report::palette(theme);
    const Range rows = rows_of(steps);
    Range seconds;
    for (const StepCost* one : steps)
        for (const model::TimedBatch& batch : one->batches) {
            seconds.include(batch.seconds);
            seconds.include(fitted(*one, batch.rows));
        }
    if (!(seconds.high > 0)) return nullptr;
    const double low = std::log10(rows.low) - 0.1, high = std::log10(rows.high) + 0.1;
    auto chart = empty_chart(colours);
    auto* horizontal =
        report::labelled_axis(row_ticks(rows.low, rows.high), low, high, tr("Rows of a batch"), colours);
    auto* vertical = report::labelled_axis(report::log_time_ticks(seconds.low * 0.7, seconds.high * 1.4),
                                           std::log10(seconds.low * 0.7), std::log10(seconds.high * 1.4),
                                           tr("CPU time of a batch"), colours);
    chart->addAxis(horizontal, Qt::AlignBottom);
    chart->addAxis(vertical, Qt::AlignLeft);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const StepCost& one = *steps[i];
        const QColor color = colours.series[i % colours.series.size()];
        QList<QPointF> measured, line;
        for (const model::TimedBatch& batch : one.batches)
            if (batch.seconds > 0) measured.emplace_back(std::log10(batch.rows), std::log10(batch.seconds));
        constexpr int pieces = 60;
        for (int k = 0; k <= pieces; ++k) {
            const double at = low + (high - low) * k / pieces, value = fitted(one, std::pow(10.0, at));
            if (value > 0) line.emplace_back(at, std::log10(value));
        }
        auto* series = add_series<QLineSeries>(*chart, {}, line, horizontal, vertical);
        series->setPen(QPen(color, 1.6));
        hide_from_legend(*chart, series);
        add_points(*chart, escaped(one.name), measured, color, static_cast<int>(i), horizontal, vertical);
    }
    return chart;
}

std::unique_ptr<QChart> residual_chart(const Calibration& calibration, int step, report::Theme theme) {
    const std::vector<const StepCost*> steps = shown(calibration, step);
    if (steps.empty()) return nullptr;
    const Palette& colours = report::palette(theme);
    const Range rows = rows_of(steps);
    double limit = 0.05;
    std::vector<QList<QPointF>> points;
    for (const StepCost* one : steps) {
        auto& of_step = points.emplace_back();
        for (const model::TimedBatch& batch : one->batches) {
            if (!(batch.seconds > 0)) continue;
            // What is more than ten times off is drawn at the edge.
            const double miss = std::min(10.0, fitted(*one, batch.rows) / batch.seconds - 1);
            limit = std::max(limit, std::abs(miss));
            of_step.emplace_back(std::log10(batch.rows), miss);
        }
    }
    limit *= 1.1;
    const double low = std::log10(rows.low) - 0.1, high = std::log10(rows.high) + 0.1;
    auto chart = empty_chart(colours);
    auto* horizontal =
        report::labelled_axis(row_ticks(rows.low, rows.high), low, high, tr("Rows of a batch"), colours);
    auto* vertical = report::labelled_axis(percent_ticks(limit), -limit, limit, tr("Miss"), colours);
    chart->addAxis(horizontal, Qt::AlignBottom);
    chart->addAxis(vertical, Qt::AlignLeft);
    auto* zero = add_series<QLineSeries>(*chart, {}, {{low, 0}, {high, 0}}, horizontal, vertical);
    zero->setPen(QPen(colours.muted, 1));
    hide_from_legend(*chart, zero);
    for (std::size_t i = 0; i < steps.size(); ++i)
        add_points(*chart, escaped(steps[i]->name), points[i], colours.series[i % colours.series.size()],
                   static_cast<int>(i), horizontal, vertical);
    return chart;
}

std::unique_ptr<QChart> skew_chart(const Calibration& calibration, report::Theme theme) {
    if (calibration.key_shares.empty()) return nullptr;
    const Palette& colours = report::palette(theme);
    constexpr int most_doublings = 8;
    QList<QPointF> hottest;
    std::vector<Tick> ticks;
    double highest = 1;
    for (int power = 0; power <= most_doublings; ++power) {
        const int partitions = 1 << power;
        const std::vector<double> shares = model::hashed_shares(calibration.key_shares, partitions);
        const double load =
            shares.empty() ? 1.0 : partitions * *std::max_element(shares.begin(), shares.end());
        hottest.emplace_back(power, load);
        highest = std::max(highest, load);
        ticks.push_back({static_cast<double>(power), QString::number(partitions)});
    }
    auto chart = empty_chart(colours);
    const double right = most_doublings + 0.2;  // room for the last label
    const std::vector<Tick> loads = report::linear_ticks(highest, {}, "", false);
    auto* horizontal = report::labelled_axis(ticks, 0, right, tr("Partitions"), colours);
    auto* vertical = report::labelled_axis(loads, 0, loads.back().value, tr("Times an even share"), colours);
    chart->addAxis(horizontal, Qt::AlignBottom);
    chart->addAxis(vertical, Qt::AlignLeft);
    auto* line = add_series<QLineSeries>(*chart, tr("hottest partition"), hottest, horizontal, vertical);
    line->setPen(QPen(colours.series[0], 1.8));
    auto* dashed =
        add_series<QLineSeries>(*chart, tr("even share"), {{0, 1}, {right, 1}}, horizontal, vertical);
    dashed->setPen(QPen(colours.series[1], 1.6, Qt::DashLine));
    return chart;
}

std::unique_ptr<QChart> size_chart(const Calibration& calibration, report::Theme theme) {
    if (calibration.bytes_out.empty()) return nullptr;
    const Palette& colours = report::palette(theme);
    auto* in = new QBarSet(tr("row in"));
    auto* out = new QBarSet(tr("row out"));
    QStringList names;
    double largest = 0;
    // Bars are drawn from below.
    for (auto format = calibration.bytes_out.rbegin(); format != calibration.bytes_out.rend(); ++format) {
        const auto before =
            std::find_if(calibration.bytes_in_formats.begin(), calibration.bytes_in_formats.end(),
                         [&](const auto& one) { return one.first == format->first; });
        const double bytes_in = before == calibration.bytes_in_formats.end() ? 0 : before->second;
        names << QString::fromStdString(format->first);
        *in << bytes_in;
        *out << format->second;
        largest = std::max({largest, bytes_in, format->second});
    }
    in->setColor(colours.series[0]);
    out->setColor(colours.series[1]);
    for (QBarSet* set : {in, out}) set->setPen(Qt::NoPen);
    auto chart = empty_chart(colours);
    chart->legend()->setMarkerShape(QLegend::MarkerShapeRectangle);
    auto* series = new QHorizontalBarSeries;
    series->append(out);
    series->append(in);
    series->setBarWidth(0.75);
    chart->addSeries(series);
    auto* formats = new QBarCategoryAxis;
    formats->append(names);
    formats->setLabelsFont(report::label_font());
    formats->setLabelsColor(colours.muted);
    formats->setGridLineVisible(false);
    formats->setTruncateLabels(false);
    formats->setLinePen(QPen(colours.grid, 1));
    const std::vector<Tick> ticks = report::linear_ticks(largest, model::dimensions::item_size, "", false);
    auto* bytes = report::labelled_axis(ticks, 0, 1.03 * ticks.back().value, tr("Bytes of a row"), colours);
    chart->addAxis(formats, Qt::AlignLeft);
    chart->addAxis(bytes, Qt::AlignBottom);
    series->attachAxis(formats);
    series->attachAxis(bytes);
    return chart;
}

}  // namespace headroom::desktop
