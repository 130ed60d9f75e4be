#pragma once
// The threads of this process that run points of a study.

#include "sim/experiment/study.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace headroom::sim {

struct FinishedPoint {
    int point = 0;
    model::Expected<model::RunResult> result;
};

class PointPool {
public:
    /// `slots` points at once, with `threads` threads in all. A point must be in the plan when it is given.
    PointPool(const StudyPlan& plan, const model::Catalog& catalog, int slots, int threads,
              std::stop_token stop);
    ~PointPool();

    int slots() const { return static_cast<int>(workers_.size()); }
    /// Begun as soon as a slot is free.
    void give(int point);
    /// Points that were given and not yet taken.
    int held() const;
    /// What has finished; waits for the first no longer than `patience`. Throws what a point has thrown. A
    /// point that was stopped is cancelled.
    std::vector<FinishedPoint> take(std::chrono::microseconds patience);
    /// Sum of the fractions of the held points' work that is done.
    double done() const;

private:
    struct Slot {
        double fraction = 0;
    };
    void work(Slot& slot);

    const StudyPlan& plan_;
    const model::Catalog& catalog_;
    int threads_each_ = 1, held_ = 0;
    bool closed_ = false;
    mutable std::mutex mutex_;
    std::condition_variable given_, changed_;
    std::deque<int> waiting_;
    std::vector<FinishedPoint> finished_;
    std::exception_ptr failure_;
    std::vector<Slot> slots_;
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> outer_;
    std::vector<std::jthread> workers_;  // joined before anything that they use ends
};

}  // namespace headroom::sim
