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

/// Served in order of arrival and left alone until done: the short way.
bool is_plain(const model::Queue& queue) {
    return queue.discipline == model::Discipline::fcfs && queue.speeds.empty() && queue.batch_most == 1 &&
           queue.patience.empty() && queue.overflow == model::Overflow::drop;
}

bool blocks(const model::Station& station) {
    const auto* queue = std::get_if<model::Queue>(&station.primitive);
    return queue && queue->overflow == model::Overflow::block;
}

/// Index of the region that the station is in, or -1.
int region_of(const model::System& system, int station) {
    for (std::size_t i = 0; i < system.regions.size(); ++i) {
        const auto& stations = system.regions[i].stations;
        if (std::find(stations.begin(), stations.end(), station) != stations.end())
            return static_cast<int>(i);
    }
    return -1;
}

/// Senders of the class give up, and what they asked for is dropped.
bool cancels(const model::System& system, int item_class) {
    const auto gives_up = [&](const auto& source) {
        return source.item_class == item_class && source.persistence && source.persistence->cancels;
    };
    return std::any_of(system.open.begin(), system.open.end(), gives_up) ||
           std::any_of(system.closed.begin(), system.closed.end(), gives_up);
}

bool anyone_cancels(const model::System& system) {
    for (int k = 0; k < std::ssize(system.classes); ++k)
        if (cancels(system, k)) return true;
    return false;
}

/// Its capacity may change.
bool may_fail(const model::System& system, int station) {
    for (const model::Scaler& scaler : system.scalers)
        if (std::find(scaler.stations.begin(), scaler.stations.end(), station) != scaler.stations.end())
            return true;
    return std::any_of(system.outages.begin(), system.outages.end(), [&](const model::Outage& outage) {
        return std::any_of(outage.effects.begin(), outage.effects.end(),
                           [&](const auto& effect) { return effect.station == station; });
    });
}

