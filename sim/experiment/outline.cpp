#include "sim/experiment/outline.h"

#include "model/system/losses.h"
#include "sim/analytic/traffic.h"

#include <algorithm>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

double flow_between(const model::Station& from, int item_class, int to_station) {
    const model::Route& route = from.routes[at(item_class)];
    double share = 0;
    for (const auto& branch : route.branches)
        if (branch.station == to_station) share += weight_of(route, branch);
    return share * from.yields[at(item_class)];
}

double flow_out_of_component(const model::System& system, const model::Station& from, int item_class) {
    const model::Route& route = from.routes[at(item_class)];
    double share = 0;
    for (const auto& branch : route.branches)
        if (branch.station == model::outside ||
            system.stations[at(branch.station)].component != from.component)
            share += weight_of(route, branch);
    return share * from.yields[at(item_class)];
}

Outline outline_of(const model::System& system) {
    Outline outline;
    const TrafficEquations traffic(system);
    for (std::size_t c = 0; c < system.components.size(); ++c) {
        Outline::Component component{system.components[c], {}, {}};
        component.entries.resize(system.classes.size());
        for (std::size_t s = 0; s < system.stations.size(); ++s)
            if (system.stations[s].component == static_cast<int>(c))
                component.stations.push_back(static_cast<int>(s));
        outline.components.push_back(std::move(component));
    }
    const auto enter = [&](const model::Route& route, std::size_t item_class, int from_component) {
        for (const auto& branch : route.branches) {
            if (branch.station == model::outside) continue;
            const int to = system.stations[at(branch.station)].component;
            if (to < 0 || to == from_component) continue;
            auto& entries = outline.components[at(to)]
                                .entries[branch.item_class < 0 ? item_class : at(branch.item_class)];
            if (std::find(entries.begin(), entries.end(), branch.station) == entries.end())
                entries.push_back(branch.station);
        }
    };
    for (const auto& source : system.open) enter(source.route, at(source.item_class), -1);
    for (const auto& source : system.closed) enter(source.route, at(source.item_class), -1);
    for (std::size_t k = 0; k < system.classes.size(); ++k)
        for (const int s : traffic.reached(static_cast<int>(k)))
            enter(system.stations[at(s)].routes[k], k, system.stations[at(s)].component);
    for (const auto& item_class : system.classes) outline.nouns.push_back(item_class.noun);
    outline.constant_rates = std::all_of(system.open.begin(), system.open.end(),
                                         [](const auto& source) { return source.rate.is_constant(); });
    outline.can_lose = model::can_lose(system);
    return outline;
}

}  // namespace headroom::sim
