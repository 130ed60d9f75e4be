#pragma once
// Arrivals that depend on each other, and stations that are chosen by their load, as the fluid sees them.

#include "model/system/system.h"
#include "sim/kernel/random.h"
#include "sim/stations/flow/station.h"

#include <optional>
#include <vector>

namespace headroom::sim {

/// States of a source over the horizon.
class StatePath {
public:
    StatePath(const std::vector<model::ModulatedState>& states, double horizon, RandomStream random);

    /// Seconds at which the state changes.
    const std::vector<double>& changes() const { return changes_; }
    /// Mean rate in [from, to), items a second.
    double mean(double from, double to) const;

private:
    std::vector<double> changes_, rates_;  ///< the first rate holds until the first change
};

/// States so short that a station sees many of them in a lesson.
bool are_short(const std::vector<model::ModulatedState>& states);
/// States so long that each is a rate of its own.
bool are_long(const std::vector<model::ModulatedState>& states, double horizon);

/// Variance of the number that arrives in a long time, over its mean: what the SCV of the gaps is where they
/// are independent (Cox and Lewis, The Statistical Analysis of Series of Events, 1966). Exact but for more
/// than two states, whose memory is taken as that of two of their mean length.
double dispersion(const model::OpenSource& source);

/// The stations among which arrivals at this one are dealt by load: itself alone where they are not; none
/// where they are, but the stations are not alike or not alone.
std::optional<flow::Peers> peers_of(const model::System& system, int station);

}  // namespace headroom::sim
