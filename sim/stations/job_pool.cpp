#include "sim/stations/job_pool.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

JobPool::JobPool(const model::BatchPool& pool, const MakeStream& stream, std::vector<CapacityChange> failures)
    : spec_(pool),
      stragglers_(stream("stragglers")),
      losses_(stream("losses of nodes")),
      failures_(stream("failures of tasks")),
      replacement_(pool.replacement, stream("replacements of nodes")),
      mending_(pool.mending, stream("mending of tasks")),
      slots_(at(pool.nodes) * at(pool.slots_per_node)),
      free_slots_(static_cast<std::uint32_t>(pool.nodes), static_cast<std::uint32_t>(pool.slots_per_node)),
      network_(pool.network.value(), pool.fetch_most.value()),
      disks_(at(pool.nodes), SharedLink(pool.disk.value(), std::numeric_limits<double>::infinity())),
      disk_stamps_(at(pool.nodes), 0),
      nodes_(at(pool.nodes)),
      failures_from_outside_(std::make_shared<const std::vector<CapacityChange>>(std::move(failures))),
      failing_(stream("nodes that fail")),
      scaled_nodes_(pool.nodes) {
    for (std::size_t k = 0; k < pool.jobs.size(); ++k) {
        tasks_.emplace_back();
        for (std::size_t s = 0; s < pool.jobs[k].size(); ++s) {
            const model::TaskStage& stage = pool.jobs[k][s];
            tasks_.back().push_back({VariateStream(stage.time, stream("tasks of class " + std::to_string(k) +
                                                                      ", stage " + std::to_string(s))),
                                     stage.time.mean, stage.fetch.value(),
                                     std::isinf(pool.disk.value()) ? 0.0 : stage.disk.value(),
                                     stage.core.value()});
        }
    }
    if (std::isfinite(pool.node_life.value()))
        for (int node = 0; node < pool.nodes; ++node)
            push(losses_.exponential() * pool.node_life.value(), What::lost, static_cast<std::uint32_t>(node),
                 0);
    if (!failures_from_outside_->empty()) push(failures_from_outside_->front().time, What::failure, 0, 0);
    if (!pool.scaler) return;
    rule_.emplace(*pool.scaler);
    rule_->begin(pool.scaler->first, 0);
    scale_to(rule_->there(), 0);
    push(pool.scaler->period.value(), What::look, 0, 0);
}

void JobPool::push(double time, What what, std::uint32_t of, std::uint32_t stamp, int attempt) {
    events_.push({time, order_++, what, of, stamp, attempt});
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
    for (const model::TaskStage& stage : stages) {
        job.stages.push_back({stage.tasks, stage.tasks, static_cast<int>(stage.after.size())});
        if (spec_.results_stay) job.stages.back().results_on.assign(at(spec_.nodes), 0.0);
    }
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
    if (spec_.held) busy_ += spec_.tasks_at_once;
    for (std::size_t s = 0; s < job.stages.size(); ++s)
        if (job.stages[s].missing == 0) prepare(index, static_cast<int>(s), now);
    reconsider(index, rank(job));
    dispatch(now);
}

/// All stages are complete that this one builds on.
void JobPool::prepare(int index, int stage, double now) {
    const Job& job = jobs_[at(index)];
    const double lead = spec_.jobs[at(job.owner.item_class)][at(stage)].lead.value();
    if (lead > 0 && !job.stages[at(stage)].ready) {
        push(now + lead, What::ready, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(stage));
        return;
    }
    jobs_[at(index)].stages[at(stage)].ready = true;
}

/// The first stage with a task that can start, or -1.
int JobPool::next_stage(const Job& job) const {
    for (std::size_t s = 0; s < job.stages.size(); ++s)
        if (job.stages[s].missing == 0 && job.stages[s].ready && job.stages[s].to_start > 0)
            return static_cast<int>(s);
    return -1;
}

