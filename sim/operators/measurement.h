#pragma once
// From the answers of worker processes to a calibration.

#include "sim/operators/calibrate.h"
#include "sim/operators/transform.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headroom::sim {

/// Columns as a worker names them.
std::vector<model::ColumnProfile> columns_from(const nlohmann::json& list);

/// Which batches each process measures, and how often.
struct MeasurementPlan {
    std::vector<nlohmann::json> processes;  ///< "plan" of each request
};

/// Large batches are measured seldom, small ones often; the order turns around from process to process, so
/// that what drifts cancels out.
MeasurementPlan plan_measurement(const nlohmann::json& description, int processes, int repetitions);

/// Everything but the component and the hashes. Decoding counts: a row costs what it takes to parse it and to
/// transform it.
DetailedCalibration calibration_from(const Transform& transform, const nlohmann::json& description,
                                     const std::vector<nlohmann::json>& processes);

}  // namespace headroom::sim
