#include "app/desktop/design/design_page.h"

#include "app/desktop/design/live_bar.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/palette/palette_panel.h"
#include "app/desktop/plan/plan_page.h"
#include "app/desktop/problems/fixes.h"
#include "app/desktop/problems/problem_model.h"
#include "app/desktop/replay/replay_bar.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/tables.h"
#include "app/desktop/table/component_model.h"
#include "app/desktop/text/text_page.h"
#include "app/desktop/why/why_panel.h"
#include "model/units/unit.h"

#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace headroom::desktop {

DesignPage::DesignPage(Project& project, LiveEstimate& live, QWidget* parent)
    : QWidget(parent), project_(project), live_(live) {
    setObjectName(QStringLiteral("design"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    canvas_ = new Canvas;
    components_ = new ComponentModel(this);
    table_ = make_table(components_, tr("Workloads and components"), QStringLiteral("component-table"));
    table_->setSortingEnabled(false);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->horizontalHeader()->setSectionResizeMode(ComponentModel::name, QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setStretchLastSection(true);
    auto* table_page = new QWidget;
    auto* inset = new QVBoxLayout(table_page);
    inset->setContentsMargins(18, 14, 18, 14);
    inset->addWidget(table_);
    tabs_ = new QTabWidget;
    tabs_->setObjectName(QStringLiteral("design-tabs"));
    tabs_->setAccessibleName(tr("Views of the scenario"));
    tabs_->setDocumentMode(true);
    tabs_->addTab(canvas_, tr("Picture"));
    tabs_->addTab(table_page, tr("Table"));
    plan_ = new PlanPage(project_, live_);
    tabs_->addTab(plan_, tr("Plan"));
    text_ = new TextPage(project_);
    tabs_->addTab(text_, tr("Text"));

    down_ = new QSplitter(Qt::Vertical);
    down_->addWidget(tabs_);
    down_->addWidget(make_problems());
    why_ = new WhyPanel(project_.shared_catalog());
    down_->addWidget(why_);
    down_->setStretchFactor(0, 1);
    down_->setChildrenCollapsible(false);
    inspector_ = new Inspector(project_);
    across_ = new QSplitter(Qt::Horizontal);
    palette_ = new PalettePanel(project_.catalog());
    across_->addWidget(palette_);
    across_->addWidget(down_);
    across_->addWidget(inspector_);
    across_->setStretchFactor(1, 1);
    across_->setChildrenCollapsible(false);
    reset_splitters();
    column->addWidget(across_, 1);
    replay_ = new ReplayBar;
    column->addWidget(replay_);
    live_bar_ = new LiveBar;
    column->addWidget(live_bar_);

    when_theme_changes(this, [this] { live_bar_->show_estimate(live_.result(), live_.problems()); });
    canvas_->why_no_link = [this](const QString& from, const QString& to) { return why_no_link(from, to); };
    connect(canvas_, &Canvas::selection_changed, this, &DesignPage::show_selection);
    connect(canvas_, &Canvas::link_requested, this, &DesignPage::link);
    connect(canvas_, &Canvas::link_refused, this, &DesignPage::refused);
    connect(canvas_, &Canvas::entry_dropped, this,
            [this](const QString& entry, QPointF at) { add(entry, at); });
    connect(plan_, &PlanPage::refused, this, &DesignPage::refused);
    connect(plan_, &PlanPage::node_chosen, this, [this](const QString& id) { canvas_->select(id); });
    connect(palette_, &PalettePanel::chosen, this, [this](const QString& entry) { add(entry); });
    connect(palette_, &PalettePanel::left, this, [this] { canvas_->setFocus(); });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid() && tabs_->currentIndex() == 1)
                    canvas_->select(components_->id_at(now.row()));
            });
    connect(canvas_, &Canvas::nodes_moved, this, &DesignPage::move_nodes);
    connect(problems_view_, &QTableView::activated, this, [this](const QModelIndex& at) {
        if (at.column() == ProblemModel::fix)
            apply_fix(at.row());
        else
            go_to_problem(at.row());
    });
    connect_answers();
    connect(&project_, &Project::opened, this, [this] {
        why_->hide();
        if (replay_->isVisible()) emit replay_closed();
        replay_->hide();
        canvas_->clear();
        live_.clear();
        live_bar_->show_estimate(nullptr, {});
    });
    connect(&project_, &Project::changed, this, [this] {
        if (project_.drawn() != nullptr)
            positions_ = model::lay_out(*project_.drawn(), Canvas::layout_options());
        show_topology();
        show_problems();
        if (project_.is_valid()) {
            live_.request(*project_.scenario());
        } else {
            live_bar_->show_note(tr("The estimate is of the scenario before the problems"));
        }
    });
    connect(&live_, &LiveEstimate::changed, this, [this] {
        show_topology();
        live_bar_->show_estimate(live_.result(), live_.problems());
    });
    connect(&live_, &LiveEstimate::measuring, this,
            [this](const QString& step) { live_bar_->show_note(tr("Measuring transforms: %1").arg(step)); });
}

void DesignPage::connect_answers() {
    connect(why_, &WhyPanel::step_chosen, this,
            [this](const QStringList& nodes) { canvas_->highlight(nodes); });
    connect(why_, &WhyPanel::closed, this, [this] {
        why_->hide();
        canvas_->highlight({});
    });
    connect(why_, &WhyPanel::remedy_chosen, this,
            [this](const model::FieldPath& field, const QString& from, const QString& to) {
                const QString name = tr("Set %1 of %2 from %3 to %4")
                                         .arg(QString::fromStdString(field.back()),
                                              QString::fromStdString(field[1]), from, to);
                apply(name, project_.document().with(field, to.toStdString()));
            });
    connect(replay_, &ReplayBar::moved, this, &DesignPage::show_topology);
    connect(replay_, &ReplayBar::closed, this, &DesignPage::replay_closed);
}

