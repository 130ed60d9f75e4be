#include "app/desktop/shell/window.h"

#include "app/desktop/compare/compare_page.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/results/results_page.h"
#include "app/desktop/shell/run_strip.h"
#include "app/desktop/welcome/welcome_page.h"

#include <QAction>
#include <QButtonGroup>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>

namespace headroom::desktop {

Window::Window(std::shared_ptr<const model::Catalog> catalog, QWidget* parent)
    : QMainWindow(parent),
      catalog_(std::move(catalog)),
      project_(catalog_),
      live_(catalog_),
      runner_(catalog_),
      actions_(this) {
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    resize(1280, 800);
    make_menus();
    make_toolbar();
    make_pages();
    connect_actions();
    connect_runs();
    connect(&project_, &Project::opened, this, [this] {
        results_->clear();
        compare_->clear();
    });
    connect(&project_, &Project::changed, this, &Window::refresh_stale);
    connect(&project_, &Project::changed, this, &Window::refresh);
    connect(&project_, &Project::saved, this, &Window::refresh);
    connect(&project_.undo(), &QUndoStack::indexChanged, this, &Window::refresh);
    connect(&project_.undo(), &QUndoStack::cleanChanged, this, &Window::refresh);
    restore();
    show_recent();
    show_page(welcome);
    refresh();
}

Window::~Window() {
    // The pages look at the project and the live estimate, which are members: the pages must go first. Both,
    // and the undo stack, still speak while they are destroyed, when there is nothing left to refresh.
    project_.undo().disconnect(this);
    project_.disconnect(this);
    live_.disconnect(this);
    runner_.disconnect(this);
    delete takeCentralWidget();
}

void Window::make_pages() {
    welcome_ = new WelcomePage(catalog_, actions_);
    design_ = new DesignPage(project_, live_);
    results_ = new ResultsPage;
    compare_ = new ComparePage(project_, actions_);
    pages_ = new QStackedWidget;
    for (QWidget* page : std::initializer_list<QWidget*>{welcome_, design_, results_, compare_})
        pages_->addWidget(page);
    strip_ = new RunStrip(actions_[Do::cancel]);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(strip_);
    right->addWidget(pages_, 1);
    auto* center = new QWidget;
    auto* row = new QHBoxLayout(center);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(make_rail());
    row->addLayout(right, 1);
    setCentralWidget(center);
    statusBar()->setSizeGripEnabled(false);
    connect(welcome_, &WelcomePage::open_requested, this, &Window::open);
}

QWidget* Window::make_rail() {
    auto* rail = new QFrame;
    rail->setProperty("role", "rail");
    rail->setAccessibleName(tr("Pages"));
    rail->setFixedWidth(92);
    auto* column = new QVBoxLayout(rail);
    column->setContentsMargins(7, 12, 7, 12);
    column->setSpacing(6);
    rail_ = new QButtonGroup(this);
    const std::array<std::pair<Page, Do>, page_count> entries{{{welcome, Do::show_welcome},
                                                               {design, Do::show_design},
                                                               {results, Do::show_results},
                                                               {compare, Do::show_compare}}};
    for (const auto& [page, what] : entries) {
        QAction* action = actions_[what];
        auto* button = new QToolButton;
        button->setText(action->text().remove(QLatin1Char('&')));
        button->setIcon(action->icon());
        button->setIconSize({24, 24});
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setCheckable(true);
        button->setFixedSize(78, 62);
        button->setToolTip(action->toolTip());
        button->setAccessibleName(button->text());
        button->setFocusPolicy(Qt::TabFocus);
        connect(button, &QToolButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button,
                [button, action] { button->setEnabled(action->isEnabled()); });
        rail_->addButton(button, page);
        column->addWidget(button);
    }
    column->addStretch(1);
    return rail;
}

void Window::make_menus() {
    const auto menus = actions_.fill(*menuBar());
    QMenu* file = menus.at(Menu::file);
    recent_menu_ = new QMenu(tr("Open &recent"), this);
    file->insertMenu(file->actions().at(1), recent_menu_);
}

void Window::make_toolbar() {
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("main-toolbar"));
    bar->setMovable(false);
    bar->setIconSize({20, 20});
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    setContextMenuPolicy(Qt::NoContextMenu);
    const std::initializer_list<std::initializer_list<Do>> groups{
        {Do::open, Do::save}, {Do::undo, Do::redo}, {Do::auto_layout, Do::fit, Do::zoom_in, Do::zoom_out}};
    for (const auto& group : groups) {
        for (const Do what : group) {
            bar->addAction(actions_[what]);
            // Focus order: toolbar buttons can be reached with the keyboard like any other control.
            bar->widgetForAction(actions_[what])->setFocusPolicy(Qt::TabFocus);
        }
        bar->addSeparator();
    }
    auto* title = new QLabel;
    title->setObjectName(QStringLiteral("toolbar-title"));
    title->setAlignment(Qt::AlignCenter);
    title->setProperty("role", "muted");
    title->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(title);
    for (const Do what : {Do::pin_baseline, Do::export_report}) {
        bar->addAction(actions_[what]);
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(actions_[what]));
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    auto* gap = new QWidget;
    gap->setFixedWidth(10);
    bar->addWidget(gap);
    auto* run = new QPushButton(tr("Run"));
    run->setObjectName(QStringLiteral("run-button"));
    run->setProperty("primary", true);
    run->setToolTip(actions_[Do::run]->toolTip());
    run->setCursor(Qt::PointingHandCursor);
    connect(run, &QPushButton::clicked, actions_[Do::run], &QAction::trigger);
    connect(actions_[Do::run], &QAction::changed, run,
            [this, run] { run->setEnabled(actions_[Do::run]->isEnabled()); });
    bar->addWidget(run);
}

