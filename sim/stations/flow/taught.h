#pragma once
// Stations by what the record level teaches of them alone at a grid of loads.

#include "sim/stations/flow/lesson.h"
#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/services.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace headroom::sim::flow {

/// Offered loads that are taught, 1 = capacity; the last at which what comes is served in the end.
inline constexpr std::array levels{0.05, 0.1, 0.15, 0.2, 0.25, 0.3,  0.35, 0.4,  0.45, 0.5,  0.55, 0.6,
                                   0.65, 0.7, 0.75, 0.8, 0.84, 0.87, 0.9,  0.92, 0.94, 0.96, 0.98, 1.0,
                                   1.05, 1.1, 1.2,  1.3, 1.5,  1.75, 2.0,  2.5,  3.0,  4.0,  6.0,  10.0};
inline constexpr std::size_t last_stable = 22;

/// Visits are drawn from what the record level saw, so that the two levels agree by construction. Where a
/// formula is trusted it takes the place of lessons.
class Taught : public StationFlow {
public:
    Taught(const model::Station& station, Pace pace, std::vector<ClosedVisitors> closed, const Peers& peers,
           bool formula, const Draws& draws)
        : primitive_(station.primitive),
          pace_(std::move(pace)),
          closed_(std::move(closed)),
          peers_(peers),
          formula_known_(formula),
          draws_(draws),
          random_(draws.stream(station.name, "visits of the flow")),
          peaks_(draws.stream(station.name, "peaks of the flow")),
          whole_line_(pace_.servers, waiting_services()),
          services_(pace_.service, station.name, draws) {
        for (const model::ItemSize& size : station.sizes) sizes_.push_back(size.value());
    }

    double servers() const override { return pace_.servers; }

    void step(const Inflow& inflow, StepAnswer& answer) override;
    DrawnVisit draw(double part, int item_class) override;
    double closed_rate(int item_class, const std::vector<double>& open_rates) override;
    double memory() const override {
        return stationary() || !pace_.service_apart ? 0 : line_->memory(mix_, after_.level);
    }

private:
    using LessonPtr = std::shared_ptr<const Lesson>;
    /// The two lessons around a load; `low` is null where the load below is none.
    struct Between {
        LessonPtr low, high;
        double share = 1;  ///< 0: as in low; 1: as in high

        template <class Of>
        double blend(const Of& of, double nothing = 0) const {
            if (!high) return nothing;
            return share * of(*high) + (1 - share) * (low ? of(*low) : nothing);
        }
    };

    /// In the time of the whole station, servers of which others are gone are faster.
    std::vector<model::Distribution> waiting_services(double time = 1) const {
        std::vector<model::Distribution> service;
        for (const auto& s : pace_.service)
            service.push_back(
                (pace_.insensitive ? model::Distribution::exponential(s.mean) : s).scaled(time));
        return service;
    }
    /// Whatever comes, the station settles; else what is too much piles up.
    bool stationary() const { return pace_.bounded || !closed_.empty(); }
    bool is_closed(std::size_t k) const {
        return std::any_of(closed_.begin(), closed_.end(),
                           [&](const auto& c) { return static_cast<std::size_t>(c.item_class) == k; });
    }
    /// What comes beside closed visitors: rates by class, and the gaps between arrivals.
    struct Open {
        std::vector<double> rate;
        double scv = 1;
        const model::Distribution* gap = nullptr;  ///< their shape, where it is known
        const model::SourcePattern* pattern = nullptr;
    };
    Open open_of(const std::vector<double>& rates, double scv = 1) const;
    Between between(double level, const Open& open);
    LessonPtr lesson(std::size_t level, const Open& open);
    double visits_of(double level) const;
    static void follow(const model::SourcePattern& pattern, Question& question);
    double share_refused(std::vector<double> Lesson::*shares, std::size_t k) const;
    std::optional<double> known_loss(const Inflow& inflow);
    std::optional<double> loss_at(int item_class, int level);
    void go_beyond(double level);
    void share_backlog(const std::vector<double>& rate, double seconds);
    double most_present(double seconds, const StepAnswer& answer);
    Servers& line_of(double present);

    const model::Primitive primitive_;
    std::vector<double> sizes_;
    const Pace pace_;
    const std::vector<ClosedVisitors> closed_;
    const Peers peers_;
    const bool formula_known_;
    Draws draws_;
    RandomStream random_, peaks_;
    Servers whole_line_;
    Servers* line_ = &whole_line_;       ///< of the servers that are there in the step at hand
    std::map<int, Servers> lines_left_;  ///< by number, where some are gone
    Services services_;
    std::map<std::vector<int>, LessonPtr> lessons_;
    std::map<std::array<int, 3>, std::optional<double>> losses_;  ///< by servers left, class and level

    // Of the step at hand:
    Mix mix_;
    bool by_formula_ = false;
    Between taught_;
    double beyond_ = 1;              ///< mean wait beyond the last lesson, as a multiple of that lesson's
    double more_wait_ = 1;           ///< and the share of those who wait
    double bulk_ = 0, offered_ = 0;  ///< seconds between bulks; offered load, 1 = capacity
    std::vector<double> refused_;    ///< by class: share that does not get through
    std::vector<double> burden_, content_;
    std::vector<double>
        owed_;        ///< by class, under priorities: its part of the backlog, seconds of all servers
    Open last_open_;  ///< when something last came
    Line before_, after_;
};

}  // namespace headroom::sim::flow
