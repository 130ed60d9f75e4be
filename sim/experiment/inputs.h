#pragma once
// What a scenario assumes and can turn out otherwise: loads, sizes, and what the parameters of kinds declare
// as measured.

#include "model/scenario/document.h"
#include "model/scenario/scenario.h"
#include "sim/experiment/factor.h"

#include <string>
#include <vector>

namespace headroom::sim {

/// One such value, with a range around it.
struct AssumedInput {
    std::string name;       ///< "rate of clicks", "model-time of model"
    std::string from;       ///< as it is, as written; of a distribution what scales it: its mean
    std::string low, high;  ///< ends of the range, as a scenario would write the field
    Factor factor;          ///< the field and that range
    bool sourced = true;    ///< written in the scenario, or with a source
    std::string origin;     ///< "stated by the scenario", or the source
};

/// Lower and higher by the share `spread`, within the parameters' limits; whole numbers move by at least one.
/// `scenario` is what the document reads as. Distributions are moved by their mean (median, scale); those
/// that have none, like uniform ones, are left out, and so is what is zero.
std::vector<AssumedInput> assumed_inputs(const model::Document& document, const model::Scenario& scenario,
                                         double spread);

/// A range around the value of any field that the document writes, in the same way.
model::Expected<AssumedInput> input_around(const model::Document& document, const std::string& path,
                                           double spread, const std::string& option);

}  // namespace headroom::sim
