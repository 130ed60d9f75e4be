#pragma once
// Studies: many runs of scenarios that differ in some of their fields, kept in a results store, resumable and
// shared between threads, ranks and machines without changing a result.

#include "model/scenario/document.h"
#include "model/store/store.h"
#include "sim/experiment/design.h"
#include "sim/experiment/factor.h"
#include "sim/experiment/run.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace headroom::sim {

/// A field and the value that it is given.
using Change = std::pair<model::FieldPath, std::string>;

/// The setting of a factor that a point leaves as the scenario has it.
inline constexpr const char* as_is = "as is";

/// What a study runs: for each point of `study`, a scenario and what is changed in it.
struct StudyPlan {
    struct Point {
        std::size_t base = 0;  ///< of `bases`
        std::vector<Change> changes;
        std::shared_ptr<const model::Calibrations> calibrations = {};  ///< those that check_study() found
    };
    std::vector<model::Document> bases;
    std::vector<Point> points;  ///< by index, as those of `study`
    model::Study study;         ///< its id is empty until check_study() has read every point
    RunOptions options;
    bool closed_forms = false;  ///< points are not simulated but estimated: sim::estimate()
};

/// The level of a study whose points are estimated.
inline constexpr const char* closed_forms_word = "closed-forms";

/// All combinations, the last factor varying fastest; or the points of a design. Empty id.
model::Expected<model::Study> plan_study(const std::vector<Factor>& factors, const std::string& name,
                                         const Design& design = {}, std::uint64_t seed = 1);

/// One scenario swept over all combinations of its factors.
model::Expected<StudyPlan> plan_sweep(const model::Document& base, const std::vector<Factor>& factors,
                                      const RunOptions& options);

/// Reads every point without running it, and gives the study its id: a hash of everything that decides its
/// results.
model::Expected<void> check_study(StudyPlan& plan, const model::Catalog& catalog, std::stop_token stop = {});

struct StudyProgress {
    int finished = 0, points = 0;  ///< of this shard
    double fraction = 0;           ///< of all its work, points that are being run included
    double seconds_left = 0;       ///< estimate; 0 until known
};
using StudyProgressFn = std::function<void(const StudyProgress&)>;

/// Every `of`-th point, beginning with number `number` (from 1): the part of a study that one of several
/// machines runs into a store of its own.
struct Shard {
    int number = 1, of = 1;

    bool has(int point) const { return point % of == number - 1; }
};

/// Runs one point of a checked plan. The result does not depend on the number of threads.
model::Expected<model::RunResult> run_point(const StudyPlan& plan, const model::Catalog& catalog, int point,
                                            int threads, const ProgressFn& progress, std::stop_token stop);

/// Takes what points have found, in no order, on the thread that runs the points.
using PointsFn = std::function<model::Expected<void>(std::vector<model::PointResult> results)>;

class Crew;

/// Runs these points of a checked plan, several at once, on the threads of this process and on those of the
/// other ranks where there is a `crew`. A stopped study lacks some.
model::Expected<void> run_points(const StudyPlan& plan, const model::Catalog& catalog,
                                 const std::vector<int>& points, const PointsFn& take,
                                 const StudyProgressFn& progress = {}, std::stop_token stop = {},
                                 Crew* crew = nullptr);

/// Runs what the store does not hold yet of a checked plan, and gives the study as stored. A point's result
/// is stored as soon as it is there. A stopped study has points without a run.
model::Expected<model::Study> run_study(const StudyPlan& plan, const model::Catalog& catalog,
                                        model::ResultsStore& store, const Shard& shard = {},
                                        const StudyProgressFn& progress = {}, std::stop_token stop = {},
                                        Crew* crew = nullptr);

/// Copies the finished points of every study of one store into another, which is given the studies that it
/// does not have. A point that is finished in both stays as it is.
model::Expected<void> merge_studies(const model::ResultsStore& from, model::ResultsStore& into);

}  // namespace headroom::sim
