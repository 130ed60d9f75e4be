#pragma once
// Factors of an experiment: fields of a scenario with the values that they take, one by one or anywhere in a
// range.

#include "model/scenario/document.h"
#include "model/scenario/problem.h"
#include "model/scenario/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::sim {

/// Values from one end to the other, written as the ends are: "200" to "600", "10 s" to "1 min" (in seconds),
/// "2 x m5.large" to "6 x m5.large". Ends without unit and point, and numbers of nodes, stay whole.
struct ValueRange {
    double from = 0, to = 0;    ///< in the unit of the written `from`
    std::string before, after;  ///< what stands around the number: "$", " x m5.large"
    bool whole = false, logarithmic = false;

    /// The value at a share of the way, 0 to 1; every whole number has an equal part of the way.
    std::string at(double share) const;
};

/// Both ends must have the same dimension; those of a logarithmic range must be positive.
model::Expected<ValueRange> make_range(const std::string& field, const std::string& from,
                                       const std::string& to, bool logarithmic);

/// A field of the scenario and the values that a study gives it, as a scenario file would write them.
struct Factor {
    std::string path;
    model::FieldPath field;
    std::vector<std::string> levels;  ///< of a range without steps: its two ends
    std::optional<ValueRange> range;  ///< where the values between are wanted as well

    /// A value for a uniform number: the level of that share, or the value of the range.
    std::string at(double share) const;
};

inline constexpr std::size_t most_points = 10'000;

/// "components.warehouse.slots=3,5,8" or "workloads.jobs.requests.rate=1/s..9/s:2/s". Commas within brackets
/// and quotes belong to a value.
model::Expected<Factor> parse_factor(std::string_view text);

/// "components.warehouse.slots=3..8", without a step: an interval of an uncertain or a free input.
model::Expected<Factor> parse_interval(std::string_view text, const std::string& option);

/// Of a study file: a list of values, "1..9:2", or {from: 1, to: 9, step: 2}, where `count: 5` in place of
/// `step` divides the range evenly (`scale: log`: by equal factors) and neither leaves it to the design.
model::Expected<Factor> read_factor(const std::string& path, const model::Value& value);

/// Whether a path leads into a component or workload that the document has: a misspelt one would be created.
/// `field` is what the problem names.
model::Expected<void> known_target(const model::Document& document, const model::FieldPath& path,
                                   const std::string& field = {});

/// A tree as a flow-style text, which a field of a scenario can be set to.
std::string flow_text(const model::Value& value);

}  // namespace headroom::sim
