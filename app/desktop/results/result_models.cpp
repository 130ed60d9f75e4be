#include "app/desktop/results/result_models.h"

#include "app/desktop/results/figure_text.h"
#include "model/store/metrics.h"
#include "model/units/price.h"

#include <QLocale>

namespace headroom::desktop {

namespace {

QVariant alignment(bool numeric) {
    return QVariant::fromValue((numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QString number(double value, int digits) {
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(value, 'f', digits);
}

}  // namespace

void FigureModel::show(std::shared_ptr<const model::RunResult> result) {
    beginResetModel();
    result_ = std::move(result);
    endResetModel();
}

int FigureModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !result_ ? 0 : static_cast<int>(result_->figures.size());
}

int FigureModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_count; }

QVariant FigureModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const model::Figure& figure = result_->figures[static_cast<std::size_t>(index.row())];
    if (role == sort_role) {
        if (index.column() == value) return figure.simulated.value;
        if (index.column() == analytic) return figure.analytic;
        if (index.column() == interval) return figure.simulated.half_width;
        return data(index, Qt::DisplayRole);
    }
    if (role == Qt::TextAlignmentRole) return alignment(index.column() >= value);
    if (role == Qt::ToolTipRole) {
        const model::Metric* row = model::find_metric(figure.key.metric);
        return row != nullptr ? QVariant(QString::fromUtf8(row->help)) : QVariant();
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case metric:
            return metric_title(figure.key.metric);
        case subject:
            return subject_text(figure.key);
        case value:
            return value_text(figure.key, figure.simulated.value);
        case interval:
            return interval_text(figure.key, figure.simulated);
        case analytic: {
            const QString text = value_text(figure.key, figure.analytic);
            return figure.analytic_exact ? tr("%1 (exact)").arg(text) : text;
        }
        default:
            return {};
    }
}

QVariant FigureModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return alignment(section >= value);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case metric:
            return tr("Figure");
        case subject:
            return tr("Of");
        case value:
            return tr("Value");
        case interval:
            return tr("%1 % interval").arg(result_ ? result_->confidence * 100 : 95);
        case analytic:
            return tr("Closed form");
        default:
            return {};
    }
}

void BillModel::show(std::shared_ptr<const model::RunResult> result) {
    beginResetModel();
    result_ = std::move(result);
    endResetModel();
}

int BillModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !result_ ? 0 : static_cast<int>(result_->bill.lines.size());
}

int BillModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_count; }

QVariant BillModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const model::BillLine& line = result_->bill.lines[static_cast<std::size_t>(index.row())];
    if (role == sort_role) {
        if (index.column() == amount) return line.amount;
        if (index.column() == usage) return line.units;
        if (index.column() == price) return line.unit_price;
        return data(index, Qt::DisplayRole);
    }
    if (role == Qt::TextAlignmentRole) return alignment(index.column() >= usage && index.column() <= amount);
    if (role == Qt::ToolTipRole && index.column() != source) return QString::fromStdString(line.price_id);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
        case component:
            return QString::fromStdString(line.component);
        case dimension:
            return QString::fromStdString(line.detail.empty() ? line.dimension
                                                              : line.dimension + ", " + line.detail);
        case usage:
            return tr("%1 × %2").arg(number(line.units, line.units < 100 ? 2 : 0),
                                     QString::fromStdString(line.unit));
        case price:
            return QString::fromStdString(model::print_price(line.unit_price));
        case amount:
            return QLatin1Char('$') + number(line.amount, 2);
        case source:
            if (line.provenance.source.empty()) return tr("unsourced");
            return QString::fromStdString(line.provenance.source + ", " + line.provenance.as_of);
        default:
            return {};
    }
}

QVariant BillModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return alignment(section >= usage && section <= amount);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case component:
            return tr("Component");
        case dimension:
            return tr("Billed for");
        case usage:
            return tr("Usage a month");
        case price:
            return tr("Price");
        case amount:
            return tr("A month");
        case source:
            return tr("Source of the price");
        default:
            return {};
    }
}

}  // namespace headroom::desktop
