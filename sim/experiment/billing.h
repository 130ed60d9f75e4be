#pragma once
// From what components do to what they cost.

#include "model/catalog/catalog.h"
#include "model/kinds/kind.h"
#include "sim/experiment/outline.h"
#include "sim/platform/replication.h"

namespace headroom::sim {

/// Flows of a component a second, by station and class.
struct Flows {
    std::vector<std::vector<double>> arrivals, departures;  ///< items a second
    std::vector<double> batches;                            ///< commits a second, by station
};
Flows flows_of(const model::System& system, const Replication& replication);

class Billing {
public:
    Billing(const model::Scenario& scenario, const model::Catalog& catalog, const model::System& system,
            const Outline& outline)
        : scenario_(scenario), catalog_(catalog), system_(system), outline_(outline) {}

    model::Expected<model::Bill> bill(const Flows& flows) const;

private:
    model::Activity activity(const Outline::Component& component, const Flows& flows) const;

    const model::Scenario& scenario_;
    const model::Catalog& catalog_;
    const model::System& system_;
    const Outline& outline_;
};

/// Dollars a month by component, all components of the scenario, in its order.
std::vector<double> cost_by_component(const model::Scenario& scenario, const model::Bill& bill);

}  // namespace headroom::sim
