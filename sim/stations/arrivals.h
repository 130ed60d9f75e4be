#pragma once
// Arrivals whose rate follows a profile: a renewal process in the time that the profile's integral measures.

#include "model/system/rate_profile.h"

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

}  // namespace headroom::sim
