#pragma once
// What one step of a calibration takes for any number of rows.

#include "model/system/calibration.h"

namespace headroom::model {

/// CPU seconds of a batch of so many rows: between measured batches in proportion on logarithmic scales;
/// beyond the largest with what its last rows cost, see `growth` of the step.
Duration time_of_step(const StepCost& step, double rows);

}  // namespace headroom::model
