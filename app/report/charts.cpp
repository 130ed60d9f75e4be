#include "app/report/charts.h"

#include "app/report/bare_chart.h"
#include "app/report/chart_axes.h"
#include "app/report/content/wording.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <QGraphicsScene>
#include <QPainter>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QLegend>
#include <QtCharts/QLegendMarker>
#include <QtCharts/QLineSeries>
#include <algorithm>
#include <cmath>
#include <map>

namespace headroom::report {

using model::RunResult;

namespace {

constexpr std::size_t most_points = 2000;
constexpr std::size_t most_series = 7;

constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine,
                                   Qt::DashDotDotLine};

/// Qt Charts reads names as HTML.
QString name_of(const std::string& text, int most = 34) {
    QString name = QString::fromStdString(clean(text));
    if (name.size() > most) name = name.left(most - 1) + QChar(0x2026);
    return name.toHtmlEscaped();
}

struct Line {
    QString name;
    QList<QPointF> points;
    QPen pen;
    bool mark_ends = false;
};

void add_lines(QChart& chart, const std::vector<Line>& lines, QCategoryAxis* horizontal,
               QCategoryAxis* vertical) {
    chart.addAxis(horizontal, Qt::AlignBottom);
    chart.addAxis(vertical, Qt::AlignLeft);
    for (const Line& line : lines) {
        auto* series = new QLineSeries;
        series->setName(line.name);
        series->setPen(line.pen);
        series->replace(line.points);
        chart.addSeries(series);
        series->attachAxis(horizontal);
        series->attachAxis(vertical);
    }
    chart.legend()->setVisible(lines.size() > 1 || (lines.size() == 1 && !lines.front().name.isEmpty()));
    chart.legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    place_legend(chart);
}

QPen series_pen(const Palette& colours, std::size_t index, double width = 1.8) {
    QPen pen(colours.series[index % colours.series.size()], width, dashes[index % std::size(dashes)]);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    return pen;
}

std::string curve_name(const NamedRun& run, const model::FigureKey& key) {
    std::string name = key.of;
    if (!key.subject.empty())
        name += name.empty() ? key.subject : (key.metric == "freshness" ? " in " : " at ") + key.subject;
    if (!run.name.empty()) name = run.name + (name.empty() ? "" : ": " + name);
    return name;
}

/// Probability that a statistic's name speaks of: 0.99 of "response.p99"; 0 for means.
double percentile_of(const std::string& metric) {
    const auto p = metric.rfind(".p");
    if (p == std::string::npos) return 0;
    const double percent = std::atof(metric.c_str() + p + 2);
    return percent > 0 && percent < 100 ? percent / 100 : 0;
}

/// The bins' maxima, so that no peak is lost.
std::vector<QPointF> thinned(const model::Series& series) {
    std::vector<QPointF> points;
    const std::size_t group = series.values.size() / most_points + 1;
    for (std::size_t i = 0; i < series.values.size(); i += group) {
        double highest = std::nan("");
        for (std::size_t k = i; k < std::min(i + group, series.values.size()); ++k)
            if (std::isfinite(series.values[k]) && !(highest >= series.values[k])) highest = series.values[k];
        if (std::isfinite(highest))
            points.emplace_back(
                series.start.value() + (double(i) + 0.5 * double(group)) * series.step.value(), highest);
    }
    return points;
}

}  // namespace

