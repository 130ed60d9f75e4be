#include "sim/stations/record/waiting.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

namespace headroom::sim::record {

WaitingRoom::WaitingRoom(const model::Queue& queue, std::size_t classes, const RandomStream& stream,
                         bool removable)
    : discipline_(queue.discipline), removable_(removable), levels_(classes, 0), random_(stream) {
    const bool by_priority =
        discipline_ == model::Discipline::priority || discipline_ == model::Discipline::priority_preemptive;
    if (by_priority && !queue.priorities.empty()) {
        const std::set<double, std::greater<>> sorted(queue.priorities.begin(), queue.priorities.end());
        for (std::size_t k = 0; k < classes; ++k)
            levels_[k] = static_cast<int>(std::distance(sorted.begin(), sorted.find(queue.priorities[k])));
    }
    lines_.resize(static_cast<std::size_t>(*std::max_element(levels_.begin(), levels_.end())) + 1);
}

std::uint32_t& WaitingRoom::before(std::uint32_t index) {
    if (before_.size() <= index) before_.resize(index + 1, none);
    return before_[index];
}

void WaitingRoom::append(ItemPool& pool, Line& line, std::uint32_t index) {
    if (removable_) before(index) = line.empty() ? none : line.tail;
    line.append(pool, index);
}

void WaitingRoom::prepend(ItemPool& pool, Line& line, std::uint32_t index) {
    if (removable_) {
        if (!line.empty()) before(line.head) = index;
        before(index) = none;
    }
    line.prepend(pool, index);
}

std::uint32_t WaitingRoom::take_first(ItemPool& pool, Line& line) {
    const std::uint32_t index = line.take_first(pool);
    if (removable_ && !line.empty()) before(line.head) = none;
    return index;
}

std::uint32_t WaitingRoom::take_from_crowd(std::size_t place) {
    std::swap(crowd_[place], crowd_.back());
    const std::uint32_t index = crowd_.back();
    crowd_.pop_back();
    if (removable_ && place < crowd_.size()) before(crowd_[place]) = static_cast<std::uint32_t>(place);
    return index;
}

void WaitingRoom::put(ItemPool& pool, std::uint32_t index) {
    ++size_;
    switch (discipline_) {
        case model::Discipline::random:
            if (removable_) before(index) = static_cast<std::uint32_t>(crowd_.size());
            crowd_.push_back(index);
            break;
        case model::Discipline::lcfs:
        case model::Discipline::lcfs_preemptive:
            prepend(pool, lines_[0], index);
            break;
        default:
            append(pool, lines_[static_cast<std::size_t>(level_of(pool[index]))], index);
    }
}

void WaitingRoom::put_back(ItemPool& pool, std::uint32_t index) {
    if (discipline_ == model::Discipline::random) {
        put(pool, index);
        return;
    }
    ++size_;
    prepend(pool, lines_[static_cast<std::size_t>(level_of(pool[index]))], index);
}

std::uint32_t WaitingRoom::take(ItemPool& pool) {
    if (size_ == 0) return none;
    --size_;
    if (discipline_ == model::Discipline::random) {
        const auto count = static_cast<double>(crowd_.size());
        return take_from_crowd(
            std::min(crowd_.size() - 1, static_cast<std::size_t>(random_.uniform() * count)));
    }
    const auto line =
        std::find_if(lines_.begin(), lines_.end(), [](const Line& candidate) { return !candidate.empty(); });
    return take_first(pool, *line);
}

void WaitingRoom::remove(ItemPool& pool, std::uint32_t index) {
    --size_;
    if (discipline_ == model::Discipline::random) {
        take_from_crowd(before(index));
        return;
    }
    Line& line = lines_[static_cast<std::size_t>(level_of(pool[index]))];
    const std::uint32_t previous = before(index), next = pool[index].next;
    if (previous == none) {
        line.head = next;
    } else {
        pool[previous].next = next;
    }
    if (next == none) {
        line.tail = previous;
    } else {
        before(next) = previous;
    }
}

}  // namespace headroom::sim::record
