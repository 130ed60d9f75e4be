#pragma once
// Item models of a calibration: its steps, the operators of their plans, the columns of the sample.

#include "model/system/calibration.h"

#include <QAbstractTableModel>
#include <functional>
#include <vector>

namespace headroom::desktop {

/// A table of texts with what they sort by.
class TextTable : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int sort_role = Qt::UserRole;
    struct Column {
        QString title, help;
        bool numeric = false;
    };
    struct Cell {
        QString text;
        QVariant sort = {};  ///< the text where there is none
    };

    explicit TextTable(std::vector<Column> columns, QObject* parent = nullptr);
    void show(std::vector<std::vector<Cell>> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

/// Decoding and each step: rows, CPU time, fit, memory.
class StepModel final : public TextTable {
    Q_OBJECT

public:
    explicit StepModel(QObject* parent = nullptr);
    void show(const model::Calibration& calibration);
};

/// Each operator below the one that takes its rows, with its share of the CPU time.
class OperatorModel final : public TextTable {
    Q_OBJECT

public:
    explicit OperatorModel(QObject* parent = nullptr);
    void show(const model::Calibration& calibration);
};

/// Types, null rates and stored bytes; and the rules with the share of the rows that keep to them.
class ColumnModel final : public TextTable {
    Q_OBJECT

public:
    explicit ColumnModel(QObject* parent = nullptr);
    void show(const std::vector<model::ColumnProfile>& columns,
              const std::vector<std::pair<std::string, double>>& rules);
};

/// "1.2 µs ± 0.1": a measured figure with its interval, where it has one.
QString measured_text(const model::Measured& figure, model::Dimension dimension);

}  // namespace headroom::desktop
