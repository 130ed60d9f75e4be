// Token buckets. What is missing in the bucket is the work before one server that makes as many tokens, so a
// small bucket is taught by the record level, and a large one empties and fills as a line does. Who would be
// dropped is sent the other way where the excess is diverted.

#include "sim/stations/flow/servers.h"
#include "sim/stations/flow/station.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim::flow {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A bucket that drops, whose drops take the second branch.
class Diverting : public StationFlow {
public:
    explicit Diverting(std::unique_ptr<StationFlow> dropping) : dropping_(std::move(dropping)) {}

    void step(const Inflow& inflow, StepAnswer& answer) override {
        dropping_->step(inflow, answer);
        answer.diverted.swap(answer.rejected);
    }
    DrawnVisit draw(double part, int item_class) override {
        DrawnVisit visit = dropping_->draw(part, item_class);
        visit.second = visit.rejected;
        visit.rejected = false;
        return visit;
    }
    double servers() const override { return dropping_->servers(); }

private:
    std::unique_ptr<StationFlow> dropping_;
};

/// A bucket that is large enough for chance alone hardly ever to empty it. Times are those in which tokens
/// are made.
class LargeBucket : public StationFlow {
public:
    LargeBucket(const model::Station& station, const model::Limiter& limiter,
                const std::vector<model::Distribution>& times, const Draws& draws)
        : server_(1, times),
          reserve_((limiter.burst - 1) / limiter.rate.value()),
          waits_(limiter.excess == model::Limiter::Excess::wait),
          random_(draws.stream(station.name, "visits of the flow")) {
        if (!waits_) longest_ = reserve_;
        if (waits_ && limiter.capacity != model::unlimited)
            longest_ = reserve_ + limiter.capacity / limiter.rate.value();
    }

    double servers() const override { return 1; }
    double memory() const override { return server_.memory(mix_, after_.level); }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        Mix mix = server_.mix(inflow.rate, inflow.scv);
        if (mix.mean <= 0) {
            mix = mix_;
            mix.rate = 0;
        }
        mix_ = mix;
        const double offered = mix_.rate * mix_.mean, waited = wait_at(after_);
        bulk_ = inflow.bulks ? std::min(1.0, offered) * inflow.bulks->gap() : 0;
        before_ = after_;
        after_.advance(server_, mix_, offered, inflow.length);
        const double excess = std::isfinite(longest_) ? after_.cut(server_, mix_, longest_) : 0;
        refused_ = offered > 0 ? excess / (offered * inflow.length) : 0;
        const double wait = wait_at(after_);
        if (offered > 0) {
            rates_ = inflow.rate;
            offered_ = offered;
        }
        for (std::size_t k = 0; k < inflow.rate.size(); ++k) {
            // Tokens that are waited for are those of all classes alike.
            if (!rates_.empty()) answer.content[k] = rates_[k] / offered_ * wait;
            if (inflow.rate[k] > 0) answer.rejected[k] = refused_;
        }
        // More than is made, while the reserve is used.
        answer.utilisation = std::max(0.0, offered * (1 - refused_) - (wait - waited) / inflow.length);
        answer.hottest = answer.utilisation;
        answer.work_variance = Servers::work_variance(mix_);
        if (mix_.mean > 0) answer.most = std::max(wait, waited) / mix_.mean;
    }

    DrawnVisit draw(double part, int) override {
        if (refused_ > 0 && random_.uniform() < refused_) return {0, 0, true};
        if (!waits_) return {};
        const auto between = [part](double from, double to) { return from + part * (to - from); };
        double missing = server_.draw(mix_, between(before_.level, after_.level), random_) +
                         between(before_.backlog, after_.backlog);
        if (bulk_ > 0) missing += random_.uniform() * bulk_;
        const double wait = std::max(0.0, missing - reserve_);
        return {wait, wait, false};
    }

private:
    /// Mean wait, from an exponential tail of what chance takes from the bucket (Kingman, 1961).
    double wait_at(const Line& line) const {
        const double by_chance = line.wait - line.backlog, left = reserve_ - line.backlog;
        if (!waits_ || line.wait <= 0) return 0;
        if (left <= 0) return by_chance - left;
        return by_chance > 0 ? by_chance * std::exp(-left * line.level / by_chance) : 0;
    }

    Servers server_;
    double reserve_;  ///< seconds
    bool waits_;
    double longest_ = infinity;  ///< time that can be missing
    RandomStream random_;

    // Of the step at hand:
    Mix mix_;
    Line before_, after_;
    double bulk_ = 0, refused_ = 0;
    // When something last came:
    std::vector<double> rates_;
    double offered_ = 0;
};

}  // namespace

std::unique_ptr<StationFlow> make_limiter(const model::Station& station, const Draws& draws) {
    model::Station alone = station;
    auto& limiter = std::get<model::Limiter>(alone.primitive);
    const bool diverts = limiter.excess == model::Limiter::Excess::divert;
    if (diverts) limiter.excess = model::Limiter::Excess::drop;
    std::vector<model::Distribution> times;
    for (std::size_t k = 0; k < station.routes.size(); ++k)
        times.push_back(model::Distribution::constant((limiter.cost.empty() ? 1 : limiter.cost[k]) /
                                                      limiter.rate.value()));
    std::unique_ptr<StationFlow> flow;
    if (limiter.burst >= ample_room) {
        flow = std::make_unique<LargeBucket>(station, limiter, times, draws);
    } else {
        // A server that hands out tokens.
        const bool waits = limiter.excess == model::Limiter::Excess::wait;
        Pace pace{.service = std::move(times), .bounded = !waits || limiter.capacity < ample_room};
        if (waits && limiter.capacity != model::unlimited) pace.room = limiter.capacity;
        flow = make_taught(alone, std::move(pace), {}, draws);
    }
    if (diverts) return std::make_unique<Diverting>(std::move(flow));
    return flow;
}

}  // namespace headroom::sim::flow
