// Jobs of stages of tasks on workers that the provider starts for each of them (Glue, EMR Serverless and
// their like). A job has its workers to itself; they are billed from its first task to its last, for a least
// time, or, where they come and go with its tasks, for as long as tasks run.

#include "model/kinds/all.h"
#include "model/kinds/job_stages.h"
#include "model/kinds/jobs.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

double slots_of(const Component& component) {
    return std::max(1.0, component.number("worker-units") * component.number("unit-vcpus"));
}

Workers workers_of(const Component& component) {
    const double units = component.number("worker-units");
    return {.count = component.number("workers"),
            .width = slots_of(component),
            .vcpus = units * component.number("unit-vcpus"),
            .memory = DataSize(component.number("unit-memory") * units),
            .disk = DataRate(component.number("worker-disk")),
            .network = DataRate(component.number("worker-network"))};
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    Workers workers = workers_of(component);
    const int runs = static_cast<int>(component.number("runs-at-once"));
    BatchPool pool{.launch = Duration(component.number("start")),
                   .jobs_at_once = runs,
                   .held = !component.flag("auto-scaling"),
                   .results_stay = true};
    set_task_parameters(component, workers, pool);
    pool.tasks_at_once = pool.nodes * pool.slots_per_node;
    if (component.has("every")) {
        if (std::any_of(flows.begin(), flows.end(),
                        [](const Flow& flow) { return flow.type != FlowType::stream; }))
            return tl::unexpected(Problems{problem_of(component, "every", Severity::error,
                                                      "only records can be gathered; requests are jobs")});
        return lower_gathered(component, flows, context, workers, pool);
    }
    pool.nodes *= runs;
    pool.network = pool.network * runs;
    pool.fetch_most = workers.network / workers.width;
    return lower_jobs(component, flows, context, workers, std::move(pool));
}

/// Units on average. The least time is applied to the mean run.
double units_there(const Component& component, const Activity& activity) {
    const double all = component.number("workers") * component.number("worker-units");
    double jobs = activity.items_in().value(), busy = 0;
    for (const auto& [station, servers] : activity.busy) busy += servers;
    double units = busy / slots_of(component) * component.number("worker-units");
    if (component.has("every")) {
        jobs = activity.batches().value();
        units = std::max(0.0, busy - jobs * component.number("start")) * all;
    }
    return std::max(units, jobs * component.number("least-time") * all);
}

}  // namespace

Kind serverless_etl_kind() {
    Kind kind;
    kind.id = "serverless-etl";
    kind.title = "Serverless ETL";
    kind.help =
        "Runs jobs of stages of tasks on workers that are started for each job and billed by its time.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(
            stages_parameter({"tasks", "time", "reads", "shuffle", "writes", "after"},
                             "{read: {tasks: 200, reads: 25 GB}, write: {tasks: 50, shuffle: 10 GB, "
                             "writes: 3 GB}}")),
        spec::count("workers", "workers", "10", 1, 10'000, "Workers of one job."),
        spec::chosen(spec::ratio("worker-units", "1", 0.0625, 64, "Units that a worker is billed as.", "2")),
        spec::chosen(spec::ratio("unit-vcpus", "4", 0.25, 64, "Processors of a unit.")),
        spec::size("unit-memory", "16 GB", 1e6, 1e13, "Memory of a unit."),
        spec::chosen(spec::data_rate("worker-disk", "125 MB/s", "Reading and writing of a worker's disk.")),
        spec::chosen(spec::data_rate("worker-network", "1.25 Gbps", "Network of a worker.")),
        spec::count("runs-at-once", "jobs", "50", 1, 10'000,
                    "Most jobs that run at the same time; further ones wait in order."),
        spec::measured(spec::duration("start", "1 min", 0, 86'400,
                                      "Time from a job's turn to its first stage; not billed.")),
        spec::duration("least-time", "1 min", 0, 86'400, "Least time that a job is billed for."),
        {.name = "auto-scaling",
         .type = ParameterType::flag,
         .default_text = "false",
         .help =
             "Whether workers come and go with the tasks of a job, so that only those at work are billed.",
         .example = "true"},
    };
    for (ParameterSpec& more : task_parameters()) kind.parameters.push_back(std::move(more));
    for (ParameterSpec& more : gathering_parameters()) kind.parameters.push_back(std::move(more));
    kind.parameters.push_back(routing_parameter());
    kind.billing = {{"units", "unit time, while jobs run"}};
    kind.check = [](const Component& component, const Catalog&) {
        Problems problems = check_jobs(component);
        for (const Problem& problem : check_routing(component)) problems.push_back(problem);
        if (component.number("workers") * slots_of(component) * component.number("runs-at-once") > 1e7)
            problems.push_back(problem_of(component, "workers", Severity::error,
                                          "the workers of all jobs have more than ten million slots"));
        return problems;
    };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        return std::vector<Usage>{monthly(component, "units", units_there(component, activity))};
    };
    return kind;
}

}  // namespace headroom::model
