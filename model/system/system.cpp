#include "model/system/system.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace headroom::model {

namespace {

/// The first fault found; later ones are often its consequences.
class Inspection {
public:
    explicit Inspection(const System& system) : system_(system) {}

    std::string run() {
        if (!(system_.horizon.value() > 0)) fault("the horizon is not above zero");
        std::set<std::string, std::less<>> names;
        std::set<int> scaled;
        for (const Scaler& scaler : system_.scalers) {
            if (!(scaler.period.value() > 0) || !(scaler.target >= 0) || scaler.stations.empty())
                fault(scaler.name + " scales nothing");
            for (const int s : scaler.stations)
                if (!exists(s, system_.stations.size()) || !scaled.insert(s).second)
                    fault(scaler.name + " scales a station that is not there or scaled already");
        }
        for (const Station& station : system_.stations) {
            if (station.name.empty() || !names.insert(station.name).second)
                fault("the station's name '" + station.name + "' is empty or taken");
            inspect(station);
        }
        for (const OpenSource& source : system_.open) {
            if (class_exists(source.item_class)) inspect(source.route, "an open source");
            if (!(source.interarrival.mean > 0)) fault("an open source's gaps have no mean");
            if (!(source.rate.base.value() >= 0)) fault("an open source's rate is below zero");
            inspect(source.persistence);
            inspect(source.pattern);
        }
        for (const ClosedSource& source : system_.closed) {
            if (class_exists(source.item_class)) inspect(source.route, "a closed source");
            if (source.users < 0) fault("a closed source has less than no users");
            inspect(source.think_time, "a closed source");
            inspect(source.persistence);
        }
        std::set<int> taken;
        for (const Region& region : system_.regions) {
            const std::string where = "region '" + region.name + "'";
            if (region.capacity < 1) fault(where + " has no room");
            if (region.overflow == Overflow::retry &&
                (region.attempts < 1 || !(region.retry_after.mean > 0)))
                fault(where + " has items that come again at once or never");
            if (!region.by_class.empty() && region.by_class.size() != system_.classes.size())
                fault(where + " has not one limit for each class");
            for (const int limit : region.by_class)
                if (limit < 1) fault(where + " has no room for a class");
            for (const int station : region.stations)
                if (!exists(station, system_.stations.size()) || !taken.insert(station).second)
                    fault(where + " has a station that does not exist or is in another region");
        }
        for (const ReadPoint& point : system_.read_points) {
            class_exists(point.item_class);
            if (!exists(point.station, system_.stations.size())) fault("a read point's station is unknown");
            if (!exists(point.component, system_.components.size()))
                fault("a read point's component is unknown");
        }
        for (const Outage& outage : system_.outages) inspect(outage);
        return fault_;
    }

private:
    static bool exists(int index, std::size_t size) {
        return index >= 0 && static_cast<std::size_t>(index) < size;
    }

    void fault(const std::string& text) {
        if (fault_.empty()) fault_ = text;
    }

    bool class_exists(int item_class) {
        const bool known = exists(item_class, system_.classes.size());
        if (!known) fault("a class's index is out of range");
        return known;
    }

    void inspect(const Distribution& distribution, const std::string& where) {
        if (!(distribution.mean >= 0) || !std::isfinite(distribution.mean) || !(distribution.scv >= 0))
            fault(where + " has a time that is below zero or not finite");
    }

    void inspect(const std::vector<Distribution>& times, const std::string& where) {
        if (times.size() != system_.classes.size()) fault(where + " has not one time for each class");
        for (const Distribution& time : times) inspect(time, where);
    }

    void inspect(const Route& route, const std::string& where) {
        if (route.branches.empty()) fault(where + " has a route without a branch");
        double sum = 0;
        for (const Branch& branch : route.branches) {
            sum += branch.probability;
            if (branch.station != outside && !exists(branch.station, system_.stations.size()))
                fault(where + " leads to a station that does not exist");
            if (branch.item_class != -1) class_exists(branch.item_class);
            if (branch.item_class != -1 && route.routing != Routing::split)
                fault(where + " changes classes on a route that is not by probability");
            if (!(branch.probability >= 0 && branch.probability <= 1 + 1e-9))
                fault(where + " has a branch whose probability is not between 0 and 1");
        }
        if (route.sampled < 0) fault(where + " samples less than no branches");
        if (route.routing == Routing::outcome && route.branches.size() != 2)
            fault(where + " decides between other than two branches");
        if (route.routing != Routing::copy && route.routing != Routing::outcome && std::abs(sum - 1) > 1e-9)
            fault(where + " has branches whose probabilities do not sum to 1");
    }

