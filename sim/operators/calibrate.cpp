#include "sim/operators/calibrate.h"

#include "model/units/unit.h"
#include "sim/operators/digest.h"
#include "sim/operators/measurement.h"
#include "sim/operators/worker_process.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace headroom::sim {

namespace {

using model::Calibration;
using model::Expected;
using nlohmann::json;

#ifdef HEADROOM_OPERATORS
constexpr bool has_operator_core = true;
#else
constexpr bool has_operator_core = false;
#endif

constexpr std::uintmax_t longest_sql = std::uintmax_t{1} << 20, largest_sample = std::uintmax_t{256} << 20;

tl::unexpected<model::Problems> transform_problem(const TransformInput& input, std::string message,
                                                  model::Place place = {}) {
    if (place.file.empty()) place.file = input.sql.string();
    return model::fail(std::move(place), "components." + input.component + ".transform", std::move(message));
}

tl::unexpected<model::Problems> sample_problem(const TransformInput& input, std::string message) {
    return model::fail({.file = input.sample.string()}, "record.sample", std::move(message));
}

Expected<std::string> read_sql(const TransformInput& input) {
    std::error_code error;
    auto size = std::filesystem::file_size(input.sql, error);
    if (error || !std::filesystem::is_regular_file(input.sql)) {
        return transform_problem(input,
                                 "there is no such file; one with a SELECT over the table input expected");
    }
    if (size > longest_sql)
        return transform_problem(input, "the file is larger than 1 MiB; one SELECT expected");
    std::ifstream in(input.sql, std::ios::binary);
    std::string sql{std::istreambuf_iterator<char>(in), {}};
    if (!in) return transform_problem(input, "the file cannot be read");
    if (sql.find('\0') != std::string::npos) {
        return transform_problem(input, "the file is binary; one SELECT over the table input expected");
    }
    return sql;
}

Expected<void> check_sample(const TransformInput& input) {
    if (input.sample.empty()) {
        return transform_problem(
            input,
            "no workload that reaches this component names a sample (record: {sample: ...}) "
            "to measure the SQL on");
    }
    std::error_code error;
    auto size = std::filesystem::file_size(input.sample, error);
    if (error || !std::filesystem::is_regular_file(input.sample)) {
        return sample_problem(input, "there is no such file; JSON lines, CSV or Parquet expected");
    }
    if (size == 0) return sample_problem(input, "the file is empty; some thousand rows expected");
    if (size > largest_sample) {
        return sample_problem(input, "the file is larger than 256 MiB; some thousand rows are enough");
    }
    return {};
}

/// Where the engine's "LINE 2: ..." with a caret below points to.
model::Place place_in(const TransformInput& input, const std::string& words) {
    model::Place place{.file = input.sql.string()};
    std::size_t at = words.rfind("\nLINE ");
    if (at == std::string::npos) return place;
    place.line = std::atoi(words.c_str() + at + 6);
    std::size_t text = words.find(": ", at), end = words.find('\n', at + 1);
    if (text == std::string::npos || end == std::string::npos || words.compare(text + 2, 3, "...") == 0)
        return place;
    std::size_t caret = words.find('^', end);
    if (caret == std::string::npos) return place;
    place.column = static_cast<int>(caret - (end + 1)) - static_cast<int>(text + 2 - (at + 1)) + 1;
    return place;
}

/// The first line of the engine's message without its class and exclamation.
std::string reason(const std::string& words) {
    std::string line = words.substr(0, words.find('\n'));
    if (std::size_t colon = line.find(" Error: "); colon != std::string::npos) line.erase(0, colon + 8);
    while (line.ends_with('!') || line.ends_with('.')) line.pop_back();
    return line;
}

tl::unexpected<model::Problems> fault(const TransformInput& input, const CalibrationOptions& options,
                                      const json& error) {
    const auto kind = error.at("kind").get<std::string>();
    const auto words = error.at("message").get<std::string>();
    const std::string sample = input.sample.filename().string();
    if (kind == "sample") return sample_problem(input, reason(words));
    if (kind == "key") {
        return model::fail({.file = input.sample.string()}, "record.key", reason(words));
    }
    if (kind == "memory") {
        return transform_problem(input, "needs more than the " + model::format(options.memory_limit) +
                                            " of memory that it may use on the sample " + sample);
    }
    if (kind != "sql") return transform_problem(input, "could not be measured: " + reason(words));
    if (words.starts_with("Parser Error"))
        return transform_problem(input, reason(words), place_in(input, words));
    if (words.find("Error: ") == std::string::npos) return transform_problem(input, words);
    std::string fields;
    if (error.contains("fields")) fields = "; its fields are " + error.at("fields").get<std::string>();
    return transform_problem(input, "fails on the sample " + sample + ": " + reason(words) + fields,
                             place_in(input, words));
}

tl::unexpected<model::Problems> failure(const TransformInput& input, const CalibrationOptions& options,
                                        const WorkerFailure& what) {
    const std::string sample = input.sample.filename().string();
    switch (what.kind) {
        case WorkerFailure::Kind::missing:
            return transform_problem(
                input,
                "cannot be measured: the program headroom-operator-worker is missing; install "
                "Headroom again");
        case WorkerFailure::Kind::deadline:
            return transform_problem(input, "did not finish on the sample " + sample + " within " +
                                                model::format(options.deadline));
        case WorkerFailure::Kind::stopped:
            return transform_problem(input, "the measurement was cancelled");
        case WorkerFailure::Kind::talkative:
        case WorkerFailure::Kind::crashed:
            break;
    }
    return transform_problem(input, "the engine broke down on the sample " + sample +
                                        (what.detail.empty() ? "" : ": " + what.detail));
}

/// One worker process, from the request to its answer.
class Worker {
public:
    Worker(const TransformInput& input, const CalibrationOptions& options, std::string sql,
           std::stop_token stop)
        : input_(input), options_(options), sql_(std::move(sql)), stop_(std::move(stop)) {}

