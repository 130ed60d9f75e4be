#pragma once
// A run's way into the tables of a store and back.

#include "model/store/run_result.h"
#include "model/store/sqlite.h"

namespace headroom::model::store_rows {

/// Within the caller's transaction; gives the run's id.
std::int64_t insert(sqlite::Database& database, const RunResult& result);
/// Throws a Failure where there is no such run or its rows make no sense.
RunResult read(const sqlite::Database& database, std::int64_t id);

Level level_of(const std::string& word);

}  // namespace headroom::model::store_rows
