#pragma once
// Which inputs decide which figures: read out of the points of a study whose design was made for it (one at a
// time, Morris, Sobol indices), wherever those are kept.

#include "model/store/run_result.h"
#include "model/store/store.h"
#include "sim/experiment/design.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headroom::sim {

/// What one input does to one figure. Which measures there are depends on the design; the others are NaN.
struct InputEffect {
    std::size_t input = 0;
    // One at a time: the figure at the ends of the input's range, and what going from the lower to the upper
    // adds (paired by replication).
    model::Estimate low, high, change;
    bool breaks_low = false, breaks_high = false;  ///< an objective about the figure that holds as it is
    // Morris: effects of crossing the whole range, see ElementaryEffects.
    model::Estimate size, mean, deviation;
    // Shares of the figure's variance, see SobolIndex.
    model::Estimate first, total;
    /// How much it matters beside others: the widest change between the ends and as it is, or mu*, relative
    /// to the middle; or the total share. Infinite where the figure is at an end.
    double weight = 0;
};

/// Of one figure: the inputs in the order in which they matter.
struct FigureSensitivity {
    model::FigureKey figure;
    model::Estimate middle;  ///< one at a time: as it is; else its mean over the points
    double deviation = 0;    ///< Sobol indices: its standard deviation over the ranges
    /// Sobol indices: shares are those of the variance of its logarithm, as its values lie so far apart that
    /// a few of them would be all of the variance.
    bool logarithmic = false;
    int missing = 0;  ///< points at which it has no finite value
    std::vector<InputEffect> effects;

    /// Whether any input moves it by more than rounding.
    bool moved() const;
};

struct Sensitivity {
    /// An input with the lower and the upper end of its range; a list of levels goes from its first to its
    /// last.
    struct Input {
        std::string path, low, high;
        int levels = 0;  ///< of a list; 0: everything between is possible
    };
    Design design;
    std::string of;  ///< the scenario and variant, where the study has several
    std::vector<Input> inputs;
    std::vector<FigureSensitivity> figures;
    double confidence = 0.95;
    std::size_t points = 0, finished = 0, broken = 0;  ///< `broken`: finished ones that break an objective
};

/// Finds the result of a point, by its number; nothing where it is not finished.
using ResultOfPoint = std::function<model::Expected<std::optional<model::RunResult>>(std::size_t point)>;

/// One for each scenario and variant of the study; none where its design is another. Figures are those that
/// the study names, else those of its objectives, and the cost.
model::Expected<std::vector<Sensitivity>> analyse(const model::Study& study, const ResultOfPoint& result_of);

}  // namespace headroom::sim
