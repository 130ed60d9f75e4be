#pragma once
// Distributions as scenarios state them: "5 ms", "{exponential: 5 ms}", "{lognormal: {mean: 80 MB, cv: 1}}",
// "{mean: 5 ms, scv: 4}".

#include "model/scenario/problem.h"
#include "model/scenario/value.h"
#include "model/system/distribution.h"
#include "model/units/quantity.h"

#include <span>
#include <string>

namespace headroom::model {

/// What a field of a distribution is a number of.
enum class FieldUnit { own, plain, per_own };  ///< as the distribution's values; none; one by those

struct DistributionField {
    const char* name;
    FieldUnit unit;
    double min, max;  ///< inclusive; of plain numbers
    const char* help;
};

Dimension dimension_of(const DistributionField& field, Dimension own);

/// A family that can be written, with its fields; one with several sets of them stands there more than once.
/// Families whose first set is one field may be written without its name.
struct FamilySpec {
    Family family;
    std::span<const DistributionField> fields;
};
std::span<const FamilySpec> writable_families();

/// `field` is the path for problems.
Expected<Distribution> read_distribution(const Value& value, Dimension dimension, const std::string& field);

/// As a scenario would write it.
std::string print_distribution(const Distribution& distribution, Dimension dimension,
                               const std::string& noun);

/// The shortest text that reads back as the same number.
std::string print_exact(double value, Dimension dimension, const std::string& noun);

}  // namespace headroom::model
