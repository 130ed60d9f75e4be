#include "app/report/chart_axes.h"

#include "app/report/content/facts.h"
#include "app/report/content/wording.h"
#include "model/units/unit.h"

#include <QFont>
#include <QPen>
#include <QtCharts/QCategoryAxis>
#include <algorithm>
#include <array>
#include <cmath>

namespace headroom::report {

namespace {

constexpr double minute = 60, hour = 3600, day = 86400;

QString duration_label(double seconds) {
    const auto whole = [](double value, const char* unit) {
        return QStringLiteral("%1 %2").arg(QString::number(value, 'g', 4), QString::fromUtf8(unit));
    };
    if (seconds < 0.9999e-6) return whole(seconds * 1e9, "ns");
    if (seconds < 0.9999e-3) return whole(seconds * 1e6, "µs");
    if (seconds < 0.9999) return whole(seconds * 1e3, "ms");
    if (seconds < minute) return whole(seconds, "s");
    if (seconds < hour) return whole(seconds / minute, "min");
    if (seconds < day) return whole(seconds / hour, "h");
    return whole(seconds / day, "d");
}

/// Round durations, from many (0) to few (2).
std::vector<double> round_durations(int sparseness) {
    using Digits = std::vector<double>;
    const auto pick = [sparseness](Digits many, Digits some, Digits few) {
        return sparseness == 0 ? many : sparseness == 1 ? some : few;
    };
    std::vector<double> values;
    for (int decade = -9; decade < 0; ++decade)
        for (const double digit : pick({1, 1.5, 2, 3, 4, 5, 7}, {1, 2, 5}, {1}))
            values.push_back(digit * std::pow(10.0, decade));
    for (const double s : pick({1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40}, {1, 2, 5, 10, 20}, {1, 10}))
        values.push_back(s);
    for (const double m : pick({1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40}, {1, 2, 5, 10, 20}, {1, 10}))
        values.push_back(m * minute);
    for (const double h : pick({1, 1.5, 2, 3, 4, 6, 8, 12, 16}, {1, 2, 4, 10}, {1}))
        values.push_back(h * hour);
    for (int decade = 0; decade < 6; ++decade)
        for (const double digit : pick({1, 1.5, 2, 3, 4, 5, 7}, {1, 2, 5}, {1}))
            values.push_back(digit * std::pow(10.0, decade) * day);
    return values;
}

double nice_step(double rough) {
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double digit : {1.0, 2.0, 2.5, 5.0})
        if (rough <= digit * decade * 1.0001) return digit * decade;
    return 10 * decade;
}

}  // namespace

std::vector<Tick> clock_ticks(double horizon) {
    double step = day;
    constexpr std::array steps{0.1,         0.2,         0.5,         1.0,       2.0,        5.0,
                               10.0,        20.0,        30.0,        minute,    2 * minute, 5 * minute,
                               10 * minute, 20 * minute, 30 * minute, hour,      2 * hour,   4 * hour,
                               8 * hour,    12 * hour,   day,         2 * day,   5 * day,    10 * day,
                               30 * day,    60 * day,    90 * day,    180 * day, 365 * day};
    for (const double candidate : steps) {
        step = candidate;
        if (horizon / candidate <= 8.001) break;
    }
    const double unit = step >= day ? day : step >= hour ? hour : step >= minute ? minute : 1;
    const char* name = unit == day ? "d" : unit == hour ? "h" : unit == minute ? "min" : "s";
    std::vector<Tick> ticks;
    for (int i = 0; i * step <= horizon * 1.0001 && i < 1000; ++i)
        ticks.push_back({i * step, QStringLiteral("%1 %2").arg(QString::number(i * step / unit, 'g', 4),
                                                               QLatin1String(name))});
    return ticks;
}

std::vector<Tick> log_time_ticks(double low_seconds, double high_seconds) {
    std::vector<double> inside;
    for (int sparseness = 0; sparseness < 3; ++sparseness) {
        inside.clear();
        for (const double value : round_durations(sparseness))
            if (value >= low_seconds * 0.999 && value <= high_seconds * 1.001) inside.push_back(value);
        if (inside.size() <= 8) break;
    }
    std::vector<Tick> ticks;
    for (const double value : inside) ticks.push_back({std::log10(value), duration_label(value)});
    return ticks;
}

QString axis_text(const model::FigureKey& figure, double value) {
    if (figure.metric == "cost")
        return QString::fromStdString(rounded_money(value * model::months(1).value()));
    return QString::fromStdString(figure.metric.empty() ? rounded_money(value) : figure_text(figure, value));
}

std::vector<Tick> round_ticks(double low, double high, const model::FigureKey& figure) {
    const double unit = figure.metric == "cost" ? 1 / model::months(1).value() : 1;
    const double step = std::pow(10, std::floor(std::log10((high - low) / unit / 3)));
    double wide = step;
    for (const double factor : {2.0, 5.0, 10.0})
        if ((high - low) / unit / wide > 5) wide = step * factor;
    std::vector<Tick> ticks;
    for (double at = std::ceil(low / unit / wide) * wide; at <= high / unit * (1 + 1e-9) && ticks.size() < 12;
         at += wide)
        ticks.push_back({at * unit, axis_text(figure, at * unit)});
    return ticks;
}

double nines(double probability) { return -std::log10(std::max(1 - probability, 1e-9)); }

std::vector<Tick> percentile_ticks(double highest) {
    std::vector<Tick> ticks;
    struct Labelled {
        double probability;
        const char* label;
    };
    for (const auto& [probability, label] : {Labelled{0, "min"},
                                             {0.5, "p50"},
                                             {0.75, "p75"},
                                             {0.9, "p90"},
                                             {0.95, "p95"},
                                             {0.99, "p99"},
                                             {0.999, "p99.9"},
                                             {0.9999, "p99.99"}})
        if (probability <= highest + 1e-9) ticks.push_back({nines(probability), QLatin1String(label)});
    return ticks;
}

std::vector<Tick> linear_ticks(double high, model::Dimension dimension, const char* noun, bool percent) {
    if (!(high > 0)) high = 1;
    const model::UnitScale unit = model::unit_scale(high, dimension, {.noun = noun, .percent = percent});
    const double scale = percent ? 0.01 : unit.scale;
    const double step = percent && high <= 1 && high > 0.5 ? 20 : nice_step(high / scale / 5);
    std::vector<Tick> ticks;
    for (int i = 0; i < 50; ++i) {
        ticks.push_back({i * step * scale, percent
                                               ? QStringLiteral("%1 %").arg(QString::number(i * step, 'g', 6))
                                               : QString::number(i * step, 'g', 6)});
        if (i * step * scale >= high * 0.9999) break;
    }
    return ticks;
}

QCategoryAxis* labelled_axis(const std::vector<Tick>& ticks, double low, double high, const QString& title,
                             const Palette& colours) {
    auto* axis = new QCategoryAxis;
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setStartValue(low - 1);
    for (const Tick& tick : ticks) axis->append(tick.label, tick.value);
    axis->setRange(low, high);
    QFont font("DejaVu Sans");
    font.setPixelSize(11);
    font.setHintingPreference(QFont::PreferNoHinting);
    axis->setLabelsFont(font);
    axis->setLabelsColor(colours.muted);
    axis->setTitleFont(font);
    axis->setTitleBrush(colours.muted);
    axis->setTitleText(title.toHtmlEscaped());
    axis->setGridLinePen(QPen(colours.grid, 0.8));
    axis->setLinePen(QPen(colours.grid, 1));
    axis->setTruncateLabels(false);
    return axis;
}

}  // namespace headroom::report
