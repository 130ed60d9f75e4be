#pragma once
// Growth for programs.

#include "sim/experiment/growth.h"

#include <string>

namespace headroom::cli {

/// Everything, months counted from 1.
std::string growth_json(const sim::Growth& growth);
/// A row for each month, in base units and dollars.
std::string growth_csv(const sim::Growth& growth);

}  // namespace headroom::cli
