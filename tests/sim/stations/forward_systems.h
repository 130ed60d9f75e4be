#pragma once
// Random systems whose items only move forward.

#include "../systems.h"
#include "sim/kernel/random.h"

#include <cstdint>
#include <vector>

namespace headroom::test {

/// Draws parts of random systems.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed, 1, 1) {}

    int upto(int most) { return static_cast<int>(random_.uniform() * (most + 1)); }
    bool once_in(int times) { return upto(times - 1) == 0; }
    double between(double low, double high) { return low + (high - low) * random_.uniform(); }
    model::Distribution time(double mean) {
        switch (upto(5)) {
            case 0:
                return model::Distribution::exponential(mean);
            case 1:
                return model::Distribution::lognormal(mean, between(0.2, 2));
            case 2:
                return {.family = model::Family::uniform, .mean = mean, .scv = 0.2};
            case 3:
                return {.family = model::Family::weibull, .mean = mean, .scv = 2};
            default:
                return model::Distribution::with_scv(mean, between(0.3, 4));
        }
    }

private:
    sim::RandomStream random_;
};

inline model::Route route_behind(Dice& dice, int station, int stations) {
    model::Route route;
    route.branches.clear();
    const int branches = 1 + dice.upto(2);
    double left = 1;
    for (int b = 0; b < branches; ++b) {
        const double share = b + 1 == branches ? left : left * dice.between(0.2, 0.8);
        left -= share;
        const int to = station + 1 + dice.upto(stations - station - 1);
        route.branches.push_back({to < stations ? to : model::outside, share});
    }
    route.routing = dice.once_in(5)   ? model::Routing::copy
                    : dice.once_in(4) ? model::Routing::round_robin
                                      : model::Routing::split;
    return route;
}

/// Anything that feeds forward.
inline model::System random_forward_system(std::uint64_t seed) {
    Dice dice(seed);
    const int classes = 1 + dice.upto(2), stations = 1 + dice.upto(7);
    SystemBuilder builder(classes);
    builder.horizon(dice.between(200, 2000));
    for (int s = 0; s < stations; ++s) {
        std::vector<model::Distribution> times;
        for (int c = 0; c < classes; ++c) times.push_back(dice.time(dice.between(0.1, 1)));
        if (dice.once_in(6)) {
            builder.station(model::Delay{times});
        } else if (dice.once_in(8)) {
            builder.station(model::Store{});
        } else {
            const int servers = dice.once_in(2) ? 1 : dice.once_in(4) ? 50 : 1 + dice.upto(7);
            builder.station(model::Queue{.servers = servers, .service = times});
        }
    }
    for (int c = 0; c < classes; ++c) {
        for (int s = 0; s < stations; ++s) {
            builder.link(s, route_behind(dice, s, stations), c);
            auto& yield =
                builder.system().stations[static_cast<std::size_t>(s)].yields[static_cast<std::size_t>(c)];
            if (dice.once_in(4)) yield = dice.between(0, 2);
            if (dice.once_in(4)) builder.read(s, c);
        }
        builder.open(dice.between(0.3, 3), dice.upto(stations - 1), c);
        model::OpenSource& source = builder.system().open.back();
        source.interarrival = dice.time(1);
        if (dice.once_in(3)) source.route = route_behind(dice, -1, stations);
        if (dice.once_in(4)) source.pattern.bulk.geometric_mean = 3;
        if (dice.once_in(4))
            source.rate.seasons = {model::make_season(model::seconds(100), 3, model::seconds(30))};
        if (dice.once_in(4))
            source.pattern.states = {{model::per_second(0.2), model::seconds(20), {0, 1}},
                                     {model::per_second(4), model::seconds(10), {1, 0}}};
    }
    return builder.system();
}

}  // namespace headroom::test
