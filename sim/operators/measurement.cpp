#include "sim/operators/measurement.h"

#include "sim/operators/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fstream>
#include <map>
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
// processes.
constexpr double enough_seconds = 0.3, long_seconds = 1.5;
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

struct BatchShape {
    std::string kind;
    double rows = 0, bytes = 0;
};

using Shapes = std::map<std::string, BatchShape>;

Shapes shapes_of(const json& description) {
    Shapes shapes;
    for (const json& batch : description.at("batches"))
        shapes[batch.at("name").get<std::string>()] = {batch.at("kind").get<std::string>(),
                                                       batch.at("rows").get<double>(),
                                                       batch.at("bytes").get<double>()};
    return shapes;
}

/// Medians of a batch in one process: decoding, each step, each query.
struct BatchTimes {
    double decode = 0;
    std::vector<double> steps, queries;
    double total() const {
        double sum = decode;
        for (const double seconds : steps) sum += seconds;
        return sum;
    }
    /// Of decoding (0) or a step (1, 2, ...).
    double of(std::size_t part) const { return part == 0 ? decode : steps.at(part - 1); }
};

using ProcessTimes = std::map<std::string, BatchTimes>;

std::vector<double> medians(const json& lists) {
    std::vector<double> all;
    for (const json& list : lists) all.push_back(median(list.get<std::vector<double>>()));
    return all;
}

ProcessTimes times_of(const json& answer) {
    ProcessTimes times;
    for (const json& batch : answer.at("batches"))
        times[batch.at("batch").get<std::string>()] = {median(batch.at("decode").get<std::vector<double>>()),
                                                       medians(batch.at("steps")),
                                                       medians(batch.at("queries"))};
    return times;
}

/// What is left of the processes' answers: their medians, and those over all processes.
class Measurements {
public:
    Measurements(const json& description, const std::vector<json>& answers)
        : shapes_(shapes_of(description)) {
        for (const json& answer : answers) processes_.push_back(times_of(answer));
    }

    const Shapes& shapes() const { return shapes_; }
    const std::vector<ProcessTimes>& processes() const { return processes_; }

    /// Batches of a kind with fewest rows first.
    std::vector<std::string> batches(const std::string& kind) const {
        std::vector<std::string> names;
        for (const auto& [name, shape] : shapes_)
            if (shape.kind == kind && !values(name, [](const BatchTimes&) { return 0.0; }).empty())
                names.push_back(name);
        std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
            return shapes_.at(a).rows < shapes_.at(b).rows;
        });
        return names;
    }
    /// The figure of a batch in every process that measured it.
    template <class Figure>
    std::vector<double> values(const std::string& batch, const Figure& figure) const {
        std::vector<double> all;
        for (const ProcessTimes& process : processes_)
            if (const auto found = process.find(batch); found != process.end())
                all.push_back(figure(found->second));
        return all;
    }
    /// One process's points of a figure, for a fit.
    template <class Figure>
    std::vector<FitPoint> points(const ProcessTimes& process, const Figure& figure) const {
        std::vector<FitPoint> points;
        for (const auto& [name, times] : process)
            if (const BatchShape& shape = shapes_.at(name); shape.kind != "held")
                points.push_back({shape.rows, shape.bytes, figure(times)});
        return points;
    }
    /// Bytes of a row, as JSON, over the rows that are fitted.
    double mean_bytes() const {
        const std::vector<std::string> all = batches("prefix");
        const BatchShape& largest = shapes_.at(all.back());
        return largest.bytes / largest.rows;
    }

private:
    Shapes shapes_;
    std::vector<ProcessTimes> processes_;
};

/// Fits a figure in each process by itself, because processes differ more than repetitions do.
struct Fitted {
    Measured fixed, per_row, per_byte;  ///< per_row with its bytes, at the mean length of a row
    double r2 = 0, worst_miss = 0;
};

template <class Figure>
Fitted fit_figure(const Measurements& measurements, double mean_bytes, const Figure& figure) {
    std::vector<double> fixed, per_row, per_byte;
    for (const ProcessTimes& process : measurements.processes()) {
        const CostFit fit = fit_cost(measurements.points(process, figure));
        fixed.push_back(fit.fixed);
        per_row.push_back(fit.per_row + fit.per_byte * mean_bytes);
        per_byte.push_back(fit.per_byte);
    }
    Fitted result{.fixed = mean_of(fixed), .per_row = mean_of(per_row), .per_byte = mean_of(per_byte)};
    std::vector<FitPoint> pooled;
    for (const auto& [name, shape] : measurements.shapes())
        if (const std::vector<double> all = measurements.values(name, figure);
            shape.kind != "held" && !all.empty())
            pooled.push_back({shape.rows, shape.bytes, median(all)});
    const CostFit together = fit_cost(pooled);
    result.r2 = together.r2;
    result.worst_miss = together.worst_miss;
    return result;
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
/// their length explains it, which is the least that it can be.
Measured scv_of(const Measurements& measurements) {
    const std::vector<std::string> quarters = measurements.batches("quarter");
    std::vector<double> all;
    for (const ProcessTimes& process : measurements.processes()) {
        std::vector<double> costs;
        for (const std::string& name : quarters)
            if (const auto found = process.find(name); found != process.end())
                costs.push_back(found->second.total());
        double mean = 0, squares = 0;
        for (const double cost : costs) mean += cost / static_cast<double>(costs.size());
        for (const double cost : costs)
            squares += (cost - mean) * (cost - mean) / static_cast<double>(costs.size());
        all.push_back(mean > 0 ? squares / (mean * mean) : 0);
    }
    return mean_of(all);
}

model::HeldBack held_back(const Measurements& measurements, const Calibration& calibration, double mean_bytes,
                          double own_per_json) {
    const std::vector<std::string> held = measurements.batches("held");
    if (held.empty()) return {};
    const BatchShape& shape = measurements.shapes().at(held.front());
    const double longer = (shape.bytes - mean_bytes * shape.rows) / own_per_json;
    const double predicted = calibration.steps.front().time_per_batch.value +
                             model::time_of_batch(calibration, shape.rows).value() +
                             calibration.time_per_byte.value * longer;
    return {
        .rows = shape.rows,
        .measured = median(measurements.values(held.front(), [](const BatchTimes& t) { return t.total(); })),
        .predicted = predicted};
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
            if (expected > long_seconds && process >= processes_for_long) continue;
            const double times = std::clamp(std::floor(enough_seconds / std::max(expected, 1e-9)), 1.0,
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

Calibration calibration_from(const Transform& transform, const json& description,
                             const std::vector<json>& processes) {
    Calibration calibration;
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
        for (const double step : medians(first.at("steps"))) warm += step;
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
    calibration.held_back = held_back(measurements, calibration, mean_bytes, own_per_json);
    calibration.remarks = model::doubts(calibration);
    return calibration;
}

}  // namespace headroom::sim
