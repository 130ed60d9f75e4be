#include "sim/experiment/design.h"

#include "sim/kernel/random.h"

#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>

namespace headroom::sim {

std::size_t Design::size(std::size_t factors) const {
    const auto drawn = static_cast<std::size_t>(samples);
    switch (kind) {
        case Kind::full_factorial:
            return 0;
        case Kind::latin_hypercube:
        case Kind::sobol:
            return drawn;
        case Kind::one_at_a_time:
            return 1 + 2 * factors;
        case Kind::morris:
            return drawn * (factors + 1);
        case Kind::sobol_indices:
            return drawn * (factors + 2);
    }
    return 0;
}

const char* word_for(Design::Kind kind) {
    switch (kind) {
        case Design::Kind::full_factorial:
            return "full-factorial";
        case Design::Kind::latin_hypercube:
            return "latin-hypercube";
        case Design::Kind::sobol:
            return "sobol";
        case Design::Kind::one_at_a_time:
            return "one-at-a-time";
        case Design::Kind::morris:
            return "morris";
        case Design::Kind::sobol_indices:
            return "sobol-indices";
    }
    return "";
}

namespace {

/// Fisher and Yates' shuffle.
void shuffle(std::vector<std::size_t>& order, RandomStream& random) {
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[static_cast<std::size_t>(random.uniform() * static_cast<double>(i))]);
}

}  // namespace

std::vector<std::vector<double>> latin_hypercube(int points, int dimensions, std::uint64_t seed) {
    const auto count = static_cast<std::size_t>(points);
    std::vector<std::vector<double>> design(count, std::vector<double>(static_cast<std::size_t>(dimensions)));
    std::vector<std::size_t> order(count);
    for (std::size_t d = 0; d < static_cast<std::size_t>(dimensions); ++d) {
        RandomStream random(seed, stream_id("study", "latin hypercube"), d);
        std::iota(order.begin(), order.end(), std::size_t{0});
        shuffle(order, random);
        // The place within a part is drawn as well.
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

std::vector<std::vector<double>> one_at_a_time(int dimensions) {
    const std::vector<double> as_it_is(static_cast<std::size_t>(dimensions), std::nan(""));
    std::vector<std::vector<double>> design{as_it_is};
    for (std::size_t d = 0; d < as_it_is.size(); ++d)
        for (const double end : {0.0, 1.0}) {
            design.push_back(as_it_is);
            design.back()[d] = end;
        }
    return design;
}

std::vector<std::vector<double>> morris_trajectories(int trajectories, int dimensions, std::uint64_t seed) {
    const auto count = static_cast<std::size_t>(dimensions);
    std::vector<std::vector<double>> design;
    std::vector<std::size_t> order(count);
    for (int t = 0; t < trajectories; ++t) {
        RandomStream random(seed, stream_id("study", "morris"), static_cast<std::uint64_t>(t));
        std::vector<double> point(count);
        // The lower two of the four levels go up by 2/3, the upper two down.
        for (double& coordinate : point) coordinate = std::floor(random.uniform() * 4) / 3;
        std::iota(order.begin(), order.end(), std::size_t{0});
        shuffle(order, random);
        design.push_back(point);
        for (const std::size_t d : order) {
            constexpr double moved[] = {2.0 / 3, 1, 0, 1.0 / 3};
            point[d] = moved[static_cast<std::size_t>(std::lround(point[d] * 3))];
            design.push_back(point);
        }
    }
    return design;
}

std::vector<std::vector<double>> sobol_index_points(int pairs, int dimensions, std::uint64_t seed) {
    const auto count = static_cast<std::ptrdiff_t>(dimensions);
    std::vector<std::vector<double>> design;
    for (const std::vector<double>& both : latin_hypercube(pairs, 2 * dimensions, seed)) {
        const std::vector<double> a(both.begin(), both.begin() + count), b(both.begin() + count, both.end());
        design.push_back(a);
        design.push_back(b);
        for (std::size_t d = 0; d < a.size(); ++d) {
            design.push_back(a);
            design.back()[d] = b[d];
        }
    }
    return design;
}

std::vector<std::vector<double>> drawn_points(const Design& design, int dimensions, std::uint64_t seed) {
    switch (design.kind) {
        case Design::Kind::full_factorial:
            return {};
        case Design::Kind::latin_hypercube:
            return latin_hypercube(design.samples, dimensions, seed);
        case Design::Kind::sobol:
            return sobol_points(design.samples, dimensions);
        case Design::Kind::one_at_a_time:
            return one_at_a_time(dimensions);
        case Design::Kind::morris:
            return morris_trajectories(design.samples, dimensions, seed);
        case Design::Kind::sobol_indices:
            return sobol_index_points(design.samples, dimensions, seed);
    }
    return {};
}

}  // namespace headroom::sim
