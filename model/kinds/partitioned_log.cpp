// A replicated log in partitions on brokers (Kafka and its like).
//
// Appending: the sustained limit of a cluster is that of its binding resource,
//     min{ storage * N / r,  EBS network * N / r,  node network * N / (groups + r - 1) }
// for N brokers, replication r and `groups` consumer groups (AWS big data blog, "Best practices for
// right-sizing your Apache Kafka clusters"). Each broker is a server that works off its share of it.
// With a linger, records come to the brokers in batches and wait for each other there.
// Latency below saturation: replication, commit and fetch, fitted to published measurements (see
// log_times.cpp); the brokers' runtimes stop now and then, and disks are waited for where a record is
// flushed.

#include "model/kinds/all.h"
#include "model/kinds/log_times.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace headroom::model {

namespace {

/// Storage that one broker can write, in bytes a second. For local disks no published default exists: only a
/// figure that the scenario states limits them.
double storage_rate(const Component& component) {
    if (!component.has("storage-throughput")) return std::numeric_limits<double>::infinity();
    const bool stated = component.settings.find("storage-throughput")->second.origin == Origin::scenario;
    if (on_local_disks(component) && !stated) return std::numeric_limits<double>::infinity();
    return component.number("storage-throughput");
}

struct Limit {
    double per_broker = 0;  ///< bytes a second of records coming in
    const char* binding = "";
};

Limit sustained_limit(const Component& component, const InstanceType& instance, int groups) {
    const double replication = component.number("replication");
    const double network = instance.network.value() / (groups + replication - 1);
    Limit limit{storage_rate(component) / replication, "the throughput of the storage"};
    if (!on_local_disks(component)) {
        const double path = instance.disk.value() / replication;
        if (path < limit.per_broker) limit = {path, "the nodes' bandwidth to block storage"};
    }
    // With one replica and no reader, records still have to come in.
    const double receiving = std::min(network, instance.network.value());
    if (receiving < limit.per_broker) limit = {receiving, "the nodes' network"};
    return limit;
}

int links_from(const Scenario& scenario, const std::string& id) {
    return static_cast<int>(std::count_if(scenario.links.begin(), scenario.links.end(),
                                          [&](const Link& link) { return link.from == id; }));
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    auto add = [&](const char* parameter, Severity severity, std::string message) {
        problems.push_back(problem_of(component, parameter, severity, std::move(message)));
    };
    if (!component.has("nodes")) return problems;
    const NodePool& pool = component.nodes("nodes");
    const double replication = component.number("replication");
    if (replication > pool.count)
        add("replication", Severity::error,
            "every replica needs a node of its own: at most " + std::to_string(pool.count) + " with '" +
                std::to_string(pool.count) + " x " + pool.instance + "'");
    const InstanceType* instance = catalog.instance(pool.instance);
    if (instance == nullptr) return problems;
    if (on_local_disks(component) && !(instance->local_disk.value() > 0))
        add("storage", Severity::error,
            pool.instance + " has no local disks; choose 'gp3' or a type with local disks (i3, i3en, i4i)");
    // Amazon MSK developer guide, bestpractices.md: replicas on a broker by its size.
    const double most = instance->vcpus >= 16 ? 4000 : instance->vcpus >= 8 ? 2000 : 1000;
    const double replicas = component.number("partitions") * replication / std::max(1, pool.count);
    if (replicas > most)
        add("partitions", Severity::warning,
            format_quantity(replicas, dimensions::item, {.digits = 4}) + " replicas on each node; at most " +
                format_quantity(most, dimensions::item, {.digits = 4}) + " are advised for " + pool.instance);
    if (component.number("partitions") < pool.count)
        add("partitions", Severity::warning,
            "there are fewer partitions than nodes, so that some nodes lead none");
    if (replication < 2)
        add("replication", Severity::warning, "with a single replica the loss of a node loses records");
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const NodePool& pool = component.nodes("nodes");
    const int groups = component.has("consumer-groups")
                           ? static_cast<int>(component.number("consumer-groups"))
                           : std::max(1, links_from(context.scenario, component.id));
    const Limit limit = sustained_limit(component, *instance, groups);
    const double overhead = component.number("record-overhead");

    Lowered lowered;
    const LogLoad peak = peak_load(component, flows, context.scenario);
    const double linger = component.number("linger"), producers = component.number("producers");
    if (linger > 0) {
        // Records gather and are sent together, so that they also reach the brokers together; but those of
        // each producer at a time of its own.
        if (producers > 1)
            lowered.stations.push_back(
                {.name = "producers",
                 .primitive = Delay{.time = by_class(context.class_count, flows,
                                                     stagger_time(linger, producers, peak.items))}});
        lowered.stations.push_back({.name = "linger",
                                    .primitive = Batch{.max_wait = Duration(linger / producers),
                                                       .fixed = Distribution::constant(0)}});
    }
    Queue append{.servers = pool.count};
    append.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        return time_by_size(flow, overhead, limit.per_broker);
    });
    lowered.stations.push_back({.name = "append", .primitive = std::move(append)});
    if (component.text("flush") == "each")
        lowered.stations.push_back(
            {.name = "flush",
             .primitive = Delay{.time = by_class(context.class_count, flows,
                                                 flush_time(component, peak, instance->vcpus))}});
    lowered.stations.push_back(
        {.name = "commit",
         .primitive =
             Delay{.time = by_class(context.class_count, flows, commit_time(component, *instance, peak))}});

    std::vector<int> way;
    for (std::size_t i = 0; i < lowered.stations.size(); ++i) way.push_back(static_cast<int>(i));
    for (const Flow& flow : flows) {
        Flow out = flow;
        out.partition_shares =
            hashed_shares(flow.key_shares, static_cast<int>(component.number("partitions")));
        lowered.ways.push_back({.stations = way, .out = std::move(out)});
    }
    const double most = limit.per_broker * pool.count;
    lowered.notes.push_back("takes at most " + format(DataRate(most)) + "; " + limit.binding +
                            " is what limits it");
    if (peak.bytes > component.number("target") * most)
        lowered.notes.push_back(
            "the peak of " + format(DataRate(peak.bytes)) + " is " +
            format_quantity(peak.bytes / most, dimensions::none, {.percent = true}) + " of that, above the " +
            format_quantity(component.number("target"), dimensions::none, {.percent = true}) + " advised");
    if (!component.has("commit"))
        lowered.notes.push_back(
            std::string("replication, commit and fetch take a time fitted to a published measurement ") +
            (on_local_disks(component) ? "on local disks (3 x i3en.2xlarge, 2020)"
                                       : "on block storage (3 x m5.large, 2022)"));
    return lowered;
}

