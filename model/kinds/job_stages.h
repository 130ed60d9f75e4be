#pragma once
// The parameter type `stages`: what jobs are made of, in a scenario.
//
//     stages: {read: {tasks: 800, reads: 100 GB}, join: {tasks: 200, shuffle: 40 GB, after: read}}
//
// Each stage builds on the one before it unless `after` names others; `after: []` builds on none. One level
// more gives each workload stages of its own. Which fields there are is the parameter's `choices`.

#include "model/kinds/kind.h"

namespace headroom::model {

Expected<ParameterValue> read_job_stages(const ParameterSpec& spec, const Value& value);
/// As a scenario would write it.
std::string print_job_stages(const JobStages& stages);

/// Whether each workload has stages of its own.
bool stages_by_workload(const Value& value);

/// The stages of a workload's jobs; nullptr where it has none.
const std::vector<JobStage>* stages_of(const JobStages& stages, std::string_view workload);

}  // namespace headroom::model
