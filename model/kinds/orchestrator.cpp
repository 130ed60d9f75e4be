// Runs of tasks that depend on one another (Airflow, Step Functions and their like): a task begins some time
// after all that it builds on are done, on a slot of a worker; what fails is tried again after a pause, and
// in the end someone mends it. Each item that comes is a run: a schedule is a workload with regular arrivals,
// a backfill a workload that comes in bulk.

#include "model/kinds/all.h"
#include "model/kinds/job_stages.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    BatchPool pool{.nodes = static_cast<int>(component.number("workers")),
                   .slots_per_node = static_cast<int>(component.number("slots")),
                   .replacement = Distribution::constant(0),
                   .fair = component.flag("fair"),
                   .attempts = static_cast<int>(component.number("retries")) + 1,
                   .retry_after = Duration(component.number("retry-delay")),
                   .mending = component.distribution("mending")};
    if (component.has("runs-at-once")) pool.jobs_at_once = static_cast<int>(component.number("runs-at-once"));
    pool.jobs.resize(static_cast<std::size_t>(context.class_count));
    Lowered lowered;
    Problems problems;
    for (const Flow& flow : flows) {
        const std::vector<JobStage>* tasks = stages_of(component.job_stages("tasks"), flow.workload->id);
        if (tasks == nullptr) {
            problems.push_back(problem_of(component, "tasks", Severity::error,
                                          "the runs of '" + flow.workload->id + "' have no tasks here"));
            continue;
        }
        auto& stages = pool.jobs[static_cast<std::size_t>(flow.item_class)];
        for (const JobStage& task : *tasks)
            stages.push_back({.name = task.name,
                              .tasks = task.tasks,
                              .time = task.time.value_or(Distribution::constant(0)),
                              .after = task.after,
                              .lead = Duration(component.number("scheduling-delay")),
                              .failing = task.failing});
        Flow out = flow;
        out.partition_shares.clear();
        lowered.ways.push_back(
            {.stations = {0}, .out = std::move(out), .readable_at_end = flow.type == FlowType::stream});
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    lowered.stations.push_back({.primitive = std::move(pool)});
    return lowered;
}

/// Steps from task to task of a run: one into each attempt, one at the end.
double transitions(const Component& component, const std::string& workload) {
    double steps = 1;
    if (const auto* tasks = stages_of(component.job_stages("tasks"), workload))
        for (const JobStage& task : *tasks) steps += task.tasks / (1 - task.failing);
    return steps;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    double steps = 0;
    for (const Activity::Flow& flow : activity.flows)
        steps += flow.in.value() * transitions(component, flow.workload);
    const std::string& size = component.text("class");
    return {monthly(component, "environment", 1, size),
            monthly(component, "workers", std::max(0.0, component.number("workers") - 1), size),
            monthly(component, "transitions", steps)};
}

}  // namespace

Kind orchestrator_kind() {
    Kind kind;
    kind.id = "orchestrator";
    kind.title = "Orchestrator";
    kind.help = "Runs tasks that depend on one another for each item that comes, and tries again what fails.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    ParameterSpec tasks = {
        .name = "tasks",
        .type = ParameterType::stages,
        .choices = {"time", "after", "failing", "tasks"},
        .help =
            "What a run is made of: tasks by name, each with its time, the share of attempts that fail and, "
            "where it is mapped over parts, how many `tasks` that makes. A task builds on the one above it "
            "unless `after` names others; `after: []` builds on none. One level more gives each workload "
            "its own.",
        .example = "{extract: {time: 10 min, failing: 2 %}, load: {time: 5 min}}"};
    kind.parameters = {
        spec::required(std::move(tasks)),
        spec::count("workers", "workers", "1", 1, 10'000, "Workers that run tasks."),
        spec::count("slots", "tasks", "5", 1, 100'000, "Tasks that a worker runs at the same time."),
        spec::choice("class", {"small", "medium", "large"}, "Size of the environment, where it has one."),
        spec::measured(spec::duration("scheduling-delay", "5 s", 0, 3600,
                                      "Time from when a task could begin to its slot.")),
        spec::count("retries", "attempts", "3", 0, 1000, "Further attempts at a task that has failed."),
        spec::duration("retry-delay", "5 min", 0, 86'400, "Pause before a further attempt."),
        spec::time("mending", "2 h",
                   "Time until someone has mended what failed at every attempt, and it is tried again.",
                   "{lognormal: {mean: 2 h, cv: 1}}"),
        spec::count("runs-at-once", "runs", "", 1, 1e6,
                    "Most runs at the same time; further ones wait in order. No limit if left out.", "16"),
        {.name = "fair",
         .type = ParameterType::flag,
         .default_text = "false",
         .help = "Whether a free slot goes to the run with the fewest running tasks, instead of to the "
                 "earliest run.",
         .example = "true"},
        routing_parameter(),
    };
    kind.billing = {{"environment", "time that the environment is there, by size"},
                    {"workers", "time of workers beyond the first, by size"},
                    {"transitions", "steps from task to task"}};
    kind.check = [](const Component& component, const Catalog&) {
        Problems problems = check_routing(component);
        for (const auto& [workload, run] : component.job_stages("tasks"))
            for (const JobStage& task : run)
                if (!task.time)
                    problems.push_back(
                        problem_of(component, "tasks", Severity::error, "'" + task.name + "' has no 'time'"));
        return problems;
    };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
