#pragma once
// The ranks of which this process is one, where a launcher of MPI programs (mpirun, srun) has started it.

#include "model/scenario/problem.h"
#include "sim/experiment/ranks.h"

#include <memory>

namespace headroom::cli {

/// Null where the process was started alone. Problem: it was not, but this build knows no MPI.
model::Expected<std::unique_ptr<sim::Ranks>> join_ranks();

}  // namespace headroom::cli
