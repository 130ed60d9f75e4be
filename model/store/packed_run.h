#pragma once
// A run's result as bytes, to be sent between processes: a results store that holds nothing but this run, so
// that what arrives is what a store would have given back.

#include "model/scenario/problem.h"
#include "model/store/run_result.h"

#include <string>
#include <string_view>

namespace headroom::model {

std::string pack(const RunResult& result);
/// Refuses bytes that are not a packed run.
Expected<RunResult> unpack(std::string_view bytes);

}  // namespace headroom::model
