#pragma once
// Points of a grid on which the flow level is held against the record level: one station under a constant
// load, a daily swing, a flash crowd above capacity, or with a limited waiting room.

#include "../systems.h"
#include "sim/kernel/statistics.h"
#include "sim/platform/replication.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace headroom::test {

enum class Load { constant, daily, crowd, limited };

struct GridPoint {
    Load load = Load::constant;
    int servers = 1;
    double utilisation = 0.7;  ///< of a crowd: beside it; of a daily swing: at its peak
    double service_scv = 1, arrival_scv = 1;
    bool lognormal = false;  ///< else the family that goes with the SCV
    double records = 1e6;    ///< of a replication
};

inline model::System system_of(const GridPoint& p) {
    using model::Distribution;
    const double horizon = p.load == Load::daily ? 86'400 : p.load == Load::crowd ? 14'400 : 1000;
    // The daily swing's peak is twice its mean.
    const double mean_utilisation = p.load == Load::daily ? p.utilisation / 2 : p.utilisation;
    const double rate = p.records / horizon, service = mean_utilisation * p.servers / rate;
    Distribution shape = p.lognormal          ? Distribution::lognormal(service, std::sqrt(p.service_scv))
                         : p.service_scv == 0 ? Distribution::constant(service)
                         : p.service_scv == 1 ? Distribution::exponential(service)
                                              : Distribution::with_scv(service, p.service_scv);
    SystemBuilder builder;
    const int capacity = p.load == Load::limited ? p.servers + 20 : model::unlimited;
    builder.open(rate, builder.station(fcfs(p.servers, shape, capacity)), 0, p.arrival_scv).horizon(horizon);
    auto& profile = builder.system().open[0].rate;
    if (p.load == Load::daily)
        profile.seasons.push_back(model::make_season(model::hours(24), 2, model::hours(20)));
    if (p.load == Load::crowd)
        profile.events.push_back({"crowd", 1.35 / p.utilisation, model::seconds(1800), model::seconds(600)});
    return builder.system();
}

/// What the levels are compared by.
struct Figures {
    static constexpr std::array names{"p50", "p95", "p99", "utilisation", "backlog", "drained", "loss"};
    static constexpr std::size_t count = names.size();
    std::array<double, count> values{};
};

inline Figures figures_of(const GridPoint& p, const sim::Replication& r, const model::System& system) {
    Figures f;
    const auto& response = r.classes[0].response;
    const auto& station = r.stations[0];
    f.values = {response.quantile(0.5),
                response.quantile(0.95),
                response.quantile(0.99),
                station.busy / station.capacity,
                0,
                0,
                0};
    if (p.load == Load::crowd) {
        const double bin = system.horizon.value() / static_cast<double>(station.queue.size());
        const auto top = std::max_element(station.queue.begin(), station.queue.end());
        f.values[4] = *top;
        // The moment at which the line is down to a tenth of its longest.
        auto low = top;
        while (low + 1 != station.queue.end() && *low > 0.1 * *top) ++low;
        const double part = (0.1 * *top - *(low - 1)) / (*low - *(low - 1));
        f.values[5] = (static_cast<double>(low - station.queue.begin()) - 1 + part) * bin - 1800;
    }
    if (p.load == Load::limited && station.visits[0].arrivals > 0)
        f.values[6] = station.visits[0].rejected / station.visits[0].arrivals;
    return f;
}

struct Outcome {
    Figures figures;
    sim::QuantileSketch response;
};

/// One replication of a level: sim::simulate_records or sim::simulate_flow.
template <class Simulate>
Outcome replicate(const GridPoint& p, int replication, const Simulate& simulate) {
    const model::System system = system_of(p);
    const bool steady = p.load == Load::constant || p.load == Load::limited;
    const sim::ReplicationOptions options{
        .replication = replication, .warm_up = steady ? system.horizon.value() / 10 : 0, .bins = 1440};
    const sim::Replication result = simulate(system, options);
    return {figures_of(p, result, system), result.classes[0].response};
}

/// Over replications: percentiles of all their responses, means of the others.
inline Figures mean_of(const std::vector<Outcome>& all) {
    Figures mean;
    sim::QuantileSketch responses;
    for (const Outcome& one : all) {
        responses.merge(one.response);
        for (std::size_t i = 0; i < Figures::count; ++i)
            mean.values[i] += one.figures.values[i] / static_cast<double>(all.size());
    }
    constexpr std::array shares{0.5, 0.95, 0.99};
    for (std::size_t i = 0; i < shares.size(); ++i) mean.values[i] = responses.quantile(shares[i]);
    return mean;
}

/// Half-widths of the 95 % intervals of the means, relative to them; 0 where they are 0.
inline Figures half_widths_of(const std::vector<Outcome>& all) {
    Figures widths;
    for (std::size_t i = 0; i < Figures::count; ++i) {
        std::vector<double> values;
        for (const Outcome& one : all) values.push_back(one.figures.values[i]);
        const sim::Interval interval = sim::confidence_interval(values, 0.95);
        if (interval.mean > 0) widths.values[i] = interval.half_width / interval.mean;
    }
    return widths;
}

struct Comparison {
    Figures record, record_error, flow;  ///< means over the replications; half-width of 95 %, relative
    double error(std::size_t i) const {
        const double truth = record.values[i];
        return truth > 0 ? flow.values[i] / truth - 1 : 0;
    }
};

inline Comparison compare(const GridPoint& p, int replications) {
    std::vector<Outcome> records, flows;
    for (int r = 0; r < replications; ++r) {
        records.push_back(replicate(p, r, sim::simulate_records));
        flows.push_back(replicate(p, r, sim::simulate_flow));
    }
    return {mean_of(records), half_widths_of(records), mean_of(flows)};
}

/// How far off a figure may be: percentiles within 5 %, beyond a utilisation of 0.95 within 10 %; else 2 %.
inline double bound_of(const GridPoint& p, std::size_t figure) {
    if (figure > 2) return 0.02;
    return p.utilisation > 0.95 && p.load != Load::limited ? 0.10 : 0.05;
}

}  // namespace headroom::test
