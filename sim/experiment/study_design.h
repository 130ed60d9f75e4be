#pragma once
// The factors and the design of a study, as its file says them: what is needed to draw its points, and to
// read stored points for what they were drawn for.

#include "model/scenario/value.h"
#include "sim/experiment/design.h"
#include "sim/experiment/factor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace headroom::sim {

/// A whole number within limits.
model::Expected<std::uint64_t> read_whole(const model::Value& value, const std::string& field,
                                          std::uint64_t least, std::uint64_t most);

/// Of the field `factors`; none where the study has none.
model::Expected<std::vector<Factor>> read_factors(const model::Value& study);

/// Of the field `design`; full factorial where it is left out.
model::Expected<Design> read_design(const model::Value& study);

/// Of the field `seed`; 1 where it is left out.
model::Expected<std::uint64_t> read_seed(const model::Value& study);

}  // namespace headroom::sim
