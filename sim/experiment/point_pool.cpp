#include "sim/experiment/point_pool.h"

#include <algorithm>

namespace headroom::sim {

PointPool::PointPool(const StudyPlan& plan, const model::Catalog& catalog, int slots, int threads,
                     std::stop_token stop)
    : plan_(plan),
      catalog_(catalog),
      threads_each_(std::max(1, threads / std::max(1, slots))),
      slots_(static_cast<std::size_t>(std::max(1, slots))),
      outer_(std::move(stop), [this] { stop_.request_stop(); }) {
    for (Slot& slot : slots_) workers_.emplace_back([this, &slot] { work(slot); });
}

PointPool::~PointPool() {
    stop_.request_stop();
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    given_.notify_all();
}

void PointPool::give(int point) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(point);
        ++held_;
    }
    given_.notify_one();
}

int PointPool::held() const {
    const std::lock_guard lock(mutex_);
    return held_;
}

std::vector<FinishedPoint> PointPool::take(std::chrono::microseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return !finished_.empty() || failure_; });
    if (failure_) std::rethrow_exception(failure_);
    held_ -= static_cast<int>(finished_.size());
    return std::exchange(finished_, {});
}

double PointPool::done() const {
    const std::lock_guard lock(mutex_);
    double sum = 0;
    for (const Slot& slot : slots_) sum += slot.fraction;
    return sum;
}

void PointPool::work(Slot& slot) {
    for (;;) {
        int point = 0;
        {
            std::unique_lock lock(mutex_);
            given_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
            if (closed_) return;
            point = waiting_.front();
            waiting_.pop_front();
        }
        try {
            const ProgressFn show = [&](const Progress& p) {
                const std::lock_guard lock(mutex_);
                slot.fraction = 0.95 * p.fraction;
            };
            FinishedPoint found{point,
                                run_point(plan_, catalog_, point, threads_each_, show, stop_.get_token())};
            const std::lock_guard lock(mutex_);
            slot.fraction = 0;
            finished_.push_back(std::move(found));
        } catch (...) {
            const std::lock_guard lock(mutex_);
            failure_ = std::current_exception();
        }
        changed_.notify_one();
    }
}

}  // namespace headroom::sim
