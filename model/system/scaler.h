#pragma once
// Capacity that follows the load: what an autoscaler does to stations.

#include "model/units/quantity.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace headroom::model {

/// Sets the share of its stations' capacity that is there: a station is specified with all that it can have.
/// Every `period` it looks at the utilisation of what is there, that of the busiest of its stations, and asks
/// for as much as would bring it to `target` (target tracking, in multiples of `step`); what deviates by less
/// than `steady` it leaves alone. More is there `delay` after it was asked for, less at once, but not within
/// `cool_down` of the last change. Without a target it holds what the schedule says.
struct Scaler {
    std::string name;
    std::vector<int> stations;
    double least = 0;     ///< share that is always there
    double first = 1;     ///< share at the start; 0: what the load at the start asks for
    double target = 0;    ///< utilisation; 0: by schedule alone
    double steady = 0.1;  ///< relative deviation from the target that it leaves alone
    double step = 0;      ///< shares come in multiples of this; 0: any
    /// Share that one decision adds or takes away at the most; infinity: as much as the target asks for.
    double stride = std::numeric_limits<double>::infinity();
    /// Shares a second by which what is there can grow.
    double growth = std::numeric_limits<double>::infinity();
    /// It sees what waits as well, not only who is busy, and asks for so many standard deviations of a
    /// Poisson load more than the mean (as a service does that starts a server for whoever finds none).
    bool sees_waiting = false;
    double margin = 0;
    Duration period{60};
    Duration delay;
    Duration cool_down;
    /// By time of day, ascending: the least share from then on.
    std::vector<std::pair<Duration, double>> schedule = {};
};

}  // namespace headroom::model
