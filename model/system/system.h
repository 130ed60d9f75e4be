#pragma once
// The lowered form of a scenario: a network of primitives with its load. It is the contract between `model`,
// which builds it, and `sim`, which runs it. Plain values, immutable once built; no word here is about data
// platforms.

#include "model/system/batch_pool.h"
#include "model/system/cache.h"
#include "model/system/distribution.h"
#include "model/system/outage.h"
#include "model/system/rate_profile.h"
#include "model/system/scaler.h"
#include "model/system/source_pattern.h"
#include "model/units/quantity.h"

#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace headroom::model {

inline constexpr int outside =
    -1;  ///< as a branch's station: the item leaves the system (or goes back to think)
inline constexpr int unlimited = std::numeric_limits<int>::max();

/// A kind of item. Classes are indexed by position in System::classes.
struct ItemClass {
    std::string name;  ///< the workload's id
    std::string noun;  ///< "events", "requests"
};

/// The order of service. Whoever is preempted resumes where it was interrupted, before all that wait behind
/// it.
enum class Discipline {
    fcfs,
    processor_sharing,
    lcfs,
    lcfs_preemptive,  ///< an arrival takes the server of the earliest arrival in service
    random,
    priority,            ///< highest priority first, in order of arrival within one
    priority_preemptive  ///< and an arrival takes the server of the latest of the lowest priority below it
};

/// What becomes of an item that finds no room.
enum class Overflow {
    drop,   ///< it is rejected
    block,  ///< it stays with the server that has finished it, which takes no other (blocking after service);
            ///< where it comes from anything but the servers of a queue, it waits outside in order
    retry   ///< it comes again after `retry_after`, at most `attempts` times in all
};

/// Servers with a common waiting line. Times are indexed by class; a class without demand has mean 0.
/// Under processor sharing, `servers` unit-speed servers are shared evenly by at most `admitted` items at a
/// time; further ones wait in order of arrival.
struct Queue {
    int servers = 1;
    Discipline discipline = Discipline::fcfs;
    int admitted = unlimited;
    int capacity = unlimited;  ///< waiting and in service together
    Overflow overflow = Overflow::drop;
    std::vector<Distribution> service;
    std::vector<double> priorities = {};  ///< by class, higher first; empty: all the same
    /// Speed of every server with 1, 2, ... items present, the last for all above; empty: always 1.
    std::vector<double> speeds = {};
    /// A server takes up to `batch_most` waiting items at once as soon as there are `batch_least`; they are
    /// served together, in one service time of the class of the first of them.
    int batch_least = 1, batch_most = 1;
    /// By class: how long an item waits for its service to begin before it expires; none: for ever. Empty:
    /// none for all.
    std::vector<std::optional<Distribution>> patience = {};
    Distribution retry_after = {};  ///< of Overflow::retry
    int attempts = unlimited;       ///< of Overflow::retry, the first included
};

/// Everyone is served at once.
struct Delay {
    std::vector<Distribution> time;  ///< by class
};

/// A log cut into partitions, read in order by consumers: partition p is read by consumer p mod consumers,
/// which serves one record at a time. A record may be read only when the next poll of its consumer has come.
struct PartitionedLog {
    std::vector<double> shares;  ///< of the records, by partition; sum 1
    int consumers = 1;
    Duration poll_interval;  ///< 0: records are pushed
    /// A record that has waited longer when its turn comes is not there any more: it is lost.
    Duration retention{std::numeric_limits<double>::infinity()};
    std::vector<Distribution> service;
};

/// Items gather until there are enough, in number or bytes, or the first has waited long enough; then the
/// whole batch is committed, taking `fixed` plus bytes / `rate`, by one of `writers`; the items go on
/// together when it is done.
struct Batch {
    double max_items = std::numeric_limits<double>::infinity();
    DataSize max_size{std::numeric_limits<double>::infinity()};
    Duration max_wait{std::numeric_limits<double>::infinity()};
    int writers = 1;
    Distribution fixed;
    DataRate rate{std::numeric_limits<double>::infinity()};
    /// Batches that gather side by side and are closed and committed together: the limits are those of all of
    /// them. What counts batches counts each, or the items where these are fewer.
    double lines = 1;
};

/// Keeps bytes in tiers by their age; items pass without delay. The life of the last tier may be infinite.
struct Tier {
    std::string name;
    Duration life;
};
struct Store {
    std::vector<Tier> tiers;
};

/// A token bucket: it is full with `burst` tokens at the start, gains `rate` of them a second, and gives each
/// item that passes one, or the `cost` of its class.
struct Limiter {
    enum class Excess {
        wait,   ///< in order of arrival until there are tokens; at most `capacity` items
        drop,   ///< rejected
        divert  ///< takes the second branch of the route, without a token
    };
    ItemRate rate;
    double burst = 1;
    Excess excess = Excess::wait;
    int capacity = unlimited;
    std::vector<double> cost = {};  ///< by class; empty: 1 for all
};

