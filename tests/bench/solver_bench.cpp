// The analytic solver follows the typing: 50 stations within a millisecond.

#include "../sim/systems.h"
#include "sim/analytic/solver.h"

#include <benchmark/benchmark.h>

using namespace headroom;
using model::Distribution;

namespace {

/// A chain with a loop back from every fifth station.
model::System open_network(int stations) {
    test::SystemBuilder builder;
    for (int i = 0; i < stations; ++i)
        builder.station(test::fcfs(1 + i % 4, Distribution::lognormal(0.5 * (1 + i % 4), 1.5)));
    for (int i = 0; i + 1 < stations; ++i)
        if (i % 5 == 4)
            builder.link(i, {model::Routing::split, {{i - 4, 0.1}, {i + 1, 0.9}}});
        else
            builder.link(i, i + 1);
    return builder.open(1, 0).system();
}

model::System closed_network(int stations, int users) {
    test::SystemBuilder builder;
    for (int i = 0; i < stations; ++i)
        builder.station(test::fcfs(1 + i % 4, Distribution::exponential(0.01 * (1 + i % 4))));
    for (int i = 0; i + 1 < stations; ++i) builder.link(i, i + 1);
    return builder.closed(users, Distribution::exponential(1), 0).system();
}

void solve_open(benchmark::State& state) {
    const auto system = open_network(static_cast<int>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(sim::solve(system));
}
BENCHMARK(solve_open)->Arg(10)->Arg(50)->Unit(benchmark::kMicrosecond);

void solve_closed(benchmark::State& state) {
    const auto system = closed_network(50, static_cast<int>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(sim::solve(system));
}
BENCHMARK(solve_closed)->Arg(20)->Arg(200)->Unit(benchmark::kMicrosecond);

}  // namespace
