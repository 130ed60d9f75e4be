#include "sim/experiment/study.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

namespace headroom::sim {

namespace {

using model::Expected;

struct Finished {
    int point = 0;
    Expected<model::RunResult> result;
};

/// Runs points on several threads; what they find is taken by the thread that writes the store.
class Pool {
public:
    Pool(const StudyPlan& plan, const model::Catalog& catalog, std::vector<int> points, std::stop_token stop)
        : plan_(plan), catalog_(catalog), points_(std::move(points)), fractions_(points_.size()) {
        const int all = plan.options.threads > 0
                            ? plan.options.threads
                            : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        const int workers = std::min(all, static_cast<int>(points_.size()));
        threads_each_ = std::max(1, all / std::max(1, workers));
        inner_.emplace(std::move(stop), [this] { stop_.request_stop(); });
        for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
        busy_ = workers;
    }

    /// The next finished point; none after a tenth of a second without one.
    std::optional<Finished> take() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return !finished_.empty(); });
        if (failure_) std::rethrow_exception(failure_);
        if (finished_.empty()) return std::nullopt;
        Finished first = std::move(finished_.front());
        finished_.pop_front();
        return first;
    }
    /// Nothing will come any more.
    bool over() {
        const std::lock_guard lock(mutex_);
        return ended_ == busy_ && finished_.empty() && !failure_;
    }
    void stop() { stop_.request_stop(); }
    /// Points that are finished or begun.
    double done() {
        const std::lock_guard lock(mutex_);
        return std::accumulate(fractions_.begin(), fractions_.end(), 0.0);
    }

private:
    void work() {
        for (;;) {
            const std::size_t mine = next_++;
            if (mine >= points_.size() || stop_.stop_requested()) break;
            try {
                const ProgressFn show = [&](const Progress& p) {
                    const std::lock_guard lock(mutex_);
                    fractions_[mine] = 0.95 * p.fraction;
                };
                Finished found{points_[mine], run_point(plan_, catalog_, points_[mine], threads_each_, show,
                                                        stop_.get_token())};
                const std::lock_guard lock(mutex_);
                fractions_[mine] = 1;
                finished_.push_back(std::move(found));
            } catch (...) {
                const std::lock_guard lock(mutex_);
                failure_ = std::current_exception();
            }
            changed_.notify_one();
        }
        const std::lock_guard lock(mutex_);
        ++ended_;
        changed_.notify_one();
    }

    const StudyPlan& plan_;
    const model::Catalog& catalog_;
    const std::vector<int> points_;
    std::vector<double> fractions_;
    int threads_each_ = 1, busy_ = 0, ended_ = 0;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Finished> finished_;
    std::exception_ptr failure_;
    std::stop_source stop_;
    std::optional<std::stop_callback<std::function<void()>>> inner_;
    std::vector<std::jthread> threads_;  // joined before anything that they use ends
};

}  // namespace

Expected<void> run_points(const StudyPlan& plan, const model::Catalog& catalog,
                          const std::vector<int>& points, const PointFn& take,
                          const StudyProgressFn& progress, std::stop_token stop) {
    const auto started = std::chrono::steady_clock::now();
    StudyProgress shown{.finished = 0, .points = static_cast<int>(points.size())};
    Pool pool(plan, catalog, points, stop);
    while (!pool.over()) {
        if (auto found = pool.take()) {
            if (!found->result) {
                pool.stop();
                return tl::unexpected(found->result.error());
            }
            if (found->result->cancelled) continue;
            if (const auto taken = take(found->point, *std::move(found->result)); !taken) {
                pool.stop();
                return taken;
            }
            ++shown.finished;
        }
        if (!progress) continue;
        const double done = pool.done(), left = shown.points - done;
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        shown.fraction = done / std::max(1, shown.points);
        shown.seconds_left = done > 0.05 ? seconds * left / done : 0;
        progress(shown);
    }
    return {};
}

Expected<model::Study> run_study(const StudyPlan& plan, const model::Catalog& catalog,
                                 model::ResultsStore& store, const Shard& shard,
                                 const StudyProgressFn& progress, std::stop_token stop) {
    auto study = store.begin_study(plan.study);
    if (!study) return study;
    int before = 0;
    std::vector<int> open;
    for (const model::StudyPoint& point : study->points) {
        if (!shard.has(point.index)) continue;
        if (point.run)
            ++before;
        else
            open.push_back(point.index);
    }
    StudyProgressFn of_all;
    if (progress)
        of_all = [&](const StudyProgress& open_ones) {
            StudyProgress all = open_ones;
            all.finished += before;
            all.points += before;
            all.fraction = (before + open_ones.fraction * open_ones.points) / std::max(1, all.points);
            progress(all);
        };
    const auto keep = [&](int point, const model::RunResult& result) {
        return store.finish_point(plan.study.id, point, result);
    };
    if (const auto ran = run_points(plan, catalog, open, keep, of_all, std::move(stop)); !ran)
        return tl::unexpected(ran.error());
    return store.begin_study(plan.study);
}

Expected<void> merge_studies(const model::ResultsStore& from, model::ResultsStore& into) {
    const auto studies = from.studies();
    if (!studies) return tl::unexpected(studies.error());
    for (const model::Study& study : *studies) {
        model::Study fresh = study;  // the numbers of its runs are those of the other store
        for (model::StudyPoint& point : fresh.points) point.run.reset();
        const auto there = into.begin_study(fresh);
        if (!there) return tl::unexpected(there.error());
        for (std::size_t i = 0; i < study.points.size() && i < there->points.size(); ++i) {
            if (!study.points[i].run || there->points[i].run) continue;
            const auto result = from.run(*study.points[i].run);
            if (!result) return tl::unexpected(result.error());
            if (const auto stored = into.finish_point(study.id, study.points[i].index, *result); !stored)
                return stored;
        }
    }
    return {};
}

}  // namespace headroom::sim
