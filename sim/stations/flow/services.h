#pragma once
// Variates by class, drawn by the block; nothing is prepared for classes that never come.

#include "sim/kernel/sampling.h"
#include "sim/stations/flow/station.h"

#include <optional>
#include <string>
#include <vector>

namespace headroom::sim::flow {

class Services {
public:
    Services(std::vector<model::Distribution> times, std::string station, const Draws& draws)
        : times_(std::move(times)), station_(std::move(station)), draws_(draws), streams_(times_.size()) {}

    double draw(int item_class) {
        const auto k = static_cast<std::size_t>(item_class);
        std::optional<VariateStream>& stream = streams_[k];
        if (!stream)
            stream.emplace(times_[k], draws_.stream(station_, "services of " + std::to_string(item_class)));
        return stream->next();
    }

private:
    std::vector<model::Distribution> times_;
    std::string station_;
    Draws draws_;
    std::vector<std::optional<VariateStream>> streams_;
};

}  // namespace headroom::sim::flow
