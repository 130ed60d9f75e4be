// Jobs of stages of tasks on a cluster of nodes (Spark, Hadoop): shuffles over the nodes' network, spills to
// their disks, a driver before each stage, nodes that are reclaimed while jobs run. The cluster stands and is
// shared by all jobs, or each job brings up one of its own and pays for it as long as it runs.

#include "model/kinds/all.h"
#include "model/kinds/job_stages.h"
#include "model/kinds/jobs.h"
#include "model/kinds/parts.h"
#include "model/kinds/scaling.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

bool per_job(const Component& component) { return component.text("cluster") == "per-job"; }

int slots_of(const Component& component, const InstanceType& instance) {
    return static_cast<int>(component.has("slots") ? component.number("slots")
                                                   : std::max(1.0, instance.vcpus));
}

Workers workers_of(const Component& component, const InstanceType& instance) {
    Workers workers{.count = static_cast<double>(component.nodes("nodes").count),
                    .width = static_cast<double>(slots_of(component, instance)),
                    .vcpus = instance.vcpus,
                    .core_speed = instance.core_speed,
                    .memory = instance.memory,
                    .disk = instance.disk,
                    .network = instance.network,
                    .keep_data = component.text("storage") == "nodes",
                    .replication = component.number("replication")};
    if (component.has("node-disk")) workers.disk = DataRate(component.number("node-disk"));
    return workers;
}

double spot_share(const Component& component) {
    for (const auto& [way, share] : purchase_mix(component))
        if (way == "spot") return share;
    return 0;
}

/// Losses of a node a second: it fails, or it was bought on the spot market and is taken back.
double loss_rate(const Component& component) {
    double rate = spot_share(component) / component.number("spot-life");
    if (component.has("node-life")) rate += 1 / component.number("node-life");
    return rate;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    Workers workers = workers_of(component, *instance);
    BatchPool pool{.launch = Duration(component.number("launch")),
                   .fair = component.flag("fair"),
                   .beat = Duration(component.number("heartbeat")),
                   .results_stay = true,
                   .attempts = static_cast<int>(component.number("attempts"))};
    set_task_parameters(component, workers, pool);
    if (component.has("job-slots")) pool.tasks_at_once = static_cast<int>(component.number("job-slots"));
    if (component.has("jobs-at-once")) pool.jobs_at_once = static_cast<int>(component.number("jobs-at-once"));
    if (const double rate = loss_rate(component); rate > 0) {
        pool.node_life = Duration(1 / rate);
        pool.replacement = component.distribution("replacement");
    }
    if (!component.has("every")) pool.scaler = pool_scaler_of(component, component.nodes("nodes").count);
    if (per_job(component)) {
        const int clusters = static_cast<int>(component.number("clusters"));
        pool.tasks_at_once = pool.nodes * pool.slots_per_node;
        pool.jobs_at_once = clusters;
        pool.held = true;
        pool.nodes *= clusters;
        pool.network = pool.network * clusters;
        pool.fetch_most = workers.network / workers.width;
        pool.launch += Duration(component.number("start"));
    }
    const bool gathers =
        component.has("every") && std::all_of(flows.begin(), flows.end(),
                                              [](const Flow& flow) { return flow.type == FlowType::stream; });
    if (component.has("every") && !gathers)
        return tl::unexpected(Problems{problem_of(
            component, "every", Severity::error,
            "only records can be gathered; requests are jobs of their own, on a cluster of their own")});
    Expected<Lowered> lowered = gathers ? lower_gathered(component, flows, context, workers, pool)
                                        : lower_jobs(component, flows, context, workers, std::move(pool));
    if (lowered && loss_rate(component) > 0)
        lowered->notes.push_back("a node is lost every " +
                                 format(Duration(1 / loss_rate(component) / workers.count)) +
                                 " on average, with the results of the tasks that ran on it");
    return lowered;
}

