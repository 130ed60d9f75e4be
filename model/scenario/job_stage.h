#pragma once
// Stages of which a job is made, as a scenario states them.

#include "model/system/distribution.h"
#include "model/units/quantity.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headroom::model {

/// Tasks that can run at the same time, once the stages are complete that it builds on. Bytes are those of
/// all its tasks together.
struct JobStage {
    std::string name;
    double tasks = 1;                  ///< a whole number
    std::optional<Distribution> time;  ///< of one task; seconds
    DataSize reads;                    ///< from outside
    DataSize shuffle;                  ///< fetched from the stages that it builds on
    DataSize writes;                   ///< to outside
    std::vector<int> after;            ///< earlier stages, by position
    double failing = 0;                ///< probability that a task fails

    friend bool operator==(const JobStage&, const JobStage&) = default;
};

/// By workload, in the order of the file; the name is empty where all have the same stages.
using JobStages = std::vector<std::pair<std::string, std::vector<JobStage>>>;

}  // namespace headroom::model
