#pragma once
// The run-time form of a system's parts: flat structs, no virtual calls.

#include "model/system/system.h"
#include "sim/kernel/event_list.h"
#include "sim/kernel/sampling.h"
#include "sim/stations/arrivals.h"
#include "sim/stations/job_pool.h"
#include "sim/stations/record/item.h"
#include "sim/stations/record/key_cache.h"
#include "sim/stations/record/tally.h"
#include "sim/stations/record/waiting.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace headroom::sim::record {

/// Makes the streams of one replication.
struct Streams {
    std::uint64_t seed = 0, replication = 0;

    RandomStream operator()(std::string_view subject, std::string_view purpose) const {
        return {seed, stream_id(subject, purpose), replication};
    }
};

struct Path {
    Path(const model::Route& route, const RandomStream& stream);

    model::Routing routing = model::Routing::split;
    bool guarded = false;        ///< leads through a gate, or may be the end of a way that was given up
    int only = model::outside;   ///< where there is a single branch
    std::vector<int> stations;   ///< empty where there is a single branch
    std::vector<double> shares;  ///< cumulative
    std::vector<int> classes;  ///< that items have from then on, by branch; empty where they stay as they are
    std::vector<std::vector<std::uint32_t>>
        components;           ///< of Routing::least_loaded: all nodes of each branch's
    std::size_t sampled = 0;  ///< of Routing::least_loaded; 0: all
    std::size_t turn = 0;     ///< of Routing::round_robin: its place in Network::turns_
    RandomStream random;

    std::size_t choose();  ///< a branch, by probability
    void guard();          ///< always through Network::go
};

/// Before a place that can be full: a queue with Overflow::block, or a region. Those who wait are admitted in
/// order as soon as there is room for them.
struct Gate {
    int station = model::outside;  ///< the queue; `outside`: a region's gate
    bool drops = false;            ///< nobody waits
    std::uint32_t orbit = none;    ///< where those are who come again instead of waiting
    std::uint32_t timer = none;
    bool opening = false;     ///< the timer is set, to now
    std::vector<Line> lines;  ///< one; or one for each class, where a region has limits for classes
    // Of a region.
    double capacity = 0, present = 0;
    std::vector<double> class_capacity, class_present;

    Line& line_of(std::size_t item_class) { return lines[lines.size() > 1 ? item_class : 0]; }
    bool has_room(std::size_t item_class) const {
        return present < capacity &&
               (class_capacity.empty() || class_present[item_class] < class_capacity[item_class]);
    }
};

/// Where items go that find no room and come again.
struct Orbit {
    /// Of a model::Queue or a model::Region.
    template <class Place>
    Orbit(const Place& place, const RandomStream& random)
        : after(place.retry_after, random), attempts(static_cast<std::uint32_t>(place.attempts)) {}

    VariateStream after;
    std::uint32_t attempts;
};

/// What is known of an item beyond the item itself, in systems with regions, orbits or senders that give up.
struct Mark {
    std::uint32_t region = none;    ///< in which it has a place
    std::uint32_t deadline = none;  ///< the timer of its attempt
    std::uint32_t attempts = 0;     ///< of its sender
    std::uint32_t entries = 0;      ///< that it has tried at the present station
    bool abandoned = false;         ///< nobody waits for it any more, and it counts no more
};

/// Model::Persistence of one class.
struct Persistence {
    Persistence(const model::Persistence& terms, const RandomStream& timeouts, const RandomStream& pauses);

    std::optional<VariateStream> timeout;
    std::uint32_t attempts;
    double back_off, growth, longest, jitter;
    bool cancels;
    RandomStream random;

    double pause_before(std::uint32_t attempt);
};

/// One class at one station.
struct Visit {
    Visit(const model::Distribution& time, const RandomStream& times, const RandomStream& yields, Path way)
        : service(time, times), yield_random(yields), path(std::move(way)) {}

    VariateStream service;
    std::uint64_t arrivals = 0, departures = 0, rejected = 0, expired = 0;
    double size = 0;  ///< bytes of an item
    std::uint32_t yield_whole = 1;
    double yield_fraction = 0;
    RandomStream yield_random;
    Path path;
    int read_point = -1;
    bool held = false;  ///< until there is room where it goes next
    Recorder waiting, response;
};

enum class Kind : std::uint8_t {
    fcfs,
    sharing,
    delay,
    log,
    batch,
    store,
    ranked,
    fork,
    join,
    limiter,
    cache,
    pool
};

