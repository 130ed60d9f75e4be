#include "app/desktop/shell/run_strip.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <cmath>

namespace headroom::desktop {

RunStrip::RunStrip(QAction* cancel, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("run-strip"));
    setProperty("role", "strip");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(18, 6, 18, 6);
    row->setSpacing(14);
    step_ = new QLabel;
    step_->setMinimumWidth(280);
    bar_ = new QProgressBar;
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setAccessibleName(tr("Progress of the run"));
    left_ = new QLabel;
    left_->setProperty("role", "muted");
    left_->setMinimumWidth(120);
    auto* button = new QPushButton(tr("Cancel"));
    button->setToolTip(cancel->toolTip());
    button->setIcon(cancel->icon());
    connect(button, &QPushButton::clicked, cancel, &QAction::trigger);
    row->addWidget(step_);
    row->addWidget(bar_, 1);
    waiting_ = new QLabel;
    waiting_->setObjectName(QStringLiteral("waiting-runs"));
    waiting_->setProperty("role", "muted");
    row->addWidget(left_);
    row->addWidget(waiting_);
    row->addWidget(button);
    hide();
}

void RunStrip::begin() {
    step_->setText(tr("Starting"));
    left_->clear();
    bar_->setValue(0);
    show();
}

void RunStrip::show_waiting(int runs) {
    waiting_->setText(runs > 0 ? tr("%1 more in line").arg(runs) : QString());
}

void RunStrip::show_progress(const RunProgress& progress) {
    step_->setText(progress.step);
    bar_->setValue(static_cast<int>(std::lround(progress.fraction * 1000)));
    const double seconds = std::ceil(progress.seconds_left);
    left_->setText(seconds <= 0    ? QString()
                   : seconds < 100 ? tr("about %1 s left").arg(seconds)
                                   : tr("about %1 min left").arg(std::ceil(seconds / 60)));
}

}  // namespace headroom::desktop
