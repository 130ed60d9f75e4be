#pragma once
// The time until enough copies of an item have met.

#include "model/system/system.h"

#include <optional>
#include <vector>

namespace headroom::sim {

/// The response of one copy, in seconds and square seconds.
struct CopyTime {
    double mean = 0, variance = 0;
    friend bool operator==(const CopyTime&, const CopyTime&) = default;
};

struct CopiesMet {
    CopyTime last;      ///< the `needed`-th of the copies
    double waited = 0;  ///< seconds that those before it wait for it, all together, on average
};

/// Time of the `needed`-th of the copies, as if they were independent and their times gamma
/// distributed: exact for delays that are exponential (David, Order Statistics, 1981). Behind queues that the
/// same items fill copies are late together, and this is up to 15 % too long.
CopiesMet independent_copies(const std::vector<CopyTime>& copies, int needed);

/// Expected time until all of `copies` have been served, each by an M/M/1 queue of its own, where one takes
/// `response` on average. Exact for two (Flatto and Hahn, SIAM J. Appl. Math. 1984); up to 32 within 5 % of
/// simulations (Nelson and Tantawi, IEEE Trans. Computers 1988, eq. 27).
double meeting_of_queues(int copies, double utilisation, double response);

/// What lies between a fork and its join for a class: legs that each lead over stations, and over forks of
/// their own, and meet nowhere else.
struct ForkSpan {
    struct Leg {
        std::vector<int> stations;    ///< in order
        std::vector<ForkSpan> forks;  ///< that have joined again within the leg
    };
    int join = 0;
    std::vector<Leg> legs;
    int copies = 1;
    int needed = 1;
};
/// None where copies part ways, are dealt unevenly, hedged or withdrawn, or stand in one line.
std::optional<ForkSpan> span_of(const model::System& system, int fork, std::size_t item_class);

}  // namespace headroom::sim
