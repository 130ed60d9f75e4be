#pragma once
// Simulates scenarios away from the GUI thread: calibration first where it is needed, then the runs.

#include "model/kinds/lower.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"
#include "sim/experiment/run.h"

#include <QObject>
#include <QString>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

namespace headroom::desktop {

struct RunJob {
    QString label;
    model::Scenario scenario;
    std::string text;  ///< that the scenario was read from; kept with the result
};

/// What came of a job: a result, or the problems for which there is none.
struct RunOutcome {
    QString label;
    model::Scenario scenario;
    model::Calibrations calibrations;
    std::shared_ptr<const model::RunResult> result;
    model::Problems problems;
};

struct RunProgress {
    QString step;
    double fraction = 0;                             ///< of all jobs, 0 to 1
    double seconds_left = 0;                         ///< 0: not known
    std::shared_ptr<const model::RunResult> so_far;  ///< of the job under way; null where unchanged
};

class Runner final : public QObject {
    Q_OBJECT

public:
    Runner(std::shared_ptr<const model::Catalog> catalog, QObject* parent = nullptr);
    ~Runner() override;

    /// Starts, or waits in line while another is under way.
    void start(std::vector<RunJob> jobs, const sim::RunOptions& options = {});
    /// Stops the one under way; the next in line begins.
    void cancel();
    void cancel_all();
    bool is_running() const { return running_; }
    int waiting() const { return static_cast<int>(line_.size()); }

signals:
    void started();
    void line_changed();                                              ///< another number of runs waits
    void progressed(const headroom::desktop::RunProgress& progress);  ///< at most ten times a second
    void finished(const std::vector<headroom::desktop::RunOutcome>& outcomes, bool cancelled);

private:
    struct Batch {
        std::vector<RunJob> jobs;
        sim::RunOptions options;
    };
    void begin(Batch batch);

    std::shared_ptr<const model::Catalog> catalog_;
    std::deque<Batch> line_;
    bool running_ = false;
    std::jthread thread_;
};

}  // namespace headroom::desktop
