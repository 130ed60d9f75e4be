#pragma once
// The ready-made operators of a transform: each is one row of a table and becomes one SELECT.

#include "model/scenario/value.h"
#include "sim/operators/transform.h"

#include <functional>
#include <string>
#include <vector>

namespace headroom::sim {

/// Text as a literal, and a name as an identifier, of the engine's SQL.
std::string sql_literal(const std::string& text);
std::string sql_identifier(const std::string& name);

/// Says that a name in a mapping has no SQL. Mostly its SQL has a comma, which ends a value in braces.
std::string without_sql(const model::Value::Entry& entry);

struct ReadyMade {
    std::string name, help, example;
    /// What the operator needs beyond a plain expression; empty: the value itself is the expression.
    std::vector<std::string> required, optional;
    /// Fills sql or encode; the rows of the step before are in the table `previous`.
    std::function<model::Expected<void>(const model::Value& value, Step& step)> make;
};

const std::vector<ReadyMade>& ready_made_operators();

}  // namespace headroom::sim
