#pragma once
// The whole system at one set of source rates: figures of stations and arrivals that are consistent with each
// other.

#include "sim/analytic/closed_network.h"
#include "sim/analytic/exactness.h"
#include "sim/analytic/fork_join.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/station_figures.h"
#include "sim/analytic/traffic.h"

#include <optional>
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
    bool goes_singly() const;
    /// Arrivals by station and class of what enters as one class, whatever it becomes on its way.
    ByStation spread_of(std::size_t item_class, const Entry& entry, const ByStation& through) const;
    /// What becomes of one class, whatever other classes its items become on their way.
    struct Course;
    Course course_of(std::size_t item_class) const;
    /// By closed source: visits in a cycle, by station and the class that users' items are then.
    const std::vector<ByStation>& closed_visits();
    ByStation open_arrivals(const std::vector<ByStation>& visits) const;
    void settle_closed_queue(std::size_t s, const ClosedStation& station, const ClosedSolution& solution,
                             const std::vector<ByStation>& visits);
    /// The outermost forks that a class passes; none where one of them has no formula.
    std::optional<std::vector<ForkSpan>> spans_of(std::size_t item_class) const;
    struct Meeting;
    /// At a join: what a copy waits there, and what an item takes more than a copy of it and its wait.
    struct Copies {
        int join = 0;
        double waited = 0, more = 0;
    };
    Meeting meeting_of(const ForkSpan& span, std::size_t item_class, std::vector<Copies>* joined) const;
    /// How much of the time that the user's copies spend at the station is the user's time, by station: less
    /// than 1 between a fork and its join.
    std::vector<double> counted_of(const model::ClosedSource& source) const;

    const model::System& system_;
    TrafficEquations traffic_;
    std::vector<double> source_rates_;
    bool switches_;  ///< items become those of other classes
    bool decides_;   ///< stations decide where their items go
    std::vector<ByStation> closed_visits_;
    std::vector<double> cycles_;  ///< by class: throughput of its closed source
    ByStation arrivals_;
    std::vector<StationFigures> figures_;
    std::vector<StationLoad> loads_;
    std::vector<StationFigures> by_formula_;  ///< of stations alone, at loads_: most settle in few rounds
    std::vector<int> renewal_ = renewal_inputs(system_);
    std::vector<ClosedStation> closed_stations_;  ///< of which the solution is known
    ClosedSolution closed_solution_;
    bool closed_exact_ = false;
    bool joins_known_ = true;
    /// By station and class, of joins: what an item takes more than a copy of it and its wait.
    ByStation meeting_ = arrivals_;
    bool feeds_back_too_much_ = false;
    bool kinds_meet_ = false;  ///< items of users and of open sources become the same class
};

}  // namespace headroom::sim
