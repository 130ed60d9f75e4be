// Prints how long the flow level takes: a day of 50 components, at one and at a thousand times the rates.

#include "../../sim/systems.h"
#include "sim/platform/replication.h"

#include <chrono>
#include <cstdio>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

namespace {

/// Five chains of ten components: a log, queues of several sizes, delays and a batch, with a daily swing.
model::System fifty_components(double scale) {
    SystemBuilder builder(5);
    for (int chain = 0; chain < 5; ++chain) {
        const double rate = 1000 * (chain + 1) * scale;
        int last = -1;
        for (int i = 0; i < 10; ++i) {
            model::Primitive primitive;
            const int servers = 1 << (i % 6);
            const double service = 0.4 * servers / rate;  // 0.8 at the peak
            if (i == 0) {
                model::PartitionedLog log;
                log.shares.assign(96, 1.0 / 96);
                log.consumers = 48;
                log.poll_interval = model::seconds(0.1);
                log.service.assign(5, Distribution::lognormal(0.4 * 48 / rate, 1));
                primitive = log;
            } else if (i == 9) {
                model::Batch batch;
                batch.max_wait = model::seconds(60);
                batch.fixed = Distribution::lognormal(2, 0.5);
                batch.rate = model::DataRate(1e9 * scale);
                primitive = batch;
            } else if (i % 3 == 2) {
                primitive = model::Delay{std::vector(5, Distribution::lognormal(0.01, 1))};
            } else {
                model::Queue queue = fcfs(servers, {});
                queue.service.assign(5, Distribution::lognormal(service, 1.2));
                primitive = queue;
            }
            const int next = builder.station(primitive);
            if (last < 0)
                builder.open(rate, next, chain);
            else
                builder.link(last, next, chain);
            last = next;
        }
        builder.system().open.back().rate.seasons.push_back(
            model::make_season(model::hours(24), 2, model::hours(20)));
    }
    builder.horizon(86'400);
    return builder.system();
}

template <class Work>
double seconds_of(const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char**) {
    if (argc > 1) {  // for a profiler
        const model::System system = fifty_components(1);
        for (int i = 0; i < 30; ++i) sim::sketch_flow(system, 1);
        return 0;
    }
    for (const double scale : {1.0, 1000.0}) {
        const model::System system = fifty_components(scale);
        double items = 0;
        const double sketch = seconds_of([&] { items += sim::sketch_flow(system, 1).items; });
        std::printf("50 components, a day, rates x %g: sketch %.1f ms (%.0f visits)", scale, 1e3 * sketch,
                    items);
        items = 0;
        const double full = seconds_of([&] { items += sim::simulate_flow(system, {}).items; });
        std::printf(", one replication %.1f ms (%.0f visits)\n", 1e3 * full, items);
    }
}
