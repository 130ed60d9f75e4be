#pragma once
// Sample data: read, cleaned of what does not parse, and cut into batches.

#include "sim/operators/worker/engine.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace headroom::sim::worker {

enum class Format { json_lines, csv, parquet };

struct Source {
    std::vector<std::string> files;
    Format format = Format::json_lines;
    bool compressed = false;  ///< the files are not as long as their rows
};

using Columns = std::vector<std::pair<std::string, std::string>>;  ///< name and type

struct Sample {
    Format format = Format::json_lines;
    std::uint64_t rows = 0;      ///< that parse
    std::uint64_t rejected = 0;  ///< rows that do not
    std::uint64_t fit = 0;       ///< rows that the batches may use; the rest is held back
    double bytes_per_row = 0;    ///< in the sample's own format, uncompressed if that is text
    Columns columns;
};

/// Reads the files into headroom.rows: r, the number of the row, and v, a struct of its fields. Of JSON lines
/// the text is in headroom.lines (r, line). What is no JSON object, and lines of CSV that do not fit the
/// columns, are left out and counted. `held_back` is the share of the rows that is foretold, not fitted.
Outcome<Sample> load_sample(Engine& engine, const Source& source, double held_back,
                            const std::filesystem::path& folder);

/// Reads the files into a table of that name.
Outcome<Columns> load_table(Engine& engine, const Source& source, const std::string& name,
                            const std::filesystem::path& folder);

/// Some of the sample's rows. The first of those that are fitted, again and again if there are not enough; or
/// a quarter of those, ordered by their length; or those that are held back, which are the rest.
struct Batch {
    enum class Kind { prefix, quarter, held };
    std::string name;
    Kind kind = Kind::prefix;
    int quarter = 0;  ///< 0: the shortest rows
    std::uint64_t rows = 0;
    double bytes = 0;  ///< of the rows as JSON
};

/// The batches that a sample is measured in: 100 rows, ten times as many, ... up to all that are not held
/// back; four of equal size but longer and longer rows; and what is held back.
std::vector<Batch> batches_of(const Sample& sample);

/// Writes a batch twice into the folder: as a Parquet file and in the sample's own format. Finds out how many
/// bytes it has.
Outcome<void> write_batch(Engine& engine, const Sample& sample, Batch& batch,
                          const std::filesystem::path& folder);

std::filesystem::path rows_file(const std::filesystem::path& folder, const std::string& name);
std::filesystem::path encoded_file(const std::filesystem::path& folder, const std::string& name);

/// A SELECT of the columns, with their types, from a Parquet file that write_batch wrote.
std::string select_rows(const std::filesystem::path& file, const Columns& columns);
/// A SELECT that decodes all columns of a file in the sample's own format.
std::string select_decoded(const std::filesystem::path& file, Format format, const Columns& columns);

}  // namespace headroom::sim::worker
