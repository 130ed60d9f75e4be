#include "sim/stations/record/recursion.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

namespace headroom::sim::record {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t most_ahead = 1024;  ///< arrivals of a source
constexpr std::size_t crowd = 16 * most_ahead;

std::int64_t bits_of(double time) { return std::bit_cast<std::int64_t>(time); }

}  // namespace

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
    if (2 * present >= EventList::payload_limit) refuse_more_items();
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
    // What comes after the next is read before it is known to be needed.
    for (std::vector<double>* const times : {&arrivals, &departures})
        times->insert(times->end(), 2, infinity);
    Occupancy occupancy = node.occupancy;
    const double servers = node.servers;
    const double *arrived = arrivals.data(), *departed = departures.data() + desk.gone;
    // No time is negative, so the bits of times are in their order. Which of the two comes first cannot be
    // foretold: all bits of `comes` are those of the sign, set if it is the arrival, and choose without a
    // branch.
    std::int64_t arrival = bits_of(*arrived), departure = bits_of(*departed);
    for (; left > 0; --left) {
        std::int64_t comes = (arrival - departure) >> 63;
        if (arrival == departure) [[unlikely]]
            if (comes_first(desk.meeting.coming().made[static_cast<std::size_t>(arrived - arrivals.data())],
                            desk.leaving.made[static_cast<std::size_t>(departed - departures.data())]))
                comes = -1;
        occupancy.advance(std::bit_cast<double>(departure ^ ((arrival ^ departure) & comes)));
        occupancy.population += by[comes & 1];
        occupancy.population_max = std::max(occupancy.population_max, occupancy.population);
        occupancy.busy = std::min(occupancy.population, servers);
        arrival ^= (arrival ^ bits_of(arrived[1])) & comes;
        departure ^= (departure ^ bits_of(departed[1])) & ~comes;
        arrived += comes & 1;
        departed += ~comes & 1;
    }
    node.occupancy = occupancy;
    for (std::vector<double>* const times : {&arrivals, &departures}) times->resize(times->size() - 2);
}

bool Recursion::comes_first(double arrival_made, double departure_made) {
    if (arrival_made == departure_made) tied_ = true;
    return arrival_made < departure_made;
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
