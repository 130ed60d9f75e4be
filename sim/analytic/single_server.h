#pragma once
// Exact means of one server behind arrivals in bulks or in states, or with little room.

#include "model/system/system.h"

#include <optional>
#include <vector>

namespace headroom::sim {

/// Mean wait of M[X]/G/1 in seconds: that of M/G/1, and that for those of one's own bulk who go first
/// (Gross and Harris, Fundamentals of Queueing Theory, 1998, section 3.1). `rate` counts items.
double bulk_wait(double rate, double service_mean, double service_scv, const model::BulkSize& bulk);

/// Mean items present in MMPP/M/1, by the matrix-geometric method (Neuts, Matrix-Geometric Solutions in
/// Stochastic Models, 1981) with logarithmic reduction (Latouche and Ramaswami, Journal of Applied
/// Probability 1993). Empty where there are too many states, or too much load.
std::optional<double> modulated_population(const std::vector<model::ModulatedState>& states,
                                           double service_mean);

/// M/G/1/K: who finds K present is rejected.
struct FiniteRoom {
    double loss = 0, population = 0;
    bool exact = false;  ///< the number of arrivals in a service has a closed form
};
/// By the chain embedded at the ends of services (Takagi, Queueing Analysis 2, 1993, section 5.1), in the
/// form of level crossings, which has only positive terms. Classes are served in order of arrival. Empty
/// where there is too much room for that.
std::optional<FiniteRoom> finite_room(int capacity, const std::vector<model::Distribution>& service,
                                      const std::vector<double>& rate);

}  // namespace headroom::sim