    void inspect(const Outage& outage) {
        const std::string where = "outage '" + outage.name + "'";
        if (outage.units < 1) fault(where + " has no unit");
        inspect(outage.down, where);
        if (outage.at ? !(outage.at->value() >= 0) : !(outage.up.mean > 0)) fault(where + " never happens");
        for (const Outage::Effect& effect : outage.effects) {
            if (!exists(effect.station, system_.stations.size())) fault(where + " is at an unknown station");
            if (!(effect.share > 0 && effect.share <= 1)) fault(where + " takes a share that is none");
            if (!(effect.longer.value() >= 0)) fault(where + " is over before its units are back");
        }
    }

    void inspect(const SourcePattern& pattern) {
        for (const ModulatedState& state : pattern.states)
            if (!(state.rate.value() >= 0) || !(state.stay.value() > 0) ||
                state.next.size() != pattern.states.size())
                fault("an open source has a state without a rate, a stay or successors");
        if (!(pattern.bulk.mean() >= 1)) fault("an open source has bulks of less than one item");
        if (pattern.trace.times && pattern.trace.repeats && !(pattern.trace.span > 0))
            fault("an open source repeats a record without a span");
    }

    void inspect(const std::optional<Persistence>& persistence) {
        if (!persistence) return;
        if (persistence->timeout) inspect(*persistence->timeout, "a request's sender");
        if (persistence->attempts < 1 || !(persistence->back_off.value() >= 0) ||
            !(persistence->growth >= 1) || !(persistence->longest.value() >= 0) ||
            !(persistence->jitter >= 0 && persistence->jitter <= 1))
            fault("a request's sender asks again in a way that makes no sense");
    }

    void inspect(const Station& station) {
        const std::string where = "station '" + station.name + "'";
        const std::size_t classes = system_.classes.size();
        if (!exists(station.component, system_.components.size())) fault(where + " is of no component");
        if (station.routes.size() != classes || station.sizes.size() != classes ||
            station.yields.size() != classes)
            fault(where + " has not one route, size and yield for each class");
        const bool decides = std::holds_alternative<Cache>(station.primitive) ||
                             std::holds_alternative<Limiter>(station.primitive);
        for (const Route& route : station.routes) {
            inspect(route, where);
            if (route.routing == Routing::outcome && !decides) fault(where + " has no outcome to route by");
        }
        for (const ItemSize size : station.sizes)
            if (!(size.value() >= 0) || !std::isfinite(size.value())) fault(where + " has a size below zero");
        for (const double yield : station.yields)
            if (!(yield >= 0) || !std::isfinite(yield)) fault(where + " has a yield below zero");
        std::visit([&](const auto& primitive) { inspect_primitive(primitive, where); }, station.primitive);
    }

