#pragma once
// The words and symbols of units, in one table that parsing and printing share.

#include "model/units/quantity.h"

#include <string>
#include <string_view>

namespace headroom::model {

struct UnitWord {
    std::string_view name;
    double factor = 1;  ///< base units in one of these
    Dimension dimension;
};

/// The unit of that name, or nullptr. Names are case-sensitive: "MB" and "Mbit" differ by more than case.
const UnitWord* find_unit(std::string_view name);
/// The unit whose name differs by case alone, or nullptr.
const UnitWord* find_unit_of_any_case(std::string_view name);

/// k = 1e3, M = 1e6, ... E = 1e18; 0 if it is none.
double prefix_factor(char prefix);

/// What is counted, as plural ("events"), for its singular or plural; empty if the word is not known.
std::string plural_noun(std::string_view word);
/// "events" -> "event".
std::string singular_noun(std::string_view plural);

}  // namespace headroom::model
