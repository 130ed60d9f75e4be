#include "sim/operators/worker/chain.h"

#include "sim/operators/worker/avro.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <set>
#include <system_error>

namespace headroom::sim::worker {

namespace {

struct Encoding {
    const char* name;
    const char* options;
};
constexpr std::array<Encoding, 10> encodings{{
    {"json", "FORMAT json, COMPRESSION none"},
    {"json+gzip", "FORMAT json, COMPRESSION gzip"},
    {"json+zstd", "FORMAT json, COMPRESSION zstd"},
    {"csv", "FORMAT csv, HEADER false, COMPRESSION none"},
    {"csv+gzip", "FORMAT csv, HEADER false, COMPRESSION gzip"},
    {"csv+zstd", "FORMAT csv, HEADER false, COMPRESSION zstd"},
    {"parquet+none", "FORMAT parquet, COMPRESSION uncompressed"},
    {"parquet+snappy", "FORMAT parquet, COMPRESSION snappy"},
    {"parquet+gzip", "FORMAT parquet, COMPRESSION gzip"},
    {"parquet+zstd", "FORMAT parquet, COMPRESSION zstd"},
}};
// A file of so many rows is as large as compression asks for: Parquet's groups have 122,880.
constexpr std::uint64_t rows_to_compress = 250'000, rows_to_weigh = 100'000;

tl::unexpected<Fault> no_room() {
    return tl::unexpected(Fault{Fault::Kind::engine, "there is no room for temporary files"});
}

Outcome<double> number(Engine& engine, const std::string& sql) {
    auto rows = engine.rows("SELECT CAST((" + sql + ") AS VARCHAR)");
    if (!rows) return tl::unexpected(rows.error());
    return std::strtod(rows->at(0).at(0).value_or("0").c_str(), nullptr);
}

Outcome<double> rows_of(Engine& engine, const std::string& table) {
    return number(engine, "SELECT count(*) FROM " + identifier(table));
}

/// Mean bytes of a row of the table, as JSON.
Outcome<double> bytes_of(Engine& engine, const std::string& table) {
    return number(engine,
                  "SELECT coalesce(avg(strlen(CAST(to_json(one) AS VARCHAR)) + 1), 0) FROM (SELECT * FROM " +
                      identifier(table) + " LIMIT " + std::to_string(rows_to_weigh) + ") AS one");
}

Outcome<std::vector<std::pair<std::string, double>>> sizes_of(Engine& engine, const std::string& table,
                                                              const std::filesystem::path& folder) {
    std::vector<std::pair<std::string, double>> sizes;
    auto rows = rows_of(engine, table);
    if (!rows) return tl::unexpected(rows.error());
    const double written = std::min(*rows, static_cast<double>(rows_to_compress));
    if (written == 0) return sizes;
    const std::filesystem::path file = folder / "written";
    for (const Encoding& encoding : encodings) {
        auto done = engine.run("COPY (SELECT * FROM " + identifier(table) + " LIMIT " +
                               std::to_string(rows_to_compress) + ") TO " + literal(file.string()) + " (" +
                               encoding.options + ")");
        if (!done) return tl::unexpected(done.error());
        std::error_code error;
        auto size = std::filesystem::file_size(file, error);
        if (error) return no_room();
        sizes.emplace_back(encoding.name, static_cast<double>(size) / written);
        std::filesystem::remove(file, error);
    }
    auto avro = avro_sizes(engine, table, folder);
    if (!avro) return tl::unexpected(avro.error());
    sizes.insert(sizes.end(), avro->begin(), avro->end());
    return sizes;
}

/// Null rates and stored bytes of the table's columns; the Parquet file stays under the name for queries.
Outcome<std::vector<Column>> columns_of(Engine& engine, const std::string& table,
                                        const std::filesystem::path& file) {
    auto described = engine.rows("SELECT column_name, column_type FROM (DESCRIBE " + identifier(table) + ")");
    if (!described) return tl::unexpected(described.error());
    auto rows = rows_of(engine, table);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<Column> columns;
    std::string counts;
    for (const auto& cells : *described) {
        columns.push_back({.name = cells.at(0).value_or(""), .type = cells.at(1).value_or("")});
        counts += (counts.empty() ? "" : ", ") +
                  ("CAST(count(" + identifier(columns.back().name) + ") AS VARCHAR)");
    }
    if (*rows == 0) return columns;
    auto filled = engine.rows("SELECT " + counts + " FROM " + identifier(table));
    if (!filled) return tl::unexpected(filled.error());
    for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i].nulls = 1 - std::strtod(filled->at(0).at(i).value_or("0").c_str(), nullptr) / *rows;

