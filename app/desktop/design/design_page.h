#pragma once
// The topology as a picture and as a table, the inspector, the problems and the live estimate.

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/document/project.h"
#include "app/desktop/runs/live_estimate.h"

#include <QWidget>

class QFrame;
class QLabel;
class QSplitter;
class QTabWidget;
class QTableView;

namespace headroom::desktop {

class ComponentModel;
class Inspector;
class LiveBar;
class ProblemModel;
class TextPage;

class DesignPage final : public QWidget {
    Q_OBJECT

public:
    DesignPage(Project& project, LiveEstimate& live, QWidget* parent = nullptr);

    Canvas& canvas() { return *canvas_; }
    Inspector& inspector() { return *inspector_; }
    LiveBar& live_bar() { return *live_bar_; }
    void select(const QString& id);
    void auto_layout();
    /// Makes what is being typed in the text an edit.
    void commit();
    /// Clears the selection, so that the inspector shows the scenario.
    void inspector_shows_scenario();
    void focus_problems();
    QByteArray save_splitters() const;
    void restore_splitters(const QByteArray& state);

private:
    void show_topology();
    void move_nodes(const Positions& moved);
    void go_to_problem(int row);
    void show_problems();

    Project& project_;
    LiveEstimate& live_;
    Canvas* canvas_;
    ComponentModel* components_;
    QTableView *table_, *problems_view_;
    Inspector* inspector_;
    ProblemModel* problems_;
    QFrame* problems_panel_;
    QLabel* problems_title_;
    LiveBar* live_bar_;
    TextPage* text_;
    QTabWidget* tabs_;
    QSplitter *across_, *down_;
};

}  // namespace headroom::desktop
