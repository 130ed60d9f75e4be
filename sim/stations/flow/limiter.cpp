// Token buckets: taught by the record level. Who would be dropped is sent the other way where the excess is
// diverted.

#include "sim/stations/flow/station.h"

namespace headroom::sim::flow {

namespace {

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

}  // namespace

std::unique_ptr<StationFlow> make_limiter(const model::Station& station, const Draws& draws) {
    model::Station alone = station;
    auto& limiter = std::get<model::Limiter>(alone.primitive);
    const bool diverts = limiter.excess == model::Limiter::Excess::divert;
    if (diverts) limiter.excess = model::Limiter::Excess::drop;
    // A server that hands out tokens.
    Pace pace{.bounded =
                  limiter.excess == model::Limiter::Excess::drop || limiter.capacity != model::unlimited};
    for (std::size_t k = 0; k < station.routes.size(); ++k)
        pace.service.push_back(model::Distribution::constant((limiter.cost.empty() ? 1 : limiter.cost[k]) /
                                                             limiter.rate.value()));
    std::unique_ptr<StationFlow> taught = make_taught(alone, std::move(pace), {}, draws);
    if (diverts) return std::make_unique<Diverting>(std::move(taught));
    return taught;
}

}  // namespace headroom::sim::flow
