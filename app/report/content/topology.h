#pragma once
// The topology in words and as a Mermaid drawing.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <string>
#include <utility>
#include <vector>

namespace headroom::report {

/// Who feeds whom: links, and the components that routing names. Each pair once, in the order of the
/// scenario.
std::vector<std::pair<std::string, std::string>> arrows_of(const model::Scenario& scenario);

/// For those who cannot see the drawing.
std::string topology_text(const model::Scenario& scenario);

/// A flowchart with the technology or load of each node and the utilisation of components.
std::string mermaid_of(const model::Scenario& scenario, const model::Catalog& catalog,
                       const model::RunResult& result);

/// What stands below the name of a workload or component: "2,000 events/s", "3 x m5.large".
std::string load_in_short(const model::Workload& workload);
std::string make_in_short(const model::Component& component, const model::Catalog& catalog);

}  // namespace headroom::report
