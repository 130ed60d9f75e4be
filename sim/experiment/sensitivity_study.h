#pragma once
// The study that asks what inputs do: its file, written.

#include "model/store/run_result.h"
#include "sim/experiment/design.h"
#include "sim/experiment/factor.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace headroom::sim {

struct SensitivityQuestion {
    std::string name;
    std::filesystem::path scenario;  ///< as the study file names it
    std::vector<Factor> inputs;      ///< intervals or levels
    Design design;
    std::vector<model::FigureKey> figures;                     ///< none: those of objectives, and the cost
    std::vector<std::pair<std::string, std::string>> set;      ///< fields of the scenario that differ
    std::vector<std::pair<std::string, std::string>> options;  ///< "level", "seed", ...
};

/// As read_study() reads it.
std::string study_text(const SensitivityQuestion& question);

}  // namespace headroom::sim
