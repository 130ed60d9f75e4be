#pragma once
// Autoscaling as a scenario states it, of kinds whose capacity can follow the load (Kind::scales).

#include "model/kinds/kind.h"

#include <optional>
#include <vector>

namespace headroom::model {

std::vector<ParameterSpec> scaling_parameters();

/// None where the component is not scaled. Its nodes are the most that it may have.
std::optional<Scaler> scaler_of(const Component& component);

/// The same for the nodes of a pool of jobs, which sees the tasks that wait.
std::optional<Scaler> pool_scaler_of(const Component& component, int nodes);

/// Problems of the schedule.
Problems check_scaling(const Component& component);

}  // namespace headroom::model
