// Stations whose capacity fails: as ever, in a time of their own that passes as fast as there is capacity.
// Batches go by the clock.

#include "sim/stations/flow/failing.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace headroom::sim::flow {

namespace {

/// Own time never stands still, so that it can be turned back: what a station without capacity does at this
/// speed is too little to be seen.
constexpr double slowest = 1e-9;

/// The integral of the station's capacity; or, where it is the number of servers that falls, and not their
/// speed, that of whether there is any, for work that has begun.
class OwnTime {
public:
    OwnTime(const std::vector<CapacityChange>& changes, bool full_speed) {
        for (const CapacityChange& change : changes) {
            own_.push_back(at(change.time));
            from_.push_back(change.time);
            const double speed = full_speed && change.capacity > 0 ? 1 : change.capacity;
            speed_.push_back(std::max(slowest, speed));
        }
    }

    double at(double time) const {
        const std::size_t i = piece(from_, time);
        return own_[i] + (time - from_[i]) * speed_[i];
    }
    /// The moment at which own time is `own`.
    double when(double own) const {
        const std::size_t i = piece(own_, own);
        return from_[i] + (own - own_[i]) / speed_[i];
    }

private:
    static std::size_t piece(const std::vector<double>& starts, double value) {
        const auto above = std::upper_bound(starts.begin() + 1, starts.end(), value);
        return static_cast<std::size_t>(above - starts.begin()) - 1;
    }

    std::vector<double> from_{0}, own_{0}, speed_{1};  ///< by piece of constant capacity
};

void keep_all(StepAnswer& answer) {
    std::fill(answer.content.begin(), answer.content.end(), std::numeric_limits<double>::infinity());
    answer.utilisation = answer.hottest = answer.most = answer.work_variance = 0;
    answer.bulks = nullptr;
}

class Failing : public StationFlow {
public:
    Failing(std::unique_ptr<StationFlow> whole, const std::vector<CapacityChange>& changes,
            bool loses_servers, bool shares, double retention)
        : whole_(std::move(whole)),
          time_(changes, false),
          service_time_(changes, loses_servers),
          loses_servers_(loses_servers && !shares),
          retention_(retention),
          first_change_(changes.front().time) {}

    void step(const Inflow& inflow, StepAnswer& answer) override {
        start_ = inflow.start;
        length_ = inflow.length;
        own_start_ = time_.at(start_);
        // Between two failures that are close to each other so little passes that differences round to
        // nothing.
        speed_ = std::max(slowest, (time_.at(start_ + length_) - own_start_) / length_);
        own_length_ = speed_ * length_;
        own_ = inflow;
        own_.start = own_start_;
        own_.length = own_length_;
        for (double& rate : own_.rate) rate /= speed_;
        if (loses_servers_) own_.present = speed_;
        if (std::isfinite(retention_))
            own_.longest_wait = time_.at(start_ + length_ + retention_) - time_.at(start_ + length_);
        whole_->step(own_, answer);
        answer.utilisation *= speed_;
        answer.hottest *= speed_;
        answer.work_variance *= speed_;
        // The most present around a failure are those of the backlog, which the content tells.
        if (start_ + length_ > first_change_) answer.most = 0;
        if (speed_ < 2 * slowest) keep_all(answer);
    }

    DrawnVisit draw(double part, int item_class) override {
        const double now = start_ + part * length_, own = time_.at(now);
        DrawnVisit visit = whole_->draw(std::clamp((own - own_start_) / own_length_, 0.0, 1.0), item_class);
        const double service = visit.response - visit.waiting, begun = time_.when(own + visit.waiting);
        visit.waiting = begun - now;
        visit.response = service_time_.when(service_time_.at(begun) + service) - now;
        return visit;
    }

