#pragma once
// What a report is made of. A report refers to it, and it must outlive the report.

#include "model/catalog/catalog.h"
#include "model/kinds/lower.h"
#include "model/scenario/input_differences.h"
#include "model/scenario/narrative.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <string>
#include <vector>

namespace headroom::report {

struct Evidence;

/// Another plan beside this one, run with the same options.
struct Beside {
    std::string name;
    const model::Scenario* scenario = nullptr;
    const model::RunResult* result = nullptr;
    /// From it to this plan where it is the baseline, from this plan to it where it is an alternative.
    std::vector<model::InputDifference> differences;
};

struct Input {
    const model::Scenario& scenario;
    const model::Catalog& catalog;
    const model::RunResult& result;
    const model::Calibrations& calibrations;
    // What deepens a report; each may be missing:
    const Evidence* evidence = nullptr;
    const model::Narrative* narrative = nullptr;
    const Beside* baseline = nullptr;
    std::vector<Beside> alternatives = {};
};

}  // namespace headroom::report
