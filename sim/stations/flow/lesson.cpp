#include "sim/stations/flow/lesson.h"

#include "sim/analytic/special_queues.h"
#include "sim/kernel/random.h"
#include "sim/platform/replication.h"
#include "sim/stations/flow/lesson_cache.h"

#include <algorithm>
#include <numeric>

namespace headroom::sim::flow {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// A system of this station alone, or with its peers, with what comes to it.
model::System system_around(const Question& question) {
    model::System alone;
    const std::size_t classes = question.rates.size();
    const int peers = question.peers.stations;
    for (std::size_t k = 0; k < classes; ++k) alone.classes.push_back({std::to_string(k), ""});
    model::Route in{.routing = peers > 1 ? model::Routing::least_loaded : model::Routing::split,
                    .branches = {},
                    .sampled = question.peers.sampled};
    for (int i = 0; i < peers; ++i) {
        model::Station station;
        station.name = i == 0 ? "station" : "station " + std::to_string(i);
        station.component = i;
        station.primitive = question.primitive;
        station.routes.assign(classes, model::Route{});
        for (const double size : question.sizes) station.sizes.emplace_back(size);
        station.yields.assign(classes, 1.0);
        alone.components.push_back(station.name);
        alone.stations.push_back(std::move(station));
        in.branches.push_back({i, 1.0 / peers});
    }
    for (std::size_t k = 0; k < classes; ++k) {
        if (question.rates[k] <= 0) continue;
        model::OpenSource source;
        source.item_class = static_cast<int>(k);
        source.rate.base = model::ItemRate(question.rates[k] * peers);
        source.interarrival = question.gaps[k];
        source.route = in;
        source.pattern.bulk = question.bulk;
        for (model::ModulatedState state : question.states) {
            state.rate = state.rate * source.rate.base.value();
            source.pattern.states.push_back(std::move(state));
        }
        alone.open.push_back(std::move(source));
    }
    for (const ClosedVisitors& visitors : question.closed)
        alone.closed.push_back({visitors.item_class, visitors.users, visitors.between, in});
    return alone;
}

/// Visits a second and the longest cycle of closed visitors, who come at most as fast as they think, and as
/// fast as the servers serve them.
std::pair<double, double> pace_of_closed(const Question& question) {
    const auto* queue = std::get_if<model::Queue>(&question.primitive);
    if (queue == nullptr) return {0, 0};
    double slowest = 0, rate = 0, work = 0;
    for (const ClosedVisitors& visitors : question.closed) {
        const double service = queue->service[at(visitors.item_class)].mean;
        const double cycle = std::max(1e-12, visitors.between.mean + service);
        rate += visitors.users / cycle;
        work += visitors.users / cycle * service;
        slowest = std::max(slowest, cycle);
    }
    const double servers = std::min(queue->servers, queue->admitted);
    return {work > servers ? rate * servers / work : rate, slowest};
}

Lesson teach(const Question& question, std::uint64_t seed, std::stop_token stop) {
    const std::size_t classes = question.rates.size();
    Lesson lesson;
    lesson.waiting.resize(classes);
    lesson.response.resize(classes);
    lesson.rejected.assign(classes, 0.0);
    lesson.expired.assign(classes, 0.0);
    lesson.rate.assign(classes, 0.0);
    const auto [closed, slowest] = pace_of_closed(question);
    const double rate = closed + std::accumulate(question.rates.begin(), question.rates.end(), 0.0);
    if (rate <= 0) return lesson;
    model::System alone = system_around(question);
    const double warm_up = std::max(0.1 * question.visits / rate, 3 * slowest);
    alone.horizon = model::seconds(warm_up + question.visits / rate / question.peers.stations);
    const ReplicationOptions options{.seed = seed,
                                     .replication = question.variant,
                                     .warm_up = warm_up,
                                     .bins = 1,
                                     .stop = std::move(stop)};
    const Replication seen = simulate_records(alone, options);
    const double time = seen.measured_time * question.peers.stations;
    for (std::size_t k = 0; k < classes; ++k) {
        VisitTally all;
        for (const StationTally& tally : seen.stations) {
            const VisitTally& visit = tally.visits[k];
            all.waiting.merge(visit.waiting);
            all.response.merge(visit.response);
            all.arrivals += visit.arrivals;
            all.departures += visit.departures;
            all.rejected += visit.rejected;
            all.expired += visit.expired;
        }
        lesson.waiting[k] = Quantiles(all.waiting);
        lesson.response[k] = Quantiles(all.response);
        if (all.arrivals > 0) {
            lesson.rejected[k] = all.rejected / all.arrivals;
            lesson.expired[k] = all.expired / all.arrivals;
        }
        lesson.rate[k] = all.departures / time;
    }
    double busy = 0, capacity = 0;
    for (const StationTally& tally : seen.stations) {
        busy += tally.busy;
        capacity += tally.capacity;
        lesson.present += tally.population / time;
        lesson.most = std::max(lesson.most, tally.population_max);
    }
    lesson.utilisation = capacity > 0 ? busy / capacity : 0;
    return lesson;
}

}  // namespace

void Question::leave(int left, int servers) {
    auto* queue = std::get_if<model::Queue>(&primitive);
    if (queue == nullptr) return;
    const double time = static_cast<double>(left) / servers;
    queue->servers = left;
    for (model::Distribution& service : queue->service) service = service.scaled(time);
    for (auto& patience : queue->patience)
        if (patience) patience = patience->scaled(time);
    for (ClosedVisitors& visitors : closed) visitors.between = visitors.between.scaled(time);
}

std::shared_ptr<const Lesson> lesson_for(const Question& question, std::stop_token stop) {
    const std::string key = key_of(question);
    LessonCache& cache = LessonCache::shared();
    if (auto known = cache.find(key, question.rates.size())) return known;
    Lesson lesson = teach(question, stream_id(bytes_of(question), "lesson"), stop);
    if (stop.stop_requested()) return std::make_shared<const Lesson>(std::move(lesson));
    return cache.keep(key, std::move(lesson));
}

bool all_impatient(const model::Queue& queue) {
    return !queue.patience.empty() && std::all_of(queue.patience.begin(), queue.patience.end(),
                                                  [](const auto& patience) { return patience.has_value(); });
}

Pace pace_of(const model::Queue& queue) {
    using model::Discipline;
    const Discipline order = queue.discipline;
    const bool sharing = order == Discipline::processor_sharing;
    const bool ranked = order == Discipline::priority || order == Discipline::priority_preemptive;
    const bool interrupted = order == Discipline::priority_preemptive || order == Discipline::lcfs_preemptive;
    const bool special = is_special(queue), impatient = all_impatient(queue);
    const bool crowded = queue.capacity != model::unlimited && queue.capacity - queue.servers < ample_room;
    Pace pace{
        .servers = std::min(queue.servers, queue.admitted),
        .service = queue.service,
        .bounded = crowded || impatient,
        .impatient = impatient,
        .room = queue.capacity != model::unlimited ? queue.capacity : std::numeric_limits<double>::infinity(),
        .priorities = ranked ? queue.priorities : std::vector<double>{},
        .service_apart = !sharing && !interrupted && !special,
        .insensitive = sharing,
        .idles_at_work = special};
    // At full speed and in full batches.
    for (auto& service : pace.service)
        service = service.scaled(std::min(queue.servers, queue.admitted) / full_capacity(queue));
    return pace;
}

}  // namespace headroom::sim::flow