void Window::connect_actions() {
    const auto on = [this](Do what, auto&& handler) {
        connect(actions_[what], &QAction::triggered, this, handler);
    };
    const QString filter = tr("Scenarios (*.yaml *.yml *.json);;All files (*)");
    on(Do::open, [this, filter] {
        const QString file = prompts.open_file(this, tr("Open a scenario"), filter);
        if (!file.isEmpty()) open(file);
    });
    on(Do::save, [this] { save(); });
    on(Do::save_as, [this] { save_as(); });
    on(Do::export_report, [this] { ask_and_export(); });
    on(Do::quit, [this] { close(); });
    on(Do::undo, [this] { project_.undo().undo(); });
    on(Do::redo, [this] { project_.undo().redo(); });
    on(Do::show_welcome, [this] { show_page(welcome); });
    on(Do::show_design, [this] { show_page(design); });
    on(Do::show_results, [this] { show_page(results); });
    on(Do::show_compare, [this] { show_page(compare); });
    on(Do::show_problems, [this] {
        show_page(design);
        design_->focus_problems();
    });
    on(Do::zoom_in, [this] { design_->canvas().zoom(1.2); });
    on(Do::zoom_out, [this] { design_->canvas().zoom(1 / 1.2); });
    on(Do::fit, [this] { design_->canvas().fit(); });
    on(Do::appearance_system, [this] { set_appearance(Appearance::system); });
    on(Do::appearance_light, [this] { set_appearance(Appearance::light); });
    on(Do::appearance_dark, [this] { set_appearance(Appearance::dark); });
    on(Do::auto_layout, [this] { design_->auto_layout(); });
    on(Do::find, [this] { find(); });
    on(Do::run, [this] { run(); });
    on(Do::cancel, [this] { runner_.cancel(); });
    on(Do::pin_baseline, [this] { pin_baseline(); });
    on(Do::compare_with_file, [this, filter] {
        const QString file = prompts.open_file(this, tr("Compare with a scenario"), filter);
        if (!file.isEmpty()) take_baseline(file);
    });
    on(Do::run_comparison, [this] { run_comparison(); });
    on(Do::about, [this] { about(); });
}

void Window::connect_runs() {
    connect(&runner_, &Runner::started, this, [this] {
        strip_->begin();
        refresh();
    });
    connect(&runner_, &Runner::progressed, this, [this](const RunProgress& progress) {
        strip_->show_progress(progress);
        if (progress.so_far && page() == results) results_->show_partial(progress.so_far);
    });
    connect(&runner_, &Runner::finished, this,
            [this](const std::vector<RunOutcome>& outcomes, bool cancelled) {
                strip_->hide();
                if (outcomes.size() == 2) {
                    compare_->show_outcomes(outcomes[0], outcomes[1]);
                } else if (outcomes.size() == 1 && page() != compare) {
                    results_->show_outcome(outcomes[0]);
                }
                statusBar()->showMessage(cancelled ? tr("The run was cancelled") : tr("The run is finished"),
                                         8000);
                refresh_stale();
                refresh();
            });
}

