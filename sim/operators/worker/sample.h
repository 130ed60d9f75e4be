#pragma once
// Sample data: counted, cleaned of what does not parse, and loaded into tables of several sizes.

#include "sim/operators/worker/engine.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace headroom::sim::worker {

struct Sample {
    enum class Format { json_lines, csv, parquet };
    Format format = Format::json_lines;
    std::filesystem::path file;  ///< to read rows from: cleaned where that was needed
    std::uint64_t rows = 0;      ///< that parse
    std::uint64_t rejected = 0;  ///< rows that do not
    double bytes_per_row = 0;    ///< in the sample's own format
    std::vector<std::pair<std::string, std::string>> columns;  ///< name and type
};

/// Reads the file into the table `sample`. Lines of JSON that are no object, and lines of CSV that do not fit
/// the columns, are left out and counted.
Outcome<Sample> load_sample(Engine& engine, const std::filesystem::path& file,
                            const std::filesystem::path& folder);

/// The table `input_<rows>` with that many rows: the sample's first ones, or the sample again and again.
Outcome<void> make_input(Engine& engine, const Sample& sample, std::uint64_t rows);

/// From here on `input` is that table.
Outcome<void> choose_input(Engine& engine, std::uint64_t rows);

/// Writes the rows of input_<rows> in the sample's format; the answer is a SELECT that decodes all their
/// columns.
Outcome<std::string> make_encoded(Engine& engine, const Sample& sample, std::uint64_t rows,
                                  const std::filesystem::path& folder);

}  // namespace headroom::sim::worker