void JobPool::reconsider(int index, std::pair<double, std::uint64_t> before) {
    const Job& job = jobs_[at(index)];
    startable_.erase({before, index});
    if (job.open && job.running < spec_.tasks_at_once && next_stage(job) >= 0)
        startable_.emplace(rank(job), index);
}

void JobPool::dispatch(double now) {
    while (!free_slots_.empty() && !startable_.empty()) {
        begin(free_slots_.take(), startable_.begin()->second, now);
    }
}

void JobPool::begin(std::uint32_t index, int job_index, double now) {
    Job& job = jobs_[at(job_index)];
    const auto before = rank(job);
    const int stage = next_stage(job);
    StageState& state = job.stages[at(stage)];
    state.to_start -= 1;
    job.running += 1;
    Slot& slot = slots_[index];
    slot.attempt = 1;
    if (!state.again.empty()) {
        slot.attempt = state.again.back();
        state.again.pop_back();
    }
    if (job.owner.started == never) job.owner.started = now;
    reconsider(job_index, before);
    slot.job = job_index;
    slot.stage = stage;
    slot.taken = now;
    ++nodes_[index / at(spec_.slots_per_node)].running;
    if (!spec_.held) ++busy_;
    const double fetch = tasks_[at(job.owner.item_class)][at(stage)].fetch;
    if (fetch <= 0 || (std::isinf(spec_.network.value()) && std::isinf(spec_.fetch_most.value()))) {
        compute(index, now);
        return;
    }
    use(Slot::Link::network, index, fetch, now);
    arm_network(now);
}

SharedLink& JobPool::link_of(Slot::Link link, std::uint32_t slot) {
    return link == Slot::Link::network ? network_ : disks_[slot / at(spec_.slots_per_node)];
}

void JobPool::use(Slot::Link which, std::uint32_t index, double bytes, double now) {
    SharedLink& link = link_of(which, index);
    link.settle(now);
    slots_[index].link = which;
    slots_[index].link_end = link.join(index, bytes);
}

void JobPool::compute(std::uint32_t index, double now) {
    Slot& slot = slots_[index];
    Tasks& tasks = tasks_[at(jobs_[at(slot.job)].owner.item_class)][at(slot.stage)];
    double time = tasks.time.next();
    if (spec_.straggler_share > 0 && stragglers_.uniform() < spec_.straggler_share)
        time *= spec_.straggler_factor;
    if (tasks.disk <= 0) {
        end_at(index, now + time);
        return;
    }
    const double size = time / tasks.mean;
    slot.computed = now + tasks.core * size;
    use(Slot::Link::disk, index, tasks.disk * size, now);
    arm_disk(index / static_cast<std::uint32_t>(spec_.slots_per_node), now);
}

void JobPool::end_at(std::uint32_t index, double time) {
    const Slot& slot = slots_[index];
    const double beat = spec_.beat.value();
    if (beat > 0) time = slot.taken + std::ceil((time - slot.taken) / beat * (1 - 1e-12)) * beat;
    push(time, What::done, index, slot.stamp);
}

void JobPool::arm_network(double now) {
    ++network_stamp_;
    if (!network_.empty()) push(now + network_.left(), What::fetched, 0, network_stamp_);
}

void JobPool::arm_disk(std::uint32_t node, double now) {
    ++disk_stamps_[node];
    if (!disks_[node].empty()) push(now + disks_[node].left(), What::read, node, disk_stamps_[node]);
}

