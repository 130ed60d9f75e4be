#pragma once
// What rows take as Avro: the row format of event platforms.

#include "sim/operators/worker/engine.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace headroom::sim::worker {

/// Bytes of a row of the table as an Avro object container file (blocks of 64,000 bytes) without a codec,
/// with deflate and with Snappy: "avro+none", "avro+deflate", "avro+snappy". Every field is a union with
/// null; numbers are long or double, times are long (microseconds), what has no such type is text. Nothing in
/// a build without the library, of an empty table, or where a row is longer than a block.
Outcome<std::vector<std::pair<std::string, double>>> avro_sizes(Engine& engine, const std::string& table,
                                                                const std::filesystem::path& folder);

}  // namespace headroom::sim::worker
