#pragma once
// The whole system at one set of source rates: figures of stations and arrivals that are consistent with each
// other.

#include "sim/analytic/closed_network.h"
#include "sim/analytic/exactness.h"
#include "sim/analytic/fork_join.h"
#include "sim/analytic/region_figures.h"
#include "sim/analytic/solver.h"
#include "sim/analytic/station_figures.h"
#include "sim/analytic/traffic.h"

#include <optional>
#include <string>
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
    /// What becomes of one attempt of a request.
    struct Attempt {
        double answered = 0;  ///< share that is answered in time
        double time = 0;      ///< mean seconds until such an answer
        double wasted = 0;    ///< mean seconds that the sender waits in vain
    };
    Attempt attempt_of(std::size_t source) const;
    /// Gives the largest relative change of a rate of attempts.
    double settle_attempts();
    bool attempts_known() const;
    /// By how much attempts grow with their own load: the part of a rise that comes back as more of it.
    double attempts_feedback();
    void settle_load();
    /// A station that attempts would keep overloaded once it is.
    std::optional<std::string> held_up_by_attempts() const;
    /// Of requests, what so far is told of their attempts.
    void tell_requests(std::size_t source, ClassEstimate& result) const;

    void settle_joins();
    void settle_choices();
    void settle_chosen(std::size_t s, const model::Route& route);
    void settle_unlike(const model::Route& route);
    void settle_regions();
    /// False where there is no formula for it.
    bool settle_region(const model::Region& region);
    void settle_in_region(std::size_t s, const RegionStation& station, const std::vector<double>& present,
                          const std::vector<double>& admitted);
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
    /// `open_rate`: arrivals from open sources, by class.
    void settle_closed_queue(std::size_t s, const ClosedStation& station, const ClosedSolution& solution,
                             const std::vector<ByStation>& visits, const std::vector<double>& open_rate);
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
    std::vector<double> requested_;     ///< by open source: items a second
    std::vector<double> source_rates_;  ///< the same, with each attempt at an item
    bool switches_;                     ///< items become those of other classes
    bool decides_;                      ///< stations decide where their items go
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
    bool joins_known_ = true, choices_known_ = true;
    bool attempts_calm_ = true;  ///< they hardly make the load of which they are born
    /// By station and class, of joins: what an item takes more than a copy of it and its wait.
    ByStation meeting_ = arrivals_;
    bool regions_known_ = true;
    std::vector<double> turned_away_;  ///< by class: items a second that find no room in a region
    bool feeds_back_too_much_ = false;
    bool kinds_meet_ = false;  ///< items of users and of open sources become the same class
};

}  // namespace headroom::sim
