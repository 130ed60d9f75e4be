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
    std::filesystem::path scenario;  ///< beside the file of cases: <id>.yaml, or what the case names
    std::string source;              ///< where the figures come from, or what the example is for
    /// `width`: largest error, relative, beyond which something is wrong that no note tells.
    std::vector<ExactFigure> figures;
    std::string missing = {};  ///< why it is not held, instead of figures
};

inline constexpr FigureWords measured_words{"measured", "within", true};
inline constexpr FigureWords expected_words{"expected", "within"};

model::Expected<std::vector<KnownCase>> read_known_cases(const std::filesystem::path& file,
                                                         const FigureWords& words);

/// The cases that come with the program: share/headroom-measured/measured.yaml beside it.
model::Expected<std::filesystem::path> find_measured_cases();

/// Largest relative error with which a simulated figure counts as near, by its metric and not by its case: 30
/// % of a quantile from p95 on, of which few items decide on either side, 20 % of all else.
double near_within(const std::string& metric);

/// What a deviation says about the model.
enum class Verdict {
    fitted,  ///< nothing: a parameter was chosen by this very figure
    near,
    off,   ///< further off than near, no further than known; the figure's note says what is missing
    wrong  ///< further off than known
};
const char* word_for(Verdict verdict);

struct Deviation {
    ExactFigure known;
    model::Estimate simulated;
    double error = 0;  ///< simulated / known - 1; the difference itself where the known value is 0

    bool within() const { return error <= known.width && error >= -known.width; }
    Verdict verdict() const;
};

/// Every figure of the case against a run of its scenario. Problems name figures that the run does not have.
model::Expected<std::vector<Deviation>> deviations(const KnownCase& known, const model::RunResult& result);

}  // namespace headroom::sim
