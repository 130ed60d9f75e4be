#pragma once
// Scenarios of which something is known without being exact: what was measured on the real system, or what an
// example shows. The simulation is held against it with its error.

#include "sim/experiment/textbook.h"

#include <filesystem>
#include <string>
#include <vector>

namespace headroom::sim {

struct KnownCase {
    std::string id;
    std::filesystem::path scenario;    ///< beside the file of cases: <id>.yaml, or what the case names
    std::string source;                ///< where the figures come from, or what the example is for
    std::vector<ExactFigure> figures;  ///< `width`: largest error that counts as agreement, relative
};

inline constexpr FigureWords measured_words{"measured", "within"};
inline constexpr FigureWords expected_words{"expected", "within"};

model::Expected<std::vector<KnownCase>> read_known_cases(const std::filesystem::path& file,
                                                         const FigureWords& words);

/// The cases that come with the program: share/headroom-measured/measured.yaml beside it.
model::Expected<std::filesystem::path> find_measured_cases();

struct Deviation {
    ExactFigure known;
    model::Estimate simulated;
    double error = 0;  ///< simulated / known - 1; the difference itself where the known value is 0

    bool within() const { return error <= known.width && error >= -known.width; }
};

/// Every figure of the case against a run of its scenario. Problems name figures that the run does not have.
model::Expected<std::vector<Deviation>> deviations(const KnownCase& known, const model::RunResult& result);

}  // namespace headroom::sim
