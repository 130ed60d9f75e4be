#pragma once
// How a rate moves over time: base x trend x seasons x events.

#include "model/units/quantity.h"

#include <string>
#include <vector>

namespace headroom::model {

/// A season of the given period whose mean is 1 and whose highest value is `peak`, reached at `at` after the
/// period's start. Shape: exp(k cos x) / I0(k) (von Mises), positive for every peak, with k solved from the
/// peak.
struct Season {
    Duration period;
    double peak = 1;
    Duration at;
    double concentration = 0;  ///< k, solved by make_season

    double factor(Duration t) const;
};
Season make_season(Duration period, double peak, Duration at);

/// Multiplies the rate by `factor` in [from, from + length).
struct RateEvent {
    std::string name;
    double factor = 1;
    Duration from, length;
};

/// Time 0 is midnight of the first day.
struct RateProfile {
    ItemRate base;
    double growth_per_year = 0;  ///< 0.4 = 40 % a year, compounded continuously from time 0
    std::vector<Season> seasons;
    std::vector<RateEvent> events;

    ItemRate at(Duration t) const;
    /// Average over [from, to), by quadrature no coarser than a hundredth of the shortest season or event.
    ItemRate mean(Duration from, Duration to) const;
    /// Highest rate in [from, to).
    ItemRate peak(Duration from, Duration to) const;
    bool is_constant() const { return seasons.empty() && events.empty() && growth_per_year == 0; }
};

}  // namespace headroom::model
