#pragma once
// Who runs a platform: nodes that one operates oneself, services that a provider does.

#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"

namespace headroom::sim {

struct Staff {
    double nodes = 0, services = 0;
    double operations = 0;  ///< engineers: stated, or what nodes and services ask for
};

/// `people` are the assumptions; those of the scenario, or others where it states none.
Staff staff_of(const model::Scenario& scenario, const model::Catalog& catalog, const model::People& people);

}  // namespace headroom::sim
