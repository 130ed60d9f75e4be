#include "sim/experiment/backlog.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

constexpr double bin_seconds = 30;  ///< of the queues from which backlogs and their drain times are read

}  // namespace

Queues queues_of(const model::System& system, const Outline& outline, model::Level level, std::uint64_t seed,
                 int replication, std::stop_token stop) {
    const double bins = std::clamp(std::ceil(system.horizon.value() / bin_seconds), 288.0, 20'000.0);
    const ReplicationOptions fine{.seed = seed,
                                  .replication = replication,
                                  .warm_up = 0,
                                  .bins = static_cast<int>(bins),
                                  .longest_step = system.horizon.value() / bins,
                                  .stop = std::move(stop)};
    const Replication followed =
        level == model::Level::flow ? simulate_flow(system, fine) : simulate_records(system, fine);
    Queues queues;
    for (const Outline::Component& component : outline.components) {
        std::vector<double>& queue = queues[component.id];
        for (const int s : component.stations) {
            const std::vector<double>& at_station = followed.stations[static_cast<std::size_t>(s)].queue;
            queue.resize(std::max(queue.size(), at_station.size()));
            for (std::size_t i = 0; i < at_station.size(); ++i) queue[i] += at_station[i];
        }
    }
    return queues;
}

Backlog backlog_of(const Queues& with, const Queues& usual, model::Duration at, model::Duration length,
                   model::Duration horizon, const std::map<std::string, double>& bytes) {
    Backlog backlog;
    std::vector<double> all;
    double step = 0, most = 0;
    for (const auto& [component, values] : with) {
        const std::vector<double>& without = usual.at(component);
        if (values.empty() || values.size() != without.size()) continue;
        step = horizon.value() / static_cast<double>(values.size());
        all.resize(values.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const double more = values[i] - without[i];
            if (!std::isfinite(more) || (static_cast<double>(i) + 1) * step < at.value()) continue;
            all[i] += std::max(0.0, more);
            if (more > most) {
                most = more;
                backlog.component = component;
                backlog.items = more;
                backlog.bytes = bytes.contains(component) ? more * bytes.at(component) : 0;
            }
        }
    }
    backlog.resolution = model::seconds(step);
    if (all.empty() || backlog.items <= 1) {
        Backlog none;
        none.resolution = backlog.resolution;
        return none;
    }
    const double noise = std::max(1.0, 0.01 * *std::max_element(all.begin(), all.end()));
    const double end = (at + length).value();
    const auto last = std::find_if(all.rbegin(), all.rend(), [&](double items) { return items > noise; });
    const double until = static_cast<double>(all.rend() - last) * step;
    backlog.drained = last != all.rbegin();
    backlog.drain = model::seconds(std::max(0.0, until - end));
    return backlog;
}

model::Duration busiest_moment(const model::Scenario& scenario) {
    const double day = std::min(86400.0, scenario.horizon.value());
    constexpr int steps = 288;
    double best = -1, moment = 0;
    for (int i = 0; i < steps; ++i) {
        const double t = day * i / steps;
        double sum = 0;
        for (const model::Workload& workload : scenario.workloads) {
            const auto* stream = std::get_if<model::Stream>(&workload.load);
            const auto* requests = std::get_if<model::Requests>(&workload.load);
            const model::RateProfile& rate = stream ? stream->rate : requests->rate;
            if (rate.base.value() > 0) sum += rate.at(model::seconds(t)).value() / rate.base.value();
        }
        if (sum > best * (1 + 1e-9)) best = sum, moment = t;
    }
    return model::seconds(moment);
}

}  // namespace headroom::sim
