#pragma once
// Points of a grid on which the flow level is held against the record level: one station under a constant
// load, a daily swing, a flash crowd above capacity, or with a limited waiting room.

#include "../systems.h"
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
    double records = 1e6;
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
    std::array<double, 7> values{};
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

struct Comparison {
    Figures record, record_error, flow;  ///< means over the replications; half-width of 95 %, relative
    double error(std::size_t i) const {
        const double truth = record.values[i];
        return truth > 0 ? flow.values[i] / truth - 1 : 0;
    }
};

inline Comparison compare(const GridPoint& p, int replications) {
    const model::System system = system_of(p);
    const double warm_up =
        p.load == Load::constant || p.load == Load::limited ? system.horizon.value() / 10 : 0;
    Comparison c;
    std::vector<Figures> records;
    for (int r = 0; r < replications; ++r) {
        const sim::ReplicationOptions options{.replication = r, .warm_up = warm_up, .bins = 1440};
        records.push_back(figures_of(p, sim::simulate_records(system, options), system));
        const Figures flow = figures_of(p, sim::simulate_flow(system, options), system);
        for (std::size_t i = 0; i < flow.values.size(); ++i) {
            c.record.values[i] += records.back().values[i] / replications;
            c.flow.values[i] += flow.values[i] / replications;
        }
    }
    // Student's t for 1 to 7 degrees of freedom.
    constexpr std::array t{12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36};
    for (std::size_t i = 0; i < c.record.values.size() && replications > 1; ++i) {
        double squares = 0;
        for (const Figures& f : records) squares += std::pow(f.values[i] - c.record.values[i], 2);
        const double deviation = std::sqrt(squares / (replications - 1) / replications);
        if (c.record.values[i] > 0)
            c.record_error.values[i] = t[static_cast<std::size_t>(std::min(7, replications - 1) - 1)] *
                                       deviation / c.record.values[i];
    }
    return c;
}

/// How far off a figure may be: percentiles within 5 %, beyond a utilisation of 0.95 within 10 %; else 2 %.
inline double bound_of(const GridPoint& p, std::size_t figure) {
    if (figure > 2) return 0.02;
    return p.utilisation > 0.95 && p.load != Load::limited ? 0.10 : 0.05;
}

}  // namespace headroom::test
