#pragma once
// Charts of a run, for reports and for the desktop. The caller owns what is returned; there is none (nullptr)
// where the run has nothing to show. No series has more than 2,000 points. Axes carry their own labels: a
// logarithmic axis is linear in log10 of base units.

#include "app/report/content/document.h"
#include "app/report/palette.h"
#include "model/store/run_result.h"

#include <QSizeF>
#include <memory>
#include <span>
#include <string>

class QChart;
class QPainter;

namespace headroom::report {

/// Time by percentile, both on logarithmic scales, of every curve of the metric ("response", "freshness",
/// "waiting"), with the bounds of objectives on it. The percentile axis is linear in -log10(1 - p).
std::unique_ptr<QChart> distribution_chart(std::span<const NamedRun> runs, const std::string& metric,
                                           Theme theme);
std::unique_ptr<QChart> distribution_chart(const model::RunResult& result, const std::string& metric,
                                           Theme theme);

/// A metric over time ("utilisation", "queue", "throughput", "response.mean"): the series with the highest
/// peaks, at most seven. The time axis is in seconds.
std::unique_ptr<QChart> time_chart(const model::RunResult& result, const std::string& metric, Theme theme);

/// The same of several runs.
std::unique_ptr<QChart> time_chart(std::span<const NamedRun> runs, const std::string& metric, Theme theme);

/// The bill by component, stacked by billing dimension, in dollars a month.
std::unique_ptr<QChart> cost_chart(const model::RunResult& result, Theme theme);
/// The bills of several runs side by side, stacked by component.
std::unique_ptr<QChart> cost_chart(std::span<const NamedRun> runs, Theme theme);

/// From the bill of one run to that of another: what each component adds or saves.
std::unique_ptr<QChart> waterfall_chart(const NamedRun& from, const NamedRun& to, Theme theme);

/// What runs cost a month against one of their figures, of which less is better; the runs that no other beats
/// in both are joined by a line (the Pareto front). Runs without the figure are left out.
std::unique_ptr<QChart> cost_against(std::span<const NamedRun> runs, const model::FigureKey& figure,
                                     Theme theme);

/// What a figure becomes at the lower and upper value of each input, around what it is now.
std::unique_ptr<QChart> tornado_chart(const Tornado& shown, Theme theme);

/// Stacked columns, or points on a logarithmic axis joined by a line.
std::unique_ptr<QChart> columns_chart(const Columns& shown, Theme theme);

/// Draws the chart as a view of that size (in pixels) would show it, as vectors. Must not be in a scene.
void draw(QChart& chart, QPainter& painter, const QSizeF& size);

}  // namespace headroom::report
