#include "app/desktop/design/design_page.h"

#include "app/desktop/design/live_bar.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/problems/problem_model.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/tables.h"
#include "app/desktop/table/component_model.h"
#include "app/desktop/text/text_page.h"

#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <cmath>

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
    tabs_->setDocumentMode(true);
    tabs_->addTab(canvas_, tr("Picture"));
    tabs_->addTab(table_page, tr("Table"));
    text_ = new TextPage(project_);
    tabs_->addTab(text_, tr("Text"));

    problems_ = new ProblemModel(this);
    problems_panel_ = new QFrame;
    problems_panel_->setProperty("role", "panel");
    auto* problems_column = new QVBoxLayout(problems_panel_);
    problems_column->setContentsMargins(18, 8, 18, 10);
    problems_title_ = new QLabel;
    problems_title_->setProperty("role", "heading");
    problems_view_ = make_table(problems_, tr("Problems"), QStringLiteral("problems"));
    problems_view_->setSortingEnabled(false);
    problems_view_->horizontalHeader()->setSectionResizeMode(ProblemModel::severity,
                                                             QHeaderView::ResizeToContents);
    problems_view_->horizontalHeader()->setSectionResizeMode(ProblemModel::message, QHeaderView::Stretch);
    problems_view_->setToolTip(tr("Double-click or press Enter to go to the field"));
    problems_column->addWidget(problems_title_);
    problems_column->addWidget(problems_view_);
    problems_panel_->hide();

    down_ = new QSplitter(Qt::Vertical);
    down_->addWidget(tabs_);
    down_->addWidget(problems_panel_);
    down_->setStretchFactor(0, 1);
    down_->setChildrenCollapsible(false);
    down_->setSizes({560, 160});
    inspector_ = new Inspector(project_);
    across_ = new QSplitter(Qt::Horizontal);
    across_->addWidget(down_);
    across_->addWidget(inspector_);
    across_->setStretchFactor(0, 1);
    across_->setChildrenCollapsible(false);
    across_->setSizes({900, 312});
    column->addWidget(across_, 1);
    live_bar_ = new LiveBar;
    column->addWidget(live_bar_);

    when_theme_changes(this, [this] { live_bar_->show_estimate(live_.result(), live_.problems()); });
    connect(canvas_, &Canvas::selection_changed, this, [this](const QString& id) {
        inspector_->show_subject(id);
        const int row = components_->row_of(id);
        if (row >= 0 && table_->currentIndex().row() != row) table_->selectRow(row);
        if (row < 0) table_->clearSelection();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid() && tabs_->currentIndex() == 1)
                    canvas_->select(components_->id_at(now.row()));
            });
    connect(canvas_, &Canvas::nodes_moved, this, &DesignPage::move_nodes);
    connect(problems_view_, &QTableView::activated, this,
            [this](const QModelIndex& at) { go_to_problem(at.row()); });
    connect(&project_, &Project::opened, this, [this] {
        canvas_->clear();
        live_.clear();
        live_bar_->show_estimate(nullptr, {});
    });
    connect(&project_, &Project::changed, this, [this] {
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

void DesignPage::show_topology() {
    if (!project_.scenario()) {
        canvas_->clear();
        components_->show({});
        return;
    }
    const model::Scenario& scenario = *project_.scenario();
    auto overview = overview_of(scenario, project_.catalog(), live_.result(), project_.problems());
    canvas_->show_topology(overview, scenario.links, model::lay_out(scenario, Canvas::layout_options()));
    components_->show(std::move(overview));
}

void DesignPage::show_problems() {
    const auto& problems = project_.problems();
    problems_->show(problems);
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
    if (inspector_->go_to(problem)) return;
    tabs_->setCurrentWidget(text_);
    text_->go_to(problem.place);
}

void DesignPage::commit() { text_->commit(); }

void DesignPage::move_nodes(const Positions& moved) {
    if (!project_.scenario()) return;
    // The places of all are written, so that those that stay do so whatever is added later.
    Positions places = model::lay_out(*project_.scenario(), Canvas::layout_options());
    for (const auto& [id, place] : moved) places[id] = place;
    std::string yaml;
    for (const auto& [id, place] : places)
        yaml += (yaml.empty() ? "{" : ", ") + model::quote_scalar(id) + ": [" +
                std::to_string(std::lround(place.x)) + ", " + std::to_string(std::lround(place.y)) + "]";
    const QString name = moved.size() == 1 ? tr("Move %1").arg(QString::fromStdString(moved.begin()->first))
                                           : tr("Move %1 nodes").arg(moved.size());
    if (!project_.set(name, {"layout"}, yaml + "}")) show_topology();  // the text is wrong elsewhere: back
}

void DesignPage::auto_layout() {
    if (!project_.scenario() || project_.scenario()->layout.empty()) return canvas_->fit();
    const QString name = tr("Lay the topology out");
    if (!project_.reset(name, {"layout"})) {  // it stands in the file that this one extends
        model::Scenario bare = *project_.scenario();
        bare.layout.clear();
        Positions places = model::lay_out(bare, Canvas::layout_options());
        return move_nodes(places);
    }
    canvas_->fit();
}

void DesignPage::inspector_shows_scenario() {
    canvas_->select({});
    inspector_->show_subject({});
}

QByteArray DesignPage::save_splitters() const { return across_->saveState(); }

void DesignPage::restore_splitters(const QByteArray& state) { across_->restoreState(state); }

}  // namespace headroom::desktop
