#pragma once
// The pictures of a study: sweeps as lines, maps and samples, and what inputs do as tornado, Morris's plane
// and shares with their intervals.

#include "app/report/content/document.h"
#include "model/store/store.h"
#include "sim/experiment/sensitivity.h"

#include <string>
#include <vector>

namespace headroom::report {

struct NamedPicture {
    std::string name;  ///< of a file, without its ending: "1-response.p99-of-payments"
    Picture picture;
};

/// One for each figure that the study names, else for those of objectives and the cost (of two fields with
/// several values each, a map as well; of drawn points, one for each field). `results` by point; nullptr: not
/// finished.
std::vector<NamedPicture> sweep_pictures(const model::Study& study,
                                         const std::vector<const model::RunResult*>& results);

/// One for each figure that an input moves.
std::vector<NamedPicture> sensitivity_pictures(const std::vector<sim::Sensitivity>& analyses);

}  // namespace headroom::report
