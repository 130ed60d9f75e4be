#pragma once
// A baseline beside the open scenario: what was put in differently, what comes out differently, and how sure
// that is.

#include "app/desktop/document/project.h"
#include "app/desktop/runs/runner.h"

#include <QWidget>
#include <optional>

class QLabel;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace headroom::desktop {

class Actions;
class ChartPanel;
class DifferenceModel;
class InputDifferenceModel;

struct Baseline {
    QString label;
    model::Scenario scenario;
    model::Value tree;
    std::string text;
};

class ComparePage final : public QWidget {
    Q_OBJECT

public:
    ComparePage(Project& project, const Actions& actions, QWidget* parent = nullptr);

    void set_baseline(Baseline baseline);
    const std::optional<Baseline>& baseline() const { return baseline_; }
    void clear();
    /// Of the baseline and of the scenario, run with the same random numbers.
    void show_outcomes(const RunOutcome& baseline, const RunOutcome& scenario);
    void set_stale(bool stale);
    /// The scenario's side of the last comparison, or nullptr.
    const RunOutcome* compared() const { return b_ ? &*b_ : nullptr; }

private:
    QSplitter* make_body();
    QWidget* make_charts();
    void refresh_inputs();
    void show_summary(const std::vector<model::Difference>& differences);
    void remember_run();
    void say(const QString& text);

    Project& project_;
    std::optional<Baseline> baseline_;
    std::optional<RunOutcome> a_, b_;
    /// Every scenario that was compared with this baseline, for the cost against what it buys.
    std::vector<std::pair<std::string, std::shared_ptr<const model::RunResult>>> seen_;
    InputDifferenceModel* inputs_;
    DifferenceModel* differences_;
    QLabel *title_, *subtitle_, *banner_, *summary_;
    QStackedWidget* stack_;
    QTabWidget* tabs_;
    ChartPanel *response_, *freshness_, *utilisation_, *cost_, *waterfall_, *front_;
};

}  // namespace headroom::desktop
