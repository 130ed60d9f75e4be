// A cluster that loads records in batches and answers queries (Redshift and its like).
//
// A query is parsed and planned, which takes time of its own but none of the nodes' (a delay); then it waits
// for one of the slots, and the queries in slots share the cluster's scan rate evenly: processor sharing with
// demand = bytes scanned / (nodes x scan rate of a node). So a query alone takes overhead + demand, and n
// queries together take overhead + n x demand.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/units/unit.h"

#include <algorithm>
#include <utility>

namespace headroom::model {

namespace {

double scan_rate(const Component& component, const InstanceType& instance) {
    if (component.has("scan-rate")) return component.number("scan-rate");
    if (!component.has("core-rate")) return instance.disk.value();
    return std::min(instance.vcpus * component.number("core-rate"),
                    component.text("data") == "remote" ? instance.network.value() : instance.disk.value());
}

double size_ratio(const Component& component) {
    return component.has("size-ratio") ? component.number("size-ratio") : 1.0;
}

/// Slices of a node: each loads its own files (Amazon Redshift management guide, working-with-clusters.md:
/// ra3.xlplus 2, ra3.4xlarge 4, ra3.16xlarge 16).
double slices_of(const InstanceType& instance) {
    if (instance.id == "ra3.4xlarge") return 4;
    if (instance.id == "ra3.16xlarge") return 16;
    return 2;
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    auto add = [&](const char* parameter, Severity severity, std::string message) {
        problems.push_back(problem_of(component, parameter, severity, std::move(message)));
    };
    const InstanceType* instance = instance_of(component, catalog);
    if (instance != nullptr && component.technology == "redshift") {
        const NodePool& pool = component.nodes("nodes");
        // The same guide: nodes of a cluster by type, resizes included.
        const int most = instance->id == "ra3.xlplus" ? 32 : instance->id == "ra3.4xlarge" ? 64 : 128;
        if (instance->id.starts_with("ra3.") && pool.count > most)
            add("nodes", Severity::error,
                "a cluster has at most " + std::to_string(most) + " nodes of " + instance->id);
    }
    if (component.technology != "redshift") return problems;
    if (component.number("slots") > 50)
        add("slots", Severity::error, "a cluster has at most 50 slots");
    else if (component.number("slots") > 15)
        add("slots", Severity::warning, "more than 15 slots are not advised: each gets little memory");
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const double nodes = component.nodes("nodes").count;
    std::vector<Flow> streams, requests;
    for (const Flow& flow : flows) (flow.type == FlowType::stream ? streams : requests).push_back(flow);

    Lowered lowered;
    std::vector<int> stream_way, request_way;
    if (!streams.empty()) {
        lowered.stations.push_back({.name = "load",
                                    .primitive = Batch{.max_wait = Duration(component.number("load-every")),
                                                       .writers = 1,
                                                       .fixed = component.distribution("load-overhead"),
                                                       .rate = DataRate(component.number("load-rate") *
                                                                        slices_of(*instance) * nodes)}});
        lowered.stations.push_back(
            {.name = "tables",
             .primitive = Store{.tiers = {{"managed", Duration(component.number("retention"))}}}});
        stream_way = {0, 1};
        // The load reads files as they came; what is kept afterwards is in the warehouse's own format.
        for (const Flow& flow : flows) lowered.stations[1].sizes.push_back(flow.size * size_ratio(component));
    }
    if (!requests.empty()) {
        const double rate = nodes * scan_rate(component, *instance);
        const int first = static_cast<int>(lowered.stations.size());
        lowered.stations.push_back(
            {.name = "plan",
             .primitive =
                 Delay{.time = by_class(context.class_count, requests, component.distribution("overhead"))}});
        lowered.stations.push_back(
            {.name = "queries",
             .primitive = Queue{.servers = 1,
                                .discipline = Discipline::processor_sharing,
                                .admitted = static_cast<int>(component.number("slots")),
                                .service = by_class(context.class_count, requests, [&](const Flow& flow) {
                                    return flow.scan.scaled(1 / rate);
                                })}});
        request_way = {first, first + 1};
        lowered.notes.push_back("queries scan " + format(DataRate(rate)) +
                                " in all; loads are not counted against it");
    }
    for (const Flow& flow : flows) {
        const bool stream = flow.type == FlowType::stream;
        lowered.ways.push_back(
            {.stations = stream ? stream_way : request_way, .out = flow, .readable_at_end = stream});
    }
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    return {nodes_usage(component),
            {.component = component.id,
             .dimension = "storage",
             .detail = "managed",
             .per_month = activity.bytes_in().value() * size_ratio(component) *
                          component.number("retention") * month_seconds,
             .held_for = Duration(component.number("retention"))}};
}

/// Queries read at the cluster's scan rate while any runs.
NodeLoad load(const Component& component, const Activity& activity, const Catalog& catalog) {
    NodeLoad load;
    const InstanceType* instance = instance_of(component, catalog);
    const auto queries = activity.busy.find("queries");
    if (instance != nullptr && queries != activity.busy.end())
        load.disk =
            DataRate(queries->second * component.nodes("nodes").count * scan_rate(component, *instance));
    return load;
}

}  // namespace

Kind warehouse_kind() {
    Kind kind;
    kind.id = "warehouse";
    kind.title = "Warehouse";
    kind.help = "Loads records in batches into tables and answers queries over them.";
    kind.category = "Query";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "nodes",
         .type = ParameterType::nodes,
         .required = true,
         .help = "Nodes of the cluster: their number and type.",
         .example = "2 x ra3.xlplus"},
        {.name = "slots",
         .type = ParameterType::count,
         .noun = "slots",
         .default_text = "5",
         .min = 1,
         .max = 1000,
         .help = "Queries that run at the same time; further ones wait.",
         .example = "5"},
        {.name = "overhead",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .default_text = "30 ms",
         .help = "Time of a query that none of the nodes spends: parsing, planning, handing the answer over.",
         .example = "30 ms"},
        {.name = "scan-rate",
         .dimension = dimensions::data_rate,
         .min = 1e3,
         .max = 1e13,
         .help = "Bytes that one node scans in a second. The node type's, if left out.",
         .example = "0.65 GB/s"},
        {.name = "core-rate",
         .dimension = dimensions::data_rate,
         .min = 1e3,
         .max = 1e12,
         .help =
             "Bytes that one core works through in a second; a node scans at the speed of its cores or of "
             "what brings it the bytes, whichever is slower.",
         .example = "100 MB/s"},
        {.name = "data",
         .type = ParameterType::choice,
         .default_text = "local",
         .choices = {"local", "remote"},
         .help = "Whether the bytes come from the node's disks or over its network.",
         .example = "remote"},
        {.name = "load-every",
         .dimension = dimensions::time,
         .default_text = "5 min",
         .min = 1e-3,
         .max = 31 * 86400.0,
         .help = "Time between loads.",
         .example = "60 s"},
        {.name = "load-overhead",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .default_text = "2 s",
         .help = "Time of a load that does not depend on its size: starting, sorting in, committing.",
         .example = "{lognormal: {mean: 2 s, cv: 0.5}}"},
        {.name = "load-rate",
         .dimension = dimensions::data_rate,
         .default_text = "39 MB/s",
         .min = 1e3,
         .max = 1e12,
         .help = "Bytes that one slice of a node loads in a second.",
         .example = "39 MB/s"},
        {.name = "retention",
         .dimension = dimensions::time,
         .default_text = "1 y",
         .min = 1,
         .max = 100.0 * 365 * 86400,
         .help = "How long records stay in the tables.",
         .example = "1 y"},
        {.name = "size-ratio",
         .dimension = dimensions::none,
         .min = 1e-4,
         .max = 100,
         .help = "Bytes in the tables for one byte that is loaded; 1 if left out.",
         .example = "1.43"},
    };
    kind.billing = {{"nodes", "node time, by node type"}, {"storage", "bytes in the tables"}};
    kind.check = check;
    kind.lower = lower;
    kind.usage = usage;
    kind.load = load;
    return kind;
}

}  // namespace headroom::model
