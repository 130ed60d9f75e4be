#include "sim/platform/outages.h"

#include "sim/analytic/traffic.h"
#include "sim/kernel/random.h"
#include "sim/kernel/sampling.h"
#include "sim/platform/scaling.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace headroom::sim {

namespace {

constexpr double almost_nothing = 1e-9;  ///< of a capacity: what rounding may leave of one that is gone

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// One unit goes down or comes back, as one of the stations feels it.
struct Toggle {
    double time = 0;
    std::size_t outage = 0;
    int unit = 0;
    bool down = false;
    std::size_t effect = 0;
};

/// What happens at a moment of the horizon happens again in every period, if one is given.
void follow_unit(std::vector<Toggle>& toggles, const model::Outage& outage, std::size_t index, int unit,
                 double horizon, double period, std::uint64_t seed, int replication) {
    const std::string subject = outage.name + " " + std::to_string(unit);
    const auto number = static_cast<std::uint64_t>(replication);
    VariateStream up(outage.up, {seed, stream_id(subject, "time to failure"), number});
    VariateStream down(outage.down, {seed, stream_id(subject, "time to repair"), number});
    double now = outage.at ? outage.at->value() : up.next();
    while (now < horizon) {
        const double back = now + down.next();
        for (std::size_t e = 0; e < outage.effects.size(); ++e) {
            toggles.push_back({now, index, unit, true, e});
            const double there = back + outage.effects[e].longer.value();
            if (there < horizon) toggles.push_back({there, index, unit, false, e});
        }
        now = outage.at ? std::max(now + period, back) : back + up.next();
    }
}

std::vector<CapacityChange> changes_until(const model::System& system, double horizon, double period,
                                          std::uint64_t seed, int replication) {
    std::vector<Toggle> toggles;
    for (std::size_t i = 0; i < system.outages.size(); ++i)
        for (int unit = 0; unit < system.outages[i].units; ++unit)
            follow_unit(toggles, system.outages[i], i, unit, horizon, period, seed, replication);
    // Who comes back at the moment at which another goes down has come back before.
    std::sort(toggles.begin(), toggles.end(), [](const Toggle& a, const Toggle& b) {
        return std::tie(a.time, a.down, a.outage, a.unit, a.effect) <
               std::tie(b.time, b.down, b.outage, b.unit, b.effect);
    });
    std::vector<double> gone(system.stations.size(), 0.0);
    std::vector<CapacityChange> changes;
    for (const Toggle& toggle : toggles) {
        const model::Outage& outage = system.outages[toggle.outage];
        const model::Outage::Effect& effect = outage.effects[toggle.effect];
        double& share = gone[at(effect.station)];
        share = std::max(0.0, share + (toggle.down ? effect.share : -effect.share));
        const double left = 1 - share;
        changes.push_back({toggle.time, effect.station,
                           left < almost_nothing       ? 0
                           : left > 1 - almost_nothing ? 1
                                                       : left,
                           outage.work});
    }
    return changes;
}

/// Time in which one of a set of stations has no capacity.
class Lacking {
public:
    explicit Lacking(std::vector<bool> members) : members_(std::move(members)) {}

    void note(double now, std::size_t station, bool down) {
        if (!members_[station]) return;
        if (count_ > 0) sum_ += now - since_;
        since_ = now;
        count_ += down ? 1 : -1;
    }
    double share(double end) const { return (sum_ + (count_ > 0 ? end - since_ : 0)) / end; }

private:
    std::vector<bool> members_;
    int count_ = 0;
    double since_ = 0, sum_ = 0;
};

std::vector<std::vector<bool>> stations_by_class(const model::System& system) {
    const TrafficEquations traffic(system);
    std::vector<std::vector<bool>> result;
    for (std::size_t k = 0; k < system.classes.size(); ++k) {
        auto& members = result.emplace_back(system.stations.size(), false);
        for (const int s : traffic.reached(static_cast<int>(k))) members[at(s)] = true;
    }
    return result;
}

/// Failures of one unit in a second, and the share of the time that it is down.
double frequency(const model::Outage& outage, double horizon) {
    return outage.at ? 1 / horizon : 1 / (outage.up.mean + outage.down.mean);
}
/// For an exponential time to failure: a unit that is back may fail again while a station still lacks it.
double share_down(const model::Outage& outage, double horizon, model::Duration longer) {
    if (outage.at) return std::min(1.0, (outage.down.mean + longer.value()) / horizon);
    const double cycle = outage.up.mean + outage.down.mean;
    return (outage.down.mean - outage.up.mean * std::expm1(-longer.value() / outage.up.mean)) / cycle;
}

/// Probabilities by number of units down.
std::vector<double> binomial(int units, double p) {
    std::vector<double> result(static_cast<std::size_t>(units) + 1);
    for (int k = 0; k <= units; ++k) {
        const double ways = std::lgamma(units + 1.0) - std::lgamma(k + 1.0) - std::lgamma(units - k + 1.0);
        const double down = k > 0 ? k * std::log(p) : 0, up = k < units ? (units - k) * std::log1p(-p) : 0;
        result[at(k)] = std::exp(ways + down + up);
    }
    return result;
}

bool takes_all(const model::Outage& outage) {
    return outage.units == 1 && std::all_of(outage.effects.begin(), outage.effects.end(),
                                            [](const auto& e) { return e.share > 1 - almost_nothing; });
}

/// Probability that all of the station's capacity is gone by causes that each leave some of it.
double lost_piecemeal(const model::System& system, int station) {
    std::map<double, double> gone{{0, 1}};  // probability by share that is gone
    for (const auto& outage : system.outages) {
        const auto effect = std::find_if(outage.effects.begin(), outage.effects.end(),
                                         [&](const auto& e) { return e.station == station; });
        if (effect == outage.effects.end() || takes_all(outage)) continue;
        const double p = share_down(outage, system.horizon.value(), effect->longer);
        const std::vector<double> units = outage.at ? std::vector<double>() : binomial(outage.units, p);
        std::map<double, double> next;
        for (const auto& [share, probability] : gone) {
            if (outage.at) {  // all at once
                next[std::min(1.0, share + outage.units * effect->share)] += probability * p;
                next[share] += probability * (1 - p);
                continue;
            }
            for (std::size_t k = 0; k < units.size(); ++k)
                if (probability * units[k] > 1e-30)
                    next[std::min(1.0, share + static_cast<double>(k) * effect->share)] +=
                        probability * units[k];
        }
        gone = std::move(next);
    }
    double all = 0;
    for (const auto& [share, probability] : gone)
        if (share > 1 - almost_nothing) all += probability;
    return all;
}

/// What is gone is a share of what is there. Who scales in lets work in service end on what is left.
std::vector<CapacityChange> scaled(const model::System& system, const std::vector<CapacityChange>& failures) {
    const std::vector<ScaleChange> scales = scale_changes(system);
    std::vector<double> share(system.stations.size(), 1.0), left = share;
    std::vector<CapacityChange> all;
    auto failure = failures.begin();
    const auto fail_until = [&](double time) {
        for (; failure != failures.end() && failure->time < time; ++failure) {
            left[at(failure->station)] = failure->capacity;
            all.push_back(*failure);
            all.back().capacity *= share[at(failure->station)];
        }
    };
    for (const ScaleChange& change : scales) {
        fail_until(change.time);
        for (const int s : system.scalers[at(change.scaler)].stations) {
            share[at(s)] = change.share;
            all.push_back({change.time, s, change.share * left[at(s)], model::Interrupted::resume});
        }
    }
    fail_until(system.horizon.value());
    return all;
}

}  // namespace

