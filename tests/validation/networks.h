#pragma once
// Textbook networks as lowered systems, without a scenario file.

#include "model/system/system.h"

#include <string>
#include <utility>

namespace headroom::validation {

/// A system of one class that grows station by station.
class Network {
public:
    Network() { system_.classes.push_back({"jobs", "jobs"}); }

    /// An item goes to `next` with the probability given, and leaves otherwise.
    Network& station(model::Primitive primitive, std::vector<model::Branch> next = {{}}, double yield = 1) {
        const int index = static_cast<int>(system_.stations.size());
        system_.components.push_back("station " + std::to_string(index));
        system_.stations.push_back({.name = system_.components.back(),
                                    .component = index,
                                    .primitive = std::move(primitive),
                                    .routes = {{.branches = std::move(next)}},
                                    .sizes = {model::ItemSize(100)},
                                    .yields = {yield}});
        return *this;
    }
    Network& queue(int servers, const model::Distribution& service, std::vector<model::Branch> next = {{}}) {
        return station(model::Queue{.servers = servers, .service = {service}}, std::move(next));
    }
    Network& open(double rate, const model::Distribution& gaps = model::Distribution::exponential(1),
                  int to = 0) {
        system_.open.push_back(
            {.rate = {.base = model::per_second(rate)}, .interarrival = gaps, .route = {.branches = {{to}}}});
        return *this;
    }
    Network& closed(int users, const model::Distribution& think, int to = 0) {
        system_.closed.push_back({.users = users, .think_time = think, .route = {.branches = {{to}}}});
        return *this;
    }
    model::System until(double seconds) const {
        model::System system = system_;
        system.horizon = model::seconds(seconds);
        return system;
    }

private:
    model::System system_;
};

}  // namespace headroom::validation
