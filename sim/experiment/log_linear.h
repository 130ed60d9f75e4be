#pragma once
// Least squares of the logarithm of a rate, whose residuals remember the one before.

#include <cstddef>
#include <functional>
#include <vector>

namespace headroom::sim {

/// y = X b + e, e an autoregressive process of order 1 with standard deviation `sigma` and correlation `phi`
/// between neighbouring steps. b by generalised least squares (Prais and Winsten 1954, over gaps as well:
/// Savin and White 1978), phi from the residuals, corrected for its bias in short series (Kendall 1954).
class LogLinear {
public:
    /// Fills a row of X for a step; the same columns for every step, past or to come.
    using Row = std::function<void(std::size_t step, std::vector<double>& columns)>;

    /// `y`: by step; NaN where it is not known. Wants more known values than columns.
    LogLinear(const std::vector<double>& y, std::size_t columns, const Row& row);

    double coefficient(std::size_t column) const { return coefficients_[column]; }
    double standard_error(std::size_t column) const;
    /// Whether the columns together differ from 0 at that level of significance, by Wald's F test.
    bool significant(const std::vector<std::size_t>& columns, double level) const;
    double fitted(const std::vector<double>& columns) const;
    /// Of a step behind the last known one: what is foretold, and its standard error with and without that of
    /// the step itself.
    struct Foretold {
        double value = 0, of_step = 0, of_mean = 0;
    };
    Foretold foretell(std::size_t step, const std::vector<double>& columns) const;

    double sigma() const { return sigma_; }
    double phi() const { return phi_; }
    int degrees_of_freedom() const { return freedom_; }

private:
    void solve(const std::vector<double>& y, const Row& row);
    double variance_of(const std::vector<double>& columns) const;

    std::size_t columns_;
    std::vector<double> coefficients_, covariance_;  ///< the latter columns x columns
    double sigma_ = 0, phi_ = 0;
    int freedom_ = 0;
    std::size_t last_ = 0;  ///< the last known step
    double last_residual_ = 0;
};

}  // namespace headroom::sim
