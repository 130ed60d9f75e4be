#include "app/desktop/replay/replay_bar.h"

#include "model/units/unit.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

ReplayBar::ReplayBar(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("replay"));
    setAccessibleName(tr("Replay"));
    setProperty("role", "strip");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(18, 6, 18, 6);
    play_ = new QToolButton;
    play_->setText(QStringLiteral("▶"));
    play_->setCheckable(true);
    play_->setAccessibleName(tr("Play"));
    play_->setToolTip(tr("Play the simulated time"));
    row->addWidget(play_);
    slider_ = new QSlider(Qt::Horizontal);
    slider_->setObjectName(QStringLiteral("replay-slider"));
    slider_->setAccessibleName(tr("Simulated time"));
    row->addWidget(slider_, 1);
    label_ = new QLabel;
    label_->setMinimumWidth(190);
    row->addWidget(label_);
    auto* close = new QToolButton;
    close->setText(QStringLiteral("✕"));
    close->setAccessibleName(tr("Close the replay"));
    close->setToolTip(tr("Back to the estimate"));
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, &ReplayBar::closed);
    connect(slider_, &QSlider::valueChanged, this, [this] {
        label_->setText(
            tr("%1 after the start").arg(QString::fromStdString(model::format(model::seconds(time())))));
        emit moved();
    });
    timer_.setInterval(60);
    connect(&timer_, &QTimer::timeout, this, [this] {
        if (slider_->value() < slider_->maximum())
            slider_->setValue(slider_->value() + 1);
        else
            play_->setChecked(false);
    });
    connect(play_, &QToolButton::toggled, this, [this](bool on) {
        play_->setText(on ? QStringLiteral("❚❚") : QStringLiteral("▶"));
        if (on && slider_->value() == slider_->maximum()) slider_->setValue(0);
        on ? timer_.start() : timer_.stop();
    });
    hide();
}

void ReplayBar::show_run(std::shared_ptr<const model::RunResult> result) {
    result_ = std::move(result);
    std::size_t longest = 0;
    for (const model::Series& series : result_->series) {
        if (series.key.metric != "utilisation" || series.values.size() <= longest) continue;
        longest = series.values.size();
        start_ = series.start.value();
        step_ = series.step.value();
    }
    if (longest == 0) return hide();
    slider_->setRange(0, static_cast<int>(longest) - 1);
    slider_->setPageStep(std::max(1, static_cast<int>(longest) / 24));
    slider_->setValue(0);
    label_->setText(tr("at the start"));
    show();
    slider_->setFocus();
    emit moved();
}

double ReplayBar::time() const { return start_ + step_ * slider_->value(); }

void ReplayBar::set_time(double seconds) {
    if (step_ > 0) slider_->setValue(static_cast<int>(std::lround((seconds - start_) / step_)));
}

std::optional<Moment> ReplayBar::at_time(const std::string& component) const {
    if (!result_) return std::nullopt;
    std::optional<Moment> moment;
    for (const model::Series& series : result_->series) {
        if (series.key.subject != component || series.values.empty()) continue;
        const double steps = (time() - series.start.value()) / series.step.value();
        const auto last = static_cast<double>(series.values.size() - 1);
        const double value =
            series.values[static_cast<std::size_t>(std::clamp(std::round(steps), 0.0, last))];
        if (series.key.metric == "utilisation") {
            if (!moment) moment.emplace();
            moment->utilisation = value;
        } else if (series.key.metric == "queue") {
            if (!moment) moment.emplace();
            moment->queue = value;
        }
    }
    return moment;
}

void ReplayBar::hideEvent(QHideEvent* event) {
    play_->setChecked(false);
    QFrame::hideEvent(event);
}

}  // namespace headroom::desktop
