#include "app/desktop/runs/runner.h"

#include "sim/operators/calibrate.h"

#include <QMetaObject>
#include <chrono>
#include <exception>

namespace headroom::desktop {

namespace {

using Clock = std::chrono::steady_clock;

/// Lets a signal through every 100 ms, and a copy of the figures every half second.
class Throttle {
public:
    explicit Throttle(std::chrono::milliseconds interval) : interval_(interval) {}
    bool passes() {
        const auto now = Clock::now();
        if (now - last_ < interval_) return false;
        last_ = now;
        return true;
    }

private:
    std::chrono::milliseconds interval_;
    Clock::time_point last_;
};

model::Problems unexpected_problem(const std::exception& error) {
    return model::fail({}, "", std::string("the simulation stopped: ") + error.what()).value();
}

}  // namespace

Runner::Runner(std::shared_ptr<const model::Catalog> catalog, QObject* parent)
    : QObject(parent), catalog_(std::move(catalog)) {}

Runner::~Runner() = default;

void Runner::cancel() { thread_.request_stop(); }

void Runner::cancel_all() {
    line_.clear();
    cancel();
}

void Runner::start(std::vector<RunJob> jobs, const sim::RunOptions& options) {
    if (jobs.empty()) return;
    if (running_) {
        line_.push_back({std::move(jobs), options});
        emit line_changed();
        return;
    }
    begin({std::move(jobs), options});
}

void Runner::begin(Batch batch) {
    running_ = true;
    emit started();
    thread_ = std::jthread([this, catalog = catalog_, jobs = std::move(batch.jobs),
                            options = batch.options](const std::stop_token& stop) {
        std::vector<RunOutcome> outcomes;
        Throttle redraw(std::chrono::milliseconds(100)), figures(std::chrono::milliseconds(500));
        const double share = 1.0 / static_cast<double>(jobs.size());
        const auto report = [this](RunProgress progress) {
            QMetaObject::invokeMethod(
                this, [this, progress = std::move(progress)] { emit progressed(progress); },
                Qt::QueuedConnection);
        };
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            const double done = static_cast<double>(i) * share;
            RunOutcome outcome{jobs[i].label, jobs[i].scenario, {}, nullptr, {}};
            if (stop.stop_requested()) {  // every job has its outcome, be it none
                outcomes.push_back(std::move(outcome));
                continue;
            }
            try {
                auto calibrations = sim::calibrations_for(
                    jobs[i].scenario,
                    [&](const sim::CalibrationProgress& progress) {
                        if (redraw.passes())
                            report({tr("Measuring transforms: %1").arg(QString::fromStdString(progress.step)),
                                    done, 0, nullptr});
                    },
                    stop);
                if (calibrations) {
                    outcome.calibrations = std::move(*calibrations);
                    auto result = sim::run(
                        jobs[i].scenario, *catalog, outcome.calibrations, options,
                        [&](const sim::Progress& progress) {
                            if (!redraw.passes()) return;
                            RunProgress copy{
                                tr("%1 · replications: %2").arg(jobs[i].label).arg(progress.replications),
                                done + share * progress.fraction, progress.seconds_left, nullptr};
                            if (progress.so_far != nullptr && figures.passes())
                                copy.so_far = std::make_shared<model::RunResult>(*progress.so_far);
                            report(std::move(copy));
                        },
                        stop);
                    if (result) result->scenario_text = jobs[i].text;
                    if (result)
                        outcome.result = std::make_shared<model::RunResult>(std::move(*result));
                    else
                        outcome.problems = result.error();
                } else {
                    outcome.problems = calibrations.error();
                }
            } catch (const std::exception& error) {
                outcome.problems = unexpected_problem(error);
            }
            outcomes.push_back(std::move(outcome));
        }
        const bool cancelled = stop.stop_requested();
        QMetaObject::invokeMethod(
            this,
            [this, outcomes = std::move(outcomes), cancelled] {
                running_ = false;
                emit finished(outcomes, cancelled);
                if (running_ || line_.empty()) return;
                Batch next = std::move(line_.front());
                line_.pop_front();
                emit line_changed();
                begin(std::move(next));
            },
            Qt::QueuedConnection);
    });
}

}  // namespace headroom::desktop
