#pragma once
// What two scenarios say differently, field by field.

#include "model/catalog/catalog.h"
#include "model/scenario/value.h"

#include <string>
#include <vector>

namespace headroom::model {

struct InputDifference {
    std::string field;        ///< "components.brokers.partitions"
    std::string before, now;  ///< as written; empty where one does not say it
    bool parameter = false;   ///< of a component
    bool one_way = false;     ///< hard to take back once the platform is built
};

/// Of the whole trees except positions and groups on the canvas and texts of the report, in the order of the
/// files.
std::vector<InputDifference> input_differences(const Value& before, const Value& now, const Catalog& catalog);

}  // namespace headroom::model
