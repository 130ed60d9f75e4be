#pragma once
// The estimate of the scenario that is being edited, kept up to date away from the GUI thread: closed forms
// at once, then percentiles, then a few replications at flow level. Of several edits in a row only the last
// is answered.

#include "model/catalog/catalog.h"
#include "model/kinds/lower.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <QObject>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace headroom::desktop {

class LiveEstimate final : public QObject {
    Q_OBJECT

public:
    explicit LiveEstimate(std::shared_ptr<const model::Catalog> catalog, QObject* parent = nullptr);
    ~LiveEstimate() override;

    void request(const model::Scenario& scenario);
    /// Forgets what was asked and what was found: another scenario is open.
    void clear();
    /// The newest answer, or null.
    const model::RunResult* result() const { return result_.get(); }
    std::shared_ptr<const model::RunResult> shared_result() const { return result_; }
    const model::Problems& problems() const { return problems_; }
    /// Those that the answer rests on.
    const model::Calibrations& calibrations() const { return calibrations_; }
    /// Whether result() is already that of the flow level.
    bool is_simulated() const { return result_ != nullptr && result_->replications > 0; }
    /// An answer to the last request, with percentiles, is still awaited.
    bool is_pending() const { return asked_ != answered_; }

signals:
    void measuring(const QString& step);  ///< a transform is being measured first, which takes seconds
    void changed();                       ///< result() or problems() are new

private:
    void work(const std::stop_token& stop);
    struct Answer {
        std::uint64_t number = 0;
        std::shared_ptr<const model::RunResult> result = nullptr;
        model::Problems problems = {};
        model::Calibrations calibrations = {};
        bool first = true;  ///< without percentiles
    };
    void post(Answer answer);
    void take(const Answer& answer);

    std::shared_ptr<const model::Catalog> catalog_;
    std::shared_ptr<const model::RunResult> result_;
    model::Problems problems_;
    model::Calibrations calibrations_;
    std::uint64_t asked_ = 0, answered_ = 0;

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<std::pair<std::uint64_t, model::Scenario>> next_;
    std::stop_source superseded_;
    std::jthread thread_;
};

}  // namespace headroom::desktop