int readers_of(const Component& component, const Activity& activity) {
    return component.has("consumer-groups") ? static_cast<int>(component.number("consumer-groups"))
                                            : std::max(1, activity.readers);
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    std::vector<Usage> used{nodes_usage(component)};
    const double replication = component.number("replication");
    const double bytes =
        activity.bytes_in().value() + activity.items_in().value() * component.number("record-overhead");
    if (!on_local_disks(component))
        used.push_back({.component = component.id,
                        .dimension = "storage",
                        .detail = component.text("storage"),
                        .per_month = bytes * component.number("retention") * replication * month_seconds,
                        .held_for = Duration(component.number("retention"))});
    // Spread over three zones: two of three producers and consumers sit in another zone than the leader, and
    // every other replica does. The provider charges a byte on leaving and on arriving.
    const double zones = component.number("zones");
    if (zones > 1) {
        const double groups = readers_of(component, activity);
        const double elsewhere = (zones - 1) / zones;
        const double crossings = elsewhere * (1 + groups) + (replication - 1);
        used.push_back({.component = component.id,
                        .dimension = "cross-zone transfer",
                        .per_month = 2 * crossings * bytes * month_seconds});
    }
    return used;
}

/// By the same terms as the sustained limit above.
NodeLoad load(const Component& component, const Activity& activity, const Catalog&) {
    const double replication = component.number("replication");
    const double bytes =
        activity.bytes_in().value() + activity.items_in().value() * component.number("record-overhead");
    NodeLoad load;
    load.network = DataRate(bytes * std::max(1.0, readers_of(component, activity) + replication - 1));
    if (on_local_disks(component))
        load.space = DataSize(bytes * component.number("retention") * replication);
    else
        load.disk = DataRate(bytes * replication);
    return load;
}

}  // namespace

