#pragma once
// What sizing may choose: fields with their possible values.

#include "model/catalog/catalog.h"
#include "model/scenario/document.h"
#include "sim/experiment/factor.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// A field that may be chosen, with its values. Sizes ascend: what is larger relieves more and costs more.
/// What is no size but a choice (an instance type, a format, a way of buying) begins a ladder of its own.
struct DecisionVariable {
    std::string path;
    model::FieldPath field;
    std::vector<std::string> levels;
    std::size_t now = 0;                     ///< the level nearest to what the scenario says
    std::vector<std::size_t> ladders = {0};  ///< where each run of ascending sizes begins

    /// The first and the last level of the ladder that a level is on.
    std::size_t bottom(std::size_t level) const;
    std::size_t top(std::size_t level) const;
};

/// By variable: its level.
using Configuration = std::vector<std::size_t>;

/// The fields that a person has named. Numbers, and pools of the same instance type, are sorted into ladders;
/// every other value is a ladder by itself. Instance types without a number, for a pool of nodes, stand for
/// pools from a hundredth to eight times the processors that the scenario has there.
std::vector<DecisionVariable> named_variables(const std::vector<Factor>& factors,
                                              const model::Document& document, const model::Catalog& catalog);

}  // namespace headroom::sim
