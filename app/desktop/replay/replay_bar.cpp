#include "app/desktop/replay/replay_bar.h"

#include "app/desktop/document/overview.h"
#include "app/desktop/replay/timeline.h"
#include "model/units/unit.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace headroom::desktop {

namespace {

/// A result of an older version has only the means over replications.
const std::vector<model::Series>& history_of(const model::RunResult& result) {
    return result.first_replication.empty() ? result.series : result.first_replication;
}

double value_at(const model::Series& series, double time) {
    const double steps = (time - series.start.value()) / series.step.value();
    const auto last = static_cast<double>(series.values.size() - 1);
    return series.values[static_cast<std::size_t>(std::clamp(std::round(steps), 0.0, last))];
}

}  // namespace

ReplayBar::ReplayBar(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("replay"));
    setAccessibleName(tr("Replay"));
    setProperty("role", "strip");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(18, 6, 18, 6);
    play_ = button(QStringLiteral("▶"), tr("Play"), tr("Play the simulated time"));
    play_->setCheckable(true);
    row->addWidget(play_);
    next_ =
        button(QStringLiteral("⇥"), tr("Next event"), tr("Go to where something goes down or comes back"));
    next_->setObjectName(QStringLiteral("replay-next"));
    row->addWidget(next_);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    timeline_ = new Timeline;
    column->addWidget(timeline_);
    slider_ = new QSlider(Qt::Horizontal);
    slider_->setObjectName(QStringLiteral("replay-slider"));
    slider_->setAccessibleName(tr("Simulated time"));
    column->addWidget(slider_);
    row->addLayout(column, 1);
    label_ = new QLabel;
    label_->setObjectName(QStringLiteral("replay-time"));
    label_->setMinimumWidth(210);
    label_->setWordWrap(true);
    row->addWidget(label_);
    QToolButton* close = button(QStringLiteral("✕"), tr("Close the replay"), tr("Back to the estimate"));
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, &ReplayBar::closed);
    connect(next_, &QToolButton::clicked, this, &ReplayBar::to_next_event);
    connect(timeline_, &Timeline::step_chosen, slider_, &QSlider::setValue);
    connect(slider_, &QSlider::valueChanged, this, [this] {
        show_time();
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
        play_->setAccessibleName(on ? tr("Pause") : tr("Play"));
        if (on && slider_->value() == slider_->maximum()) slider_->setValue(0);
        on ? timer_.start() : timer_.stop();
    });
    hide();
}

QToolButton* ReplayBar::button(const QString& text, const QString& name, const QString& tip) {
    auto* made = new QToolButton;
    made->setText(text);
    made->setAccessibleName(name);
    made->setToolTip(tip);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

void ReplayBar::show_run(std::shared_ptr<const model::RunResult> result) {
    result_ = std::move(result);
    std::size_t longest = 0;
    for (const model::Series& series : history_of(*result_)) {
        if (series.key.metric != "utilisation" || series.values.size() <= longest) continue;
        longest = series.values.size();
        start_ = series.start.value();
        step_ = series.step.value();
    }
    if (longest == 0) return hide();
    slider_->setRange(0, static_cast<int>(longest) - 1);
    slider_->setPageStep(std::max(1, static_cast<int>(longest) / 24));
    take_history();
    slider_->setValue(0);
    show_time();
    show();
    slider_->setFocus();
    emit moved();
}

void ReplayBar::take_history() {
    const auto steps = static_cast<std::size_t>(slider_->maximum()) + 1;
    std::vector<double> busiest(steps, 0.0);
    capacity_.assign(steps, 1.0);
    for (const model::Series& series : history_of(*result_)) {
        if (series.values.empty()) continue;
        for (std::size_t i = 0; i < steps; ++i) {
            const double value = value_at(series, start_ + step_ * static_cast<double>(i));
            if (series.key.metric == "utilisation" && value > busiest[i]) busiest[i] = value;
            if (series.key.metric == "capacity" && value < capacity_[i]) capacity_[i] = value;
        }
    }
    next_->setEnabled(std::any_of(capacity_.begin(), capacity_.end(), [](double c) { return c < 1; }));
    timeline_->show_history(std::move(busiest), capacity_);
}

bool ReplayBar::to_next_event() {
    for (auto i = static_cast<std::size_t>(slider_->value()) + 1; i < capacity_.size(); ++i)
        if ((capacity_[i] < 1) != (capacity_[i - 1] < 1)) {
            slider_->setValue(static_cast<int>(i));
            return true;
        }
    return false;
}

void ReplayBar::show_time() {
    timeline_->set_step(slider_->value());
    QString text =
        slider_->value() == 0
            ? tr("at the start")
            : tr("%1 after the start").arg(QString::fromStdString(model::format(model::seconds(time()))));
    for (const model::Series& series : history_of(*result_)) {
        const bool failed = series.key.metric == "capacity";
        if ((!failed && series.key.metric != "scaled") || series.values.empty()) continue;
        const double share = value_at(series, time());
        const QString component = QString::fromStdString(series.key.subject);
        if (share < 1)
            text += QLatin1Char('\n') +
                    tr("%1: %2").arg(component, failed ? capacity_text(share) : scaled_text(share));
    }
    label_->setText(text);
}

double ReplayBar::time() const { return start_ + step_ * slider_->value(); }

void ReplayBar::set_time(double seconds) {
    if (step_ > 0) slider_->setValue(static_cast<int>(std::lround((seconds - start_) / step_)));
}

std::optional<Moment> ReplayBar::at_time(const std::string& component) const {
    if (!result_) return std::nullopt;
    std::optional<Moment> moment;
    for (const model::Series& series : history_of(*result_)) {
        if (series.key.subject != component || series.values.empty()) continue;
        const double value = value_at(series, time());
        for (const auto& [metric, member] :
             {std::pair{"utilisation", &Moment::utilisation}, std::pair{"queue", &Moment::queue},
              std::pair{"capacity", &Moment::capacity}, std::pair{"scaled", &Moment::scaled}})
            if (series.key.metric == metric) {
                if (!moment) moment.emplace();
                (*moment).*member = value;
            }
    }
    return moment;
}

void ReplayBar::hideEvent(QHideEvent* event) {
    play_->setChecked(false);
    QFrame::hideEvent(event);
}

}  // namespace headroom::desktop
