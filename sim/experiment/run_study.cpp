#include "sim/experiment/crew.h"
#include "sim/experiment/point_pool.h"
#include "sim/experiment/study.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>

namespace headroom::sim {

namespace {

using model::Expected;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Hands out points, to the threads here and to the crew, and passes on what they find.
class Conductor {
public:
    Conductor(const StudyPlan& plan, const model::Catalog& catalog, const std::vector<int>& points,
              const PointsFn& take, Crew* crew, std::stop_token stop)
        : plan_(plan),
          take_(take),
          crew_(crew),
          stop_(std::move(stop)),
          finished_(plan.points.size()),
          open_(points.begin(), points.end()),
          shown_{.finished = 0, .points = static_cast<int>(points.size())},
          pool_(plan, catalog, slots(), threads(), stop_) {
        if (crew_) crew_->begin(plan_, open_.size());
    }

    Expected<void> run(const StudyProgressFn& progress) {
        hand_out();
        while (shown_.finished < shown_.points && !stop_.stop_requested()) {
            std::vector<model::PointResult> results;
            if (auto taken = take(results); !taken) return taken;
            // Those who wait for work come before the disk.
            hand_out();
            if (auto kept = keep(std::move(results)); !kept) return kept;
            if (progress) show(progress);
        }
        return {};
    }

private:
    int threads() const {
        if (plan_.options.threads > 0) return plan_.options.threads;
        return crew_ ? crew_->processors()
                     : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    }
    int slots() const {
        const std::size_t ranks = crew_ ? static_cast<std::size_t>(crew_->size()) : 1;
        const std::size_t share = (open_.size() + ranks - 1) / ranks;
        return static_cast<int>(std::min(share, static_cast<std::size_t>(threads())));
    }

    Expected<void> take(std::vector<model::PointResult>& results) {
        // Messages do not wake the pool, so it is left after a moment.
        for (FinishedPoint& found : pool_.take(crew_ ? 1ms : 100ms)) {
            if (!found.result) return tl::unexpected(found.result.error());
            if (!found.result->cancelled) results.push_back({found.point, std::move(*found.result)});
        }
        if (!crew_) return {};
        Crew::News news = crew_->hear();
        for (const int point : news.failed) pool_.give(point);
        open_.insert(open_.begin(), news.open.begin(), news.open.end());
        std::move(news.finished.begin(), news.finished.end(), std::back_inserter(results));
        return {};
    }

    /// Everyone holds one point more than can be run at once, so that none waits for a message or for the
    /// disk; not towards the end, where others could begin it sooner.
    void hand_out() {
        while (!open_.empty()) {
            const int point = open_.front();
            const int spare = open_.size() > 2 * slots_of_all() ? 1 : 0;
            const bool done = finished_[static_cast<std::size_t>(point)];
            if (!done && pool_.held() < pool_.slots() + spare)
                pool_.give(point);
            else if (!done && !(crew_ && crew_->give(plan_, point, spare)))
                return;
            open_.pop_front();
        }
    }
    std::size_t slots_of_all() const {
        return static_cast<std::size_t>(pool_.slots()) * static_cast<std::size_t>(crew_ ? crew_->size() : 1);
    }

    Expected<void> keep(std::vector<model::PointResult> results) {
        std::erase_if(results, [&](const model::PointResult& result) {
            auto finished = finished_[static_cast<std::size_t>(result.point)];
            const bool before = finished;
            finished = true;
            return before;
        });
        if (results.empty()) return {};
        shown_.finished += static_cast<int>(results.size());
        return take_(std::move(results));
    }

    void show(const StudyProgressFn& progress) {
        const auto now = Clock::now();
        if (now - shown_at_ < 100ms) return;
        shown_at_ = now;
        const double done = shown_.finished + pool_.done(), left = shown_.points - done;
        const double seconds = std::chrono::duration<double>(now - started_).count();
        shown_.fraction = done / std::max(1, shown_.points);
        shown_.seconds_left = done > 0.05 ? seconds * left / done : 0;
        progress(shown_);
    }

    const StudyPlan& plan_;
    const PointsFn& take_;
    Crew* crew_;
    std::stop_token stop_;
    std::vector<bool> finished_;
    std::deque<int> open_;
    StudyProgress shown_;
    Clock::time_point started_ = Clock::now(), shown_at_;
    PointPool pool_;
};

}  // namespace

Expected<void> run_points(const StudyPlan& plan, const model::Catalog& catalog,
                          const std::vector<int>& points, const PointsFn& take,
                          const StudyProgressFn& progress, std::stop_token stop, Crew* crew) {
    return Conductor(plan, catalog, points, take, crew, std::move(stop)).run(progress);
}

Expected<model::Study> run_study(const StudyPlan& plan, const model::Catalog& catalog,
                                 model::ResultsStore& store, const Shard& shard,
                                 const StudyProgressFn& progress, std::stop_token stop, Crew* crew) {
    const auto study = store.begin_study(plan.study);
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
    const auto keep = [&](const std::vector<model::PointResult>& results) {
        return store.finish_points(plan.study.id, results);
    };
    if (const auto ran = run_points(plan, catalog, open, keep, of_all, std::move(stop), crew); !ran)
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
            auto result = from.run(*study.points[i].run);
            if (!result) return tl::unexpected(result.error());
            const model::PointResult finished{study.points[i].index, std::move(*result)};
            if (const auto stored = into.finish_points(study.id, {&finished, 1}); !stored) return stored;
        }
    }
    return {};
}

}  // namespace headroom::sim