struct Node {
    Kind kind = Kind::store;
    std::uint32_t first_visit = 0;  ///< Visit of class 0; the other classes follow
    std::uint32_t detail = 0;       ///< index among the stations of this kind that have more to keep
    double servers = 0;             ///< that are up; 0: unlimited, or none is up
    double nominal = 0;             ///< servers when all are up; 0: unlimited
    double capacity = 0;
    Occupancy occupancy;
    Line line;
    // Indices, or none.
    std::uint32_t gate = none;    ///< before it
    std::uint32_t region = none;  ///< the gate of the region that it is in
    std::uint32_t orbit = none;

    // At the last reset and at the last end of a bin.
    double population_before = 0, busy_before = 0;
    double population_binned = 0, busy_binned = 0;
    std::vector<double> utilisation, queue;
};

/// The speed of a station's servers by the number of items present.
struct Speeds {
    std::vector<double> by_present;  ///< from one item on; the last holds above; empty: always 1

    bool varies() const { return !by_present.empty(); }
    double at(double present) const {
        if (by_present.empty()) return 1;
        const std::size_t last = by_present.size() - 1;
        return by_present[present < 1 ? 0 : std::min(last, static_cast<std::size_t>(present) - 1)];
    }
};

/// Processor sharing in virtual time: the service that every item has had since the station was last empty.
/// An item leaves when virtual time has grown by its demand, whoever comes and goes meanwhile.
struct Sharing {
    EventList finishes;  ///< by virtual time
    double virtual_time = 0, last = 0, admitted = 0, admitted_limit = 0;
    double armed = 0;  ///< the time of the timer that counts; those set before it are ignored
    std::uint32_t timer = none;
    Speeds speeds;

    double speed(const Node& node) const {
        const double share = admitted > node.servers ? node.servers / admitted : 1;
        return speeds.varies() ? share * speeds.at(node.occupancy.population) : share;
    }
    void settle(double now, const Node& node) {
        if (admitted > 0) virtual_time += (now - last) * speed(node);
        last = now;
    }
};

/// Servers whose order of service is not just that of arrival, or whose service is not just a time: they
/// preempt, change their speed, take batches, or lose patience.
struct Ranked {
    Ranked(const model::Queue& queue, std::size_t classes, const RandomStream& order, bool removable,
           bool may_fail);

    WaitingRoom room;
    bool last_first, preemptive;
    bool held;  ///< the station holds the events of those in service
    std::size_t batch_least, batch_most;
    double blocked = 0;  ///< servers that keep an item which cannot go on

    /// Where held, services finish by a clock that runs at the speed of the servers.
    Speeds speeds;
    double health = 1;  ///< part of its speed that each server has which is up
    bool varies;        ///< the speed
    double virtual_time = 0, last = 0;
    void settle(double now, double present);
    double clock(double now) const { return varies ? virtual_time : now; }
    /// When a service that finishes at this time of the clock is done, if the speed stays as it is.
    double due(double finish, double now, double present) const;
    std::set<std::pair<double, std::uint32_t>> finishes;
    std::vector<double> left;    ///< by item: service left, below 0 before it begins; in service, the time of
                                 ///< the clock at which it finishes
    std::vector<double> demand;  ///< by item: service in all
    double armed = std::numeric_limits<double>::infinity();  ///< the time of the timer that counts
    std::uint32_t timer = none;

    // Where service is preemptive.
    using Precedence = std::tuple<int, double, std::uint32_t>;
    Precedence precedence(const Item& item, std::uint32_t index) const;
    std::set<Precedence> in_service;  ///< the last is the first to be preempted

    // Where patience is limited.
    std::vector<std::optional<VariateStream>> patience;  ///< by class
    std::vector<std::uint32_t> quits;  ///< by item: the timer that ends its waiting, none where there is none
};

struct Consumer {
    Line line;
    std::uint32_t timer = none;
    bool occupied = false;  ///< in service, or waiting for a poll
    bool busy = false;
    bool stalled = false;  ///< would read, but none can
    double phase = 0, since = 0, busy_time = 0;
};

struct Log {
    Log(const model::PartitionedLog& log, const RandomStream& keys);

    RandomStream random;
    std::vector<double> shares;  ///< cumulative, by partition
    std::vector<Consumer> consumers;
    double poll_interval = 0, retention = 0;
    double speed = 1;  ///< of the consumers; 0: none reads

    std::size_t choose_consumer();
    /// The first poll of a consumer at or after t.
    double poll_after(const Consumer& consumer, double t) const;
};

struct Batching {
    Batching(const model::Batch& batch, const RandomStream& random)
        : fixed(batch.fixed, random),
          rate(batch.rate.value()),
          max_items(batch.max_items),
          max_bytes(batch.max_size.value()),
          max_wait(batch.max_wait.value()) {}

