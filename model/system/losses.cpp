#include "model/system/losses.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

/// Those who block wait, and so do those who come again as often as it takes.
bool turns_away(Overflow overflow, int attempts = unlimited) {
    return overflow == Overflow::drop || (overflow == Overflow::retry && attempts != unlimited);
}

bool station_loses(const Station& station) {
    if (const auto* queue = std::get_if<Queue>(&station.primitive)) {
        const bool impatient = std::any_of(queue->patience.begin(), queue->patience.end(),
                                           [](const auto& patience) { return patience.has_value(); });
        return impatient || (queue->capacity != unlimited && turns_away(queue->overflow, queue->attempts));
    }
    if (const auto* log = std::get_if<PartitionedLog>(&station.primitive))
        return std::isfinite(log->retention.value());
    if (const auto* limiter = std::get_if<Limiter>(&station.primitive))
        return limiter->excess == Limiter::Excess::drop ||
               (limiter->excess == Limiter::Excess::wait && limiter->capacity != unlimited);
    return false;
}

}  // namespace

bool can_lose(const System& system) {
    const auto gives_up = [](const auto& source) { return source.persistence.has_value(); };
    return std::any_of(system.stations.begin(), system.stations.end(), station_loses) ||
           std::any_of(system.regions.begin(), system.regions.end(),
                       [](const Region& region) { return turns_away(region.overflow, region.attempts); }) ||
           std::any_of(system.open.begin(), system.open.end(), gives_up) ||
           std::any_of(system.closed.begin(), system.closed.end(), gives_up) ||
           std::any_of(system.outages.begin(), system.outages.end(),
                       [](const Outage& outage) { return outage.work == Interrupted::lose; });
}

}  // namespace headroom::model
