#pragma once
// A system as its figures see it: which stations belong to which component, what enters and leaves it.

#include "model/scenario/scenario.h"
#include "model/system/system.h"

#include <string>
#include <vector>

namespace headroom::sim {

struct Outline {
    struct Component {
        std::string id;
        std::vector<int> stations;
        /// By class: where it comes in from elsewhere; more than one only with routing between components.
        std::vector<std::vector<int>> entries;
    };
    std::vector<Component> components;
    std::vector<std::string> nouns;  ///< by class: "events"
    bool constant_rates = false;
    bool can_lose = false;  ///< items may be turned away, expire or be lost
};

Outline outline_of(const model::System& system);

/// Share of what leaves the station that goes to the station or component asked for.
double flow_between(const model::Station& from, int item_class, int to_station);
double flow_out_of_component(const model::System& system, const model::Station& from, int item_class);

}  // namespace headroom::sim
