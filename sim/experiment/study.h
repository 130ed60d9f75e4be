#pragma once
// Studies: a scenario run once for each combination of values of some of its fields, resumable.

#include "model/scenario/document.h"
#include "model/store/store.h"
#include "sim/experiment/run.h"
#include "sim/operators/calibrate.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::sim {

/// A field of the scenario and the values that a study gives it, as a scenario file would write them.
struct Factor {
    std::string path;
    model::FieldPath field;
    std::vector<std::string> levels;
};

/// "components.warehouse.slots=3,5,8" or "workloads.jobs.requests.rate=1/s..9/s:2/s". Commas within brackets
/// and quotes belong to a value.
model::Expected<Factor> parse_factor(std::string_view text);

inline constexpr std::size_t most_points = 10'000;

/// All combinations, the last factor varying fastest; empty id.
model::Expected<model::Study> plan_study(const std::vector<Factor>& factors, const std::string& name);

struct StudyProgress {
    int point = 0, points = 0;  ///< the one that is run now, and how many there are
    double fraction = 0;        ///< of that point
};
using StudyProgressFn = std::function<void(const StudyProgress&)>;

struct StudyRequest {
    const model::Document& base;
    const model::Catalog& catalog;
    std::vector<Factor> factors;
    RunOptions options;
};

/// Reads every point without running it.
model::Expected<void> check_study(const StudyRequest& request);

/// Runs what the store does not hold yet and gives the study as stored. Every point is read and checked
/// before the first is run; its result is stored as soon as it is there. A stopped study has points without a
/// run.
model::Expected<model::Study> run_study(const StudyRequest& request, model::ResultsStore& store,
                                        const StudyProgressFn& progress = {}, std::stop_token stop = {});

}  // namespace headroom::sim
