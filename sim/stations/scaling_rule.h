#pragma once
// What an autoscaler asks for and when it comes, whatever it looks at.

#include "model/system/scaler.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace headroom::sim {

class ScalingRule {
public:
    explicit ScalingRule(const model::Scaler& scaler) : scaler_(scaler) {}

    /// Share of the capacity that is there.
    double there() const { return there_; }

    /// Begins with this share, or more where the scaler must leave it more at `now`.
    void begin(double share, double now) { there_ = asked_ = rounded(std::max(share, least(now))); }

    /// Share that would be right for so much work, as a share of all capacity, seen until `now`.
    double wanted(double work, double now) const {
        if (scaler_.target <= 0) return rounded(least(now));
        if (std::abs(work / there_ / scaler_.target - 1) <= scaler_.steady)
            return std::max(asked_, rounded(least(now)));
        return rounded(std::max(least(now), work / scaler_.target));
    }

    /// Asks for it, or for as much of the way as it goes at once: more comes later, less goes at once.
    /// Whether what is there has changed.
    bool decide(double now, double wanted) {
        const double near = std::clamp(wanted, asked_ - scaler_.stride, asked_ + scaler_.stride);
        wanted = rounded(std::max(least(now), near));
        if (wanted > asked_ + 1e-9) {
            asked_ = wanted;
            coming_.emplace_back(now + scaler_.delay.value(), wanted);
            last_ = now;
        } else if (wanted < asked_ - 1e-9 && coming_.empty() && now - last_ >= scaler_.cool_down.value()) {
            asked_ = there_ = wanted;
            last_ = now;
            return true;
        }
        return false;
    }

    /// What was asked for and has come by `now`, at the end of a stretch of this length. Whether what is
    /// there has changed.
    bool arrive(double now, double length) {
        while (!coming_.empty() && coming_.front().first <= now + 1e-9) {
            ready_ = std::max(ready_, coming_.front().second);
            coming_.pop_front();
        }
        if (asked_ < ready_) ready_ = asked_;
        const double most = std::max(there_, std::min(ready_, there_ + scaler_.growth * length));
        if (most <= there_ + 1e-9) return false;
        there_ = most;
        return true;
    }

private:
    double rounded(double share) const {
        if (scaler_.step > 0) share = std::ceil(share / scaler_.step - 1e-9) * scaler_.step;
        return std::clamp(share, 1e-6, 1.0);
    }
    double least(double now) const { return std::max(scaler_.least, scheduled(now)); }
    double scheduled(double now) const {
        if (scaler_.schedule.empty()) return 0;
        constexpr double day = 86'400;
        const double time = std::fmod(now, day);
        double share = scaler_.schedule.back().second;  // since yesterday
        for (const auto& [from, value] : scaler_.schedule)
            if (from.value() <= time) share = value;
        return share;
    }

    model::Scaler scaler_;
    double there_ = 1, asked_ = 1, ready_ = 0, last_ = -1e300;
    std::deque<std::pair<double, double>> coming_;  ///< when, and what share
};

}  // namespace headroom::sim
