#include "sim/experiment/growth.h"

#include "model/scenario/read.h"
#include "sim/experiment/growth_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {

using model::Expected;

constexpr int replications_of_a_month = 3;

const model::RateProfile& rate_of(const model::Workload& workload) {
    const auto* stream = std::get_if<model::Stream>(&workload.load);
    return stream ? stream->rate : std::get<model::Requests>(workload.load).rate;
}

bool has_users(const model::Workload& workload) {
    const auto* requests = std::get_if<model::Requests>(&workload.load);
    return requests != nullptr && requests->users.has_value();
}

class Grower {
public:
    Grower(const model::Document& document, const model::Scenario& scenario, const model::Catalog& catalog,
           const model::Calibrations& calibrations, GrowthOptions options,
           const std::function<void(const std::string&, double)>& progress, std::stop_token stop)
        : document_(document),
          scenario_(scenario),
          catalog_(catalog),
          calibrations_(calibrations),
          options_(std::move(options)),
          progress_(progress),
          stop_(std::move(stop)),
          variables_(capacities_of(document, catalog, calibrations, true)) {
        if (!options_.run.replications) options_.run.replications = replications_of_a_month;
    }

    Expected<Growth> grow() {
        if (auto stated = state_growth(); !stated) return tl::unexpected(stated.error());
        GrowthPath middle = path(&GrowthRate::middle);
        if (auto done = find_breaks(middle); !done) return tl::unexpected(done.error());
        report("Enlarging", 0.5);
        const auto plan = plan_growth(middle, variables_, options_);
        if (!plan) return tl::unexpected(plan.error());
        growth_.purchases = plan->purchases;
        growth_.notes.insert(growth_.notes.end(), plan->notes.begin(), plan->notes.end());
        const std::vector<Configuration> unchanged(months(), middle.as_it_is());
        const auto bills = middle.bills(unchanged), planned = middle.bills(plan->months);
        if (!bills) return tl::unexpected(bills.error());
        if (!planned) return tl::unexpected(planned.error());
        describe(middle, *bills, *planned);
        const model::Catalog& own = scenario_.catalog_or(catalog_);
        if (const model::PriceBook* book = own.price_book(scenario_.price_book))
            growth_.commitments = commitments_for(*planned, *book);
        judge_costs(middle, *bills, *planned);
        if (growth_.uncertain) {
            report("At the lowest growth", 0.7);
            if (auto done = bound(middle, &GrowthRate::low, &GrowthMonth::low, &GrowthLimit::latest); !done)
                return tl::unexpected(done.error());
            report("At the highest growth", 0.85);
            if (auto done = bound(middle, &GrowthRate::high, &GrowthMonth::high, &GrowthLimit::earliest);
                !done)
                return tl::unexpected(done.error());
        }
        count(middle);
        growth_.replications = *options_.run.replications;
        return std::move(growth_);
    }

private:
    void report(const std::string& step, double fraction) const {
        if (progress_) progress_(step, fraction);
    }

    std::size_t months() const { return static_cast<std::size_t>(options_.months); }

    Expected<void> state_growth() {
        const MonthChanges none(document_, scenario_,
                                MonthlyLoad(scenario_, std::vector<double>(scenario_.workloads.size(), 0.0)),
                                0);
        for (const GrowthRate& rate : options_.growth)
            if (!rate.workload.empty() && scenario_.workload(rate.workload) == nullptr)
                return model::fail({}, "--growth", "there is no workload '" + rate.workload + "'");
        for (const model::Workload& workload : scenario_.workloads) {
            const double stated = growth_of(workload);
            GrowthRate rate{workload.id, stated, stated, stated};
            for (const GrowthRate& given : options_.growth)
                if (given.workload.empty() || given.workload == workload.id)
                    rate = {workload.id, given.low, given.middle, given.high};
            const bool stays = std::find(none.unscaled().begin(), none.unscaled().end(), workload.id) !=
                               none.unscaled().end();
            if (stays) {
                growth_.notes.push_back(
                    "'" + workload.id +
                    "' stays as it is: only arrivals with a 'rate' and 'users' can grow.");
                rate = {workload.id, 0, 0, 0};
            }
            growth_.uncertain = growth_.uncertain || rate.low != rate.high;
            growth_.growth.push_back(std::move(rate));
        }
        return {};
    }

    GrowthPath path(double GrowthRate::*which) const {
        std::vector<double> rates;
        for (const GrowthRate& rate : growth_.growth) rates.push_back(rate.*which);
        return {document_, scenario_, catalog_, calibrations_, options_, variables_, rates, stop_};
    }

    void count(const GrowthPath& path) {
        growth_.simulated += path.simulations();
        growth_.screened += path.estimates();
    }

    Expected<void> find_breaks(GrowthPath& path) {
        const Configuration now = path.as_it_is();
        growth_.limits = path.limits();
        for (std::size_t l = 0; l < growth_.limits.size(); ++l) {
            report("Looking for when it breaks",
                   0.5 * static_cast<double>(l) / static_cast<double>(growth_.limits.size()));
            GrowthLimit& limit = growth_.limits[l];
            const auto breaks = path.first_failure(now, 0, {l});
            if (!breaks) return tl::unexpected(breaks.error());
            limit.breaks = *breaks;
            const int last = limit.breaks.value_or(options_.months) - 1;
            if (last >= 0) {
                const auto figure = path.figure(now, last, l);
                if (!figure) return tl::unexpected(figure.error());
                limit.at_last = *figure;
            }
            if (!limit.breaks) continue;
            const auto figure = path.figure(now, *limit.breaks, l);
            if (!figure) return tl::unexpected(figure.error());
            limit.at_break = *figure;
            limit.load = path.changes().highest(*limit.breaks);
        }
        return {};
    }

