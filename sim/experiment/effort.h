#pragma once
// What a replication would cost, so that one that could never finish is refused in a sentence.

#include "model/scenario/problem.h"
#include "model/store/run_result.h"
#include "model/system/system.h"

#include <span>

namespace headroom::sim {

/// Items present at the end of the horizon at most, at record level: users, and what piles up.
/// `growing`: items a second by which each station's queue grows for ever.
double items_present(const model::System& system, std::span<const double> growing);

/// A problem where a replication at this level would take hours or exhaust the memory; or minutes, where it
/// is not the level that was `asked` for but the only one that knows the system.
model::Expected<void> within_reach(const model::System& system, std::span<const double> growing,
                                   model::Level level, bool asked, int replications);

}  // namespace headroom::sim
