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
// A step's scenario runs from its date to that of the next. What it costs in that time are the bills of its
// months, those of the step before for as long as both run, and what is paid once.

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
    int months() const;                       ///< begun until the end
    int first_month(std::size_t step) const;  ///< in which it begins, 0 is the roadmap's first
    int last_month(std::size_t step) const;   ///< in which it still runs, beside its successor or alone
    /// Parts of the month in which the step runs, by itself and beside its successor.
    double share(std::size_t step, int month) const;
    double share_beside(std::size_t step, int month) const;
};

/// Problems name file, line, step and field.
model::Expected<Roadmap> read_roadmap(const std::filesystem::path& file);

struct RoadmapCost {
    model::Estimate own, beside,
        in_all;  ///< dollars: of the step, of the one before beside it, until its end
};

/// By step; `monthly` holds what a whole month of each step's platform costs, by step and month of the
/// roadmap. The errors of a platform's months are those of one simulation, and add up.
std::vector<RoadmapCost> costs_of(const Roadmap& roadmap,
                                  const std::vector<std::vector<model::Estimate>>& monthly);

/// What is paid in a month.
struct RoadmapMonth {
    std::size_t step = 0;                              ///< at its end
    double own = 0, beside = 0, once = 0, so_far = 0;  ///< dollars
};
std::vector<RoadmapMonth> months_of(const Roadmap& roadmap,
                                    const std::vector<std::vector<model::Estimate>>& monthly);

}  // namespace headroom::sim
