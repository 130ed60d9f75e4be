#include "sim/stations/record/recursion.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace headroom::sim::record {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t most_ahead = 1024;  ///< arrivals of a source
constexpr std::size_t crowd = 16 * most_ahead;

bool can_serve(const Node& node) {
    return node.kind == Kind::delay || node.kind == Kind::store ||
           (node.kind == Kind::fcfs && node.capacity == infinity);
}

bool can_lead(const Path& path) {
    return !path.guarded && path.classes.empty() && path.routing != model::Routing::least_loaded &&
           path.routing != model::Routing::outcome;
}

/// It is not watched, nor does it become more or none.
bool goes_on_as_one(const Visit& visit) {
    return visit.yield_whole == 1 && visit.yield_fraction <= 0 && visit.read_point < 0;
}

/// Always to Path::only.
bool goes_straight(const Visit& visit) { return goes_on_as_one(visit) && visit.path.stations.empty(); }

}  // namespace

std::optional<std::vector<std::uint32_t>> Recursion::order_of(const Parts& parts) {
    std::vector<bool> seen(parts.visits.size()), reached(parts.nodes.size());
    std::vector<std::vector<std::uint32_t>> leads_to(parts.nodes.size());
    std::vector<std::size_t> ways_in(parts.nodes.size());
    std::vector<std::pair<std::uint32_t, std::size_t>> open;  // where items come to, of which class
    bool possible = true;
    const auto follow = [&](const Path& path, std::size_t item_class, std::vector<std::uint32_t>& next) {
        possible = possible && can_lead(path);
        const std::vector<int> only{path.only};
        for (const int station : path.stations.empty() ? only : path.stations) {
            if (station == model::outside) continue;
            const auto place = static_cast<std::uint32_t>(station);
            next.push_back(place);
            possible = possible && can_serve(parts.nodes[place]);
            const std::size_t visit = parts.nodes[place].first_visit + item_class;
            if (seen[visit]) continue;
            seen[visit] = reached[place] = true;
            open.emplace_back(place, item_class);
        }
    };
    std::vector<std::uint32_t> heads;
    for (const Source& source : parts.sources) follow(source.path, source.item_class, heads);
    while (possible && !open.empty()) {
        const auto [place, item_class] = open.back();
        open.pop_back();
        const std::size_t visit = parts.nodes[place].first_visit + item_class;
        follow(parts.visits[visit].path, item_class, leads_to[place]);
    }
    if (!possible) return {};

    for (const auto& nexts : leads_to)
        for (const std::uint32_t next : nexts) ++ways_in[next];
    std::vector<std::uint32_t> order;
    for (std::uint32_t place = 0; place < parts.nodes.size(); ++place)
        if (reached[place] && ways_in[place] == 0) order.push_back(place);
    for (std::size_t i = 0; i < order.size(); ++i)
        for (const std::uint32_t next : leads_to[order[i]])
            if (--ways_in[next] == 0) order.push_back(next);
    // Those that lead back to themselves are never without a way in.
    if (std::ssize(order) != std::count(reached.begin(), reached.end(), true)) return {};
    return order;
}

Recursion::Recursion(const Parts& parts, std::vector<std::uint32_t> order, const std::vector<double>& firsts)
    : parts_(parts), order_(std::move(order)), desks_(parts.nodes.size()) {
    for (const double first : firsts) springs_.push_back({first});
}

bool Recursion::run_until(double limit, const std::stop_token& stop) {
    while (now_ < limit) {
        if (stop.stop_requested()) return false;
        step(draw_ahead(limit));
        if (tied_) return false;
    }
    return true;
}

/// Draws the next arrivals of every source. Gives the time up to which all are drawn.
double Recursion::draw_ahead(double limit) {
    for (std::size_t s = 0; s < springs_.size(); ++s) {
        Source& source = parts_.sources[s];
        Spring& spring = springs_[s];
        while (spring.next < limit) {
            if (spring.times.size() - spring.last > ahead_ && spring.next > spring.times.back()) {
                limit = spring.next;
                break;
            }
            spring.times.push_back(spring.next);
            spring.next = source.next();
            if (spring.next >= parts_.horizon) spring.next = infinity;
        }
    }
    return limit;
}

