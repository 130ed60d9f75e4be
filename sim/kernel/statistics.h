#pragma once
// Estimates from samples: confidence intervals, Student's t, and where the warm-up of a run ends.

#include <cstddef>
#include <span>

namespace headroom::sim {

struct Interval {
    double mean = 0;
    double half_width = 0;  ///< infinity with fewer than two samples
};

/// Mean of independent samples with the half-width of its two-sided interval at `confidence` (0.95 = 95 %).
Interval confidence_interval(std::span<const double> samples, double confidence);

/// Value below which a share p of Student's t distribution lies, 0 < p < 1: student_t(0.975, 19) = 2.093.
double student_t(double p, int dof);

/// How many of the leading batch means are warm-up, by MSER: the count d <= n/2 that minimises the squared
/// standard error of the mean of the rest (White 1997; with batches of five, White, Cobb and Spratt 2000). A
/// result of n/2 says that no steady state was found.
std::size_t mser5(std::span<const double> batch_means);

}  // namespace headroom::sim
