#pragma once
// The share of Poisson arrivals that find no place at servers with little room.

#include "model/system/distribution.h"

#include <optional>

namespace headroom::sim::flow {

/// The share of arrivals turned away by `servers` in order of arrival with room for `capacity` items, those
/// in service included, where what comes is `offered` times what the servers can do. None where no formula is
/// within 2 %, or where it takes more than about `most_work` multiplications. Exact for exponential services,
/// for one server, and for services of two exponential phases.
std::optional<double> poisson_loss(int servers, int capacity, double offered,
                                   const model::Distribution& service, double most_work = 1e9);

}  // namespace headroom::sim::flow