    double memory() const override { return whole_->memory() / speed_; }
    double servers() const override { return whole_->servers(); }
    double closed_rate(int item_class, const std::vector<double>& open_rates) override {
        std::vector<double> own = open_rates;
        for (double& rate : own) rate /= speed_;
        const double rate = whole_->closed_rate(item_class, own);
        return rate < 0 ? rate : rate * speed_;
    }

private:
    std::unique_ptr<StationFlow> whole_;
    OwnTime time_, service_time_;
    bool loses_servers_;  ///< whole ones, with a line before those that are left
    double retention_;    ///< seconds, of a log
    double first_change_;
    Inflow own_;
    double start_ = 0, length_ = 1, own_start_ = 0, own_length_ = 1;
    double speed_ = 1;  ///< of own time, mean over the step
};

/// Batches gather whatever happens, and are committed by those writers that are there, if any.
class WithoutWriters : public StationFlow {
public:
    WithoutWriters(std::unique_ptr<StationFlow> whole, const std::vector<CapacityChange>& changes)
        : whole_(std::move(whole)), time_(without_gaps(changes), false) {
        for (const CapacityChange& change : changes) {
            present_.emplace_back(change.time, change.capacity > 0 ? change.capacity : 1);
            const bool open = !gaps_.empty() && gaps_.back().second == endless;
            if (change.capacity <= 0 && !open) gaps_.emplace_back(change.time, endless);
            if (change.capacity > 0 && open) gaps_.back().second = change.time;
        }
    }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        start_ = inflow.start;
        length_ = inflow.length;
        own_ = inflow;
        own_.present = present_at(start_ + length_ / 2);
        whole_->step(own_, answer);
        if (gap_at(start_ + length_ / 2) < gaps_.size()) keep_all(answer);
    }

    DrawnVisit draw(double part, int item_class) override {
        const double now = start_ + part * length_;
        DrawnVisit visit = whole_->draw(part, item_class);
        // What was ahead of it is written as fast as there are writers.
        const double begun = time_.when(time_.at(now) + visit.waiting * present_at(now));
        visit.response += begun - now - visit.waiting;
        visit.waiting = begun - now;
        if (const std::size_t gap = gap_at(now + visit.response); gap < gaps_.size()) {
            const double commit = visit.response - visit.waiting;
            visit.waiting = gaps_[gap].second - now;
            visit.response = visit.waiting + commit;
        }
        return visit;
    }

    double memory() const override { return whole_->memory(); }
    double servers() const override { return whole_->servers(); }

private:
    static constexpr double endless = std::numeric_limits<double>::infinity();

    /// The gap in which the moment lies; else as many as there are.
    std::size_t gap_at(double time) const {
        const auto after = std::upper_bound(gaps_.begin(), gaps_.end(), std::pair(time, endless));
        if (after == gaps_.begin() || std::prev(after)->second <= time) return gaps_.size();
        return static_cast<std::size_t>(std::prev(after) - gaps_.begin());
    }

    /// Gaps hold up commits, not what gathers.
    static std::vector<CapacityChange> without_gaps(std::vector<CapacityChange> changes) {
        for (CapacityChange& change : changes)
            if (change.capacity <= 0) change.capacity = 1;
        return changes;
    }

    double present_at(double time) const {
        const auto after = std::upper_bound(present_.begin(), present_.end(), std::pair(time, endless));
        return after == present_.begin() ? 1 : std::prev(after)->second;
    }

    std::unique_ptr<StationFlow> whole_;
    OwnTime time_;
    std::vector<std::pair<double, double>> gaps_, present_;  ///< from and to; from and share
    Inflow own_;
    double start_ = 0, length_ = 1;
};

}  // namespace

std::unique_ptr<StationFlow> make_failing(std::unique_ptr<StationFlow> whole,
                                          const model::Primitive& primitive,
                                          const std::vector<CapacityChange>& changes) {
    const auto* queue = std::get_if<model::Queue>(&primitive);
    const auto* log = std::get_if<model::PartitionedLog>(&primitive);
    if (std::holds_alternative<model::Batch>(primitive))
        return std::make_unique<WithoutWriters>(std::move(whole), changes);
    const bool loses_servers = queue != nullptr && queue->servers > 1;
    const double retention = log ? log->retention.value() : std::numeric_limits<double>::infinity();
    const bool shares = queue != nullptr && queue->discipline == model::Discipline::processor_sharing;
    return std::make_unique<Failing>(std::move(whole), changes, loses_servers, shares, retention);
}

}  // namespace headroom::sim::flow
