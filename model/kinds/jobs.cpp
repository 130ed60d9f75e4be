#include "model/kinds/jobs.h"

#include "model/kinds/job_stages.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

bool builds_on(const JobStage& stage, std::size_t before) {
    return std::find(stage.after.begin(), stage.after.end(), static_cast<int>(before)) != stage.after.end();
}

/// What a stage leaves for those that fetch from it; a stage that fetches from several takes an even part of
/// each.
double left_for_others(const std::vector<JobStage>& stages, std::size_t s) {
    double bytes = 0;
    for (const JobStage& next : stages)
        if (builds_on(next, s)) bytes += next.shuffle.value() / static_cast<double>(next.after.size());
    return bytes;
}

double spill_of(const JobStage& stage, const Workers& workers) {
    const double room = workers.memory.value() / workers.width;
    const double own = stage.shuffle.value() * workers.expansion / stage.tasks;
    return own > room ? stage.shuffle.value() : 0;
}

/// Bytes that tasks of the stage move over the network, in the busier direction.
double moved(const JobStage& stage, const Workers& workers) {
    const double shuffled = stage.shuffle.value() * (1 - 1 / workers.count);
    if (workers.keep_data) return shuffled + stage.writes.value() * (workers.replication - 1);
    return shuffled + std::max(stage.reads.value(), stage.writes.value());
}

double on_disk(const std::vector<JobStage>& stages, std::size_t s, const Workers& workers) {
    const JobStage& stage = stages[s];
    double bytes = stage.shuffle.value() + left_for_others(stages, s) + 2 * spill_of(stage, workers);
    if (workers.keep_data) bytes += stage.reads.value() + stage.writes.value() * workers.replication;
    return bytes;
}

/// Sets the time of the stage's tasks, and what the disk has to do with it.
void set_time(TaskStage& task, const std::vector<JobStage>& stages, std::size_t s, const Workers& workers) {
    const JobStage& stage = stages[s];
    const double crowding = std::max(1.0, workers.width / workers.vcpus);
    double core = workers.task_overhead.value();
    if (stage.time)
        core += stage.time->mean;
    else if (workers.core_rate.value() > 0)
        core += (stage.reads + stage.shuffle).value() / stage.tasks / workers.core_rate.value();
    core *= crowding / workers.core_speed;
    const double bytes = on_disk(stages, s, workers) / stage.tasks;
    const double disk = bytes / (workers.disk.value() / workers.width);
    const double mean = std::max(core, disk);
    if (disk > core) {
        task.disk = DataSize(bytes);
        task.core = seconds(core);
    }
    if (stage.time && stage.time->mean > 0)
        task.time = stage.time->scaled(mean / stage.time->mean);
    else
        task.time = workers.variation > 0 ? Distribution::lognormal(mean, workers.variation)
                                          : Distribution::constant(mean);
}

}  // namespace

std::vector<TaskStage> task_stages(const std::vector<JobStage>& stages, const Workers& workers) {
    std::vector<TaskStage> result;
    for (std::size_t s = 0; s < stages.size(); ++s) {
        result.push_back({.name = stages[s].name,
                          .tasks = stages[s].tasks,
                          .time = {},
                          .fetch = DataSize(moved(stages[s], workers) / stages[s].tasks),
                          .after = stages[s].after,
                          .lead = workers.driver,
                          .failing = stages[s].failing});
        set_time(result.back(), stages, s, workers);
    }
    return result;
}

DataSize spilled(const std::vector<JobStage>& stages, const Workers& workers) {
    double bytes = 0;
    for (const JobStage& stage : stages) bytes += spill_of(stage, workers);
    return DataSize(bytes);
}

