#pragma once
// Figures of money and of nodes, out of flows.

#include "sim/experiment/summary.h"

namespace headroom::sim {

/// Cost a second of the platform and of its parts, and the platform's cost for each unit of what it does.
Values cost_values(const Subject& subject, const Flows& flows, const model::Bill& bill);

/// How far the resources of nodes are used, by component with nodes of its own and by group: each resource
/// that the kinds know of, on average, and the binding one at the highest rates of the horizon.
Values node_values(const Subject& subject, const Flows& flows);

}  // namespace headroom::sim
