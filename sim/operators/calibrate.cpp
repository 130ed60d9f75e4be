#include "sim/operators/calibrate.h"

#include "model/units/unit.h"
#include "sim/operators/digest.h"
#include "sim/operators/measurement.h"
#include "sim/operators/worker_process.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unistd.h>

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

tl::unexpected<model::Problems> transform_problem(const TransformInput& input, std::string message,
                                                  model::Place place = {}) {
    if (place.file.empty()) place.file = input.transform.string();
    return model::fail(std::move(place), "components." + input.component + ".transform", std::move(message));
}

tl::unexpected<model::Problems> sample_problem(const TransformInput& input, std::string message) {
    return model::fail({.file = input.sample.string()}, "record.sample", std::move(message));
}

/// Where the engine's "LINE 2: ..." with a caret below points to, if the step's lines are those of its file.
model::Place place_in(const Step& step, const std::string& words) {
    model::Place place = step.place;
    std::size_t at = words.rfind("\nLINE ");
    if (!step.lines || at == std::string::npos) return place;
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

tl::unexpected<model::Problems> fault(const TransformInput& input, const Transform& transform,
                                      const CalibrationOptions& options, const json& error) {
    const auto kind = error.at("kind").get<std::string>();
    const auto words = error.at("message").get<std::string>();
    const std::string sample = input.sample.filename().string();
    if (kind == "sample") return sample_problem(input, reason(words));
    if (kind == "key") {
        return model::fail({.file = input.sample.string()}, "record.key", reason(words));
    }
    const int step = error.value("step", -1), rule = error.value("rule", -1),
              query = error.value("query", -1);
    std::string what;
    model::Place place;
    if (step >= 0) {
        place = place_in(transform.steps.at(static_cast<std::size_t>(step)), words);
        if (transform.steps.size() > 1)
            what = "step '" + transform.steps[static_cast<std::size_t>(step)].name + "' ";
    } else if (rule >= 0) {
        place = transform.rules.at(static_cast<std::size_t>(rule)).place;
        what = "rule '" + transform.rules[static_cast<std::size_t>(rule)].name + "' ";
    } else if (query >= 0) {
        place = transform.queries.at(static_cast<std::size_t>(query)).place;
        what = "query '" + transform.queries[static_cast<std::size_t>(query)].name + "' ";
    }
    if (kind == "memory") {
        return transform_problem(input,
                                 what + "needs more than the " + model::format(options.memory_limit) +
                                     " of memory that it may use on the sample " + sample,
                                 place);
    }
    if (kind != "sql") return transform_problem(input, "could not be measured: " + reason(words));
    const std::string prefix = what.empty() ? "" : what.substr(0, what.size() - 1) + ": ";
    if (words.starts_with("Parser Error")) return transform_problem(input, prefix + reason(words), place);
    if (words.find("Error: ") == std::string::npos) return transform_problem(input, prefix + words, place);
    std::string fields;
    if (error.contains("fields")) fields = "; its fields are " + error.at("fields").get<std::string>();
    return transform_problem(input, what + "fails on the sample " + sample + ": " + reason(words) + fields,
                             place);
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

json json_of(const SampleFiles& sample) {
    json files = json::array();
    for (const std::filesystem::path& file : sample.files) files.push_back(file.string());
    return {{"files", std::move(files)},
            {"format", static_cast<int>(sample.format)},
            {"compressed", sample.compressed}};
}

json json_of(const std::vector<NamedSql>& all) {
    json list = json::array();
    for (const NamedSql& one : all) list.push_back({{"name", one.name}, {"sql", one.sql}});
    return list;
}

json job_of(const TransformInput& input, const Transform& transform, const SampleFiles& sample,
            double held_back) {
    json tables = json::array(), steps = json::array();
    for (const NamedTable& table : transform.tables) {
        tables.push_back(json_of(table.sample));
        tables.back()["name"] = table.name;
    }
    for (const Step& step : transform.steps)
        steps.push_back({{"name", step.name}, {"sql", step.sql}, {"encode", step.encode}});
    return {{"sample", json_of(sample)},
            {"key", input.key},
            {"held_back", held_back},
            {"tables", std::move(tables)},
            {"steps", std::move(steps)},
            {"rules", json_of(transform.rules)},
            {"queries", json_of(transform.queries)}};
}

/// The worker processes of one calibration, from request to answer.
class Worker {
public:
    Worker(const TransformInput& input, const Transform& transform, const CalibrationOptions& options,
           json job, std::filesystem::path prepared, std::stop_token stop)
        : input_(input),
          transform_(transform),
          options_(options),
          job_(std::move(job)),
          prepared_(std::move(prepared)),
          stop_(std::move(stop)) {}

    Expected<json> ask(json request) const {
        auto folder = PrivateFolder::make();
        if (!folder) return no_folder(input_);
        request["folder"] = folder->path().string();
        request["prepared"] = prepared_.string();
        request["job"] = job_;
        request["memory_limit"] = static_cast<std::uint64_t>(options_.memory_limit.value());
        request["cpu_seconds"] = static_cast<std::uint64_t>(std::ceil(options_.deadline.value())) + 1;
        std::filesystem::path file = folder->path() / "request.json";
        std::ofstream(file) << request.dump(-1, ' ', false, json::error_handler_t::replace);

        auto words = run_worker(file, folder->path(), options_.deadline, stop_);
        if (!words) return failure(input_, options_, words.error());
        json answer = json::parse(*words, nullptr, false);
        if (!answer.is_object()) return failure(input_, options_, {});
        if (answer.contains("error")) return fault(input_, transform_, options_, answer["error"]);
        return answer;
    }

    static tl::unexpected<model::Problems> no_folder(const TransformInput& input) {
        return transform_problem(input,
                                 "cannot be measured: there is no folder for temporary files ($TMPDIR)");
    }

private:
    const TransformInput& input_;
    const Transform& transform_;
    const CalibrationOptions& options_;
    json job_;
    std::filesystem::path prepared_;
    std::stop_token stop_;
};

std::string field_of(const TransformInput& input) { return "components." + input.component + ".transform"; }

std::string sample_hash(const SampleFiles& sample, const std::string& key) {
    return sha256_of_files(sample.files, key.empty() ? "" : std::string(1, '\0') + key).value_or("");
}

}  // namespace

model::DataSize usual_memory_limit() {
    const double memory =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    return model::gigabytes(std::clamp(std::floor(memory / 4e9), 1.0, 4.0));
}

const std::string& engine_here() {
    static const std::string engine = []() -> std::string {
        if (!has_operator_core) return {};
        const auto folder = PrivateFolder::make();
        if (!folder) return {};
        const std::filesystem::path file = folder->path() / "request.json";
        std::ofstream(file) << json{{"task", "engine"}}.dump();
        const auto words = run_worker(file, folder->path(), model::seconds(10), {});
        const json answer = words ? json::parse(*words, nullptr, false) : json();
        return answer.is_object() ? answer.value("engine", "") : "";
    }();
    return engine;
}

Fingerprints fingerprints_of(const TransformInput& input) {
    Fingerprints prints;
    if (const auto transform = read_transform(input.transform, field_of(input)))
        prints.transform = transform->hash;
    if (const auto sample = find_sample(input.sample, "record.sample"))
        prints.sample = sample_hash(*sample, input.key);
    return prints;
}

Expected<Calibration> calibrate(const TransformInput& input, const CalibrationOptions& options,
                                const CalibrationProgressFn& progress, std::stop_token stop) {
    auto detailed = calibrate_in_detail(input, options, progress, std::move(stop));
    if (!detailed) return tl::unexpected(detailed.error());
    return std::move(detailed->calibration);
}

Expected<DetailedCalibration> calibrate_in_detail(const TransformInput& input,
                                                  const CalibrationOptions& options,
                                                  const CalibrationProgressFn& progress,
                                                  std::stop_token stop) {
    const auto transform = read_transform(input.transform, field_of(input));
    if (!transform) return tl::unexpected(transform.error());
    if (input.sample.empty()) {
        return transform_problem(
            input,
            "no workload that reaches this component names a sample (record: {sample: ...}) "
            "to measure the SQL on");
    }
    const auto sample = find_sample(input.sample, "record.sample");
    if (!sample) return tl::unexpected(sample.error());
    if (!has_operator_core) {
        return transform_problem(input,
                                 "cannot be measured: this build of Headroom is without the operator core "
                                 "(HEADROOM_OPERATORS=OFF)");
    }
    const auto report = [&](double fraction, std::string step) {
        if (progress) progress({.fraction = fraction, .step = std::move(step)});
    };
    const std::string name = input.transform.filename().string();
    const auto prepared = PrivateFolder::make();
    if (!prepared) return Worker::no_folder(input);
    const Worker worker(input, *transform, options, job_of(input, *transform, *sample, options.held_back),
                        prepared->path(), std::move(stop));

    // The first process reads everything and runs it once; in the end that is about as long as two others.
    const double parts = options.processes + 2;
    report(0, "Running " + name + " on " + input.sample.filename().string());
    auto described = worker.ask({{"task", "prepare"}});
    if (!described) return tl::unexpected(described.error());

    const MeasurementPlan plan = plan_measurement(*described, options.processes, options.repetitions);
    std::vector<json> answers;
    for (const json& batches : plan.processes) {
        report((2.0 + static_cast<double>(answers.size())) / parts,
               "Measuring " + name + ", process " + std::to_string(answers.size() + 1) + " of " +
                   std::to_string(options.processes));
        auto answer = worker.ask({{"task", "measure"},
                                  {"plan", batches},
                                  {"columns", described->at("columns")},
                                  {"table_columns", described->at("table_columns")}});
        if (!answer) return tl::unexpected(answer.error());
        answers.push_back(*std::move(answer));
    }
    report(1, "Measured " + name);

    DetailedCalibration result = calibration_from(*transform, *described, answers);
    result.calibration.component = input.component;
    result.calibration.transform_hash = transform->hash;
    result.calibration.sample_hash = sample_hash(*sample, input.key);
    return result;
}

Expected<std::vector<model::ColumnProfile>> columns_of_sample(const std::filesystem::path& sample,
                                                              const CalibrationOptions& options,
                                                              std::stop_token stop) {
    const auto files = find_sample(sample, "sample");
    if (!files) return tl::unexpected(files.error());
    const TransformInput input{.component = {}, .transform = sample, .sample = sample, .key = {}};
    const auto prepared = PrivateFolder::make();
    if (!prepared) return Worker::no_folder(input);
    const Transform nothing;
    if (!has_operator_core)
        return sample_problem(input,
                              "cannot be read: this build of Headroom is without the operator core "
                              "(HEADROOM_OPERATORS=OFF)");
    const Worker worker(input, nothing, options, job_of(input, nothing, *files, 0), prepared->path(),
                        std::move(stop));
    const auto answer = worker.ask({{"task", "columns"}});
    if (!answer) return tl::unexpected(answer.error());
    return columns_from(answer->at("columns"));
}

}  // namespace headroom::sim
