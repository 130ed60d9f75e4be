#pragma once
// Room that is limited: queues that block those who come, regions, and orbits. Part of run.cpp.

#include "sim/stations/record/network.h"

namespace headroom::sim::record {

/// What is known of an item, in a system in which marks are kept.
inline Mark& Network::mark_of(std::uint32_t index) {
    if (marks_.size() <= index) marks_.resize(index + 1);
    return marks_[index];
}

/// The class by which an item is counted: that with which it came.
inline std::size_t Network::class_of(std::uint32_t index) {
    return switches_ ? origins_[index] : items_[index].item_class;
}

/// The item is gone: it gives back its place in a region, and its sender's clock stops.
inline void Network::forget(std::uint32_t index) {
    if (mark_of(index).region != none) leave_region(index);
    marks_[index] = {};
}

/// To a station, through the gates before it.
inline void Network::go(std::uint32_t index, int station) {
    if (gives_up(index)) return;
    if (station == model::outside) {
        finish(index);
        return;
    }
    Node& node = nodes_[static_cast<std::size_t>(station)];
    if (watched_) {
        const std::uint32_t held = mark_of(index).region;
        if (held != none && held != node.region) leave_region(index);
        if (node.region != none && held != node.region && !enter_region(index, station)) return;
    }
    if (node.gate != none) {
        Gate& gate = gates_[node.gate];
        if (node.occupancy.population >= node.capacity || !gate.lines[0].empty()) {
            wait_outside(index, station, gate);
            return;
        }
    }
    arrive(index, station);
}

/// False if there is no place for it: then it waits outside, or is rejected.
inline bool Network::enter_region(std::uint32_t index, int station) {
    Node& node = nodes_[static_cast<std::size_t>(station)];
    Gate& region = gates_[node.region];
    if (region.has_room(class_of(index)) && region.line_of(class_of(index)).empty()) {
        take_place(index, node.region);
        items_[index].stage = Stage::outside;  // and in no orbit
        return true;
    }
    if (region.drops || (region.orbit != none && !orbits(index, station, region.orbit))) {
        Visit& visit = visits_[node.first_visit + items_[index].item_class];
        ++visit.arrivals;
        reject(index, visit);
    } else if (region.orbit == none) {
        wait_outside(index, station, region);
    }
    return false;
}

inline void Network::take_place(std::uint32_t index, std::uint32_t gate) {
    Gate& region = gates_[gate];
    mark_of(index).region = gate;
    region.present += 1;
    if (!region.class_present.empty()) region.class_present[class_of(index)] += 1;
}

inline void Network::leave_region(std::uint32_t index) {
    Gate& region = gates_[marks_[index].region];
    marks_[index].region = none;
    region.present -= 1;
    if (!region.class_present.empty()) region.class_present[class_of(index)] -= 1;
    open_soon(region);
}

inline void Network::wait_outside(std::uint32_t index, int station, Gate& gate) {
    Item& item = items_[index];
    item.stage = Stage::outside;
    item.place = static_cast<std::uint16_t>(station);
    item.arrived = now_;
    gate.line_of(class_of(index)).append(items_, index);
}

/// There may be room again. Whoever waits is admitted when this event is over, before the clock goes on.
inline void Network::open_soon(Gate& gate) {
    if (gate.opening) return;
    for (const Line& line : gate.lines) {
        if (line.empty()) continue;
        gate.opening = true;
        events_.push(now_, gate.timer);
        return;
    }
}

/// The line whose first item has waited longest of those for which there is room; or nullptr.
inline Line* Network::next_line(Gate& gate) {
    if (gate.station != model::outside) {
        const Node& node = nodes_[static_cast<std::size_t>(gate.station)];
        return gate.lines[0].empty() || node.occupancy.population >= node.capacity ? nullptr : &gate.lines[0];
    }
    Line* next = nullptr;
    for (Line& line : gate.lines) {
        if (line.empty() || !gate.has_room(class_of(line.head))) continue;
        if (next == nullptr || items_[line.head].arrived < items_[next->head].arrived) next = &line;
    }
    return next;
}

inline void Network::open_gate(std::uint32_t timer) {
    const std::uint32_t number = items_[timer].next;
    Gate& gate = gates_[number];
    gate.opening = false;
    while (Line* line = next_line(gate)) {
        const std::uint32_t index = line->take_first(items_);
        if (items_[index].stage == Stage::blocked) {
            unblock(index, gate.station);
        } else if (gate.station != model::outside) {
            if (!gives_up(index)) arrive(index, gate.station);
        } else {
            take_place(index, number);
            go(index, items_[index].place);
        }
    }
}

/// Whether its server keeps an item that is to go to a station which is full.
inline bool Network::keeps(std::uint32_t index, int station) {
    if (station == model::outside || station == items_[index].place) return false;
    const Node& node = nodes_[static_cast<std::size_t>(station)];
    if (node.gate == none) return false;
    // For a place in a region it waits outside.
    if (node.region != none && mark_of(index).region != node.region) return false;
    const Gate& gate = gates_[node.gate];
    return node.occupancy.population >= node.capacity || !gate.lines[0].empty();
}

/// A service is done at a queue whose items may find the next station full.
inline void Network::release_held(std::uint32_t index, Node& node, Ranked& ranked) {
    Visit& visit = visit_of(items_[index]);
    const int station = choose(index, visit.path);
    node.occupancy.advance(now_);
    node.occupancy.busy -= 1;
    if (keeps(index, station)) {
        items_[index].stage = Stage::blocked;
        ranked.blocked += 1;
        gates_[nodes_[static_cast<std::size_t>(station)].gate].lines[0].append(items_, index);
        return;
    }
    free_server(node, ranked);
    record(items_[index], visit);
    // Who comes back has its own place.
    step(index, station, station != items_[index].place);
}

/// There is room where it goes next.
inline void Network::unblock(std::uint32_t index, int station) {
    Node& node = nodes_[items_[index].place];
    Ranked& ranked = rankeds_[node.detail];
    ranked.settle(now_, node.occupancy.population);
    node.occupancy.advance(now_);
    ranked.blocked -= 1;
    free_server(node, ranked);
    if (ranked.held) rearm_ranked(node, ranked);
    record(items_[index], visit_of(items_[index]));
    if (gives_up(index)) return;
    if (watched_ && mark_of(index).region != nodes_[static_cast<std::size_t>(station)].region &&
        mark_of(index).region != none)
        leave_region(index);
    arrive(index, station);
}

/// An item leaves the station, and its server takes the next.
inline void Network::free_server(Node& node, Ranked& ranked) {
    node.occupancy.population -= 1;
    const std::uint32_t next = take_batch(ranked);
    if (next != none) {
        node.occupancy.busy += 1;
        serve_ranked(next, ranked);
    }
    if (node.gate != none) open_soon(gates_[node.gate]);
}

/// The station has no room for it.
inline void Network::turn_away(std::uint32_t index, Node& node, Visit& visit) {
    if (node.orbit == none || !orbits(index, items_[index].place, node.orbit)) reject(index, visit);
}

/// It will come again to a station that has no room, or whose region has none. False if it has come often
/// enough.
inline bool Network::orbits(std::uint32_t index, int station, std::uint32_t number) {
    Orbit& orbit = orbits_[number];
    Item& item = items_[index];
    Mark& mark = mark_of(index);
    mark.entries = item.stage == Stage::orbiting ? mark.entries + 1 : 1;
    if (mark.entries >= orbit.attempts) return false;
    item.stage = Stage::orbiting;
    item.place = static_cast<std::uint16_t>(station);
    events_.push(now_ + orbit.after.next(), index);
    return true;
}

inline void Network::come_again(std::uint32_t index) {
    Node& node = nodes_[items_[index].place];
    if (node.region != none && mark_of(index).region != node.region) {
        go(index, items_[index].place);
        return;
    }
    if (gives_up(index)) return;
    Visit& visit = visit_of(items_[index]);
    if (node.kind == Kind::sharing) {
        enter_sharing(index, node, visit);
    } else {
        enter_ranked(index, node, visit);
    }
}

}  // namespace headroom::sim::record
