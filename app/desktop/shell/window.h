#pragma once
// The main window: pages, menus, files, runs.

#include "app/desktop/document/project.h"
#include "app/desktop/runs/live_estimate.h"
#include "app/desktop/runs/runner.h"
#include "app/desktop/shell/actions.h"
#include "app/desktop/shell/appearance.h"
#include "app/desktop/shell/prompts.h"

#include <QMainWindow>
#include <memory>

class QButtonGroup;
class QMenu;
class QStackedWidget;

namespace headroom::desktop {

class ComparePage;
class DesignPage;
class ResultsPage;
class RunStrip;
class WelcomePage;

class Window final : public QMainWindow {
    Q_OBJECT

public:
    enum Page { welcome, design, results, compare, page_count };

    explicit Window(std::shared_ptr<const model::Catalog> catalog, QWidget* parent = nullptr);
    ~Window() override;

    /// Opens a scenario after asking about unsaved changes; false where it stays as it was.
    bool open(const QString& file);
    bool save();
    bool save_as();
    void show_page(Page page);
    Page page() const;
    void run(const sim::RunOptions& options = {});
    void run_comparison(const sim::RunOptions& options = {});
    void pin_baseline();
    bool take_baseline(const QString& file);
    bool export_report(const QString& file);
    void set_appearance(Appearance appearance);

    Project& project() { return project_; }
    LiveEstimate& live() { return live_; }
    Runner& runner() { return runner_; }
    DesignPage& design_page() { return *design_; }
    ResultsPage& results_page() { return *results_; }
    ComparePage& compare_page() { return *compare_; }
    WelcomePage& welcome_page() { return *welcome_; }
    const Actions& actions() const { return actions_; }

    Prompts prompts = screen_prompts();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void make_pages();
    void make_menus();
    void make_toolbar();
    QWidget* make_rail();
    void connect_actions();
    void connect_runs();
    void refresh();
    void refresh_stale();
    bool may_discard();
    bool write_to(const QString& file);
    void remember(const QString& file);
    void show_recent();
    void find();
    void ask_and_export();
    void about();
    void restore();

    std::shared_ptr<const model::Catalog> catalog_;
    Project project_;
    LiveEstimate live_;
    Runner runner_;
    Actions actions_;
    QStackedWidget* pages_ = nullptr;
    QButtonGroup* rail_ = nullptr;
    WelcomePage* welcome_ = nullptr;
    DesignPage* design_ = nullptr;
    ResultsPage* results_ = nullptr;
    ComparePage* compare_ = nullptr;
    RunStrip* strip_ = nullptr;
    QMenu* recent_menu_ = nullptr;
};

}  // namespace headroom::desktop
