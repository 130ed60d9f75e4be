#pragma once
// A station at flow level: rates come in step by step; visits are drawn at any moment of the step at hand.

#include "model/system/system.h"
#include "sim/kernel/random.h"
#include "sim/platform/outages.h"

#include <limits>
#include <memory>
#include <stop_token>
#include <vector>

namespace headroom::sim::flow {

/// Bulks in which items leave a Batch: moments and weights over one span that repeats.
struct BulkTrain {
    std::vector<double> times, items;
    double span = 0;
    double mean_items = 0;
    double gap() const { return span / static_cast<double>(times.size()); }  ///< mean, between bulks
};

/// What comes in during a step.
struct Inflow {
    double start = 0, length = 0;                   ///< seconds
    std::vector<double> rate;                       ///< by class, mean over the step
    double scv = 1;                                 ///< of the gaps between arrivals
    const model::Distribution* gap = nullptr;       ///< their shape, where all come straight from one source
    const model::SourcePattern* pattern = nullptr;  ///< and how they depend on each other, where they do
    std::shared_ptr<const BulkTrain> bulks;         ///< null where items come singly
    /// Share of the servers that is there, each at full speed; the step's times are those of a station that
    /// has all of them and is that much slower.
    double present = 1;
    /// The longest wait after which what comes by the end of the step is still there.
    double longest_wait = std::numeric_limits<double>::infinity();
};

/// What the station makes of it.
struct StepAnswer {
    std::vector<double>
        content;  ///< by class: items that will be present at the end of the step, if enough came
    std::vector<double> rejected;  ///< by class: share of the arrivals that is turned away
    std::vector<double> expired;   ///< by class: share of the arrivals that will not wait so long
    std::vector<double> lost;      ///< by class: items that will have waited too long when their turn comes
    std::vector<double> diverted;  ///< by class: share of those that leave that take the second branch
    double hits = 0, lookups = 0;  ///< of a cache
    double utilisation = 0;        ///< mean over the step, 0 to 1
    double hottest = 0;
    double commits = 0;  ///< batches in the step
    double most = 0;     ///< items present at any time of the step: drawn, as chance has its part in it
    /// Variance of the work that comes in, in square server-seconds a second: how much utilisation scatters.
    double work_variance = 0;
    std::shared_ptr<const BulkTrain> bulks;

    void clear(std::size_t classes) {
        content.assign(classes, 0.0);
        rejected.assign(classes, 0.0);
        expired.assign(classes, 0.0);
        lost.assign(classes, 0.0);
        diverted.assign(classes, 0.0);
        hits = lookups = 0;
        utilisation = hottest = commits = most = work_variance = 0;
        bulks = nullptr;
    }
};

struct DrawnVisit {
    double waiting = 0, response = 0;
    bool rejected = false;
    bool second = false;  ///< goes by the second branch, where the station decides
};

class StationFlow {
public:
    StationFlow() = default;
    StationFlow(const StationFlow&) = delete;
    StationFlow& operator=(const StationFlow&) = delete;
    virtual ~StationFlow() = default;

    /// Goes on by a step; the answer is clear when it is handed over.
    virtual void step(const Inflow& inflow, StepAnswer& answer) = 0;
    /// A visit of one item of the class that arrives in this step, `part` of it (0 to 1) after its start.
    virtual DrawnVisit draw(double part, int item_class) = 0;
    /// Seconds over which the wait forgets what it was, for items that come back.
    virtual double memory() const { return 0; }
    virtual double servers() const { return 0; }
    /// Integral of the share of its capacity that it had, where it scales itself.
    virtual double scaled_until(double now) const { return now; }
    /// Visits a second of a closed class of which this station is told the users, beside open classes at
    /// these rates; negative for any other class.
    virtual double closed_rate(int, const std::vector<double>&) { return -1; }
};

/// Identity of a replication's random numbers.
struct Draws {
    std::uint64_t seed = 1;
    std::uint64_t replication = 0;
    /// Visits that the record level simulates to teach a load of 0.8; fewer below, more above.
    double lesson = 400'000;
    bool rough = false;         ///< formulas do where they are off by more than 5 %, too
    int batches = 200;          ///< that are played through for one rate
    std::stop_token stop = {};  ///< what is still being taught then is of no use, and is not kept

    static constexpr std::uint64_t variants = 4;  ///< of lessons: more replications share them

    RandomStream stream(const std::string& subject, const std::string& purpose) const {
        return {seed, stream_id(subject, purpose), replication};
    }
};

/// How a station's load is measured: servers with a common line and what they spend on an item.
struct Pace {
    int servers = 1;
    std::vector<model::Distribution> service;  ///< by class
    /// A load above capacity has a steady state, soon reached: what is too much does not stay.
    bool bounded = false;
    bool impatient = false;                                 ///< some wait for a time and go
    double room = std::numeric_limits<double>::infinity();  ///< items present at most
    std::vector<double> priorities = {};  ///< by class, higher first; empty: overload delays all alike
    /// The time of service follows the wait and does not depend on it; else the two are drawn together.
    bool service_apart = false;
    /// What piles up follows the number present, which moves like that of exponential services.
    bool insensitive = false;
    /// Servers are busy more than their work takes at full speed: they are slower, or take less at once,
    /// while few are present.
    bool idles_at_work = false;
};
/// Places in line that take so long to fill that a line fills and empties like one without a limit; a load
/// that leaves something idle hardly ever fills them (0.98 to this power is 4e-5).
inline constexpr int ample_room = 500;
/// Whether nobody waits for ever.
bool all_impatient(const model::Queue& queue);
/// A primitive of which the flow level is to be taught needs no more than this.
Pace pace_of(const model::Queue& queue);

/// Closed classes of a station whose every wait happens there: users, and the time between two visits.
struct ClosedVisitors {
    int item_class = 0;
    int users = 0;
    model::Distribution between;
};

/// Stations that are alike, to one of which each arrival goes: to that with the fewest items.
struct Peers {
    int stations = 1;
    int sampled = 0;  ///< that are looked at; 0: all
};

std::unique_ptr<StationFlow> make_log(const model::Station& station, const Draws& draws);
std::unique_ptr<StationFlow> make_batch(const model::Station& station, const Draws& draws);
std::unique_ptr<StationFlow> make_delay(const model::Station& station, const Draws& draws);
std::unique_ptr<StationFlow> make_limiter(const model::Station& station, const Draws& draws);
/// `failures`: all that happen to it.
std::unique_ptr<StationFlow> make_pool(const model::Station& station, const Draws& draws,
                                       std::vector<CapacityChange> failures);
std::unique_ptr<StationFlow> make_cache(const model::Station& station, const Draws& draws);
std::unique_ptr<StationFlow> make_queue(const model::Station& station, std::vector<ClosedVisitors> closed,
                                        const Peers& peers, const Draws& draws);
/// Whatever the record level can simulate alone: taught by it, in the measure of its pace.
std::unique_ptr<StationFlow> make_taught(const model::Station& station, Pace pace,
                                         std::vector<ClosedVisitors> closed, const Draws& draws);

/// The archetype's flow part for the station, of which a part fails. Only a queue has peers.
std::unique_ptr<StationFlow> make_station(const model::Station& station, std::vector<ClosedVisitors> closed,
                                          const Peers& peers, const std::vector<CapacityChange>& failures,
                                          const Draws& draws);

}  // namespace headroom::sim::flow
