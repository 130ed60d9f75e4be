#include "sim/stations/record/network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace headroom::sim::record {

namespace {

constexpr std::size_t most_stations = 65536, most_classes = 256;

const model::Distribution& time_at(const model::Primitive& primitive, std::size_t item_class) {
    static const model::Distribution none_at_all = model::Distribution::constant(0);
    if (const auto* queue = std::get_if<model::Queue>(&primitive)) return queue->service[item_class];
    if (const auto* delay = std::get_if<model::Delay>(&primitive)) return delay->time[item_class];
    if (const auto* log = std::get_if<model::PartitionedLog>(&primitive)) return log->service[item_class];
    return none_at_all;
}

double or_infinity(int limit) {
    return limit == model::unlimited ? std::numeric_limits<double>::infinity() : limit;
}

}  // namespace

Network::Network(const model::System& system, const ReplicationOptions& options)
    : changes_(capacity_changes(system, options.seed, options.replication)),
      failing_(options.seed, stream_id("outages", "which server"),
               static_cast<std::uint64_t>(options.replication)),
      options_(options),
      streams_{options.seed, static_cast<std::uint64_t>(options.replication)},
      horizon_(system.horizon.value()) {
    if (system.stations.size() > most_stations || system.classes.size() > most_classes ||
        system.open.size() > most_stations) {
        throw std::length_error("a system has more stations, sources or classes than can be simulated");
    }
    flows_.resize(system.classes.size());
    for (const auto& item_class : system.classes) class_names_.push_back(item_class.name);
    for (const auto& station : system.stations)
        for (const auto& route : station.routes)
            for (const auto& branch : route.branches) switches_ = switches_ || branch.item_class >= 0;
    turns_.resize(system.stations.size() + system.classes.size());
    for (int i = 0; i < std::ssize(system.stations); ++i) build_station(system, i);
    freshness_.resize(system.read_points.size());
    for (std::size_t i = 0; i < system.read_points.size(); ++i) {
        const auto& point = system.read_points[i];
        const Node& node = nodes_[static_cast<std::size_t>(point.station)];
        visits_[node.first_visit + static_cast<std::size_t>(point.item_class)].read_point =
            static_cast<int>(i);
    }
    start_sources(system);
}

Path Network::make_path(const model::System& system, const model::Route& route, const RandomStream& random,
                        std::size_t turn) {
    Path path(route, random);
    path.turn = turn;
    if (route.routing != model::Routing::least_loaded) return path;
    for (const int to : path.stations) {
        auto& nodes = path.components.emplace_back();
        for (std::size_t s = 0; to != model::outside && s < system.stations.size(); ++s)
            if (system.stations[s].component == system.stations[static_cast<std::size_t>(to)].component)
                nodes.push_back(static_cast<std::uint32_t>(s));
    }
    return path;
}

Visit Network::make_visit(const model::System& system, int index, int item_class) const {
    const auto& station = system.stations[static_cast<std::size_t>(index)];
    const auto c = static_cast<std::size_t>(item_class);
    const std::string& of = system.classes[c].name;
    Visit visit(time_at(station.primitive, c), streams_(station.name, "service of " + of),
                streams_(station.name, "yield of " + of),
                make_path(system, station.routes[c], streams_(station.name, "routing of " + of),
                          static_cast<std::size_t>(index)));
    visit.size = station.sizes[c].value();
    // Forks and joins make and merge copies themselves: their yields are for those who count in rates.
    const bool itself = std::holds_alternative<model::Fork>(station.primitive) ||
                        std::holds_alternative<model::Join>(station.primitive);
    const double yield = itself ? 1 : station.yields[c], whole = std::floor(yield);
    visit.yield_whole = static_cast<std::uint32_t>(whole);
    visit.yield_fraction = yield - whole;
    return visit;
}

std::uint32_t Network::make_timer(Stage stage, std::size_t place, std::uint32_t consumer) {
    const std::uint32_t index = items_.take();
    Item& item = items_[index];
    item.stage = stage;
    item.place = static_cast<std::uint16_t>(place);
    item.next = consumer;
    return index;
}