/// Items may be taken out of lines.
bool anyone_withdraws(const model::System& system) {
    return anyone_cancels(system) ||
           std::any_of(system.stations.begin(), system.stations.end(), [](const model::Station& station) {
               const auto* join = std::get_if<model::Join>(&station.primitive);
               return join && join->cancel;
           });
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
    build_gates(system);
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

Visit Network::make_visit(const model::System& system, int index, int item_class) const {
    const auto& station = system.stations[static_cast<std::size_t>(index)];
    const auto c = static_cast<std::size_t>(item_class);
    const std::string& of = system.classes[c].name;
    Visit visit(
        time_at(station.primitive, c), streams_(station.name, "service of " + of),
        streams_(station.name, "yield of " + of),
        make_path(system, station.routes[c], index, item_class, streams_(station.name, "routing of " + of)));
    visit.size = station.sizes[c].value();
    // Forks and joins make and merge copies themselves: their yields are for those who count in rates.
    const bool itself = std::holds_alternative<model::Fork>(station.primitive) ||
                        std::holds_alternative<model::Join>(station.primitive);
    const double yield = itself ? 1 : station.yields[c], whole = std::floor(yield);
    visit.yield_whole = static_cast<std::uint32_t>(whole);
    visit.yield_fraction = yield - whole;
    // Servers that serve one at a time keep who cannot go on, where it goes on as one.
    const auto* queue = std::get_if<model::Queue>(&station.primitive);
    if (queue && queue->discipline != model::Discipline::processor_sharing && queue->batch_most == 1 &&
        visit.path.routing != model::Routing::copy && visit.path.classes.empty() && yield == 1)
        for (const auto& branch : station.routes[c].branches)
            visit.held = visit.held || (branch.station != model::outside && branch.station != index &&
                                        blocks(system.stations[static_cast<std::size_t>(branch.station)]));
    return visit;
}

Path Network::make_path(const model::System& system, const model::Route& route, int from, int item_class,
                        const RandomStream& stream) const {
    Path path(route, stream);
    path.turn = from == model::outside ? system.stations.size() + static_cast<std::size_t>(item_class)
                                       : static_cast<std::size_t>(from);
    if (route.routing == model::Routing::least_loaded)
        for (const int to : path.stations) {
            auto& nodes = path.components.emplace_back();
            for (std::size_t s = 0; to != model::outside && s < system.stations.size(); ++s)
                if (system.stations[s].component == system.stations[static_cast<std::size_t>(to)].component)
                    nodes.push_back(static_cast<std::uint32_t>(s));
        }
    const int region = from == model::outside ? -1 : region_of(system, from);
    bool guarded = anyone_cancels(system);
    for (const auto& branch : route.branches)
        guarded = guarded || (branch.station != model::outside &&
                              (blocks(system.stations[static_cast<std::size_t>(branch.station)]) ||
                               region_of(system, branch.station) != region));
    if (guarded) path.guard();
    return path;
}

/// One gate for each region, in their order, then one for each queue that blocks.
void Network::build_gates(const model::System& system) {
    const auto add = [this](Gate gate) {
        gate.timer = make_timer(Stage::opening, 0, static_cast<std::uint32_t>(gates_.size()));
        gates_.push_back(std::move(gate));
    };
    for (const auto& region : system.regions) {
        Gate gate;
        gate.drops = region.overflow == model::Overflow::drop;
        if (region.overflow == model::Overflow::retry) {
            gate.orbit = static_cast<std::uint32_t>(orbits_.size());
            orbits_.emplace_back(region, streams_(region.name, "orbit"));
        }
        gate.capacity = or_infinity(region.capacity);
        gate.lines.resize(region.by_class.empty() ? 1 : region.by_class.size());
        for (const int limit : region.by_class) gate.class_capacity.push_back(or_infinity(limit));
        gate.class_present.resize(region.by_class.size(), 0.0);
        add(std::move(gate));
        watched_ = true;
    }
    for (int i = 0; i < std::ssize(system.stations); ++i) {
        if (!blocks(system.stations[static_cast<std::size_t>(i)])) continue;
        Gate gate;
        gate.station = i;
        gate.lines.resize(1);
        add(std::move(gate));
    }
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

    if (const int region = region_of(system, index); region >= 0)
        node.region = static_cast<std::uint32_t>(region);
    if (std::holds_alternative<model::Queue>(station.primitive)) {
        build_queue(system, index, node);
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
        std::vector<CapacityChange> own;
        for (const CapacityChange& change : changes_)
            if (change.station == index) own.push_back(change);
        poolings_.push_back({JobPool(
            *pool, [&](const std::string& purpose) { return streams_(station.name, purpose); },
            std::move(own))});
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

void Network::build_queue(const model::System& system, int index, Node& node) {
    const auto& station = system.stations[static_cast<std::size_t>(index)];
    const auto& queue = std::get<model::Queue>(station.primitive);
    node.servers = queue.servers;
    node.capacity = or_infinity(queue.capacity);
    const auto first = visits_.begin() + node.first_visit;
    const bool holds = std::any_of(first, visits_.end(), [](const Visit& visit) { return visit.held; });
    const bool fails = may_fail(system, index);
    node.kind = is_plain(queue) && !holds && !fails && !anyone_cancels(system) ? Kind::fcfs : Kind::ranked;
    if (queue.overflow == model::Overflow::retry) {
        node.orbit = static_cast<std::uint32_t>(orbits_.size());
        orbits_.emplace_back(queue, streams_(station.name, "orbit"));
        watched_ = true;
    }
    for (std::size_t g = 0; g < gates_.size(); ++g)
        if (gates_[g].station == index) node.gate = static_cast<std::uint32_t>(g);
    if (queue.discipline == model::Discipline::processor_sharing) {
        node.kind = Kind::sharing;
        node.detail = static_cast<std::uint32_t>(sharings_.size());
        Sharing& sharing = sharings_.emplace_back();
        sharing.admitted_limit = or_infinity(queue.admitted);
        sharing.armed = std::numeric_limits<double>::infinity();
        sharing.timer = make_timer(Stage::sharing, static_cast<std::size_t>(index));
        sharing.speeds.by_present = queue.speeds;
        return;
    }
    if (node.kind == Kind::fcfs) return;
    node.detail = static_cast<std::uint32_t>(rankeds_.size());
    Ranked& ranked =
        rankeds_.emplace_back(queue, system.classes.size(), streams_(station.name, "order of service"),
                              !queue.patience.empty() || anyone_withdraws(system), fails);
    if (ranked.held) ranked.timer = make_timer(Stage::ranking, static_cast<std::size_t>(index));
    for (std::size_t c = 0; c < queue.patience.size(); ++c) {
        ranked.patience.emplace_back();
        if (queue.patience[c])
            ranked.patience.back().emplace(*queue.patience[c],
                                           streams_(station.name, "patience of " + system.classes[c].name));
    }
}

int Network::add_persistence(const std::optional<model::Persistence>& terms, const std::string& of) {
    if (!terms) return -1;
    watched_ = true;
    persistences_.emplace_back(*terms, streams_(of, "timeouts"), streams_(of, "pauses"));
    return static_cast<int>(persistences_.size()) - 1;
}

void Network::start_sources(const model::System& system) {
    if (!changes_.empty()) events_.push(changes_.front().time, make_timer(Stage::outage, 0));
    for (const auto& open : system.open) {
        const std::string& of = system.classes[static_cast<std::size_t>(open.item_class)].name;
        Flow& flow = flows_[static_cast<std::size_t>(open.item_class)];
        flow.source = static_cast<int>(sources_.size());
        flow.persistence = add_persistence(open.persistence, of);
        sources_.emplace_back(open, horizon_, streams_, of,
                              make_path(system, open.route, model::outside, open.item_class,
                                        streams_(of, "routing of arrivals")));
        Source& source = sources_.back();
        const double first = source.next();
        const std::uint32_t index = make_timer(Stage::source, sources_.size() - 1);
        if (first < horizon_) events_.push(first, index);
    }
    for (const auto& closed : system.closed) {
        Flow& flow = flows_[static_cast<std::size_t>(closed.item_class)];
        if (flow.users >= 0) throw std::invalid_argument("a class has more than one closed source");
        const std::string& of = system.classes[static_cast<std::size_t>(closed.item_class)].name;
        flow.users = static_cast<int>(users_.size());
        flow.persistence = add_persistence(closed.persistence, of);
        users_.emplace_back(closed, streams_(of, "thinking"),
                            make_path(system, closed.route, model::outside, closed.item_class,
                                      streams_(of, "routing of requests")));
        for (int i = 0; i < closed.users; ++i) {
            const std::uint32_t index = make_timer(Stage::thinking, 0);
            items_[index].item_class = static_cast<std::uint8_t>(closed.item_class);
            items_[index].user = true;
            set_origin(index, items_[index].item_class);
            events_.push(users_.back().think_time.next(), index);
        }
    }
}

std::vector<std::uint64_t> Network::items_in_flight() const {
    std::vector<std::uint64_t> count(flows_.size());
    for (std::uint32_t i = 0; i < items_.all().size(); ++i) {
        const Item& item = items_.all()[i];
        const bool counts = !watched_ || i >= marks_.size() || !marks_[i].abandoned;
        if (in_system(item.stage) && counts) ++count[switches_ ? origins_[i] : item.item_class];
    }
    return count;
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
        if (node.kind == Kind::pool && result.measured_time > 0)
            tally.scaled =
                (poolings_[node.detail].pool.scaled_until(now_) - poolings_[node.detail].scaled_before) /
                result.measured_time;
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
            tallied.expired = static_cast<double>(visit.expired);
            tallied.waiting = visit.waiting.take();
            tallied.response = visit.response.take();
        }
    }

    const std::vector<std::uint64_t> in_flight = recursion_ ? recursion_->in_flight() : items_in_flight();
    for (std::size_t c = 0; c < flows_.size(); ++c) {
        Flow& flow = flows_[c];
        const std::uint64_t in = flow.arrived + flow.created;
        const std::uint64_t out = flow.completed + flow.merged + flow.filtered + flow.rejected +
                                  flow.expired + flow.lost + in_flight[c];
        if (in != out) {
            throw std::logic_error("the items of class '" + class_names_[c] +
                                   "' do not balance: " + std::to_string(in) + " came, " +
                                   std::to_string(out) + " are accounted for");
        }
        ClassTally& tally = result.classes.emplace_back();
        tally.arrived = static_cast<double>(flow.arrived);
        tally.created = static_cast<double>(flow.created);
        tally.attempts = static_cast<double>(flow.attempts);
        tally.completed = static_cast<double>(flow.completed);
        tally.filtered = static_cast<double>(flow.filtered);
        tally.in_flight = static_cast<double>(in_flight[c]);
        tally.rejected = static_cast<double>(flow.rejected);
        tally.expired = static_cast<double>(flow.expired);
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
