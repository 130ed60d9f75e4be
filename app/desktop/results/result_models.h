#pragma once
// Item models of a run: its figures (value, interval, closed form) and its bill, line by line.

#include "model/store/run_result.h"

#include <QAbstractTableModel>
#include <memory>

namespace headroom::desktop {

class FigureModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { metric, subject, value, interval, analytic, column_count };
    static constexpr int sort_role = Qt::UserRole;
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::shared_ptr<const model::RunResult> result);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const model::RunResult> result_;
};

class BillModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { component, dimension, usage, price, amount, source, column_count };
    static constexpr int sort_role = Qt::UserRole;
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::shared_ptr<const model::RunResult> result);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const model::RunResult> result_;
};

}  // namespace headroom::desktop
