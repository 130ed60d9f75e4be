#pragma once
// Exact means of queues with one kind of exponential service whose speed depends on the number present, whose
// items lose patience, come again or are served in batches.

#include "model/system/system.h"

#include <optional>

namespace headroom::sim {

/// The queue is more than servers, a discipline and a room.
bool is_special(const model::Queue& queue);

/// Work that the servers can do with as many items present as there may ever be, in unit-speed servers.
double full_capacity(const model::Queue& queue);

struct SpecialFigures {
    double passed = 1;      ///< share of the arrivals that is served
    double rejected = 0;    ///< share that finds no room; the rest has expired
    double busy = 0;        ///< mean servers at work
    double population = 0;  ///< mean items present
    double response = 0;    ///< mean seconds of those that are served, from their first arrival
    double waiting = 0;     ///< of which before service
};

/// Under Poisson arrivals; `service` and `patience` in mean seconds, both exponential (the service: of any
/// shape under processor sharing). Empty where no formula is known.
///
/// Speeds, rooms and patience are a birth-and-death chain (Kleinrock, Queueing Systems I, 1975, chapter 3;
/// with patience Palm, 1957). Batches: Neuts, Annals of Mathematical Statistics 1967, whose states with a
/// busy server are geometric. One place to which items come again: Falin and Templeton, Retrial Queues, 1997,
/// section 1.2.
std::optional<SpecialFigures> special_figures(const model::Queue& queue, double rate, double service,
                                              std::optional<double> patience);

}  // namespace headroom::sim