    void inspect_primitive(const Queue& queue, const std::string& where) {
        if (queue.servers < 1 || queue.admitted < 1 || queue.capacity < 1)
            fault(where + " has no server or no room");
        if (!queue.priorities.empty() && queue.priorities.size() != system_.classes.size())
            fault(where + " has not one priority for each class");
        inspect(queue.service, where);
        for (const double speed : queue.speeds)
            if (!(speed > 0) || !std::isfinite(speed)) fault(where + " has a speed that is not above zero");
        if (queue.batch_least < 1 || queue.batch_most < queue.batch_least ||
            queue.batch_least > queue.capacity)
            fault(where + " serves batches that can never be gathered");
        const bool shared = queue.discipline == Discipline::processor_sharing;
        const bool preemptive = queue.discipline == Discipline::lcfs_preemptive ||
                                queue.discipline == Discipline::priority_preemptive;
        if (queue.batch_most > 1 && (shared || preemptive))
            fault(where + " shares or interrupts the service of batches");
        if (!queue.patience.empty() && (shared || queue.patience.size() != system_.classes.size()))
            fault(where + " has not one patience for each class, or nobody waits there");
        for (const auto& patience : queue.patience)
            if (patience) inspect(*patience, where);
        if (queue.overflow == Overflow::retry && (queue.attempts < 1 || !(queue.retry_after.mean > 0)))
            fault(where + " has items that come again at once or never");
    }
    void inspect_primitive(const Delay& delay, const std::string& where) { inspect(delay.time, where); }
    void inspect_primitive(const PartitionedLog& log, const std::string& where) {
        double sum = 0;
        for (const double share : log.shares) {
            if (!(share >= 0)) fault(where + " has a partition with a share below zero");
            sum += share;
        }
        if (log.shares.empty() || std::abs(sum - 1) > 1e-6)
            fault(where + " has partitions whose shares do not sum to 1");
        if (log.consumers < 1) fault(where + " has no consumer");
        if (!(log.poll_interval.value() >= 0)) fault(where + " polls at intervals below zero");
        if (!(log.retention.value() > 0)) fault(where + " keeps records for no time");
        inspect(log.service, where);
    }
    void inspect_primitive(const Batch& batch, const std::string& where) {
        if (!(batch.max_items >= 1) || !(batch.max_size.value() > 0) || !(batch.max_wait.value() >= 0))
            fault(where + " gathers batches that hold nothing");
        if (std::isinf(batch.max_items) && std::isinf(batch.max_size.value()) &&
            std::isinf(batch.max_wait.value()))
            fault(where + " gathers batches that never end");
        if (batch.writers < 1 || !(batch.rate.value() > 0)) fault(where + " cannot write");
        inspect(batch.fixed, where);
    }
    void inspect_primitive(const Store& store, const std::string& where) {
        for (const Tier& tier : store.tiers)
            if (!(tier.life.value() >= 0)) fault(where + " has a tier with a life below zero");
    }
    void inspect_primitive(const Limiter& limiter, const std::string& where) {
        if (!(limiter.rate.value() > 0) || !(limiter.burst > 0) || limiter.capacity < 1)
            fault(where + " lets nothing pass");
        if (!limiter.cost.empty() && limiter.cost.size() != system_.classes.size())
            fault(where + " has not one cost for each class");
        for (const double cost : limiter.cost)
            if (!(cost >= 0 && cost <= limiter.burst)) fault(where + " never has enough tokens for an item");
        if (limiter.cost.empty() && limiter.burst < 1) fault(where + " never has enough tokens for an item");
    }
    void inspect_primitive(const Cache& cache, const std::string& where) {
        if (!(cache.capacity >= 1) || !(cache.popularity.keys >= 1) || !(cache.popularity.exponent >= 0) ||
            !std::isfinite(cache.popularity.exponent) || !(cache.life.value() > 0) ||
            !(cache.refill.value() >= 0))
            fault(where + " is a cache of nothing");
    }
    void inspect_primitive(const BatchPool& pool, const std::string& where) {
        if (pool.nodes < 1 || pool.slots_per_node < 1 || pool.jobs_at_once < 1) fault(where + " has no slot");
        if (!(pool.network.value() > 0) || !(pool.fetch_most.value() > 0) || !(pool.node_life.value() > 0) ||
            !(pool.launch.value() >= 0) || !(pool.straggler_share >= 0 && pool.straggler_share <= 1) ||
            !(pool.straggler_factor > 0) || !(pool.disk.value() > 0) || !(pool.beat.value() >= 0))
            fault(where + " has a pool that cannot work");
        inspect(pool.replacement, where);
        inspect(pool.mending, where);
        if (pool.tasks_at_once < 1 || pool.attempts < 1 || !(pool.retry_after.value() >= 0))
            fault(where + " has jobs that cannot run");
        if (pool.held && pool.jobs_at_once > pool.nodes * static_cast<std::int64_t>(pool.slots_per_node) /
                                                 std::max(1, pool.tasks_at_once))
            fault(where + " cannot keep slots for so many jobs");
        if (pool.scaler && !(pool.scaler->period.value() > 0 && pool.scaler->target >= 0 &&
                             pool.scaler->least >= 0 && pool.scaler->least <= 1))
            fault(where + " has a scaler that cannot work");
        if (pool.scaler && pool.held) fault(where + " scales nodes that jobs keep");
        if (pool.jobs.size() != system_.classes.size()) fault(where + " has not one job for each class");
        for (const auto& stages : pool.jobs)
            for (std::size_t s = 0; s < stages.size(); ++s) {
                inspect(stages[s].time, where);
                if (!(stages[s].tasks >= 1) || !(stages[s].fetch.value() >= 0) ||
                    !(stages[s].disk.value() >= 0) || !(stages[s].core.value() >= 0) ||
                    (stages[s].disk.value() > 0 && !(stages[s].time.mean > 0)) ||
                    !(stages[s].lead.value() >= 0) || !(stages[s].failing >= 0 && stages[s].failing < 1))
                    fault(where + " has a stage without tasks");
                for (const int before : stages[s].after)
                    if (before < 0 || static_cast<std::size_t>(before) >= s)
                        fault(where + " has a stage that builds on none before it");
            }
    }
    void inspect_primitive(const Fork& fork, const std::string& where) {
        if (fork.copies < 1 || !(fork.hedge_after.value() >= 0)) fault(where + " makes no copies");
        if (!exists(fork.join, system_.stations.size()) ||
            !std::holds_alternative<Join>(system_.stations[static_cast<std::size_t>(fork.join)].primitive))
            fault(where + " is a fork without a join");
    }
    void inspect_primitive(const Join& join, const std::string& where) {
        if (join.needed < 1) fault(where + " waits for nothing");
    }

    const System& system_;
    std::string fault_;
};

}  // namespace

bool has_capacity(const Primitive& primitive) {
    return std::holds_alternative<Queue>(primitive) || std::holds_alternative<PartitionedLog>(primitive) ||
           std::holds_alternative<Batch>(primitive) || std::holds_alternative<BatchPool>(primitive);
}

std::string fault_of(const System& system) { return Inspection(system).run(); }

}  // namespace headroom::model
