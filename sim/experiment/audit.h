#pragma once
// Claims put to the test: each is a product of figures of runs and of stated quantities, held against a
// bound.
//
//     dashboards:
//       says: "Dashboard queries: 10 seconds -> 100 ms"
//       is: [{scenario: phase-3.yaml, metric: response.p95, of: dashboards}]
//       over: []                      # divided by these
//       at-most: 100 ms               # or at-least, or about (then within: 20 %)
//       takes: what would have to be so
//       assumes: what decides
//
// Two claims that contradict one another are a claim whose terms are stated quantities alone.

#include "sim/experiment/textbook.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace headroom::sim {

/// A stated quantity, or a figure of a scenario.
struct Term {
    std::string text;                ///< as stated; of figures "response.p95 of dashboards"
    std::filesystem::path scenario;  ///< empty for a stated quantity
    model::FigureKey key;
    double value = 0;  ///< of a stated quantity, base units
    model::Dimension dimension;
};

enum class Relation { at_most, at_least, about };

struct Claim {
    std::string id, says;
    std::vector<Term> is, over;  ///< the product of `is` divided by that of `over`
    Relation relation = Relation::at_most;
    double bound = 0;  ///< base units, of the terms' dimension
    std::string bound_text;
    double within = 0.2;  ///< of `about`
    model::Dimension dimension;
    std::string takes, assumes;

    bool is_arithmetic() const;  ///< no figure of a run is in it
};

/// Problems name file, line, claim and field; a bound of another dimension than its terms is one.
model::Expected<std::vector<Claim>> read_claims(const std::filesystem::path& file);

enum class Agreement { agrees, disagrees, undecided };

struct Audited {
    const Claim* claim = nullptr;
    model::Estimate found;  ///< base units; the interval is that of the figures, taken together
    Agreement agreement = Agreement::undecided;
    /// What was found over what was claimed.
    double factor() const { return claim->bound != 0 ? found.value / claim->bound : 0; }
};

/// The run of a scenario; it is asked for every figure, so it should remember.
using RunOf = std::function<model::Expected<const model::RunResult*>(const std::filesystem::path&)>;

model::Expected<Audited> audit(const Claim& claim, const RunOf& run_of);

}  // namespace headroom::sim