std::vector<CapacityChange> failure_changes(const model::System& system, std::uint64_t seed,
                                            int replication) {
    const double horizon = system.horizon.value();
    return changes_until(system, horizon, horizon, seed, replication);
}

std::vector<CapacityChange> capacity_changes(const model::System& system, std::uint64_t seed,
                                             int replication) {
    std::vector<CapacityChange> failures = failure_changes(system, seed, replication);
    return system.scalers.empty() ? failures : scaled(system, failures);
}

double expected_failures(const model::System& system) {
    double rate = 0;
    for (const auto& outage : system.outages)
        rate += outage.units * frequency(outage, system.horizon.value());
    return rate * system.horizon.value();
}

Availability simulate_availability(const model::System& system, std::uint64_t seed, int replication) {
    constexpr double wanted_failures = 10'000;
    const double horizon = system.horizon.value();
    const double end = system.outages.empty()
                           ? horizon
                           : horizon * std::max(1.0, wanted_failures / expected_failures(system));
    const std::size_t count = system.stations.size();
    std::vector<Lacking> classes, stations;
    for (auto& members : stations_by_class(system)) classes.emplace_back(std::move(members));
    for (std::size_t s = 0; s < count; ++s) {
        std::vector<bool> alone(count, false);
        alone[s] = true;
        stations.emplace_back(std::move(alone));
    }
    Lacking platform(std::vector<bool>(count, true));
    std::vector<bool> down(count, false);
    for (const CapacityChange& change : changes_until(system, end, horizon, seed, replication)) {
        const std::size_t s = at(change.station);
        const bool none_left = change.capacity <= 0;
        if (down[s] == none_left) continue;
        down[s] = none_left;
        platform.note(change.time, s, none_left);
        stations[s].note(change.time, s, none_left);
        for (Lacking& item_class : classes) item_class.note(change.time, s, none_left);
    }
    Availability result;
    result.platform = 1 - platform.share(end);
    for (const Lacking& item_class : classes) result.classes.push_back(1 - item_class.share(end));
    for (const Lacking& station : stations) result.stations.push_back(1 - station.share(end));
    return result;
}

Availability expected_availability(const model::System& system) {
    std::vector<double> piecemeal(system.stations.size());
    for (std::size_t s = 0; s < piecemeal.size(); ++s)
        piecemeal[s] = lost_piecemeal(system, static_cast<int>(s));
    const auto of = [&](const std::vector<bool>& members) {
        double product = 1;
        for (const auto& outage : system.outages)
            if (takes_all(outage)) {
                std::optional<model::Duration> longest;
                for (const auto& effect : outage.effects)
                    if (members[at(effect.station)])
                        longest = std::max(longest.value_or(model::Duration()), effect.longer);
                if (longest) product *= 1 - share_down(outage, system.horizon.value(), *longest);
            }
        // The stations of a component lose their nodes together.
        std::map<int, double> worst;
        for (std::size_t s = 0; s < members.size(); ++s)
            if (members[s]) {
                double& lost = worst[system.stations[s].component];
                lost = std::max(lost, piecemeal[s]);
            }
        for (const auto& [component, lost] : worst) product *= 1 - lost;
        return product;
    };
    Availability result;
    result.platform = of(std::vector<bool>(piecemeal.size(), true));
    for (const auto& members : stations_by_class(system)) result.classes.push_back(of(members));
    for (std::size_t s = 0; s < piecemeal.size(); ++s) {
        std::vector<bool> alone(piecemeal.size(), false);
        alone[s] = true;
        result.stations.push_back(of(alone));
    }
    return result;
}

}  // namespace headroom::sim