void DesignPage::explain(const RunOutcome& outcome) {
    tabs_->setCurrentIndex(0);
    why_->explain(outcome);
}

void DesignPage::replay(std::shared_ptr<const model::RunResult> result) {
    tabs_->setCurrentIndex(0);
    if (result)
        replay_->show_run(std::move(result));
    else
        replay_->hide();
    show_topology();
}

void DesignPage::show_moment(std::vector<Overview>& nodes) const {
    for (Overview& one : nodes) {
        if (one.workload) continue;
        one.bottleneck = false;
        one.growth = 0;
        const auto moment = replay_->at_time(one.id.toStdString());
        one.utilisation = moment ? moment->utilisation : std::numeric_limits<double>::quiet_NaN();
        one.capacity = moment ? moment->capacity : 1;
        one.scaled = moment ? moment->scaled : 1;
        if (moment)
            one.technology =
                tr("%1 present")
                    .arg(QString::fromStdString(model::format_quantity(moment->queue, model::dimensions::item,
                                                                       {.digits = 3, .noun = "items"})));
    }
}

QWidget* DesignPage::make_problems() {
    problems_ = new ProblemModel(this);
    problems_panel_ = new QFrame;
    problems_panel_->setProperty("role", "panel");
    auto* column = new QVBoxLayout(problems_panel_);
    column->setContentsMargins(18, 8, 18, 10);
    auto* head = new QHBoxLayout;
    problems_title_ = new QLabel;
    problems_title_->setProperty("role", "heading");
    head->addWidget(problems_title_, 1);
    fix_ = new QPushButton(tr("Apply the fix"));
    fix_->setObjectName(QStringLiteral("apply-fix"));
    connect(fix_, &QPushButton::clicked, this, [this] { apply_fix(problems_view_->currentIndex().row()); });
    head->addWidget(fix_);
    column->addLayout(head);
    problems_view_ = make_table(problems_, tr("Problems"), QStringLiteral("problems"));
    problems_view_->setSortingEnabled(false);
    QHeaderView* header = problems_view_->horizontalHeader();
    header->setSectionResizeMode(ProblemModel::severity, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(ProblemModel::message, QHeaderView::Stretch);
    header->setSectionResizeMode(ProblemModel::fix, QHeaderView::ResizeToContents);
    problems_view_->setToolTip(tr("Double-click or press Enter to go to the field"));
    connect(problems_view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                fix_->setEnabled(now.isValid() &&
                                 !now.siblingAtColumn(ProblemModel::fix).data().toString().isEmpty());
            });
    column->addWidget(problems_view_);
    problems_panel_->hide();
    return problems_panel_;
}

void DesignPage::show_topology() {
    if (project_.drawn() == nullptr) {
        canvas_->clear();
        components_->show({});
        return;
    }
    const model::Scenario& scenario = *project_.drawn();
    Picture picture;
    picture.nodes = overview_of(scenario, project_.catalog(), live_.result(), project_.problems());
    if (!replay_->isHidden()) show_moment(picture.nodes);
    picture.links = links_of(scenario, live_.result());
    picture.groups = groups_of(project_.tree());
    picture.positions = positions_;
    canvas_->show_picture(picture);
    components_->show(std::move(picture.nodes));
}

void DesignPage::show_selection() {
    const QStringList ids = canvas_->selected_nodes();
    inspector_->show_subjects(ids);
    const int row = ids.size() == 1 ? components_->row_of(ids.first()) : -1;
    if (row >= 0 && table_->currentIndex().row() != row) table_->selectRow(row);
    if (row < 0) table_->clearSelection();
}

void DesignPage::show_problems() {
    const auto& problems = project_.problems();
    QStringList fixes;
    for (const model::Problem& problem : problems) {
        const auto fix = fix_for(problem, project_);
        fixes << (fix ? fix->title : QString());
    }
    problems_->show(problems, fixes);
    fix_->setEnabled(false);
    problems_title_->setText(tr("Problems: %1").arg(problems.size()));
    problems_panel_->setVisible(!problems.empty());
}

void DesignPage::focus_problems() {
    if (problems_panel_->isHidden()) return;
    problems_view_->setFocus();
    if (!problems_view_->currentIndex().isValid()) problems_view_->selectRow(0);
}

void DesignPage::select(const QString& id) { canvas_->select(id); }

void DesignPage::go_to_problem(int row) {
    const model::Problem problem = problems_->at(row);
    canvas_->select(subject_of(problem));
    // What never could be read is mended as text, with its field beside it.
    if (inspector_->go_to(problem) && project_.scenario()) return;
    tabs_->setCurrentWidget(text_);
    text_->go_to(problem.place);
}

void DesignPage::apply_fix(int row) {
    if (row < 0 || row >= problems_->rowCount()) return;
    if (auto fix = fix_for(problems_->at(row), project_)) project_.apply(fix->title, fix->after);
}

void DesignPage::commit() { text_->commit(); }

void DesignPage::inspector_shows_scenario() {
    canvas_->select({});
    inspector_->show_subjects({});
}

QByteArray DesignPage::save_splitters() const { return across_->saveState(); }

void DesignPage::restore_splitters(const QByteArray& state) { across_->restoreState(state); }

void DesignPage::reset_splitters() {
    across_->setSizes({196, 780, 312});
    down_->setSizes({560, 160, 220});
}

}  // namespace headroom::desktop
