#pragma once
// The whole system at one set of source rates: figures of stations and arrivals that are consistent with each
// other.

#include "sim/analytic/exactness.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/station_figures.h"
#include "sim/analytic/traffic.h"

#include <vector>

namespace headroom::sim {

class AnalyticNetwork {
public:
    /// Rates of the open sources, items a second. The system must outlive the network.
    AnalyticNetwork(const model::System& system, std::vector<double> source_rates);

    void solve();
    SystemEstimate estimate() const;

private:
    /// Gives the largest relative change.
    double settle_arrivals();
    void settle_stations();
    void settle_renewal(std::size_t s);
    void settle_joins();
    void solve_closed_classes();

    std::vector<double> passed(std::size_t item_class) const;
    ByStation passed_by_station() const;
    bool is_closed(std::size_t item_class) const;
    bool switches() const;
    bool goes_singly() const;
    /// What becomes of one class, whatever other classes its items become on their way.
    struct Course;
    Course course_of(std::size_t item_class) const;

    const model::System& system_;
    TrafficEquations traffic_;
    std::vector<double> source_rates_;
    std::vector<double> cycles_;  ///< by class: throughput of its closed source
    ByStation arrivals_;
    std::vector<StationFigures> figures_;
    std::vector<StationLoad> loads_;
    std::vector<StationFigures> by_formula_;  ///< of stations alone, at loads_: most settle in few rounds
    std::vector<int> renewal_ = renewal_inputs(system_);
    bool closed_exact_ = false;
    bool joins_known_ = true;
    /// By station and class, of joins: what an item takes more than a copy of it and its wait.
    ByStation meeting_ = arrivals_;
    bool feeds_back_too_much_ = false;
};

}  // namespace headroom::sim
