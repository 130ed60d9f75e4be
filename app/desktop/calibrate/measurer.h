#pragma once
// Measures transforms away from the GUI thread.

#include "sim/operators/calibrate.h"

#include <QObject>
#include <QString>
#include <functional>
#include <thread>

namespace headroom::desktop {

/// What came of a look or a measurement: a calibration, columns, or the problems for which there is none.
struct Measurement {
    std::optional<model::Calibration> calibration;
    std::vector<model::ColumnProfile> columns;  ///< of a sample that was only looked at
    model::Problems problems;
    QString stale;  ///< why the calibration that is kept does not count
    bool cancelled = false;
};

class Measurer final : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    ~Measurer() override;

    /// Each stops what is under way and answers with finished().
    void measure(const sim::TransformInput& input, const sim::CalibrationOptions& options = {});
    void look_at_sample(const std::filesystem::path& sample);
    void look_up(const model::Scenario& scenario, const sim::TransformInput& input);
    void cancel();
    bool is_running() const { return running_; }

signals:
    void progressed(const QString& step, double fraction);
    void finished(const headroom::desktop::Measurement& measurement);

private:
    using Work = std::function<Measurement(const sim::CalibrationProgressFn&, std::stop_token)>;
    void start(Work work);

    bool running_ = false;
    int asked_ = 0;
    std::jthread thread_;
};

}  // namespace headroom::desktop
