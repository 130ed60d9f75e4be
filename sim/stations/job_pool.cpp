#include "sim/stations/job_pool.h"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

JobPool::JobPool(const model::BatchPool& pool, const MakeStream& stream)
    : spec_(pool),
      stragglers_(stream("stragglers")),
      losses_(stream("losses of nodes")),
      replacement_(pool.replacement, stream("replacements of nodes")) {
    for (std::size_t k = 0; k < pool.jobs.size(); ++k) {
        tasks_.emplace_back();
        for (std::size_t s = 0; s < pool.jobs[k].size(); ++s)
            tasks_.back().push_back(
                {VariateStream(pool.jobs[k][s].time, stream("tasks of class " + std::to_string(k) +
                                                            ", stage " + std::to_string(s))),
                 pool.jobs[k][s].fetch.value()});
    }
    slots_.resize(at(pool.nodes) * at(pool.slots_per_node));
    for (std::size_t s = slots_.size(); s-- > 0;) free_slots_.push_back(static_cast<std::uint32_t>(s));
    if (std::isfinite(pool.node_life.value()))
        for (int node = 0; node < pool.nodes; ++node)
            push(losses_.exponential() * pool.node_life.value(), What::lost, static_cast<std::uint32_t>(node),
                 0);
}

void JobPool::push(double time, What what, std::uint32_t of, std::uint32_t stamp) {
    events_.push({time, order_++, what, of, stamp});
}

void JobPool::submit(double now, std::uint32_t owner, int item_class) {
    int index = 0;
    if (free_jobs_.empty()) {
        index = static_cast<int>(jobs_.size());
        jobs_.emplace_back();
    } else {
        index = free_jobs_.back();
        free_jobs_.pop_back();
    }
    Job& job = jobs_[at(index)];
    job.owner = {owner, item_class, now, never};
    job.number = arrivals_++;
    job.running = 0;
    const auto& stages = spec_.jobs[at(item_class)];
    job.stages_left = static_cast<int>(stages.size());
    job.stages.clear();
    for (const model::TaskStage& stage : stages)
        job.stages.push_back({stage.tasks, stage.tasks, static_cast<int>(stage.after.size())});
    ++present_;
    if (admitted_ < spec_.jobs_at_once) {
        ++admitted_;
        push(now + spec_.launch.value(), What::launch, static_cast<std::uint32_t>(index), 0);
    } else {
        waiting_.push(index);
    }
}

void JobPool::launch(int index, double now, std::vector<Finished>& finished) {
    Job& job = jobs_[at(index)];
    if (job.stages.empty()) {
        job.owner.started = now;
        finish(index, now, finished);
        return;
    }
    job.open = true;
    startable_.emplace(rank(job), index);
    dispatch(now);
}

/// The first stage with a task that can start, or -1.
int JobPool::next_stage(const Job& job) const {
    for (std::size_t s = 0; s < job.stages.size(); ++s)
        if (job.stages[s].missing == 0 && job.stages[s].to_start > 0) return static_cast<int>(s);
    return -1;
}

void JobPool::reconsider(int index, std::pair<double, std::uint64_t> before) {
    const Job& job = jobs_[at(index)];
    startable_.erase({before, index});
    if (job.open && next_stage(job) >= 0) startable_.emplace(rank(job), index);
}

void JobPool::dispatch(double now) {
    while (!free_slots_.empty() && !startable_.empty()) {
        const std::uint32_t slot = free_slots_.back();
        free_slots_.pop_back();
        begin(slot, startable_.begin()->second, now);
    }
}

void JobPool::begin(std::uint32_t index, int job_index, double now) {
    Job& job = jobs_[at(job_index)];
    const auto before = rank(job);
    const int stage = next_stage(job);
    job.stages[at(stage)].to_start -= 1;
    job.running += 1;
    if (job.owner.started == never) job.owner.started = now;
    reconsider(job_index, before);
    Slot& slot = slots_[index];
    slot.job = job_index;
    slot.stage = stage;
    ++busy_;
    const double fetch = tasks_[at(job.owner.item_class)][at(stage)].fetch;
    if (fetch <= 0 || std::isinf(spec_.network.value())) {
        compute(index, now);
        return;
    }
    settle_network(now);
    slot.fetching = true;
    slot.fetched_at = virtual_time_ + fetch;
    fetches_.emplace(slot.fetched_at, index);
    arm_network(now);
}

