#include "model/system/calibration.h"

#include "model/system/step_time.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

constexpr double enough_rows = 10'000, good_fit = 0.98, straight = 1.15, calm = 1.1, near_enough = 0.15;

/// On logarithmic scales between the batches; nothing is said of more rows than the largest has.
double between(const std::vector<TimedBatch>& batches, double rows) {
    const TimedBatch& first = batches.front();
    if (rows <= first.rows) return first.seconds;
    const auto above = std::find_if(batches.begin(), batches.end(),
                                    [&](const TimedBatch& batch) { return batch.rows >= rows; });
    const TimedBatch& low = *(above - 1);
    if (!(low.seconds > 0 && above->seconds > 0)) return above->seconds;
    const double part = std::log(rows / low.rows) / std::log(above->rows / low.rows);
    return low.seconds * std::pow(above->seconds / low.seconds, part);
}

/// The largest batches: at least three, down to one that takes two thirds of the time of the largest, so that
/// their differences stand out from the noise; none of less than a tenth of its rows.
std::vector<TimedBatch> largest_batches(const std::vector<TimedBatch>& batches) {
    constexpr std::size_t enough = 3;
    constexpr double apart = 2.0 / 3, far = 0.0999;
    std::vector<TimedBatch> tail;
    for (auto batch = batches.rbegin(); batch != batches.rend(); ++batch) {
        if (tail.size() >= 2 && batch->rows < far * batches.back().rows) break;
        tail.push_back(*batch);
        if (tail.size() >= enough && batch->seconds <= apart * batches.back().seconds) break;
    }
    return tail;
}

/// What a row more costs at the largest batches: caches, first touches of memory and new groups make it
/// another figure than over all sizes. The slope of least squares, with weights 1 / seconds^2, through the
/// largest batches.
double last_slope(const StepCost& step) {
    double weights = 0, rows = 0, seconds = 0, squares = 0, products = 0;
    for (const TimedBatch& batch : largest_batches(step.batches)) {
        const double weight = 1 / std::max(batch.seconds * batch.seconds, 1e-24);
        weights += weight;
        rows += weight * batch.rows;
        seconds += weight * batch.seconds;
        squares += weight * batch.rows * batch.rows;
        products += weight * batch.rows * batch.seconds;
    }
    const double spread = weights * squares - rows * rows;
    if (!(spread > 1e-9 * weights * squares)) return step.time_per_row.value;
    return std::max(0.0, (weights * products - rows * seconds) / spread);
}

std::string percent(double share) {
    return format_quantity(share, dimensions::none, {.digits = 2, .percent = true});
}

std::string count(double rows) { return format_quantity(rows, dimensions::none, {.digits = 6}); }

}  // namespace

Duration time_of_step(const StepCost& step, double rows) {
    if (step.batches.empty()) return Duration(step.time_per_batch.value + step.time_per_row.value * rows);
    const TimedBatch& last = step.batches.back();
    if (rows > last.rows) return Duration(last.seconds + last_slope(step) * (rows - last.rows));
    return Duration(between(step.batches, rows));
}

Duration time_of_batch(const Calibration& calibration, double rows) {
    if (calibration.steps.empty())
        return Duration(calibration.time_per_batch.value + calibration.time_per_row.value * rows);
    // Opening a file is this engine's own; a stream processor is handed its rows. So decoding, the first
    // step, adds what it costs for a row only.
    const StepCost& decode = calibration.steps.front();
    const double measured = decode.batches.empty() ? rows : std::min(rows, decode.batches.back().rows);
    double seconds = decode.time_per_row.value * measured;
    if (rows > measured) seconds += last_slope(decode) * (rows - measured);
    for (std::size_t i = 1; i < calibration.steps.size(); ++i)
        seconds += time_of_step(calibration.steps[i], rows).value();
    return Duration(seconds);
}

std::vector<std::string> doubts(const Calibration& calibration) {
    std::vector<std::string> all;
    if (calibration.steps.empty()) return all;  // of a file that did not know them
    if (calibration.rows_in < enough_rows) {
        all.push_back("the sample has only " + count(calibration.rows_in) + " rows" +
                      (calibration.repeated > 1
                           ? ", which were taken " + count(calibration.repeated) + " times"
                           : std::string()) +
                      ": costs that grow with the number of keys do not show");
    }
    for (const StepCost& step : calibration.steps) {
        if (step.growth > straight)
            all.push_back("the step '" + step.name + "' grows faster than its rows: with their power of " +
                          format_quantity(step.growth, dimensions::none, {.digits = 3}) +
                          ", so that larger batches than those measured cost more than foretold");
        else if (step.fit_r2 < good_fit)
            all.push_back("no straight line fits the times of the step '" + step.name + "' (R squared " +
                          format_quantity(step.fit_r2, dimensions::none, {.digits = 3}) +
                          "); between measured batches the measurements are used");
        if (step.spilled > 0)
            all.push_back("the step '" + step.name + "' did not fit into memory and laid off " +
                          format(DataSize(step.spilled)) + " to files");
    }
    if (calibration.disturbed > calm)
        all.push_back("the machine did other things meanwhile: the measurements took " +
                      format_quantity(calibration.disturbed, dimensions::none, {.digits = 3}) +
                      " times their CPU time");
    if (const HeldBack& held = calibration.held_back; held.rows > 0 && held.measured > 0)
        if (const double miss = held.predicted / held.measured - 1; std::abs(miss) > near_enough)
            all.push_back("the rows that were held back were foretold " + percent(std::abs(miss)) +
                          (miss > 0 ? " too dear" : " too cheap"));
    return all;
}

}  // namespace headroom::model
