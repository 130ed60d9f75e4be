#pragma once
// Closed forms for a whole system: traffic equations, station formulas, mean value analysis. On Eigen.

#include "model/system/system.h"

#include <string>
#include <vector>

namespace headroom::sim {

struct StationEstimate {
    std::vector<double> arrival_rate;       ///< by class, items a second
    std::vector<double> waiting, response;  ///< by class, mean seconds a visit; infinity where overloaded
    std::vector<double> passed;             ///< by class: share of arrivals that are served
    double utilisation = 0;                 ///< offered load / capacity: above 1 where overloaded
    double hottest = 0;                     ///< of the busiest single server or consumer
    double population = 0;                  ///< mean items present
    bool exact = false;                     ///< product form or M/G/1: the formula is exact
    bool rate_exact = false;                ///< arrival rates and utilisation are exact in the long run
    double bulk_interval = 0;  ///< of the departures: seconds between bulks, 0 where items leave singly
    double diverted = 0;       ///< share of arrivals that the station itself sends along the second branch
};

struct ClassEstimate {
    double throughput = 0;  ///< completions a second
    double response = 0;    ///< mean seconds through the system, think time excluded
    double rejected = 0;    ///< items a second that stations turn away
    bool exact = false;
    bool rate_exact = false;  ///< the throughput is exact
};

struct SystemEstimate {
    std::vector<StationEstimate> stations;
    std::vector<ClassEstimate> classes;
    /// Stations whose queue grows without bound, and how fast (items a second).
    struct Overload {
        int station = 0;
        double growth = 0;
    };
    std::vector<Overload> overloads;
    std::vector<double> freshness;  ///< by read point: mean age of items that leave there, seconds
    std::vector<std::string> notes;
    bool known = true;  ///< false: no formula covers the system, and nothing here should be shown
};

/// Steady state at the rates that hold at time `at` (open classes), with mean rates over the horizon if `at`
/// < 0.
SystemEstimate solve(const model::System& system, double at = -1);

// The formulas, each with its source in solver.cpp's comments. Rates a second, times in seconds.
double erlang_b(int servers, double offered);
double erlang_c(int servers, double offered);
/// Correction of Allen-Cunneen for arrivals that are not Poisson; 1 for an arrival SCV of 1.
double arrival_correction(double utilisation, double arrival_scv, double service_scv);
/// Mean wait of G/G/c by Allen-Cunneen; exact for M/M/c and M/G/1.
double mean_wait(int servers, double arrival_rate, double service_mean, double arrival_scv,
                 double service_scv);
/// Probability that an arrival at GI/M/1 waits, for gaps of the shape of `gap`; NaN for a shape without a
/// closed transform.
double renewal_wait_probability(const model::Distribution& gap, double utilisation);
/// Mean wait at GI/M/c in mean services; NaN for a shape without a closed transform, and where digits are
/// lost.
double renewal_wait(const model::Distribution& gap, int servers, double utilisation);
/// Loss probability of M/M/c/K.
double mmck_loss(int servers, int capacity, double offered);

}  // namespace headroom::sim
