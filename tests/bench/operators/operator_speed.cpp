// headroom_operator_speed SAMPLE.jsonl: rows per second of each operator on click records (generate-clicks),
// beside hand-written loops for a filter and an aggregate over the same columns; how long the calibration of
// a five-step transform takes; how well a tenth of the sample foretells all of it; and what Parquet saves.

#include "sim/operators/calibrate.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

using namespace headroom;

namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Operator {
    const char* name;
    const char* text;
};

constexpr Operator five_steps{"five steps", R"(steps:
  - validate: {user_id: {type: BIGINT, required: true}, duration_ms: {min: 0}}
  - filter: action <> 'heartbeat'
  - deduplicate: {by: event_id}
  - tumbling: {time: ts, every: 1 min, by: [country, action], compute: {clicks: count(*), spent: sum(price)}}
  - encode: {format: parquet, codec: snappy}
)"};

constexpr Operator operators[] = {
    {"scan", "steps: [{sql: 'SELECT sum(duration_ms), max(price), count(page) FROM input'}]\n"},
    {"filter", "steps: [{sql: 'SELECT sum(duration_ms) FROM input WHERE duration_ms > 10000'}]\n"},
    {"aggregate",
     "steps: [{sql: 'SELECT user_id, count(*), sum(duration_ms) FROM input GROUP BY user_id'}]\n"},
    {"join",
     "steps: [{sql: 'SELECT count(*) FROM input JOIN (SELECT DISTINCT user_id FROM input) USING "
     "(user_id)'}]\n"},
    {"window", "steps: [{tumbling: {time: ts, every: 1 min, by: country, compute: {clicks: count(*)}}}]\n"},
    {"sessions", "steps: [{sessions: {time: ts, gap: 30 min, by: user_id, compute: {clicks: count(*)}}}]\n"},
    {"deduplicate", "steps: [{deduplicate: {by: event_id}}]\n"},
    {"sort", "steps: [{sort: {by: [user_id, ts]}}]\n"},
    {"repartition", "steps: [{repartition: {by: user_id, partitions: 12}}]\n"},
    {"distinct", "steps: [{distinct: {of: user_id, by: country}}]\n"},
    {"encode", "steps: [{encode: {format: parquet, codec: snappy}}]\n"},
};

sim::DetailedCalibration calibrate(const Operator& op, const std::string& sample, double held_back) {
    const std::string file = std::string("operator-") + op.name + ".yaml";
    std::ofstream(file) << op.text;
    auto calibration = sim::calibrate_in_detail(
        {.component = op.name, .transform = file, .sample = sample, .key = {}},
        {.deadline = model::minutes(10), .memory_limit = model::gigabytes(4), .held_back = held_back});
    std::remove(file.c_str());
    if (calibration) return *std::move(calibration);
    std::fprintf(stderr, "%s\n", calibration.error().front().sentence().c_str());
    std::exit(1);
}

struct Clicks {
    std::vector<std::int64_t> user, duration;
};

Clicks read_clicks(const std::string& sample) {
    Clicks clicks;
    std::ifstream in(sample);
    for (std::string line; std::getline(in, line);) {
        const auto row = nlohmann::json::parse(line);
        clicks.user.push_back(row.at("user_id").get<std::int64_t>());
        clicks.duration.push_back(row.at("duration_ms").get<std::int64_t>());
    }
    return clicks;
}

/// Nanoseconds for a row, the best of five.
template <class Loop>
double time_loop(std::size_t rows, const Loop& loop) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        const double start = cpu_seconds();
        volatile std::int64_t kept = loop();
        (void)kept;
        best = std::min(best, cpu_seconds() - start);
    }
    return best / static_cast<double>(rows) * 1e9;
}

/// The step's time for a row of the largest batch, its fixed cost included.
double nanoseconds(const model::Calibration& calibration) {
    const model::TimedBatch& largest = calibration.steps.back().batches.back();
    return largest.seconds / largest.rows * 1e9;
}

void compare_with_loops(const std::string& sample, double filter, double aggregate) {
    const Clicks clicks = read_clicks(sample);
    const double by_hand_filter = time_loop(clicks.user.size(), [&] {
        std::int64_t sum = 0;
        for (const std::int64_t duration : clicks.duration) sum += duration > 10'000 ? duration : 0;
        return sum;
    });
    const double by_hand_aggregate = time_loop(clicks.user.size(), [&] {
        std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> groups;
        for (std::size_t i = 0; i < clicks.user.size(); ++i) {
            auto& [count, sum] = groups[clicks.user[i]];
            ++count;
            sum += clicks.duration[i];
        }
        return static_cast<std::int64_t>(groups.size());
    });
    std::printf("filter     engine %6.2f ns/row, hand-written loop %6.2f\n", filter, by_hand_filter);
    std::printf("aggregate  engine %6.2f ns/row, hand-written loop %6.2f (std::unordered_map)\n", aggregate,
                by_hand_aggregate);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: headroom_operator_speed SAMPLE.jsonl\n", stderr);
        return 2;
    }
    const std::string sample = argv[1];
    std::printf("%-12s %10s %14s %12s %10s\n", "operator", "ns/row", "rows/s, core", "the rest, s",
                "foretold");
    double filter = 0, aggregate = 0;
    for (const Operator& op : operators) {
        // A tenth is measured and foretells the rest, which the same processes measure too.
        const sim::DetailedCalibration part = calibrate(op, sample, 0.9);
        const double each = nanoseconds(part.calibration);
        if (std::string(op.name) == "filter") filter = each;
        if (std::string(op.name) == "aggregate") aggregate = each;
        const sim::StepForecast& rest = part.held_back.back();
        std::printf("%-12s %10.1f %14.0f %12.3f %+9.1f%%\n", op.name, each, 1e9 / each, rest.measured,
                    100 * (rest.predicted / rest.measured - 1));
    }
    compare_with_loops(sample, filter, aggregate);
    const auto start = std::chrono::steady_clock::now();
    const double cpu = static_cast<double>(std::clock());
    const model::Calibration five = calibrate(five_steps, sample, 0.2).calibration;
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    std::printf(
        "five steps on %.0f rows: calibrated in %.1f s (wall / CPU time of the steps %.2f, own CPU %.1f s)\n",
        five.rows_in, wall.count(), five.disturbed,
        (static_cast<double>(std::clock()) - cpu) / CLOCKS_PER_SEC);
    std::printf("bytes of a row by format:");
    for (const auto& [format, bytes] : five.bytes_in_formats) std::printf(" %s %.1f", format.c_str(), bytes);
    std::printf("\n");
    return 0;
}
