// Tracers: items that stand for many, sent through the stations at the moments of their way.

#include "sim/analytic/traffic.h"
#include "sim/platform/flow_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
constexpr int most_visits = 10'000;

/// For a heap with the next one first.
constexpr auto later = [](const auto& a, const auto& b) {
    return a.now > b.now || (a.now == b.now && a.number > b.number);
};
}  // namespace

void FlowNetwork::trace() {
    // First those that are on their way since earlier steps.
    while (!on_way_.empty() && on_way_.front().now < to_) {
        std::pop_heap(on_way_.begin(), on_way_.end(), later);
        Tracer tracer = std::move(on_way_.back());
        on_way_.pop_back();
        follow(std::move(tracer));
    }
    const double length = to_ - from_, horizon = system_.horizon.value();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        const Source& source = sources_[i];
        const double arrived = source.rate * length;
        if (arrived <= 0) continue;
        const double wanted =
            flow_.tracers * std::max(length / horizon, 0.2 / static_cast<double>(edges_.size()));
        const int count = std::max(2, static_cast<int>(std::ceil(wanted)));
        for (int n = 0; n < count; ++n) {
            Tracer tracer;
            tracer.born = tracer.now = from_ + length * (n + births_[i].uniform()) / count;
            tracer.weight = arrived / count;
            tracer.item_class = source.item_class;
            tracer.number = ++tracers_made_;
            if (asking_[i])
                begin_attempt(std::move(tracer));
            else
                advance(*source.route, std::move(tracer), births_[i]);
        }
    }
    join_families();
    count_attempts(length);
}

void FlowNetwork::advance(const model::Route& route, Tracer tracer, RandomStream& random) {
    if (route.routing == model::Routing::copy) {
        for (const auto& branch : route.branches) {
            tracer.station = branch.station;
            tracer.number = ++tracers_made_;
            follow(tracer);
        }
        return;
    }
    tracer.station = route.branches.back().station;
    if (route.branches.size() > 1) {
        double left = random.uniform();
        for (const auto& branch : route.branches) {
            left -= branch.probability;
            if (left < 0) {
                tracer.station = branch.station;
                break;
            }
        }
    }
    follow(std::move(tracer));
}

void FlowNetwork::leave_system(const Tracer& tracer) {
    if (tracer.abandoned) return;
    if (asking(tracer) != nullptr) answer(tracer);
    const double response = tracer.now - tracer.born;
    const auto k = at(tracer.item_class);
    if (tracer.now >= options_.warm_up) result_.classes[k].response.add(response, tracer.weight);
    const auto bins = response_sum_[k].size();
    const auto bin = std::min(
        bins - 1, static_cast<std::size_t>(tracer.now / system_.horizon.value() * static_cast<double>(bins)));
    response_sum_[k][bin] += response * tracer.weight;
    response_weight_[k][bin] += tracer.weight;
    const std::size_t stretches = series_sum_.size();
    const auto born = std::min(stretches - 1, static_cast<std::size_t>(tracer.born / system_.horizon.value() *
                                                                       static_cast<double>(stretches)));
    series_sum_[born] += response * tracer.weight;
    series_weight_[born] += tracer.weight;
}

// An item that comes back soon finds the line as long as it left it. Its wait is the last one with the
// probability that the queue has not yet forgotten it, else a new one: each wait on its own is distributed as
// before.
void FlowNetwork::remember(Tracer& tracer, flow::DrawnVisit& drawn) {
    for (auto& [station, moment, wait] : tracer.seen) {
        if (static_cast<int>(station) != tracer.station) continue;
        const double memory = stations_[at(tracer.station)]->memory();
        const double away = tracer.now - moment;
        if (memory > 0 && routing_[at(tracer.station)].uniform() < std::exp(-away / memory)) {
            drawn.response += wait - drawn.waiting;
            drawn.waiting = wait;
        }
        moment = tracer.now + drawn.response;
        wait = drawn.waiting;
        return;
    }
    tracer.seen.push_back({static_cast<double>(tracer.station), tracer.now + drawn.response, drawn.waiting});
}