    Expected<json> ask(json request) const {
        auto folder = PrivateFolder::make();
        if (!folder) {
            return transform_problem(input_,
                                     "cannot be measured: there is no folder for temporary files ($TMPDIR)");
        }
        request["folder"] = folder->path().string();
        request["sql"] = sql_;
        request["sample"] = input_.sample.string();
        request["key"] = input_.key;
        request["memory_limit"] = static_cast<std::uint64_t>(options_.memory_limit.value());
        request["cpu_seconds"] = static_cast<std::uint64_t>(std::ceil(options_.deadline.value())) + 1;
        std::filesystem::path file = folder->path() / "request.json";
        std::ofstream(file) << request.dump(-1, ' ', false, json::error_handler_t::replace);

        auto words = run_worker(file, folder->path(), options_.deadline, stop_);
        if (!words) return failure(input_, options_, words.error());
        json answer = json::parse(*words, nullptr, false);
        if (!answer.is_object()) return failure(input_, options_, {});
        if (answer.contains("error")) return fault(input_, options_, answer["error"]);
        return answer;
    }

private:
    const TransformInput& input_;
    const CalibrationOptions& options_;
    std::string sql_;
    std::stop_token stop_;
};

}  // namespace

Expected<Calibration> calibrate(const TransformInput& input, const CalibrationOptions& options,
                                const CalibrationProgressFn& progress, std::stop_token stop) {
    auto sql = read_sql(input);
    if (!sql) return tl::unexpected(sql.error());
    if (auto usable = check_sample(input); !usable) return tl::unexpected(usable.error());
    if (!has_operator_core) {
        return transform_problem(input,
                                 "cannot be measured: this build of Headroom is without the operator core "
                                 "(HEADROOM_OPERATORS=OFF)");
    }
    auto report = [&](int done, const std::string& step) {
        if (progress) progress({.fraction = done / (options.processes + 1.0), .step = step});
    };
    const std::string name = input.sql.filename().string();
    const Worker worker(input, options, *sql, std::move(stop));

    report(0, "Running " + name + " on " + input.sample.filename().string());
    auto described = worker.ask({{"task", "describe"}});
    if (!described) return tl::unexpected(described.error());

    std::vector<json> answers;
    for (int process = 0; process < options.processes; ++process) {
        report(process + 1, "Measuring " + name + ", process " + std::to_string(process + 1) + " of " +
                                std::to_string(options.processes));
        auto answer = worker.ask({{"task", "measure"},
                                  {"rows", described->at("rows_to_measure")},
                                  {"repetitions", options.repetitions}});
        if (!answer) return tl::unexpected(answer.error());
        answers.push_back(*std::move(answer));
    }
    report(options.processes + 1, "Measured " + name);

    Calibration calibration = calibration_from(*described, answers);
    calibration.component = input.component;
    calibration.transform_hash = sha256(*sql);
    calibration.sample_hash = sample_hash(input);
    return calibration;
}

}  // namespace headroom::sim
