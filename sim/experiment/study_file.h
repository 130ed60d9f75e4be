#pragma once
// The file of a study (YAML):
//
//     headroom-study: 1
//     name: How much warehouse do the dashboards need?
//     scenario: 03-click-analytics.yaml          # or scenarios: [a.yaml, b.yaml]
//     variants:                                  # what is changed together, by name
//       as is: {}
//       lean: {components.warehouse.nodes: 1 x ra3.xlplus}
//     factors:
//       workloads.dashboards.requests.users: {from: 200, to: 600, step: 100}
//       components.warehouse.slots: [3, 5, 8]
//       workloads.clicks.stream.rate: {from: 1000 events/s, to: 8000 events/s, count: 4, scale: log}
//     design: full-factorial                     # or {latin-hypercube: 20}, {sobol: 32}; to tell what each
//                                                # factor does: one-at-a-time, {morris: 10}, {sobol-indices:
//                                                64}
//     replications: 5                            # or precision: {half-width: 2 %}
//     level: flow                                # or record, auto; closed-forms: without a simulation
//     horizon: 1 d
//     seed: 1
//     metrics: [{metric: response.p95, of: dashboards}, {metric: cost}]
//
// Scenarios, variants and the points of the factors are combined with one another, the factors varying
// fastest.

#include "sim/experiment/study.h"

#include <filesystem>

namespace headroom::sim {

inline constexpr int study_file_version = 1;

/// Reads a study file and the scenarios that it names, which are found beside it. Problems name file, line
/// and field.
model::Expected<StudyPlan> read_study(const std::filesystem::path& file);
/// The same of a text that stands, or could stand, in that file; with a `base`, that is the scenario which
/// its field `scenario` names.
model::Expected<StudyPlan> read_study(const std::string& text, const std::filesystem::path& file,
                                      const model::Document* base = nullptr);

}  // namespace headroom::sim
