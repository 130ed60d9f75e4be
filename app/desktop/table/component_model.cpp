#include "app/desktop/table/component_model.h"

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/shell/appearance.h"

namespace headroom::desktop {

void ComponentModel::show(std::vector<Overview> rows) {
    const bool same = rows.size() == rows_.size() &&
                      std::equal(rows.begin(), rows.end(), rows_.begin(),
                                 [](const Overview& a, const Overview& b) { return a.id == b.id; });
    if (same) {  // keeps the selection and what a screen reader is reading
        rows_ = std::move(rows);
        if (!rows_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
        return;
    }
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

int ComponentModel::row_of(const QString& id) const {
    for (std::size_t row = 0; row < rows_.size(); ++row)
        if (rows_[row].id == id) return static_cast<int>(row);
    return -1;
}

int ComponentModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ComponentModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : column_count;
}

QVariant ComponentModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Overview& row = rows_[static_cast<std::size_t>(index.row())];
    if (role == Qt::DecorationRole && index.column() == name) return tinted_icon(row.icon);
    if (role == Qt::ForegroundRole && index.column() == load && !row.workload)
        return color_of(load_of(row.utilisation));
    if (role == Qt::ToolTipRole && index.column() == problems && !row.problem.isEmpty()) return row.problem;
    if (role == Qt::AccessibleTextRole && index.column() == utilisation)
        return tr("%1: utilisation %2").arg(row.id, utilisation_text(row.utilisation));
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case name:
            return row.id;
        case technology:
            return row.technology;
        case summary:
            return row.summary;
        case utilisation:
            return row.workload ? QString() : utilisation_text(row.utilisation);
        case load:
            if (row.growth > 0) return tr("overloaded, %1").arg(growth_text(row.growth));
            return row.workload ? QString() : word_for(load_of(row.utilisation));
        case problems:
            return row.errors + row.warnings > 0 ? row.problem : tr("none");
        default:
            return {};
    }
}

QVariant ComponentModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case name:
            return tr("Name");
        case technology:
            return tr("Technology");
        case summary:
            return tr("Size");
        case utilisation:
            return tr("Utilisation");
        case load:
            return tr("Load");
        case problems:
            return tr("Problems");
        default:
            return {};
    }
}

}  // namespace headroom::desktop
