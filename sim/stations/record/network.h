#pragma once
// A system at run time, at record level: every item is followed, by events where they are needed.

#include "sim/platform/outages.h"
#include "sim/platform/replication.h"
#include "sim/stations/record/node.h"
#include "sim/stations/record/recursion.h"

#include <optional>
#include <string>
#include <vector>

namespace headroom::sim::record {

/// Runs one replication. Built from a system and options, run to the horizon, then asked for its tallies.
class Network {
public:
    Network(const model::System& system, const ReplicationOptions& options);

    /// With `traced`, also hashes the sequence of events: see fingerprint().
    template <bool traced>
    void run();
    /// Runs without events, to the same tallies, where that is possible. Where it is not, `events_needed`:
    /// nothing was done; where that turned out on the way, `spoiled`: only a new network can be run.
    enum class Shortcut { taken, events_needed, spoiled };
    Shortcut run_without_events();
    Replication tallies();
    /// Of times, places and kinds of all events so far.
    std::uint64_t fingerprint() const { return fingerprint_; }

private:
    // network.cpp: from a system to nodes.
    void build_station(const model::System& system, int index);
    void build_gates(const model::System& system);
    void build_queue(const model::System& system, int index, Node& node);
    Visit make_visit(const model::System& system, int station, int item_class) const;
    Path make_path(const model::System& system, const model::Route& route, int from, int item_class,
                   const RandomStream& stream) const;
    int add_persistence(const std::optional<model::Persistence>& terms, const std::string& of);
    std::uint32_t make_timer(Stage stage, std::size_t place, std::uint32_t consumer = none);
    void start_sources(const model::System& system);

    // run.cpp: the clock, bins and the end of the warm-up.
    template <class RunUntil>
    void run_by(const RunUntil& run_until);
    template <bool traced>
    bool run_until(double limit);
    std::vector<std::uint64_t> items_in_flight() const;
    void dispatch(std::uint32_t index);
    void dispatch_rare(std::uint32_t index);
    void close_bin(double width);
    void close_stretch();
    void end_warm_up();

    // moves.h: between stations.
    void arrive(std::uint32_t index, int station);
    void move(std::uint32_t index, int station);
    void enter(std::uint32_t index, Node& node, Visit& visit);
    void send(std::uint32_t index, Path& path);
    void send_by_branch(std::uint32_t index, Path& path);
    std::size_t pick(Path& path);
    void leave_by(std::uint32_t index, Visit& visit, std::size_t branch);
    int choose(std::uint32_t index, Path& path);
    void step(std::uint32_t index, int station, bool guarded);
    void record(const Item& item, Visit& visit);
    void leave(std::uint32_t index, Visit& visit);
    void forward(std::uint32_t index, Visit& visit);
    void forward_outputs(std::uint32_t index, Visit& visit);
    std::uint32_t clone(std::uint32_t index);
    void finish(std::uint32_t index);
    void end(std::uint32_t index, std::uint64_t Flow::*outcome);
    void dispose(std::uint32_t index);
    void reject(std::uint32_t index, Visit& visit);
    void expire(std::uint32_t index, Visit& visit);
    void next_arrival(std::uint32_t index);
    std::uint32_t come(const Source& source);
    void request(std::uint32_t index);

    // outage.h: capacity that comes and goes.
    void change_capacity(std::uint32_t timer);
    void change_servers(Node& node, Ranked& ranked, const CapacityChange& change);
    void interrupt(Node& node, Ranked& ranked, model::Interrupted work);
    // gates.h: room that is limited. Cold: what most systems lack must not keep the rest from being inlined.
    [[gnu::cold]] Mark& mark_of(std::uint32_t index);
    std::size_t class_of(std::uint32_t index);
    [[gnu::cold]] void forget(std::uint32_t index);
    [[gnu::cold]] void go(std::uint32_t index, int station);
    [[gnu::cold]] bool enter_region(std::uint32_t index, int station);
    [[gnu::cold]] void take_place(std::uint32_t index, std::uint32_t gate);
    [[gnu::cold]] void leave_region(std::uint32_t index);
    [[gnu::cold]] void wait_outside(std::uint32_t index, int station, Gate& gate);
    [[gnu::cold]] void open_soon(Gate& gate);
    [[gnu::cold]] Line* next_line(Gate& gate);
    [[gnu::cold]] void open_gate(std::uint32_t timer);
    [[gnu::cold]] bool keeps(std::uint32_t index, int station);
    [[gnu::cold]] void release_held(std::uint32_t index, Node& node, Ranked& ranked);
    [[gnu::cold]] void unblock(std::uint32_t index, int station);
    [[gnu::cold]] void free_server(Node& node, Ranked& ranked);
    [[gnu::cold]] void turn_away(std::uint32_t index, Node& node, Visit& visit);
    [[gnu::cold]] bool orbits(std::uint32_t index, int station, std::uint32_t orbit);
    [[gnu::cold]] void come_again(std::uint32_t index);

    // requests.h: senders who do not wait for ever.
    [[gnu::cold]] void begin_attempt(std::uint32_t index, Flow& flow);
    [[gnu::cold]] void time_out(std::uint32_t timer);
    [[gnu::cold]] void withdraw(std::uint32_t index);
    [[gnu::cold]] bool gives_up(std::uint32_t index);
    [[gnu::cold]] bool tries_again(std::uint32_t index, Flow& flow);
    [[gnu::cold]] void ask_again(std::uint32_t index);

