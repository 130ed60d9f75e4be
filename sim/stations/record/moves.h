#pragma once
// How items come, go from station to station, and leave. Part of run.cpp, in which everything is inlined.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

// What every item goes through is forced into the loop over events; the rest is kept out of it.

[[gnu::always_inline]] inline void Network::next_arrival(std::uint32_t index) {
    Source& source = sources_[items_[index].place];
    const double next = source.next();
    if (next < horizon_) events_.push(next, index);
    for (int more = source.single ? 0 : source.bulk.quantile(source.bulks.uniform()) - 1; more > 0; --more)
        send_by_branch(come(source), source.path);
    send(come(source), source.path);
}

/// A new item.
[[gnu::always_inline]] inline std::uint32_t Network::come(const Source& source) {
    const std::uint32_t index = items_.take();
    Item& item = items_[index];
    item.born = now_;
    item.item_class = source.item_class;
    if (switches_) [[unlikely]]
        set_origin(index, source.item_class);
    Flow& flow = flows_[source.item_class];
    ++flow.arrived;
    if (flow.persistence >= 0) [[unlikely]]
        begin_attempt(index, flow);
    return index;
}

/// A user has thought, and asks.
inline void Network::request(std::uint32_t index) {
    Item& item = items_[index];
    item.born = now_;
    Flow& flow = flows_[item.item_class];
    ++flow.arrived;
    if (flow.persistence >= 0) [[unlikely]]
        begin_attempt(index, flow);
    send(index, users_[static_cast<std::size_t>(flow.users)].path);
}

[[gnu::always_inline]] inline void Network::send(std::uint32_t index, Path& path) {
    if (path.stations.empty()) [[likely]] {
        move(index, path.only);
    } else {
        send_by_branch(index, path);
    }
}

[[gnu::noinline]] inline void Network::send_by_branch(std::uint32_t index, Path& path) {
    if (path.stations.empty()) {
        arrive(index, path.only);
    } else if (path.routing == model::Routing::copy) {
        // Clones first, as the original may be gone once it has been sent.
        for (std::size_t i = 1; i < path.stations.size(); ++i) {
            const std::uint32_t copy = clone(index);
            ++flow_of(copy).created;
            step(copy, path.stations[i], path.guarded);
        }
        step(index, path.stations[0], path.guarded);
    } else {
        const int station = choose(index, path);
        step(index, station, path.guarded);
    }
}

/// The item's next station, by one branch; it may change its class on the way.
inline int Network::choose(std::uint32_t index, Path& path) {
    if (path.stations.empty()) return path.only;
    const std::size_t branch = path.stations.size() == 1               ? 0
                               : path.routing == model::Routing::split ? path.choose()
                                                                       : pick(path);
    if (!path.classes.empty() && path.classes[branch] >= 0)
        items_[index].item_class = static_cast<std::uint8_t>(path.classes[branch]);
    return path.stations[branch];
}

inline void Network::step(std::uint32_t index, int station, bool guarded) {
    if (guarded) {
        go(index, station);
    } else {
        arrive(index, station);
    }
}

/// The branch of a route that is not by probability.
inline std::size_t Network::pick(Path& path) {
    const std::size_t count = path.stations.size();
    if (path.routing == model::Routing::round_robin) return turns_[path.turn]++ % count;
    const std::size_t looks = path.sampled > 0 && path.sampled < count ? path.sampled : count;
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    int ties = 0;
    for (std::size_t i = 0; i < looks; ++i) {
        if (looks < count) {  // the first places of `components` are a growing random sample
            const auto drawn =
                i + static_cast<std::size_t>(path.random.uniform() * static_cast<double>(count - i));
            std::swap(path.components[i], path.components[std::min(drawn, count - 1)]);
            std::swap(path.stations[i], path.stations[std::min(drawn, count - 1)]);
        }
        double present = 0;
        for (const std::uint32_t node : path.components[i]) present += nodes_[node].occupancy.population;
        if (present > least) continue;
        ties = present < least ? 1 : ties + 1;
        if (ties == 1 || path.random.uniform() * ties < 1) best = i;
        least = present;
    }
    return best;
}

/// What is kept of an item beside itself.
inline void Network::copy_ties(std::uint32_t copy, std::uint32_t from) {
    if (switches_) set_origin(copy, origins_[from]);
    if (!forkings_.empty()) adopt(copy, family_of(from));
}

inline std::uint32_t Network::clone(std::uint32_t index) {
    const std::uint32_t copy = items_.take();
    items_[copy] = items_[index];
    items_[copy].user = false;
    copy_ties(copy, index);
    if (watched_) mark_of(copy).abandoned = mark_of(index).abandoned;
    return copy;
}

[[gnu::noinline]] inline void Network::arrive(std::uint32_t index, int station) { move(index, station); }

[[gnu::always_inline]] inline void Network::move(std::uint32_t index, int station) {
    if (station == model::outside) {
        finish(index);
        return;
    }
    Node& node = nodes_[static_cast<std::size_t>(station)];
    Item& item = items_[index];
    item.arrived = now_;
    item.started = now_;
    item.place = static_cast<std::uint16_t>(station);
    Visit& visit = visits_[node.first_visit + item.item_class];
    ++visit.arrivals;
    if (node.kind == Kind::fcfs) [[likely]] {
        enter_queue(index, node, visit);
    } else {
        enter(index, node, visit);
    }
}

