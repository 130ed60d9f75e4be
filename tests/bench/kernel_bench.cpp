// Nanoseconds per customer of the record level, all statistics on.

#include "sim/kernel/event_list.h"
#include "sim/kernel/random.h"
#include "sim/platform/replication.h"

#include <benchmark/benchmark.h>
#include <cmath>
#include <queue>
#include <string>

using namespace headroom;

namespace {

/// Stations in a row, each with exponential service of mean 1, at the given utilisation.
model::System tandem(int stations, int servers, double utilisation, double customers) {
    model::System system;
    system.classes.push_back({"jobs", "jobs"});
    for (int i = 0; i < stations; ++i) {
        system.components.push_back("server " + std::to_string(i));
        model::Station station;
        station.name = system.components.back();
        station.component = i;
        station.primitive =
            model::Queue{.servers = servers, .service = {model::Distribution::exponential(1)}};
        station.routes = {{.branches = {{i + 1 < stations ? i + 1 : model::outside}}}};
        station.sizes = {model::ItemSize(1)};
        station.yields = {1};
        system.stations.push_back(station);
    }
    const double rate = utilisation * servers;
    system.open.push_back(
        {.item_class = 0, .rate = {.base = model::per_second(rate)}, .route = {.branches = {{0}}}});
    system.horizon = model::seconds(customers / rate);
    return system;
}

void network(benchmark::State& state) {
    constexpr double customers = 1e6;
    const auto system =
        tandem(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), 0.9, customers);
    double mean = 0, customers_done = 0;
    for (auto _ : state) {
        const auto result = sim::simulate_records(system, {});
        customers_done += result.classes[0].completed;
        mean = result.classes[0].response.mean();
    }
    state.counters["response"] = mean;
    state.counters["ns/customer"] =
        benchmark::Counter(customers_done * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(network)
    ->ArgNames({"stations", "servers"})
    ->Args({1, 1})
    ->Args({3, 1})
    ->Args({10, 1})
    ->Args({1, 64})
    ->Args({1, 100})
    ->Unit(benchmark::kMillisecond);

/// What the kernel is measured against: M/M/1 at 0.9 as a textbook writes it, with the mean response only.
void textbook(benchmark::State& state) {
    constexpr int customers = 1000000;
    struct Event {
        double time;
        bool arrival;
        bool operator<(const Event& other) const { return time > other.time; }
    };
    double sum = 0, done = 0;
    for (auto _ : state) {
        std::uint64_t word = 1;
        const auto exponential = [&word](double mean) {
            word ^= word << 13;  // xorshift64 (Marsaglia 2003)
            word ^= word >> 7;
            word ^= word << 17;
            return -mean * std::log((static_cast<double>(word >> 11) + 0.5) * 0x1p-53);
        };
        std::priority_queue<Event> events;
        std::queue<double> line;
        events.push({exponential(1 / 0.9), true});
        for (int left = 0; left < customers;) {
            const Event event = events.top();
            events.pop();
            if (event.arrival) {
                line.push(event.time);
                if (line.size() == 1) events.push({event.time + exponential(1), false});
                events.push({event.time + exponential(1 / 0.9), true});
            } else {
                sum += event.time - line.front();
                line.pop();
                if (!line.empty()) events.push({event.time + exponential(1), false});
                ++left;
            }
        }
        done += customers;
    }
    state.counters["response"] = sum / done;
    state.counters["ns/customer"] =
        benchmark::Counter(done * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(textbook)->Unit(benchmark::kMillisecond);

/// One pop and one push at a time, with so many events pending.
void hold(benchmark::State& state) {
    sim::EventList events;
    sim::RandomStream random(1, 1, 1);
    const auto pending = static_cast<std::uint32_t>(state.range(0));
    for (std::uint32_t i = 0; i < pending; ++i) events.push(random.exponential(), i);
    for (auto _ : state) {
        const double now = events.next_time();
        events.push(now + random.exponential(), events.pop());
    }
}
BENCHMARK(hold)->RangeMultiplier(10)->Range(100, 1000000);

}  // namespace

BENCHMARK_MAIN();
