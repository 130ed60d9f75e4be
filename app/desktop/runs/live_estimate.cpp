#include "app/desktop/runs/live_estimate.h"

#include "sim/experiment/sketch.h"
#include "sim/operators/calibrate.h"

#include <QMetaObject>
#include <cmath>
#include <exception>

namespace headroom::desktop {

LiveEstimate::LiveEstimate(std::shared_ptr<const model::Catalog> catalog, QObject* parent)
    : QObject(parent),
      catalog_(std::move(catalog)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

LiveEstimate::~LiveEstimate() {
    thread_.request_stop();
    const std::scoped_lock lock(mutex_);
    superseded_.request_stop();
}

void LiveEstimate::request(const model::Scenario& scenario) {
    ++asked_;
    {
        const std::scoped_lock lock(mutex_);
        next_ = {asked_, scenario};
        superseded_.request_stop();
    }
    wake_.notify_one();
}

void LiveEstimate::clear() {
    const std::scoped_lock lock(mutex_);
    next_.reset();
    superseded_.request_stop();
    answered_ = ++asked_;
    result_.reset();
    problems_.clear();
}

void LiveEstimate::work(const std::stop_token& stop) {
    while (true) {
        std::uint64_t number = 0;
        std::optional<model::Scenario> scenario;
        std::stop_token superseded;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return next_.has_value(); })) return;
            number = next_->first;
            scenario = std::move(next_->second);
            next_.reset();
            superseded_ = std::stop_source();
            superseded = superseded_.get_token();
            if (stop.stop_requested()) return;
        }
        Answer answer{.number = number};
        try {
            auto calibrations = sim::calibrations_for(
                *scenario,
                [this](const sim::CalibrationProgress& progress) {
                    QMetaObject::invokeMethod(
                        this, [this, step = QString::fromStdString(progress.step)] { emit measuring(step); },
                        Qt::QueuedConnection);
                },
                superseded);
            if (superseded.stop_requested()) continue;
            if (calibrations) {
                answer.calibrations = *calibrations;
                if (auto forms = sim::closed_forms(*scenario, *catalog_, *calibrations))
                    answer.result = std::make_shared<model::RunResult>(std::move(*forms));
                else
                    answer.problems = forms.error();
            } else {
                answer.problems = calibrations.error();
            }
            post(answer);
            if (!answer.result) continue;
            answer.first = false;
            if (auto full = sim::estimate(*scenario, *catalog_, *calibrations, superseded))
                answer.result = std::make_shared<model::RunResult>(std::move(*full));
            if (superseded.stop_requested()) continue;
            post(answer);
            auto simulated = sim::sketch(*scenario, *catalog_, *calibrations, superseded);
            if (!simulated || superseded.stop_requested()) continue;  // the closed forms stand
            answer.result = std::make_shared<model::RunResult>(std::move(*simulated));
        } catch (const std::exception& error) {
            answer.problems = model::fail({}, "", std::string("no estimate: ") + error.what()).value();
        }
        post(std::move(answer));
    }
}

void LiveEstimate::post(Answer answer) {
    QMetaObject::invokeMethod(
        this, [this, answer = std::move(answer)] { take(answer); }, Qt::QueuedConnection);
}

void LiveEstimate::take(const Answer& answer) {
    if (answer.number != asked_) return;  // a newer edit is on its way
    if (!answer.first || !answer.result) answered_ = answer.number;
    auto result = answer.result;
    if (answer.first && result && result_) {
        // Percentiles follow at once. Until then the old ones stand, so that nothing flickers while one
        // types.
        auto filled = std::make_shared<model::RunResult>(*result);
        for (model::ObjectiveResult& objective : filled->objectives)
            for (const model::ObjectiveResult& old : result_->objectives)
                if (std::isnan(objective.figure.value) && old.text == objective.text) objective = old;
        result = std::move(filled);
    }
    result_ = std::move(result);
    problems_ = answer.problems;
    calibrations_ = answer.calibrations;
    emit changed();
}

}  // namespace headroom::desktop
