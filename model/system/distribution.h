#pragma once
// Probability distributions of times and sizes, as a scenario states them.

#include <string>
#include <vector>

namespace headroom::model {

/// Families and their parameters. All are given by mean and squared coefficient of variation (SCV = variance
/// / mean^2) except bounded Pareto, empirical and hyperexponential of given phases, which keep their own
/// parameters; mean and scv are always filled in.
enum class Family {
    deterministic,
    exponential,
    erlang,
    gamma,
    hyperexponential,
    lognormal,
    weibull,
    uniform,
    bounded_pareto,
    empirical
};

struct Distribution {
    Family family = Family::deterministic;
    double mean = 0;  ///< base units (seconds, bytes, ...)
    double scv = 0;

    // bounded Pareto: density ~ x^-(alpha+1) on [low, high]
    double alpha = 0, low = 0, high = 0;
    // empirical: quantile function through these points, linear between, 0 to 1; hyperexponential: phases.h
    std::vector<double> probabilities, values;

    static Distribution constant(double value) { return {.family = Family::deterministic, .mean = value}; }
    static Distribution exponential(double mean) {
        return {.family = Family::exponential, .mean = mean, .scv = 1};
    }
    static Distribution lognormal(double mean, double cv) {
        return {.family = Family::lognormal, .mean = mean, .scv = cv * cv};
    }
    /// Two-phase hyperexponential with balanced means for scv > 1, Erlang or gamma below, exponential at 1.
    static Distribution with_scv(double mean, double scv);

    /// The same shape with the mean multiplied.
    Distribution scaled(double factor) const;
    /// Value below which a share p of the probability lies, 0 < p < 1.
    double quantile(double p) const;

    friend bool operator==(const Distribution&, const Distribution&) = default;
};

/// "deterministic", "bounded-pareto", ...: the word in scenario files.
const char* word_for(Family family);

}  // namespace headroom::model
