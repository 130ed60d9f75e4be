#pragma once
// One part of the plan as an item model whose cells can be edited; every edit is one undo step.

#include "app/desktop/plan/plan_rows.h"

#include <QAbstractTableModel>

namespace headroom::desktop {

class PlanModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    PlanModel(PlanPart part, Project& project, QObject* parent = nullptr);

    PlanPart part() const { return part_; }
    void show(const model::RunResult* estimate);
    const PlanRow& row(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    void remove(int row);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void refused(const QString& why);

private:
    const PlanCell& cell(const QModelIndex& index) const;
    /// Says why, where there is no document.
    bool is_done(const model::Expected<model::Document>& after);
    bool apply_later(const QString& name, const model::Expected<model::Document>& after);

    PlanPart part_;
    Project& project_;
    std::vector<PlanRow> rows_;
};

}  // namespace headroom::desktop