void Network::build_station(const model::System& system, int index) {
    const auto& station = system.stations[static_cast<std::size_t>(index)];
    const std::size_t place = nodes_.size();
    Node& node = nodes_.emplace_back();
    node.first_visit = static_cast<std::uint32_t>(visits_.size());
    for (int c = 0; c < std::ssize(system.classes); ++c) visits_.push_back(make_visit(system, index, c));

    if (const auto* queue = std::get_if<model::Queue>(&station.primitive)) {
        const bool may_fail =
            std::any_of(system.outages.begin(), system.outages.end(), [&](const model::Outage& outage) {
                return std::any_of(outage.effects.begin(), outage.effects.end(),
                                   [&](const auto& effect) { return effect.station == index; });
            });
        node.servers = queue->servers;
        node.capacity = or_infinity(queue->capacity);
        node.kind = Kind::fcfs;
        if (queue->discipline == model::Discipline::processor_sharing) {
            node.kind = Kind::sharing;
            node.detail = static_cast<std::uint32_t>(sharings_.size());
            Sharing& sharing = sharings_.emplace_back();
            sharing.admitted_limit = or_infinity(queue->admitted);
            sharing.armed = std::numeric_limits<double>::infinity();
            sharing.timer = make_timer(Stage::sharing, place);
        } else if (queue->discipline != model::Discipline::fcfs || may_fail) {
            node.kind = Kind::ranked;
            node.detail = static_cast<std::uint32_t>(rankeds_.size());
            rankeds_.emplace_back(*queue, system.classes.size(), streams_(station.name, "order of service"),
                                  may_fail);
            if (rankeds_.back().holds) rankeds_.back().timer = make_timer(Stage::ranking, place);
        }
    } else if (std::holds_alternative<model::Delay>(station.primitive)) {
        node.kind = Kind::delay;
    } else if (const auto* log = std::get_if<model::PartitionedLog>(&station.primitive)) {
        node.kind = Kind::log;
        node.servers = log->consumers;
        node.detail = static_cast<std::uint32_t>(logs_.size());
        logs_.emplace_back(*log, streams_(station.name, "partitions"));
        RandomStream phases = streams_(station.name, "polls");
        for (std::size_t i = 0; i < logs_.back().consumers.size(); ++i) {
            Consumer& consumer = logs_.back().consumers[i];
            consumer.phase = phases.uniform() * log->poll_interval.value();
            consumer.timer = make_timer(Stage::polling, place, static_cast<std::uint32_t>(i));
        }
    } else if (const auto* batch = std::get_if<model::Batch>(&station.primitive)) {
        node.kind = Kind::batch;
        node.servers = batch->writers;
        node.detail = static_cast<std::uint32_t>(batchings_.size());
        batchings_.emplace_back(*batch, streams_(station.name, "commits"));
        batchings_.back().timer = make_timer(Stage::gathering, place);
    } else if (const auto* limiter = std::get_if<model::Limiter>(&station.primitive)) {
        node.kind = Kind::limiter;
        node.servers = 1;  // that hands out the tokens
        node.capacity = or_infinity(limiter->capacity);
        node.detail = static_cast<std::uint32_t>(limitings_.size());
        limitings_.emplace_back(*limiter);
        limitings_.back().timer = make_timer(Stage::refilling, place);
    } else if (const auto* cache = std::get_if<model::Cache>(&station.primitive)) {
        node.kind = Kind::cache;
        node.detail = static_cast<std::uint32_t>(cachings_.size());
        cachings_.push_back({KeyCache(*cache, streams_(station.name, "keys"))});
    } else if (const auto* pool = std::get_if<model::BatchPool>(&station.primitive)) {
        node.kind = Kind::pool;
        node.servers = static_cast<double>(pool->nodes) * pool->slots_per_node;
        node.detail = static_cast<std::uint32_t>(poolings_.size());
        poolings_.push_back(
            {JobPool(*pool, [&](const std::string& purpose) { return streams_(station.name, purpose); })});
        poolings_.back().timer = make_timer(Stage::pooling, place);
        poolings_.back().armed = poolings_.back().pool.next_time();
        if (std::isfinite(poolings_.back().armed))
            events_.push(poolings_.back().armed, poolings_.back().timer);
    } else if (const auto* fork = std::get_if<model::Fork>(&station.primitive)) {
        node.kind = Kind::fork;
        node.detail = static_cast<std::uint32_t>(forkings_.size());
        const auto& join = system.stations[static_cast<std::size_t>(fork->join)].primitive;
        forkings_.emplace_back(*fork, std::get<model::Join>(join), streams_(station.name, "first copies"));
    } else if (std::holds_alternative<model::Join>(station.primitive)) {
        node.kind = Kind::join;
    } else {
        node.kind = Kind::store;
    }
    node.nominal = node.servers;
}