    struct Pending {
        std::uint32_t head = none;
        double bytes = 0;
    };

    VariateStream fixed;
    double rate, max_items, max_bytes, max_wait;
    double items = 0, bytes = 0, opened = 0;  ///< of the batch that is gathering, in Node::line
    std::deque<Pending> pending;              ///< complete, waiting for a writer
    std::uint32_t timer = none;
    bool armed = false;
    double commits = 0;
};

/// A token bucket; those that wait are in Node::line.
struct Limiting {
    explicit Limiting(const model::Limiter& limiter)
        : rate(limiter.rate.value()),
          burst(limiter.burst),
          tokens(limiter.burst),
          excess(limiter.excess),
          costs(limiter.cost) {}

    double rate, burst, tokens;
    double filled = 0;  ///< when `tokens` was up to date
    model::Limiter::Excess excess;
    std::vector<double> costs;
    std::uint32_t timer = none;

    double cost_of(const Item& item) const { return costs.empty() ? 1 : costs[item.item_class]; }
    void refill(double now) {
        tokens = std::min(burst, tokens + (now - filled) * rate);
        filled = now;
    }
};

struct Caching {
    KeyCache cache;
    double lookups = 0, hits = 0;  ///< since the end of the warm-up
    double lookups_in_bin = 0, hits_in_bin = 0;
    std::vector<double> ratios;  ///< by bin
};

struct Pooling {
    JobPool pool;
    std::uint32_t timer = none;
    double armed = std::numeric_limits<double>::infinity();  ///< the time of the timer that counts
    std::vector<JobPool::Finished> finished;                 ///< of the event at hand
    double scaled_before = 0;  ///< share-seconds that it had before the end of the warm-up
};

struct Forking {
    Forking(const model::Fork& fork, const model::Join& join, const RandomStream& first)
        : copies(static_cast<std::uint32_t>(fork.copies)),
          needed(std::min(copies, static_cast<std::uint32_t>(join.needed))),
          hedge_after(fork.hedge_after.value()),
          withdraws(join.cancel),
          random(first) {}

    std::uint32_t copies, needed;
    double hedge_after;
    bool withdraws;
    RandomStream random;
};

/// An item that a fork keeps, and its copies.
struct Family {
    std::uint32_t parent = none;
    std::uint32_t needed = 0;  ///< copies at the join
    std::uint32_t total =
        0;  ///< copies, those not yet sent included; more where copies are copied on their way
    std::uint32_t sent = 0;
    std::uint32_t unsent = 0;  ///< that may still go
    std::uint32_t under_way = 0;
    std::uint32_t come = 0;   ///< to the join
    std::uint32_t first = 0;  ///< branch of the first copy
    std::uint8_t origin = 0;  ///< class of the source
    bool all = false;         ///< all copies are needed
    bool over = false;        ///< the item has gone on, or has failed
    bool withdraws = false;   ///< copies that still wait when it is over
    std::uint8_t holds = 0;   ///< who will look at it again: its timer, and the fork while it sends
    Line met;                 ///< copies that wait at the join
    std::vector<std::uint32_t> members = {};  ///< copies under way, where they may be withdrawn
};

struct Source {
    Source(const model::OpenSource& source, double horizon, const Streams& streams, const std::string& of,
           Path way);

    /// When the next item or bulk comes; infinity where none does within the horizon.
    double next() {
        if (!modulated && !trace) [[likely]]
            return clock.after(gaps.next());
        return trace ? trace->next() : modulated->after(gaps.next());
    }

    std::uint8_t item_class;
    VariateStream gaps;
    RescaledTime clock;
    std::optional<ModulatedTime> modulated;
    std::optional<TraceTime> trace;
    bool single;  ///< no bulks
    model::BulkSize bulk;
    RandomStream bulks;
    Path path;
};

struct Users {
    Users(const model::ClosedSource& source, const RandomStream& thinking, Path way)
        : think_time(source.think_time, thinking), path(std::move(way)) {}

    VariateStream think_time;
    Path path;
};

/// One class over the whole system.
struct Flow {
    std::uint64_t arrived = 0, created = 0, completed = 0, filtered = 0, rejected = 0, lost = 0, merged = 0,
                  expired = 0;
    std::uint64_t completed_before = 0;
    std::uint64_t attempts = 0;
    int users = -1;        ///< index of its closed source
    int source = -1;       ///< of its open source
    int persistence = -1;  ///< index, where its senders do not wait for ever
    Recorder response;
    double bin_sum = 0;
    std::uint64_t bin_count = 0;
    std::vector<double> response_bins, throughput;
};

}  // namespace headroom::sim::record
