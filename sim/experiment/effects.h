#pragma once
// What inputs do to a figure, estimated from its values at the points of a design that was drawn for it
// (design.h). Values that are not finite are left out with the effects that rest on them.

#include "model/store/run_result.h"

#include <span>
#include <vector>

namespace headroom::sim {

/// Of one input: what crossing its whole range would change, in the figure's unit.
struct ElementaryEffects {
    model::Estimate size;       ///< mu*: mean of the effects without their sign: how much it matters
    model::Estimate mean;       ///< mu: with their sign; smaller than mu*: not always in the same direction
    model::Estimate deviation;  ///< sigma: how much the effect hangs on the others, or on where it begins
    int effects = 0;
};

/// By input, from the values at the points of morris_trajectories() (Morris 1991; Campolongo, Cariboni and
/// Saltelli 2007). Trajectories are independent: the intervals leave out one at a time (jackknife, Student's
/// t).
std::vector<ElementaryEffects> elementary_effects(const std::vector<std::vector<double>>& points,
                                                  std::span<const double> values, double confidence);

/// Of one input: its share of the figure's variance over all inputs' ranges.
struct SobolIndex {
    model::Estimate first;  ///< by itself: what knowing the input would take from the variance
    model::Estimate total;  ///< with all that it does together with others; 0: it does not matter at all
};

struct SobolIndices {
    std::vector<SobolIndex> inputs;
    model::Estimate mean;  ///< of the figure over the ranges
    double deviation = 0;  ///< its standard deviation; 0: no input moves it, and there are no indices
    int rows = 0, of = 0;  ///< whose values are all finite
};

/// From the values at the points of sobol_index_points(): first order by Saltelli et al. (2010, table 2 b) of
/// centred values, total by Jansen (1999). The intervals leave out one row at a time (jackknife, Student's
/// t).
SobolIndices sobol_indices(std::span<const double> values, int dimensions, double confidence);

}  // namespace headroom::sim
