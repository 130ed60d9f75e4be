#include "sim/platform/outages.h"

#include "sim/kernel/random.h"
#include "sim/kernel/sampling.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace headroom::sim {

namespace {

constexpr double almost_nothing = 1e-9;  ///< of a capacity: what rounding may leave of one that is gone

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// One unit goes down or comes back.
struct Toggle {
    double time = 0;
    std::size_t outage = 0;
    int unit = 0;
    bool down = false;
};

void follow_unit(std::vector<Toggle>& toggles, const model::Outage& outage, std::size_t index, int unit,
                 double horizon, std::uint64_t seed, int replication) {
    const std::string subject = outage.name + " " + std::to_string(unit);
    const auto number = static_cast<std::uint64_t>(replication);
    VariateStream up(outage.up, {seed, stream_id(subject, "time to failure"), number});
    VariateStream down(outage.down, {seed, stream_id(subject, "time to repair"), number});
    double now = outage.at ? outage.at->value() : up.next();
    while (now < horizon) {
        const double back = now + down.next();
        toggles.push_back({now, index, unit, true});
        if (back < horizon) toggles.push_back({back, index, unit, false});
        if (outage.at) return;
        now = back + up.next();
    }
}

}  // namespace

std::vector<CapacityChange> capacity_changes(const model::System& system, std::uint64_t seed,
                                             int replication) {
    std::vector<Toggle> toggles;
    for (std::size_t i = 0; i < system.outages.size(); ++i)
        for (int unit = 0; unit < system.outages[i].units; ++unit)
            follow_unit(toggles, system.outages[i], i, unit, system.horizon.value(), seed, replication);
    // Who comes back at the moment at which another goes down has come back before.
    std::sort(toggles.begin(), toggles.end(), [](const Toggle& a, const Toggle& b) {
        return std::tie(a.time, a.down, a.outage, a.unit) < std::tie(b.time, b.down, b.outage, b.unit);
    });
    std::vector<double> gone(system.stations.size(), 0.0);
    std::vector<CapacityChange> changes;
    for (const Toggle& toggle : toggles) {
        const model::Outage& outage = system.outages[toggle.outage];
        for (const auto& effect : outage.effects) {
            double& share = gone[at(effect.station)];
            share = std::max(0.0, share + (toggle.down ? effect.share : -effect.share));
            const double left = 1 - share;
            changes.push_back({toggle.time, effect.station,
                               left < almost_nothing       ? 0
                               : left > 1 - almost_nothing ? 1
                                                           : left,
                               outage.work});
        }
    }
    return changes;
}

double available_share(const std::vector<CapacityChange>& changes, const std::vector<bool>& stations,
                       double from, double horizon) {
    if (horizon <= from) return 1;
    std::vector<bool> down(stations.size(), false);
    int count = 0;
    double since = 0, lacking = 0;
    const auto pass = [&](double now) {
        if (count > 0) lacking += std::max(0.0, now - std::max(since, from));
        since = now;
    };
    for (const CapacityChange& change : changes) {
        const std::size_t s = at(change.station);
        const bool now_down = change.capacity <= 0;
        if (!stations[s] || down[s] == now_down) continue;
        pass(change.time);
        down[s] = now_down;
        count += now_down ? 1 : -1;
    }
    pass(horizon);
    return 1 - lacking / (horizon - from);
}

}  // namespace headroom::sim
