#pragma once
// Item models of the compare page: what was put in differently, and what came out differently.

#include "model/scenario/input_differences.h"
#include "model/store/run_result.h"

#include <QAbstractTableModel>

namespace headroom::desktop {

class InputDifferenceModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { field, before, now, door, column_count };
    using QAbstractTableModel::QAbstractTableModel;
    void show(std::vector<model::InputDifference> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<model::InputDifference> rows_;
};

class DifferenceModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { metric, subject, before, now, delta, interval, meaning, column_count };
    static constexpr int sort_role = Qt::UserRole;
    using QAbstractTableModel::QAbstractTableModel;
    void show(std::vector<model::Difference> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<model::Difference> rows_;
};

}  // namespace headroom::desktop
