// Speed of the record level on one core, all statistics on, with and without events, beside what a textbook
// would write for M/M/1; of the event list; of a year at flow level; and of replications over two threads.
// Medians of CPU time, taken in turns, so that a busy machine disturbs all alike.

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "sim/experiment/run.h"
#include "sim/kernel/event_list.h"
#include "sim/kernel/sampling.h"
#include "sim/platform/replication.h"
#include "sim/stations/record/network.h"
#include "tests/validation/networks.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <queue>
#include <string>
#include <vector>

using namespace headroom;

namespace {

constexpr double customers = 1e6, utilisation = 0.9;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// M/M/1 as a textbook writes it, with the mean response only.
double textbook() {
    struct Customer {
        double arrived;
        int number;
    };
    struct Event {
        double time;
        bool arrival;
        bool operator<(const Event& other) const { return time > other.time; }
    };
    std::uint64_t word = 1;
    const auto exponential = [&word](double mean) {
        word ^= word << 13;  // xorshift64 (Marsaglia 2003)
        word ^= word >> 7;
        word ^= word << 17;
        return -mean * std::log((static_cast<double>(word >> 11) + 0.5) * 0x1p-53);
    };
    std::priority_queue<Event> events;
    std::queue<Customer> line;
    double sum = 0;
    int came = 0;
    events.push({exponential(1 / utilisation), true});
    for (int left = 0; left < static_cast<int>(customers);) {
        const Event event = events.top();
        events.pop();
        if (event.arrival) {
            line.push({event.time, came++});
            if (line.size() == 1) events.push({event.time + exponential(1), false});
            events.push({event.time + exponential(1 / utilisation), true});
        } else {
            sum += event.time - line.front().arrived;
            line.pop();
            if (!line.empty()) events.push({event.time + exponential(1), false});
            ++left;
        }
    }
    return sum / customers;
}

model::System tandem(int stations, int servers) {
    validation::Network network;
    for (int i = 0; i < stations; ++i)
        network.queue(servers, model::Distribution::exponential(1),
                      {{i + 1 < stations ? i + 1 : model::outside}});
    const double rate = utilisation * servers;
    return network.open(rate).until(customers / rate);
}

double record(const model::System& system) {
    return sim::simulate_records(system, {}).classes[0].response.mean();
}

/// The same where nothing can be had without events.
double record_by_events(const model::System& system) {
    sim::record::Network network(system, {});
    network.run<false>();
    return network.tallies().classes[0].response.mean();
}

/// One pop and one push at a time, with so many events pending.
double hold(std::uint32_t pending, int times) {
    sim::EventList events;
    sim::VariateStream delays(model::Distribution::exponential(1), sim::RandomStream(1, 1, 1));
    for (std::uint32_t i = 0; i < pending; ++i) events.push(delays.next(), i);
    double now = 0;
    for (int i = 0; i < times; ++i) {
        now = events.next_time();
        const std::uint32_t payload = events.pop();
        events.push(now + delays.next(), payload);
    }
    return now;
}

struct Measured {
    std::string what;
    double each;  ///< how many are done in one go
    std::function<double()> work;
    std::vector<double> seconds = {};

    double median() {
        std::nth_element(seconds.begin(), seconds.begin() + std::ssize(seconds) / 2, seconds.end());
        return seconds[seconds.size() / 2];
    }
};

model::Expected<model::Scenario> read(const char* text, const model::Catalog& catalog) {
    auto reading = model::read_scenario(model::Document(text, "speed.yaml"), catalog);
    if (!reading.scenario) return tl::unexpected(reading.problems);
    return *std::move(reading.scenario);
}

constexpr const char* single_queue = R"(
headroom: 1
name: Speed
horizon: 1111111 s
warm-up: 1 s
workloads:
  jobs: {requests: {rate: 0.9/s}}
components:
  server: {technology: queue, servers: 1, service: {exponential: 1 s}}
links: [jobs -> server]
)";

double through_a_file(const model::Catalog& catalog, int replications, int threads) {
    const auto scenario = read(single_queue, catalog);
    const auto result =
        sim::run(*scenario, catalog, {},
                 {.level = model::Level::record, .replications = replications, .threads = threads});
    return result ? result->records : 0;
}

double wall_seconds_of(const std::function<double()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::fputs("usage: headroom_speed RESOURCES [TURNS [SCENARIO]]\n", stderr);
        return 2;
    }
    const auto catalog = model::Catalog::load(words[1]);
    if (!catalog || !read(single_queue, *catalog)) {
        std::fprintf(stderr, "%s: the catalogue cannot be read\n", words[1]);
        return 2;
    }
    const int turns = count > 2 ? std::max(1, std::atoi(words[2])) : 7;
    const auto simulated = [](int stations, int servers) {
        return [system = tandem(stations, servers)] { return record(system); };
    };
    const auto by_events = [](int stations, int servers) {
        return [system = tandem(stations, servers)] { return record_by_events(system); };
    };
    std::vector<Measured> all{
        {"textbook loop, M/M/1", customers, textbook},
        {"M/M/1", customers, simulated(1, 1)},
        {"M/M/1 as a scenario file", customers, [&] { return through_a_file(*catalog, 1, 1); }},
        {"3 stations in a row", customers, simulated(3, 1)},
        {"10 stations in a row", customers, simulated(10, 1)},
        {"M/M/64", customers, simulated(1, 64)},
        {"M/M/100", customers, simulated(1, 100)},
        {"M/M/1 by events", customers, by_events(1, 1)},
        {"10 stations in a row by events", customers, by_events(10, 1)},
        {"M/M/64 by events", customers, by_events(1, 64)},
    };
    for (std::uint32_t pending = 100; pending <= 1'000'000; pending *= 10)
        all.push_back({"hold, " + std::to_string(pending) + " pending", customers,
                       [pending] { return hold(pending, static_cast<int>(customers)); }});
    double kept = 0;  // so that no work is left out
    for (int turn = 0; turn < turns; ++turn)
        for (Measured& one : all) {
            const double start = cpu_seconds();
            kept += one.work();
            one.seconds.push_back(cpu_seconds() - start);
        }
    const double yardstick = all[0].median() / all[0].each;
    std::printf("%-32s%12s%12s\n", "ns of CPU time each", "median", "of textbook");
    for (Measured& one : all) {
        const double each = one.median() / one.each;
        std::printf("%-32s%12.1f%12.2f\n", one.what.c_str(), 1e9 * each, each / yardstick);
    }
    std::vector<double> gains;
    for (int turn = 0; turn < turns; ++turn) {
        const double one = wall_seconds_of([&] { return through_a_file(*catalog, 8, 1); });
        gains.push_back(one / wall_seconds_of([&] { return through_a_file(*catalog, 8, 2); }));
    }
    std::nth_element(gains.begin(), gains.begin() + turns / 2, gains.end());
    std::printf("eight replications on two threads: %.2f times as fast as on one\n",
                gains[static_cast<std::size_t>(turns) / 2]);
    if (count > 3) {
        const auto document = model::Document::load(words[3]);
        const auto reading = document ? model::read_scenario(*document, *catalog) : model::Reading{};
        if (!reading.scenario) {
            std::fprintf(stderr, "%s: the scenario cannot be read\n", words[3]);
            return 2;
        }
        const double start = cpu_seconds();
        const auto year = sim::run(
            *reading.scenario, *catalog, {},
            {.level = model::Level::flow, .horizon = model::days(365), .replications = 1, .threads = 1});
        if (year) std::printf("a year of %s at flow level: %.2f s\n", words[3], cpu_seconds() - start);
    }
    return kept > 0 ? 0 : 1;
}
