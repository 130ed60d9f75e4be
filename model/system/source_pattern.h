#pragma once
// How arrivals depend on each other, beyond a rate and the shape of independent gaps.

#include "model/units/quantity.h"

#include <memory>
#include <vector>

namespace headroom::model {

/// One state of a Markov-modulated Poisson process: while it lasts, arrivals are Poisson at its rate.
struct ModulatedState {
    ItemRate rate;
    Duration stay;             ///< mean; exponential
    std::vector<double> next;  ///< probability of each state to come after it; they sum to 1
};

/// Number of items that arrive together.
struct BulkSize {
    std::vector<double> shares;  ///< probability of 1, 2, ... items; empty: see below
    double geometric_mean = 1;   ///< without shares: geometric on 1, 2, ... with this mean; 1: always one

    bool is_one() const { return shares.empty() && geometric_mean == 1; }
    double mean() const;
    double second_moment() const;
    /// The number for a uniform u in (0, 1).
    int quantile(double u) const;

    friend bool operator==(const BulkSize&, const BulkSize&) = default;
};

/// Recorded arrivals.
struct Trace {
    std::shared_ptr<const std::vector<double>> times;  ///< seconds, ascending, the first at 0 or later
    double span = 0;  ///< seconds after which the record begins again, where it does
    bool repeats = false;
};

struct SourcePattern {
    std::vector<ModulatedState> states;  ///< empty: the rate is that of the profile
    BulkSize bulk;
    Trace trace;  ///< without times: none
};

/// Share of the time that each state lasts.
std::vector<double> shares_of(const std::vector<ModulatedState>& states);
ItemRate mean_rate(const std::vector<ModulatedState>& states);

}  // namespace headroom::model
