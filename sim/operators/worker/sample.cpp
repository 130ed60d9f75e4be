#include "sim/operators/worker/sample.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>

namespace headroom::sim::worker {

namespace {

// Rows are held back if that leaves enough to fit.
constexpr std::uint64_t fewest_to_hold_back = 500;
// Fewer rows than this are too short a time to measure: they are taken again and again.
constexpr std::uint64_t fewest_to_measure = 8192;
constexpr std::uint64_t largest_quarter = 16'384;
constexpr std::uint64_t most_with_all_points = 200'000;

tl::unexpected<Fault> sample_fault(std::string message) {
    return tl::unexpected(Fault{Fault::Kind::sample, std::move(message)});
}

tl::unexpected<Fault> of_sample(Fault fault) {
    if (fault.kind == Fault::Kind::sql) fault.kind = Fault::Kind::sample;
    return tl::unexpected(std::move(fault));
}

bool holds_zero_byte(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string start(std::size_t{1} << 16, '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    auto end = start.begin() + in.gcount();
    return std::find(start.begin(), end, '\0') != end;
}

/// The mark of UTF-8 that some editors put before the first line.
bool begins_with_mark(const std::vector<std::string>& files) {
    return std::any_of(files.begin(), files.end(), [](const std::string& file) {
        std::ifstream in(file, std::ios::binary);
        char start[3] = {};
        in.read(start, sizeof start);
        return std::string_view(start, sizeof start) == "\xEF\xBB\xBF";
    });
}

Outcome<double> number(Engine& engine, const std::string& what) {
    auto rows = engine.rows("SELECT CAST(" + what + " AS VARCHAR)");
    if (!rows) return tl::unexpected(rows.error());
    return std::strtod(rows->at(0).at(0).value_or("0").c_str(), nullptr);
}

Outcome<void> run_all(Engine& engine, const std::vector<std::string>& statements) {
    for (const std::string& statement : statements)
        if (auto done = engine.run(statement); !done) return done;
    return {};
}

std::string list_of(const std::vector<std::string>& files) {
    std::string list;
    for (const std::string& file : files) list += (list.empty() ? "[" : ", ") + literal(file);
    return list + "]";
}

// Lines of text are one column of a CSV file whose separator stands in no JSON.
constexpr const char* line_options = ", delim='\x01', quote='', escape=''";
constexpr const char* written_line_options = " (FORMAT csv, HEADER false, DELIM '\x01', QUOTE '', ESCAPE '')";
constexpr const char* json_options = ", format='newline_delimited', maximum_object_size=67108864";

/// Lines that are JSON objects, in headroom.lines, and the files that hold just them.
struct JsonLines {
    Sample sample;
    std::vector<std::string> files;
};

/// Other lines are left out: where there are some, those that stay are written to a file of their own.
Outcome<JsonLines> read_json_lines(Engine& engine, const Source& source, const std::filesystem::path& file) {
    const std::string lines = "SELECT line FROM read_csv(" + list_of(source.files) +
                              ", auto_detect=false, header=false, columns={'line': 'VARCHAR'}" +
                              line_options +
                              ", strict_mode=false, ignore_errors=true, store_rejects=true, "
                              "max_line_size=16777216, buffer_size=33554432)";
    const std::string object = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END";
    // The functions that trim are an order of magnitude dearer than those that ask whether they must.
    auto done = engine.run(
        "CREATE TABLE headroom.lines AS SELECT row_number() OVER () - 1 AS r, CASE WHEN suffix(line, "
        "chr(13)) "
        "THEN rtrim(line, chr(13)) ELSE line END AS line FROM (" +
        lines + ") WHERE regexp_matches(line, '[^ \\t\\r]')");
    if (!done) return of_sample(done.error());
    auto all = number(engine, "(SELECT count(*) FROM headroom.lines)");
    auto unread = number(engine, "(SELECT count(DISTINCT (file_id, line)) FROM reject_errors)");
    auto fine = number(engine, "(SELECT count(*) FROM headroom.lines WHERE " + object + ")");
    if (!all || !unread || !fine) return sample_fault("it cannot be read as lines of text");
    JsonLines found{.sample = {.format = Format::json_lines}, .files = source.files};
    Sample& sample = found.sample;
    sample.rows = static_cast<std::uint64_t>(*fine);
    sample.rejected = static_cast<std::uint64_t>(*all + *unread - *fine);
    if (sample.rows == 0 && sample.rejected == 0) return sample_fault("it holds no rows");
    if (sample.rows == 0) {
        return sample_fault("none of its " + std::to_string(sample.rejected) +
                            " lines is a JSON object; one object on each line expected");
    }
    if (sample.rejected > 0 || source.compressed || begins_with_mark(source.files)) {
        done = run_all(
            engine,
            {"ALTER TABLE headroom.lines RENAME TO text",
             "CREATE TABLE headroom.lines AS SELECT row_number() OVER (ORDER BY r) - 1 AS r, "
             "line FROM headroom.text WHERE " +
                 object,
             "DROP TABLE headroom.text",
             "COPY (SELECT line FROM headroom.lines) TO " + literal(file.string()) + written_line_options});
        if (!done) return tl::unexpected(done.error());
        found.files = {file.string()};
    }
    auto bytes = number(engine, "(SELECT sum(strlen(line) + 1) FROM headroom.lines)");
    if (!bytes) return tl::unexpected(bytes.error());
    sample.bytes_per_row = *bytes / *fine;
    return found;
}

/// A SELECT of the rows of the source, of which headroom.rows is then made.
Outcome<Sample> read(Engine& engine, const Source& source, const std::filesystem::path& folder) {
    if (auto made =
            run_all(engine, {"CREATE SCHEMA IF NOT EXISTS headroom", "DROP TABLE IF EXISTS headroom.rows",
                             "DROP TABLE IF EXISTS headroom.lines", "DROP TABLE IF EXISTS reject_errors",
                             "DROP TABLE IF EXISTS reject_scans"});
        !made)
        return tl::unexpected(made.error());
    Sample sample{.format = source.format};
    std::string reader;
    if (source.format == Format::parquet) {
        reader = "read_parquet(" + list_of(source.files) + ")";
    } else if (source.format == Format::csv) {
        if (!source.compressed && holds_zero_byte(source.files.front()))
            return sample_fault("it is binary; CSV expected");
        reader =
            "read_csv(" + list_of(source.files) + ", sample_size=-1, ignore_errors=true, store_rejects=true)";
    } else {
        auto lines = read_json_lines(engine, source, folder / "lines.jsonl");
        if (!lines) return tl::unexpected(lines.error());
        sample = std::move(lines->sample);
        reader = "read_json(" + list_of(lines->files) + json_options + ", sample_size=-1)";
    }
    if (auto loaded =
            engine.run("CREATE TABLE headroom.rows AS SELECT row_number() OVER () - 1 AS r, one AS v "
                       "FROM " +
                       reader + " AS one");
        !loaded)
        return of_sample(loaded.error());
    auto rows = number(engine, "(SELECT count(*) FROM headroom.rows)");
    if (!rows) return tl::unexpected(rows.error());
    if (*rows == 0) return sample_fault("it holds no rows");
    sample.rows = static_cast<std::uint64_t>(*rows);
    if (sample.format == Format::csv) {
        auto rejected = number(engine, "(SELECT count(DISTINCT (file_id, line)) FROM reject_errors)");
        if (!rejected) return tl::unexpected(rejected.error());
        sample.rejected = static_cast<std::uint64_t>(*rejected);
    }
    if (sample.format != Format::json_lines && !(sample.format == Format::csv && source.compressed)) {
        double bytes = 0;
        std::error_code error;
        for (const std::string& file : source.files)
            bytes += static_cast<double>(std::filesystem::file_size(file, error));
        sample.bytes_per_row = bytes / static_cast<double>(sample.rows + sample.rejected);
    }
    auto columns =
        engine.rows("SELECT column_name, column_type FROM (DESCRIBE SELECT v.* FROM headroom.rows)");
    if (!columns) return tl::unexpected(columns.error());
    for (auto& cells : *columns)
        sample.columns.emplace_back(cells.at(0).value_or(""), cells.at(1).value_or(""));
    return sample;
}

/// {"a": 'BIGINT', ...}: the columns as the engine's readers take them.
std::string as_struct(const Columns& columns) {
    std::string text;
    for (const auto& [name, type] : columns) {
        text.append(text.empty() ? "{" : ", ").append(literal(name)).append(": ").append(literal(type));
    }
    return text + "}";
}

/// The rows of a batch, in order, as a SELECT of `what` from headroom.rows or headroom.lines.
std::string select_batch(const Sample& sample, const Batch& batch, const std::string& table,
                         const std::string& what) {
    const std::string select = "SELECT " + what + " FROM headroom." + table, fit = std::to_string(sample.fit),
                      rows = std::to_string(batch.rows);
    switch (batch.kind) {
        case Batch::Kind::held:
            return select + " WHERE r >= " + fit;
        case Batch::Kind::quarter:
            return select + " WHERE r IN (SELECT r FROM headroom.quarters WHERE quarter = " +
                   std::to_string(batch.quarter) + " ORDER BY r LIMIT " + rows + ")";
        case Batch::Kind::prefix:
            break;
    }
    if (batch.rows <= sample.fit) return select + " WHERE r < " + rows;
    return "SELECT " + what + " FROM range(" + rows + ") AS taken(i) JOIN headroom." + table +
           " ON r = i % " + fit + " ORDER BY i";
}

}  // namespace

Outcome<Sample> load_sample(Engine& engine, const Source& source, double held_back,
                            const std::filesystem::path& folder) {
    auto sample = read(engine, source, folder);
    if (!sample) return sample;
    const auto back = static_cast<std::uint64_t>(held_back * static_cast<double>(sample->rows));
    sample->fit = sample->rows < fewest_to_hold_back ? sample->rows : sample->rows - back;
    // The length of a row as JSON, whatever it came as.
    const std::string length =
        sample->format == Format::json_lines
            ? "SELECT r, strlen(line) AS length FROM headroom.lines"
            : "SELECT r, strlen(CAST(to_json(v) AS VARCHAR)) AS length FROM headroom.rows";
    auto made =
        run_all(engine, {"CREATE TABLE headroom.lengths AS " + length,
                         "CREATE TABLE headroom.quarters AS SELECT r, ntile(4) OVER (ORDER BY length, r) - 1 "
                         "AS quarter FROM headroom.lengths WHERE r < " +
                             std::to_string(std::min(sample->fit, 4 * largest_quarter))});
    if (!made) return tl::unexpected(made.error());
    return sample;
}

Outcome<Columns> load_table(Engine& engine, const Source& source, const std::string& name,
                            const std::filesystem::path& folder) {
    auto rows = read(engine, source, folder);
    if (!rows) return tl::unexpected(rows.error());
    if (auto made = engine.run("CREATE TABLE " + identifier(name) + " AS SELECT v.* FROM headroom.rows");
        !made)
        return tl::unexpected(made.error());
    return rows->columns;
}

std::vector<Batch> batches_of(const Sample& sample) {
    const std::uint64_t fit = sample.fit;
    std::uint64_t largest = fit;
    while (largest < fewest_to_measure) largest *= 2;
    std::vector<Batch> batches;
    const auto add = [&](std::uint64_t rows) {
        batches.push_back({.name = std::to_string(rows), .rows = rows});
    };
    std::vector<std::uint64_t> sizes;
    for (std::uint64_t rows = 100; 2 * rows <= largest; rows *= 10) sizes.push_back(rows);
    // Between the last power of ten and the whole the line needs a few more points.
    sizes.push_back(largest);
    if (largest <= most_with_all_points) sizes.insert(sizes.end(), {largest / 8, largest / 4, largest / 2});
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    for (std::uint64_t rows : sizes) add(rows);
    if (const std::uint64_t quarter = std::min(fit / 4, largest_quarter); quarter >= 100)
        for (int i = 0; i < 4; ++i)
            batches.push_back({.name = "quarter-" + std::to_string(i),
                               .kind = Batch::Kind::quarter,
                               .quarter = i,
                               .rows = quarter});
    if (fit < sample.rows)
        batches.push_back({.name = "held", .kind = Batch::Kind::held, .rows = sample.rows - fit});
    return batches;
}

Outcome<void> write_batch(Engine& engine, const Sample& sample, Batch& batch,
                          const std::filesystem::path& folder) {
    auto bytes = number(
        engine, "(SELECT sum(length) FROM (" + select_batch(sample, batch, "lengths", "length") + "))");
    if (!bytes) return tl::unexpected(bytes.error());
    batch.bytes = *bytes;
    const std::string rows = select_batch(sample, batch, "rows", "v.*"),
                      encoded = literal(encoded_file(folder, batch.name).string());
    auto written = engine.run("COPY (" + rows + ") TO " + literal(rows_file(folder, batch.name).string()) +
                              " (FORMAT parquet, COMPRESSION snappy)");
    if (!written) return written;
    switch (sample.format) {
        case Format::json_lines:
            return engine.run("COPY (" + select_batch(sample, batch, "lines", "line") + ") TO " + encoded +
                              written_line_options);
        case Format::csv:
            return engine.run("COPY (" + rows + ") TO " + encoded + " (FORMAT csv)");
        case Format::parquet:
            break;
    }
    return engine.run("COPY (" + rows + ") TO " + encoded + " (FORMAT parquet)");
}

std::filesystem::path rows_file(const std::filesystem::path& folder, const std::string& name) {
    return folder / ("rows-" + name + ".parquet");
}

std::filesystem::path encoded_file(const std::filesystem::path& folder, const std::string& name) {
    return folder / ("encoded-" + name);
}

std::string select_rows(const std::filesystem::path& file, const Columns& columns) {
    std::string list;
    for (const auto& [name, type] : columns)
        list += (list.empty() ? "" : ", ") +
                ("CAST(" + identifier(name) + " AS " + type + ") AS " + identifier(name));
    return "SELECT " + list + " FROM read_parquet(" + literal(file.string()) + ")";
}

std::string select_decoded(const std::filesystem::path& file, Format format, const Columns& columns) {
    const std::string name = literal(file.string());
    switch (format) {
        case Format::json_lines:
            return "SELECT * FROM read_json(" + name + json_options + ", columns=" + as_struct(columns) + ")";
        case Format::csv:
            return "SELECT * FROM read_csv(" + name +
                   ", header=true, auto_detect=false, columns=" + as_struct(columns) + ")";
        case Format::parquet:
            break;
    }
    return "SELECT * FROM read_parquet(" + name + ")";
}

}  // namespace headroom::sim::worker
