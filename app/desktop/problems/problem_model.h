#pragma once
// The problems of the open scenario, as a list to go through.

#include "model/scenario/problem.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace headroom::desktop {

class ProblemModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { severity, place, message, fix, column_count };
    using QAbstractTableModel::QAbstractTableModel;

    /// `fixes`: what would mend each, in words; empty where that is not known.
    void show(model::Problems problems, QStringList fixes);
    const model::Problem& at(int row) const { return problems_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    model::Problems problems_;
    QStringList fixes_;
};

}  // namespace headroom::desktop
