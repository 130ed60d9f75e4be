#include "sim/stations/record/node.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim::record {

Path::Path(const model::Route& route, const RandomStream& stream)
    : copies(route.routing == model::Routing::copy), random(stream) {
    if (route.branches.size() == 1) {
        copies = false;
        only = route.branches.front().station;
        return;
    }
    double share = 0;
    for (const auto& branch : route.branches) {
        if (!copies && branch.probability <= 0) continue;
        share += branch.probability;
        stations.push_back(branch.station);
        shares.push_back(share);
    }
}

int Path::choose() {
    if (stations.empty()) return only;
    const double u = random.uniform();
    std::size_t i = 0;
    while (i + 1 < shares.size() && u >= shares[i]) ++i;
    return stations[i];
}

Log::Log(const model::PartitionedLog& log, const RandomStream& keys)
    : random(keys),
      consumers(static_cast<std::size_t>(log.consumers)),
      poll_interval(log.poll_interval.value()) {
    double share = 0;
    for (const double s : log.shares) shares.push_back(share += s);
}

std::size_t Log::choose_consumer() {
    const double u = random.uniform() * shares.back();
    const auto above = std::upper_bound(shares.begin(), shares.end(), u);
    const auto partition = std::min<std::ptrdiff_t>(above - shares.begin(), std::ssize(shares) - 1);
    return static_cast<std::size_t>(partition) % consumers.size();
}

double Log::poll_after(const Consumer& consumer, double t) const {
    if (poll_interval <= 0) return t;
    return std::max(t, consumer.phase + std::ceil((t - consumer.phase) / poll_interval) * poll_interval);
}

}  // namespace headroom::sim::record
