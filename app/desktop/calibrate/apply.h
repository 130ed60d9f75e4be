#pragma once
// A measured transform becomes that of a component.

#include "app/desktop/document/project.h"
#include "model/system/calibration.h"
#include "sim/operators/calibrate.h"

namespace headroom::desktop {

/// Writes the component's `transform` and, of the workload whose records reach it, `record.sample` and
/// `record.key` into the open scenario, where they differ, as one undo step; then keeps the calibration
/// beside the scenario. Problems: the scenario has no file or has errors, no workload reaches the component,
/// the file cannot be written.
model::Expected<void> apply_calibration(Project& project, const sim::TransformInput& measured,
                                        model::Calibration calibration);

}  // namespace headroom::desktop
