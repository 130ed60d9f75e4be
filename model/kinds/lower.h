#pragma once
// Scenario -> system of primitives.

#include "model/kinds/kind.h"

#include <map>
#include <string>

namespace headroom::model {

/// Calibrations by component id.
using Calibrations = std::map<std::string, Calibration, std::less<>>;

/// Builds the network: classes from workloads, stations from components, routes from links. Problems are
/// those that only show in the whole (a cycle without a probability of leaving, a flow of a type that a
/// component does not take).
Expected<System> lower(const Scenario& scenario, const Catalog& catalog, const Calibrations& calibrations);

}  // namespace headroom::model