    void describe(GrowthPath& path, const std::vector<model::Bill>& bills,
                  const std::vector<model::Bill>& planned) {
        const Configuration now = path.as_it_is();
        for (std::size_t m = 0; m < months(); ++m) {
            const int month = static_cast<int>(m);
            GrowthMonth one;
            one.load = path.changes().highest(month);
            for (std::size_t w = 0; w < scenario_.workloads.size(); ++w) {
                const model::Workload& workload = scenario_.workloads[w];
                one.rates.push_back(has_users(workload)
                                        ? std::numeric_limits<double>::quiet_NaN()
                                        : rate_of(workload).mean({}, scenario_.horizon).value() *
                                              path.load().mean(w, month));
            }
            for (std::size_t l = 0; l < path.limits().size(); ++l) {
                const GrowthLimit& limit = path.limits()[l];
                const double used = limit.component ? path.expected(now, month, l) : 0;
                if (used > one.utilisation) {
                    one.utilisation = used;
                    one.fullest = limit.text;
                }
            }
            one.cost = bills[m].per_month().value();
            one.planned = one.low = one.high = planned[m].per_month().value();
            growth_.months.push_back(std::move(one));
        }
    }

    /// The month's bill as an objective about cost sees it: dollars a second.
    static double billed(const model::Bill& bill, const model::Objective& objective) {
        double cost = 0;
        for (const model::BillLine& line : bill.lines)
            if (objective.subject.empty() || line.component == objective.subject)
                cost += line.amount / model::months(1).value();
        return cost;
    }

    static std::optional<int> first_above(const std::vector<model::Bill>& bills,
                                          const model::Objective& objective) {
        for (std::size_t m = 0; m < bills.size(); ++m) {
            const double cost = billed(bills[m], objective);
            if (objective.relation == model::Relation::at_most ? cost > objective.bound
                                                               : cost < objective.bound)
                return static_cast<int>(m);
        }
        return std::nullopt;
    }

    /// Objectives about cost hold as long as the bill of the month does, with the platform as it is.
    void judge_costs(const GrowthPath& path, const std::vector<model::Bill>& bills,
                     const std::vector<model::Bill>& planned) {
        for (const model::Objective& objective : scenario_.objectives) {
            if (objective.metric != "cost") continue;
            GrowthLimit limit{.text = objective.text,
                              .key = {objective.metric, objective.subject, objective.of},
                              .relation = objective.relation,
                              .bound = objective.bound,
                              .breaks = first_above(bills, objective)};
            const int last = limit.breaks.value_or(options_.months) - 1;
            if (last >= 0) limit.at_last = {billed(bills[static_cast<std::size_t>(last)], objective)};
            if (limit.breaks) {
                limit.at_break = {billed(bills[static_cast<std::size_t>(*limit.breaks)], objective)};
                limit.load = path.changes().highest(*limit.breaks);
            }
            if (const auto above = first_above(planned, objective); above && above != limit.breaks)
                growth_.notes.push_back("With what is enlarged, '" + limit.text + "' breaks in month " +
                                        std::to_string(*above + 1) + ".");
            growth_.limits.push_back(std::move(limit));
        }
    }

    /// Months and bills along the lowest or the highest growth; what is bought along it is not simulated.
    Expected<void> bound(const GrowthPath& middle, double GrowthRate::*which, double GrowthMonth::*cost,
                         std::optional<int> GrowthLimit::*found) {
        GrowthPath path = this->path(which);
        for (std::size_t l = 0; l < path.limits().size(); ++l) {
            const auto breaks = path.first_failure(path.as_it_is(), 0, {l});
            if (!breaks) return tl::unexpected(breaks.error());
            growth_.limits[l].*found = *breaks;
        }
        path.trust(middle);
        const auto plan = plan_growth(path, variables_, options_);
        if (!plan) return tl::unexpected(plan.error());
        const auto planned = path.bills(plan->months);
        const auto unchanged = path.bills(std::vector<Configuration>(months(), path.as_it_is()));
        if (!planned) return tl::unexpected(planned.error());
        if (!unchanged) return tl::unexpected(unchanged.error());
        for (std::size_t m = 0; m < months(); ++m)
            growth_.months[m].*cost = (*planned)[m].per_month().value();
        std::size_t at = path.limits().size();
        for (const model::Objective& objective : scenario_.objectives)
            if (objective.metric == "cost") growth_.limits[at++].*found = first_above(*unchanged, objective);
        count(path);
        return {};
    }

    const model::Document& document_;
    const model::Scenario& scenario_;
    const model::Catalog& catalog_;
    const model::Calibrations& calibrations_;
    GrowthOptions options_;
    const std::function<void(const std::string&, double)>& progress_;
    std::stop_token stop_;
    std::vector<DecisionVariable> variables_;
    Growth growth_;
};

}  // namespace

Expected<Growth> grow(const model::Document& document, const model::Catalog& catalog,
                      const model::Calibrations& calibrations, const GrowthOptions& options,
                      const std::function<void(const std::string& step, double fraction)>& progress,
                      std::stop_token stop) {
    const model::Reading reading = model::read_scenario(document, catalog);
    if (!reading.scenario) return tl::unexpected(reading.problems);
    return Grower(document, *reading.scenario, catalog, calibrations, options, progress, std::move(stop))
        .grow();
}

}  // namespace headroom::sim
