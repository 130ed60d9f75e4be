#include "sim/operators/worker/chain.h"

namespace headroom::sim::worker {

namespace {

/// All repetitions of a batch, one step after the other; the first of each warms up and is dropped if there
/// are several.
Outcome<Timing> measure_batch(Engine& engine, const Job& job, Format format, const Columns& columns,
                              const BatchPlan& plan, const std::filesystem::path& folder,
                              const std::filesystem::path& prepared) {
    Timing timing{.batch = plan.batch};
    const int warm_up = plan.repetitions > 1 ? 1 : 0;
    const std::string decode = select_decoded(encoded_file(prepared, plan.batch), format, columns);
    for (int i = -warm_up; i < plan.repetitions; ++i) {
        auto seconds = engine.measure_stream(decode);
        if (!seconds) return tl::unexpected(seconds.error());
        if (i >= 0) timing.decode.push_back(*seconds);
    }
    auto made = set_input(engine, job.steps, select_rows(rows_file(prepared, plan.batch), columns));
    if (!made) return tl::unexpected(made.error());
    for (const Step& step : job.steps) {
        auto& times = timing.steps.emplace_back();
        for (int i = -warm_up; i < plan.repetitions; ++i) {
            auto run = run_step(engine, step, folder);
            if (!run) return tl::unexpected(run.error());
            if (i == -warm_up) timing.cold_seconds += run->cpu_seconds;
            if (i < 0) continue;
            times.push_back(run->cpu_seconds);
            timing.cpu_seconds += run->cpu_seconds;
            timing.wall_seconds += run->wall_seconds;
        }
        if (auto kept = keep_result(engine, step); !kept) return tl::unexpected(kept.error());
    }
    for (const NamedSql& query : job.queries) {
        auto& times = timing.queries.emplace_back();
        for (int i = -warm_up; i < plan.repetitions; ++i) {
            auto run = engine.measure(query.sql);
            if (!run) return tl::unexpected(run.error());
            if (i >= 0) times.push_back(run->cpu_seconds);
        }
    }
    return timing;
}

}  // namespace

Outcome<Times> measure(Engine& engine, const Job& job, Format format, const Columns& columns,
                       const std::vector<Columns>& table_columns, const std::vector<BatchPlan>& plan,
                       const std::filesystem::path& folder, const std::filesystem::path& prepared) {
    for (std::size_t i = 0; i < job.tables.size(); ++i) {
        auto made =
            engine.run("CREATE TABLE " + identifier(job.tables[i].first) + " AS " +
                       select_rows(rows_file(prepared, "table-" + std::to_string(i)), table_columns.at(i)));
        if (!made) return tl::unexpected(made.error());
    }
    if (auto locked = engine.lock({folder, prepared}); !locked) return tl::unexpected(locked.error());
    Times times;
    for (const BatchPlan& batch : plan) {
        auto timing = measure_batch(engine, job, format, columns, batch, folder, prepared);
        if (!timing) return tl::unexpected(timing.error());
        if (!times.batches.empty()) timing->cold_seconds = 0;
        times.batches.push_back(*std::move(timing));
    }
    times.reference_seconds = reference_step_seconds();
    return times;
}

double reference_step_seconds() {
    constexpr std::size_t words = std::size_t{1} << 15;  // 256 KiB
    constexpr int steps = 1 << 21;
    constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15u;
    std::vector<std::uint64_t> table(words);
    std::uint64_t x = 1;
    for (auto& word : table) word = x = x * 6364136223846793005u + 1442695040888963407u;

    double best = 0;
    volatile std::uint64_t sink = 0;
    for (int repetition = 0; repetition < 5; ++repetition) {
        double start = thread_cpu_seconds();
        for (int i = 0; i < steps; ++i) {
            x = (x ^ table[x & (words - 1)]) * multiplier;
            x ^= x >> 32;  // brings the high bits down to the mask
        }
        sink = sink + x;
        double seconds = thread_cpu_seconds() - start;
        if (repetition == 0 || seconds < best) best = seconds;
    }
    return best / steps;
}

}  // namespace headroom::sim::worker