void JobPool::compute(std::uint32_t index, double now) {
    Slot& slot = slots_[index];
    double time = tasks_[at(jobs_[at(slot.job)].owner.item_class)][at(slot.stage)].time.next();
    if (spec_.straggler_share > 0 && stragglers_.uniform() < spec_.straggler_share)
        time *= spec_.straggler_factor;
    push(now + time, What::computed, index, slot.stamp);
}

/// Bytes that each task which fetches has got since the network was last idle.
void JobPool::settle_network(double now) {
    if (!fetches_.empty())
        virtual_time_ += (now - settled_) * spec_.network.value() / static_cast<double>(fetches_.size());
    settled_ = now;
}

void JobPool::arm_network(double now) {
    ++network_stamp_;
    if (fetches_.empty()) return;
    const double left = std::max(0.0, fetches_.begin()->first - virtual_time_);
    push(now + left * static_cast<double>(fetches_.size()) / spec_.network.value(), What::fetched, 0,
         network_stamp_);
}

void JobPool::complete(std::uint32_t index, double now, std::vector<Finished>& finished) {
    Slot& slot = slots_[index];
    const int job_index = slot.job;
    Job& job = jobs_[at(job_index)];
    const auto before = rank(job);
    const auto& stages = spec_.jobs[at(job.owner.item_class)];
    slot.job = -1;
    ++slot.stamp;
    free_slots_.push_back(index);
    --busy_;
    job.running -= 1;
    StageState& stage = job.stages[at(slot.stage)];
    stage.unfinished -= 1;
    if (stage.unfinished <= 0) {
        job.stages_left -= 1;
        for (std::size_t s = 0; s < stages.size(); ++s)
            job.stages[s].missing -=
                static_cast<int>(std::count(stages[s].after.begin(), stages[s].after.end(), slot.stage));
    }
    if (job.stages_left == 0) job.open = false;
    reconsider(job_index, before);
    if (job.stages_left == 0) finish(job_index, now, finished);
    dispatch(now);
}

void JobPool::finish(int index, double now, std::vector<Finished>& finished) {
    finished.push_back(jobs_[at(index)].owner);
    free_jobs_.push_back(index);
    --present_;
    --admitted_;
    if (waiting_.empty()) return;
    ++admitted_;
    push(now + spec_.launch.value(), What::launch, static_cast<std::uint32_t>(waiting_.front()), 0);
    waiting_.pop();
}

void JobPool::lose(std::uint32_t node, double now) {
    settle_network(now);
    const auto per_node = static_cast<std::uint32_t>(spec_.slots_per_node);
    for (std::uint32_t index = node * per_node; index < (node + 1) * per_node; ++index) {
        Slot& slot = slots_[index];
        ++slot.stamp;
        if (slot.job < 0) continue;
        if (slot.fetching) fetches_.erase({slot.fetched_at, index});
        slot.fetching = false;
        Job& job = jobs_[at(slot.job)];
        const auto before = rank(job);
        job.running -= 1;
        job.stages[at(slot.stage)].to_start += 1;
        reconsider(slot.job, before);
        slot.job = -1;
        --busy_;
        reruns_ += 1;
    }
    std::erase_if(free_slots_, [&](std::uint32_t slot) { return slot / per_node == node; });
    arm_network(now);
    push(now + replacement_.next(), What::replaced, node, 0);
    dispatch(now);
}

void JobPool::play(double until, std::vector<Finished>& finished) {
    while (!events_.empty() && events_.top().time <= until) {
        const Event event = events_.top();
        events_.pop();
        const double now = event.time;
        switch (event.what) {
            case What::launch:
                launch(static_cast<int>(event.of), now, finished);
                break;
            case What::computed:
                if (event.stamp == slots_[event.of].stamp) complete(event.of, now, finished);
                break;
            case What::fetched: {
                if (event.stamp != network_stamp_) break;
                settle_network(now);
                const std::uint32_t index = fetches_.begin()->second;
                virtual_time_ = std::max(virtual_time_, fetches_.begin()->first);
                fetches_.erase(fetches_.begin());
                slots_[index].fetching = false;
                compute(index, now);
                arm_network(now);
                break;
            }
            case What::lost:
                lose(event.of, now);
                break;
            case What::replaced: {
                const auto per_node = static_cast<std::uint32_t>(spec_.slots_per_node);
                for (std::uint32_t index = event.of * per_node; index < (event.of + 1) * per_node; ++index) {
                    free_slots_.push_back(index);
                }
                push(now + losses_.exponential() * spec_.node_life.value(), What::lost, event.of, 0);
                dispatch(now);
                break;
            }
        }
    }
}

}  // namespace headroom::sim