    const double written = std::min(*rows, static_cast<double>(rows_to_compress));
    auto done =
        engine.run("COPY (SELECT * FROM " + identifier(table) + " LIMIT " + std::to_string(rows_to_compress) +
                   ") TO " + literal(file.string()) + " (FORMAT parquet, COMPRESSION snappy)");
    if (!done) return tl::unexpected(done.error());
    auto sizes = engine.rows(
        "SELECT CAST(path_in_schema AS VARCHAR), CAST(sum(total_compressed_size) AS VARCHAR) "
        "FROM parquet_metadata(" +
        literal(file.string()) + ") GROUP BY 1");
    if (!sizes) return tl::unexpected(sizes.error());
    for (const auto& cells : *sizes) {
        // Of a nested column the path goes on behind a comma.
        const std::string path = cells.at(0).value_or(""), name = path.substr(0, path.find(", "));
        for (Column& column : columns)
            if (column.name == name)
                column.stored += std::strtod(cells.at(1).value_or("0").c_str(), nullptr) / written;
    }
    return columns;
}

Outcome<void> key_shares(Engine& engine, const Sample& sample, const std::string& key,
                         Description& description) {
    bool known = std::any_of(sample.columns.begin(), sample.columns.end(),
                             [&](const auto& column) { return column.first == key; });
    if (!known) {
        std::string names;
        for (const auto& [name, type] : sample.columns) names += (names.empty() ? "" : ", ") + name;
        return tl::unexpected(
            Fault{Fault::Kind::key, "the sample has no field '" + key + "'; it has " + names});
    }
    auto rows = engine.rows("SELECT CAST(count(*) AS VARCHAR) FROM input GROUP BY " + identifier(key) +
                            " ORDER BY count(*) DESC LIMIT 1000");
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& cells : *rows) {
        description.key_shares.push_back(std::strtod(cells.at(0).value_or("0").c_str(), nullptr) /
                                         static_cast<double>(sample.rows));
    }
    auto keys = number(engine, "SELECT count(DISTINCT " + identifier(key) + ") FROM input");
    if (!keys) return tl::unexpected(keys.error());
    description.keys = *keys;
    return {};
}

/// Runs every step once over the whole sample and describes what comes out of it.
JobOutcome<void> describe_steps(Engine& engine, const Job& job, const std::filesystem::path& folder,
                                Description& description) {
    std::vector<std::string> readable{"input", "previous"};
    auto before = rows_of(engine, "input");
    auto bytes_before = bytes_of(engine, "input");
    if (!before) return tl::unexpected(JobFault{before.error()});
    if (!bytes_before) return tl::unexpected(JobFault{bytes_before.error()});
    for (std::size_t i = 0; i < job.steps.size(); ++i) {
        const Step& step = job.steps[i];
        const auto fault = [&](Fault what) {
            return tl::unexpected(JobFault{.fault = std::move(what), .step = static_cast<int>(i)});
        };
        if (auto right = engine.check_select(step.sql, readable); !right) return fault(right.error());
        StepRun run{.rows_in = *before, .bytes_in = *bytes_before};
        engine.renew();
        auto first = run_step(engine, step, folder);
        if (!first) return fault(first.error());
        run.run = *std::move(first);
        if (auto kept = keep_result(engine, step); !kept) return fault(kept.error());
        auto rows = rows_of(engine, step.name);
        if (!rows) return fault(rows.error());
        auto bytes = bytes_of(engine, step.name);
        if (!bytes) return fault(bytes.error());
        before = run.rows_out = *rows;
        bytes_before = run.bytes_out = *bytes;
        readable.push_back(step.name);
        description.steps.push_back(std::move(run));
    }
    return {};
}

