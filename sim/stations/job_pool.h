#pragma once
// Jobs of stages of tasks on the slots of a pool of nodes: a simulation of its own that its owner steps, the
// same at both levels.

#include "model/system/batch_pool.h"
#include "sim/kernel/sampling.h"
#include "sim/platform/outages.h"
#include "sim/stations/free_slots.h"
#include "sim/stations/scaling_rule.h"
#include "sim/stations/shared_link.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::sim {

class JobPool {
public:
    /// Makes a stream of random numbers for a purpose within the pool.
    using MakeStream = std::function<RandomStream(const std::string& purpose)>;

    /// `failures`: when nodes are gone, by time, beside those that the pool loses by itself.
    JobPool(const model::BatchPool& pool, const MakeStream& stream,
            std::vector<CapacityChange> failures = {});

    /// A job of the class arrives at `now`, not before anything that has been played.
    void submit(double now, std::uint32_t job, int item_class);

    /// When something happens next, in seconds; infinity where nothing is pending.
    double next_time() const { return events_.empty() ? never : events_.top().time; }

    struct Finished {
        std::uint32_t job;  ///< as submitted
        int item_class;
        double arrived, started;
    };
    /// Plays everything up to and including `until`; jobs that finish are added.
    void play(double until, std::vector<Finished>& finished);

    int busy() const { return busy_; }           ///< slots, at work or kept by jobs
    int present() const { return present_; }     ///< jobs, waiting or running
    double reruns() const { return reruns_; }    ///< tasks that began anew because their node was lost
    double retries() const { return retries_; }  ///< of tasks that failed, those after mending included
    /// Integral of the share of its nodes that a pool which scales itself has had, seconds.
    double scaled_until(double now) const {
        return scaled_integral_ + (now - scaled_since_) * scaled_nodes_ / spec_.nodes;
    }

private:
    static constexpr double never = std::numeric_limits<double>::infinity();
    enum class What : std::uint8_t {
        launch,
        done,
        fetched,
        read,
        lost,
        replaced,
        ready,
        again,
        failure,
        look
    };
    struct Event {
        double time;
        std::uint64_t order;
        What what;
        std::uint32_t of;     ///< job, slot or node
        std::uint32_t stamp;  ///< of the slot or of a link: older ones are void; or the stage of a job
        int attempt = 1;
        bool operator>(const Event& other) const {
            return time != other.time ? time > other.time : order > other.order;
        }
    };
    struct StageState {
        double to_start = 0, unfinished = 0;
        int missing = 0;  ///< stages that it builds on and that are not complete
        bool ready = false;
        std::vector<int> again = {};          ///< attempts of those to start that are not at their first
        std::vector<double> results_on = {};  ///< by node: tasks whose results are there
        double lost = 0;                      ///< tasks whose results are gone, and not yet needed again
    };
    struct Job {
        Finished owner{};
        std::vector<StageState> stages;
        int running = 0;  ///< tasks
        int stages_left = 0;
        std::uint64_t number = 0;  ///< in order of arrival
        bool open = false;
    };
    struct Slot {
        int job = -1, stage = 0;
        std::uint32_t stamp = 0;
        int attempt = 1;
        enum class Link : std::uint8_t { none, network, disk } link = Link::none;  ///< that it uses now
        double link_end = 0;                                                       ///< on the link's clock
        double taken = 0;                                                          ///< when it took its task
        double computed = 0;  ///< when the processor is done
    };
    struct Node {
        bool lost = false;    ///< by itself, until it is replaced
        bool failed = false;  ///< by a cause from outside
        bool away = false;    ///< given up by the scaler, though what ran on it may still end
        int running = 0;      ///< tasks
        bool works() const { return !lost && !failed && !away; }
    };
    struct Tasks {
        VariateStream time;
        double mean, fetch;
        double disk, core;  ///< of a mean task
    };

    void push(double time, What what, std::uint32_t of, std::uint32_t stamp, int attempt = 1);
    void prepare(int job, int stage, double now);
    void lose_results(std::uint32_t node);
    void recompute_lost(Job& job);
    void launch(int job, double now, std::vector<Finished>& finished);
    void finish(int job, double now, std::vector<Finished>& finished);
    void dispatch(double now);
    void begin(std::uint32_t slot, int job, double now);
    void compute(std::uint32_t slot, double now);
    void complete(std::uint32_t slot, double now, std::vector<Finished>& finished);
    /// What ran on the node begins anew elsewhere, and what its tasks left there is gone.
    void interrupt(std::uint32_t node, double now);
    /// The node takes no further task; what runs on it goes on.
    void withdraw(std::uint32_t node);
    /// Its idle slots take tasks again, if nothing keeps it away.
    void put_back(std::uint32_t node);
    void free_slot(std::uint32_t slot);
    void fail_nodes(const CapacityChange& change, double now);
    void look(double now);
    void scale_to(double share, double now);
    void count_nodes(double now);
    double tasks_waiting() const;
    /// The task in the slot uses the network, or the disk of its node, from now on.
    void use(Slot::Link link, std::uint32_t slot, double bytes, double now);
    SharedLink& link_of(Slot::Link link, std::uint32_t slot);
    /// Announces who is done there next.
    void arm_network(double now);
    void arm_disk(std::uint32_t node, double now);
    /// Processor and disk are done at `time`: the slot is free at the node's next beat.
    void end_at(std::uint32_t slot, double time);
    int next_stage(const Job& job) const;
    std::pair<double, std::uint64_t> rank(const Job& job) const {
        return {spec_.fair ? job.running : 0.0, job.number};
    }
    /// Puts the job among those with tasks to start, or takes it away; `before` is its rank there until now.
    void reconsider(int job, std::pair<double, std::uint64_t> before);

    model::BatchPool spec_;
    std::vector<std::vector<Tasks>> tasks_;  ///< by class and stage
    RandomStream stragglers_, losses_, failures_;
    VariateStream replacement_, mending_;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::uint64_t order_ = 0, arrivals_ = 0;
    std::vector<Job> jobs_;
    std::vector<int> free_jobs_;
    std::queue<int> waiting_;
    std::set<std::pair<std::pair<double, std::uint64_t>, int>> startable_;
    std::vector<Slot> slots_;
    FreeSlots free_slots_;
    SharedLink network_;
    std::uint32_t network_stamp_ = 0;
    std::vector<SharedLink> disks_;  ///< by node
    std::vector<std::uint32_t> disk_stamps_;
    int busy_ = 0, present_ = 0, admitted_ = 0;
    double reruns_ = 0, retries_ = 0;
    std::vector<Node> nodes_;
    /// Shared with copies that play ahead.
    std::shared_ptr<const std::vector<CapacityChange>> failures_from_outside_;
    RandomStream failing_;
    std::deque<std::uint32_t> failed_;  ///< in the order of their failure
    std::optional<ScalingRule> rule_;
    double busy_integral_ = 0, busy_since_ = 0;      ///< slots at work since the last look
    double scaled_integral_ = 0, scaled_since_ = 0;  ///< of the nodes that are paid for
    double scaled_nodes_ = 0;
};

}  // namespace headroom::sim
