#include "app/desktop/results/results_page.h"

#include "app/desktop/results/chart_panel.h"
#include "app/desktop/results/figure_text.h"
#include "app/desktop/results/result_models.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/labels.h"
#include "app/desktop/shell/tables.h"
#include "model/units/unit.h"

#include <QChart>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace headroom::desktop {

namespace {

QString duration(model::Duration time) { return QString::fromStdString(model::format(time)); }

QWidget* objective_row(const model::ObjectiveResult& objective) {
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 3, 0, 3);
    line->setSpacing(10);
    auto* icon = new QLabel;
    icon->setPixmap(tinted_pixmap(icon_of(objective.verdict), color_of(objective.verdict), 20, 2));
    line->addWidget(icon);
    auto* found = make_label(value_text(objective.key, objective.figure.value), "");
    QFont bold = found->font();
    bold.setBold(true);
    found->setFont(bold);
    auto* verdict = make_label(text_of(objective.verdict), "");
    verdict->setFont(bold);
    QPalette palette = verdict->palette();
    palette.setColor(QPalette::WindowText, color_of(objective.verdict));
    verdict->setPalette(palette);
    line->addWidget(make_label(QString::fromStdString(objective.text), ""), 4);
    line->addWidget(found, 1);
    line->addWidget(make_label(interval_text(objective.key, objective.figure), "muted"), 2);
    line->addWidget(verdict, 1);
    row->setAccessibleName(QString::fromStdString(objective.text) + QStringLiteral(": ") +
                           text_of(objective.verdict));
    return row;
}

}  // namespace

ResultsPage::ResultsPage(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("results"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 18, 24, 12);
    column->setSpacing(6);
    title_ = make_label({}, "title");
    subtitle_ = make_label({}, "muted");
    banner_ = make_label({}, "banner");
    banner_->setObjectName(QStringLiteral("results-banner"));
    banner_->hide();
    column->addWidget(title_);
    column->addWidget(subtitle_);
    column->addWidget(banner_);
    tabs_ = new QTabWidget;
    tabs_->setObjectName(QStringLiteral("results-tabs"));
    tabs_->setAccessibleName(tr("Views of the result"));
    tabs_->setDocumentMode(true);
    tabs_->addTab(make_overview(), tr("Overview"));
    tabs_->addTab(make_figures(), tr("Figures"));
    tabs_->addTab(make_bill(), tr("Bill"));
    column->addWidget(tabs_, 1);
    column->addStretch(0);
    when_theme_changes(this, [this] {
        if (outcome_) show_objectives(*outcome_->result);
    });
    clear();
}

QWidget* ResultsPage::make_overview() {
    auto* scroll = new QScrollArea;
    scroll->setAccessibleName(tr("Overview of the result"));
    scroll->setWidgetResizable(true);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 14, 8, 14);
    column->setSpacing(14);
    auto* card = new QFrame;
    card->setProperty("role", "card");
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(16, 12, 16, 12);
    inside->addWidget(make_label(tr("Objectives"), "heading"));
    objectives_ = new QVBoxLayout;
    objectives_->setSpacing(0);
    inside->addLayout(objectives_);
    column->addWidget(card);
    auto* grid = new QGridLayout;
    grid->setSpacing(14);
    response_ = new ChartPanel(tr("Response time"));
    freshness_ = new ChartPanel(tr("Freshness"));
    utilisation_ = new ChartPanel(tr("Utilisation over time"));
    cost_ = new ChartPanel(tr("Cost by component"));
    grid->addWidget(response_, 0, 0);
    grid->addWidget(freshness_, 0, 1);
    grid->addWidget(utilisation_, 1, 0);
    grid->addWidget(cost_, 1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    column->addLayout(grid);
    notes_ = make_label({}, "muted");
    notes_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(notes_);
    column->addStretch(1);
    scroll->setWidget(body);
    return scroll;
}

QWidget* ResultsPage::make_figures() {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 14, 0, 0);
    column->setSpacing(10);
    auto* filter = new QLineEdit;
    filter->setPlaceholderText(tr("Filter, for example: freshness"));
    filter->setAccessibleName(tr("Filter the figures"));
    filter->setClearButtonEnabled(true);
    filter->setMaximumWidth(360);
    figures_ = new FigureModel(this);
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(figures_);
    sorted->setSortRole(FigureModel::sort_role);
    sorted->setFilterKeyColumn(-1);
    sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    connect(filter, &QLineEdit::textChanged, sorted, &QSortFilterProxyModel::setFilterFixedString);
    column->addWidget(filter);
    column->addWidget(make_table(sorted, tr("Figures of the run"), QStringLiteral("figures")), 1);
    return page;
}

