#pragma once
// Mean value analysis of closed classes.

#include "model/system/system.h"

#include <vector>

namespace headroom::sim {

/// A station as closed classes see it.
struct ClosedStation {
    bool queueing = false;  ///< false: a delay
    int servers = 1;
    double variability = 1;       ///< half (1 + SCV) of the wait behind others; 1: exponential or sharing
    double open_utilisation = 0;  ///< taken by open classes
    std::vector<double> demand;   ///< by closed class: visits x service, or visits x time where not queueing
    /// Where items are served in order and classes differ: the service of a visit by closed class, since who
    /// waits, waits for the services of others; and half (SCV - 1) of it. Empty: all wait in their own
    /// measure.
    std::vector<double> service, excess;
    std::vector<double> speeds;  ///< of every server with 1, 2, ... items present, the last above; empty: 1

    /// Servers of unit speed that so many items keep busy.
    double rate(std::size_t present) const;
};

struct ClosedClass {
    double users = 0;
    double think = 0;
};

struct ClosedSolution {
    std::vector<double> throughput;              ///< by closed class, cycles a second
    std::vector<std::vector<double>> residence;  ///< by station and closed class: seconds a cycle
    std::vector<double> busy;                    ///< by station: mean servers at work, where speeds vary
    bool exact = false;
};

/// Exact where stations keep the product form and it costs about a millisecond at most: mean value analysis
/// (Reiser and Lavenberg, JACM 1980) for one class or several, convolution (Buzen 1973) for one class and
/// many servers or speeds that vary. Otherwise Schweitzer's approximation (1979) with Seidmann's
/// transformation of several servers (Seidmann, Schweitzer, Shalev-Oren 1987), and with the services of
/// those ahead where classes served in order differ (Reiser 1979; Bard 1979).
ClosedSolution solve_closed(const std::vector<ClosedStation>& stations,
                            const std::vector<ClosedClass>& classes);

}  // namespace headroom::sim
