#include "sim/stations/arrivals.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sim {

namespace {
constexpr double points_per_season = 288;
}

RescaledTime::RescaledTime(const model::RateProfile& profile, double horizon)
    : step_(horizon), horizon_(horizon), curve_(profile), events_(profile.events) {
    curve_.events.clear();
    if (profile.is_constant() && profile.base.value() > 0) {
        constant_gap_ = 1 / profile.base.value();
        return;
    }
    for (const auto& season : profile.seasons) {
        step_ = std::min(step_, season.period.value() / points_per_season);
    }
    if (profile.growth_per_year != 0) step_ = std::min(step_, model::days(1).value());
}

bool RescaledTime::next_piece() {
    start_ = end_;
    if (start_ >= horizon_) return false;
    if (step_ * static_cast<double>(grid_ + 1) <= start_) ++grid_;
    end_ = std::min(horizon_, step_ * static_cast<double>(grid_ + 1));
    for (const auto& event : events_) {
        for (const double edge : {event.from.value(), (event.from + event.length).value()}) {
            if (edge > start_ && edge < end_) end_ = edge;
        }
    }
    double factor = 1;
    const double middle = (start_ + end_) / 2;
    for (const auto& event : events_) {
        const bool on = middle >= event.from.value() && middle < (event.from + event.length).value();
        if (on) factor *= event.factor;
    }
    const double length = end_ - start_;
    const double last = curve_.at(model::seconds(end_)).value() * factor;
    rate_ = curve_.at(model::seconds(start_)).value() * factor;
    slope_ = (last - rate_) / length;
    area_ = (rate_ + last) / 2 * length;
    return true;
}

double RescaledTime::in_piece() {
    while (expected_ >= area_) {
        expected_ -= area_;
        area_ = 0;
        if (!next_piece()) return std::numeric_limits<double>::infinity();
    }
    // Where rate_ s + slope_ s^2 / 2 = expected_, in the form that does not cancel.
    const double root = std::sqrt(std::max(0.0, rate_ * rate_ + 2 * slope_ * expected_));
    return std::min(end_, start_ + 2 * expected_ / (rate_ + root));
}

ModulatedTime::ModulatedTime(const std::vector<model::ModulatedState>& states, double horizon,
                             const RandomStream& changes)
    : states_(states), horizon_(horizon), random_(changes) {
    enter(draw(model::shares_of(states_)));
}

std::size_t ModulatedTime::draw(const std::vector<double>& shares) {
    double left = random_.uniform();
    for (std::size_t i = 0; i + 1 < shares.size(); ++i)
        if ((left -= shares[i]) < 0) return i;
    return shares.size() - 1;
}

void ModulatedTime::enter(std::size_t state) {
    state_ = state;
    until_ = now_ + states_[state].stay.value() * random_.exponential();
}

double ModulatedTime::after(double gap) {
    while (now_ < horizon_) {
        const double rate = states_[state_].rate.value();
        const double expected = rate * (until_ - now_);
        if (gap < expected) {
            now_ += gap / rate;
            return now_;
        }
        gap -= expected;
        now_ = until_;
        enter(draw(states_[state_].next));
    }
    return std::numeric_limits<double>::infinity();
}

double TraceTime::next() {
    const std::vector<double>& times = *trace_.times;
    if (position_ == times.size()) {
        if (!trace_.repeats) return std::numeric_limits<double>::infinity();
        position_ = 0;
        begun_ += trace_.span;
    }
    return begun_ + times[position_++];
}

}  // namespace headroom::sim
