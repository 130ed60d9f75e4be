#include "sim/experiment/design.h"

#include "sim/kernel/random.h"

#include <boost/random/sobol.hpp>
#include <numeric>

namespace headroom::sim {

std::vector<std::vector<double>> latin_hypercube(int points, int dimensions, std::uint64_t seed) {
    const auto count = static_cast<std::size_t>(points);
    std::vector<std::vector<double>> design(count, std::vector<double>(static_cast<std::size_t>(dimensions)));
    std::vector<std::size_t> order(count);
    for (std::size_t d = 0; d < static_cast<std::size_t>(dimensions); ++d) {
        RandomStream random(seed, stream_id("study", "latin hypercube"), d);
        std::iota(order.begin(), order.end(), std::size_t{0});
        // Fisher and Yates' shuffle; the place within a part is drawn as well.
        for (std::size_t i = count; i > 1; --i)
            std::swap(order[i - 1],
                      order[static_cast<std::size_t>(random.uniform() * static_cast<double>(i))]);
        for (std::size_t i = 0; i < count; ++i)
            design[i][d] = (static_cast<double>(order[i]) + random.uniform()) / static_cast<double>(count);
    }
    return design;
}

std::vector<std::vector<double>> sobol_points(int points, int dimensions) {
    boost::random::sobol engine(static_cast<std::size_t>(dimensions));
    const double scale = 1 / (static_cast<double>(boost::random::sobol::max()) + 1);
    std::vector<std::vector<double>> design(static_cast<std::size_t>(points),
                                            std::vector<double>(static_cast<std::size_t>(dimensions)));
    for (auto& point : design)
        for (double& coordinate : point) coordinate = static_cast<double>(engine()) * scale;
    return design;
}

}  // namespace headroom::sim
