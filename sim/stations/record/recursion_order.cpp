// Which networks feed forward, and in what order.

#include "sim/stations/record/recursion.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace headroom::sim::record {

namespace {

bool can_serve(const Node& node) {
    return node.kind == Kind::delay || node.kind == Kind::store ||
           (node.kind == Kind::fcfs && node.capacity == std::numeric_limits<double>::infinity());
}

bool can_lead(const Path& path) {
    return !path.guarded && path.classes.empty() && path.routing != model::Routing::least_loaded &&
           path.routing != model::Routing::outcome;
}

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

}  // namespace headroom::sim::record
