#pragma once
// Of `headroom validate`: the cases that were asked for, and those of real systems.

#include "app/cli/commands.h"
#include "app/cli/results.h"
#include "app/cli/session.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace headroom::cli {

/// The cases that were asked for, in the order of the file; all where none was named.
template <class Case>
model::Expected<std::vector<Case>> chosen(std::vector<Case> all, const std::vector<std::string>& names) {
    if (names.empty()) return all;
    std::vector<std::string> ids;
    for (const Case& each : all) ids.push_back(each.id);
    for (const std::string& name : names) {
        if (std::find(ids.begin(), ids.end(), name) != ids.end()) continue;
        const std::string near = model::nearest_name(name, ids);
        return tl::unexpected(problem(
            "", "there is no case '" + name + "'" +
                    (near.empty() ? "; without a name all are run" : "; did you mean '" + near + "'?")));
    }
    std::vector<Case> cases;
    for (Case& each : all)
        if (std::find(names.begin(), names.end(), each.id) != names.end()) cases.push_back(std::move(each));
    return cases;
}

/// "Response time, mean, jobs".
std::string figure_name(const model::FigureKey& key);

/// What the scenario of a case gives; an error also where it was interrupted. `done` of `all` cases are over.
model::Expected<model::RunResult> run_case(const std::string& id, const std::filesystem::path& scenario,
                                           std::size_t done, std::size_t all, const Arguments& arguments,
                                           const model::Catalog& catalog, const sim::RunOptions& options,
                                           Session& session);

/// Measured systems, each built from its published rig alone.
int validate_measured(const Arguments& arguments, Session& session, const model::Catalog& catalog,
                      const sim::RunOptions& options);

}  // namespace headroom::cli
