// Jobs of many tasks on the slots of a pool: in one stage, in two with a shuffle between them, or in any
// number of `stages` that build on one another.

#include "model/kinds/all.h"
#include "model/kinds/job_stages.h"
#include "model/kinds/jobs.h"
#include "model/kinds/parts.h"
#include "model/kinds/scaling.h"

namespace headroom::model {

namespace {

Problems check(const Component& component, const Catalog&) {
    Problems problems;
    if (component.has("stages")) {
        for (const char* name : {"tasks", "task-time", "reduce-tasks", "reduce-time", "shuffle"})
            if (component.has(name))
                problems.push_back(problem_of(component, name, Severity::error,
                                              "'stages' says what jobs are made of; leave this out"));
        for (const auto& [workload, stages] : component.job_stages("stages"))
            for (const JobStage& stage : stages) {
                if (!stage.time)
                    problems.push_back(problem_of(component, "stages", Severity::error,
                                                  "'" + stage.name + "' has no 'time'"));
                if (stage.shuffle.value() > 0 && !component.has("network"))
                    problems.push_back(
                        problem_of(component, "stages", Severity::error,
                                   "'" + stage.name + "' fetches bytes: 'network' says what moves them"));
            }
        return problems;
    }
    for (const char* name : {"tasks", "task-time"})
        if (!component.has(name))
            problems.push_back(problem_of(component, name, Severity::error,
                                          std::string("'") + name + "' is needed, or 'stages'"));
    if (component.has("reduce-tasks") != component.has("reduce-time"))
        problems.push_back(
            problem_of(component, component.has("reduce-tasks") ? "reduce-tasks" : "reduce-time",
                       Severity::error, "a second stage needs both 'reduce-tasks' and 'reduce-time'"));
    for (const char* name : {"shuffle", "network"})
        if (component.has(name) && !(component.has("shuffle") && component.has("network")))
            problems.push_back(
                problem_of(component, name, Severity::error,
                           "'shuffle' and 'network' belong together: bytes and what moves them"));
    if (component.has("shuffle") && !component.has("reduce-tasks"))
        problems.push_back(
            problem_of(component, "shuffle", Severity::error,
                       "there is no second stage that could fetch; 'reduce-tasks' and 'reduce-time' "
                       "describe one"));
    if (component.has("replacement") && !component.has("node-life"))
        problems.push_back(problem_of(component, "replacement", Severity::warning,
                                      "this has no effect without 'node-life', as no node is lost"));
    return problems;
}

Expected<std::vector<TaskStage>> job_of(const Component& component, const Flow& flow) {
    if (component.has("stages")) {
        const std::vector<JobStage>* stages = stages_of(component.job_stages("stages"), flow.workload->id);
        if (stages == nullptr)
            return tl::unexpected(
                Problems{problem_of(component, "stages", Severity::error,
                                    "the jobs of '" + flow.workload->id + "' have no stages here")});
        std::vector<TaskStage> result;
        for (const JobStage& stage : *stages)
            result.push_back({.name = stage.name,
                              .tasks = stage.tasks,
                              .time = *stage.time,
                              .fetch = stage.shuffle / stage.tasks,
                              .after = stage.after});
        return result;
    }
    std::vector<TaskStage> stages{
        {.name = "map", .tasks = component.number("tasks"), .time = component.distribution("task-time")}};
    if (component.has("reduce-tasks"))
        stages.push_back({.name = "reduce",
                          .tasks = component.number("reduce-tasks"),
                          .time = component.distribution("reduce-time"),
                          .fetch = DataSize(component.has("shuffle") ? component.number("shuffle") /
                                                                           component.number("reduce-tasks")
                                                                     : 0),
                          .after = {0}});
    return stages;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    BatchPool pool{.nodes = static_cast<int>(component.number("pool-nodes")),
                   .slots_per_node = static_cast<int>(component.number("slots")),
                   .straggler_share = component.number("stragglers"),
                   .straggler_factor = component.number("straggler-factor"),
                   .replacement = Distribution::constant(0),
                   .launch = Duration(component.number("launch")),
                   .fair = component.flag("fair")};
    pool.scaler = pool_scaler_of(component, pool.nodes);
    if (component.has("network")) pool.network = DataRate(component.number("network"));
    if (component.has("node-life")) pool.node_life = Duration(component.number("node-life"));
    if (component.has("replacement")) pool.replacement = component.distribution("replacement");
    if (component.has("jobs-at-once")) pool.jobs_at_once = static_cast<int>(component.number("jobs-at-once"));
    pool.jobs.resize(static_cast<std::size_t>(context.class_count));
    Lowered lowered;
    lowered.stations.emplace_back();
    for (const Flow& flow : flows) {
        Expected<std::vector<TaskStage>> stages = job_of(component, flow);
        if (!stages) return tl::unexpected(stages.error());
        pool.jobs[static_cast<std::size_t>(flow.item_class)] = std::move(*stages);
        lowered.ways.push_back({.stations = {0}, .out = flow});
    }
    lowered.stations.front().primitive = std::move(pool);
    return lowered;
}

}  // namespace

Kind batch_pool_kind() {
    Kind kind;
    kind.id = "batch-pool";
    kind.title = "Batch pool";
    kind.help =
        "Runs each item as a job of many tasks on the slots of a pool of nodes, in one stage, two or more.";
    kind.category = "Queueing";
    kind.plain = true;
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "pool-nodes",
         .type = ParameterType::count,
         .noun = "nodes",
         .default_text = "1",
         .min = 1,
         .max = 10'000,
         .help = "Nodes of the pool.",
         .example = "10"},
        {.name = "slots",
         .type = ParameterType::count,
         .noun = "slots",
         .default_text = "1",
         .min = 1,
         .max = 1000,
         .help = "Tasks that a node runs at the same time.",
         .example = "8"},
        {.name = "tasks",
         .type = ParameterType::count,
         .noun = "tasks",
         .min = 1,
         .max = 1e7,
         .help = "Tasks of a job's first stage. More of them than slots run in waves.",
         .example = "200"},
        {.name = "task-time",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .help = "How long a task of the first stage keeps its slot.",
         .example = "{lognormal: {mean: 40 s, cv: 0.4}}"},
        {.name = "reduce-tasks",
         .type = ParameterType::count,
         .noun = "tasks",
         .min = 1,
         .max = 1e7,
         .help = "Tasks of the second stage, which begins when the first is complete. No second stage if "
                 "left out.",
         .example = "50"},
        {.name = "reduce-time",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .help = "How long a task of the second stage keeps its slot, apart from fetching.",
         .example = "20 s"},
        stages_parameter({"tasks", "time", "shuffle", "after"},
                         "{scan: {tasks: 200, time: 10 s}, join: {tasks: 50, time: 20 s, shuffle: 10 GB}}"),
        {.name = "shuffle",
         .dimension = dimensions::data,
         .max = 1e18,
         .help = "Bytes that the second stage fetches from the first, all its tasks together.",
         .example = "100 GB",
         .nature = Nature::measured},
        {.name = "network",
         .dimension = dimensions::data_rate,
         .min = 1,
         .max = 1e15,
         .help = "Bandwidth of all nodes together, shared by the tasks that fetch.",
         .example = "10 GB/s",
         .nature = Nature::chosen},
        {.name = "stragglers",
         .dimension = dimensions::none,
         .default_text = "0",
         .max = 1,
         .help = "Share of the tasks that take longer than they should.",
         .example = "2 %"},
        {.name = "straggler-factor",
         .dimension = dimensions::none,
         .default_text = "1",
         .min = 0.001,
         .max = 1e6,
         .help = "How many times as long a straggler takes.",
         .example = "5"},
        {.name = "node-life",
         .dimension = dimensions::time,
         .min = 1e-3,
         .max = 1e12,
         .help =
             "Mean time until a node is lost, exponential; its tasks run again on others. Never if left out.",
         .example = "30 d",
         .nature = Nature::measured},
        {.name = "replacement",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .help = "Time until a lost node is there again; at once if left out.",
         .example = "3 min"},
        {.name = "launch",
         .dimension = dimensions::time,
         .default_text = "0 s",
         .max = 1e9,
         .help = "Time from a job's turn to its first task.",
         .example = "15 s",
         .nature = Nature::measured},
        {.name = "jobs-at-once",
         .type = ParameterType::count,
         .noun = "jobs",
         .min = 1,
         .max = 1e9,
         .help = "Most jobs that run at the same time; further ones wait in order of arrival. No limit if "
                 "left out.",
         .example = "4"},
        {.name = "fair",
         .type = ParameterType::flag,
         .default_text = "false",
         .help = "Whether a free slot goes to the job with the fewest running tasks, instead of to the "
                 "earliest job.",
         .example = "true"},
        routing_parameter(),
        switching_parameter(),
    };
    kind.scales = true;
    kind.check = [](const Component& component, const Catalog& catalog) {
        Problems problems = check(component, catalog);
        const Problems routing = check_routing(component);
        problems.insert(problems.end(), routing.begin(), routing.end());
        return problems;
    };
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
