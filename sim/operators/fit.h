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

/// Lower quartile of the times of repetitions, the least of up to four: other work on the machine adds time
/// and never takes any away (J. Chen, J. Revels, "Robust benchmarking in noisy environments", 2016). 0 for
/// none.
double undisturbed(std::vector<double> seconds);

/// Squared coefficient of variation between groups of rows, from costs[process][group]: the variance of the
/// groups' means over the processes less that part of it which the scatter around them explains (two-way
/// analysis of variance without interaction), not below zero. The half-width is Student's over the processes,
/// each left out in turn (jackknife).
model::Measured scv_between(const std::vector<std::vector<double>>& costs);

/// Mean of independent figures with the half-width of its 95 % interval by Student's t; NaN for a single one.
model::Measured mean_of(const std::vector<double>& figures);

}  // namespace headroom::sim
