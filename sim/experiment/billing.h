#pragma once
// From what components do to what they cost.

#include "model/catalog/catalog.h"
#include "model/kinds/kind.h"
#include "sim/experiment/outline.h"
#include "sim/platform/replication.h"
#include "sim/platform/scaling.h"

namespace headroom::sim {

/// Flows of a system a second, by station and class.
struct Flows {
    std::vector<std::vector<double>> arrivals, departures;  ///< items a second
    std::vector<double> batches;                            ///< commits a second, by station
    std::vector<double> busy;                               ///< mean servers busy, by station
    std::vector<double> scaled;   ///< by station: mean share that was there of a pool which scales itself
    std::vector<double> entered;  ///< items a second from outside, by class
};
Flows flows_of(const model::System& system, const Replication& replication);
/// What flows at the mean rates of the closed form.
Flows mean_flows(const model::System& system);
/// Mean of several.
Flows mean_of(const std::vector<Flows>& all);
/// With each class at so many times its rate. Batches that a timer closes stay as many until their size
/// closes them.
Flows scaled(const model::System& system, const Flows& flows, const std::vector<double>& factors);

class Billing {
public:
    Billing(const model::Scenario& scenario, const model::Catalog& catalog, const model::System& system,
            const Outline& outline)
        : scenario_(scenario),
          catalog_(scenario.catalog_or(catalog)),
          system_(system),
          outline_(outline),
          capacity_(mean_capacity(system)) {}

    /// The bill of a month in the long run: what is kept is as much as its retention lets grow.
    model::Expected<model::Bill> bill(const Flows& flows) const;
    /// Bills of the first months as the workloads grow, when the platform starts empty: what is kept is
    /// what has arrived since, by its age.
    model::Expected<std::vector<model::Bill>> months(const Flows& flows, int count) const;

    /// A month with the platform as it is then and what flows through it.
    struct Month {
        const Billing* platform = nullptr;
        Flows flows;
    };
    /// Bills of consecutive months of a platform that starts empty and may be enlarged.
    static model::Expected<std::vector<model::Bill>> bills_of(const std::vector<Month>& months);

    model::Activity activity(const Outline::Component& component, const Flows& flows) const;
    /// Bytes that the component holds in the long run, all copies together, as far as they are billed.
    model::DataSize held(const Outline::Component& component, const Flows& flows) const;
    const model::Catalog& catalog() const { return catalog_; }

private:
    struct Charges {
        std::vector<model::Usage> usage;
        std::vector<model::Buyer> buyers;
        void add(model::Usage used, const model::Technology& technology, model::PurchaseMix mix);
    };
    Charges charges(const Flows& flows) const;
    void charge_components(Charges& charges, const Flows& flows) const;
    void charge_groups(Charges& charges) const;
    void charge_people(Charges& charges) const;
    model::Expected<model::Bill> priced(const Charges& charges) const;

    const model::Scenario& scenario_;
    const model::Catalog& catalog_;
    const model::System& system_;
    const Outline& outline_;
    std::vector<double> capacity_;  ///< by component: mean share that is there, where it is scaled
};

}  // namespace headroom::sim
