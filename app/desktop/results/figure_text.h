#pragma once
// Figures in words, the same on every page.

#include "model/store/run_result.h"

#include <QColor>
#include <QString>

namespace headroom::desktop {

/// "Freshness, 99th percentile": the metric's title, or its id where this version does not know it.
QString metric_title(const std::string& metric);
/// "clicks in warehouse", "warehouse", "dashboards" or "platform".
QString subject_text(const model::FigureKey& key);
/// A value of the figure with its unit; "unbounded" where it is infinite, "—" where there is none.
QString value_text(const model::FigureKey& key, double value);
/// "1.2 s to 1.4 s"; "exact"; "not estimable".
QString interval_text(const model::FigureKey& key, const model::Estimate& estimate);
/// "≤ 3 min"
QString bound_text(const model::ObjectiveResult& objective);
/// Dollars a month, from a bill.
QString money_text(double dollars_per_month);

QString icon_of(model::Verdict verdict);
QColor color_of(model::Verdict verdict);
QString text_of(model::Verdict verdict);

}  // namespace headroom::desktop