void FlowNetwork::follow(Tracer tracer) {
    for (; tracer.visits < most_visits; ++tracer.visits) {
        if (tracer.now >= system_.horizon.value()) return;  // still in flight at the end
        if (tracer.station == model::outside && !tracer.asks) {
            leave_system(tracer);
            return;
        }
        if (tracer.now >= to_) {
            on_way_.push_back(std::move(tracer));
            std::push_heap(on_way_.begin(), on_way_.end(), later);
            return;
        }
        if (tracer.asks) {
            begin_attempt(std::move(tracer));
            return;
        }
        const auto s = at(tracer.station);
        const auto k = at(tracer.item_class);
        if (const auto* forks = std::get_if<model::Fork>(&system_.stations[s].primitive)) {
            fork(std::move(tracer), *forks);
            return;
        }
        if (std::holds_alternative<model::Join>(system_.stations[s].primitive)) {
            meet(tracer);
            return;
        }
        flow::DrawnVisit drawn = stations_[s]->draw((tracer.now - from_) / (to_ - from_), tracer.item_class);
        result_.items += 1;
        if (drawn.rejected) {
            const double now = tracer.now;
            if (asking(tracer) != nullptr) try_again(std::move(tracer), now, true);
            return;
        }
        if (comes_back_) remember(tracer, drawn);
        time_out(tracer, tracer.now + drawn.response);
        tracer.now += drawn.response;
        if (tracer.now >= system_.horizon.value()) return;
        StationTally& tally = result_.stations[s];
        if (tracer.now >= options_.warm_up) {
            tally.visits[k].waiting.add(drawn.waiting, tracer.weight);
            tally.visits[k].response.add(drawn.response, tracer.weight);
            // Those present when a batch leaves are those that came since its first item.
            if (std::holds_alternative<model::Batch>(system_.stations[s].primitive))
                tally.population_max = std::max(tally.population_max, coming_[s].all * drawn.response);
            for (std::size_t i = 0; i < system_.read_points.size(); ++i)
                if (system_.read_points[i].station == tracer.station &&
                    system_.read_points[i].item_class == tracer.item_class)
                    result_.freshness[i].add(tracer.now - tracer.born, tracer.weight);
        }
        const model::Station& station = system_.stations[s];
        tracer.weight *= station.yields[k];
        if (tracer.weight <= 0) return;
        const model::Route& route = station.routes[k];
        if (route.branches.size() == 1 || route.routing == model::Routing::outcome) {
            tracer.station = route.branches[drawn.second ? 1 : 0].station;
            continue;
        }
        tracer.visits += 1;
        advance(route, std::move(tracer), routing_[s]);
        return;
    }
}

void FlowNetwork::fork(Tracer tracer, const model::Fork& fork) {
    const auto s = at(tracer.station);
    const model::Route& route = system_.stations[s].routes[at(tracer.item_class)];
    if (tracer.now >= options_.warm_up) {
        VisitTally& visit = result_.stations[s].visits[at(tracer.item_class)];
        visit.waiting.add(0, tracer.weight);
        visit.response.add(0, tracer.weight);
    }
    int number = static_cast<int>(families_.size());
    if (free_families_.empty()) {
        families_.emplace_back();
    } else {
        number = free_families_.back();
        free_families_.pop_back();
    }
    const auto copies = at(fork.copies);
    const auto& join = std::get<model::Join>(system_.stations[at(fork.join)].primitive);
    const std::size_t branches = route.branches.size();
    const std::size_t first =
        copies % branches == 0
            ? 0
            : static_cast<std::size_t>(routing_[s].uniform() * static_cast<double>(branches));
    Tracer copy = tracer;
    copy.family = number;
    tracer.station = fork.join;
    families_[at(number)] = {.item = std::move(tracer),
                             .times = {},
                             .copies = copies,
                             .needed = std::min(copies, at(join.needed))};
    for (std::size_t i = 0; i < copies; ++i) {
        copy.station = route.branches[(first + i) % branches].station;
        copy.number = ++tracers_made_;
        follow(copy);
    }
}

void FlowNetwork::meet(const Tracer& copy) {
    families_[at(copy.family)].times.push_back(copy.now);
    met_.push_back(copy.family);
}

// By the end of a step, all copies have come that come within it: the item goes on with the last one that is
// needed.
void FlowNetwork::join_families() {
    while (!met_.empty()) {
        const std::vector<int> met = std::exchange(met_, {});
        for (const int number : met) {
            Family& family = families_[at(number)];
            if (family.times.empty()) continue;  // seen already, and forgotten
            const auto s = at(family.item.station);
            const auto k = at(family.item.item_class);
            VisitTally& visit = result_.stations[s].visits[k];
            const auto record = [&](double came, double left) {
                if (left < options_.warm_up) return;
                visit.waiting.add(left - came, family.item.weight);
                visit.response.add(left - came, family.item.weight);
                result_.stations[s].population += (left - came) * family.item.weight;
                const double width =
                    system_.horizon.value() / static_cast<double>(result_.stations[s].queue.size());
                if (left > came)
                    spread(result_.stations[s].queue, came, left, (left - came) * family.item.weight / width);
            };
            const bool goes_on = !family.over && family.times.size() >= family.needed;
            if (goes_on) {
                const auto last = family.times.begin() + static_cast<std::ptrdiff_t>(family.needed - 1);
                std::nth_element(family.times.begin(), last, family.times.end());
                family.item.now = *last;
                for (std::size_t i = 0; i < family.needed; ++i) record(family.times[i], *last);
                family.late_from = family.needed;
                family.over = true;
            }
            for (; family.over && family.late_from < family.times.size(); ++family.late_from)
                record(family.times[family.late_from], family.times[family.late_from]);
            const bool all = family.times.size() == family.copies;
            Tracer item = goes_on ? family.item : Tracer{};
            if (all) {
                family.times.clear();
                free_families_.push_back(number);
            }
            if (!goes_on) continue;
            item.visits += 1;
            advance(system_.stations[s].routes[k], std::move(item), routing_[s]);
        }
    }
}

}  // namespace headroom::sim