void Recursion::step(double limit) {
    for (std::size_t s = 0; s < springs_.size(); ++s) emit(s, limit);
    std::size_t most = 0;
    double present = 0;
    for (const std::uint32_t place : order_) {
        most = std::max(most, desks_[place].meeting.coming().size());
        pass(place, limit);
        present += static_cast<double>(desks_[place].leaving.size()) + desks_[place].taken;
    }
    if (present >= EventList::payload_limit / 2) refuse_more_items();
    most = std::max(most, outside_.coming().size());
    finish();
    // Bulks, yields and copies may make many of one: memory is not to grow with that.
    ahead_ = most > crowd ? std::max<std::size_t>(1, ahead_ / 2) : std::min(most_ahead, 2 * ahead_);
    now_ = limit;
}

void Recursion::emit(std::size_t s, double limit) {
    Source& source = parts_.sources[s];
    Spring& spring = springs_[s];
    Flow& flow = parts_.flows[source.item_class];
    const auto from = static_cast<std::uint32_t>(parts_.nodes.size() + s);
    const auto before = spring.times.begin() + static_cast<std::ptrdiff_t>(spring.last);
    const auto end = std::lower_bound(before + 1, spring.times.end(), limit);
    const auto count = static_cast<std::size_t>(end - before) - 1;
    if (count == 0) return;
    emitted_.times.assign(before + 1, end);
    emitted_.born = emitted_.times;
    emitted_.made.assign(before, end - 1);
    emitted_.classes.assign(count, source.item_class);
    if (source.single) {
        flow.arrived += count;
        send(source.path, emitted_, 0, count, from);
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            const int together = std::max(1, source.bulk.quantile(source.bulks.uniform()));
            flow.arrived += static_cast<std::uint64_t>(together);
            for (int k = 0; k < together; ++k) send_one(source.path, emitted_, i, from);
        }
    }
    spring.last += count;
    if (2 * spring.last < spring.times.size()) return;
    spring.times.erase(spring.times.begin(), end - 1);
    spring.last = 0;
}

/// What comes to a node and leaves it before `limit`.
void Recursion::pass(std::uint32_t place, double limit) {
    Node& node = parts_.nodes[place];
    Desk& desk = desks_[place];
    if (desk.meeting.coming().size() == 0 && !desk.leaves_before(limit)) return;
    if (!desk.meeting.settle()) tied_ = true;
    if (node.kind == Kind::store) {
        pass_through(node, desk);
    } else if (node.kind == Kind::fcfs && node.servers == 1) {
        serve_by_one(node, desk);
    } else {
        serve_by_several(node, desk, limit);
    }
    const std::size_t last = desk.leaving.first_at(limit, desk.gone);
    if (node.kind != Kind::store) occupy(node, desk, last);
    depart(node, desk, last);
    desk.meeting.clear();
    desk.gone = last;
    if (2 * desk.gone < desk.leaving.size()) return;
    desk.arrived.erase(desk.arrived.begin(), desk.arrived.begin() + static_cast<std::ptrdiff_t>(desk.gone));
    desk.leaving.drop_first(std::exchange(desk.gone, 0));
}

void Recursion::pass_through(const Node& node, Desk& desk) {
    const Passage& coming = desk.meeting.coming();
    for (const std::uint8_t item_class : coming.classes)
        ++parts_.visits[node.first_visit + item_class].arrivals;
    desk.leaving.append(coming, 0, coming.size());
    desk.arrived.insert(desk.arrived.end(), coming.times.begin(), coming.times.end());
}

void Recursion::serve_by_one(const Node& node, Desk& desk) {
    const Passage& coming = desk.meeting.coming();
    const std::size_t before = desk.leaving.size();
    desk.leaving.append(coming, 0, coming.size());
    desk.arrived.insert(desk.arrived.end(), coming.times.begin(), coming.times.end());
    double* const departs = desk.leaving.times.data() + before;
    double* const starts = desk.leaving.made.data() + before;
    double free = desk.free;
    for (std::size_t i = 0; i < coming.size(); ++i) {
        Visit& visit = parts_.visits[node.first_visit + coming.classes[i]];
        ++visit.arrivals;
        starts[i] = std::max(coming.times[i], free);
        free = starts[i] + visit.service.next();
        departs[i] = free;
    }
    desk.free = free;
}