void Window::show_page(Page page) {
    pages_->setCurrentIndex(page);
    if (QAbstractButton* button = rail_->button(page)) button->setChecked(true);
    if (page == design)
        design_->canvas().setFocus();
    else
        pages_->currentWidget()->setFocus();
    refresh();
}

Window::Page Window::page() const { return static_cast<Page>(pages_->currentIndex()); }

void Window::run(const sim::RunOptions& options) {
    if (!project_.is_valid() || runner_.is_running()) return;
    show_page(results);
    runner_.start({{QString::fromStdString(project_.scenario()->name), *project_.scenario()}}, options);
}

void Window::run_comparison(const sim::RunOptions& options) {
    if (!project_.is_valid() || !compare_->baseline() || runner_.is_running()) return;
    show_page(compare);
    // Common random numbers: both with the seed of the open scenario.
    sim::RunOptions common = options;
    if (!common.seed) common.seed = project_.scenario()->seed;
    runner_.start(
        {{tr("Baseline"), compare_->baseline()->scenario}, {tr("This scenario"), *project_.scenario()}},
        common);
}

void Window::pin_baseline() {
    if (!project_.is_valid()) return;
    compare_->set_baseline({tr("the pinned baseline"), *project_.scenario(), project_.tree()});
    statusBar()->showMessage(tr("Pinned: later edits can be compared with the scenario as it is now"), 8000);
    refresh();
}

void Window::refresh() {
    const bool open = project_.is_open(), valid = project_.is_valid(), running = runner_.is_running();
    const bool designing = open && page() == design;
    const auto enable = [this](Do what, bool enabled) { actions_[what]->setEnabled(enabled); };
    for (const Do what :
         {Do::save_as, Do::show_design, Do::show_results, Do::show_compare, Do::show_problems})
        enable(what, open);
    enable(Do::save, open && (project_.is_modified() || project_.document().file().empty()));
    for (const Do what : {Do::auto_layout, Do::fit, Do::zoom_in, Do::zoom_out, Do::find})
        enable(what, designing);
    enable(Do::run, valid && !running);
    enable(Do::cancel, running);
    enable(Do::pin_baseline, valid);
    enable(Do::compare_with_file, open);
    enable(Do::run_comparison, valid && !running && compare_->baseline().has_value());
    enable(Do::export_report, results_->outcome() != nullptr && !running);
    QUndoStack& undo = project_.undo();
    enable(Do::undo, undo.canUndo());
    enable(Do::redo, undo.canRedo());
    actions_[Do::undo]->setText(undo.canUndo() ? tr("&Undo: %1").arg(undo.undoText()) : tr("&Undo"));
    actions_[Do::redo]->setText(undo.canRedo() ? tr("&Redo: %1").arg(undo.redoText()) : tr("&Redo"));

    QString title = tr("Headroom");
    QString name;
    if (open) {
        name = project_.document().file().empty()
                   ? tr("unnamed")
                   : QString::fromStdString(project_.document().file().filename().string());
        title = name + QStringLiteral("[*] — ") + title;
    }
    setWindowTitle(title);
    setWindowModified(project_.is_modified());
    findChild<QLabel*>(QStringLiteral("toolbar-title"))
        ->setText(project_.is_modified() ? tr("%1 · not saved").arg(name) : name);
}

void Window::refresh_stale() {
    const auto differs = [this](const RunOutcome* outcome) {
        return outcome != nullptr && outcome->result != nullptr &&
               (!project_.is_valid() || sim::content_hash(*project_.scenario(), outcome->calibrations) !=
                                            sim::content_hash(outcome->scenario, outcome->calibrations));
    };
    results_->set_stale(differs(results_->outcome()));
    if (compare_->compared() != nullptr) compare_->set_stale(differs(compare_->compared()));
}

}  // namespace headroom::desktop
