#pragma once
// What a roadmap costs month by month: each month is billed as the platform of its step is then, with the
// data that have piled up since the first.

#include "model/kinds/lower.h"
#include "sim/experiment/commitments.h"
#include "sim/experiment/roadmap.h"

#include <memory>

namespace headroom::sim {

class RoadmapBills {
public:
    /// `scenarios`: of each step. Problems are those of lowering.
    static model::Expected<RoadmapBills> make(const Roadmap& roadmap,
                                              const std::vector<model::Scenario>& scenarios,
                                              const std::vector<model::Calibrations>& calibrations,
                                              const model::Catalog& catalog);
    RoadmapBills(RoadmapBills&&) noexcept;
    RoadmapBills& operator=(RoadmapBills&&) noexcept;
    ~RoadmapBills();

    /// By step and month of the roadmap: the bill of the step's platform from the month in which it begins to
    /// the one in which it is switched off, empty in all others. Loads grow from the step's first month on.
    /// Bytes that a component keeps are those that came to a component of that name before.
    model::Expected<std::vector<std::vector<model::Bill>>> bills() const;

    /// Dollars a second of a step's platform in the long run, by closed form.
    model::Expected<double> long_run(std::size_t step) const;

    /// Nodes that are needed from a month until the end and are paid on demand, and the cheapest way to pay
    /// for them, of the platforms that are not switched off before; none where the steps have several price
    /// books.
    std::vector<Commitment> commitments(const std::vector<std::vector<model::Bill>>& bills) const;

private:
    struct Platform;
    explicit RoadmapBills(const Roadmap& roadmap);

    const Roadmap* roadmap_;
    std::vector<std::unique_ptr<Platform>> platforms_;  ///< by step
};

/// The bills with the error of each platform's cost, relative to it, as estimates.
std::vector<std::vector<model::Estimate>> monthly_costs(const std::vector<std::vector<model::Bill>>& bills,
                                                        const std::vector<double>& errors);

}  // namespace headroom::sim
