#pragma once
// What a run found: plain values, complete enough to be shown, compared, stored and reported without the
// simulator.

#include "model/cost/bill.h"
#include "model/scenario/scenario.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace headroom::model {

/// A figure with the half-width of its confidence interval; NaN half-width: exact by construction, infinity:
/// not estimable from this run (too few replications).
struct Estimate {
    double value = 0;
    double half_width = std::numeric_limits<double>::quiet_NaN();

    bool exact() const { return std::isnan(half_width); }
    double low() const { return exact() ? value : value - half_width; }
    double high() const { return exact() ? value : value + half_width; }
};

/// Names a figure: which metric, of what, for which workload. Empty parts do not apply.
struct FigureKey {
    std::string metric;   ///< row of the table of metrics
    std::string subject;  ///< component or station
    std::string of;       ///< workload

    // clang-tidy 14 takes the comparisons that this makes, which are with a literal 0, for null pointers.
    auto operator<=>(const FigureKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct Figure {
    FigureKey key;
    Estimate simulated;
    double analytic = std::numeric_limits<double>::quiet_NaN();  ///< closed form or approximation; NaN: none
    bool analytic_exact = false;  ///< the closed form is exact for this system: the simulation must agree
    /// What each replication measured by itself; NaN where it had nothing to measure. The same in every run
    /// of the scenario with this seed and warm-up, however many replications it has.
    std::vector<double> replications;
    /// Where the value is that of all replications together and not their mean, as of times: what each of
    /// them makes of it (pseudo-values of the jackknife). Empty otherwise.
    std::vector<double> parts;

    /// Independent values whose mean is the simulated value; pairs of them compare two runs.
    const std::vector<double>& samples() const { return parts.empty() ? replications : parts; }
};

/// Values at start + i * step, of a metric.
struct Series {
    FigureKey key;
    Duration start, step;
    std::vector<double> values;
};

/// Quantiles of a time's distribution; probabilities ascending.
struct DistributionCurve {
    FigureKey key;  ///< metric "response", "freshness" without statistic
    std::vector<double> probabilities, values;
};

/// arrived + created = completed + merged + filtered + in_flight + rejected + expired + lost, for every class
/// and replication. Copies that a fork has made are created, and merged when they end, wherever that is.
struct Conservation {
    std::string workload;
    double arrived = 0, created = 0, completed = 0, filtered = 0, in_flight = 0, rejected = 0, lost = 0;
    double merged = 0;
    double expired = 0;  ///< waited longer than they had patience or time for

    double imbalance() const {
        return arrived + created - completed - merged - filtered - in_flight - rejected - expired - lost;
    }
};

enum class Verdict { met, broken, undecided };

struct ObjectiveResult {
    std::string text;
    FigureKey key;
    Estimate figure;
    Relation relation = Relation::at_most;
    double bound = 0;
    Verdict verdict = Verdict::undecided;
};

enum class Level { automatic, record, flow };

struct RunResult {
    // What was run:
    std::string scenario_name, scenario_file;
    std::string scenario_hash;  ///< SHA-256 of the scenario's content, transforms and calibrations included
    std::string scenario_text;
    Level level = Level::automatic;  ///< the one used: record or flow
    std::uint64_t seed = 0;
    Duration horizon, warm_up;
    int replications = 0;
    double confidence = 0.95;
    bool precise = false;  ///< the asked half-width was met
    double records = 0;    ///< items simulated, all replications
    // What it took; not part of the result's identity, never printed in reports:
    double wall_seconds = 0;
    std::string finished_at;  ///< ISO 8601, UTC
    // What was found:
    std::vector<Figure> figures;
    std::vector<Series> series;             ///< means over replications
    std::vector<Series> first_replication;  ///< of it alone, by component: "utilisation", "queue" and
                                            ///< what failures left, "capacity", scalers had, "scaled"
    std::vector<DistributionCurve> curves;
    std::vector<Conservation> conservation;  ///< sums over replications
    std::vector<ObjectiveResult> objectives;
    Bill bill;
    std::vector<std::string> notes;  ///< where the answer deserves caution, one sentence each
    bool cancelled = false;

    const Figure* find(const FigureKey& key) const;
    bool any_broken() const;
};

const char* word_for(Level level);
const char* word_for(Verdict verdict);

/// Two runs' difference of one figure (b - a). Where both used common random numbers it is that of the
/// replications which both have, paired; a and b themselves are the figures of all replications.
struct Difference {
    FigureKey key;
    Estimate a, b, delta;
    bool significant = false;  ///< the interval of delta excludes 0
};
std::vector<Difference> compare(const RunResult& a, const RunResult& b);

/// What a difference means for b: better and worse as the table of metrics says, where it is significant.
enum class Meaning { same, not_significant, different, better, worse };
Meaning meaning_of(const Difference& difference);
const char* word_for(Meaning meaning);

/// JSON of a whole result, for `--json` and for files; stable order, full precision.
std::string to_json(const RunResult& result);

}  // namespace headroom::model
