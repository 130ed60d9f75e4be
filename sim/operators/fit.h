#pragma once
// A line through measured times, and how far to trust it.

#include "model/system/calibration.h"

#include <vector>

namespace headroom::sim {

struct FitPoint {
    double rows = 0, bytes = 0, seconds = 0;
};

/// seconds = fixed + per_row x rows + per_byte x bytes, with none below zero.
struct CostFit {
    double fixed = 0, per_row = 0, per_byte = 0;
    double r2 = 0;
    double worst_miss = 0;  ///< largest |fitted / measured - 1|

    double seconds(double rows, double bytes) const { return fixed + per_row * rows + per_byte * bytes; }
};

/// Least squares with weights 1 / seconds^2, so that small and large batches count by their relative error.
/// The cost of a byte is told apart from that of a row only where the rows' lengths differ by a tenth between
/// points; otherwise it is zero.
CostFit fit_cost(const std::vector<FitPoint>& points);

/// Exponent with which seconds - fixed grows with the rows between the last two points, not below zero; 1 if
/// it cannot be told.
double growth(const std::vector<model::TimedBatch>& batches, double fixed);

double median(std::vector<double> values);

/// Mean of independent figures with the half-width of its 95 % interval by Student's t; NaN for a single one.
model::Measured mean_of(const std::vector<double>& figures);

}  // namespace headroom::sim
