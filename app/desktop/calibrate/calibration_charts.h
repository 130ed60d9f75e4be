#pragma once
// Charts of a calibration: how a line fits the measured batches, how keys crowd partitions, what formats
// take. The caller owns what is returned; there is none (nullptr) where nothing was measured to show.

#include "app/report/palette.h"
#include "model/system/calibration.h"

#include <memory>

class QChart;

namespace headroom::desktop {

/// CPU time of each step's batches by their rows, both on logarithmic scales: points as measured, lines as
/// fitted. `step` is an index into the steps, or -1 for all of them.
std::unique_ptr<QChart> fit_chart(const model::Calibration& calibration, int step, report::Theme theme);

/// How far the fitted line lies from each measured batch, in per cent of the measurement.
std::unique_ptr<QChart> residual_chart(const model::Calibration& calibration, int step, report::Theme theme);

/// How many times an even share of the records the hottest partition has, by the number of partitions.
std::unique_ptr<QChart> skew_chart(const model::Calibration& calibration, report::Theme theme);

/// Bytes of a row by format and codec, before and after the transform.
std::unique_ptr<QChart> size_chart(const model::Calibration& calibration, report::Theme theme);

}  // namespace headroom::desktop
