#include "app/desktop/design/live_bar.h"

#include "app/desktop/results/figure_text.h"
#include "app/desktop/shell/appearance.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

namespace headroom::desktop {

namespace {

bool is_of_all_money(const model::ObjectiveResult& objective) {
    return objective.key.metric == "cost" && objective.key.subject.empty();
}

/// All but the whole bill's; those that are broken first.
std::vector<model::ObjectiveResult> worst_first(std::vector<model::ObjectiveResult> objectives) {
    std::erase_if(objectives, is_of_all_money);
    std::stable_partition(objectives.begin(), objectives.end(),
                          [](const auto& objective) { return objective.verdict == model::Verdict::broken; });
    return objectives;
}

}  // namespace

LiveBar::LiveBar(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("live-bar"));
    setAccessibleName(tr("Estimate"));
    setProperty("role", "bar");
    setFixedHeight(72);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(18, 6, 18, 6);
    row->setSpacing(10);
    // However many objectives there are, the window may be narrow: they scroll, what they cost stays.
    auto* all = new QWidget;
    cards_ = new QHBoxLayout(all);
    cards_->setContentsMargins(0, 0, 0, 0);
    cards_->setSpacing(22);
    auto* scrolled = new QScrollArea;
    scrolled->setObjectName(QStringLiteral("live-objectives"));
    scrolled->setAccessibleName(tr("Objectives, by the estimate"));
    scrolled->setFrameShape(QFrame::NoFrame);
    scrolled->setWidgetResizable(true);
    scrolled->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scrolled->setWidget(all);
    row->addWidget(scrolled, 1);
    money_ = new QHBoxLayout;
    row->addLayout(money_);
    note_ = new QLabel;
    note_->setProperty("role", "muted");
    note_->setWordWrap(true);
    note_->setMinimumWidth(150);
    note_->setMaximumWidth(420);
    row->addWidget(note_);
}

QFrame* LiveBar::card(const QString& icon, const QColor& color, const QString& caption,
                      const QString& value) {
    auto* frame = new QFrame;
    auto* row = new QHBoxLayout(frame);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* picture = new QLabel;
    picture->setPixmap(tinted_pixmap(icon, color, 24, 2));
    row->addWidget(picture);
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    auto* top = new QLabel(caption);
    top->setProperty("role", "muted");
    QFont small = top->font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    top->setFont(small);
    auto* bottom = new QLabel(value);
    QFont bold = bottom->font();
    bold.setBold(true);
    bottom->setFont(bold);
    words->addWidget(top);
    words->addWidget(bottom);
    row->addLayout(words);
    frame->setAccessibleName(caption + QStringLiteral(": ") + value);
    return frame;
}

void LiveBar::show_estimate(const model::RunResult* estimate, const model::Problems& problems) {
    for (QHBoxLayout* emptied : {cards_, money_})
        while (QLayoutItem* item = emptied->takeAt(0)) {
            delete item->widget();
            delete item;
        }
    cost_.clear();
    note_->setText(problems.empty() ? QString() : QString::fromStdString(problems.front().message));
    if (estimate == nullptr) return;
    for (const model::ObjectiveResult& objective : worst_first(estimate->objectives)) {
        const model::FigureKey& key = objective.key;
        const QString name = metric_title(key.metric).section(QStringLiteral(", "), 0, 0);
        const QString statistic = QString::fromStdString(key.metric).section(QLatin1Char('.'), 1);
        const QString caption =
            QStringLiteral("%1 %2 · %3").arg(name, statistic, subject_text(key)).simplified();
        QFrame* one = card(
            icon_of(objective.verdict), color_of(objective.verdict), caption,
            QStringLiteral("%1  (%2)").arg(value_text(key, objective.figure.value), bound_text(objective)));
        one->setToolTip(tr("%1: %2 by the estimate")
                            .arg(QString::fromStdString(objective.text), text_of(objective.verdict)));
        cards_->addWidget(one);
    }
    cards_->addStretch(1);
    QString icon = QStringLiteral("cost");
    QColor color = theme().muted;
    cost_ = money_text(estimate->bill.per_month().value());
    QString value = cost_;
    for (const model::ObjectiveResult& objective : estimate->objectives)
        if (is_of_all_money(objective)) {
            icon = icon_of(objective.verdict);
            color = color_of(objective.verdict);
            value += QStringLiteral("  (%1)").arg(bound_text(objective));
        }
    money_->addWidget(card(icon, color, tr("Cost"), value));
    if (!problems.empty()) return;
    note_->setText(estimate->replications > 0 ? tr("Estimate by a short\nsimulation at flow level")
                                              : tr("Estimate from\nclosed forms"));
}

void LiveBar::show_note(const QString& text) { note_->setText(text); }

QString LiveBar::cost_text() const { return cost_; }

}  // namespace headroom::desktop
