#include "app/desktop/shell/window.h"

#include "app/desktop/calibrate/calibrate_page.h"
#include "app/desktop/compare/compare_page.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/replay/replay_bar.h"
#include "app/desktop/report/report_page.h"
#include "app/desktop/results/results_page.h"
#include "app/desktop/shell/command_palette.h"
#include "app/desktop/shell/run_strip.h"
#include "app/desktop/shell/shortcuts_dialog.h"
#include "app/desktop/welcome/welcome_page.h"

#include <QAction>
#include <QButtonGroup>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QUndoView>
#include <QVBoxLayout>
#include <array>

namespace headroom::desktop {

Window::Window(std::shared_ptr<const model::Catalog> catalog, QString data_folder, QWidget* parent)
    : QMainWindow(parent),
      catalog_(std::move(catalog)),
      project_(catalog_),
      live_(catalog_),
      runner_(catalog_),
      journal_(project_, data_folder + QStringLiteral("/unsaved")),
      history_(data_folder + QStringLiteral("/results.sqlite")),
      actions_(this) {
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    resize(1280, 800);
    make_menus();
    make_toolbar();
    make_pages();
    make_history_dock();
    connect_actions();
    connect_edits();
    connect_runs();
    connect(&project_, &Project::opened, this, [this] {
        results_->clear();
        compare_->clear();
        look_for_result_ = true;
    });
    connect(&live_, &LiveEstimate::changed, this, &Window::show_stored_result);
    connect(&system_theme_, &SystemTheme::changed, this, &Window::follow_system);
    connect(&journal_, &Journal::failed, this, [this](const QString& why) {
        statusBar()->showMessage(tr("Unsaved work cannot be kept against a crash: %1").arg(why), 12000);
    });
    connect(&project_, &Project::changed, this, &Window::refresh_stale);
    connect(&project_, &Project::changed, this, &Window::refresh);
    connect(&project_, &Project::saved, this, &Window::refresh);
    connect(&project_.undo(), &QUndoStack::indexChanged, this, &Window::refresh);
    connect(&project_.undo(), &QUndoStack::cleanChanged, this, &Window::refresh);
    first_state_ = saveState();
    restore();
    show_recent();
    show_page(welcome);
    refresh();
    if (!history_.problem().isEmpty())
        statusBar()->showMessage(tr("Results will not be kept: %1").arg(history_.problem()), 12000);
}

Window::~Window() {
    // The pages look at the project and the live estimate, which are members: the pages must go first. Both,
    // and the undo stack, still speak while they are destroyed, when there is nothing left to refresh.
    project_.undo().disconnect(this);
    project_.disconnect(this);
    live_.disconnect(this);
    runner_.disconnect(this);
    journal_.disconnect(this);
    delete history_dock_;
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
    calibrate_ = new CalibratePage(project_, prompts);
    add_page(calibrate_, tr("Calibrate"), QStringLiteral("stream-processor"));
    connect(calibrate_, &CalibratePage::applied, this, [this] {
        if (project_.is_valid()) live_.request(*project_.scenario());
        refresh_stale();
    });
    report_ = new ReportPage(catalog_);
    report_number_ = add_page(report_, tr("Report"), QStringLiteral("report"));
    connect(pages_, &QStackedWidget::currentChanged, this, [this](int page) {
        if (page == report_number_) show_report();
    });
    statusBar()->setSizeGripEnabled(false);
    connect(welcome_, &WelcomePage::open_requested, this, &Window::open);
}

QWidget* Window::make_rail() {
    auto* rail = new QFrame;
    rail->setProperty("role", "rail");
    rail->setAccessibleName(tr("Pages"));
    rail->setFixedWidth(92);
    rail_column_ = new QVBoxLayout(rail);
    rail_column_->setContentsMargins(7, 12, 7, 12);
    rail_column_->setSpacing(6);
    rail_ = new QButtonGroup(this);
    const std::array<std::pair<Page, Do>, page_count> entries{{{welcome, Do::show_welcome},
                                                               {design, Do::show_design},
                                                               {results, Do::show_results},
                                                               {compare, Do::show_compare}}};
    for (const auto& [page, what] : entries) {
        QAction* action = actions_[what];
        QToolButton* button =
            rail_button(action->text().remove(QLatin1Char('&')), action->icon(), action->toolTip(), page);
        connect(button, &QToolButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button,
                [button, action] { button->setEnabled(action->isEnabled()); });
    }
    rail_column_->addStretch(1);
    return rail;
}

QToolButton* Window::rail_button(const QString& name, const QIcon& icon, const QString& tip, int page) {
    auto* button = new QToolButton;
    button->setText(name);
    button->setIcon(icon);
    button->setIconSize({24, 24});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setCheckable(true);
    button->setFixedSize(78, 62);
    button->setToolTip(tip);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    rail_->addButton(button, page);
    rail_column_->insertWidget(static_cast<int>(rail_->buttons().size()) - 1, button);
    return button;
}

int Window::add_page(QWidget* page, const QString& name, const QString& icon) {
    const int number = pages_->addWidget(page);
    QToolButton* button = rail_button(name, tinted_icon(icon), name, number);
    connect(button, &QToolButton::clicked, this, [this, number] { show_page(static_cast<Page>(number)); });
    return number;
}

void Window::make_history_dock() {
    history_dock_ = new QDockWidget(tr("Undo history"), this);
    history_dock_->setObjectName(QStringLiteral("history"));
    auto* view = new QUndoView(&project_.undo());
    view->setEmptyLabel(tr("As it was opened"));
    view->setAccessibleName(tr("Undo history"));
    history_dock_->setWidget(view);
    addDockWidget(Qt::RightDockWidgetArea, history_dock_);
    history_dock_->hide();
    connect(history_dock_, &QDockWidget::visibilityChanged, actions_[Do::show_history], &QAction::setChecked);
    connect(actions_[Do::show_history], &QAction::triggered, history_dock_, &QDockWidget::setVisible);
}

void Window::make_menus() {
    const auto menus = actions_.fill(*menuBar());
    QMenu* file = menus.at(Menu::file);
    recent_menu_ = new QMenu(tr("Open &recent"), this);
    file->insertMenu(actions_[Do::open], recent_menu_);
}

void Window::make_toolbar() {
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("main-toolbar"));
    bar->setMovable(false);
    bar->setIconSize({20, 20});
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    setContextMenuPolicy(Qt::NoContextMenu);
    const std::initializer_list<std::initializer_list<Do>> groups{
        {Do::new_scenario, Do::open, Do::save},
        {Do::undo, Do::redo},
        {Do::add, Do::auto_layout, Do::fit, Do::zoom_in, Do::zoom_out}};
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
    on(Do::new_scenario, [this] { new_scenario(); });
    on(Do::work_backwards, [this] { work_backwards(); });
    on(Do::create_variant, [this] {
        const QFileInfo base(QString::fromStdString(project_.document().file().string()));
        const QString file = prompts.save_file(
            this, tr("Create a variant"),
            base.path() + QLatin1Char('/') + base.completeBaseName() + QStringLiteral("-variant.yaml"),
            tr("Scenarios (*.yaml)"));
        if (!file.isEmpty()) create_variant(file);
    });
    on(Do::edit_shortcuts, [this] { (new ShortcutsDialog(actions_, this))->open(); });
    on(Do::command_palette, [this] { (new CommandPalette(actions_, this))->open(); });
    on(Do::reset_layout, [this] { reset_layout(); });
    on(Do::open, [this, filter] {
        const QString file = prompts.open_file(this, tr("Open a scenario"), filter);
        if (!file.isEmpty()) open(file);
    });
    on(Do::save, [this] { save(); });
    on(Do::save_as, [this] { save_as(); });
    on(Do::export_report, [this] { show_page(static_cast<Page>(report_number_)); });
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
    on(Do::run, [this] { run(); });
    on(Do::run_with, [this] { choose_run(); });
    on(Do::more_replications, [this] { more_replications(); });
    on(Do::ask_why, [this] {
        if (results_->outcome() == nullptr) return;
        show_page(design);
        design_->explain(*results_->outcome());
    });
    on(Do::replay, [this] {
        const bool wanted = actions_[Do::replay]->isChecked() && results_->outcome() != nullptr;
        if (wanted) show_page(design);
        design_->replay(wanted ? results_->outcome()->result : nullptr);
        actions_[Do::replay]->setChecked(!design_->replay_bar().isHidden());
    });
    connect(design_, &DesignPage::replay_closed, this, [this] {
        actions_[Do::replay]->setChecked(false);
        design_->replay(nullptr);
    });
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
    connect(&runner_, &Runner::line_changed, this, [this] { strip_->show_waiting(runner_.waiting()); });
    connect(&runner_, &Runner::progressed, this, [this](const RunProgress& progress) {
        strip_->show_progress(progress);
        if (progress.so_far && page() == results) results_->show_partial(progress.so_far);
    });
    connect(&runner_, &Runner::finished, this,
            [this](const std::vector<RunOutcome>& outcomes, bool cancelled) {
                strip_->hide();
                for (const RunOutcome& outcome : outcomes)
                    if (outcome.result && !outcome.result->cancelled) history_.add(*outcome.result);
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

void Window::show_calibrate() { show_page(static_cast<Page>(pages_->indexOf(calibrate_))); }

Window::Page Window::page() const { return static_cast<Page>(pages_->currentIndex()); }

void Window::run(const sim::RunOptions& options) {
    if (!project_.is_valid()) return;
    show_page(results);
    last_options_ = options;
    look_for_result_ = false;
    runner_.start({{QString::fromStdString(project_.scenario()->name), *project_.scenario(),
                    project_.document().text()}},
                  options);
}

void Window::more_replications() {
    const RunOutcome* outcome = results_->outcome();
    if (outcome == nullptr || results_->is_stale()) return;
    // Replications are keyed by number: the first of them come out as they did.
    sim::RunOptions options = last_options_;
    options.level = outcome->result->level;
    options.horizon = outcome->result->horizon;
    options.seed = outcome->result->seed;
    options.replications = 2 * outcome->result->replications;
    run(options);
}

void Window::run_comparison(const sim::RunOptions& options) {
    if (!project_.is_valid() || !compare_->baseline()) return;
    show_page(compare);
    // Common random numbers: both with the seed of the open scenario.
    sim::RunOptions common = options;
    if (!common.seed) common.seed = project_.scenario()->seed;
    runner_.start({{tr("Baseline"), compare_->baseline()->scenario, compare_->baseline()->text},
                   {tr("This scenario"), *project_.scenario(), project_.document().text()}},
                  common);
}

void Window::pin_baseline() {
    if (!project_.is_valid()) return;
    compare_->set_baseline(
        {tr("the pinned baseline"), *project_.scenario(), project_.tree(), project_.document().text()});
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
    for (const Do what :
         {Do::auto_layout, Do::fit, Do::zoom_in, Do::zoom_out, Do::find, Do::add, Do::paste, Do::select_all})
        enable(what, designing);
    const QStringList nodes = designing ? design_->canvas().selected_nodes() : QStringList();
    for (const Do what : {Do::cut, Do::copy, Do::duplicate, Do::group, Do::ungroup})
        enable(what, !nodes.isEmpty());
    for (const Do what : {Do::rename, Do::link_selected, Do::change_technology})
        enable(what, nodes.size() == 1);
    for (const Do what : {Do::align_left, Do::align_centre, Do::align_right, Do::align_top, Do::align_middle,
                          Do::align_bottom})
        enable(what, nodes.size() > 1);
    for (const Do what : {Do::distribute_across, Do::distribute_down}) enable(what, nodes.size() > 2);
    enable(Do::remove, designing && design_->has_selection());
    enable(Do::create_variant, open && !project_.document().file().empty());
    enable(Do::show_history, open);
    enable(Do::run, valid);
    enable(Do::run_with, valid);
    enable(Do::ask_why, results_->outcome() != nullptr);
    enable(Do::replay, results_->outcome() != nullptr);
    enable(Do::more_replications, results_->outcome() != nullptr && !results_->is_stale());
    enable(Do::cancel, running);
    enable(Do::pin_baseline, valid);
    enable(Do::compare_with_file, open);
    enable(Do::run_comparison, valid && compare_->baseline().has_value());
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
