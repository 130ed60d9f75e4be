// Batch pools: the same jobs as at record level, which arrive at the rate of the fluid. A job's times are
// known when it arrives by playing a copy of the pool ahead.

#include "sim/stations/flow/station.h"
#include "sim/stations/job_pool.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace headroom::sim::flow {

namespace {

class PoolFlow : public StationFlow {
public:
    PoolFlow(const model::Station& station, const Draws& draws, std::vector<CapacityChange> failures)
        : spec_(std::get<model::BatchPool>(station.primitive)),
          pool_(
              spec_, [&](const std::string& purpose) { return draws.stream(station.name, purpose.c_str()); },
              std::move(failures)),
          gaps_(draws.stream(station.name, "arrivals of jobs")),
          random_(draws.stream(station.name, "jobs of the flow")),
          due_(station.routes.size(), 0.0),
          present_(station.routes.size(), 0.0),
          seen_(station.routes.size()) {
        for (double& due : due_) due = gaps_.exponential();
        for (const auto& stages : spec_.jobs) {
            double tasks = 0;
            for (const model::TaskStage& stage : stages) tasks += stage.tasks;
            most_events_ = std::max(most_events_, 8 * tasks);
        }
    }

    double servers() const override { return static_cast<double>(spec_.nodes) * spec_.slots_per_node; }
    double scaled_until(double now) const override { return pool_.scaled_until(now); }

    void step(const Inflow& inflow, StepAnswer& answer) override {
        const double end = inflow.start + inflow.length;
        double busy = 0, last = inflow.start;
        const auto play = [&](double until) {
            while (pool_.next_time() <= until) {
                const double next = pool_.next_time();
                busy += pool_.busy() * (next - last);
                last = next;
                finished_.clear();
                pool_.play(next, finished_);
                for (const auto& job : finished_) present_[at(job.item_class)] -= 1;
            }
            busy += pool_.busy() * (until - last);
            last = until;
        };
        for (;;) {
            // The next arrival of any class in this step.
            double first = end;
            std::size_t of = due_.size();
            for (std::size_t k = 0; k < due_.size(); ++k)
                if (inflow.rate[k] > 0 && last + due_[k] / inflow.rate[k] < first) {
                    first = last + due_[k] / inflow.rate[k];
                    of = k;
                }
            for (std::size_t k = 0; k < due_.size(); ++k) due_[k] -= inflow.rate[k] * (first - last);
            play(first);
            if (of == due_.size()) break;
            due_[of] = gap(inflow);
            pool_.submit(first, jobs_++, static_cast<int>(of));
            present_[of] += 1;
            follow(pool_, jobs_ - 1);
        }
        for (std::size_t k = 0; k < due_.size(); ++k) answer.content[k] = present_[k];
        answer.utilisation = answer.hottest = busy / (inflow.length * servers());
    }

    DrawnVisit draw(double, int item_class) override {
        std::deque<DrawnVisit>& seen = seen_[at(item_class)];
        if (seen.empty()) {
            // No job has come yet: as in an idle pool.
            JobPool idle = pool_;
            const double next = idle.next_time();
            idle.submit(std::isfinite(next) ? next : 0, jobs_, item_class);
            follow(std::move(idle), jobs_);
        }
        if (seen.empty()) return {};
        const auto pick = static_cast<std::size_t>(random_.uniform() * static_cast<double>(seen.size()));
        return seen[std::min(pick, seen.size() - 1)];
    }

private:
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    /// Tracers come evenly in time, jobs do not: each job has its weight only where many are drawn from.
    static constexpr std::size_t most_seen = 64;

    /// Items until the next arrival.
    double gap(const Inflow& inflow) {
        if (inflow.gap) return Sampler(*inflow.gap)(gaps_.uniform()) / inflow.gap->mean;
        return Sampler(model::Distribution::with_scv(1, inflow.scv))(gaps_.uniform());
    }

    /// Keeps the times of a job of the pool.
    void follow(JobPool pool, std::uint32_t job) {
        std::vector<JobPool::Finished> finished;
        for (double i = 0; i < most_events_ && std::isfinite(pool.next_time()); ++i) {
            const double now = pool.next_time();
            finished.clear();
            pool.play(now, finished);
            for (const auto& done : finished)
                if (done.job == job) {
                    std::deque<DrawnVisit>& seen = seen_[at(done.item_class)];
                    seen.push_back({.waiting = done.started - done.arrived, .response = now - done.arrived});
                    if (seen.size() > most_seen) seen.pop_front();
                    return;
                }
        }
    }

    /// A backlog of more work than this is followed no further: the job's times count up to there.
    double most_events_ = 50'000;
    model::BatchPool spec_;
    JobPool pool_;
    RandomStream gaps_, random_;
    std::vector<double> due_;                   ///< by class: items until the next arrival
    std::vector<double> present_;               ///< by class
    std::vector<std::deque<DrawnVisit>> seen_;  ///< by class: of the last jobs
    std::vector<JobPool::Finished> finished_;
    std::uint32_t jobs_ = 0;
};

}  // namespace

std::unique_ptr<StationFlow> make_pool(const model::Station& station, const Draws& draws,
                                       std::vector<CapacityChange> failures) {
    return std::make_unique<PoolFlow>(station, draws, std::move(failures));
}

}  // namespace headroom::sim::flow