void Network::start_sources(const model::System& system) {
    if (!changes_.empty()) events_.push(changes_.front().time, make_timer(Stage::outage, 0));
    for (const auto& open : system.open) {
        const std::string& of = system.classes[static_cast<std::size_t>(open.item_class)].name;
        sources_.emplace_back(open, horizon_, streams_(of, "arrivals"),
                              make_path(system, open.route, streams_(of, "routing of arrivals"),
                                        system.stations.size() + static_cast<std::size_t>(open.item_class)));
        Source& source = sources_.back();
        const double first = source.clock.after(source.gaps.next());
        const std::uint32_t index = make_timer(Stage::source, sources_.size() - 1);
        if (first < horizon_) events_.push(first, index);
    }
    for (const auto& closed : system.closed) {
        Flow& flow = flows_[static_cast<std::size_t>(closed.item_class)];
        if (flow.users >= 0) throw std::invalid_argument("a class has more than one closed source");
        const std::string& of = system.classes[static_cast<std::size_t>(closed.item_class)].name;
        flow.users = static_cast<int>(users_.size());
        users_.emplace_back(closed, streams_(of, "thinking"),
                            make_path(system, closed.route, streams_(of, "routing of requests"),
                                      system.stations.size() + static_cast<std::size_t>(closed.item_class)));
        for (int i = 0; i < closed.users; ++i) {
            const std::uint32_t index = make_timer(Stage::thinking, 0);
            items_[index].item_class = static_cast<std::uint8_t>(closed.item_class);
            items_[index].user = true;
            set_origin(index, items_[index].item_class);
            events_.push(users_.back().think_time.next(), index);
        }
    }
}

Replication Network::tallies() {
    Replication result;
    result.stopped = stopped_;
    result.measured_time = std::max(0.0, now_ - options_.warm_up);
    result.items = items_before_;
    result.warm_up_series = warm_up_series_.take();
    for (Recorder& freshness : freshness_) result.freshness.push_back(freshness.take());

    for (Node& node : nodes_) {
        node.occupancy.advance(now_);
        StationTally& tally = result.stations.emplace_back();
        tally.busy = node.occupancy.busy_integral - node.busy_before;
        tally.capacity = node.nominal * result.measured_time;
        tally.population = node.occupancy.population_integral - node.population_before;
        tally.population_max = node.occupancy.population_max;
        tally.population_end = node.occupancy.population;
        tally.utilisation = std::move(node.utilisation);
        tally.queue = std::move(node.queue);
        tally.hottest = tally.capacity > 0 ? tally.busy / tally.capacity : 0;
        if (node.kind == Kind::batch) tally.batches = batchings_[node.detail].commits;
        if (node.kind == Kind::log && result.measured_time > 0) {
            for (const Consumer& consumer : logs_[node.detail].consumers) {
                const double busy = consumer.busy_time + (consumer.busy ? now_ - consumer.since : 0);
                tally.hottest = std::max(tally.hottest, busy / result.measured_time);
            }
        }
        if (node.kind == Kind::cache) {
            Caching& caching = cachings_[node.detail];
            tally.lookups = caching.lookups;
            tally.hits = caching.hits;
            tally.hit_ratio = std::move(caching.ratios);
        }
        for (std::size_t c = 0; c < flows_.size(); ++c) {
            Visit& visit = visits_[node.first_visit + c];
            result.items += static_cast<double>(visit.arrivals);
            VisitTally& tallied = tally.visits.emplace_back();
            tallied.arrivals = static_cast<double>(visit.arrivals);
            tallied.departures = static_cast<double>(visit.departures);
            tallied.rejected = static_cast<double>(visit.rejected);
            tallied.waiting = visit.waiting.take();
            tallied.response = visit.response.take();
        }
    }

    std::vector<std::uint64_t> in_flight(flows_.size());
    for (std::uint32_t i = 0; i < items_.all().size(); ++i)
        if (in_system(items_[i].stage)) ++in_flight[switches_ ? origins_[i] : items_[i].item_class];
    for (std::size_t c = 0; c < flows_.size(); ++c) {
        Flow& flow = flows_[c];
        const std::uint64_t in = flow.arrived + flow.created;
        const std::uint64_t out =
            flow.completed + flow.merged + flow.filtered + flow.rejected + flow.lost + in_flight[c];
        if (in != out) {
            throw std::logic_error("the items of class '" + class_names_[c] +
                                   "' do not balance: " + std::to_string(in) + " came, " +
                                   std::to_string(out) + " are accounted for");
        }
        ClassTally& tally = result.classes.emplace_back();
        tally.arrived = static_cast<double>(flow.arrived);
        tally.created = static_cast<double>(flow.created);
        tally.completed = static_cast<double>(flow.completed);
        tally.filtered = static_cast<double>(flow.filtered);
        tally.in_flight = static_cast<double>(in_flight[c]);
        tally.rejected = static_cast<double>(flow.rejected);
        tally.lost = static_cast<double>(flow.lost);
        tally.merged = static_cast<double>(flow.merged);
        tally.measured = static_cast<double>(flow.completed - flow.completed_before);
        tally.response = flow.response.take();
        tally.response_bins = std::move(flow.response_bins);
        tally.throughput = std::move(flow.throughput);
    }
    return result;
}

}  // namespace headroom::sim::record
