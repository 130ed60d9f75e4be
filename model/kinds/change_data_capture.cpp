// Changes of databases, read from their logs and applied elsewhere in order (DMS and its like).
//
// A change can be read only when its transaction commits, and is seen when the log is read next; then the
// threads of the tasks apply changes, each those of its own tables in order. One database has at least one
// task, so that a busy one waits even where all together would have room.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

double threads_of(const Component& component) {
    return component.number("sources") * component.number("tasks") * component.number("apply-threads");
}

/// The databases' shares of the changes: the busiest has `busiest`, the others the rest alike; within one,
/// tables are spread over its threads by key.
std::vector<double> thread_shares(const Component& component, const std::vector<double>& keys) {
    const int sources = static_cast<int>(component.number("sources"));
    const int own = static_cast<int>(threads_of(component)) / sources;
    const double busiest =
        component.has("busiest") ? std::max(component.number("busiest"), 1.0 / sources) : 1.0 / sources;
    std::vector<double> shares;
    const std::vector<double> within = hashed_shares(keys, own);
    for (int s = 0; s < sources; ++s)
        for (const double part : within)
            shares.push_back(part * (s == 0 ? busiest : (1 - busiest) / std::max(1, sources - 1)));
    if (sources == 1)
        for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = within[i];
    return shares;
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    if (threads_of(component) > 100'000)
        problems.push_back(problem_of(
            component, "sources", Severity::error,
            "sources x tasks x threads are " +
                format_quantity(threads_of(component), dimensions::item, {.digits = 12, .noun = "threads"}) +
                "; at most 100,000 are possible"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    Lowered lowered;
    // A change is as likely made at any moment of its transaction: it waits for what is left of it.
    const Distribution& transaction = component.distribution("transaction");
    const double left = transaction.mean * (1 + transaction.scv) / 2;
    lowered.stations.push_back({.name = "commit",
                                .primitive = Delay{.time = by_class(context.class_count, flows,
                                                                    left > 0 ? Distribution::exponential(left)
                                                                             : Distribution::constant(0))}});
    lowered.stations.push_back(
        {.name = "read",
         .primitive =
             Delay{.time = by_class(context.class_count, flows, component.distribution("read-latency"))}});
    std::vector<double> keys;
    for (const Flow& flow : flows)
        if (keys.empty()) keys = flow.key_shares;
    const int threads = static_cast<int>(threads_of(component));
    PartitionedLog apply{.shares = thread_shares(component, keys), .consumers = threads};
    apply.service = by_class(context.class_count, flows, component.distribution("apply-time"));
    const double hottest = *std::max_element(apply.shares.begin(), apply.shares.end());
    lowered.stations.push_back({.name = "apply", .primitive = std::move(apply)});
    if (component.has("apply-every"))
        lowered.stations.push_back({.name = "gather",
                                    .primitive = Batch{.max_wait = Duration(component.number("apply-every")),
                                                       .writers = threads,
                                                       .fixed = Distribution::constant(0)}});
    pass_all(lowered, flows);
    for (Lowered::Way& way : lowered.ways) way.out.partition_shares.clear();
    const double capacity = 1 / (component.distribution("apply-time").mean * hottest);
    lowered.notes.push_back("takes at most " + format(ItemRate(capacity), {.noun = "changes"}) +
                            " before the busiest of " + std::to_string(threads) + " threads falls behind");
    return lowered;
}

}  // namespace

Kind change_data_capture_kind() {
    Kind kind;
    kind.id = "change-data-capture";
    kind.title = "Change data capture";
    kind.help = "Reads the changes of databases from their logs and applies them elsewhere in order.";
    kind.category = "Ingest";
    kind.accepts = {FlowType::stream};
    kind.parameters = {
        spec::required(spec::nodes("Replication instances: their number and type.", "2 x r5.large")),
        spec::count("sources", "databases", "1", 1, 100'000, "Databases whose changes are read.", "20"),
        spec::count("tasks", "tasks", "1", 1, 1000, "Tasks for each database; each has tables of its own.",
                    "2"),
        spec::count("apply-threads", "threads", "1", 1, 64, "Threads of a task that apply changes.", "4"),
        spec::share("busiest", "", "Share of all changes that the busiest database makes; even, if left out.",
                    "20 %"),
        spec::time("transaction", "50 ms", "How long a transaction of the source is open.",
                   "{lognormal: {mean: 50 ms, cv: 2}}"),
        spec::time("read-latency", "300 ms", "Time until a committed change has been read from the log.",
                   "{exponential: 300 ms}"),
        spec::time("apply-time", "200 us", "Time of one thread to apply one change.",
                   "{exponential: 200 us}"),
        spec::duration("apply-every", "", 1e-3, 3600,
                       "Interval at which changes are applied together; each as it comes, if left out.",
                       "1 s"),
        spec::size("storage", "100 GB", 0, 1e15, "Storage of the instances for changes that wait."),
    };
    kind.billing = {{"nodes", "node time, by instance type"}, {"storage", "bytes of storage"}};
    kind.check = check;
    kind.lower = lower;
    kind.load = [](const Component&, const Activity& activity, const Catalog&) {
        return NodeLoad{.cores = busy_at(activity, "apply"), .network = network_of_records(activity)};
    };
    kind.usage = [](const Component& component, const Activity&, const Catalog&) {
        return std::vector<Usage>{nodes_usage(component),
                                  monthly(component, "storage", component.number("storage"))};
    };
    return kind;
}

}  // namespace headroom::model
