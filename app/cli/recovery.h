#pragma once
// What the loss of data costs in records and in time.

#include "model/store/run_result.h"

#include <string>

namespace headroom::cli {

/// By data set and loss: what one recovers from, recovery point, records at risk and recovery time. Empty
/// where the scenario says nothing of it.
std::string recovery_text(const model::RunResult& result, const model::Scenario& scenario, bool colours);

}  // namespace headroom::cli
