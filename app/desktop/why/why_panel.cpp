#include "app/desktop/why/why_panel.h"

#include "app/desktop/results/figure_text.h"
#include "app/desktop/shell/appearance.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace headroom::desktop {

WhyPanel::WhyPanel(std::shared_ptr<const model::Catalog> catalog, QWidget* parent)
    : QFrame(parent), catalog_(std::move(catalog)) {
    setObjectName(QStringLiteral("why"));
    setAccessibleName(tr("Why"));
    setProperty("role", "panel");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(18, 10, 18, 10);
    auto* head = new QHBoxLayout;
    auto* title = new QLabel(tr("Why"));
    title->setProperty("role", "heading");
    head->addWidget(title);
    objectives_ = new QComboBox;
    objectives_->setObjectName(QStringLiteral("why-objectives"));
    objectives_->setAccessibleName(tr("Objective"));
    head->addWidget(objectives_, 1);
    auto* copy = new QPushButton(tr("Copy as text"));
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    head->addWidget(copy);
    auto* close = new QToolButton;
    close->setText(QStringLiteral("✕"));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close"));
    connect(close, &QToolButton::clicked, this, &WhyPanel::closed);
    head->addWidget(close);
    column->addLayout(head);
    auto* both = new QHBoxLayout;
    both->setSpacing(14);
    steps_ = new QListWidget;
    steps_->setObjectName(QStringLiteral("why-steps"));
    steps_->setAccessibleName(tr("Causes, step by step"));
    steps_->setWordWrap(true);
    both->addWidget(steps_, 3);
    auto* right = new QVBoxLayout;
    state_ = new QLabel;
    state_->setProperty("role", "muted");
    state_->setWordWrap(true);
    right->addWidget(state_);
    changes_ = new QListWidget;
    changes_->setObjectName(QStringLiteral("why-changes"));
    changes_->setAccessibleName(tr("Changes that mend it"));
    changes_->setWordWrap(true);
    right->addWidget(changes_, 1);
    apply_ = new QPushButton(tr("Make this change"));
    apply_->setObjectName(QStringLiteral("why-apply"));
    right->addWidget(apply_, 0, Qt::AlignRight);
    both->addLayout(right, 2);
    column->addLayout(both, 1);
    for (QListWidget* list : {steps_, changes_}) {
        list->setResizeMode(QListView::Adjust);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }
    connect(objectives_, &QComboBox::activated, this, [this](int index) { explain(index); });
    connect(steps_, &QListWidget::currentRowChanged, this, [this](int row) {
        QStringList nodes;
        for (int i = 0; i <= row && i < static_cast<int>(causes_.size()); ++i) {
            const QString node = QString::fromStdString(causes_[static_cast<std::size_t>(i)].node);
            if (!node.isEmpty() && !nodes.contains(node)) nodes << node;
        }
        emit step_chosen(nodes);
    });
    connect(changes_, &QListWidget::currentRowChanged, apply_,
            [this](int row) { apply_->setEnabled(row >= 0); });
    connect(apply_, &QPushButton::clicked, this, [this] {
        const int row = changes_->currentRow();
        if (row < 0 || row >= static_cast<int>(remedies_.size())) return;
        const sim::Remedy& remedy = remedies_[static_cast<std::size_t>(row)];
        emit remedy_chosen(remedy.field, QString::fromStdString(remedy.from),
                           QString::fromStdString(remedy.to));
    });
    hide();
}

WhyPanel::~WhyPanel() = default;

void WhyPanel::explain(const RunOutcome& outcome) {
    outcome_ = outcome;
    objectives_->clear();
    int first = -1;
    const auto& objectives = outcome_.result->objectives;
    for (std::size_t i = 0; i < objectives.size(); ++i) {
        objectives_->addItem(tinted_icon(icon_of(objectives[i].verdict)),
                             QStringLiteral("%1 · %2").arg(text_of(objectives[i].verdict),
                                                           QString::fromStdString(objectives[i].text)));
        if (first < 0 && objectives[i].verdict != model::Verdict::met) first = static_cast<int>(i);
    }
    show();
    explain(std::max(0, first));
}

void WhyPanel::explain(int objective) {
    steps_->clear();
    changes_->clear();
    causes_.clear();
    remedies_.clear();
    apply_->setEnabled(false);
    if (objective >= static_cast<int>(outcome_.result->objectives.size())) {
        state_->setText(tr("The scenario has no objectives to ask about."));
        return;
    }
    objectives_->setCurrentIndex(objective);
    const auto& asked = outcome_.result->objectives[static_cast<std::size_t>(objective)];
    causes_ = sim::causes_of(outcome_.scenario, *outcome_.result, asked);
    for (std::size_t i = 0; i < causes_.size(); ++i)
        steps_->addItem(QStringLiteral("%1.  %2").arg(i + 1).arg(QString::fromStdString(causes_[i].text)));
    steps_->setCurrentRow(steps_->count() - 1);
    if (asked.verdict == model::Verdict::met)
        state_->setText(tr("It is met: nothing needs to be mended."));
    else
        search(objective);
}

void WhyPanel::search(int objective) {
    searching_ = true;
    const int number = ++asked_;
    state_->setText(tr("Searching the smallest change that mends it…"));
    thread_ = std::jthread([this, objective, number, outcome = outcome_,
                            catalog = catalog_](const std::stop_token& stop) {
        const model::Document document(outcome.result->scenario_text, outcome.scenario.file);
        auto found = sim::remedies_for(
            document, *catalog, outcome.calibrations, *outcome.result, static_cast<std::size_t>(objective),
            [&](const sim::RemedyProgress& progress) {
                QMetaObject::invokeMethod(
                    this,
                    [this, number, step = QString::fromStdString(progress.step)] {
                        if (number == asked_ && searching_) state_->setText(tr("%1…").arg(step));
                    },
                    Qt::QueuedConnection);
            },
            stop);
        if (stop.stop_requested()) return;
        QMetaObject::invokeMethod(
            this,
            [this, number, objective, found = std::move(found)] {
                if (number == asked_) show_remedies(objective, found);
            },
            Qt::QueuedConnection);
    });
}

void WhyPanel::show_remedies(int objective, const model::Expected<std::vector<sim::Remedy>>& found) {
    searching_ = false;
    if (!found) {
        state_->setText(QString::fromStdString(found.error().front().sentence()));
        return;
    }
    remedies_ = *found;
    const auto& asked = outcome_.result->objectives[static_cast<std::size_t>(objective)];
    for (const sim::Remedy& remedy : remedies_)
        changes_->addItem(QString::fromStdString(sim::sentence_of(remedy, asked)));
    state_->setText(remedies_.empty() ? tr("No single parameter mends it within its range.")
                                      : tr("The smallest changes of one parameter that mend it, each "
                                           "confirmed by simulation:"));
    changes_->setCurrentRow(remedies_.empty() ? -1 : 0);
}

QString WhyPanel::text() const {
    QStringList lines{objectives_->currentText()};
    for (int row = 0; row < steps_->count(); ++row) lines << steps_->item(row)->text();
    lines << state_->text();
    for (int row = 0; row < changes_->count(); ++row)
        lines << QStringLiteral("- ") + changes_->item(row)->text();
    return lines.join(QLatin1Char('\n'));
}

}  // namespace headroom::desktop
