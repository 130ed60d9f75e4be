#pragma once
// Arrivals whose rate follows a profile: a renewal process in the time that the profile's integral measures.

#include "model/system/system.h"
#include "sim/kernel/random.h"

#include <memory>
#include <vector>

namespace headroom::sim {

/// The inverse of the expected number of arrivals since time 0. The rate is taken as linear between the
/// points of a grid of a 288th of the shortest season (five minutes of a day), which the starts and ends of
/// events are points of. Pieces are made as time goes, so memory does not depend on the horizon.
class RescaledTime {
public:
    /// Nothing arrives at or after `horizon` seconds.
    RescaledTime(const model::RateProfile& profile, double horizon);

    /// The time, in seconds, at which `gap` more arrivals are expected than at the last one; infinity where
    /// that is beyond the horizon.
    double after(double gap) {
        expected_ += gap;
        if (constant_gap_ > 0) return expected_ * constant_gap_;
        return in_piece();
    }

private:
    double in_piece();
    bool next_piece();

    double expected_ = 0;      ///< arrivals since the start of the piece
    double constant_gap_ = 0;  ///< 1 / rate, where that does not change
    double start_ = 0, end_ = 0, rate_ = 0, slope_ = 0, area_ = 0;
    double step_, horizon_;
    long grid_ = 0;
    model::RateProfile curve_;  ///< without events
    std::vector<model::RateEvent> events_;
};

/// Arrivals at the rate of a state that changes.
class ModulatedTime {
public:
    /// Begins in a state drawn by the share of time that each lasts.
    ModulatedTime(const std::vector<model::ModulatedState>& states, double horizon,
                  const RandomStream& changes);

    /// As RescaledTime::after().
    double after(double gap);

private:
    std::size_t draw(const std::vector<double>& shares);
    void enter(std::size_t state);

    std::vector<model::ModulatedState> states_;
    std::size_t state_ = 0;
    double now_ = 0, until_ = 0, horizon_;
    RandomStream random_;
};

/// Recorded arrivals, once or over and over.
class TraceTime {
public:
    explicit TraceTime(const model::Trace& trace) : trace_(trace) {}

    /// The next time; infinity after the last.
    double next();

private:
    model::Trace trace_;
    std::size_t position_ = 0;
    double begun_ = 0;  ///< when the present round began
};

}  // namespace headroom::sim