void JobPool::complete(std::uint32_t index, double now, std::vector<Finished>& finished) {
    Slot& slot = slots_[index];
    const int job_index = slot.job;
    Job& job = jobs_[at(job_index)];
    const auto before = rank(job);
    const auto& stages = spec_.jobs[at(job.owner.item_class)];
    const double failing = stages[at(slot.stage)].failing;
    slot.job = -1;
    ++slot.stamp;
    free_slot(index);
    if (!spec_.held) --busy_;
    job.running -= 1;
    if (failing > 0 && failures_.uniform() < failing) {
        const bool mended = slot.attempt >= spec_.attempts;
        retries_ += 1;
        push(now + (mended ? mending_.next() : spec_.retry_after.value()), What::again,
             static_cast<std::uint32_t>(job_index), static_cast<std::uint32_t>(slot.stage),
             mended ? 1 : slot.attempt + 1);
        reconsider(job_index, before);
        dispatch(now);
        return;
    }
    StageState& stage = job.stages[at(slot.stage)];
    stage.unfinished -= 1;
    if (spec_.results_stay) stage.results_on[index / at(spec_.slots_per_node)] += 1;
    if (stage.unfinished <= 0) {
        job.stages_left -= 1;
        for (std::size_t s = 0; s < stages.size(); ++s) {
            const auto uses =
                static_cast<int>(std::count(stages[s].after.begin(), stages[s].after.end(), slot.stage));
            job.stages[s].missing -= uses;
            if (uses > 0 && job.stages[s].missing == 0) prepare(job_index, static_cast<int>(s), now);
        }
    }
    if (job.stages_left == 0) job.open = false;
    reconsider(job_index, before);
    if (job.stages_left == 0) finish(job_index, now, finished);
    dispatch(now);
}

void JobPool::finish(int index, double now, std::vector<Finished>& finished) {
    finished.push_back(jobs_[at(index)].owner);
    if (spec_.held && !jobs_[at(index)].stages.empty()) busy_ -= spec_.tasks_at_once;
    free_jobs_.push_back(index);
    --present_;
    --admitted_;
    if (waiting_.empty()) return;
    ++admitted_;
    push(now + spec_.launch.value(), What::launch, static_cast<std::uint32_t>(waiting_.front()), 0);
    waiting_.pop();
}

void JobPool::play(double until, std::vector<Finished>& finished) {
    while (!events_.empty() && events_.top().time <= until) {
        const Event event = events_.top();
        events_.pop();
        const double now = event.time;
        busy_integral_ += busy_ * (now - busy_since_);
        busy_since_ = now;
        switch (event.what) {
            case What::launch:
                launch(static_cast<int>(event.of), now, finished);
                break;
            case What::done:
                if (event.stamp == slots_[event.of].stamp) complete(event.of, now, finished);
                break;
            case What::fetched: {
                if (event.stamp != network_stamp_) break;
                network_.settle(now);
                const std::uint32_t index = network_.take_first();
                slots_[index].link = Slot::Link::none;
                compute(index, now);
                arm_network(now);
                break;
            }
            case What::read: {
                if (event.stamp != disk_stamps_[event.of]) break;
                disks_[event.of].settle(now);
                const std::uint32_t index = disks_[event.of].take_first();
                slots_[index].link = Slot::Link::none;
                end_at(index, std::max(now, slots_[index].computed));
                arm_disk(event.of, now);
                break;
            }
            case What::ready:
            case What::again: {
                // Neither can come for a job that is over: what they wait for is a part of it.
                const int index = static_cast<int>(event.of);
                Job& job = jobs_[event.of];
                const auto before = rank(job);
                StageState& stage = job.stages[event.stamp];
                if (event.what == What::ready) {
                    stage.ready = true;
                } else {
                    stage.to_start += 1;
                    if (event.attempt > 1) stage.again.push_back(event.attempt);
                    recompute_lost(job);
                }
                reconsider(index, before);
                dispatch(now);
                break;
            }
            case What::lost:
                nodes_[event.of].lost = true;
                interrupt(event.of, now);
                push(now + replacement_.next(), What::replaced, event.of, 0);
                dispatch(now);
                break;
            case What::failure:
                fail_nodes((*failures_from_outside_)[event.of], now);
                if (event.of + 1 < failures_from_outside_->size())
                    push((*failures_from_outside_)[event.of + 1].time, What::failure, event.of + 1, 0);
                break;
            case What::look:
                look(now);
                break;
            case What::replaced: {
                nodes_[event.of].lost = false;
                put_back(event.of);
                push(now + losses_.exponential() * spec_.node_life.value(), What::lost, event.of, 0);
                dispatch(now);
                break;
            }
        }
    }
}

}  // namespace headroom::sim
