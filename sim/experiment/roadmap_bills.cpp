#include "sim/experiment/roadmap_bills.h"

#include "sim/experiment/billing.h"
#include "sim/experiment/monthly_load.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

/// What the bills of a step's months need.
struct RoadmapBills::Platform {
    Platform(const model::Scenario& of, const model::Catalog& catalog, model::System lowered)
        : scenario(of),
          system(std::move(lowered)),
          outline(outline_of(system)),
          flows(mean_flows(system)),
          billing(scenario, catalog, system, outline),
          load(scenario, growth()),
          book(scenario.catalog_or(catalog).price_book(scenario.price_book)) {}

    std::vector<double> growth() const {
        std::vector<double> all;
        for (const model::Workload& workload : scenario.workloads) all.push_back(growth_of(workload));
        return all;
    }
    /// `month` of its own, 0 is the first.
    Billing::Month in(int month) const {
        std::vector<double> factors;
        for (std::size_t w = 0; w < scenario.workloads.size(); ++w) factors.push_back(load.mean(w, month));
        return {&billing, scaled(system, flows, factors)};
    }

    model::Scenario scenario;
    model::System system;
    Outline outline;
    Flows flows;
    Billing billing;
    MonthlyLoad load;
    const model::PriceBook* book;
};

RoadmapBills::RoadmapBills(const Roadmap& roadmap) : roadmap_(&roadmap) {}
RoadmapBills::RoadmapBills(RoadmapBills&&) noexcept = default;
RoadmapBills& RoadmapBills::operator=(RoadmapBills&&) noexcept = default;
RoadmapBills::~RoadmapBills() = default;

model::Expected<RoadmapBills> RoadmapBills::make(const Roadmap& roadmap,
                                                 const std::vector<model::Scenario>& scenarios,
                                                 const std::vector<model::Calibrations>& calibrations,
                                                 const model::Catalog& catalog) {
    RoadmapBills bills(roadmap);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        auto system = model::lower(scenarios[i], catalog, calibrations[i]);
        if (!system) return tl::unexpected(system.error());
        bills.platforms_.push_back(std::make_unique<Platform>(scenarios[i], catalog, *std::move(system)));
    }
    return bills;
}

model::Expected<std::vector<std::vector<model::Bill>>> RoadmapBills::bills() const {
    const int count = roadmap_->months(), begin = roadmap_->first_month(0);
    std::vector<std::vector<model::Bill>> all;
    std::vector<Billing::Month> before;  // of the platforms that were there, one after the other
    for (std::size_t i = 0; i < platforms_.size(); ++i) {
        const int first = roadmap_->first_month(i), last = roadmap_->last_month(i);
        const int next = i + 1 < platforms_.size() ? roadmap_->first_month(i + 1) : count;
        std::vector<Billing::Month> months = before;
        for (int month = first; month <= last; ++month) {
            months.push_back(platforms_[i]->in(month - first));
            if (month < next) before.push_back(months.back());
        }
        auto bills = Billing::bills_of(months);
        if (!bills) return tl::unexpected(bills.error());
        std::vector<model::Bill>& own = all.emplace_back(static_cast<std::size_t>(count));
        std::move(bills->begin() + (first - begin), bills->end(), own.begin() + first);
    }
    return all;
}

model::Expected<double> RoadmapBills::long_run(std::size_t step) const {
    const auto bill = platforms_[step]->billing.bill(platforms_[step]->flows);
    if (!bill) return tl::unexpected(bill.error());
    return bill->per_month().value() / model::months(1).value();
}

std::vector<Commitment> RoadmapBills::commitments(const std::vector<std::vector<model::Bill>>& bills) const {
    const std::string& book = platforms_.front()->scenario.price_book;
    if (platforms_.front()->book == nullptr ||
        std::any_of(platforms_.begin(), platforms_.end(),
                    [&](const auto& each) { return each->scenario.price_book != book; }))
        return {};
    std::vector<model::Bill> months(static_cast<std::size_t>(roadmap_->months()));
    for (std::size_t i = 0; i < platforms_.size(); ++i) {
        const int next =
            i + 1 < platforms_.size() ? roadmap_->first_month(i + 1) : static_cast<int>(months.size());
        for (int m = roadmap_->first_month(i); m < next; ++m)
            months[static_cast<std::size_t>(m)] = bills[i][static_cast<std::size_t>(m)];
    }
    return commitments_for(months, *platforms_.front()->book);
}

std::vector<std::vector<model::Estimate>> monthly_costs(const std::vector<std::vector<model::Bill>>& bills,
                                                        const std::vector<double>& errors) {
    std::vector<std::vector<model::Estimate>> costs;
    for (std::size_t i = 0; i < bills.size(); ++i) {
        std::vector<model::Estimate>& months = costs.emplace_back();
        for (const model::Bill& bill : bills[i]) {
            const double cost = bill.per_month().value();
            months.push_back({cost, cost * errors[i]});
        }
    }
    return costs;
}

}  // namespace headroom::sim
