#pragma once
// From a document to a checked scenario, and the published JSON schema of scenario files.

#include "model/scenario/document.h"
#include "model/scenario/problem.h"
#include "model/scenario/scenario.h"

#include <filesystem>
#include <string>

namespace headroom::model {

class Catalog;

/// What reading gave: every problem found (not only the first), and a scenario if none of them is an error.
/// Where there are errors, `draft` is what could be read all the same: good to draw, not to run (settings
/// that are wrong or missing are not in it).
struct Reading {
    std::optional<Scenario> scenario, draft;
    Problems problems;
};

/// The version of scenario files that this program writes. Older ones are migrated, newer ones refused.
inline constexpr int scenario_version = 1;

Reading read_scenario(const Document& document, const Catalog& catalog);
/// The same for the tree of a document of that file.
Reading read_scenario(const Value& tree, const std::filesystem::path& file, const Catalog& catalog);
Reading read_scenario(const std::filesystem::path& file, const Catalog& catalog);

/// Any field by its path, as studies and the desktop set it: "components.warehouse.slots" -> FieldPath.
Expected<FieldPath> parse_field_path(std::string_view dotted);

/// JSON Schema (2020-12) generated from the tables that the reader itself uses.
std::string scenario_schema(const Catalog& catalog);

}  // namespace headroom::model
