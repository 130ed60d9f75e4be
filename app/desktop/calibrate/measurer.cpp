#include "app/desktop/calibrate/measurer.h"

#include <QMetaObject>

namespace headroom::desktop {

namespace {

Measurement measurement_of(model::Expected<model::Calibration> calibration) {
    Measurement measurement;
    if (calibration)
        measurement.calibration = *std::move(calibration);
    else
        measurement.problems = calibration.error();
    return measurement;
}

}  // namespace

Measurer::~Measurer() = default;

void Measurer::measure(const sim::TransformInput& input, const sim::CalibrationOptions& options) {
    start([input, options](const sim::CalibrationProgressFn& progress, const std::stop_token& stop) {
        return measurement_of(sim::calibrate(input, options, progress, stop));
    });
}

void Measurer::look_at_sample(const std::filesystem::path& sample) {
    start([sample](const sim::CalibrationProgressFn& progress, const std::stop_token& stop) {
        progress({.fraction = 0, .step = "Reading " + sample.filename().string()});
        Measurement measurement;
        auto columns = sim::columns_of_sample(sample, {}, stop);
        if (columns)
            measurement.columns = *std::move(columns);
        else
            measurement.problems = columns.error();
        return measurement;
    });
}

void Measurer::look_up(const model::Scenario& scenario, const sim::TransformInput& input) {
    const std::string step =
        tr("Looking up the calibration of %1").arg(QString::fromStdString(input.component)).toStdString();
    start([scenario, input, step](const sim::CalibrationProgressFn& progress, const std::stop_token&) {
        progress({.fraction = 0, .step = step});
        sim::KeptCalibration kept = sim::kept_calibration(scenario, input);
        Measurement measurement;
        measurement.calibration = std::move(kept.calibration);
        measurement.stale = QString::fromStdString(kept.stale);
        return measurement;
    });
}

void Measurer::cancel() {
    if (running_) thread_.request_stop();
}

void Measurer::start(Work work) {
    running_ = true;
    const int number = ++asked_;
    thread_ = std::jthread([this, number, work = std::move(work)](const std::stop_token& stop) {
        const auto post = [this, number](auto&& deliver) {
            QMetaObject::invokeMethod(
                this,
                [this, number, deliver] {
                    if (number == asked_) deliver();
                },
                Qt::QueuedConnection);
        };
        Measurement measurement;
        try {
            measurement = work(
                [&](const sim::CalibrationProgress& progress) {
                    post([this, progress] {
                        emit progressed(QString::fromStdString(progress.step), progress.fraction);
                    });
                },
                stop);
        } catch (const std::exception& error) {
            measurement.problems =
                model::fail({}, "", std::string("no measurement: ") + error.what()).value();
        }
        measurement.cancelled = stop.stop_requested() && !measurement.calibration;
        post([this, measurement] {
            running_ = false;
            emit finished(measurement);
        });
    });
}

}  // namespace headroom::desktop
