#include "model/store/schema.h"

#include <array>

namespace headroom::model::store_schema {

namespace {

struct TableSince {
    const char* name;
    int version;  ///< the first that has it
};
constexpr TableSince tables[] = {{"runs", 1},         {"figures", 1},        {"series", 1},
                                 {"curves", 1},       {"conservation", 1},   {"objectives", 1},
                                 {"bill_lines", 1},   {"notes", 1},          {"studies", 1},
                                 {"study_points", 1}, {"study_settings", 1}, {"study_metrics", 4}};

// Times in seconds, everything else in base units. A NULL half-width: exact; an infinite one: not estimable.
// Lists of numbers are JSON arrays, so that SQL can open them with json_each().
constexpr const char* definition = R"sql(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  scenario_name TEXT NOT NULL, scenario_file TEXT NOT NULL, scenario_hash TEXT NOT NULL, scenario_text TEXT NOT NULL,
  level TEXT NOT NULL, seed INTEGER NOT NULL, horizon_s REAL, warm_up_s REAL, replications INTEGER NOT NULL,
  confidence REAL, precise INTEGER NOT NULL, records REAL, cancelled INTEGER NOT NULL,
  wall_s REAL, finished_at TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_content ON runs (scenario_hash, id);
CREATE TABLE figures (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  metric TEXT NOT NULL, subject TEXT NOT NULL, workload TEXT NOT NULL,
  value REAL, half_width REAL, analytic REAL, analytic_exact INTEGER NOT NULL, replications TEXT NOT NULL,
  parts TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  metric TEXT NOT NULL, subject TEXT NOT NULL, workload TEXT NOT NULL,
  start_s REAL, step_s REAL, "values" TEXT NOT NULL, of_first INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE curves (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  metric TEXT NOT NULL, subject TEXT NOT NULL, workload TEXT NOT NULL,
  probabilities TEXT NOT NULL, "values" TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE conservation (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  workload TEXT NOT NULL, arrived REAL, created REAL, completed REAL, filtered REAL, in_flight REAL,
  rejected REAL, lost REAL, merged REAL, expired REAL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE objectives (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  text TEXT NOT NULL, metric TEXT NOT NULL, subject TEXT NOT NULL, workload TEXT NOT NULL,
  value REAL, half_width REAL, relation TEXT NOT NULL, bound REAL, verdict TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE bill_lines (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  component TEXT NOT NULL, dimension TEXT NOT NULL, detail TEXT NOT NULL, price TEXT NOT NULL,
  units REAL, unit TEXT NOT NULL, unit_price REAL, amount REAL,
  status TEXT NOT NULL, source TEXT NOT NULL, as_of TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE studies (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, number INTEGER NOT NULL UNIQUE, text TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE study_points (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE, point INTEGER NOT NULL,
  run INTEGER REFERENCES runs ON DELETE SET NULL,
  PRIMARY KEY (study, point)
) STRICT, WITHOUT ROWID;
CREATE TABLE study_settings (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE, point INTEGER NOT NULL, position INTEGER NOT NULL,
  path TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (study, point, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE study_metrics (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE, position INTEGER NOT NULL,
  metric TEXT NOT NULL, subject TEXT NOT NULL, workload TEXT NOT NULL,
  PRIMARY KEY (study, position)
) STRICT, WITHOUT ROWID;
)sql";

std::int64_t pragma(const sqlite::Database& database, const char* sql) {
    sqlite::Statement statement(database, sql);
    return statement.step() ? statement.integer(0) : 0;
}

/// What turns a store of one version into one of the next; the first entry begins at version 1.
constexpr std::array migrations{"ALTER TABLE conservation ADD COLUMN merged REAL NOT NULL DEFAULT 0",
                                "ALTER TABLE conservation ADD COLUMN expired REAL NOT NULL DEFAULT 0",
                                R"sql(
ALTER TABLE studies ADD COLUMN text TEXT NOT NULL DEFAULT '';
CREATE TABLE study_metrics (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE, position INTEGER NOT NULL,
  metric TEXT NOT NULL, subject TEXT NOT NULL, workload TEXT NOT NULL,
  PRIMARY KEY (study, position)
) STRICT, WITHOUT ROWID;
)sql",
                                "ALTER TABLE figures ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';"
                                "ALTER TABLE series ADD COLUMN of_first INTEGER NOT NULL DEFAULT 0"};
static_assert(migrations.size() == version - 1);

}  // namespace

void create(sqlite::Database& database) {
    sqlite::Transaction transaction(database, sqlite::Transaction::Kind::write);
    // Another program may have created it in the meantime.
    if (pragma(database, "SELECT count(*) FROM sqlite_schema") == 0) {
        database.execute(definition);
        database.execute(("PRAGMA application_id = " + std::to_string(application)).c_str());
        database.execute(("PRAGMA user_version = " + std::to_string(version)).c_str());
    }
    transaction.commit();
}

std::int64_t version_of(const sqlite::Database& database) { return pragma(database, "PRAGMA user_version"); }

void migrate(sqlite::Database& database) {
    sqlite::Transaction transaction(database, sqlite::Transaction::Kind::write);
    const std::int64_t found = version_of(database);
    for (std::int64_t from = found; from >= 1 && from < version; ++from)
        database.execute(migrations[static_cast<std::size_t>(from - 1)]);
    if (found >= 1 && found < version)
        database.execute(("PRAGMA user_version = " + std::to_string(version)).c_str());
    transaction.commit();
}

void check(const sqlite::Database& database) {
    if (pragma(database, "PRAGMA application_id") != application)
        throw sqlite::Failure{"this is a database of something else, not a results store"};
    const std::int64_t found = version_of(database);
    if (found > version)
        throw sqlite::Failure{"this results store was written by a newer version of Headroom (schema " +
                              std::to_string(found) + "; this program knows schemas up to " +
                              std::to_string(version) + ")"};
    if (found < 1)
        throw sqlite::Failure{"the results store is damaged: its schema version is " + std::to_string(found)};
    sqlite::Statement exists(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    for (const TableSince& table : tables)
        if (found >= table.version && !exists.bind(table.name).step())
            throw sqlite::Failure{"the results store is damaged: its table '" + std::string(table.name) +
                                  "' is missing"};
}

}  // namespace headroom::model::store_schema
