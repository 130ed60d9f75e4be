#pragma once
// From the answers of worker processes to a calibration.

#include "model/system/calibration.h"
#include "sim/operators/calibrate.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headroom::sim {

/// Everything but the component and the hashes. Decoding counts: a row costs what it takes to parse it and to
/// transform it.
model::Calibration calibration_from(const nlohmann::json& description,
                                    const std::vector<nlohmann::json>& processes);

/// Of the sample's bytes and, where there is one, the name of the key whose skew was measured; empty if the
/// file cannot be read.
std::string sample_hash(const TransformInput& input);

}  // namespace headroom::sim
