#pragma once
// The limits of measuring processes, as arguments set them.

#include "app/cli/options.h"
#include "sim/operators/calibrate.h"

namespace headroom::cli {

model::Expected<sim::CalibrationOptions> calibration_options(const Arguments& arguments);

}  // namespace headroom::cli