void Recursion::serve_by_several(const Node& node, Desk& desk, double limit) {
    const Passage& coming = desk.meeting.coming();
    const double servers = node.kind == Kind::delay ? infinity : node.servers;
    for (std::size_t i = 0; i < coming.size(); ++i) {
        const double arrived = coming.times[i];
        const double next = desk.finishes.next_time();
        double start = arrived;
        if (desk.taken == servers || next < arrived) {
            start = std::max(arrived, next);
            leave_seat(desk);
        } else {
            desk.taken += 1;
        }
        if (desk.free_seats.empty()) {
            desk.free_seats.push_back(static_cast<std::uint32_t>(desk.guests.size()));
            desk.guests.emplace_back();
        }
        const std::uint32_t seat = desk.free_seats.back();
        desk.free_seats.pop_back();
        desk.guests[seat] = {arrived, start, coming.born[i], coming.classes[i]};
        Visit& visit = parts_.visits[node.first_visit + coming.classes[i]];
        ++visit.arrivals;
        desk.finishes.push(start + visit.service.next(), seat);
    }
    while (desk.finishes.next_time() < limit) {
        leave_seat(desk);
        desk.taken -= 1;
    }
}

/// The first to be done.
void Recursion::leave_seat(Desk& desk) {
    const double departs = desk.finishes.next_time();
    const std::uint32_t seat = desk.finishes.pop();
    const Guest& guest = desk.guests[seat];
    desk.leaving.add(departs, guest.started, guest.born, guest.item_class);
    desk.arrived.push_back(guest.arrived);
    desk.free_seats.push_back(seat);
}

/// Arrivals and departures before `last` in their common order.
void Recursion::occupy(Node& node, Desk& desk, std::size_t last) {
    std::vector<double>& arrivals = desk.meeting.coming().times;
    std::vector<double>& departures = desk.leaving.times;
    constexpr double by[] = {-1, 1};
    std::size_t left = arrivals.size() + last - desk.gone;
    arrivals.push_back(infinity);
    departures.push_back(infinity);
    Occupancy occupancy = node.occupancy;
    const double servers = node.servers;
    const double *const arrived = arrivals.data(), *const departed = departures.data();
    std::size_t come = 0, gone = desk.gone;
    for (; left > 0; --left) {
        const double arrival = arrived[come], departure = departed[gone];
        bool comes = arrival < departure;
        if (arrival == departure) [[unlikely]]
            comes = comes_first(desk.meeting.coming().made[come], desk.leaving.made[gone]);
        // Without a branch, since which of the two it is cannot be foretold.
        occupancy.advance(std::min(arrival, departure));
        occupancy.population += by[comes];
        occupancy.population_max = std::max(occupancy.population_max, occupancy.population);
        occupancy.busy = std::min(occupancy.population, servers);
        come += static_cast<std::size_t>(comes);
        gone += static_cast<std::size_t>(!comes);
    }
    node.occupancy = occupancy;
    arrivals.pop_back();
    departures.pop_back();
}

bool Recursion::comes_first(double arrival_made, double departure_made) {
    if (arrival_made == departure_made) tied_ = true;
    return arrival_made < departure_made;
}

void Recursion::depart(Node& node, Desk& desk, std::size_t last) {
    const Passage& leaving = desk.leaving;
    const std::size_t first = desk.gone;
    waits_.resize(last - first);
    times_.resize(last - first);
    for (std::size_t i = first; i < last; ++i) {
        waits_[i - first] = node.kind == Kind::store ? 0 : leaving.made[i] - desk.arrived[i];
        times_[i - first] = leaving.times[i] - desk.arrived[i];
    }
    const auto visit_of = [&](std::size_t i) -> Visit& {
        return parts_.visits[node.first_visit + leaving.classes[i]];
    };
    if (leaving.is_of_one_class(first, last)) {
        Visit& visit = visit_of(first);
        visit.departures += last - first;
        visit.waiting.add(waits_);
        visit.response.add(times_);
    } else {
        for (std::size_t i = first; i < last; ++i) {
            Visit& visit = visit_of(i);
            ++visit.departures;
            visit.waiting.add(waits_[i - first]);
            visit.response.add(times_[i - first]);
        }
    }
    const auto place = static_cast<std::uint32_t>(&node - parts_.nodes.data());
    for (std::size_t i = first, j = i; i < last; i = j) {
        Visit& visit = visit_of(i);
        const auto goes_along = [&](std::size_t other) {
            return leaving.classes[other] == leaving.classes[i] ||
                   (goes_straight(visit) && goes_straight(visit_of(other)) &&
                    visit_of(other).path.only == visit.path.only);
        };
        for (j = i + 1; j < last && goes_along(j);) ++j;
        forward(visit, leaving, i, j, place);
    }
}

