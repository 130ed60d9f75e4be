#include "sim/operators/measurement.h"

#include "sim/operators/digest.h"
#include "sim/operators/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/utsname.h>

namespace headroom::sim {

namespace {

using nlohmann::json;

// The reference core's time for a step of the worker's loop: 21 cycles (a load from the second-level cache
// 14, a multiplication 3, the rest 4) at the 3.1 GHz that a vCPU of an m5 instance sustains. Worked out from
// published latencies, not measured on such an instance.
constexpr double reference_core_step_seconds = 21 / 3.1e9;

double median(std::vector<double> values) {
    auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double scv(const std::vector<double>& values) {
    double mean = 0, squares = 0;
    for (double value : values) mean += value / static_cast<double>(values.size());
    for (double value : values) squares += (value - mean) * (value - mean);
    if (values.size() < 2 || mean <= 0) return 0;
    return squares / static_cast<double>(values.size() - 1) / (mean * mean);
}

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

/// One process's figures: medians of its repetitions, lines through them.
struct ProcessFigures {
    LineFit decode, transform, both;
    double scv = 0;             ///< of decoding and transforming together, over the repetitions at all rows
    double decode_seconds = 0;  ///< at all rows
    double rows = 0;
};

ProcessFigures figures_of(const json& answer) {
    ProcessFigures figures;
    TimedRows decode, transform, both;
    for (const json& size : answer.at("sizes")) {
        auto decodes = size.at("decode").get<std::vector<double>>();
        auto transforms = size.at("transform").get<std::vector<double>>();
        std::vector<double> sums;
        for (std::size_t i = 0; i < decodes.size(); ++i) sums.push_back(decodes[i] + transforms[i]);
        figures.rows = size.at("rows").get<double>();
        figures.scv = scv(sums);
        figures.decode_seconds = median(decodes);
        for (auto* points : {&decode, &transform, &both}) points->rows.push_back(figures.rows);
        decode.seconds.push_back(median(decodes));
        transform.seconds.push_back(median(transforms));
        both.seconds.push_back(median(sums));
    }
    figures.decode = fit_line(decode);
    figures.transform = fit_line(transform);
    figures.both = fit_line(both);
    return figures;
}

/// The transform's CPU time shared out by the engine's times of its operators, which are wall times. What
/// they leave (planning, gathering the result) is OTHER; decoding stands first.
std::vector<model::OperatorCost> operators_of(const json& answer, const ProcessFigures& figures,
                                              double rows_in) {
    const double transform = answer.at("profiled_seconds").get<double>();
    const double all = figures.decode_seconds + transform;
    double named = 0;
    for (const json& run : answer.at("operators")) named += run.at("seconds").get<double>();
    const double scale = named > transform ? transform / named : 1;

    std::vector<model::OperatorCost> operators;
    operators.push_back({.name = "DECODE", .rows = rows_in, .share = figures.decode_seconds / all});
    for (const json& run : answer.at("operators")) {
        operators.push_back({.name = run.at("name").get<std::string>(),
                             .rows = std::round(run.at("rows").get<double>() * rows_in / figures.rows),
                             .share = run.at("seconds").get<double>() * scale / all});
    }
    operators.push_back({.name = "OTHER", .rows = 0, .share = (transform - named * scale) / all});
    return operators;
}

/// The same plan in every process: the mean of the shares. Otherwise the first one stands.
std::vector<model::OperatorCost> mean_operators(const std::vector<std::vector<model::OperatorCost>>& all) {
    std::vector<model::OperatorCost> mean = all.front();
    bool same =
        std::all_of(all.begin(), all.end(), [&](const auto& one) { return one.size() == mean.size(); });
    for (std::size_t i = 0; same && i < mean.size(); ++i) {
        mean[i].share = 0;
        for (const auto& one : all) mean[i].share += one[i].share / static_cast<double>(all.size());
    }
    return mean;
}

}  // namespace

model::Calibration calibration_from(const json& description, const std::vector<json>& processes) {
    model::Calibration calibration;
    calibration.engine = description.at("engine").get<std::string>();
    calibration.machine = machine();
    calibration.date = today();
    calibration.rows_in = description.at("rows").get<double>();
    calibration.rows_out = description.at("rows_out").get<double>();
    calibration.selectivity = calibration.rows_out / calibration.rows_in;
    const double rejected = description.at("rejected").get<double>();
    calibration.rejected = rejected / (calibration.rows_in + rejected);
    calibration.bytes_in = model::ItemSize(description.at("bytes_in").get<double>());
    for (const json& size : description.at("bytes_out")) {
        calibration.bytes_out.emplace_back(size.at(0).get<std::string>(), size.at(1).get<double>());
    }
    calibration.key_shares = description.at("key_shares").get<std::vector<double>>();

    std::vector<double> fixed, per_row, scvs, r2s, steps;
    std::vector<std::vector<model::OperatorCost>> operators;
    for (const json& answer : processes) {
        ProcessFigures figures = figures_of(answer);
        // Opening a file is this engine's own; a stream processor is handed its rows. So decoding adds to the
        // cost of a row only.
        fixed.push_back(figures.transform.fixed);
        per_row.push_back(figures.decode.per_row + figures.transform.per_row);
        scvs.push_back(figures.scv);
        r2s.push_back(figures.both.r2);
        steps.push_back(answer.at("reference_seconds").get<double>());
        operators.push_back(operators_of(answer, figures, calibration.rows_in));
    }
    calibration.time_per_batch = mean_of(fixed);
    calibration.time_per_row = mean_of(per_row);
    calibration.time_scv = mean_of(scvs);
    calibration.fit_r2 = *std::min_element(r2s.begin(), r2s.end());
    calibration.machine_speed = reference_core_step_seconds / median(steps);
    calibration.operators = mean_operators(operators);
    return calibration;
}

std::string sample_hash(const TransformInput& input) {
    return sha256_of_file(input.sample, input.key.empty() ? "" : std::string(1, '\0') + input.key)
        .value_or("");
}

}  // namespace headroom::sim