    // queue.h, sharing.h, ranked.h, log.h, batch.h: at stations.
    void enter_queue(std::uint32_t index, Node& node, Visit& visit);
    void serve(std::uint32_t index, Visit& visit);
    void served(std::uint32_t index);
    void delayed(std::uint32_t index);
    void enter_sharing(std::uint32_t index, Node& node, Visit& visit);
    void admit(std::uint32_t index, Node& node, Sharing& sharing);
    void rearm(Node& node, Sharing& sharing);
    void share_out(std::uint32_t timer);
    void enter_ranked(std::uint32_t index, Node& node, Visit& visit);
    bool preempt(std::uint32_t index, Ranked& ranked);
    void take_out_of_service(std::uint32_t index, Ranked& ranked);
    void serve_ranked(std::uint32_t index, Ranked& ranked);
    std::uint32_t take_batch(Ranked& ranked);
    void rearm_ranked(Node& node, Ranked& ranked);
    void release_ranked(std::uint32_t index, Node& node, Ranked& ranked);
    void ranked_served(std::uint32_t index);
    void ranked_due(std::uint32_t timer);
    void wait_patiently(std::uint32_t index, Ranked& ranked);
    void quit(std::uint32_t timer);
    bool take_from_line(std::uint32_t index, Node& node);
    void enter_log(std::uint32_t index, Node& node);
    void consume(Node& node, Log& log, std::uint32_t consumer);
    void consumed(std::uint32_t index);
    void polled(std::uint32_t timer);
    void enter_batch(std::uint32_t index, Node& node, Visit& visit);
    void close_batch(Node& node, Batching& batching);
    void commit(Node& node, Batching& batching);
    void committed(std::uint32_t index);
    void waited(std::uint32_t timer);

    // limiter.h, cache.h, pool.h: at stations.
    void enter_limiter(std::uint32_t index, Node& node, Visit& visit);
    void let_pass(std::uint32_t index, Node& node, Limiting& limiting, Visit& visit);
    void refilled(std::uint32_t timer);
    void enter_cache(std::uint32_t index, Node& node, Visit& visit);
    void enter_pool(std::uint32_t index, Node& node);
    void rearm_pool(Pooling& pooling);
    void play_pool(std::uint32_t timer);

    // moves.h: items that change their class. The workload that an item came from is its origin: it is what
    // counts where the item is counted as a whole; its class counts at stations.
    Flow& flow_of(std::uint32_t index) {
        return flows_[switches_ ? origins_[index] : items_[index].item_class];
    }
    void set_origin(std::uint32_t index, std::uint8_t origin) {
        if (!switches_) return;
        if (origins_.size() <= index) origins_.resize(index + 1);
        origins_[index] = origin;
    }
    void copy_ties(std::uint32_t copy, std::uint32_t from);

    // fork.h: items and their copies.
    std::uint32_t& family_of(std::uint32_t index);
    void adopt(std::uint32_t copy, std::uint32_t family);
    void enter_fork(std::uint32_t index, Node& node, Visit& visit);
    void send_copy(std::uint32_t family, const Item& item);
    void hedged(std::uint32_t timer);
    void arm_hedge(std::uint32_t family, double after);
    void enter_join(std::uint32_t index, Node& node, Visit& visit);
    void join(std::uint32_t family, Node& node);
    void merge(std::uint32_t index);
    void drop_copy(std::uint32_t index);
    void lose_copy(std::uint32_t index, std::uint64_t Flow::*outcome);
    void withdraw_copies(std::uint32_t family);
    void close_family(std::uint32_t family);

    Visit& visit_of(const Item& item) { return visits_[nodes_[item.place].first_visit + item.item_class]; }

    double now_ = 0;
    EventList events_;
    /// Marks the usual event, a service in order that is done: what to do is known before the item is read.
    static constexpr std::uint32_t served_mark = EventList::payload_limit / 2;
    ItemPool items_{served_mark};
    std::vector<Node> nodes_;
    std::vector<Visit> visits_;
    std::vector<Flow> flows_;
    std::vector<Source> sources_;
    std::vector<Users> users_;
    std::vector<Sharing> sharings_;
    std::vector<Ranked> rankeds_;
    std::vector<Log> logs_;
    std::vector<Batching> batchings_;
    std::vector<Limiting> limitings_;
    std::vector<Caching> cachings_;
    std::vector<Pooling> poolings_;
    std::vector<std::size_t> turns_;     ///< next branch of each station's, then each source's, round robin
    std::vector<std::uint8_t> origins_;  ///< by item, where items change their class
    bool switches_ = false;
    std::vector<Forking> forkings_;
    std::vector<Family> families_;
    std::vector<std::uint32_t> free_families_;
    std::vector<std::uint32_t> families_of_items_;  ///< by item; see family_of()
    std::vector<Gate> gates_;
    std::vector<Orbit> orbits_;
    std::vector<Persistence> persistences_;
    std::vector<Mark> marks_;  ///< by item, where `watched_`
    bool watched_ = false;
    std::vector<Recorder> freshness_;
    std::vector<CapacityChange> changes_;
    std::size_t next_change_ = 0;
    RandomStream failing_;  ///< which of the servers fail
    BatchMeans warm_up_series_;
    std::vector<std::string> class_names_;

    ReplicationOptions options_;
    Streams streams_;
    double horizon_;
    double items_before_ = 0;             ///< station visits before the end of the warm-up
    std::optional<Recursion> recursion_;  ///< where it runs without events
    bool stopped_ = false;
    std::uint64_t fingerprint_ = 0;
};

extern template void Network::run<false>();
extern template void Network::run<true>();

}  // namespace headroom::sim::record
