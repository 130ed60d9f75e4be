#pragma once
// What the figures of all stations are made of, and those of queues.

#include "sim/analytic/station_figures.h"

#include <vector>

namespace headroom::sim {

/// Arrivals of all classes.
double total(const std::vector<double>& rate);
/// A station at which nothing takes time.
StationFigures untouched(std::size_t classes);
/// SCV of the gaps between departures (Whitt, The Queueing Network Analyzer, 1983, eq. 39).
double departure_scv(double utilisation, int servers, double arrival_scv, double service_scv);
/// What comes beyond the share that can be served piles up.
void overload(StationFigures& figures, const std::vector<double>& rate, double served_share);

StationFigures queue_figures(const model::Queue& queue, const StationLoad& load);

}  // namespace headroom::sim
