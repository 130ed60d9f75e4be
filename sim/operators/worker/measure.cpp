#include "sim/operators/worker/measure.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <system_error>

namespace headroom::sim::worker {

namespace {

// A run should take long beside the clock's and the scheduler's grain, and not so long that calibrating
// bores.
constexpr double enough_seconds = 0.03;
constexpr std::uint64_t fewest_rows = 1024, most_rows = 131'072;
constexpr double most_bytes = 96e6;

struct Encoding {
    const char* name;
    const char* options;
};
constexpr std::array<Encoding, 5> encodings{{
    {"json", "FORMAT json"},
    {"csv", "FORMAT csv, HEADER false"},
    {"parquet+none", "FORMAT parquet, COMPRESSION uncompressed"},
    {"parquet+snappy", "FORMAT parquet, COMPRESSION snappy"},
    {"parquet+zstd", "FORMAT parquet, COMPRESSION zstd"},
}};

Outcome<double> number(Engine& engine, const std::string& sql) {
    auto rows = engine.rows("SELECT CAST((" + sql + ") AS VARCHAR)");
    if (!rows) return tl::unexpected(rows.error());
    return std::strtod(rows->at(0).at(0).value_or("0").c_str(), nullptr);
}

Outcome<std::vector<double>> key_shares(Engine& engine, const Sample& sample, const std::string& key) {
    bool known = std::any_of(sample.columns.begin(), sample.columns.end(),
                             [&](const auto& column) { return column.first == key; });
    if (!known) {
        std::string names;
        for (const auto& [name, type] : sample.columns) names += (names.empty() ? "" : ", ") + name;
        return tl::unexpected(
            Fault{Fault::Kind::key, "the sample has no field '" + key + "'; it has " + names});
    }
    auto rows = engine.rows("SELECT CAST(count(*) AS VARCHAR) FROM sample GROUP BY " + identifier(key) +
                            " ORDER BY count(*) DESC LIMIT 1000");
    if (!rows) return tl::unexpected(rows.error());
    std::vector<double> shares;
    for (const auto& cells : *rows) {
        shares.push_back(std::strtod(cells.at(0).value_or("0").c_str(), nullptr) /
                         static_cast<double>(sample.rows));
    }
    return shares;
}

/// As few rows as give a transform enough to do, in doublings of the sample.
Outcome<std::uint64_t> rows_to_measure(Engine& engine, const Sample& sample, const std::string& sql) {
    std::uint64_t rows = sample.rows;
    while (rows < fewest_rows) rows *= 2;
    rows = std::min(rows, most_rows);
    while (true) {
        if (auto made = make_input(engine, sample, rows); !made) return tl::unexpected(made.error());
        if (auto chosen = choose_input(engine, rows); !chosen) return tl::unexpected(chosen.error());
        auto run = engine.measure(sql);
        if (!run) return tl::unexpected(run.error());
        std::uint64_t next = rows * 2;
        bool largest = next > most_rows || static_cast<double>(next) * sample.bytes_per_row > most_bytes;
        if (run->cpu_seconds >= enough_seconds || largest) return rows;
        if (auto dropped = engine.run("DROP VIEW input; DROP TABLE input_" + std::to_string(rows));
            !dropped) {
            return tl::unexpected(dropped.error());
        }
        rows = next;
    }
}

}  // namespace

std::string without_semicolon(const std::string& sql) {
    for (std::size_t i = 0; i < sql.size(); ++i) {
        auto skip_to = [&](std::string_view end, std::size_t from) {
            std::size_t at = sql.find(end, from);
            i = at == std::string::npos ? sql.size() : at + end.size() - 1;
        };
        char c = sql[i];
        if (c == ';') return sql.substr(0, i);
        if (c == '\'' || c == '"') {
            skip_to(std::string_view(&c, 1), i + 1);
        } else if (sql.compare(i, 2, "--") == 0) {
            skip_to("\n", i);
        } else if (sql.compare(i, 2, "/*") == 0) {
            skip_to("*/", i + 2);
        } else if (c == '$') {
            std::size_t end = sql.find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", i + 1);
            if (end != std::string::npos && sql[end] == '$') {
                skip_to(sql.substr(i, end - i + 1), end + 1);
            }
        }
    }
    return sql;
}

Outcome<Description> describe(Engine& engine, const Sample& sample, const std::string& sql,
                              const std::string& key, const std::filesystem::path& folder) {
    Description description;
    if (!key.empty()) {
        auto shares = key_shares(engine, sample, key);
        if (!shares) return tl::unexpected(shares.error());
        description.key_shares = *std::move(shares);
    }
    // Under its own name and no other, so that a statement that reads something else is found out; and run as
    // it stands, so that the engine's complaints point at the user's own lines.
    if (auto named = engine.run("ALTER TABLE sample RENAME TO input"); !named)
        return tl::unexpected(named.error());
    if (auto right = engine.check_select(sql, "input"); !right) return tl::unexpected(right.error());
    if (auto run = engine.measure(sql); !run) return tl::unexpected(run.error());
    for (const char* statement :
         {"ALTER TABLE input RENAME TO sample", "CREATE VIEW input AS SELECT * FROM sample"}) {
        if (auto done = engine.run(statement); !done) return tl::unexpected(done.error());
    }

    if (auto made = engine.run("CREATE TABLE result AS SELECT * FROM (\n" + without_semicolon(sql) + "\n)");
        !made) {
        return tl::unexpected(made.error());
    }
    auto rows = number(engine, "SELECT count(*) FROM result");
    if (!rows) return tl::unexpected(rows.error());
    description.rows_out = *rows;
    for (const Encoding& encoding : encodings) {
        if (*rows == 0) break;
        std::filesystem::path file = folder / ("result." + std::string(encoding.name));
        auto written = engine.run("COPY result TO " + literal(file.string()) + " (" + encoding.options + ")");
        if (!written) return tl::unexpected(written.error());
        std::error_code error;
        auto size = std::filesystem::file_size(file, error);
        if (error) return tl::unexpected(Fault{Fault::Kind::engine, "there is no room for temporary files"});
        description.bytes_out.emplace_back(encoding.name, static_cast<double>(size) / *rows);
        std::filesystem::remove(file, error);
    }
    auto enough = rows_to_measure(engine, sample, sql);
    if (!enough) return tl::unexpected(enough.error());
    description.rows_to_measure = *enough;
    return description;
}

Outcome<Times> measure(Engine& engine, const Sample& sample, const std::string& sql, std::uint64_t rows,
                       int repetitions, const std::filesystem::path& folder) {
    Times times;
    std::vector<std::string> decoders;
    for (std::uint64_t divisor : {8, 4, 2, 1}) {
        std::uint64_t part = std::max<std::uint64_t>(1, rows / divisor);
        if (auto made = make_input(engine, sample, part); !made) return tl::unexpected(made.error());
        auto decoder = make_encoded(engine, sample, part, folder);
        if (!decoder) return tl::unexpected(decoder.error());
        times.sizes.push_back({.rows = part, .decode = {}, .transform = {}});
        decoders.push_back(*std::move(decoder));
    }
    std::vector<QueryRun> largest;
    for (int repetition = -1; repetition < repetitions;
         ++repetition) {  // the first one warms up and is dropped
        for (std::size_t i = 0; i < times.sizes.size(); ++i) {
            auto decode = engine.measure_stream(decoders[i]);
            if (!decode) return tl::unexpected(decode.error());
            if (auto chosen = choose_input(engine, times.sizes[i].rows); !chosen)
                return tl::unexpected(chosen.error());
            auto run = engine.measure(sql);
            if (!run) return tl::unexpected(run.error());
            if (repetition < 0) continue;
            times.sizes[i].decode.push_back(*decode);
            times.sizes[i].transform.push_back(run->cpu_seconds);
            if (i + 1 == times.sizes.size()) largest.push_back(*std::move(run));
        }
    }
    auto middle = largest.begin() + static_cast<std::ptrdiff_t>(largest.size() / 2);
    std::nth_element(largest.begin(), middle, largest.end(),
                     [](const QueryRun& a, const QueryRun& b) { return a.cpu_seconds < b.cpu_seconds; });
    times.profile = *middle;
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
