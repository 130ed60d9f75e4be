#pragma once
// The topology as a table: what the canvas shows, for the keyboard and for screen readers.

#include "app/desktop/document/overview.h"

#include <QAbstractTableModel>

namespace headroom::desktop {

class ComponentModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { name, technology, summary, utilisation, load, problems, column_count };
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::vector<Overview> rows);
    QString id_at(int row) const { return rows_[static_cast<std::size_t>(row)].id; }
    int row_of(const QString& id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<Overview> rows_;
};

}  // namespace headroom::desktop