QWidget* ResultsPage::make_bill() {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 14, 0, 0);
    column->setSpacing(10);
    bill_total_ = make_label({}, "heading");
    bill_ = new BillModel(this);
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(bill_);
    sorted->setSortRole(BillModel::sort_role);
    column->addWidget(bill_total_);
    column->addWidget(make_table(sorted, tr("Bill of a month"), QStringLiteral("bill"), BillModel::source),
                      1);
    return page;
}

void ResultsPage::clear() {
    outcome_.reset();
    stale_ = false;
    title_->setText(tr("No results yet"));
    subtitle_->setText(
        tr("Run the scenario (F5) to see response times, freshness, utilisation and cost here."));
    banner_->hide();
    tabs_->hide();
}

void ResultsPage::say(const QString& text) {
    banner_->setText(text);
    banner_->setVisible(!text.isEmpty());
}

void ResultsPage::set_stale(bool stale) {
    if (!outcome_ || stale == stale_) return;
    stale_ = stale;
    say(stale ? tr("The scenario has changed since this run. Run it again for figures of what it says now.")
              : QString());
}

void ResultsPage::show_outcome(RunOutcome outcome) {
    if (!outcome.result) {
        if (outcome_) show_result(outcome_->result, false);
        say(outcome.problems.empty() ? tr("The run was cancelled before it had a result.")
                                     : tr("The run gave no result: %1")
                                           .arg(QString::fromStdString(outcome.problems.front().sentence())));
        return;
    }
    outcome_ = std::move(outcome);
    stale_ = false;
    show_result(outcome_->result, false);
    say(outcome_->result->cancelled
            ? tr("The run was cancelled: these are the figures of the replications that were finished.")
            : QString());
}

void ResultsPage::show_partial(const std::shared_ptr<const model::RunResult>& result) {
    say(tr("The run is under way; these are the figures so far."));
    show_result(result, true);
}

void ResultsPage::show_result(const std::shared_ptr<const model::RunResult>& result, bool partial) {
    tabs_->show();
    title_->setText(QString::fromStdString(result->scenario_name));
    QStringList facts{tr("replications: %1").arg(result->replications),
                      tr("%1 level").arg(QString::fromLatin1(model::word_for(result->level))),
                      tr("horizon %1").arg(duration(result->horizon)),
                      tr("warm-up %1").arg(duration(result->warm_up)),
                      tr("%1 % confidence").arg(result->confidence * 100),
                      tr("seed %1").arg(result->seed)};
    if (!partial && !result->precise) facts << tr("less precise than asked");
    subtitle_->setText(facts.join(QStringLiteral("  ·  ")));
    show_objectives(*result);
    QStringList notes;
    for (const std::string& note : result->notes)
        notes << QStringLiteral("• ") + QString::fromStdString(note);
    notes_->setText(notes.join(QLatin1Char('\n')));
    notes_->setVisible(!notes.isEmpty());
    figures_->show(result);
    bill_->show(result);
    bill_total_->setText(partial ? QString() : money_text(result->bill.per_month().value()));
    using report::Theme;
    response_->show_chart([result](Theme t) { return report::distribution_chart(*result, "response", t); });
    freshness_->show_chart([result](Theme t) { return report::distribution_chart(*result, "freshness", t); });
    utilisation_->show_chart([result](Theme t) { return report::time_chart(*result, "utilisation", t); });
    cost_->show_chart([result](Theme t) { return report::cost_chart(*result, t); });
}

void ResultsPage::show_objectives(const model::RunResult& result) {
    while (QLayoutItem* item = objectives_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const model::ObjectiveResult& objective : result.objectives)
        objectives_->addWidget(objective_row(objective));
    if (result.objectives.empty())
        objectives_->addWidget(
            make_label(tr("None to show: a run under way has no verdicts, and a scenario without "
                          "objectives asks for none."),
                       "muted"));
}

}  // namespace headroom::desktop
