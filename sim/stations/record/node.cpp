#include "sim/stations/record/node.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim::record {

Path::Path(const model::Route& route, const RandomStream& stream)
    : routing(route.routing), sampled(static_cast<std::size_t>(route.sampled)), random(stream) {
    const bool switches = std::any_of(route.branches.begin(), route.branches.end(),
                                      [](const model::Branch& branch) { return branch.item_class >= 0; });
    if (route.branches.size() == 1 && !switches) {
        only = route.branches.front().station;
        return;
    }
    double share = 0;
    for (const auto& branch : route.branches) {
        if (routing == model::Routing::split && branch.probability <= 0) continue;
        share += branch.probability;
        stations.push_back(branch.station);
        shares.push_back(share);
        if (switches) classes.push_back(branch.item_class);
    }
}

void Path::guard() {
    guarded = true;
    if (!stations.empty()) return;
    stations = {only};
    shares = {1};
}

std::size_t Path::choose() {
    const double u = random.uniform();
    std::size_t i = 0;
    while (i + 1 < shares.size() && u >= shares[i]) ++i;
    return i;
}

Persistence::Persistence(const model::Persistence& terms, const RandomStream& timeouts,
                         const RandomStream& pauses)
    : attempts(static_cast<std::uint32_t>(terms.attempts)),
      back_off(terms.back_off.value()),
      growth(terms.growth),
      longest(terms.longest.value()),
      jitter(terms.jitter),
      cancels(terms.cancels),
      random(pauses) {
    if (terms.timeout) timeout.emplace(*terms.timeout, timeouts);
}

double Persistence::pause_before(std::uint32_t attempt) {
    const double whole = std::min(longest, back_off * std::pow(growth, attempt - 2.0));
    return jitter > 0 ? whole * (1 - jitter * random.uniform()) : whole;
}

Ranked::Ranked(const model::Queue& queue, std::size_t classes, const RandomStream& order, bool removable,
               bool may_fail)
    : room(queue, classes, order, removable),
      last_first(queue.discipline == model::Discipline::lcfs_preemptive),
      preemptive(last_first || queue.discipline == model::Discipline::priority_preemptive),
      held(preemptive || !queue.speeds.empty() || may_fail),
      batch_least(static_cast<std::size_t>(queue.batch_least)),
      batch_most(static_cast<std::size_t>(queue.batch_most)),
      speeds{queue.speeds},
      varies(!queue.speeds.empty() || may_fail) {}

void Ranked::settle(double now, double present) {
    if (!varies) return;
    virtual_time = finishes.empty() ? 0 : virtual_time + (now - last) * health * speeds.at(present);
    last = now;
}

double Ranked::due(double finish, double now, double present) const {
    if (!varies) return finish;
    return now + std::max(0.0, finish - virtual_time) / (health * speeds.at(present));
}

Ranked::Precedence Ranked::precedence(const Item& item, std::uint32_t index) const {
    return {room.level_of(item), last_first ? -item.arrived : item.arrived, index};
}

namespace {

/// The profile of bulks rather than of items.
model::RateProfile bulk_profile(const model::OpenSource& source) {
    model::RateProfile profile = source.rate;
    profile.base = model::per_second(profile.base.value() / source.pattern.bulk.mean());
    return profile;
}

}  // namespace

Source::Source(const model::OpenSource& source, double horizon, const Streams& streams, const std::string& of,
               Path way)
    : item_class(static_cast<std::uint8_t>(source.item_class)),
      gaps(source.interarrival, streams(of, "arrivals")),
      clock(bulk_profile(source), horizon),
      single(source.pattern.bulk.is_one()),
      bulk(source.pattern.bulk),
      bulks(streams(of, "bulks")),
      path(std::move(way)) {
    const double size = bulk.mean();
    if (source.pattern.trace.times) trace.emplace(source.pattern.trace);
    if (source.pattern.states.empty()) return;
    std::vector<model::ModulatedState> states = source.pattern.states;
    for (auto& state : states) state.rate = model::per_second(state.rate.value() / size);
    modulated.emplace(states, horizon, streams(of, "states of arrivals"));
}

Log::Log(const model::PartitionedLog& log, const RandomStream& keys)
    : random(keys),
      consumers(static_cast<std::size_t>(log.consumers)),
      poll_interval(log.poll_interval.value()),
      retention(log.retention.value()) {
    double share = 0;
    for (const double s : log.shares) shares.push_back(share += s);
}

std::size_t Log::choose_consumer() {
    const double u = random.uniform() * shares.back();
    const auto above = std::upper_bound(shares.begin(), shares.end(), u);
    const auto partition = std::min<std::ptrdiff_t>(above - shares.begin(), std::ssize(shares) - 1);
    return static_cast<std::size_t>(partition) % consumers.size();
}

double Log::poll_after(const Consumer& consumer, double t) const {
    if (poll_interval <= 0) return t;
    return std::max(t, consumer.phase + std::ceil((t - consumer.phase) / poll_interval) * poll_interval);
}

}  // namespace headroom::sim::record
