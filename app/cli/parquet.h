#pragma once
// Parquet, written by the engine of the operator core in a program of its own.

#include "model/scenario/problem.h"

#include <filesystem>
#include <string>

namespace headroom::cli {

/// Writes a CSV text with titles as a Parquet file, whole or not at all. Problems: a build without the
/// operator core, a file that cannot be written.
model::Expected<void> write_parquet(const std::filesystem::path& file, const std::string& csv);

}  // namespace headroom::cli
