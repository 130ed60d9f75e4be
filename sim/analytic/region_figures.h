#pragma once
// Means of stations that share a room, in product form.

#include "model/system/system.h"

#include <optional>
#include <vector>

namespace headroom::sim {

/// A station in a region as it is offered work, before anything is turned away.
struct RegionStation {
    const model::Queue* queue = nullptr;  ///< null: a delay
    std::vector<double> work;             ///< by class: arrivals a second x mean service, or x time
};

struct RegionFigures {
    std::vector<double> admitted;              ///< by class: share of those who come
    std::vector<std::vector<double>> present;  ///< by station and class: mean items
    double outside = 0;                        ///< mean items that wait for a place, of all classes
    double growth = 0;                         ///< items a second that pile up outside
};

/// Stations in a region, under Poisson arrivals of `rate` items a second by class. With Overflow::drop the
/// product form holds on the states for which there is room (Lam, IBM Journal of Research and Development
/// 1977), by convolution over classes where they have limits of their own. With Overflow::block the region
/// counts as one station whose speed is that of as many items going round in it (Chandy, Herzog and Woo, same
/// journal 1975), which is an approximation. Empty with Overflow::retry, where a station is something else
/// than servers of items one by one in one line or shared, or where it would cost more than some milliseconds.
std::optional<RegionFigures> region_figures(const model::Region& region,
                                            const std::vector<RegionStation>& stations,
                                            const std::vector<double>& rate);

}  // namespace headroom::sim
