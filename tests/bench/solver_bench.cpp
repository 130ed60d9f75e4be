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

/// Some classes that share 50 stations and differ in their way through them and in their demand.
model::System many_classes(int classes, int open, int users) {
    test::SystemBuilder builder(classes);
    for (int i = 0; i < 50; ++i) {
        // Several servers take the product form away, so that the approximations are measured too.
        model::Queue queue = test::fcfs(users > 0 ? 1 : 1 + i % 4, Distribution::exponential(0.01));
        queue.service.clear();
        for (int k = 0; k < classes; ++k)
            queue.service.push_back(Distribution::exponential(0.01 * (1 + (i + k) % 5)));
        builder.station(queue);
    }
    for (int k = 0; k < classes; ++k) {
        for (int i = 0; i + 1 + k < 50; i += 1 + k)
            if (i % 5 == 4 && i > k)
                builder.link(i, {model::Routing::split, {{i - 1 - k, 0.1}, {i + 1 + k, 0.9}}}, k);
            else
                builder.link(i, i + 1 + k, k);
        if (k < open)
            builder.open(1, 0, k);
        else
            builder.closed(users, Distribution::exponential(1), 0, k);
    }
    return builder.system();
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

void solve_classes(benchmark::State& state) {
    const auto classes = static_cast<int>(state.range(0)), open = static_cast<int>(state.range(1)),
               users = static_cast<int>(state.range(2));
    const auto system = many_classes(classes, open, users);
    for (auto _ : state) benchmark::DoNotOptimize(sim::solve(system));
}
BENCHMARK(solve_classes)
    ->ArgNames({"classes", "open", "users"})
    ->Args({4, 4, 0})
    ->Args({2, 0, 10})
    ->Args({3, 0, 4})
    ->Args({3, 0, 200})
    ->Args({4, 2, 10})
    ->Args({4, 2, 1000})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