/// Mean slots at work or kept.
double busy_slots(const Activity& activity) {
    const auto found = activity.busy.find("");
    return found == activity.busy.end() ? 0 : found->second;
}

NodeLoad load(const Component& component, const Activity& activity, const Catalog& catalog) {
    NodeLoad load;
    const InstanceType* instance = instance_of(component, catalog);
    if (instance == nullptr || component.has("every")) return load;
    load.cores = busy_slots(activity) *
                 std::min(1.0, instance->vcpus / static_cast<double>(slots_of(component, *instance)));
    const Workers workers = workers_of(component, *instance);
    double moved = 0;
    for (const Activity::Flow& flow : activity.flows)
        if (const auto* stages = stages_of(component.job_stages("stages"), flow.workload))
            for (const TaskStage& stage : task_stages(*stages, workers))
                moved += flow.in.value() * stage.tasks * stage.fetch.value();
    load.network = DataRate(moved);
    return load;
}

/// A cluster of its own is there from the job's first second to its last, the start included.
double nodes_there(const Component& component, const Activity& activity, const Catalog& catalog) {
    const double count = component.nodes("nodes").count;
    const InstanceType* instance = instance_of(component, catalog);
    if (!per_job(component) || instance == nullptr) return count;
    if (component.has("every")) {
        const auto found = activity.busy.find("");
        return count * std::min(1.0, found == activity.busy.end() ? 0 : found->second);
    }
    return busy_slots(activity) / slots_of(component, *instance) +
           activity.items_in().value() * component.number("start") * count;
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    for (const Problem& problem : check_jobs(component)) problems.push_back(problem);
    const auto error = [&](const char* parameter, const char* message) {
        problems.push_back(problem_of(component, parameter, Severity::error, message));
    };
    if (per_job(component) && component.has("job-slots"))
        error("job-slots", "a job has all slots of a cluster of its own");
    for (const char* parameter : {"scale-target", "scale-schedule"}) {
        if (!component.has(parameter)) continue;
        if (per_job(component)) error(parameter, "a cluster of a job's own comes and goes with the job");
        if (component.has("every"))
            error(parameter, "the jobs of gathered records take all nodes; only those of single items scale");
    }
    if (per_job(component) && component.has("runs-on"))
        error("cluster", "nodes that others share do not come and go with a job");
    if (component.text("storage") == "nodes" &&
        component.number("replication") > component.nodes("nodes").count)
        error("replication", "every copy needs a node of its own");
    if (const InstanceType* instance = instance_of(component, catalog)) {
        const double slots = static_cast<double>(component.nodes("nodes").count) *
                             slots_of(component, *instance) *
                             (per_job(component) ? component.number("clusters") : 1);
        if (slots > 1e7) error("nodes", "these are more than ten million slots");
    }
    return problems;
}

}  // namespace

