#pragma once
// Moments within a day, a week or a year: "20:00", "sat 20:00", "day 330", or a duration from the start ("20
// h").

#include "model/units/quantity.h"

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace headroom::model {

/// Time from the start of the period (midnight of the first day; weeks begin on Monday). The error is a
/// clause.
tl::expected<Duration, std::string> parse_moment(std::string_view text, Duration period);

}  // namespace headroom::model
