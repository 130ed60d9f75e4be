#pragma once
// The main window: pages, menus, files, runs.

#include "app/desktop/document/journal.h"
#include "app/desktop/document/project.h"
#include "app/desktop/runs/history.h"
#include "app/desktop/runs/live_estimate.h"
#include "app/desktop/runs/runner.h"
#include "app/desktop/shell/actions.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/prompts.h"
#include "app/desktop/shell/system_theme.h"

#include <QMainWindow>
#include <memory>

class QButtonGroup;
class QDockWidget;
class QMenu;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace headroom::desktop {

class CalibratePage;
class ComparePage;
class DesignPage;
class ReportPage;
class ResultsPage;
class RunStrip;
class WelcomePage;

class Window final : public QMainWindow {
    Q_OBJECT

public:
    enum Page { welcome, design, results, compare, page_count };

    /// `data_folder` holds what outlives the window: results and unsaved work.
    explicit Window(std::shared_ptr<const model::Catalog> catalog,
                    QString data_folder = default_data_folder(), QWidget* parent = nullptr);
    static QString default_data_folder();
    ~Window() override;

    /// Opens a scenario after asking about unsaved changes; false where it stays as it was.
    bool open(const QString& file);
    bool save();
    bool save_as();
    void new_scenario();
    /// Asks what customers need; the answers become a scenario without a file.
    void work_backwards();
    /// A file that extends the open one and holds only its name; it is opened, with the other as baseline.
    bool create_variant(const QString& file);
    /// Asks about what windows that are gone had not saved.
    void recover();
    /// A page that another part of the program brings, behind the others on the rail; gives its number.
    int add_page(QWidget* page, const QString& name, const QString& icon);
    void show_page(Page page);
    Page page() const;
    void run(const sim::RunOptions& options = {});
    void run_comparison(const sim::RunOptions& options = {});
    void more_replications();
    void pin_baseline();
    bool take_baseline(const QString& file);
    /// Gathers and writes at once, all sections; the report page does it piece by piece.
    bool export_report(const QString& file);
    void set_appearance(Appearance appearance);

    Project& project() { return project_; }
    LiveEstimate& live() { return live_; }
    Runner& runner() { return runner_; }
    Journal& journal() { return journal_; }
    DesignPage& design_page() { return *design_; }
    ResultsPage& results_page() { return *results_; }
    ComparePage& compare_page() { return *compare_; }
    CalibratePage& calibrate_page() { return *calibrate_; }
    void show_calibrate();
    ReportPage& report_page() { return *report_; }
    WelcomePage& welcome_page() { return *welcome_; }
    const Actions& actions() const { return actions_; }
    Actions& actions() { return actions_; }
    SystemTheme& system_theme() { return system_theme_; }

    Prompts prompts = screen_prompts();

protected:
    bool event(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void make_pages();
    void make_menus();
    void make_toolbar();
    QWidget* make_rail();
    QToolButton* rail_button(const QString& name, const QIcon& icon, const QString& tip, int page);
    void make_history_dock();
    void connect_actions();
    void connect_edits();
    void connect_runs();
    void refresh();
    void refresh_stale();
    bool may_discard();
    bool write_to(const QString& file);
    void remember(const QString& file);
    void show_recent();
    void find();
    void show_menu(QPoint global);
    void rename_selected(const QString& id);
    void link_selected();
    void change_technology();
    void swap_technology(const QString& id, const QString& to);
    void copy_selected();
    QString choose_node(const QString& title, const QString& label);
    void show_stored_result();
    void choose_run();
    void reset_layout();
    void show_report();
    void about();
    void restore();
    void follow_system();

    std::shared_ptr<const model::Catalog> catalog_;
    Project project_;
    LiveEstimate live_;
    Runner runner_;
    Journal journal_;
    History history_;
    Actions actions_;
    SystemTheme system_theme_;
    sim::RunOptions last_options_;
    QByteArray first_state_;
    bool look_for_result_ = false;
    QStackedWidget* pages_ = nullptr;
    QButtonGroup* rail_ = nullptr;
    WelcomePage* welcome_ = nullptr;
    DesignPage* design_ = nullptr;
    ResultsPage* results_ = nullptr;
    ComparePage* compare_ = nullptr;
    CalibratePage* calibrate_ = nullptr;
    ReportPage* report_ = nullptr;
    int report_number_ = 0;
    RunStrip* strip_ = nullptr;
    QMenu* recent_menu_ = nullptr;
    QDockWidget* history_dock_ = nullptr;
    QVBoxLayout* rail_column_ = nullptr;
};

}  // namespace headroom::desktop
