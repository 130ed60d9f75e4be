#pragma once
// Forks, joins and the families of copies between them. Part of run.cpp.

#include "sim/stations/record/network.h"

#include <algorithm>

namespace headroom::sim::record {

/// The family that an item is a copy in; `none` for most. An item that a fork keeps belongs to the family
/// that it was a copy in before.
inline std::uint32_t& Network::family_of(std::uint32_t index) {
    if (families_of_items_.size() <= index) families_of_items_.resize(index + 1, none);
    return families_of_items_[index];
}

/// A copy of a copy on its way is one more that the join knows of.
inline void Network::adopt(std::uint32_t copy, std::uint32_t family) {
    family_of(copy) = family;
    if (family == none) return;
    Family& members = families_[family];
    ++members.total;
    ++members.under_way;
    if (members.all) ++members.needed;
    if (members.withdraws) members.members.push_back(copy);
}

inline void Network::enter_fork(std::uint32_t index, Node& node, Visit& visit) {
    ++visit.departures;
    visit.waiting.add(0);
    visit.response.add(0);
    items_[index].stage = Stage::forked;
    const Item item = items_[index];
    Forking& forking = forkings_[node.detail];
    std::uint32_t number = 0;
    if (free_families_.empty()) {
        number = static_cast<std::uint32_t>(families_.size());
        families_.emplace_back();
    } else {
        number = free_families_.back();
        free_families_.pop_back();
    }
    Family& family = families_[number];
    family.parent = index;
    family.origin = switches_ ? origins_[index] : item.item_class;
    family.needed = forking.needed;
    family.total = family.unsent = forking.copies;
    family.under_way = family.come = family.first = family.sent = 0;
    family.all = forking.needed == forking.copies;
    family.over = false;
    family.withdraws = forking.withdraws;
    family.holds = 1;  // until all are sent that go at once
    family.met = {};
    family.members.clear();
    const auto branches = static_cast<std::uint32_t>(std::max<std::size_t>(1, visit.path.stations.size()));
    if (branches > 1 && (forking.hedge_after > 0 || forking.copies % branches != 0))
        family.first =
            std::min(branches - 1, static_cast<std::uint32_t>(forking.random.uniform() * branches));
    const std::uint32_t at_once = forking.hedge_after > 0 ? forking.needed : forking.copies;
    const double hedge_after = forking.hedge_after;
    // All of these, even if the first is refused at once.
    for (std::uint32_t i = 0; i < at_once; ++i) send_copy(number, item);
    if (families_[number].unsent > 0) arm_hedge(number, hedge_after);
    --families_[number].holds;
    close_family(number);
}

/// The next copy goes its way, as its item was at the fork. It may end the family.
inline void Network::send_copy(std::uint32_t number, const Item& item) {
    const std::uint32_t copy = items_.take();
    Family& family = families_[number];
    const std::uint32_t turn = family.first + family.sent++;
    if (family.unsent > 0) --family.unsent;
    ++family.under_way;
    if (family.withdraws) family.members.push_back(copy);
    items_[copy] = item;
    items_[copy].user = false;
    set_origin(copy, family.origin);
    family_of(copy) = number;
    ++flows_[family.origin].created;
    const Path& path = visit_of(item).path;
    step(copy, path.stations.empty() ? path.only : path.stations[turn % path.stations.size()], path.guarded);
}

inline void Network::arm_hedge(std::uint32_t number, double after) {
    const std::uint32_t timer = items_.take();
    items_[timer].stage = Stage::hedging;
    items_[timer].place = items_[families_[number].parent].place;
    items_[timer].next = number;
    ++families_[number].holds;
    events_.push(now_ + after, timer);
}

inline void Network::hedged(std::uint32_t timer) {
    const std::uint32_t number = items_[timer].next;
    const double after = forkings_[nodes_[items_[timer].place].detail].hedge_after;
    items_.release(timer);
    if (!families_[number].over) {
        if (families_[number].unsent > 1) arm_hedge(number, after);
        send_copy(number, Item(items_[families_[number].parent]));
    }
    --families_[number].holds;
    close_family(number);
}

inline void Network::enter_join(std::uint32_t index, Node& node, Visit& visit) {
    const std::uint32_t number = family_of(index);
    Family& family = families_[number];
    if (family.over) {
        ++visit.departures;
        visit.waiting.add(0);
        visit.response.add(0);
        merge(index);
        close_family(number);
        return;
    }
    node.occupancy.advance(now_);
    node.occupancy.enter();
    items_[index].stage = Stage::waiting;
    if (family.withdraws) std::erase(family.members, index);
    --family.under_way;
    ++family.come;
    family.met.append(items_, index);
    if (family.come >= family.needed) join(number, node);
}

/// The item goes on from the join, with the copies that have come.
inline void Network::join(std::uint32_t number, Node& node) {
    Family& family = families_[number];
    family.over = true;
    family.unsent = 0;
    const std::uint32_t parent = family.parent;
    const std::uint16_t place = items_[family.met.head].place;
    node.occupancy.advance(now_);
    while (!family.met.empty()) {
        const std::uint32_t copy = family.met.take_first(items_);
        Visit& visit = visit_of(items_[copy]);
        ++visit.departures;  // of copies: the yield of the join says how many items they make
        visit.waiting.add(now_ - items_[copy].arrived);
        visit.response.add(now_ - items_[copy].arrived);
        node.occupancy.population -= 1;
        drop_copy(copy);
    }
    if (family.withdraws) withdraw_copies(number);
    close_family(number);
    items_[parent].place = place;
    forward(parent, visit_of(items_[parent]));
}

/// A copy is one with its item again.
inline void Network::drop_copy(std::uint32_t index) {
    if (watched_) forget(index);
    ++flow_of(index).merged;
    family_of(index) = none;
    items_.release(index);
}

/// The end of a copy that is under way.
inline void Network::merge(std::uint32_t index) {
    Family& family = families_[family_of(index)];
    if (family.withdraws) std::erase(family.members, index);
    --family.under_way;
    drop_copy(index);
}

/// A copy has ended before it came to the join. Where too few are left, its item ends likewise.
inline void Network::lose_copy(std::uint32_t index, std::uint64_t Flow::*outcome) {
    const std::uint32_t number = family_of(index);
    merge(index);
    Family& family = families_[number];
    if (!family.over && family.come + family.under_way + family.unsent < family.needed) {
        family.over = true;
        family.unsent = 0;
        const std::uint32_t parent = family.parent;
        if (!family.met.empty()) {
            Node& node = nodes_[items_[family.met.head].place];
            node.occupancy.advance(now_);
            while (!family.met.empty()) {
                const std::uint32_t copy = family.met.take_first(items_);
                node.occupancy.population -= 1;
                drop_copy(copy);
            }
        }
        close_family(number);
        end(parent, outcome);
        return;
    }
    close_family(number);
}

/// Copies that wait for a server of a queue leave it; those in service, and those anywhere else, come too
/// late by themselves.
inline void Network::withdraw_copies(std::uint32_t number) {
    const std::vector<std::uint32_t> members = families_[number].members;
    for (const std::uint32_t copy : members) {
        if (items_[copy].stage != Stage::waiting) continue;
        if (take_from_line(copy, nodes_[items_[copy].place])) merge(copy);
    }
}

/// Forgets a family that is over, once nothing refers to it.
inline void Network::close_family(std::uint32_t number) {
    const Family& family = families_[number];
    if (family.over && family.under_way == 0 && family.holds == 0 && family.parent != none) {
        families_[number].parent = none;
        free_families_.push_back(number);
    }
}

}  // namespace headroom::sim::record
