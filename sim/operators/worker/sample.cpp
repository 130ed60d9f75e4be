#include "sim/operators/worker/sample.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

namespace headroom::sim::worker {

namespace {

tl::unexpected<Fault> sample_fault(std::string message) {
    return tl::unexpected(Fault{Fault::Kind::sample, std::move(message)});
}

template <class T>
tl::unexpected<Fault> sample_fault(const Outcome<T>& outcome) {
    Fault fault = outcome.error();
    if (fault.kind == Fault::Kind::sql) fault.kind = Fault::Kind::sample;
    return tl::unexpected(std::move(fault));
}

bool blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

bool is_object(const std::string& line) {
    return line[line.find_first_not_of(" \t")] == '{' && nlohmann::json::accept(line);
}

/// Copies the lines that are JSON objects and counts the others.
Outcome<Sample> clean_json_lines(const std::filesystem::path& file, const std::filesystem::path& folder) {
    Sample sample{.format = Sample::Format::json_lines, .file = folder / "sample.jsonl"};
    std::ifstream in(file, std::ios::binary);
    std::ofstream out(sample.file, std::ios::binary);
    std::string line;
    double bytes = 0;
    while (std::getline(in, line)) {
        if (sample.rows + sample.rejected == 0 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
        if (blank(line)) continue;
        if (line.back() == '\r') line.pop_back();
        if (!is_object(line)) {
            ++sample.rejected;
            continue;
        }
        ++sample.rows;
        bytes += static_cast<double>(line.size() + 1);
        out << line << '\n';
    }
    if (!out.flush())
        return tl::unexpected(Fault{Fault::Kind::engine, "there is no room for temporary files"});
    if (sample.rows == 0 && sample.rejected == 0) return sample_fault("it holds no rows");
    if (sample.rows == 0) {
        return sample_fault("none of its " + std::to_string(sample.rejected) +
                            " lines is a JSON object; one object on each line expected");
    }
    sample.bytes_per_row = bytes / static_cast<double>(sample.rows);
    return sample;
}

bool holds_zero_byte(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string start(std::size_t{1} << 16, '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    auto end = start.begin() + in.gcount();
    return std::find(start.begin(), end, '\0') != end;
}

Outcome<std::uint64_t> count(Engine& engine, const std::string& what) {
    auto rows = engine.rows("SELECT CAST(" + what + " AS VARCHAR)");
    if (!rows) return tl::unexpected(rows.error());
    return std::stoull(rows->at(0).at(0).value_or("0"));
}

/// {"a": 'BIGINT', ...}: the columns as the engine's readers take them.
std::string columns_of(const Sample& sample) {
    std::string text;
    for (const auto& [name, type] : sample.columns) {
        text.append(text.empty() ? "{" : ", ").append(literal(name)).append(": ").append(literal(type));
    }
    return text + "}";
}

std::string table_of(std::uint64_t rows) { return "input_" + std::to_string(rows); }

}  // namespace

Outcome<Sample> load_sample(Engine& engine, const std::filesystem::path& file,
                            const std::filesystem::path& folder) {
    Sample sample;
    std::string extension = file.extension().string(), reader;
    if (extension == ".parquet") {
        sample = {.format = Sample::Format::parquet, .file = file};
        reader = "read_parquet(" + literal(file.string()) + ")";
    } else if (extension == ".csv") {
        if (holds_zero_byte(file)) return sample_fault("it is binary; CSV expected");
        sample = {.format = Sample::Format::csv, .file = file};
        reader = "read_csv(" + literal(file.string()) +
                 ", sample_size=-1, ignore_errors=true, store_rejects=true)";
    } else {
        auto cleaned = clean_json_lines(file, folder);
        if (!cleaned) return cleaned;
        sample = *std::move(cleaned);
        reader = "read_json(" + literal(sample.file.string()) +
                 ", format='newline_delimited', sample_size=-1, maximum_object_size=67108864)";
    }
    if (auto loaded = engine.run("CREATE TABLE sample AS SELECT * FROM " + reader); !loaded)
        return sample_fault(loaded);
    auto rows = count(engine, "(SELECT count(*) FROM sample)");
    if (!rows) return tl::unexpected(rows.error());
    if (*rows == 0) return sample_fault("it holds no rows");
    sample.rows = *rows;
    if (sample.format == Sample::Format::csv) {
        auto rejected = count(engine, "(SELECT count(DISTINCT line) FROM reject_errors)");
        if (!rejected) return tl::unexpected(rejected.error());
        sample.rejected = *rejected;
    }
    if (sample.format != Sample::Format::json_lines) {
        sample.bytes_per_row = static_cast<double>(std::filesystem::file_size(file)) /
                               static_cast<double>(sample.rows + sample.rejected);
    }
    auto columns = engine.rows("SELECT column_name, column_type FROM (DESCRIBE sample)");
    if (!columns) return tl::unexpected(columns.error());
    for (auto& cells : *columns)
        sample.columns.emplace_back(cells.at(0).value_or(""), cells.at(1).value_or(""));
    return sample;
}

Outcome<void> make_input(Engine& engine, const Sample& sample, std::uint64_t rows) {
    std::string table = table_of(rows);
    std::uint64_t there = std::min(rows, sample.rows);
    auto made =
        engine.run("CREATE TABLE " + table + " AS SELECT * FROM sample LIMIT " + std::to_string(there));
    while (made && there < rows) {
        std::uint64_t more = std::min(there, rows - there);
        made =
            engine.run("INSERT INTO " + table + " SELECT * FROM " + table + " LIMIT " + std::to_string(more));
        there += more;
    }
    return made;
}

Outcome<void> choose_input(Engine& engine, std::uint64_t rows) {
    return engine.run("CREATE OR REPLACE VIEW input AS SELECT * FROM " + table_of(rows));
}

Outcome<std::string> make_encoded(Engine& engine, const Sample& sample, std::uint64_t rows,
                                  const std::filesystem::path& folder) {
    std::filesystem::path file = folder / ("encoded_" + std::to_string(rows));
    std::string name = literal(file.string()), table = table_of(rows);
    if (sample.format != Sample::Format::json_lines) {
        bool csv = sample.format == Sample::Format::csv;
        auto written =
            engine.run("COPY " + table + " TO " + name + (csv ? " (FORMAT csv)" : " (FORMAT parquet)"));
        if (!written) return tl::unexpected(written.error());
        if (!csv) return "SELECT * FROM read_parquet(" + name + ")";
        return "SELECT * FROM read_csv(" + name +
               ", header=true, auto_detect=false, columns=" + columns_of(sample) + ")";
    }
    std::ofstream out(file, std::ios::binary);
    std::string line;
    for (std::uint64_t there = 0; there < rows;) {
        std::ifstream in(sample.file, std::ios::binary);
        for (; there < rows && std::getline(in, line); ++there) out << line << '\n';
        if (!in && !in.eof()) break;
    }
    if (!out.flush())
        return tl::unexpected(Fault{Fault::Kind::engine, "there is no room for temporary files"});
    return "SELECT * FROM read_json(" + name +
           ", format='newline_delimited', maximum_object_size=67108864, columns=" + columns_of(sample) + ")";
}

}  // namespace headroom::sim::worker
