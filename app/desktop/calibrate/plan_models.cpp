#include "app/desktop/calibrate/plan_models.h"

#include "model/units/unit.h"

#include <cmath>

namespace headroom::desktop {

namespace {

using model::Calibration;
using Cell = TextTable::Cell;

QString quantity(double value, model::Dimension dimension, const model::Display& options = {}) {
    return QString::fromStdString(model::format_quantity(value, dimension, options));
}

Cell text(const std::string& words) { return {QString::fromStdString(words)}; }
Cell count(double rows) {
    return {QString::fromStdString(model::group_thousands(std::to_string(static_cast<long long>(rows)))),
            rows};
}
Cell time(double seconds) { return {quantity(seconds, model::dimensions::time), seconds}; }
Cell bytes(double size) { return {quantity(size, model::dimensions::data), size}; }
Cell share(double part) { return {quantity(part, {}, {.percent = true}), part}; }
Cell number(double value) {
    return {std::isfinite(value) ? quantity(value, {}, {.digits = 3}) : QStringLiteral("—"), value};
}

}  // namespace

QString measured_text(const model::Measured& figure, model::Dimension dimension) {
    const QString value = quantity(figure.value, dimension);
    if (!std::isfinite(figure.half_width)) return value;
    return value + QStringLiteral(" ± ") + quantity(figure.half_width, dimension, {.digits = 2});
}

TextTable::TextTable(std::vector<Column> columns, QObject* parent)
    : QAbstractTableModel(parent), columns_(std::move(columns)) {}

void TextTable::show(std::vector<std::vector<Cell>> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

int TextTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int TextTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant TextTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const auto column = static_cast<std::size_t>(index.column());
    const Cell& cell = rows_[static_cast<std::size_t>(index.row())][column];
    if (role == Qt::DisplayRole) return cell.text;
    if (role == sort_role) return cell.sort.isValid() ? cell.sort : QVariant(cell.text);
    if (role == Qt::ToolTipRole && !columns_[column].help.isEmpty()) return columns_[column].help;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((columns_[column].numeric ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    return {};
}

QVariant TextTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    const Column& column = columns_[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return column.title;
    if (role == Qt::ToolTipRole && !column.help.isEmpty()) return column.help;
    return {};
}

StepModel::StepModel(QObject* parent)
    : TextTable(
          {{tr("Step"), tr("Decoding, then each statement or operator of the transform")},
           {tr("Rows in"), tr("Of the whole sample"), true},
           {tr("Rows out"), tr("Of the whole sample"), true},
           {tr("CPU time of a row"),
            tr("For a record at the head of the transform, with the half-width of its "
               "95 % confidence interval"),
            true},
           {tr("Of a batch"), tr("The fixed part, however many rows the batch has"), true},
           {tr("Fit (R²)"), tr("1: the batches lie on a straight line"), true},
           {tr("Growth"), tr("Exponent with which the time grows with the rows at the largest batches"),
            true},
           {tr("Memory"), tr("Held at the most on the whole sample, tables of earlier steps included"), true},
           {tr("Spilled"), tr("Laid off to files because it did not fit into memory"), true}},
          parent) {}

void StepModel::show(const Calibration& calibration) {
    std::vector<std::vector<Cell>> rows;
    for (const model::StepCost& step : calibration.steps)
        rows.push_back({text(step.name),
                        count(step.rows_in),
                        count(step.rows_out),
                        {measured_text(step.time_per_row, model::dimensions::time), step.time_per_row.value},
                        time(step.time_per_batch.value),
                        number(step.fit_r2),
                        number(step.growth),
                        bytes(step.peak_memory),
                        step.spilled > 0 ? bytes(step.spilled) : Cell{QString(), 0.0}});
    TextTable::show(std::move(rows));
}

OperatorModel::OperatorModel(QObject* parent)
    : TextTable(
          {{tr("Operator"), tr("As the engine's plan names it; each takes the rows of those below it")},
           {tr("Step"), {}},
           {tr("Rows in"), tr("Of the whole sample"), true},
           {tr("Rows out"), tr("Of an aggregate: its groups"), true},
           {tr("CPU time of a row"), tr("Of a row at the head of the transform, at the largest batch"), true},
           {tr("Share of CPU time"), {}, true}},
          parent) {}

void OperatorModel::show(const Calibration& calibration) {
    double largest = 0;
    for (const model::StepCost& step : calibration.steps)
        if (!step.batches.empty() && step.batches.back().rows > 0)
            largest += step.batches.back().seconds / step.batches.back().rows;
    if (largest == 0) largest = calibration.time_per_row.value;
    std::vector<std::vector<Cell>> rows;
    for (const model::OperatorCost& one : calibration.operators) {
        if (one.share < 5e-5 && !(one.rows > 0)) continue;  // the rest that rounding left
        const auto step = static_cast<std::size_t>(one.step);
        rows.push_back({{QString(3 * one.depth, QLatin1Char(' ')) + QString::fromStdString(one.name)},
                        text(step < calibration.steps.size() ? calibration.steps[step].name : ""),
                        count(one.rows_in),
                        count(one.rows),
                        time(one.share * largest),
                        share(one.share)});
    }
    TextTable::show(std::move(rows));
}

ColumnModel::ColumnModel(QObject* parent)
    : TextTable({{tr("Column or rule"), {}},
                 {tr("Type"), tr("That all its values have")},
                 {tr("Null"), tr("Share of the rows without a value"), true},
                 {tr("Stored"), tr("Bytes of a row in Parquet with Snappy"), true},
                 {tr("Kept to"), tr("Share of the rows that keep to the rule"), true}},
                parent) {}

void ColumnModel::show(const std::vector<model::ColumnProfile>& columns,
                       const std::vector<std::pair<std::string, double>>& rules) {
    std::vector<std::vector<Cell>> rows;
    for (const auto& [name, rate] : rules)
        rows.push_back({text(name), {tr("rule")}, {QString(), -1.0}, {QString(), -1.0}, share(rate)});
    for (const model::ColumnProfile& column : columns)
        rows.push_back({text(column.name),
                        text(column.type),
                        share(column.nulls),
                        bytes(column.stored),
                        {QString(), -1.0}});
    TextTable::show(std::move(rows));
}

}  // namespace headroom::desktop
