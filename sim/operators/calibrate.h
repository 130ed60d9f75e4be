#pragma once
// The operator core: runs the transforms of a scenario on its sample data, in a worker process, and measures
// them.

#include "model/kinds/lower.h"
#include "model/scenario/scenario.h"
#include "model/system/calibration.h"
#include "sim/operators/transform.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace headroom::sim {

struct TransformInput {
    std::string component;
    std::filesystem::path transform;  ///< .sql or .yaml, see transform.h
    std::filesystem::path sample;     ///< file, folder or pattern, see find_sample
    std::string key;                  ///< field whose skew is measured; may be empty
};

/// A quarter of the machine's memory, at least 1 GB and at most 4 GB: in less, what large samples lay off to
/// files would be measured with them.
model::DataSize usual_memory_limit();

struct CalibrationOptions {
    int processes = 5, repetitions = 5;
    model::Duration deadline = model::minutes(2);  ///< of one worker process
    model::DataSize memory_limit = usual_memory_limit();
    double held_back = 0.2;  ///< share of the sample that is foretold, not fitted
};

struct CalibrationProgress {
    double fraction = 0;
    std::string step;
};
using CalibrationProgressFn = std::function<void(const CalibrationProgress&)>;

/// How a step's time over the rows that were held back was foretold by those that were fitted; in CPU
/// seconds.
struct StepForecast {
    std::string step;  ///< "decode" first, then the steps of the transform
    double rows = 0, measured = 0, predicted = 0;
};

struct DetailedCalibration {
    model::Calibration calibration;
    std::vector<StepForecast> held_back;  ///< empty where nothing was
};

/// Measures one transform. Problems: this build has no operator core, SQL that fails (with the engine's
/// message, line and column where it has them), a sample that does not fit the SQL, the deadline, the memory
/// limit.
model::Expected<DetailedCalibration> calibrate_in_detail(const TransformInput& input,
                                                         const CalibrationOptions& options = {},
                                                         const CalibrationProgressFn& progress = {},
                                                         std::stop_token stop = {});
/// The same without the details.
model::Expected<model::Calibration> calibrate(const TransformInput& input,
                                              const CalibrationOptions& options = {},
                                              const CalibrationProgressFn& progress = {},
                                              std::stop_token stop = {});

/// The columns of a sample with their null rates, without running anything on it.
model::Expected<std::vector<model::ColumnProfile>> columns_of_sample(const std::filesystem::path& sample,
                                                                     const CalibrationOptions& options = {},
                                                                     std::stop_token stop = {});

/// Fingerprints of what a calibration is made from; empty where a file cannot be read.
struct Fingerprints {
    std::string transform, sample;
};
Fingerprints fingerprints_of(const TransformInput& input);

/// "DuckDB 1.5.5": the engine that measures here; empty in a build without one. Asked for once.
const std::string& engine_here();

/// The stream whose records reach the component: the first in the order of the file that has a sample,
/// failing that the first; null where there is none.
const model::Workload* workload_reaching(const model::Scenario& scenario, const std::string& component);

/// The transforms that the scenario's components name, with the sample of the workload that reaches them.
std::vector<TransformInput> transforms_of(const model::Scenario& scenario);

/// Where the calibration of a component is kept beside the scenario: calibrations/<scenario
/// stem>.<component>.json
std::filesystem::path calibration_file(const model::Scenario& scenario, const std::string& component);

/// The calibration that counts for a transform of the scenario, without measuring: the one beside the
/// scenario (or beside the file that it extends), if it was made from this transform and this sample, else
/// the one in the user's cache, in the file `cached`. Its remarks name one that is stale or was measured with
/// another engine.
struct KeptCalibration {
    std::optional<model::Calibration> calibration;
    std::string stale;  ///< why the one beside the scenario does not count; empty where there is none
    std::filesystem::path cached;  ///< empty where there is no folder for it
};
KeptCalibration kept_calibration(const model::Scenario& scenario, const TransformInput& input);

/// A calibration for every transform of the scenario: the one beside the scenario if transform and sample are
/// still those it was made from, else the one in the user's cache, else it is measured now and cached.
/// Nothing is written beside the scenario. A calibration beside the scenario that is stale, or was measured
/// with another engine than the one here, is named in the remarks.
model::Expected<model::Calibrations> calibrations_for(const model::Scenario& scenario,
                                                      const CalibrationProgressFn& progress = {},
                                                      std::stop_token stop = {});

}  // namespace headroom::sim
