#pragma once
// What a scenario's workloads bring in the months to come, relative to its horizon: growth, seasons that are
// longer than the horizon, events after it. Events that begin within the horizon are part of what the
// scenario asks about and come back every month.

#include "model/scenario/document.h"
#include "model/scenario/scenario.h"

#include <string>
#include <utility>
#include <vector>

namespace headroom::sim {

/// Growth a year, 0.4 = 40 %, that the workload states; 0 for users and for arrivals without a rate of their
/// own.
double growth_of(const model::Workload& workload);

class MonthlyLoad {
public:
    /// `growth`: a year, of each workload of the scenario; negative: it shrinks.
    MonthlyLoad(const model::Scenario& scenario, const std::vector<double>& growth);

    /// Mean rate of the month (0 is the first) as a multiple of that of the horizon, which stands for the
    /// whole of its week, as on the bill.
    double mean(std::size_t workload, int month) const;
    /// Highest rate of the month as a multiple of that of the horizon.
    double peak(std::size_t workload, int month) const;

private:
    std::vector<model::RateProfile> whole_;  ///< by workload, relative, without the horizon's events
    std::vector<model::RateProfile> slow_;   ///< and without seasons of a week and less
    std::vector<double> mean_, peak_;        ///< of the horizon
};

/// Fields of the document with which the scenario is that of the month: rates and users times the highest of
/// the month, so that its horizon holds the month's busiest stretch.
class MonthChanges {
public:
    MonthChanges(const model::Document& document, const model::Scenario& scenario, const MonthlyLoad& load,
                 int months);

    const std::vector<std::pair<model::FieldPath, std::string>>& of(int month) const {
        return changes_[static_cast<std::size_t>(month)];
    }
    /// Highest rate of the month as a multiple of that of the horizon: of the workload that is furthest up.
    double highest(int month) const;
    /// Sum of all workloads' highest rates, each as such a multiple.
    double all(int month) const;
    /// Whether no workload is higher in `month` than in `other`.
    bool covered(int month, int other) const;
    /// Workloads that stay as they are: traces, modulated arrivals and gaps with a mean have no rate to
    /// scale.
    const std::vector<std::string>& unscaled() const { return unscaled_; }

private:
    std::vector<std::vector<std::pair<model::FieldPath, std::string>>> changes_;  ///< by month
    std::vector<std::vector<double>> factors_;  ///< by month, of the workloads that can be scaled
    std::vector<std::string> unscaled_;
};

}  // namespace headroom::sim
