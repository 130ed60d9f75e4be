#pragma once
// A straight line through measured times, and how far to trust it.

#include "model/system/calibration.h"

#include <vector>

namespace headroom::sim {

/// One process's times at several numbers of rows.
struct TimedRows {
    std::vector<double> rows, seconds;
};

/// seconds = fixed + per_row x rows, with neither below zero.
struct LineFit {
    double fixed = 0, per_row = 0;
    double r2 = 0;
};

/// Least squares with weights 1 / seconds^2, so that small and large runs count by their relative error.
LineFit fit_line(const TimedRows& points);

/// Mean of independent figures with the half-width of its 95 % interval by Student's t; NaN for a single one.
model::Measured mean_of(const std::vector<double>& figures);

}  // namespace headroom::sim