Expected<Lowered> lower_jobs(const Component& component, const std::vector<Flow>& flows,
                             const LoweringContext& context, const Workers& workers, BatchPool pool) {
    const JobStages& all = component.job_stages("stages");
    pool.jobs.resize(static_cast<std::size_t>(context.class_count));
    Lowered lowered;
    Problems problems;
    for (const Flow& flow : flows) {
        const std::vector<JobStage>* stages = stages_of(all, flow.workload->id);
        if (stages == nullptr) {
            problems.push_back(problem_of(component, "stages", Severity::error,
                                          "the jobs of '" + flow.workload->id + "' have no stages here"));
            continue;
        }
        pool.jobs[static_cast<std::size_t>(flow.item_class)] = task_stages(*stages, workers);
        if (const DataSize more = spilled(*stages, workers); more.value() > 0)
            lowered.notes.push_back(format(more) + " of a job of '" + flow.workload->id +
                                    "' do not fit into the memory of its tasks and spill to disk");
        Flow out = flow;
        out.partition_shares.clear();
        lowered.ways.push_back(
            {.stations = {0}, .out = std::move(out), .readable_at_end = flow.type == FlowType::stream});
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    lowered.stations.push_back({.primitive = std::move(pool)});
    return lowered;
}

Expected<Lowered> lower_gathered(const Component& component, const std::vector<Flow>& flows,
                                 const LoweringContext&, const Workers& workers, const BatchPool& pool) {
    const std::vector<JobStage>& stages = component.job_stages("stages").front().second;
    const double slots = std::min(workers.count * workers.width, static_cast<double>(pool.tasks_at_once));
    const double slowed = 1 + pool.straggler_share * (pool.straggler_factor - 1);
    double fixed = pool.launch.value(), work = 0;
    for (const TaskStage& stage : task_stages(stages, workers)) {
        fixed += stage.lead.value() + workers.task_overhead.value();
        work += std::max(stage.tasks * slot_time(pool, stage).value() * slowed / slots,
                         stage.tasks * stage.fetch.value() / pool.network.value());
    }
    Batch jobs{.max_wait = Duration(component.number("every")), .fixed = Distribution::constant(fixed)};
    if (work > 0) jobs.rate = DataRate(stages.front().reads.value() / work);
    Lowered lowered;
    lowered.notes.push_back("a job takes " + format(seconds(fixed)) + " and works through " +
                            format(jobs.rate) + " of what has gathered");
    for (const Flow& flow : flows) {
        Flow out = flow;
        out.partition_shares.clear();
        out.yield *= component.number("selectivity");
        if (component.has("output-size")) out.size = ItemSize(component.number("output-size"));
        lowered.ways.push_back({.stations = {0}, .out = std::move(out), .readable_at_end = true});
    }
    lowered.stations.push_back(
        {.name = "gathering",
         .primitive = std::move(jobs),
         .yields = std::vector<double>(flows.size(), component.number("selectivity"))});
    return lowered;
}

std::vector<ParameterSpec> gathering_parameters() {
    return {
        spec::duration("every", "", 1, 1e8,
                       "Streams only: how often a job works through the records that have come. If left out, "
                       "each item that comes is a job.",
                       "1 h"),
        spec::ratio("selectivity", "1", 0, 1e6, "Records out for one record in, of gathered records."),
        spec::measured(spec::size("output-size", "", 0, 1e9,
                                  "Bytes of a gathered record that leaves; as it came, if left out.",
                                  "180 B")),
    };
}

Problems check_jobs(const Component& component) {
    Problems problems;
    const auto error = [&](const char* parameter, const std::string& message) {
        problems.push_back(problem_of(component, parameter, Severity::error, message));
    };
    const JobStages& all = component.job_stages("stages");
    for (const auto& [workload, stages] : all)
        for (const JobStage& stage : stages)
            if (stage.shuffle.value() > 0 && stage.after.empty())
                error("stages", "'" + stage.name + "' fetches from no stage: 'shuffle' needs one before it");
    if (!component.has("every")) return problems;
    if (all.size() > 1 || !all.front().first.empty())
        error("stages", "with 'every' all records go through the same stages");
    else if (all.front().second.front().reads.value() <= 0)
        error("stages", "with 'every' the first stage says by 'reads' for how many bytes the others stand");
    return problems;
}

ParameterSpec stages_parameter(std::vector<std::string> fields, std::string example) {
    std::string known;
    for (const std::string& field : fields) known += (known.empty() ? "" : ", ") + field;
    return {
        .name = "stages",
        .type = ParameterType::stages,
        .choices = std::move(fields),
        .help = "What a job is made of: stages by name, each with " + known +
                ". Bytes are those of all its tasks together. A stage builds on the one above it unless "
                "`after` names others; `after: []` builds on none. One level more gives each workload its "
                "own.",
        .example = std::move(example)};
}

std::vector<ParameterSpec> task_parameters() {
    return {
        spec::data_rate("core-rate", "40 MB/s",
                        "Bytes, read and fetched, that a core works through in a second, in stages without a "
                        "`time`."),
        spec::measured(spec::duration("task-overhead", "20 ms", 0, 3600,
                                      "Core time that each task takes beside its data.")),
        spec::ratio("variation", "0.3", 0, 10,
                    "Coefficient of variation of task times that are not given as a distribution."),
        spec::ratio("expansion", "2", 0, 100, "Bytes in memory for one byte that a task fetches."),
        spec::chosen(
            spec::share("memory-share", "60 %", "Part of a worker's memory that holds the tasks' data.")),
        spec::share("stragglers", "0", "Share of the tasks that take longer than they should.", "2 %"),
        spec::ratio("straggler-factor", "1", 0.001, 1e6, "How many times as long a straggler takes.", "3"),
        spec::measured(spec::duration("driver-time", "300 ms", 0, 86'400,
                                      "Time of the driver before each stage, in which no task of it runs.")),
    };
}

void set_task_parameters(const Component& component, Workers& workers, BatchPool& pool) {
    workers.core_rate = DataRate(component.number("core-rate"));
    workers.task_overhead = Duration(component.number("task-overhead"));
    workers.variation = component.number("variation");
    workers.expansion = component.number("expansion");
    workers.memory = workers.memory * component.number("memory-share");
    workers.driver = Duration(component.number("driver-time"));
    pool.nodes = static_cast<int>(workers.count);
    pool.slots_per_node = static_cast<int>(workers.width);
    pool.network = workers.network * workers.count;
    pool.fetch_most = workers.network;
    pool.disk = workers.disk;
    pool.straggler_share = component.number("stragglers");
    pool.straggler_factor = component.number("straggler-factor");
}

}  // namespace headroom::model