JobOutcome<void> describe_rules(Engine& engine, const Job& job, double rows, Description& description) {
    for (std::size_t i = 0; i < job.rules.size(); ++i) {
        const auto fault = [&](Fault what) {
            return tl::unexpected(JobFault{.fault = std::move(what), .rule = static_cast<int>(i)});
        };
        const std::string select = "SELECT count(*) FROM input WHERE (\n" + job.rules[i].sql + "\n)";
        if (auto right = engine.check_select(select, {"input"}); !right) return fault(right.error());
        auto passed = number(engine, select);
        if (!passed) return fault(passed.error());
        description.pass_rates.push_back(rows > 0 ? *passed / rows : 1);
    }
    return {};
}

JobOutcome<void> describe_queries(Engine& engine, const Job& job, const std::filesystem::path& stored,
                                  Description& description) {
    double all = 0;
    for (const Column& column : description.columns_out) all += column.stored;
    for (std::size_t i = 0; i < job.queries.size(); ++i) {
        const std::string& sql = job.queries[i].sql;
        const auto fault = [&](Fault what) {
            return tl::unexpected(JobFault{.fault = std::move(what), .query = static_cast<int>(i)});
        };
        if (auto right = engine.check_select(sql, {"output"}); !right) return fault(right.error());
        engine.renew();
        auto run = engine.measure(sql);
        if (!run) return fault(run.error());
        QueryDescription query{.run = {.run = *run, .rows_out = run->rows}};
        query.run.rows_in = description.steps.back().rows_out;
        query.run.bytes_in = description.steps.back().bytes_out;
        if (all > 0) {
            auto hidden = engine.run("ALTER VIEW output RENAME TO \"output of the steps\"");
            if (hidden)
                hidden = engine.run("CREATE VIEW output AS SELECT * FROM read_parquet(" +
                                    literal(stored.string()) + ")");
            if (!hidden) return fault(hidden.error());
            auto columns = engine.columns_read(sql);
            for (const char* statement :
                 {"DROP VIEW output", "ALTER VIEW \"output of the steps\" RENAME TO output"})
                if (auto back = engine.run(statement); !back) return fault(back.error());
            if (!columns) return fault(columns.error());
            const std::set<std::string> read(columns->begin(), columns->end());
            double scanned = 0;
            for (const Column& column : description.columns_out)
                if (read.contains(column.name)) scanned += column.stored;
            query.scanned = scanned / all;
        }
        description.queries.push_back(std::move(query));
    }
    return {};
}

}  // namespace

Outcome<void> set_input(Engine& engine, const std::vector<Step>& steps, const std::string& select) {
    std::vector<std::string> statements{"DROP VIEW IF EXISTS output", "DROP VIEW IF EXISTS previous"};
    for (const Step& step : steps) statements.push_back("DROP TABLE IF EXISTS " + identifier(step.name));
    statements.emplace_back("DROP TABLE IF EXISTS input");
    statements.push_back("CREATE TABLE input AS " + select);
    statements.emplace_back("CREATE VIEW previous AS SELECT * FROM input");
    for (const std::string& statement : statements)
        if (auto done = engine.run(statement); !done) return done;
    return {};
}

Outcome<void> keep_result(Engine& engine, const Step& step) {
    for (const std::string& statement :
         {"CREATE TABLE " + identifier(step.name) + " AS " + step.sql,
          "CREATE OR REPLACE VIEW previous AS SELECT * FROM " + identifier(step.name),
          "CREATE OR REPLACE VIEW output AS SELECT * FROM " + identifier(step.name)})
        if (auto done = engine.run(statement); !done) return done;
    return {};
}

Outcome<QueryRun> run_step(Engine& engine, const Step& step, const std::filesystem::path& folder) {
    if (step.encode.empty()) return engine.measure(step.sql);
    const std::filesystem::path file = folder / "step";
    auto run =
        engine.measure("COPY (" + step.sql + ") TO " + literal(file.string()) + " (" + step.encode + ")");
    std::error_code error;
    std::filesystem::remove(file, error);
    return run;
}

