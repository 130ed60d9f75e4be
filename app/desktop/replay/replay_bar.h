#pragma once
// Moves through the simulated time of a run: what each component's utilisation and queue were then, and what
// was down. It is one history, the first replication: a mean over replications has no failures, only risks.

#include "model/store/run_result.h"

#include <QFrame>
#include <QTimer>
#include <memory>
#include <optional>

class QLabel;
class QSlider;
class QToolButton;

namespace headroom::desktop {

class Timeline;

/// A component at one moment of a run.
struct Moment {
    double utilisation = 0, queue = 0;
    double capacity = 1;  ///< share that failures leave
    double scaled = 1;    ///< share that autoscalers have there
};

class ReplayBar final : public QFrame {
    Q_OBJECT

public:
    explicit ReplayBar(QWidget* parent = nullptr);

    /// Begins at the start; hides itself where the run has no series.
    void show_run(std::shared_ptr<const model::RunResult> result);
    void set_time(double seconds);
    double time() const;
    /// What is known of a component now; nothing where the run has no series of it.
    std::optional<Moment> at_time(const std::string& component) const;
    /// Moves to where something goes down or comes back next; false where nothing does any more.
    bool to_next_event();

signals:
    void moved();
    void closed();

protected:
    void hideEvent(QHideEvent* event) override;

private:
    QToolButton* button(const QString& text, const QString& name, const QString& tip);
    void take_history();
    void show_time();

    std::shared_ptr<const model::RunResult> result_;
    QSlider* slider_;
    Timeline* timeline_;
    QLabel* label_;
    QToolButton *play_, *next_;
    QTimer timer_;
    double start_ = 0, step_ = 0;
    std::vector<double> capacity_;  ///< by step: of the component that lacks most
};

}  // namespace headroom::desktop