/// Sends copies of an item along its route and keeps the item itself until the join lets it go on. The
/// copies are dealt over the branches of the route in turn. Where that would not treat the branches alike
/// (their number does not divide that of the copies, or the copies are hedged), it begins at a branch drawn
/// at random.
struct Fork {
    int copies = 1;      ///< in all
    int join = outside;  ///< the station where they meet
    /// Not 0: only as many copies as the join needs go at once; each further one, when this time has passed
    /// once more and the join still waits (hedged requests).
    Duration hedge_after;
};

/// Lets an item go on when enough of the copies that its fork made of it have come, and drops those that come
/// later. Where a copy is turned away, lost or filtered on its way, so that too few are left, the item shares
/// that fate.
struct Join {
    int needed = unlimited;  ///< copies; all of them if there are not so many
    bool cancel = false;     ///< copies that still wait for a server when the join is done are withdrawn
};

using Primitive =
    std::variant<Queue, Delay, PartitionedLog, Batch, Store, Fork, Join, Limiter, Cache, BatchPool>;

struct Branch {
    int station = outside;
    double probability = 1;
    int item_class = -1;  ///< that the item has from then on; -1: as before
};

enum class Routing {
    split,  ///< one branch, by probability (they sum to 1)
    copy,   ///< every branch gets the item; the copies are counted as created
    // One branch, by something else; the probabilities are the shares to be expected in the long run:
    round_robin,  ///< each branch in turn, all classes together
    /// the branch whose component holds the fewest items, of all or of `sampled` drawn at random; ties at
    /// random
    least_loaded,
    outcome  ///< the first branch or the second, as the station decides (Limiter, Cache); their probabilities
             ///< mean nothing
};

/// Where a class goes when it leaves a station or its source.
struct Route {
    Routing routing = Routing::split;
    std::vector<Branch> branches{{}};
    int sampled = 0;  ///< of Routing::least_loaded; 0: all
};

struct Station {
    std::string name;    ///< unique: "brokers.append"; a component of one station uses the component's id
    int component = -1;  ///< index into System::components
    Primitive primitive;
    // By class:
    std::vector<Route> routes;
    std::vector<ItemSize> sizes;  ///< bytes of an item on arrival here
    std::vector<double> yields;   ///< items out for one item in; the fraction is drawn. 1 for most
};

/// Stations that share a room: an item that comes from elsewhere takes one place and keeps it until it leaves
/// for a station of none or another region. Overflow::block: it waits outside, in order, and holds nothing;
/// Overflow::retry: nor does it hold anything meanwhile.
struct Region {
    std::string name;
    std::vector<int> stations;  ///< a station is in one region at most
    int capacity = unlimited;
    std::vector<int> by_class = {};  ///< limits of classes within the capacity; empty: none
    Overflow overflow = Overflow::drop;
    Distribution retry_after = {};  ///< of Overflow::retry
    int attempts = unlimited;       ///< of Overflow::retry, the first included
};

/// What a request's sender does about an answer that does not come: after `timeout`, or at once where the
/// request is rejected or expires, it asks again, `attempts` times in all. The n-th attempt is preceded by a
/// pause of back_off x growth^(n - 2), at most `longest`, of which a share `jitter` is drawn evenly.
struct Persistence {
    std::optional<Distribution> timeout;  ///< from the beginning of an attempt
    int attempts = 1;
    Duration back_off;
    double growth = 2;
    Duration longest{std::numeric_limits<double>::infinity()};
    double jitter = 0;  ///< 0: the pause is fixed; 1: anything between none and all of it
    /// What was asked in vain is worked on all the same; or it is taken out of lines, and dropped where it
    /// would move on.
    bool cancels = false;
};

struct OpenSource {
    int item_class = 0;
    RateProfile rate;
    Distribution interarrival = Distribution::exponential(1);  ///< shape of a gap at rate 1
    Route route;
    std::optional<Persistence> persistence = {};
    SourcePattern pattern = {};  ///< with states or a trace, `rate` is the mean
};

struct ClosedSource {
    int item_class = 0;
    int users = 0;
    Distribution think_time;
    Route route;
    std::optional<Persistence> persistence = {};
};

/// Freshness of a class is measured where its items leave this station: they can be read from then on.
struct ReadPoint {
    int station = 0;
    int component = 0;
    int item_class = 0;
};

struct System {
    std::vector<ItemClass> classes;
    std::vector<std::string> components;  ///< ids, in the order of the scenario
    std::vector<Station> stations;
    std::vector<OpenSource> open;
    std::vector<ClosedSource> closed;
    std::vector<Region> regions;
    std::vector<ReadPoint> read_points;
    std::vector<Outage> outages;
    std::vector<Scaler> scalers;  ///< a station has one at most
    Duration horizon;
    std::vector<std::string> notes;  ///< what lowering assumed and the user should read
};

/// Whether a station works with capacity that can be gone.
bool has_capacity(const Primitive& primitive);

/// Empty if the system is well formed (indices in range, probabilities sum to 1, vectors as long as classes,
/// ...); otherwise what is wrong. A system that lower() built is always well formed.
std::string fault_of(const System& system);

}  // namespace headroom::model
