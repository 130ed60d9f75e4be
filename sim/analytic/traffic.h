#pragma once
// Traffic equations: how often each station is visited for the rates at which items enter.

#include "model/system/system.h"

#include <memory>
#include <vector>

namespace headroom::sim {

/// Numbers by station, then by class.
using ByStation = std::vector<std::vector<double>>;

/// Rates at which one class enters stations from outside; `through` is the share that leaves again at once.
struct Entry {
    std::vector<double> stations;
    double through = 0;
};

class TrafficEquations {
public:
    explicit TrafficEquations(const model::System& system);

    /// Rates of a class into the stations from all its sources, where `source_rates` holds a rate for each
    /// open source (closed sources of the class count with `closed_rate` each).
    Entry entry(int item_class, const std::vector<double>& source_rates, double closed_rate) const;

    /// Arrivals a second at every station: solves lambda = entry + P^T lambda. `passed` is the share of
    /// arrivals of this class at each station that are served (the rest is rejected, or stays in a growing
    /// queue). Empty where the class feeds back more than it lets go.
    std::vector<double> arrivals(int item_class, const Entry& entry, const std::vector<double>& passed) const;

    /// What follows for an item of the class that arrives at each station: expected completions, and sums
    /// over these completions of the remaining time and of its square, for the given means and variances of a
    /// visit.
    struct Remaining {
        std::vector<double> completions, time, square;
    };
    Remaining remaining(int item_class, const std::vector<double>& passed, const std::vector<double>& mean,
                        const std::vector<double>& variance) const;

    /// Age of items of the class on arrival at each station (mean), given arrivals and mean visits.
    std::vector<double> ages(int item_class, const std::vector<double>& arrivals,
                             const std::vector<double>& passed, const std::vector<double>& mean) const;

    /// Share of the class's items at the station that take the second branch (Routing::outcome).
    void divert(std::size_t station, std::size_t item_class, double share) {
        diverted_[station][item_class] = share;
    }

    /// Share of the class's items that are let in at the station of a region, of those who come from another
    /// region or none.
    void admit(std::size_t station, std::size_t item_class, double share) {
        admitted_[station][item_class] = share;
    }
    double admitted(std::size_t station, std::size_t item_class) const {
        return admitted_[station][item_class];
    }
    /// Items of the class a second that come to a station from another region or none, before any is turned
    /// away.
    double coming(int item_class, int station, const std::vector<double>& source_rates,
                  const std::vector<double>& arrivals, const std::vector<double>& passed) const;

    /// Adds the rates at which items of other classes become items of this one, for arrivals by station and
    /// class.
    void add_switched(int item_class, const ByStation& arrivals, const ByStation& passed, Entry& entry) const;

    /// Stations that the class can reach, ascending.
    const std::vector<int>& reached(int item_class) const {
        return reached_[static_cast<std::size_t>(item_class)];
    }
    /// Items that leave the system a second, for given arrivals.
    double completions(int item_class, const Entry& entry, const std::vector<double>& arrivals,
                       const std::vector<double>& passed) const;

private:
    const model::System& system_;
    std::vector<std::vector<int>> reached_;
    double let_in(int from, int to, int item_class) const;

    ByStation diverted_, admitted_;
    std::vector<int> region_;  ///< by station, -1: none
    /// The equations of each class, factored: they are asked for many more entries than they change for.
    struct Factors;
    mutable std::vector<std::shared_ptr<const Factors>> factors_;
};

/// The same, where caches and limiters decide where items go as they do in the long run at mean rates.
TrafficEquations decided_traffic(const model::System& system);

/// Weight of a branch: its probability, or 1 where every branch gets a copy.
double weight_of(const model::Route& route, const model::Branch& branch);
/// The same, where the station may decide on the branch: the second with the probability `diverted`.
double weight_of(const model::Route& route, const model::Branch& branch, double diverted);

}  // namespace headroom::sim
