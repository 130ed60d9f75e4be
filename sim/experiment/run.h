#pragma once
// Running a scenario: lowering, replications until the asked precision, statistics, bill, verdicts.

#include "model/catalog/catalog.h"
#include "model/kinds/lower.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace headroom::sim {

struct RunOptions {
    model::Level level = model::Level::automatic;
    std::optional<model::Duration> horizon;  ///< instead of the scenario's
    std::optional<std::uint64_t> seed;
    std::optional<int> replications;  ///< exactly so many, instead of "until precise"
    int threads = 0;                  ///< 0: as many as the machine has; never changes the result
};

struct Progress {
    double fraction = 0;          ///< of the work that is foreseen, 0 to 1
    int replications = 0;         ///< finished
    double worst_half_width = 0;  ///< relative; 0 until known
    double seconds_left = 0;      ///< estimate; 0 until known
    /// The figures so far; a result without bill and verdicts. Valid during the call only.
    const model::RunResult* so_far = nullptr;
};

/// Called from the thread that called run(), a few times a second at most.
using ProgressFn = std::function<void(const Progress&)>;

/// Problems are those of lowering and of pricing. A stopped run gives what it has, with `cancelled` set.
model::Expected<model::RunResult> run(const model::Scenario& scenario, const model::Catalog& catalog,
                                      const model::Calibrations& calibrations, const RunOptions& options = {},
                                      const ProgressFn& progress = {}, std::stop_token stop = {});

/// The closed-form estimate alone, with bill and verdicts, in milliseconds: what the desktop shows at once.
/// Level and replications are 0; figures carry `analytic` in both places. A stopped one lacks percentiles.
model::Expected<model::RunResult> estimate(const model::Scenario& scenario, const model::Catalog& catalog,
                                           const model::Calibrations& calibrations,
                                           std::stop_token stop = {});

/// SHA-256 over everything that decides the result of this scenario.
std::string content_hash(const model::Scenario& scenario, const model::Calibrations& calibrations);

}  // namespace headroom::sim
