#pragma once
// A token bucket, and above all one at which items arrive as a Poisson process.

#include "sim/analytic/station_figures.h"

#include <optional>

namespace headroom::sim {

struct BucketFigures {
    double excess = 0;   ///< share of the arrivals that find neither a token nor a place to wait
    double waiting = 0;  ///< mean wait of the others, in the time of one token
};

/// Exact. What the bucket lacks is the work before the server of M/D/1, which serves in the time of one
/// token; it has room for as many items as the bucket holds tokens and its line holds items (Gross and
/// Harris, Fundamentals of Queueing Theory, 1998, section 5.1). `rate`: items in the time of one token. Empty
/// where items cost more than one token or parts of one, where the bucket is larger than a few hundred, and
/// where more come for ever than may pass.
std::optional<BucketFigures> bucket_figures(const model::Limiter& limiter, double rate);

/// Whether there are figures, but for overload.
bool has_bucket_figures(const model::Limiter& limiter);

/// The same by station, for other arrivals by an approximation.
StationFigures limiter_figures(const model::Limiter& limiter, const StationLoad& load);

}  // namespace headroom::sim
