// Nodes of a pool that are lost, fail for reasons from outside, and come and go with the load.

#include "sim/stations/job_pool.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::sim {

namespace {
std::size_t at(int index) { return static_cast<std::size_t>(index); }
}  // namespace

void JobPool::interrupt(std::uint32_t node, double now) {
    network_.settle(now);
    disks_[node].settle(now);
    const auto per_node = static_cast<std::uint32_t>(spec_.slots_per_node);
    for (std::uint32_t index = node * per_node; index < (node + 1) * per_node; ++index) {
        Slot& slot = slots_[index];
        ++slot.stamp;
        if (slot.job < 0) continue;
        if (slot.link != Slot::Link::none) link_of(slot.link, index).leave(index, slot.link_end);
        slot.link = Slot::Link::none;
        Job& job = jobs_[at(slot.job)];
        const auto before = rank(job);
        job.running -= 1;
        job.stages[at(slot.stage)].to_start += 1;
        if (slot.attempt > 1) job.stages[at(slot.stage)].again.push_back(slot.attempt);
        reconsider(slot.job, before);
        slot.job = -1;
        --nodes_[node].running;
        if (!spec_.held) --busy_;
        reruns_ += 1;
    }
    if (spec_.results_stay) lose_results(node);
    withdraw(node);
    arm_network(now);
    arm_disk(node, now);
}

void JobPool::withdraw(std::uint32_t node) { free_slots_.withdraw(node); }

void JobPool::put_back(std::uint32_t node) {
    if (!nodes_[node].works()) return;
    const auto per_node = static_cast<std::uint32_t>(spec_.slots_per_node);
    for (std::uint32_t index = node * per_node; index < (node + 1) * per_node; ++index)
        if (slots_[index].job < 0) free_slots_.give(index);
}

void JobPool::free_slot(std::uint32_t slot) {
    Node& node = nodes_[slot / at(spec_.slots_per_node)];
    --node.running;
    if (node.works()) free_slots_.give(slot);
}

// Any node may be among those that fail; who failed first is back first.
void JobPool::fail_nodes(const CapacityChange& change, double now) {
    const auto gone = static_cast<std::size_t>(std::lround(spec_.nodes * (1 - change.capacity)));
    while (failed_.size() < gone) {
        auto nth = static_cast<std::size_t>(failing_.uniform() *
                                            static_cast<double>(nodes_.size() - failed_.size()));
        std::uint32_t node = 0;
        while (nodes_[node].failed || nth-- > 0) ++node;
        nodes_[node].failed = true;
        failed_.push_back(node);
        // Work that is resumed is not moved: the node ends it before it goes.
        if (change.work == model::Interrupted::resume)
            withdraw(node);
        else
            interrupt(node, now);
    }
    while (failed_.size() > gone) {
        const std::uint32_t node = failed_.front();
        failed_.pop_front();
        nodes_[node].failed = false;
        put_back(node);
    }
    dispatch(now);
}

/// Of jobs that have begun: as many as could run if there were slots.
double JobPool::tasks_waiting() const {
    double all = 0;
    for (const Job& job : jobs_) {
        if (!job.open) continue;
        double ready = 0;
        for (const StageState& stage : job.stages)
            if (stage.missing == 0 && stage.ready) ready += stage.to_start;
        all += std::min(ready, static_cast<double>(spec_.tasks_at_once) - job.running);
    }
    return all;
}

void JobPool::look(double now) {
    const double period = spec_.scaler->period.value();
    double work = std::exchange(busy_integral_, 0.0) / period;
    if (spec_.scaler->sees_waiting) work += tasks_waiting();
    const double wanted = rule_->wanted(work / static_cast<double>(slots_.size()), now);
    const bool fewer = rule_->decide(now, wanted), more = rule_->arrive(now, period);
    if (fewer || more) scale_to(rule_->there(), now);
    count_nodes(now);  // some may have ended what ran on them
    push(now + period, What::look, 0, 0);
    dispatch(now);
}

void JobPool::scale_to(double share, double now) {
    const auto wanted = static_cast<std::ptrdiff_t>(std::ceil(share * spec_.nodes - 1e-9));
    std::ptrdiff_t there = std::count_if(nodes_.begin(), nodes_.end(), [](const Node& n) { return !n.away; });
    for (; there < wanted; ++there) {
        // One that works at once, if there is any.
        auto next = std::find_if(nodes_.begin(), nodes_.end(),
                                 [](const Node& n) { return n.away && !n.failed && !n.lost; });
        if (next == nodes_.end())
            next = std::find_if(nodes_.begin(), nodes_.end(), [](const Node& n) { return n.away; });
        next->away = false;
        put_back(static_cast<std::uint32_t>(next - nodes_.begin()));
    }
    for (; there > wanted; --there) {
        // The one with least to end; of several, the last.
        std::size_t idlest = nodes_.size();
        for (std::size_t n = 0; n < nodes_.size(); ++n)
            if (!nodes_[n].away && (idlest == nodes_.size() || nodes_[n].running <= nodes_[idlest].running))
                idlest = n;
        nodes_[idlest].away = true;
        withdraw(static_cast<std::uint32_t>(idlest));
    }
    count_nodes(now);
}

void JobPool::count_nodes(double now) {
    scaled_integral_ = scaled_until(now);
    scaled_since_ = now;
    scaled_nodes_ = static_cast<double>(std::count_if(
        nodes_.begin(), nodes_.end(), [](const Node& node) { return !node.away || node.running > 0; }));
}

/// What tasks left on the node is gone, and is computed anew when a task needs it that has yet to start: one
/// that runs has fetched what it needs.
void JobPool::lose_results(std::uint32_t node) {
    for (std::size_t index = 0; index < jobs_.size(); ++index) {
        Job& job = jobs_[index];
        if (!job.open) continue;
        for (StageState& stage : job.stages) stage.lost += std::exchange(stage.results_on[node], 0.0);
        const auto before = rank(job);
        recompute_lost(job);
        reconsider(static_cast<int>(index), before);
    }
}

/// The last stages first, as their tasks that run anew fetch again what they fetched before.
void JobPool::recompute_lost(Job& job) {
    const auto& stages = spec_.jobs[at(job.owner.item_class)];
    for (std::size_t s = stages.size(); s-- > 0;) {
        StageState& stage = job.stages[s];
        if (stage.lost <= 0) continue;
        const auto uses = [&](std::size_t next) {
            return std::count(stages[next].after.begin(), stages[next].after.end(), static_cast<int>(s));
        };
        bool needed = false;
        for (std::size_t next = s + 1; next < stages.size(); ++next)
            needed = needed || (uses(next) > 0 && job.stages[next].to_start > 0);
        if (!needed) continue;
        if (stage.unfinished <= 0) {
            job.stages_left += 1;
            for (std::size_t next = s + 1; next < stages.size(); ++next)
                job.stages[next].missing += static_cast<int>(uses(next));
        }
        const double again = std::exchange(stage.lost, 0.0);
        stage.to_start += again;
        stage.unfinished += again;
        reruns_ += again;
    }
}

}  // namespace headroom::sim
