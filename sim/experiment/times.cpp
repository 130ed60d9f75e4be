#include "sim/experiment/times.h"

#include <algorithm>
#include <string_view>

namespace headroom::sim {

namespace {

struct Percentile {
    std::string_view name;
    double p;
};
constexpr Percentile percentiles[] = {
    {".p50", 0.5}, {".p90", 0.9}, {".p95", 0.95}, {".p99", 0.99}, {".p99.9", 0.999}};

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Quantiles at (i + 0.5) / points: a hundred are looked up in the body, each one in the last hundredth.
std::vector<double> even_quantiles(const QuantileSketch& sketch, int points) {
    const int coarse = points / 100, tail = points - points / 100;
    std::vector<double> values(at(points));
    double low = sketch.quantile(0.5 / points);
    for (int i = 0; i < tail; i += coarse) {
        const int end = std::min(tail, i + coarse);
        const double high = sketch.quantile((end + 0.5) / points);
        for (int j = i; j < end; ++j) values[at(j)] = low + (high - low) * (j - i) / (end - i);
        low = high;
    }
    for (int i = tail; i < points; ++i) values[at(i)] = sketch.quantile((i + 0.5) / points);
    return values;
}

// The times of a visit to several stations in turn, taken as independent: quantiles of their sum over a fixed
// lattice (Korobov), so that the same sketches give the same answer.
QuantileSketch sum_of(const std::vector<const QuantileSketch*>& parts) {
    constexpr int points = 4093;
    QuantileSketch sum;
    std::vector<std::vector<double>> grids;
    for (const QuantileSketch* part : parts) grids.push_back(even_quantiles(*part, points));
    for (int i = 0; i < points; ++i) {
        double value = 0;
        long index = i;
        for (const auto& grid : grids) {
            value += grid[static_cast<std::size_t>(index)];
            index = index * 1516 % points;
        }
        sum.add(value);
    }
    return sum;
}

}  // namespace

double percentile_of(const std::string& metric) {
    for (const auto& [name, p] : percentiles)
        if (metric.ends_with(name)) return p;
    return 0;
}

const TimeTally& TimePart::in(const Replication& replication) const {
    switch (place) {
        case Place::response_of_class:
            return replication.classes[index].response;
        case Place::read_point:
            return replication.freshness[index];
        case Place::waiting_at_station:
            return replication.stations[index].visits[item_class].waiting;
        case Place::response_at_station:
            break;
    }
    return replication.stations[index].visits[item_class].response;
}

Times::Times(const model::System& system, const Outline& outline) : system_(&system) {
    using Place = TimePart::Place;
    const auto add_one = [this](const char* metric, std::string subject, std::string of, TimePart part) {
        subjects_.push_back({metric, std::move(subject), std::move(of), {parts_.size()}});
        parts_.push_back(part);
    };
    for (std::size_t k = 0; k < system.classes.size(); ++k)
        add_one("response", "", system.classes[k].name, {Place::response_of_class, k, k});
    for (std::size_t i = 0; i < system.read_points.size(); ++i) {
        const auto& point = system.read_points[i];
        add_one("freshness", system.components[at(point.component)],
                system.classes[at(point.item_class)].name, {Place::read_point, i, at(point.item_class)});
    }
    for (const auto& component : outline.components)
        for (std::size_t k = 0; k < system.classes.size(); ++k) {
            add_component(component, k, "waiting", Place::waiting_at_station);
            add_component(component, k, "response", Place::response_at_station);
        }
    sketches_.resize(parts_.size());
    departures_.assign(system.stations.size(), std::vector<double>(system.classes.size(), 0.0));
}

void Times::add_component(const Outline::Component& component, std::size_t k, const char* metric,
                          TimePart::Place place) {
    const std::string& of = system_->classes[k].name;
    TimeSubject whole{metric, component.id, of, {}, &component, k};
    for (const int s : component.stations) {
        if (component.stations.size() > 1)
            subjects_.push_back({metric, system_->stations[at(s)].name, of, {parts_.size()}});
        whole.parts.push_back(parts_.size());
        parts_.push_back({place, at(s), k});
    }
    if (!whole.parts.empty()) subjects_.push_back(std::move(whole));
}

void Times::add(const Replication& replication) {
    for (std::size_t i = 0; i < parts_.size(); ++i) sketches_[i].merge(parts_[i].in(replication));
    for (std::size_t s = 0; s < departures_.size(); ++s)
        for (std::size_t k = 0; k < departures_[s].size(); ++k)
            departures_[s][k] += replication.stations[s].visits[k].departures;
}

void Times::remove(const Replication& replication) {
    for (std::size_t i = 0; i < parts_.size(); ++i) sketches_[i].remove(parts_[i].in(replication));
    for (std::size_t s = 0; s < departures_.size(); ++s)
        for (std::size_t k = 0; k < departures_[s].size(); ++k)
            departures_[s][k] -= replication.stations[s].visits[k].departures;
}

const QuantileSketch& Times::distribution(const TimeSubject& subject, QuantileSketch& scratch) const {
    std::vector<const QuantileSketch*> parts;
    for (const std::size_t part : subject.parts)
        if (sketches_[part].count() > 0) parts.push_back(&sketches_[part]);
    if (parts.empty()) return sketches_[subject.parts.front()];
    // Stations that take no time add nothing to the distribution.
    const QuantileSketch* const first = parts.front();
    std::erase_if(parts, [](const QuantileSketch* part) { return part->max() <= 0; });
    if (parts.size() > 1) return scratch = sum_of(parts);
    return parts.empty() ? *first : *parts.front();
}

double Times::visits_from_elsewhere(const TimeSubject& subject) const {
    const std::size_t k = subject.item_class;
    double visits = 0;
    for (const int s : subject.component->entries[k]) {
        double inner = 0;
        for (const int from : subject.component->stations)
            inner +=
                departures_[at(from)][k] * flow_between(system_->stations[at(from)], static_cast<int>(k), s);
        visits += std::max(0.0, departures_[at(s)][k] - inner);
    }
    return visits;
}

void Times::put(const TimeSubject& subject, Values& values) const {
    QuantileSketch scratch;
    const QuantileSketch& sketch = distribution(subject, scratch);
    if (sketch.count() <= 0) return;
    double mean = sketch.mean();
    if (subject.component) {
        const double visits = visits_from_elsewhere(subject);
        if (visits <= 0) return;
        double time = 0;
        for (std::size_t i = 0; i < subject.parts.size(); ++i)
            time += departures_[at(subject.component->stations[i])][subject.item_class] *
                    sketches_[subject.parts[i]].mean();
        mean = time / visits;
    }
    values[{subject.metric + ".mean", subject.subject, subject.of}] = mean;
    const bool waiting = subject.metric == "waiting";
    for (const auto& [name, p] : percentiles) {
        if (waiting && (p == 0.9 || p == 0.999)) continue;  // not in the table of metrics
        values[{subject.metric + std::string(name), subject.subject, subject.of}] = sketch.quantile(p);
    }
}

}  // namespace headroom::sim
