#pragma once
// What a transform is: steps of SQL over the records that arrive, one after the other, with the tables that
// they join, the rules that the records should keep and the queries that read the output.
//
// A transform is a file: SQL (`.sql`), one SELECT over the table `input`, or several statements of which all
// but the last are CREATE TABLE name AS SELECT ...; or YAML (`.yaml`), a list of ready-made operators for
// those who do not write SQL. Both come to the same steps.

#include "model/scenario/problem.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::sim {

enum class SampleFormat { json_lines, csv, parquet };

/// A set of rows on disk: a file, the files of a folder, or those that a pattern such as "clicks-*.jsonl.gz"
/// names; all of one format.
struct SampleFiles {
    std::vector<std::filesystem::path> files;  ///< sorted by name
    SampleFormat format = SampleFormat::json_lines;
    bool compressed = false;  ///< the file is not as long as its rows
    double bytes = 0;         ///< of all files
};

/// Problems (of the place and field given): nothing there, an empty file, more than 4 GiB, several formats in
/// one folder.
model::Expected<SampleFiles> find_sample(const std::filesystem::path& path, const std::string& field);

struct Step {
    std::string name;    ///< under which later steps read its rows
    std::string sql;     ///< one SELECT
    std::string encode;  ///< of a step that writes: the engine's options of the file; its rows pass unchanged
    model::Place place;  ///< with the line where the SQL begins, where it stands in a file of SQL
    bool lines = false;  ///< the SQL is padded so that the engine's lines and columns are those of the file
};

struct NamedTable {
    std::string name;
    SampleFiles sample;
    model::Place place;
};

/// A condition that each record of the input should meet, or a query over the table `output`.
struct NamedSql {
    std::string name, sql;
    model::Place place;
};

struct Transform {
    std::filesystem::path file;
    std::vector<NamedTable> tables;
    std::vector<Step> steps;
    std::vector<NamedSql> rules, queries;
    std::string hash;  ///< SHA-256 of the file, and of the SQL files and tables that it names
};

/// `field` stands in the problems: "components.enrich.transform".
model::Expected<Transform> read_transform(const std::filesystem::path& file, const std::string& field);

/// The statements of a text with the text that stands before them turned into blanks, so that line and column
/// stay; without their semicolons. Text that is only comments is none.
std::vector<std::string> split_statements(const std::string& sql);

/// The step of one statement: CREATE TABLE name AS SELECT ... gives its name; anything else has none.
Step step_of(const std::string& statement);

}  // namespace headroom::sim
