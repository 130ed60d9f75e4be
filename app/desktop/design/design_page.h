#pragma once
// The topology as a picture, a table and a text, with palette, inspector, problems and live estimate; and the
// edits that a person makes there.

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/document/project.h"
#include "app/desktop/runs/live_estimate.h"
#include "app/desktop/runs/runner.h"

#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;
class QTableView;

namespace headroom::desktop {

class ComponentModel;
class Inspector;
class LiveBar;
class PalettePanel;
class PlanPage;
class ProblemModel;
class ReplayBar;
class TextPage;
class WhyPanel;

class DesignPage final : public QWidget {
    Q_OBJECT

public:
    DesignPage(Project& project, LiveEstimate& live, QWidget* parent = nullptr);

    Canvas& canvas() { return *canvas_; }
    Inspector& inspector() { return *inspector_; }
    LiveBar& live_bar() { return *live_bar_; }
    PalettePanel& palette_panel() { return *palette_; }
    void select(const QString& id);
    void auto_layout();
    /// Makes what is being typed in the text an edit.
    void commit();
    /// Clears the selection, so that the inspector shows the scenario.
    void inspector_shows_scenario();
    void focus_problems();
    void apply_fix(int row);
    WhyPanel& why_panel() { return *why_; }
    ReplayBar& replay_bar() { return *replay_; }
    /// From the broken objectives of a run to their causes.
    void explain(const RunOutcome& outcome);
    /// Shows the simulated time of a run on the canvas; nullptr: the estimate again.
    void replay(std::shared_ptr<const model::RunResult> result);
    QByteArray save_splitters() const;
    void restore_splitters(const QByteArray& state);
    void reset_splitters();

    // Edits of the topology, each one undo step. Where one is not possible, refused() says why.
    /// Puts an entry of the palette in: where it was dropped, else after the selected node and linked to it.
    void add(const QString& entry, std::optional<QPointF> at = std::nullopt);
    void link(const QString& from, const QString& to);
    void remove_selected();
    void rename(const QString& id, const QString& to);
    /// The selected nodes and what lies between them, as text.
    QString copied() const;
    void paste(const QString& fragment);
    void arrange(Arrange how);
    void group_selected(const QString& name);
    void ungroup_selected();
    bool has_selection() const;

signals:
    void refused(const QString& why);
    void replay_closed();

private:
    QWidget* make_problems();
    void connect_answers();
    void show_moment(std::vector<Overview>& nodes) const;
    void show_topology();
    void show_selection();
    void move_nodes(const Positions& moved);
    void arrange_nodes(const QString& name, const Positions& moved);
    model::Expected<model::Document> with_positions(const model::Document& document,
                                                    const Positions& moved) const;
    bool apply(const QString& name, const model::Expected<model::Document>& after);
    QString why_no_link(const QString& from, const QString& to) const;
    void go_to_problem(int row);
    void show_problems();

    Project& project_;
    LiveEstimate& live_;
    Positions positions_;  ///< of what is drawn; estimates do not move it
    PalettePanel* palette_;
    Canvas* canvas_;
    ComponentModel* components_;
    QTableView *table_, *problems_view_;
    Inspector* inspector_;
    ProblemModel* problems_;
    QFrame* problems_panel_;
    QLabel* problems_title_;
    QPushButton* fix_;
    LiveBar* live_bar_;
    WhyPanel* why_;
    ReplayBar* replay_;
    PlanPage* plan_;
    TextPage* text_;
    QTabWidget* tabs_;
    QSplitter *across_, *down_;
};

}  // namespace headroom::desktop
