#pragma once
// A platform along one course of growth: its months by closed form, by simulation and as bills.

#include "sim/experiment/billing.h"
#include "sim/experiment/growth.h"
#include "sim/experiment/monthly_load.h"
#include "sim/experiment/screening.h"

#include <map>
#include <memory>

namespace headroom::sim {

class GrowthPath {
public:
    /// `growth`: a year, of each workload. What it refers to must outlive it; the document's objectives are
    /// all that are judged. `variables` are what may be enlarged.
    GrowthPath(const model::Document& document, const model::Scenario& scenario,
               const model::Catalog& catalog, const model::Calibrations& calibrations,
               const GrowthOptions& options, const std::vector<DecisionVariable>& variables,
               const std::vector<double>& growth, std::stop_token stop);

    /// What is judged: objectives that are not about cost, components and node groups.
    const std::vector<GrowthLimit>& limits() const { return limits_; }
    const MonthChanges& changes() const { return changes_; }
    const MonthlyLoad& load() const { return load_; }
    Configuration as_it_is() const;

    /// A limit's figure by closed form, corrected by the latest simulation. NaN where there is none.
    double expected(const Configuration& levels, int month, std::size_t limit);
    /// A component's fullness by closed form at the highest rates, where there is one; else as simulated.
    model::Expected<model::Estimate> figure(const Configuration& levels, int month, std::size_t limit);
    bool holds(std::size_t limit, double value) const;
    /// Dollars of a month in the long run, by closed form.
    double cost(const Configuration& levels, int month);

    /// The first month not before `from` in which any of the limits does not hold: closed forms, corrected by
    /// what the latest simulation found, say where to look, figure() decides. Takes it that a month is
    /// no harder than one in which every workload is at least as high.
    model::Expected<std::optional<int>> first_failure(const Configuration& levels, int from,
                                                      const std::vector<std::size_t>& which);
    /// The busiest of the months in [from, to).
    int busiest(int from, int to) const;
    /// From here on corrected closed forms decide alone, as corrected along the other course.
    void trust(const GrowthPath& other);
    /// The least that must be enlarged so that the limits hold in that month: one variable if one is enough,
    /// the cheapest of those that cost something, else one that does not. By corrected closed forms; none
    /// where nothing is enough.
    std::optional<Configuration> enlarged(const Configuration& levels, int month,
                                          const std::vector<std::size_t>& which);
    /// Everything that can be enlarged at its highest level that there can be.
    Configuration largest(Configuration levels, int month);
    bool should_hold(const Configuration& levels, int month, const std::vector<std::size_t>& which);
    /// Corrects the closed forms by figure(). Gives the limits that do not hold.
    model::Expected<std::vector<std::size_t>> check(const Configuration& levels, int month,
                                                    const std::vector<std::size_t>& which);

    /// `plan`: the configuration of each month.
    model::Expected<std::vector<model::Bill>> bills(const std::vector<Configuration>& plan) const;

    int simulations() const { return static_cast<int>(simulated_.size()); }
    int estimates() const { return static_cast<int>(estimated_.size()); }

private:
    using Key = std::pair<Configuration, int>;
    struct Judged {
        std::vector<double> values;  ///< by limit
        double cost = 0;
        bool possible = false;  ///< a platform can be so: a cluster has its largest size
    };
    /// One variable at its highest level that there can be, from the present one: mostly the last.
    Configuration highest(Configuration at, int month, std::size_t variable);
    const Judged& estimate(const Configuration& levels, int month);
    model::Expected<const std::vector<model::Estimate>*> simulate(const Configuration& levels, int month);
    std::vector<model::Estimate> figures_of(const model::RunResult& result) const;

    const model::Catalog& catalog_;
    const model::Calibrations& calibrations_;
    const GrowthOptions& options_;
    const std::vector<DecisionVariable>& variables_;
    Screening configurations_;
    MonthlyLoad load_;
    MonthChanges changes_;
    std::vector<GrowthLimit> limits_;
    std::vector<double> bias_;  ///< by limit: simulated relative to closed form
    bool trusts_ = false;
    std::map<Key, Judged> estimated_;
    std::map<Key, std::vector<model::Estimate>> simulated_;
    std::stop_token stop_;
};

}  // namespace headroom::sim
