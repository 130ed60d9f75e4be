#pragma once
// Where items may end before they have been everywhere they should.

#include "model/system/system.h"

namespace headroom::model {

/// Whether the system may turn items away, let them expire or lose them: rooms that are full, limits, time
/// and patience that end, records that are kept for a time, failures that take what is in work. What filters
/// and joins take out on purpose is none of these.
bool can_lose(const System& system);

}  // namespace headroom::model