std::unique_ptr<QChart> distribution_chart(std::span<const NamedRun> runs, const std::string& metric,
                                           Theme theme) {
    const Palette& colours = palette(theme);
    std::vector<Line> lines, bounds;
    double low = INFINITY, high = 0, highest_probability = 0.5;
    const auto include = [&](double seconds) {
        low = std::min(low, seconds);
        high = std::max(high, seconds);
    };
    for (const NamedRun& run : runs) {
        for (const model::DistributionCurve& curve : run.result->curves) {
            if (curve.key.metric != metric || lines.size() == most_series) continue;
            // Waits can be zero, which has no logarithm: they stand at a thousandth of the largest or 1 us.
            const double largest = curve.values.empty() ? 0 : curve.values.back();
            if (!(largest > 0)) continue;
            const double least = std::max(largest * 1e-4, 1e-9);
            Line line{name_of(curve_name(run, curve.key)), {}, series_pen(colours, lines.size()), false};
            const std::size_t count = std::min(curve.probabilities.size(), curve.values.size());
            for (std::size_t i = 0; i < count; i += count / most_points + 1) {
                const double p = curve.probabilities[i];
                if (p > 0.9995) break;  // beyond are single items
                const double seconds = std::max(curve.values[i], least);
                line.points.emplace_back(nines(p), std::log10(seconds));
                if (p >= 0.02) include(seconds);
                highest_probability = std::max(highest_probability, p);
            }
            lines.push_back(line);
            for (const model::ObjectiveResult& objective : run.result->objectives) {
                const double p = percentile_of(objective.key.metric);
                if (p <= 0 || objective.key.metric.rfind(metric + ".", 0) != 0 || objective.bound <= 0 ||
                    objective.key.subject != curve.key.subject || objective.key.of != curve.key.of)
                    continue;
                QPen pen(line.pen.color(), 1.2, Qt::SolidLine);
                const double level = std::log10(objective.bound);
                Line bound{
                    name_of("bound: " + model::format_quantity(objective.bound, model::dimensions::time) +
                            " at " + objective.key.metric.substr(metric.size() + 1)),
                    {{0, level}, {nines(p), level}, {nines(p), level + 0.06}, {nines(p), level - 0.06}},
                    pen,
                    true};
                include(objective.bound);
                highest_probability = std::max(highest_probability, p);
                const bool known = std::any_of(bounds.begin(), bounds.end(), [&](const Line& other) {
                    return other.points == bound.points;
                });
                if (!known) bounds.push_back(bound);
            }
        }
    }
    if (lines.empty()) return nullptr;
    lines.insert(lines.end(), bounds.begin(), bounds.end());
    if (high / low < 4) {
        const double middle = std::sqrt(high * low);
        low = middle / 2;
        high = middle * 2;
    }
    auto chart = bare_chart(colours);
    const model::Metric* mean = model::find_metric(metric + ".mean");
    const std::string title =
        mean ? std::string(mean->title).substr(0, std::string(mean->title).find(',')) : metric;
    auto* vertical = labelled_axis(log_time_ticks(low * 0.8, high * 1.25), std::log10(low * 0.8),
                                   std::log10(high * 1.25), QString::fromStdString(title), colours);
    auto* horizontal =
        labelled_axis(percentile_ticks(highest_probability), 0, nines(highest_probability) * 1.02,
                      "Share that is faster (percentile)", colours);
    add_lines(*chart, lines, horizontal, vertical);
    return chart;
}

std::unique_ptr<QChart> distribution_chart(const RunResult& result, const std::string& metric, Theme theme) {
    const NamedRun alone{"", &result};
    return distribution_chart(std::span(&alone, 1), metric, theme);
}

std::unique_ptr<QChart> time_chart(const RunResult& result, const std::string& metric, Theme theme) {
    const NamedRun alone{"", &result};
    return time_chart(std::span(&alone, 1), metric, theme);
}

std::unique_ptr<QChart> time_chart(std::span<const NamedRun> runs, const std::string& metric, Theme theme) {
    const Palette& colours = palette(theme);
    struct Candidate {
        const NamedRun* run;
        const model::Series* series;
        double peak;
    };
    std::vector<Candidate> candidates;
    double end = 0;
    for (const NamedRun& run : runs) {
        end = std::max(end, run.result->horizon.value());
        for (const model::Series& series : run.result->series) {
            if (series.key.metric != metric) continue;
            double peak = -1;
            for (const double value : series.values)
                if (std::isfinite(value)) peak = std::max(peak, value);
            if (peak >= 0) candidates.push_back({&run, &series, peak});
        }
    }
    if (candidates.empty()) return nullptr;
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.peak > b.peak; });
    if (candidates.size() > most_series) candidates.resize(most_series);

    std::vector<Line> lines;
    for (const Candidate& candidate : candidates) {
        Line line{name_of(curve_name(*candidate.run, candidate.series->key)),
                  {},
                  series_pen(colours, lines.size(), 1.6),
                  false};
        for (const QPointF& point : thinned(*candidate.series)) line.points.append(point);
        if (!line.points.isEmpty()) end = std::max(end, line.points.back().x());
        lines.push_back(line);
    }
    const model::Metric* row = model::find_metric(metric);
    const double peak = candidates.front().peak;
    const bool percent = row && row->percent;
    const model::Dimension dimension = row ? row->dimension : model::Dimension{};
    const char* noun = row ? row->noun : "";
    const std::vector<Tick> ticks =
        linear_ticks(percent ? std::max(peak, 0.1) : peak, dimension, noun, percent);
    const model::UnitScale unit = model::unit_scale(peak, dimension, {.noun = noun, .percent = percent});
    QString title = row ? QString::fromLatin1(row->title) : QString::fromStdString(metric);
    title = title.section(',', 0, 0);
    if (!percent && !unit.unit.empty()) title += " (" + QString::fromStdString(unit.unit) + ")";
    auto chart = bare_chart(colours);
    auto* vertical = labelled_axis(ticks, 0, ticks.back().value, title, colours);
    auto* horizontal = labelled_axis(clock_ticks(end), 0, end, "Time from the start", colours);
    add_lines(*chart, lines, horizontal, vertical);
    return chart;
}

void draw(QChart& chart, QPainter& painter, const QSizeF& size) {
    // Qt Charts strokes its lines with whatever brush is set.
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::NoBrush);
    QGraphicsScene scene;
    scene.addItem(&chart);
    chart.resize(size);
    scene.setSceneRect(QRectF(QPointF(0, 0), size));
    scene.render(&painter, QRectF(QPointF(0, 0), size), scene.sceneRect());
    scene.removeItem(&chart);
}

}  // namespace headroom::report
