#include "sim/experiment/staff.h"

namespace headroom::sim {

Staff staff_of(const model::Scenario& scenario, const model::Catalog& catalog, const model::People& people) {
    Staff staff;
    for (const model::NodeGroup& group : scenario.node_groups) staff.nodes += group.nodes.count;
    for (const auto& component : scenario.components) {
        const model::Technology* technology = catalog.technology(component.technology);
        if (technology == nullptr || technology->prices.empty() || component.has("runs-on")) continue;
        const auto prices = technology->prices.find("nodes");
        const bool own = prices != technology->prices.end() && component.has("nodes") &&
                         (prices->second.front().starts_with("ec2.") ||
                          prices->second.front().starts_with("on-premises."));
        if (own)
            staff.nodes += component.nodes("nodes").count;
        else
            staff.services += 1;
    }
    staff.operations = people.operations.value_or(staff.nodes / people.nodes_per_engineer +
                                                  staff.services / people.services_per_engineer);
    return staff;
}

}  // namespace headroom::sim
