#pragma once
// Laying one tree over another, for scenarios that extend others.

#include "model/scenario/value.h"

namespace headroom::model {

/// Key by key: mappings are merged, lists and scalars replace, null removes. A distribution ("{exponential: 5
/// ms}") is one value and replaces as a whole.
Value merge(Value below, Value above);

/// Equal but for places and quotes.
bool same_content(const Value& a, const Value& b);

/// A value written in flow style on one line: "{exponential: 5 ms}".
std::string to_flow(const Value& value);

}  // namespace headroom::model
