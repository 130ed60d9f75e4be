#include "app/desktop/results/figure_text.h"

#include "app/desktop/shell/appearance.h"
#include "model/store/metrics.h"
#include "model/units/unit.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

namespace {
QString tr(const char* text) { return QCoreApplication::translate("Figures", text); }
}  // namespace

QString metric_title(const std::string& metric) {
    const model::Metric* row = model::find_metric(metric);
    return row != nullptr ? QCoreApplication::translate("Metrics", row->title)
                          : QString::fromStdString(metric);
}

QString subject_text(const model::FigureKey& key) {
    QString subject = QString::fromStdString(key.subject), of = QString::fromStdString(key.of);
    if (subject.isEmpty() && of.isEmpty()) return tr("platform");
    if (subject.isEmpty()) return of;
    return of.isEmpty() ? subject : tr("%1 in %2").arg(of, subject);
}

QString value_text(const model::FigureKey& key, double value) {
    if (std::isnan(value)) return QStringLiteral("—");
    if (std::isinf(value)) return tr("unbounded");
    const model::Metric* row = model::find_metric(key.metric);
    return row != nullptr ? QString::fromStdString(model::print_figure(*row, value)) : QString::number(value);
}

QString interval_text(const model::FigureKey& key, const model::Estimate& estimate) {
    if (estimate.exact()) return tr("exact");
    if (std::isinf(estimate.half_width)) return tr("not estimable");
    if (estimate.half_width == 0) return tr("no spread");
    const double low = std::max(0.0, estimate.low()), high = estimate.high();
    QString from = value_text(key, low), to = value_text(key, high);
    const model::Metric* row = model::find_metric(key.metric);
    // A narrow interval takes more digits to have two ends; where they would be many, only how narrow counts.
    for (int digits = 4; row != nullptr && from == to && digits <= 6; ++digits) {
        const model::Display display{.digits = digits, .noun = row->noun, .percent = row->percent};
        from = QString::fromStdString(model::format_quantity(low, row->dimension, display));
        to = QString::fromStdString(model::format_quantity(high, row->dimension, display));
    }
    if (from == to) return tr("± < 0.1 %");
    return tr("%1 to %2").arg(from, to);
}

QString bound_text(const model::ObjectiveResult& objective) {
    const bool at_most = objective.relation == model::Relation::at_most;
    return (at_most ? QStringLiteral("≤ ") : QStringLiteral("≥ ")) +
           value_text(objective.key, objective.bound);
}

QString money_text(double dollars_per_month) {
    const int digits = std::abs(dollars_per_month) < 100 ? 2 : 0;
    const QLocale american(QLocale::English, QLocale::UnitedStates);
    return tr("$%1/month").arg(american.toString(dollars_per_month, 'f', digits));
}

QString icon_of(model::Verdict verdict) {
    switch (verdict) {
        case model::Verdict::met:
            return QStringLiteral("met");
        case model::Verdict::broken:
            return QStringLiteral("broken");
        case model::Verdict::undecided:
            break;
    }
    return QStringLiteral("undecided");
}

QColor color_of(model::Verdict verdict) {
    switch (verdict) {
        case model::Verdict::met:
            return theme().good;
        case model::Verdict::broken:
            return theme().bad;
        case model::Verdict::undecided:
            break;
    }
    return theme().caution;
}

QString text_of(model::Verdict verdict) {
    switch (verdict) {
        case model::Verdict::met:
            return tr("met");
        case model::Verdict::broken:
            return tr("broken");
        case model::Verdict::undecided:
            break;
    }
    return tr("undecided");
}

}  // namespace headroom::desktop
