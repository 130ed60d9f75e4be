#pragma once
// Textbook cases: scenarios whose exact results are known, and what the simulation makes of them.

#include "model/scenario/value.h"
#include "sim/experiment/run.h"

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::sim {

struct ExactFigure {
    model::FigureKey key;
    double value = 0;     ///< base units
    double width = 0.05;  ///< largest half-width of the simulated interval that counts, relative to `value`
    std::string text;     ///< the value as the file states it
    std::string note;     ///< why the simulation is off, where it is
    bool fitted = false;  ///< a parameter of the scenario was chosen by this very value
};

struct TextbookCase {
    std::string id;  ///< name of its scenario file without ending
    std::filesystem::path scenario;
    std::string source;         ///< where the formulas come from
    bool solver_exact = false;  ///< the analytic solver must be exact here, and say so
    std::vector<ExactFigure> figures;
};

/// How a file words a reference value and how far from it a run may be.
struct FigureWords {
    const char* value;       ///< "exact", "measured", "expected"
    const char* tolerance;   ///< "width", "within"
    bool explained = false;  ///< a figure that need not be near says in its note why
};
/// One figure of a case: {metric: ..., subject: ..., of: ..., <value>: ..., <tolerance>: ...}.
model::Expected<ExactFigure> read_figure(const model::Value& value, const std::string& field,
                                         const FigureWords& words);
/// Problems name what a mapping has beyond `names`, which would be overlooked silently.
model::Expected<void> only_fields(const model::Value& mapping, const std::string& field,
                                  std::initializer_list<std::string_view> names);
/// The tree of a file.
model::Expected<model::Value> read_tree(const std::filesystem::path& file, const std::string& what);
/// The cases of a folder: those of its file exact.yaml, each with the scenario file of its name.
model::Expected<std::vector<TextbookCase>> read_textbook_cases(const std::filesystem::path& folder);

/// The folder of the cases that come with the program: share/headroom-validation beside it.
model::Expected<std::filesystem::path> find_textbook_cases();

/// One figure held against its exact value.
struct Check {
    ExactFigure exact;
    model::Estimate simulated;  ///< with the interval of the check, not that of the scenario
    bool holds = false;         ///< the interval holds the exact value
    bool narrow = false;        ///< and is narrow enough to say something

    bool passes() const { return holds && narrow; }
};

/// Confidence with which the intervals of all figures of a case hold together.
inline constexpr double case_confidence = 0.999;

/// Every figure of the case against a run of its scenario. With n figures, each interval has the confidence
/// 1 - (1 - case_confidence) / n (Bonferroni), so that a right simulator fails one case in a thousand at
/// most. Percentiles are allowed the relative error of the quantile sketch beside their interval. Problems
/// name figures that the run does not have.
model::Expected<std::vector<Check>> check_case(const TextbookCase& textbook_case,
                                               const model::RunResult& result);

}  // namespace headroom::sim
