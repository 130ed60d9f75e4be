#pragma once
// What changed between two versions of the records, and who can still read whom.

#include "sim/operators/calibrate.h"

#include <optional>
#include <string>
#include <vector>

namespace headroom::sim {

struct SchemaField {
    std::string name, type;  ///< type of SQL: BIGINT, VARCHAR, TIMESTAMP, ...
    bool nullable = true;    ///< of a sample: some value is missing
};
using Schema = std::vector<SchemaField>;

/// Of a file of fields (.yaml: {user_id: {type: BIGINT, required: true}, ...}) or of a sample, whose types
/// are those that its values have and whose fields may be null if one is.
model::Expected<Schema> read_schema(const std::filesystem::path& file, const CalibrationOptions& options = {},
                                    std::stop_token stop = {});

struct SchemaChange {
    enum class Kind { added, removed, retyped, now_required, now_nullable };
    Kind kind = Kind::added;
    std::string field, before, after;  ///< types
    bool backward = true;              ///< readers of the new schema can read old records
    bool forward = true;               ///< readers of the old schema can read new records
};

/// In the order of the new schema, then what was removed. A reader fills a missing field with null if its
/// schema lets it, ignores fields that it does not know, and widens numbers (Apache Avro 1.11, "Schema
/// Resolution": int to long to float to double), dates to timestamps.
std::vector<SchemaChange> compare_schemas(const Schema& before, const Schema& after);

/// Whether values of one type can be read as another without loss of meaning.
bool can_read_as(const std::string& written, const std::string& read);

}  // namespace headroom::sim
