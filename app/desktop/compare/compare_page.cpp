#include "app/desktop/compare/compare_page.h"

#include "app/desktop/compare/difference_models.h"
#include "app/desktop/results/chart_panel.h"
#include "app/desktop/results/figure_text.h"
#include "app/desktop/shell/actions.h"
#include "app/desktop/shell/tables.h"

#include <QAction>
#include <QChart>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <array>

namespace headroom::desktop {

namespace {

QLabel* label(const char* role) {
    auto* made = new QLabel;
    made->setProperty("role", role);
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(true);
    return made;
}

QPushButton* button_for(QAction* action, bool primary) {
    auto* button = new QPushButton(action->text().remove(QLatin1Char('&')));
    button->setProperty("primary", primary);
    button->setToolTip(action->toolTip());
    button->setEnabled(action->isEnabled());
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::changed, button,
                     [button, action] { button->setEnabled(action->isEnabled()); });
    return button;
}

}  // namespace

ComparePage::ComparePage(Project& project, const Actions& actions, QWidget* parent)
    : QWidget(parent), project_(project) {
    setObjectName(QStringLiteral("compare"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 18, 24, 12);
    column->setSpacing(8);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    auto* words = new QVBoxLayout;
    words->setSpacing(6);
    title_ = label("title");
    subtitle_ = label("muted");
    words->addWidget(title_);
    words->addWidget(subtitle_);
    head->addLayout(words, 1);
    head->addWidget(button_for(actions[Do::pin_baseline], false), 0, Qt::AlignTop);
    head->addWidget(button_for(actions[Do::compare_with_file], false), 0, Qt::AlignTop);
    head->addWidget(button_for(actions[Do::run_comparison], true), 0, Qt::AlignTop);
    column->addLayout(head);
    banner_ = label("banner");
    banner_->setObjectName(QStringLiteral("compare-banner"));
    banner_->hide();
    column->addWidget(banner_);

    stack_ = new QStackedWidget;
    auto* nothing = label("muted");
    nothing->setText(
        tr("Pin the scenario as it is now, then edit it; or choose another scenario file.\n"
           "Both are run with the same random numbers, so that small differences show."));
    nothing->setAlignment(Qt::AlignCenter);
    stack_->addWidget(nothing);
    stack_->addWidget(make_body());
    column->addWidget(stack_, 1);
    connect(&project_, &Project::changed, this, &ComparePage::refresh_inputs);
    clear();
}

QSplitter* ComparePage::make_body() {
    inputs_ = new InputDifferenceModel(this);
    differences_ = new DifferenceModel(this);
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(differences_);
    sorted->setSortRole(DifferenceModel::sort_role);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(12);
    splitter->setProperty("role", "airy");
    QTableView* inputs = make_table(inputs_, tr("Inputs that differ"), QStringLiteral("input-differences"));
    inputs->setSortingEnabled(false);
    inputs->setMinimumHeight(90);
    splitter->addWidget(inputs);
    summary_ = label("heading");
    summary_->setObjectName(QStringLiteral("compare-summary"));
    auto* lower = new QWidget;
    auto* below = new QVBoxLayout(lower);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(8);
    below->addWidget(summary_);
    tabs_ = new QTabWidget;
    tabs_->setObjectName(QStringLiteral("compare-tabs"));
    tabs_->setAccessibleName(tr("Views of the comparison"));
    tabs_->setDocumentMode(true);
    auto* figures = new QWidget;
    auto* figures_column = new QVBoxLayout(figures);
    figures_column->setContentsMargins(0, 12, 0, 0);
    figures_column->addWidget(
        make_table(sorted, tr("Figures side by side"), QStringLiteral("differences"), 1));
    tabs_->addTab(figures, tr("Figures"));
    tabs_->addTab(make_charts(), tr("Charts"));
    below->addWidget(tabs_, 1);
    below->addStretch(0);
    splitter->addWidget(lower);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({130, 480});
    return splitter;
}

QWidget* ComparePage::make_charts() {
    auto* charts = new QWidget;
    auto* grid = new QGridLayout(charts);
    grid->setContentsMargins(0, 12, 8, 0);
    grid->setSpacing(14);
    response_ = new ChartPanel(tr("Response time"));
    freshness_ = new ChartPanel(tr("Freshness"));
    utilisation_ = new ChartPanel(tr("Utilisation over time"));
    cost_ = new ChartPanel(tr("Cost by component"));
    waterfall_ = new ChartPanel(tr("From the baseline's cost to this scenario's"));
    front_ = new ChartPanel(tr("Cost against what it buys, of all that was compared"));
    // One below the other: the legends name every curve of both runs.
    grid->addWidget(response_, 0, 0);
    grid->addWidget(freshness_, 1, 0);
    grid->addWidget(utilisation_, 2, 0);
    grid->addWidget(cost_, 3, 0);
    grid->addWidget(waterfall_, 4, 0);
    grid->addWidget(front_, 5, 0);
    auto* scroll = new QScrollArea;
    scroll->setAccessibleName(tr("Charts of the comparison"));
    scroll->setWidgetResizable(true);
    scroll->setWidget(charts);
    return scroll;
}

void ComparePage::clear() {
    baseline_.reset();
    seen_.clear();
    a_.reset();
    b_.reset();
    title_->setText(tr("Compare"));
    subtitle_->setText(tr("No baseline yet."));
    banner_->hide();
    stack_->setCurrentIndex(0);
    inputs_->show({});
    differences_->show({});
}

void ComparePage::set_baseline(Baseline baseline) {
    baseline_ = std::move(baseline);
    seen_.clear();
    a_.reset();
    b_.reset();
    differences_->show({});
    banner_->hide();
    tabs_->hide();
    summary_->setText(tr("Run both to see what the differences do."));
    stack_->setCurrentIndex(1);
    refresh_inputs();
}

void ComparePage::refresh_inputs() {
    if (!baseline_) return;
    const QString now = project_.scenario() ? QString::fromStdString(project_.scenario()->name) : QString();
    title_->setText(tr("%1 against %2").arg(now, baseline_->label));
    auto rows = model::input_differences(baseline_->tree, project_.tree(), project_.catalog());
    const int count = static_cast<int>(rows.size());
    subtitle_->setText(rows.empty() ? tr("The inputs are the same.")
                                    : tr("Inputs that differ: %1").arg(count));
    inputs_->show(std::move(rows));
}

void ComparePage::say(const QString& text) {
    banner_->setText(text);
    banner_->setVisible(!text.isEmpty());
}

void ComparePage::set_stale(bool stale) {
    if (a_ && b_)
        say(stale ? tr("The scenario has changed since both were run. Run both again.") : QString());
}

void ComparePage::show_outcomes(const RunOutcome& baseline, const RunOutcome& scenario) {
    for (const RunOutcome* one : {&baseline, &scenario}) {
        if (one->result) continue;
        return say(one->problems.empty()
                       ? tr("The run was cancelled before both had a result.")
                       : tr("%1 gave no result: %2")
                             .arg(one->label, QString::fromStdString(one->problems.front().sentence())));
    }
    a_ = baseline;
    b_ = scenario;
    banner_->hide();
    tabs_->show();
    auto differences = model::compare(*a_->result, *b_->result);
    show_summary(differences);
    differences_->show(std::move(differences));
    const auto a = a_->result, b = b_->result;
    const std::string a_name = tr("baseline").toStdString(), b_name = tr("this scenario").toStdString();
    const auto overlaid = [=](const std::string& metric) {
        return [=](report::Theme theme) {
            const std::array<report::NamedRun, 2> runs{{{a_name, a.get()}, {b_name, b.get()}}};
            return report::distribution_chart(runs, metric, theme);
        };
    };
    response_->show_chart(overlaid("response"));
    freshness_->show_chart(overlaid("freshness"));
    utilisation_->show_chart([=](report::Theme theme) {
        const std::array<report::NamedRun, 2> runs{{{a_name, a.get()}, {b_name, b.get()}}};
        return report::time_chart(runs, "utilisation", theme);
    });
    waterfall_->show_chart([=](report::Theme theme) {
        return report::waterfall_chart({a_name, a.get()}, {b_name, b.get()}, theme);
    });
    remember_run();
    cost_->show_chart([=](report::Theme theme) {
        const std::array<report::NamedRun, 2> runs{{{a_name, a.get()}, {b_name, b.get()}}};
        return report::cost_chart(runs, theme);
    });
}

void ComparePage::remember_run() {
    if (seen_.empty()) seen_.emplace_back(tr("baseline").toStdString(), a_->result);
    // What it changes names it: the inputs that differ now.
    std::string name;
    for (const model::InputDifference& one :
         model::input_differences(baseline_->tree, project_.tree(), project_.catalog()))
        if (one.parameter)
            name += (name.empty() ? "" : ", ") + one.field.substr(one.field.find('.') + 1) + " " + one.now;
    if (name.empty()) name = b_->result->scenario_name;
    std::erase_if(seen_, [&](const auto& run) { return run.first == name; });
    seen_.emplace_back(name, b_->result);
    // Against the first objective on a time, else the first mean response time.
    model::FigureKey figure;
    for (const model::ObjectiveResult& objective : b_->result->objectives)
        if (figure.metric.empty() &&
            (objective.key.metric.starts_with("response") || objective.key.metric.starts_with("freshness")))
            figure = objective.key;
    for (const model::Figure& one : b_->result->figures)
        if (figure.metric.empty() && one.key.metric == "response.mean") figure = one.key;
    front_->show_chart([seen = seen_, figure](report::Theme theme) {
        std::vector<report::NamedRun> runs;
        for (const auto& [label, result] : seen) runs.push_back({label, result.get()});
        return report::cost_against(runs, figure, theme);
    });
}

void ComparePage::show_summary(const std::vector<model::Difference>& differences) {
    int better = 0, worse = 0;
    for (const model::Difference& one : differences) {
        better += model::meaning_of(one) == model::Meaning::better ? 1 : 0;
        worse += model::meaning_of(one) == model::Meaning::worse ? 1 : 0;
    }
    const double cost = b_->result->bill.per_month().value() - a_->result->bill.per_month().value();
    QString money = tr("costs the same");
    if (cost >= 0.005) money = tr("costs %1 more").arg(money_text(cost));
    if (cost <= -0.005) money = tr("costs %1 less").arg(money_text(-cost));
    summary_->setText(tr("This scenario %1. Figures that are better beyond chance: %2; worse: %3.")
                          .arg(money)
                          .arg(better)
                          .arg(worse));
}

}  // namespace headroom::desktop
