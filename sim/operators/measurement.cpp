#include "sim/operators/measurement.h"

#include "model/system/step_time.h"
#include "sim/operators/batch_times.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/utsname.h>

namespace headroom::sim {

namespace {

using model::Calibration;
using model::Measured;
using model::StepCost;
using nlohmann::json;

// The reference core's time for a step of the worker's loop: 21 cycles (a load from the second-level cache
// 14, a multiplication 3, the rest 4) at the 3.1 GHz that a vCPU of an m5 instance sustains. Worked out from
// published latencies, not measured on such an instance.
constexpr double reference_core_step_seconds = 21 / 3.1e9;

// A batch is repeated until it has taken about this long; one that takes longer once is left to few
// processes, and one so long that little disturbs it to a single one.
constexpr double enough_seconds = 0.3, long_seconds = 1.0, very_long_seconds = 4.0;
constexpr int processes_for_long = 2;
// What a process measures first shows what a cold start costs; it should be of middling size.
constexpr double first_batch_rows = 10'000;

std::string machine() {
    std::ifstream cpus("/proc/cpuinfo");
    for (std::string line; std::getline(cpus, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
    }
    utsname names{};
    return ::uname(&names) == 0 ? names.machine : "unknown";
}

std::string today() {
    std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc);
    return text.data();
}

Measured scaled(Measured figure, double factor) {
    return {figure.value * factor, figure.half_width * factor};
}

StepCost step_from(const Measurements& measurements, std::size_t part, double mean_bytes,
                   double own_per_json) {
    const auto figure = [&](const BatchTimes& times) { return times.of(part); };
    const Fitted fitted = fit_figure(measurements, mean_bytes, figure);
    StepCost step{.time_per_batch = fitted.fixed,
                  .time_per_row = fitted.per_row,
                  .time_per_byte = scaled(fitted.per_byte, own_per_json),
                  .fit_r2 = fitted.r2,
                  .worst_miss = fitted.worst_miss};
    for (const std::string& name : measurements.batches("prefix"))
        step.batches.push_back(
            {measurements.shapes().at(name).rows, median(measurements.values(name, figure))});
    step.growth = growth(step.batches, step.time_per_batch.value);
    return step;
}

/// The step's CPU time shared out by the engine's times of its operators, which are wall times. What they
/// leave (planning, gathering the result) is OTHER.
void add_operators(const json& run, int step, double share_of_step,
                   std::vector<model::OperatorCost>& operators) {
    const double cpu = run.at("seconds").get<double>();
    double named = 0;
    for (const json& one : run.at("operators")) named += one.at("seconds").get<double>();
    const double all = std::max({cpu, named, 1e-12});
    for (const json& one : run.at("operators")) {
        operators.push_back({.name = one.at("name").get<std::string>(),
                             .step = step,
                             .depth = one.at("depth").get<int>(),
                             .rows_in = one.at("rows_in").get<double>(),
                             .rows = one.at("rows").get<double>(),
                             .share = share_of_step * one.at("seconds").get<double>() / all});
    }
    if (cpu > named)
        operators.push_back({.name = "OTHER", .step = step, .share = share_of_step * (cpu - named) / all});
}

/// Four batches of longer and longer rows differ in what a row costs: the variance between rows as far as
/// their length explains it, which is the least that it can be. What repetitions differ by is not counted in.
Measured scv_of(const Measurements& measurements) {
    const std::vector<std::string> quarters = measurements.batches("quarter");
    std::vector<std::vector<double>> costs;  // [process][quarter]
    for (const ProcessTimes& process : measurements.processes()) {
        std::vector<double>& of_process = costs.emplace_back();
        for (const std::string& name : quarters)
            if (const auto found = process.find(name); found != process.end())
                of_process.push_back(found->second.total());
        if (of_process.size() < quarters.size()) costs.pop_back();
    }
    return scv_between(costs);
}

/// Each part of the held-back rows, as the batches that were fitted foretell it and as it was.
std::vector<StepForecast> forecasts_of(const Measurements& measurements, const Calibration& calibration,
                                       double mean_bytes, double own_per_json) {
    const std::vector<std::string> held = measurements.batches("held");
    if (held.empty()) return {};
    const BatchShape& shape = measurements.shapes().at(held.front());
    const double longer = (shape.bytes - mean_bytes * shape.rows) / own_per_json;
    std::vector<StepForecast> forecasts;
    for (std::size_t part = 0; part < calibration.steps.size(); ++part) {
        const StepCost& step = calibration.steps[part];
        const double predicted =
            model::time_of_step(step, shape.rows).value() + step.time_per_byte.value * longer;
        forecasts.push_back({.step = step.name,
                             .rows = shape.rows,
                             .measured = median(measurements.values(
                                 held.front(), [&](const BatchTimes& times) { return times.of(part); })),
                             .predicted = std::max(0.0, predicted)});
    }
    return forecasts;
}

model::HeldBack held_back(const std::vector<StepForecast>& forecasts) {
    model::HeldBack all;
    for (const StepForecast& one : forecasts) {
        all.rows = one.rows;
        all.measured += one.measured;
        all.predicted += one.predicted;
    }
    return all;
}

std::vector<std::pair<std::string, double>> sizes_from(const json& list) {
    std::vector<std::pair<std::string, double>> sizes;
    for (const json& size : list) sizes.emplace_back(size.at(0).get<std::string>(), size.at(1).get<double>());
    return sizes;
}

/// What was found out once, over the whole sample.
void describe(const Transform& transform, const json& description, Calibration& calibration) {
    calibration.engine = description.at("engine").get<std::string>();
    calibration.machine = machine();
    calibration.date = today();
    calibration.rows_in = description.at("rows").get<double>();
    calibration.rows_out = description.at("steps").back().at("rows_out").get<double>();
    calibration.selectivity = calibration.rows_out / calibration.rows_in;
    const auto rejected = description.at("rejected").get<double>();
    calibration.rejected = rejected / (calibration.rows_in + rejected);
    calibration.bytes_in = model::ItemSize(description.at("bytes_per_row").get<double>());
    calibration.bytes_in_formats = sizes_from(description.at("bytes_in"));
    calibration.bytes_out = sizes_from(description.at("bytes_out"));
    calibration.key_shares = description.at("key_shares").get<std::vector<double>>();
    calibration.keys = description.at("keys").get<double>();
    calibration.columns_in = columns_from(description.at("columns_in"));
    calibration.columns_out = columns_from(description.at("columns_out"));
    for (std::size_t i = 0; i < transform.rules.size(); ++i)
        calibration.rules.emplace_back(transform.rules[i].name,
                                       description.at("pass_rates").at(i).get<double>());
}

model::QueryCost query_from(const Measurements& measurements, const std::string& name, const json& run,
                            std::size_t index, double rows_in_each) {
    const Fitted fitted = fit_figure(measurements, measurements.mean_bytes(),
                                     [&](const BatchTimes& times) { return times.queries.at(index); });
    // The batches count rows at the head; a query reads those that come out.
    return {.name = name,
            .time_per_batch = fitted.fixed,
            .time_per_row = scaled(fitted.per_row, rows_in_each),
            .fit_r2 = fitted.r2,
            .rows_out = run.at("rows_out").get<double>(),
            .scanned = run.at("scanned").get<double>(),
            .peak_memory = run.at("peak_memory").get<double>()};
}

}  // namespace

std::vector<model::ColumnProfile> columns_from(const json& list) {
    std::vector<model::ColumnProfile> columns;
    for (const json& column : list)
        columns.push_back({column.at("name").get<std::string>(), column.at("type").get<std::string>(),
                           column.at("nulls").get<double>(), column.at("stored").get<double>()});
    return columns;
}

MeasurementPlan plan_measurement(const json& description, int processes, int repetitions) {
    double whole = description.at("decode_seconds").get<double>();
    for (const json& step : description.at("steps")) whole += step.at("seconds").get<double>();
    for (const json& query : description.at("queries")) whole += query.at("seconds").get<double>();
    const double second_of_row = whole / description.at("rows").get<double>();

    MeasurementPlan plan;
    for (int process = 0; process < processes; ++process) {
        std::vector<json> batches;
        for (const json& batch : description.at("batches")) {
            const double expected = second_of_row * batch.at("rows").get<double>();
            const int all = expected > very_long_seconds ? 1
                            : expected > long_seconds    ? processes_for_long
                                                         : processes;
            if (process >= all) continue;
            // Two at least, with a warm one before them, unless that takes long: of one alone nobody can tell
            // how much it was disturbed.
            const double least = expected > long_seconds ? 1 : std::min(2, repetitions);
            const double times = std::clamp(std::floor(enough_seconds / std::max(expected, 1e-9)), least,
                                            static_cast<double>(repetitions));
            batches.push_back(
                {{"batch", batch.at("name")},
                 {"repetitions", static_cast<int>(times)},
                 {"distance", std::abs(std::log(batch.at("rows").get<double>() / first_batch_rows))}});
        }
        if (process % 2 == 1) std::reverse(batches.begin(), batches.end());
        const auto first = std::min_element(batches.begin(), batches.end(), [](const json& a, const json& b) {
            return a.at("distance").get<double>() < b.at("distance").get<double>();
        });
        std::rotate(batches.begin(), first, first + 1);
        plan.processes.emplace_back(batches);
    }
    return plan;
}

DetailedCalibration calibration_from(const Transform& transform, const json& description,
                                     const std::vector<json>& processes) {
    DetailedCalibration result;
    Calibration& calibration = result.calibration;
    describe(transform, description, calibration);
    const Measurements measurements(description, processes);
    const double mean_bytes = measurements.mean_bytes();
    const double own_per_json =
        mean_bytes > 0 ? mean_bytes / std::max(1e-9, calibration.bytes_in.value()) : 1;
    const double largest = measurements.shapes().at(measurements.batches("prefix").back()).rows;
    calibration.repeated = std::max(1.0, largest / description.at("rows_to_fit").get<double>());

    StepCost decode = step_from(measurements, 0, mean_bytes, own_per_json);
    decode.name = "decode";
    decode.rows_in = decode.rows_out = calibration.rows_in;
    decode.bytes_in = calibration.bytes_in.value();
    decode.bytes_out = description.at("steps").front().at("bytes_in").get<double>();
    calibration.steps.push_back(std::move(decode));
    for (std::size_t i = 0; i < transform.steps.size(); ++i) {
        const json& run = description.at("steps").at(i);
        StepCost step = step_from(measurements, i + 1, mean_bytes, own_per_json);
        step.name = transform.steps[i].name;
        step.rows_in = run.at("rows_in").get<double>();
        step.rows_out = run.at("rows_out").get<double>();
        step.bytes_in = run.at("bytes_in").get<double>();
        step.bytes_out = run.at("bytes_out").get<double>();
        step.peak_memory = run.at("peak_memory").get<double>();
        step.spilled = run.at("spilled").get<double>();
        calibration.steps.push_back(std::move(step));
    }

    // All steps together are fitted by themselves: their errors do not add up.
    const Fitted steps = fit_figure(measurements, mean_bytes,
                                    [](const BatchTimes& times) { return times.total() - times.decode; });
    const Fitted all =
        fit_figure(measurements, mean_bytes, [](const BatchTimes& times) { return times.total(); });
    calibration.time_per_batch = steps.fixed;
    calibration.time_per_row = all.per_row;
    calibration.time_per_byte = scaled(all.per_byte, own_per_json);
    calibration.fit_r2 = all.r2;
    calibration.time_scv = scv_of(measurements);

    double seconds = 0;
    std::vector<double> of_step;
    for (const StepCost& step : calibration.steps) {
        of_step.push_back(step.batches.back().seconds);
        seconds += of_step.back();
    }
    seconds = std::max(seconds, 1e-12);  // steps that take less than the clock can tell have no share
    calibration.operators.push_back({.name = "DECODE",
                                     .rows_in = calibration.rows_in,
                                     .rows = calibration.rows_in,
                                     .share = of_step.front() / seconds});
    for (std::size_t i = 0; i < transform.steps.size(); ++i)
        add_operators(description.at("steps").at(i), static_cast<int>(i) + 1, of_step[i + 1] / seconds,
                      calibration.operators);
    for (std::size_t i = 0; i < transform.queries.size(); ++i)
        calibration.queries.push_back(query_from(measurements, transform.queries[i].name,
                                                 description.at("queries").at(i), i,
                                                 calibration.rows_in / std::max(1.0, calibration.rows_out)));

    std::vector<double> cold, disturbed, reference;
    for (const json& answer : processes) {
        const json& first = answer.at("batches").front();
        double warm = 0, cpu = 0, wall = 0;
        for (const json& step : first.at("steps")) warm += undisturbed(step.get<std::vector<double>>());
        cold.push_back(std::max(0.0, first.at("cold_seconds").get<double>() - warm));
        for (const json& batch : answer.at("batches")) {
            cpu += batch.at("cpu_seconds").get<double>();
            wall += batch.at("wall_seconds").get<double>();
        }
        disturbed.push_back(cpu > 0 ? wall / cpu : 1);
        reference.push_back(answer.at("reference_seconds").get<double>());
    }
    calibration.cold_start = mean_of(cold);
    calibration.disturbed = median(disturbed);
    calibration.machine_speed = reference_core_step_seconds / median(reference);
    result.held_back = forecasts_of(measurements, calibration, mean_bytes, own_per_json);
    calibration.held_back = held_back(result.held_back);
    calibration.remarks = model::doubts(calibration);
    return result;
}

}  // namespace headroom::sim
