#pragma once
// Small systems for tests, built by hand.

#include "model/system/system.h"

#include <string>
#include <utility>
#include <vector>

namespace headroom::test {

class SystemBuilder {
public:
    explicit SystemBuilder(int classes = 1) {
        for (int k = 0; k < classes; ++k) system_.classes.push_back({"class" + std::to_string(k), "items"});
        system_.horizon = model::hours(1);
    }

    /// Adds a station of a component of its own; all classes leave the system there until linked. Gives its
    /// index.
    int station(model::Primitive primitive, double size = 100) {
        const int index = static_cast<int>(system_.stations.size());
        model::Station station;
        station.name = "s" + std::to_string(index);
        station.component = index;
        station.primitive = std::move(primitive);
        station.routes.assign(system_.classes.size(), model::Route{});
        station.sizes.assign(system_.classes.size(), model::ItemSize(size));
        station.yields.assign(system_.classes.size(), 1.0);
        system_.components.push_back(station.name);
        system_.stations.push_back(std::move(station));
        return index;
    }
    SystemBuilder& open(double rate, int to, int item_class = 0, double scv = 1) {
        model::OpenSource source;
        source.item_class = item_class;
        source.rate.base = model::per_second(rate);
        source.interarrival = scv == 1   ? model::Distribution::exponential(1)
                              : scv == 0 ? model::Distribution::constant(1)
                                         : model::Distribution::with_scv(1, scv);
        source.route = {model::Routing::split, {{to, 1}}};
        system_.open.push_back(source);
        return *this;
    }
    SystemBuilder& closed(int users, model::Distribution think, int to, int item_class = 0) {
        system_.closed.push_back({item_class, users, std::move(think), {model::Routing::split, {{to, 1}}}});
        return *this;
    }
    SystemBuilder& link(int from, model::Route route, int item_class = 0) {
        system_.stations[static_cast<std::size_t>(from)].routes[static_cast<std::size_t>(item_class)] =
            std::move(route);
        return *this;
    }
    SystemBuilder& link(int from, int to, int item_class = 0) {
        return link(from, {model::Routing::split, {{to, 1}}}, item_class);
    }
    SystemBuilder& read(int station, int item_class = 0) {
        system_.read_points.push_back({station, station, item_class});
        return *this;
    }
    SystemBuilder& horizon(double seconds) {
        system_.horizon = model::seconds(seconds);
        return *this;
    }
    model::System& system() { return system_; }

private:
    model::System system_;
};

inline model::Queue fcfs(int servers, model::Distribution service, int capacity = model::unlimited) {
    model::Queue queue;
    queue.servers = servers;
    queue.capacity = capacity;
    queue.service = {std::move(service)};
    return queue;
}
inline model::Queue sharing(int servers, model::Distribution service, int admitted = model::unlimited) {
    model::Queue queue = fcfs(servers, std::move(service));
    queue.discipline = model::Discipline::processor_sharing;
    queue.admitted = admitted;
    return queue;
}

}  // namespace headroom::test