Kind batch_cluster_kind() {
    Kind kind;
    kind.id = "batch-cluster";
    kind.title = "Batch cluster";
    kind.help =
        "Runs jobs of stages of tasks on a cluster of nodes, with shuffles, spills and nodes that are lost.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::nodes("Worker nodes: their number and instance type.", "10 x m5.4xlarge")),
        spec::count("managers", "nodes", "1", 0, 100, "Nodes that coordinate the others; billed like them."),
        spec::required(stages_parameter({"tasks", "time", "reads", "shuffle", "writes", "after"},
                                        "{read: {tasks: 400, reads: 50 GB}, join: {tasks: 200, shuffle: 20 "
                                        "GB, writes: 5 GB}}")),
        spec::chosen(spec::size("root-volume", "0 B", 0, 1e14,
                                "Block storage (gp2) that every node starts from, billed as long as it is "
                                "there.",
                                "20 GB")),
        spec::choice("cluster", {"standing", "per-job"},
                     "Whether the cluster stands for all jobs, or each job brings up one of its own."),
        spec::measured(
            spec::duration("start", "7 min", 0, 86'400, "Time until a cluster of a job's own is there.")),
        spec::count("clusters", "clusters", "10", 1, 10'000,
                    "Most clusters of jobs' own that there are at the same time."),
        spec::count("slots", "tasks", "", 1, 1000,
                    "Tasks that a node runs at the same time; one for each vCPU, if left out.", "8"),
        spec::count("job-slots", "tasks", "", 1, 1e7,
                    "Most tasks of one job that run at the same time on a cluster that stands; no limit if "
                    "left out.",
                    "64"),
        spec::choice("storage", {"object-store", "nodes"},
                     "Where the data lie that jobs read and write: outside, reached over the network, or on "
                     "the nodes' disks."),
        spec::count("replication", "copies", "1", 1, 10, "Copies of what is written to the nodes' disks.",
                    "3"),
        spec::data_rate(
            "node-disk", "",
            "Reading and writing of one node's disks together; that of its block storage, if left "
            "out.",
            "2 GB/s"),
    };
    for (ParameterSpec& more : task_parameters()) kind.parameters.push_back(std::move(more));
    const std::vector<ParameterSpec> rest{
        spec::measured(
            spec::duration("launch", "5 s", 0, 86'400, "Time from a job's turn to its first stage.")),
        spec::measured(spec::duration("heartbeat", "0 s", 0, 600,
                                      "How often a node takes tasks and says which are done; at once, if 0.",
                                      "3 s")),
        spec::count("jobs-at-once", "jobs", "", 1, 1e9,
                    "Most jobs that run at the same time; further ones wait in order. No limit if left out.",
                    "8"),
        {.name = "fair",
         .type = ParameterType::flag,
         .default_text = "false",
         .help = "Whether a free slot goes to the job with the fewest running tasks, instead of to the "
                 "earliest job.",
         .example = "true"},
        spec::measured(
            spec::duration("spot-life", "1800 d", 60, 1e12,
                           "Mean time until a node that was bought on the spot market is taken back.")),
        spec::measured(spec::duration("node-life", "", 60, 1e12,
                                      "Mean time until a node fails. Never if left out.", "5 y")),
        spec::time("replacement", "5 min", "Time until a lost node is there again."),
        spec::count("attempts", "attempts", "4", 1, 100, "Attempts at a task before someone must look."),
    };
    kind.parameters.insert(kind.parameters.end(), rest.begin(), rest.end());
    for (ParameterSpec& more : gathering_parameters()) kind.parameters.push_back(std::move(more));
    kind.parameters.push_back(routing_parameter());
    kind.billing = {{"nodes", "node time, by instance type"},
                    {"volumes", "bytes of the nodes' root volumes"}};
    kind.scales = true;
    kind.check = [](const Component& component, const Catalog& catalog) {
        Problems problems = check(component, catalog);
        for (const Problem& problem : check_routing(component)) problems.push_back(problem);
        return problems;
    };
    kind.lower = lower;
    kind.load = load;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog& catalog) {
        Usage nodes = nodes_usage(component);
        const double count = component.nodes("nodes").count, managers = component.number("managers");
        const double share = nodes_there(component, activity, catalog) / count;
        nodes.per_month = (count + managers) * share * month_seconds;
        std::vector<Usage> used{nodes};
        if (scaler_of(component) && managers > 0) {
            used[0].per_month = count * month_seconds;
            used.push_back(used[0]);  // these stay, however many others there are
            used[1].of_capacity = false;
            used[1].per_month = managers * month_seconds;
        }
        const double volume = component.number("root-volume");
        const std::size_t groups = volume > 0 ? used.size() : 0;
        for (std::size_t i = 0; i < groups; ++i)
            used.push_back({.component = component.id,
                            .dimension = "volumes",
                            .detail = "gp2",
                            .per_month = used[i].per_month * volume,
                            .of_capacity = used[i].of_capacity});
        return used;
    };
    return kind;
}

}  // namespace headroom::model
