#pragma once
// Moves through the simulated time of a run: what each component's utilisation and queue were then.

#include "model/store/run_result.h"

#include <QFrame>
#include <QTimer>
#include <memory>
#include <optional>

class QLabel;
class QSlider;
class QToolButton;

namespace headroom::desktop {

/// A component at one moment of a run.
struct Moment {
    double utilisation = 0, queue = 0;
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

signals:
    void moved();
    void closed();

protected:
    void hideEvent(QHideEvent* event) override;

private:
    std::shared_ptr<const model::RunResult> result_;
    QSlider* slider_;
    QLabel* label_;
    QToolButton* play_;
    QTimer timer_;
    double start_ = 0, step_ = 0;
};

}  // namespace headroom::desktop
