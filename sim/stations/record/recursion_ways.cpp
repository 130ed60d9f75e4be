// How items leave a station without events, and go on.

#include "sim/stations/record/recursion.h"

#include <numeric>

namespace headroom::sim::record {

namespace {

/// It is not watched, nor does it become more or none.
bool goes_on_as_one(const Visit& visit) {
    return visit.yield_whole == 1 && visit.yield_fraction <= 0 && visit.read_point < 0;
}

/// Always to Path::only.
bool goes_straight(const Visit& visit) { return goes_on_as_one(visit) && visit.path.stations.empty(); }

}  // namespace

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

}  // namespace headroom::sim::record
