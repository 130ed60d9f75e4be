// The loop over events. All that an event does is in headers included here and nowhere else, so that the
// compiler sees it whole.

#include "sim/stations/record/batch.h"
#include "sim/stations/record/cache.h"
#include "sim/stations/record/fork.h"
#include "sim/stations/record/gates.h"
#include "sim/stations/record/limiter.h"
#include "sim/stations/record/log.h"
#include "sim/stations/record/moves.h"
#include "sim/stations/record/network.h"
#include "sim/stations/record/outage.h"
#include "sim/stations/record/pool.h"
#include "sim/stations/record/queue.h"
#include "sim/stations/record/ranked.h"
#include "sim/stations/record/requests.h"
#include "sim/stations/record/sharing.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace headroom::sim::record {

[[gnu::always_inline]] inline void Network::dispatch(std::uint32_t index) {
    if (items_[index].stage == Stage::source) {
        next_arrival(index);
    } else {
        dispatch_rare(index);
    }
}

[[gnu::noinline]] inline void Network::dispatch_rare(std::uint32_t index) {
    switch (items_[index].stage) {
        case Stage::source:
        case Stage::served:
            break;  // have been dealt with
        case Stage::delayed:
            delayed(index);
            break;
        case Stage::thinking:
            request(index);
            break;
        case Stage::sharing:
            share_out(index);
            break;
        case Stage::polling:
            polled(index);
            break;
        case Stage::consumed:
            consumed(index);
            break;
        case Stage::gathering:
            waited(index);
            break;
        case Stage::committed:
            committed(index);
            break;
        case Stage::ranked:
            ranked_served(index);
            break;
        case Stage::ranking:
            ranked_due(index);
            break;
        case Stage::outage:
            change_capacity(index);
            break;
        case Stage::hedging:
            hedged(index);
            break;
        case Stage::refilling:
            refilled(index);
            break;
        case Stage::pooling:
            play_pool(index);
            break;
        case Stage::patience:
            quit(index);
            break;
        case Stage::opening:
            open_gate(index);
            break;
        case Stage::deadline:
            time_out(index);
            break;
        case Stage::orbiting:
            come_again(index);
            break;
        case Stage::backing_off:
            ask_again(index);
            break;
        case Stage::pooled:
        case Stage::forked:
        case Stage::blocked:
        case Stage::outside:
        case Stage::held:
        case Stage::unused:
        case Stage::waiting:
        case Stage::shared:
        case Stage::accompanying:
            break;  // have no events
    }
}

template <bool traced>
bool Network::run_until(double limit) {
    constexpr int events_between_looks = 1024;
    for (;;) {
        if (options_.stop.stop_requested()) return false;
        for (int i = 0; i < events_between_looks; ++i) {
            const double next = events_.next_time();
            if (next >= limit) {
                now_ = limit;
                return true;
            }
            now_ = next;
            const std::uint32_t payload = events_.pop(), index = payload & (served_mark - 1);
            if constexpr (traced) {
                const Item& item = items_[index];
                const auto what = static_cast<std::uint64_t>(item.stage) << 16 | item.place;
                for (const std::uint64_t word : {std::bit_cast<std::uint64_t>(now_), what}) {
                    fingerprint_ = std::rotl((fingerprint_ ^ word) * 0x9e3779b97f4a7c15, 29);
                }
            }
            if (payload >= served_mark) {
                served(index);
            } else {
                dispatch(index);
            }
        }
    }
}

template <class RunUntil>
void Network::run_by(const RunUntil& run_until) {
    constexpr int stretches = 32;
    const int bins = std::max(1, options_.bins);
    const double warm_up = std::min(options_.warm_up, horizon_);
    double start = 0;
    for (int bin = 0; bin < bins && !stopped_; ++bin) {
        const double end = horizon_ * (bin + 1) / bins;
        if (warm_up > start && warm_up <= end) {
            stopped_ = !run_until(warm_up);
            if (!stopped_) end_warm_up();
        }
        if (!stopped_) stopped_ = !run_until(end);
        if (!stopped_) close_bin(end - start);
        if (!stopped_ && ((bin + 1) * stretches / bins != bin * stretches / bins)) close_stretch();
        start = end;
    }
}

