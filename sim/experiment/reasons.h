#pragma once
// Why a sizing chose what it chose, by corrected closed forms and by what was simulated.

#include "sim/experiment/screening.h"

namespace headroom::sim {

/// What keeps each variable of the chosen configuration from being lower.
void say_what_limits(double most_utilisation, Screening& screening, Sizing& sizing);

/// What would have made a candidate that misses an objective meet it, by corrected closed forms.
void say_what_would_have_won(Screening& screening, Sizing& sizing);

}  // namespace headroom::sim
