#pragma once
// The progress of what is being simulated, on every page: step, share done, time left, cancel.

#include "app/desktop/runs/runner.h"

#include <QFrame>

class QAction;
class QLabel;
class QProgressBar;

namespace headroom::desktop {

class RunStrip final : public QFrame {
    Q_OBJECT

public:
    explicit RunStrip(QAction* cancel, QWidget* parent = nullptr);
    void begin();
    /// How many runs wait in line.
    void show_waiting(int runs);
    void show_progress(const RunProgress& progress);

private:
    QLabel *step_, *left_, *waiting_;
    QProgressBar* bar_;
};

}  // namespace headroom::desktop
