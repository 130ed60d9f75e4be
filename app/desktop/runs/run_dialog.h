#pragma once
// Level, horizon, replications and seed of one run.

#include "model/scenario/scenario.h"
#include "sim/experiment/run.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace headroom::desktop {

class RunDialog final : public QDialog {
    Q_OBJECT

public:
    RunDialog(const model::Scenario& scenario, QWidget* parent);

signals:
    void chosen(const headroom::sim::RunOptions& options);

private:
    void finish();

    QComboBox* level_;
    QLineEdit* horizon_;
    QCheckBox* fixed_;
    QSpinBox *replications_, *seed_;
    QLabel* error_;
};

}  // namespace headroom::desktop
