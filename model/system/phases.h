#pragma once
// The exponential phases that a hyperexponential distribution is mixed of.

#include "model/system/distribution.h"

#include <array>

namespace headroom::model {

struct Phase {
    double probability = 0;
    double rate = 0;  ///< where the mean of the distribution is 1
};

/// Of a hyperexponential distribution with SCV > 1. Its phases are given by `probabilities` and, as their
/// means, `values`; where those are empty they have balanced means: p = (1 + sqrt((c - 1) / (c + 1))) / 2 for
/// an SCV of c, rates 2 p and 2 (1 - p) (Whitt, Approximating a point process by a renewal process, 1982).
std::array<Phase, 2> phases_of(const Distribution& distribution);

/// The first phase, of mean `first`, has this share; the other is of mean `second`. 0 < share < 1.
Distribution two_phases(double share, double first, double second);

}  // namespace headroom::model
