#pragma once
// A platform that becomes another one step by step: dated scenarios with what each step costs.
//
//     lake:
//       from: 0 months
//       scenario: month-6.yaml
//       says: what is built in this step
//       parallel: 2 months        # for which the step before runs on beside it
//       one-off: $400000          # migration, training, contracts
//       door: two-way             # whether the step can be taken back cheaply; or one-way
//     ...
//     end: 18 months
//
// A step's scenario runs from its date to that of the next. What it costs in that time is its bill, that of
// the step before for as long as both run, and what is paid once.

#include "sim/experiment/textbook.h"

#include <filesystem>
#include <string>
#include <vector>

namespace headroom::sim {

struct RoadmapStep {
    std::string id, says;
    std::filesystem::path scenario;
    model::Duration from, parallel;
    model::Money one_off;
    bool one_way = false;
};

struct Roadmap {
    std::vector<RoadmapStep> steps;  ///< by date
    model::Duration end;
    model::Duration length(std::size_t step) const;
};

/// Problems name file, line, step and field.
model::Expected<Roadmap> read_roadmap(const std::filesystem::path& file);

struct RoadmapCost {
    model::Estimate own, beside,
        in_all;  ///< dollars: of the step, of the one before beside it, until its end
};

/// By step; `per_second` is the cost of each step's scenario.
std::vector<RoadmapCost> costs_of(const Roadmap& roadmap, const std::vector<model::Estimate>& per_second);

}  // namespace headroom::sim