/// A station of another kind than the usual.
[[gnu::noinline]] inline void Network::enter(std::uint32_t index, Node& node, Visit& visit) {
    switch (node.kind) {
        case Kind::fcfs:
            break;  // has been entered
        case Kind::sharing:
            enter_sharing(index, node, visit);
            break;
        case Kind::delay:
            node.occupancy.advance(now_);
            node.occupancy.enter();
            items_[index].stage = Stage::delayed;
            events_.push(now_ + visit.service.next(), index);
            break;
        case Kind::log:
            enter_log(index, node);
            break;
        case Kind::batch:
            enter_batch(index, node, visit);
            break;
        case Kind::ranked:
            enter_ranked(index, node, visit);
            break;
        case Kind::store:
            leave(index, visit);
            break;
        case Kind::limiter:
            enter_limiter(index, node, visit);
            break;
        case Kind::cache:
            enter_cache(index, node, visit);
            break;
        case Kind::pool:
            enter_pool(index, node);
            break;
        case Kind::fork:
            enter_fork(index, node, visit);
            break;
        case Kind::join:
            enter_join(index, node, visit);
            break;
    }
}

[[gnu::always_inline]] inline void Network::leave(std::uint32_t index, Visit& visit) {
    record(items_[index], visit);
    forward(index, visit);
}

[[gnu::always_inline]] inline void Network::record(const Item& item, Visit& visit) {
    ++visit.departures;
    visit.waiting.add(item.started - item.arrived);
    visit.response.add(now_ - item.arrived);
}

/// By the branch that the station has chosen.
inline void Network::leave_by(std::uint32_t index, Visit& visit, std::size_t branch) {
    const Item& item = items_[index];
    ++visit.departures;
    visit.waiting.add(now_ - item.arrived);
    visit.response.add(now_ - item.arrived);
    const std::vector<int>& stations = visit.path.stations;
    const int station = stations.empty()       ? visit.path.only
                        : stations.size() == 1 ? stations.front()
                                               : stations[branch];
    step(index, station, visit.path.guarded);
}

[[gnu::always_inline]] inline void Network::forward(std::uint32_t index, Visit& visit) {
    if (visit.yield_whole == 1 && visit.yield_fraction <= 0 && visit.read_point < 0) [[likely]] {
        send(index, visit.path);
    } else {
        forward_outputs(index, visit);
    }
}

[[gnu::noinline]] inline void Network::forward_outputs(std::uint32_t index, Visit& visit) {
    std::uint32_t outputs = visit.yield_whole;
    if (visit.yield_fraction > 0 && visit.yield_random.uniform() < visit.yield_fraction) ++outputs;
    if (outputs == 0) {
        end(index, &Flow::filtered);
        return;
    }
    for (std::uint32_t i = 1; i < outputs; ++i) {
        const std::uint32_t copy = clone(index);
        ++flow_of(copy).created;
        if (visit.read_point >= 0)
            freshness_[static_cast<std::size_t>(visit.read_point)].add(now_ - items_[copy].born);
        send_by_branch(copy, visit.path);
    }
    if (visit.read_point >= 0)
        freshness_[static_cast<std::size_t>(visit.read_point)].add(now_ - items_[index].born);
    send_by_branch(index, visit.path);
}

[[gnu::always_inline]] inline void Network::finish(std::uint32_t index) {
    if (watched_ && mark_of(index).abandoned) [[unlikely]] {
        dispose(index);
        return;
    }
    const Item& item = items_[index];
    Flow& flow = flow_of(index);
    const double response = now_ - item.born;
    ++flow.completed;
    flow.response.add(response);
    flow.bin_sum += response;
    ++flow.bin_count;
    warm_up_series_.add(response);
    dispose(index);
}

inline void Network::reject(std::uint32_t index, Visit& visit) {
    ++visit.rejected;
    end(index, &Flow::rejected);
}

/// It has waited too long.
inline void Network::expire(std::uint32_t index, Visit& visit) {
    ++visit.expired;
    end(index, &Flow::expired);
}

/// The end of an item that does not complete, unless it is tried again.
inline void Network::end(std::uint32_t index, std::uint64_t Flow::*outcome) {
    if (!forkings_.empty() && family_of(index) != none) [[unlikely]] {
        lose_copy(index, outcome);
        return;
    }
    Flow& flow = flow_of(index);
    if (watched_) {
        if (mark_of(index).abandoned) {
            dispose(index);
            return;
        }
        if (outcome != &Flow::filtered && tries_again(index, flow)) return;
    }
    ++(flow.*outcome);
    dispose(index);
}

[[gnu::always_inline]] inline void Network::dispose(std::uint32_t index) {
    if (watched_) [[unlikely]]
        forget(index);
    Item& item = items_[index];
    if (!item.user) [[likely]] {
        items_.release(index);
        return;
    }
    item.stage = Stage::thinking;
    if (switches_) item.item_class = origins_[index];
    Users& users = users_[static_cast<std::size_t>(flows_[item.item_class].users)];
    events_.push(now_ + users.think_time.next(), index);
}

}  // namespace headroom::sim::record
