#pragma once
// The system as fluid: step by step, rates through the stations, then tracers through what the stations have
// become. Only the step at hand is kept, so that memory does not grow with the horizon.

#include "sim/kernel/sampling.h"
#include "sim/platform/flow_pattern.h"
#include "sim/platform/replication.h"
#include "sim/stations/flow/station.h"

#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace headroom::sim {

struct FlowOptions {
    bool coarse = false;
    double tracers = 40'000;  ///< of each source, over the horizon
    double lesson = 400'000;  ///< visits that teach a load of 0.8
    bool rough = false;       ///< by formula wherever there is one
    int batches = 200;
};

class FlowNetwork {
public:
    FlowNetwork(const model::System& system, const ReplicationOptions& options, const FlowOptions& flow);

    Replication run();

private:
    struct Source {
        int item_class = 0;
        bool closed = false;
        std::size_t index = 0;
        const model::Route* route = nullptr;
        double rate = 0;  ///< in the step at hand
        double scv = 1;
        double again = 0;  ///< attempts a second beyond the first, as foreseen for the step at hand
    };
    /// Senders who do not wait for ever. A request is one tracer from its arrival to its outcome; what was
    /// asked in vain and is still worked on is an abandoned one.
    struct Asking {
        Asking(const model::Persistence& of, const RandomStream& timeouts, const RandomStream& pauses);

        const model::Persistence* terms;
        std::optional<VariateStream> timeout;
        RandomStream pause;
        double known = 0;       ///< attempts that were on their way when the step began
        double began = 0;       ///< attempts beyond the first that began in the step
        double behind = 0;      ///< those that began and were not foreseen, less those foreseen in vain
        double unforeseen = 0;  ///< share of the last step's attempts that its own attempts brought about
    };
    struct Tracer {
        double now = 0, born = 0, weight = 0;
        std::uint64_t number = 0;  ///< in order of being made, so that equal moments have an order
        int item_class = 0;
        int station = model::outside;
        int family = -1;  ///< of a copy that a fork has made
        int visits = 0;
        int attempt = 1;
        bool asks = false;       ///< the attempt is to begin
        bool abandoned = false;  ///< its sender waits for it no more
        double deadline = std::numeric_limits<double>::infinity();
        std::vector<std::array<double, 3>> seen;  ///< station, moment, wait: where items come back
    };

    void follow_states();
    void order_stations();
    void place_closed_classes();
    void flow_step(std::size_t step);
    void lose_interrupted();
    double rate_of_the_stuck(const Source& source, double length) const;
    void set_source_rates(std::size_t step);
    void enter(const Source& source, double length, double measured);
    void foresee_attempts(std::size_t source, double length);
    void count_attempts(double length);
    Asking* asking(const Tracer& tracer);
    void begin_attempt(Tracer tracer);
    void time_out(Tracer& tracer, double answered);
    void try_again(Tracer tracer, double failed, bool rejected);
    void answer(const Tracer& tracer);
    /// Rates along a route: how regular they are, and the share of it that is still so after thinning.
    struct Outflow {
        double rate = 0, scv = 1, thinning = 1;
        double diverted = 0;  ///< share that takes the second branch
        const model::Distribution* gap = nullptr;
        const model::SourcePattern* pattern = nullptr;
        std::shared_ptr<const flow::BulkTrain> bulks = {};
    };
    void send(const model::Route& route, int item_class, int from, const Outflow& out);
    void tally_step(std::size_t station, std::size_t step);
    /// A tracer that a fork keeps, and when its copies have come to the join.
    struct Family {
        Tracer item;
        std::vector<double> times;
        std::size_t copies = 0, needed = 0, late_from = 0;
        bool over = false;
    };
    void fork(Tracer tracer, const model::Fork& fork);
    void meet(const Tracer& copy);
    void join_families();

    void trace();
    void follow(Tracer tracer);
    void remember(Tracer& tracer, flow::DrawnVisit& drawn);
    void leave_system(const Tracer& tracer);
    void advance(const model::Route& route, Tracer tracer, RandomStream& random);
    void scatter_utilisation();
    void finish();

    /// Adds an amount spread evenly over [from, to) to the bins of the horizon.
    void spread(std::vector<double>& bins, double from, double to, double amount) const;
    /// Share of the step that lies after the warm-up.
    double measured_share(std::size_t step) const;

    const model::System& system_;
    ReplicationOptions options_;
    FlowOptions flow_;
    flow::Draws draws_;
    std::vector<CapacityChange> changes_;
    std::vector<double> scaled_before_;  ///< by station: share-seconds before the end of the warm-up
    std::size_t next_change_ = 0;
    std::vector<double> capacity_, busy_;  ///< by station: share that is there; servers at work, last step
    std::vector<double> edges_;
    std::vector<int> order_;             ///< stations, upstream first
    std::vector<std::size_t> position_;  ///< of a station in the order
    std::vector<std::vector<double>>
        visit_ratio_;  ///< by class, by station: visits for one item from the sources
    std::vector<std::unique_ptr<flow::StationFlow>> stations_;
    std::vector<Source> sources_;
    std::vector<std::optional<StatePath>> state_paths_;  ///< by open source
    std::vector<model::SourcePattern> patterns_;         ///< by open source: what stations are taught
    std::vector<std::optional<Asking>> asking_;          ///< by source
    std::vector<int> asking_source_;                     ///< by class; -1: they wait for ever
    std::vector<std::pair<int, double>>
        closed_home_;                    ///< by closed source: station that is told the users, visits a cycle
    std::vector<double> closed_cycles_;  ///< by closed source, where no station tells
    std::vector<RandomStream> routing_, births_;

    // Of the step at hand, by station:
    struct Coming {
        std::vector<double> rate;  ///< by class
        double scv_weighted = 0, all = 0, bulky = 0;
        int flows = 0;                             ///< that meet here
        const model::Distribution* gap = nullptr;  ///< of the last, where it comes whole from its source
        const model::SourcePattern* pattern = nullptr;
        std::shared_ptr<const flow::BulkTrain> bulks;
        void clear() {
            std::fill(rate.begin(), rate.end(), 0.0);
            scv_weighted = all = bulky = 0;
            flows = 0;
            gap = nullptr;
            pattern = nullptr;
            bulks = nullptr;
        }
    };
    std::vector<Coming> coming_;
    double from_ = 0, to_ = 0;  ///< edges of the step
    flow::Inflow inflow_;       ///< of the station at hand
    flow::StepAnswer answer_;
    std::vector<double> departures_;
    std::vector<std::vector<double>> content_;    ///< by station and class
    std::vector<std::vector<double>> last_rate_;  ///< by station and class: arrivals in the last step
    /// Flows that go back upstream are delivered a step later; what is on its way, by station and class.
    std::vector<std::vector<double>> returning_, return_rate_, returned_;

    Replication result_;
    std::vector<std::vector<double>> response_sum_, response_weight_;  ///< by class and bin
    std::vector<double> series_sum_, series_weight_;                   ///< response by stretch of entering
    std::vector<Family> families_;
    std::vector<int> free_families_, met_;  ///< families; those of which copies have come in this step
    std::vector<double> forked_;            ///< by class: items that forks keep
    std::vector<double> hottest_;
    std::vector<std::vector<double>> lookups_;        ///< by station, of caches: by bin
    std::vector<std::vector<double>> work_variance_;  ///< by station and bin: square server-seconds
    bool comes_back_ = false;
    std::vector<Tracer> on_way_;  ///< tracers beyond the step at hand: a heap, the next one first
    std::uint64_t tracers_made_ = 0;
};

}  // namespace headroom::sim
