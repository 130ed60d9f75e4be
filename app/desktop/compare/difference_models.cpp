#include "app/desktop/compare/difference_models.h"

#include "app/desktop/results/figure_text.h"
#include "app/desktop/shell/appearance.h"

#include <algorithm>
#include <cmath>

namespace headroom::desktop {

namespace {

QString signed_text(const model::FigureKey& key, double value) {
    if (!std::isfinite(value) || value == 0) return value_text(key, value);
    return (value > 0 ? QStringLiteral("+") : QStringLiteral("−")) + value_text(key, std::abs(value));
}

QString text_of(model::Meaning meaning) {
    switch (meaning) {
        case model::Meaning::same:
            return DifferenceModel::tr("same");
        case model::Meaning::not_significant:
            break;
        case model::Meaning::different:
            return DifferenceModel::tr("different");
        case model::Meaning::better:
            return DifferenceModel::tr("better");
        case model::Meaning::worse:
            return DifferenceModel::tr("worse");
    }
    return DifferenceModel::tr("not significant");
}

/// Below what two runs can tell apart: model::compare calls such a difference not significant.
bool is_rounding(const model::Difference& row) {
    return std::abs(row.delta.value) <= 1e-6 * std::max(std::abs(row.a.value), std::abs(row.b.value));
}

QString interval_of(const model::Difference& row) {
    if (is_rounding(row)) return QStringLiteral("—");
    if (row.delta.exact()) return DifferenceModel::tr("exact");
    if (std::isinf(row.delta.half_width)) return DifferenceModel::tr("not estimable");
    return DifferenceModel::tr("%1 to %2")
        .arg(signed_text(row.key, row.delta.low()), signed_text(row.key, row.delta.high()));
}

}  // namespace

void InputDifferenceModel::show(std::vector<model::InputDifference> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

int InputDifferenceModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int InputDifferenceModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : column_count;
}

QVariant InputDifferenceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
    const model::InputDifference& row = rows_[static_cast<std::size_t>(index.row())];
    const auto text = [](const std::string& value) {
        return value.empty() ? QStringLiteral("—") : QString::fromStdString(value);
    };
    switch (index.column()) {
        case field:
            return QString::fromStdString(row.field);
        case before:
            return text(row.before);
        case now:
            return text(row.now);
        case door:
            if (!row.parameter) return {};
            if (role == Qt::ToolTipRole)
                return row.one_way ? tr("Hard to take back once the platform is built")
                                   : tr("Can be taken back cheaply");
            return row.one_way ? tr("one-way") : tr("two-way");
        default:
            return {};
    }
}

QVariant InputDifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case field:
            return tr("Input that differs");
        case before:
            return tr("Baseline");
        case now:
            return tr("This scenario");
        case door:
            return tr("Door");
        default:
            return {};
    }
}

void DifferenceModel::show(std::vector<model::Difference> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

int DifferenceModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int DifferenceModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : column_count;
}

QVariant DifferenceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const model::Difference& row = rows_[static_cast<std::size_t>(index.row())];
    if (role == sort_role) {
        if (index.column() == before) return row.a.value;
        if (index.column() == now) return row.b.value;
        if (index.column() == delta) return row.delta.value;
        return data(index, Qt::DisplayRole);
    }
    if (role == Qt::TextAlignmentRole && index.column() >= before && index.column() <= interval)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && index.column() == meaning) {
        const model::Meaning what = model::meaning_of(row);
        return what == model::Meaning::better  ? theme().good
               : what == model::Meaning::worse ? theme().bad
                                               : theme().muted;
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case metric:
            return metric_title(row.key.metric);
        case subject:
            return subject_text(row.key);
        case before:
            return value_text(row.key, row.a.value);
        case now:
            return value_text(row.key, row.b.value);
        case delta:
            return is_rounding(row) ? tr("none") : signed_text(row.key, row.delta.value);
        case interval:
            return interval_of(row);
        case meaning:
            return text_of(model::meaning_of(row));
        default:
            return {};
    }
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        const bool numeric = section >= before && section <= interval;
        return QVariant::fromValue((numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case metric:
            return tr("Figure");
        case subject:
            return tr("Of");
        case before:
            return tr("Baseline");
        case now:
            return tr("This scenario");
        case delta:
            return tr("Difference");
        case interval:
            return tr("Its interval");
        case meaning:
            return tr("Meaning");
        default:
            return {};
    }
}

}  // namespace headroom::desktop
