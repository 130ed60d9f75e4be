// mpirun -n 2 headroom_message_speed MODULE SCENARIO: what sharing a study costs rank 0 for each point: a
// message there and back, packing and unpacking a result, writing it alone and with others. Medians of wall
// time.

#include "model/catalog/catalog.h"
#include "model/store/packed_run.h"
#include "model/store/store.h"
#include "sim/experiment/ranks.h"
#include "sim/experiment/study_message.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <dlfcn.h>
#include <functional>
#include <thread>

using namespace headroom;

namespace {

constexpr int repetitions = 200;

double median_microseconds(int times, const std::function<void()>& work) {
    std::vector<double> taken;
    for (int i = 0; i < times; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        taken.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(taken.begin(), taken.begin() + times / 2, taken.end());
    return taken[static_cast<std::size_t>(times / 2)];
}

std::string await(sim::Ranks& ranks) {
    for (;;)
        if (auto message = ranks.receive()) return std::move(message->bytes);
}

void measure(sim::Ranks& ranks, const sim::StudyPlan& plan, const model::RunResult& result) {
    const std::string packed = model::pack(result), point = sim::body_of(plan.points.front());
    const auto there_and_back = [&](const std::string& bytes) {
        ranks.send(1, bytes);
        (void)await(ranks);
    };
    const std::filesystem::path file = "headroom-message-speed.db";
    auto store = model::ResultsStore::open(file, model::ResultsStore::Access::read_write).value();
    model::Study study{.id = "speed", .name = "speed", .points = {}};
    for (int i = 0; i < 16 * repetitions; ++i)
        study.points.push_back({.index = i, .settings = {}, .run = {}});
    (void)store.begin_study(study).value();
    int next = 0;
    const auto write = [&](int points) {
        std::vector<model::PointResult> results;
        for (int i = 0; i < points; ++i) results.push_back({next++, result});
        if (!store.finish_points(study.id, results)) std::abort();
    };
    const auto row = [](const char* what, std::size_t bytes, double microseconds) {
        std::printf("%-44s %8zu bytes %10.1f us\n", what, bytes, microseconds);
    };
    row("message there and back, small", 5,
        median_microseconds(repetitions, [&] { there_and_back("small"); }));
    row("message there and back, a result", packed.size(),
        median_microseconds(repetitions, [&] { there_and_back(packed); }));
    row("a point made ready to be sent", point.size(),
        median_microseconds(repetitions, [&] { (void)sim::body_of(plan.points.front()); }));
    row("a result packed", packed.size(),
        median_microseconds(repetitions, [&] { (void)model::pack(result); }));
    row("a result unpacked", packed.size(),
        median_microseconds(repetitions, [&] { (void)model::unpack(packed).value(); }));
    row("a result stored alone", packed.size(), median_microseconds(repetitions, [&] { write(1); }));
    row("each of 16 results stored together", packed.size(),
        median_microseconds(repetitions / 2, [&] { write(16); }) / 16);
    std::filesystem::remove(file);
    std::filesystem::remove(file.string() + "-wal");
    std::filesystem::remove(file.string() + "-shm");
}

}  // namespace

int main(int count, char** texts) {
    if (count != 3) return 2;
    void* module = dlopen(texts[1], RTLD_NOW | RTLD_GLOBAL);
    void* symbol = module ? dlsym(module, "headroom_ranks") : nullptr;
    if (!symbol) return 2;
    const std::unique_ptr<sim::Ranks> ranks(reinterpret_cast<sim::RanksFn>(symbol)());
    if (ranks->rank() == 1) {
        for (int i = 0; i < 2 * repetitions; ++i) ranks->send(0, await(*ranks));
    } else {
        const auto catalog = model::find_resources().and_then(&model::Catalog::load).value();
        sim::RunOptions options;
        options.replications = 5;
        auto plan = sim::plan_sweep(model::Document::load(texts[2]).value(),
                                    {sim::parse_factor("name=speed").value()}, options)
                        .value();
        if (!sim::check_study(plan, catalog)) return 2;
        measure(*ranks, plan, sim::run_point(plan, catalog, 0, 1, {}, {}).value());
    }
    ranks->leave(true);
    return 0;
}