Kind partitioned_log_kind() {
    Kind kind;
    kind.id = "partitioned-log";
    kind.title = "Partitioned log";
    kind.help = "Keeps records in order in partitions that are replicated over nodes, for many readers.";
    kind.category = "Ingest";
    kind.accepts = {FlowType::stream};
    kind.parameters = {
        {.name = "nodes",
         .type = ParameterType::nodes,
         .required = true,
         .help = "Brokers: their number and instance type.",
         .example = "3 x m5.large"},
        {.name = "partitions",
         .type = ParameterType::count,
         .noun = "partitions",
         .default_text = "12",
         .min = 1,
         .max = 200'000,
         .help = "Partitions of the topic; at most so many consumers of a group can work at the same time.",
         .example = "12",
         .door = Door::one_way},
        {.name = "replication",
         .type = ParameterType::count,
         .noun = "replicas",
         .default_text = "3",
         .min = 1,
         .max = 10,
         .help = "Copies of each record, each on a node of its own.",
         .example = "3"},
        {.name = "retention",
         .dimension = dimensions::time,
         .default_text = "7 d",
         .min = 1,
         .max = 100.0 * 365 * 86400,
         .help = "How long records are kept.",
         .example = "3 d"},
        {.name = "storage",
         .type = ParameterType::choice,
         .default_text = "gp3",
         .choices = {"gp3", "local"},
         .help = "Block storage, or the nodes' local disks.",
         .example = "gp3",
         .door = Door::one_way},
        {.name = "storage-throughput",
         .dimension = dimensions::data_rate,
         .min = 1e3,
         .max = 1e12,
         .help = "What the storage of one node can write without end.",
         .example = "125 MiB/s",
         .nature = Nature::chosen},
        {.name = "zones",
         .type = ParameterType::count,
         .noun = "zones",
         .default_text = "3",
         .min = 1,
         .max = 6,
         .help = "Availability zones over which the nodes are spread; traffic between them is charged.",
         .example = "3"},
        {.name = "consumer-groups",
         .type = ParameterType::count,
         .noun = "consumer groups",
         .min = 0,
         .max = 10'000,
         .help = "Groups that each read every record. As many as links leave, if left out.",
         .example = "2"},
        {.name = "record-overhead",
         .dimension = dimensions::data,
         .default_text = "0 B",
         .max = 1e6,
         .help = "Bytes that the log adds to each record.",
         .example = "22 B",
         .nature = Nature::measured},
        {.name = "linger",
         .dimension = dimensions::time,
         .default_text = "0 ms",
         .max = 3600,
         .help = "How long producers hold a record back to send more at once.",
         .example = "5 ms"},
        spec::count("producers", "producers", "1", 1, 10'000,
                    "Producers that hold records back, each for itself, so that what they send comes to the "
                    "brokers at different times.",
                    "6"),
        {.name = "commit",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .help = "Time from the append until a consumer has the record, where nothing queues. By the kind of "
                 "storage from published measurements, if left out.",
         .example = "{lognormal: {mean: 2.6 ms, cv: 0.3}}"},
        spec::choice("flush", {"later", "each"},
                     "Whether a record is written to the disks by and by, or before it is passed on."),
        spec::time(
            "flush-time", "",
            "Time of one flush of a partition to its disk, where none waits. By the kind of storage, if "
            "left out.",
            "{lognormal: {median: 2 ms, sigma: 0.42}}"),
        spec::measured(spec::duration("pause", "0 s", 0, 60,
                                      "How long a broker stops for each collection of its runtime's garbage.",
                                      "20 ms")),
        spec::measured(spec::size("pause-every", "3.6 GB", 1e6, 1e13,
                                  "Bytes that a broker takes in between two collections: what its runtime "
                                  "has for young objects.",
                                  "3.6 GB")),
        {.name = "target",
         .dimension = dimensions::none,
         .default_text = "80 %",
         .min = 0.01,
         .max = 1,
         .help = "Share of the sustained limit up to which the log should be used; a peak above it is "
                 "pointed out.",
         .example = "80 %",
         .nature = Nature::chosen},
    };
    kind.billing = {{"nodes", "node time, by instance type"},
                    {"storage", "bytes kept, all replicas"},
                    {"cross-zone transfer", "bytes leaving or entering a zone"}};
    kind.check = check;
    kind.lower = lower;
    kind.usage = usage;
    kind.load = load;
    return kind;
}

}  // namespace headroom::model
