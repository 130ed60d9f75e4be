#include "sim/platform/flow_network.h"

#include "sim/analytic/traffic.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

void FlowNetwork::send(const model::Route& route, int item_class, int from, const Outflow& out) {
    for (const auto& branch : route.branches) {
        const double weight = weight_of(route, branch, out.diverted);
        const double flow = out.rate * weight;
        if (flow <= 0) continue;
        if (branch.station == model::outside) continue;
        const auto to = at(branch.station);
        if (from != model::outside && position_[to] <= position_[at(from)]) {
            returned_[to][at(item_class)] += flow;
            continue;
        }
        Coming& coming = coming_[to];
        // In turn, each branch gets the sums of gaps; by chance, a random part of the stream. Peers get it
        // together.
        const bool in_turn = route.routing == model::Routing::round_robin;
        const bool whole = in_turn || route.routing == model::Routing::least_loaded;
        const double share = std::min(1.0, out.thinning * (whole ? 1 : weight));
        coming.rate[at(item_class)] += flow;
        coming.all += flow;
        coming.scv_weighted += flow * (share * out.scv * (in_turn ? weight : 1) + 1 - share);
        coming.flows += 1;
        coming.gap = share == 1 && !in_turn ? out.gap : nullptr;
        coming.pattern = share == 1 && !in_turn ? out.pattern : nullptr;
        if (out.bulks) {
            coming.bulky += flow;
            coming.bulks = out.bulks;
        }
    }
}

// What servers that fail in this step have in hand, where it is lost with them.
void FlowNetwork::lose_interrupted() {
    for (; next_change_ < changes_.size() && changes_[next_change_].time < to_; ++next_change_) {
        const CapacityChange& change = changes_[next_change_];
        const std::size_t s = at(change.station);
        const double before = std::exchange(capacity_[s], change.capacity);
        // Jobs of a pool are never lost: their tasks begin anew.
        if (change.work != model::Interrupted::lose || change.capacity >= before ||
            std::holds_alternative<model::BatchPool>(system_.stations[s].primitive))
            continue;
        const double present = std::accumulate(content_[s].begin(), content_[s].end(), 0.0);
        const double gone = std::min(busy_[s], present) * (before - change.capacity) / before;
        for (std::size_t k = 0; k < content_[s].size() && present > 0; ++k) {
            const double lost = gone * content_[s][k] / present;
            content_[s][k] -= lost;
            result_.classes[k].lost += lost;
        }
    }
}

void FlowNetwork::flow_step(std::size_t step) {
    from_ = edges_[step];
    to_ = edges_[step + 1];
    const double length = to_ - from_, measured = measured_share(step);
    for (Coming& coming : coming_) coming.clear();
    lose_interrupted();
    set_source_rates(step);
    for (auto& by_class : returned_) std::fill(by_class.begin(), by_class.end(), 0.0);
    for (const Source& source : sources_) enter(source, length, measured);
    for (const int s : order_) {
        Coming& coming = coming_[at(s)];
        for (std::size_t k = 0; k < coming.rate.size(); ++k) {
            const double back = return_rate_[at(s)][k];
            coming.rate[k] += back;
            coming.flows += back > 0;
            coming.all += back;
            coming.scv_weighted += back;
            returning_[at(s)][k] -= back * length;
        }
        inflow_.start = from_;
        inflow_.length = length;
        inflow_.rate = coming.rate;
        inflow_.scv = coming.all > 0 ? coming.scv_weighted / coming.all : 1;
        inflow_.gap = coming.flows == 1 ? coming.gap : nullptr;
        inflow_.pattern = coming.flows == 1 ? coming.pattern : nullptr;
        inflow_.bulks = coming.bulky > 0.5 * coming.all ? coming.bulks : nullptr;
        if (from_ < options_.warm_up)
            scaled_before_[at(s)] = stations_[at(s)]->scaled_until(std::min(to_, options_.warm_up));
        answer_.clear(coming.rate.size());
        stations_[at(s)]->step(inflow_, answer_);
        busy_[at(s)] = answer_.utilisation * stations_[at(s)]->servers();
        last_rate_[at(s)] = coming.rate;
        const model::Station& station = system_.stations[at(s)];
        departures_.assign(coming.rate.size(), 0.0);
        for (std::size_t k = 0; k < departures_.size(); ++k) {
            content_[at(s)][k] += coming.rate[k] * length * (1 - answer_.rejected[k] - answer_.expired[k]);
            const double lost = std::min(answer_.lost[k], content_[at(s)][k]);
            content_[at(s)][k] -= lost;
            result_.classes[k].lost += lost;
            departures_[k] = std::max(0.0, content_[at(s)][k] - answer_.content[k]);
        }
        tally_step(at(s), step);
        for (std::size_t k = 0; k < departures_.size(); ++k) {
            if (departures_[k] <= 0) continue;
            content_[at(s)][k] -= departures_[k];
            const double out = departures_[k] * station.yields[k];
            // What becomes of requests that are asked again, tracers tell.
            ClassTally attempts;
            ClassTally& tally = asking_source_[k] < 0 ? result_.classes[k] : attempts;
            const bool forks = std::holds_alternative<model::Fork>(station.primitive);
            const bool joins = std::holds_alternative<model::Join>(station.primitive);
            if (forks) {
                // The item stays, all that goes on are copies.
                tally.created += out;
                forked_[k] += departures_[k];
            } else if (joins) {
                tally.merged += departures_[k];
                forked_[k] -= out;
            } else {
                (station.yields[k] < 1 ? tally.filtered : tally.created) += std::abs(out - departures_[k]);
            }
            double weights = 0, through = 0;
            for (const auto& branch : station.routes[k].branches) {
                const double weight = weight_of(station.routes[k], branch, answer_.diverted[k]);
                weights += weight;
                if (branch.station == model::outside) through += weight;
            }
            tally.created += out * (weights - 1);
            tally.completed += out * through;
            tally.measured += out * through * measured;
            if (through > 0 && asking_source_[k] < 0) spread(tally.throughput, from_, to_, out * through);
            send(station.routes[k], static_cast<int>(k), s,
                 {.rate = out / length,
                  // Several copies at once along a branch come in bulks.
                  .scv = forks && station.yields[k] > 1 ? station.yields[k] * (inflow_.scv + 1) - 1
                                                        : inflow_.scv,
                  .thinning = station.yields[k],
                  .diverted = answer_.diverted[k],
                  .bulks = answer_.bulks});
        }
    }
    for (std::size_t s = 0; s < content_.size(); ++s)
        for (std::size_t k = 0; k < content_[s].size(); ++k) {
            returning_[s][k] += returned_[s][k] * length;
            // What the guess of this step missed is made up for in the next.
            const double next = step + 2 < edges_.size() ? edges_[step + 2] - edges_[step + 1] : length;
            return_rate_[s][k] = std::max(0.0, returned_[s][k] + returning_[s][k] / std::max(length, next));
        }
}

Replication FlowNetwork::run() {
    for (std::size_t step = 0; step + 1 < edges_.size(); ++step) {
        if (options_.stop.stop_requested()) {
            result_.stopped = true;
            return std::move(result_);
        }
        flow_step(step);
        trace();
    }
    finish();
    return std::move(result_);
}

}  // namespace headroom::sim