void Recursion::forward(Visit& visit, const Passage& from, std::size_t first, std::size_t last,
                        std::uint32_t place) {
    if (goes_on_as_one(visit)) {
        send(visit.path, from, first, last, place);
        return;
    }
    Flow& flow = parts_.flows[from.classes[first]];
    for (std::size_t i = first; i < last; ++i) {
        std::uint32_t outputs = visit.yield_whole;
        if (visit.yield_fraction > 0 && visit.yield_random.uniform() < visit.yield_fraction) ++outputs;
        if (outputs == 0) {
            ++flow.filtered;
        } else {
            flow.created += outputs - 1;
        }
        for (; outputs > 0; --outputs) {
            if (visit.read_point >= 0)
                parts_.freshness[static_cast<std::size_t>(visit.read_point)].add(from.times[i] -
                                                                                 from.born[i]);
            send_one(visit.path, from, i, place);
        }
    }
}

void Recursion::send(Path& path, const Passage& from, std::size_t first, std::size_t last,
                     std::uint32_t place) {
    if (path.stations.empty()) {
        way_to(path.only, place).append(from, first, last - first);
    } else {
        for (std::size_t i = first; i < last; ++i) send_one(path, from, i, place);
    }
}

void Recursion::send_one(Path& path, const Passage& from, std::size_t i, std::uint32_t place) {
    const auto go = [&](int station) {
        way_to(station, place).add(from.times[i], from.made[i], from.born[i], from.classes[i]);
    };
    if (path.stations.empty()) {
        go(path.only);
    } else if (path.routing == model::Routing::copy) {
        for (std::size_t branch = 1; branch < path.stations.size(); ++branch) {
            ++parts_.flows[from.classes[i]].created;
            go(path.stations[branch]);
        }
        go(path.stations[0]);
    } else {
        const std::size_t count = path.stations.size();
        go(path.stations[count == 1                                    ? 0
                         : path.routing == model::Routing::round_robin ? parts_.turns[path.turn]++ % count
                                                                       : path.choose()]);
    }
}

Passage& Recursion::way_to(int station, std::uint32_t place) {
    Meeting& meeting =
        station == model::outside ? outside_ : desks_[static_cast<std::size_t>(station)].meeting;
    meeting.begin(place);
    return meeting.coming();
}

/// Those that leave the system.
void Recursion::finish() {
    if (outside_.coming().size() == 0) return;
    if (!outside_.settle()) tied_ = true;
    const Passage& leaving = outside_.coming();
    times_.resize(leaving.size());
    for (std::size_t i = 0; i < leaving.size(); ++i) times_[i] = leaving.times[i] - leaving.born[i];
    if (leaving.is_of_one_class(0, leaving.size())) {
        Flow& flow = parts_.flows[leaving.classes[0]];
        flow.completed += leaving.size();
        flow.response.add(times_);
        flow.bin_sum = std::accumulate(times_.begin(), times_.end(), flow.bin_sum);
        flow.bin_count += leaving.size();
    } else {
        for (std::size_t i = 0; i < leaving.size(); ++i) {
            Flow& flow = parts_.flows[leaving.classes[i]];
            ++flow.completed;
            flow.response.add(times_[i]);
            flow.bin_sum += times_[i];
            ++flow.bin_count;
        }
    }
    parts_.warm_up_series.add(times_);
    outside_.clear();
}

std::vector<std::uint64_t> Recursion::in_flight() const {
    std::vector<std::uint64_t> count(parts_.flows.size());
    for (const Desk& desk : desks_) {
        for (std::size_t i = desk.gone; i < desk.leaving.size(); ++i) ++count[desk.leaving.classes[i]];
        std::vector<bool> taken(desk.guests.size(), true);
        for (const std::uint32_t seat : desk.free_seats) taken[seat] = false;
        for (std::size_t seat = 0; seat < taken.size(); ++seat)
            if (taken[seat]) ++count[desk.guests[seat].item_class];
    }
    return count;
}

}  // namespace headroom::sim::record
