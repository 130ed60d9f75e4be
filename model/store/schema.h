#pragma once
// The tables of a results store. They are a promise to everyone who queries a store: resources/doc/
// results-schema.md explains them, and a change needs a new version and a migration.

#include "model/store/sqlite.h"

namespace headroom::model::store_schema {

inline constexpr int version = 5;
inline constexpr int application = 0x48445252;  ///< "HDRR": PRAGMA application_id of every results store

/// Creates all tables in an empty database, in one transaction.
void create(sqlite::Database& database);
/// Brings a store of an older version to this one, in one transaction.
void migrate(sqlite::Database& database);
std::int64_t version_of(const sqlite::Database& database);
/// Throws a Failure unless the database is a results store of this version or an older one.
void check(const sqlite::Database& database);

}  // namespace headroom::model::store_schema
