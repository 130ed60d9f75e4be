#include "app/desktop/runs/run_dialog.h"

#include "model/units/unit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>
#include <limits>

namespace headroom::desktop {

RunDialog::RunDialog(const model::Scenario& scenario, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("run-dialog"));
    setWindowTitle(tr("Run with"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* form = new QFormLayout(this);
    level_ = new QComboBox;
    level_->addItem(tr("as fits (automatic)"), static_cast<int>(model::Level::automatic));
    level_->addItem(tr("record level: every item an event"), static_cast<int>(model::Level::record));
    level_->addItem(tr("flow level: rates"), static_cast<int>(model::Level::flow));
    form->addRow(tr("Level"), level_);
    horizon_ = new QLineEdit(QString::fromStdString(model::format(scenario.horizon)));
    horizon_->setObjectName(QStringLiteral("horizon"));
    form->addRow(tr("Horizon"), horizon_);
    fixed_ = new QCheckBox(tr("exactly so many replications, instead of until precise"));
    form->addRow(QString(), fixed_);
    replications_ = new QSpinBox;
    replications_->setRange(2, 10'000);
    replications_->setValue(scenario.precision.replications_max);
    replications_->setEnabled(false);
    connect(fixed_, &QCheckBox::toggled, replications_, &QSpinBox::setEnabled);
    form->addRow(tr("Replications"), replications_);
    seed_ = new QSpinBox;
    seed_->setRange(0, std::numeric_limits<int>::max());
    seed_->setValue(
        static_cast<int>(std::min<std::uint64_t>(scenario.seed, std::numeric_limits<int>::max())));
    form->addRow(tr("Seed"), seed_);
    error_ = new QLabel;
    error_->setProperty("role", "error");
    error_->setWordWrap(true);
    form->addRow(error_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Run"));
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &RunDialog::finish);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void RunDialog::finish() {
    const auto horizon = model::parse_quantity(horizon_->text().toStdString(), model::dimensions::time);
    if (!horizon || !(*horizon > 0)) {
        error_->setText(horizon ? tr("The horizon must be longer than nothing.")
                                : QString::fromStdString(horizon.error()));
        return;
    }
    sim::RunOptions options;
    options.level = static_cast<model::Level>(level_->currentData().toInt());
    options.horizon = model::seconds(*horizon);
    options.seed = static_cast<std::uint64_t>(seed_->value());
    if (fixed_->isChecked()) options.replications = replications_->value();
    accept();
    emit chosen(options);
}

}  // namespace headroom::desktop