template <bool traced>
void Network::run() {
    run_by([this](double limit) { return run_until<traced>(limit); });
}

template void Network::run<false>();
template void Network::run<true>();

Network::Shortcut Network::run_without_events() {
    const Parts parts{nodes_, visits_, flows_, sources_, freshness_, turns_, warm_up_series_, horizon_};
    const auto is_source = [](const Item& item) { return item.stage == Stage::source; };
    if (watched_ || !std::all_of(items_.all().begin(), items_.all().end(), is_source))
        return Shortcut::events_needed;
    auto order = Recursion::order_of(parts);
    if (!order) return Shortcut::events_needed;
    std::vector<double> firsts(sources_.size(), std::numeric_limits<double>::infinity());
    while (!events_.empty()) {
        const double first = events_.next_time();
        firsts[items_[events_.pop()].place] = first;
    }
    recursion_.emplace(parts, *std::move(order), firsts);
    run_by([this](double limit) {
        const bool reached = recursion_->run_until(limit, options_.stop);
        now_ = recursion_->now();
        return reached;
    });
    return recursion_->tied() ? Shortcut::spoiled : Shortcut::taken;
}

void Network::close_bin(double width) {
    for (Node& node : nodes_) {
        Occupancy& occupancy = node.occupancy;
        occupancy.advance(now_);
        const double busy =
            occupancy.busy_integral - std::exchange(node.busy_binned, occupancy.busy_integral);
        const double present = occupancy.population_integral -
                               std::exchange(node.population_binned, occupancy.population_integral);
        node.utilisation.push_back(node.nominal > 0 ? busy / (width * node.nominal) : 0);
        node.queue.push_back(present / width);
    }
    for (Caching& caching : cachings_) {
        const double lookups = std::exchange(caching.lookups_in_bin, 0);
        const double hits = std::exchange(caching.hits_in_bin, 0);
        caching.ratios.push_back(lookups > 0 ? hits / lookups : std::numeric_limits<double>::quiet_NaN());
    }
    for (Flow& flow : flows_) {
        const auto left = static_cast<double>(std::exchange(flow.bin_count, 0));
        const double sum = std::exchange(flow.bin_sum, 0);
        flow.response_bins.push_back(left > 0 ? sum / left : std::numeric_limits<double>::quiet_NaN());
        flow.throughput.push_back(left / width);
    }
}

void Network::close_stretch() {
    for (Visit& visit : visits_) {
        visit.waiting.close_stretch();
        visit.response.close_stretch();
    }
    for (Flow& flow : flows_) flow.response.close_stretch();
    for (Recorder& freshness : freshness_) freshness.close_stretch();
}

void Network::end_warm_up() {
    for (Visit& visit : visits_) {
        items_before_ += static_cast<double>(visit.arrivals);
        visit.arrivals = visit.departures = visit.rejected = visit.expired = 0;
        visit.waiting.clear();
        visit.response.clear();
    }
    for (Node& node : nodes_) {
        node.occupancy.advance(now_);
        node.occupancy.population_max = node.occupancy.population;
        node.population_before = node.occupancy.population_integral;
        node.busy_before = node.occupancy.busy_integral;
    }
    for (Log& log : logs_) {
        for (Consumer& consumer : log.consumers) {
            consumer.busy_time = 0;
            consumer.since = now_;
        }
    }
    for (Batching& batching : batchings_) batching.commits = 0;
    for (Pooling& pooling : poolings_) pooling.scaled_before = pooling.pool.scaled_until(now_);
    for (Caching& caching : cachings_) caching.lookups = caching.hits = 0;
    for (Flow& flow : flows_) {
        flow.completed_before = flow.completed;
        flow.response.clear();
    }
    for (Recorder& freshness : freshness_) freshness.clear();
}

}  // namespace headroom::sim::record
