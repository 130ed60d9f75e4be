#include "sim/stations/record/node.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

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

std::size_t Path::choose() {
    const double u = random.uniform();
    std::size_t i = 0;
    while (i + 1 < shares.size() && u >= shares[i]) ++i;
    return i;
}

Ranked::Ranked(const model::Queue& queue, std::size_t classes, const RandomStream& stream, bool may_fail)
    : discipline(queue.discipline),
      preemptive(discipline == model::Discipline::lcfs_preemptive ||
                 discipline == model::Discipline::priority_preemptive),
      holds(preemptive || may_fail),
      levels(classes, 0),
      random(stream) {
    const bool by_priority =
        discipline == model::Discipline::priority || discipline == model::Discipline::priority_preemptive;
    if (by_priority && !queue.priorities.empty()) {
        const std::set<double, std::greater<>> sorted(queue.priorities.begin(), queue.priorities.end());
        for (std::size_t k = 0; k < classes; ++k)
            levels[k] = static_cast<int>(std::distance(sorted.begin(), sorted.find(queue.priorities[k])));
    }
    lines.resize(static_cast<std::size_t>(*std::max_element(levels.begin(), levels.end())) + 1);
}

void Ranked::put(ItemPool& pool, std::uint32_t index) {
    switch (discipline) {
        case model::Discipline::random:
            crowd.push_back(index);
            break;
        case model::Discipline::lcfs:
        case model::Discipline::lcfs_preemptive:
            lines[0].prepend(pool, index);
            break;
        default:
            lines[static_cast<std::size_t>(level_of(pool[index]))].append(pool, index);
    }
}

void Ranked::put_back(ItemPool& pool, std::uint32_t index) {
    if (discipline == model::Discipline::random)
        crowd.push_back(index);
    else
        lines[static_cast<std::size_t>(level_of(pool[index]))].prepend(pool, index);
}

bool Ranked::remove(ItemPool& pool, std::uint32_t index) {
    if (discipline == model::Discipline::random) return std::erase(crowd, index) > 0;
    return lines[static_cast<std::size_t>(level_of(pool[index]))].remove(pool, index);
}

std::uint32_t Ranked::take(ItemPool& pool) {
    if (discipline == model::Discipline::random) {
        if (crowd.empty()) return none;
        const auto count = static_cast<double>(crowd.size());
        const std::size_t pick =
            std::min(crowd.size() - 1, static_cast<std::size_t>(random.uniform() * count));
        std::swap(crowd[pick], crowd.back());
        const std::uint32_t index = crowd.back();
        crowd.pop_back();
        return index;
    }
    for (Line& line : lines)
        if (!line.empty()) return line.take_first(pool);
    return none;
}

Ranked::Precedence Ranked::precedence(const Item& item, std::uint32_t index) const {
    const bool last_first = discipline == model::Discipline::lcfs_preemptive;
    return {level_of(item), last_first ? -item.arrived : item.arrived, index};
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