Outcome<std::vector<Column>> describe_columns(Engine& engine, const Job& job,
                                              const std::filesystem::path& folder) {
    auto sample = load_sample(engine, job.sample, 0, folder);
    if (!sample) return tl::unexpected(sample.error());
    if (auto made = set_input(engine, {}, "SELECT v.* FROM headroom.rows"); !made)
        return tl::unexpected(made.error());
    return columns_of(engine, "input", folder / "stored-input");
}

JobOutcome<std::pair<Sample, Description>> prepare(Engine& engine, const Job& job,
                                                   const std::filesystem::path& folder,
                                                   const std::filesystem::path& prepared) {
    const auto fault = [](Fault what) {
        // These statements are our own.
        if (what.kind == Fault::Kind::sql) what.kind = Fault::Kind::engine;
        return tl::unexpected(JobFault{std::move(what)});
    };
    Description description;
    for (const auto& [name, source] : job.tables) {
        auto columns = load_table(engine, source, name, folder);
        if (!columns)
            return fault({columns.error().kind, "the table " + name + ": " + columns.error().message});
        auto written = engine.run(
            "COPY " + identifier(name) + " TO " +
            literal(
                rows_file(prepared, "table-" + std::to_string(description.table_columns.size())).string()) +
            " (FORMAT parquet, COMPRESSION snappy)");
        if (!written) return fault(written.error());
        description.table_columns.push_back(*std::move(columns));
    }
    auto sample = load_sample(engine, job.sample, job.held_back, folder);
    if (!sample) return fault(sample.error());
    description.batches = batches_of(*sample);
    for (Batch& batch : description.batches)
        if (auto written = write_batch(engine, *sample, batch, prepared); !written)
            return fault(written.error());
    if (sample->bytes_per_row == 0) {
        std::error_code error;
        const Batch& batch =
            *std::max_element(description.batches.begin(), description.batches.end(),
                              [](const Batch& a, const Batch& b) { return a.rows < b.rows; });
        sample->bytes_per_row =
            static_cast<double>(std::filesystem::file_size(encoded_file(prepared, batch.name), error)) /
            static_cast<double>(batch.rows);
    }
    auto made = set_input(engine, job.steps, "SELECT v.* FROM headroom.rows");
    if (made) made = engine.run("DROP SCHEMA headroom CASCADE");
    if (made) made = engine.lay_in(job.steps.size() + job.queries.size());
    if (made) made = engine.lock({folder, prepared});
    if (!made) return fault(made.error());

    if (!job.key.empty())
        if (auto shares = key_shares(engine, *sample, job.key, description); !shares)
            return fault(shares.error());
    if (auto done = describe_steps(engine, job, folder, description); !done)
        return tl::unexpected(done.error());
    if (auto done = describe_rules(engine, job, static_cast<double>(sample->rows), description); !done)
        return tl::unexpected(done.error());

    const std::string last = job.steps.back().name;
    auto in = columns_of(engine, "input", folder / "stored-input");
    if (!in) return fault(in.error());
    auto out = columns_of(engine, last, folder / "stored-output");
    if (!out) return fault(out.error());
    description.columns_in = *std::move(in);
    description.columns_out = *std::move(out);
    if (auto done = describe_queries(engine, job, folder / "stored-output", description); !done)
        return tl::unexpected(done.error());
    auto bytes_in = sizes_of(engine, "input", folder);
    if (!bytes_in) return fault(bytes_in.error());
    auto bytes_out = sizes_of(engine, last, folder);
    if (!bytes_out) return fault(bytes_out.error());
    description.bytes_in = *std::move(bytes_in);
    description.bytes_out = *std::move(bytes_out);

    const auto largest = std::max_element(
        description.batches.begin(), description.batches.end(), [](const Batch& a, const Batch& b) {
            return a.kind != Batch::Kind::prefix || (b.kind == Batch::Kind::prefix && a.rows < b.rows);
        });
    auto decoded = engine.measure_stream(
        select_decoded(encoded_file(prepared, largest->name), sample->format, sample->columns));
    if (!decoded) return fault(decoded.error());
    description.decode_seconds =
        *decoded * static_cast<double>(sample->rows) / static_cast<double>(largest->rows);
    return std::pair{*std::move(sample), std::move(description)};
}

}  // namespace headroom::sim::worker
