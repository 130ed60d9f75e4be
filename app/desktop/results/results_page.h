#pragma once
// What a run found: verdicts, charts, figures with intervals, bill.

#include "app/desktop/runs/runner.h"

#include <QWidget>
#include <optional>

class QLabel;
class QTabWidget;
class QVBoxLayout;

namespace headroom::desktop {

class BillModel;
class ChartPanel;
class FigureModel;

class ResultsPage final : public QWidget {
    Q_OBJECT

public:
    explicit ResultsPage(QWidget* parent = nullptr);

    void show_outcome(RunOutcome outcome);
    /// Figures of a run under way.
    void show_partial(const std::shared_ptr<const model::RunResult>& result);
    void set_stale(bool stale);
    void clear();
    /// The last finished run that gave a result, or nullptr.
    const RunOutcome* outcome() const { return outcome_ ? &*outcome_ : nullptr; }
    bool is_stale() const { return stale_; }

private:
    void show_result(const std::shared_ptr<const model::RunResult>& result, bool partial);
    void show_objectives(const model::RunResult& result);
    void say(const QString& text);
    QWidget* make_overview();
    QWidget* make_figures();
    QWidget* make_bill();

    std::optional<RunOutcome> outcome_;
    bool stale_ = false;
    QLabel *title_, *subtitle_, *banner_, *notes_, *bill_total_;
    QVBoxLayout* objectives_;
    QTabWidget* tabs_;
    FigureModel* figures_;
    BillModel* bill_;
    ChartPanel *response_, *freshness_, *utilisation_, *cost_;
};

}  // namespace headroom::desktop
