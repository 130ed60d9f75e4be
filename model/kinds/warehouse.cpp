// A cluster that loads records in batches and answers queries (Redshift and its like).
//
// A query is parsed and planned, which takes time of its own but none of the nodes' (a delay); then it waits
// for one of the slots, and the queries in slots share the cluster's scan rate evenly: processor sharing with
// demand = bytes scanned / (nodes x scan rate of a node). So a query alone takes overhead + demand, and n
// queries together take overhead + n x demand. What has not run before is compiled first.
//
// What was asked before is answered from the cache of results until the tables change. Views that are
// computed beforehand have queries read less; computing them anew takes its part of the scan rate, and what
// they show is as old as the last time. Clusters that are added while all slots are taken multiply slots and
// scan rate. A load works on slices that queries work on as well: it takes from them what it uses, but never
// more than a query that runs beside one of them would.

#include "model/kinds/all.h"
#include "model/kinds/meeting.h"
#include "model/kinds/mixture.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

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

/// Loads take no more than a query beside them would: planning value, without a source.
constexpr double most_for_loads = 0.5;

/// Slices of a node: each loads its own files (Amazon Redshift management guide, working-with-clusters.md:
/// ra3.xlplus 2, ra3.4xlarge 4, ra3.16xlarge 16).
double slices_of(const InstanceType& instance) {
    if (instance.id == "ra3.4xlarge") return 4;
    if (instance.id == "ra3.16xlarge") return 16;
    return 2;
}

double all_slices(const Component& component, const InstanceType& instance) {
    return slices_of(instance) * component.nodes("nodes").count;
}

double loading_slices(const Component& component, const InstanceType& instance) {
    const double slices = all_slices(component, instance);
    return component.has("load-files") ? std::min(slices, component.number("load-files")) : slices;
}

bool has_views(const Component& component) { return component.number("view-share") > 0; }

/// Part of the time for which the cluster computes its views anew.
double refreshing(const Component& component, double rate) {
    return has_views(component) ? component.number("view-scan") / rate / component.number("view-refresh") : 0;
}

/// The clusters that work with 1, 2, ... queries: one for the first slots, one more for each further set of
/// them.
std::vector<double> clusters_at_work(const Component& component) {
    const double slots = component.number("slots"), more = component.number("scaling-clusters");
    std::vector<double> clusters;
    for (double n = 1; n <= slots * more + 1; ++n) clusters.push_back(std::ceil(n / slots));
    return clusters;
}

/// Mean clusters beyond the first: what is worked off ("queries.work") is what the clusters work, and the
/// first works while there is any query.
double added_clusters(const Activity& activity) {
    const auto busy = activity.busy.find("queries"), work = activity.busy.find("queries.work");
    if (busy == activity.busy.end() || work == activity.busy.end()) return 0;
    return std::max(0.0, work->second - busy->second);
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
    if (instance != nullptr) {
        const double rate = component.nodes("nodes").count * scan_rate(component, *instance);
        if (refreshing(component, rate) >= 1)
            add("view-refresh", Severity::error,
                "the views take " + format(seconds(component.number("view-scan") / rate)) +
                    " to compute, longer than they are to be there");
    }
    if (component.number("scaling-clusters") > 0 && component.technology != "redshift")
        add("scaling-clusters", Severity::error, "only redshift adds clusters while queries wait");
    if (component.technology != "redshift") return problems;
    if (component.number("slots") > 50)
        add("slots", Severity::error, "a cluster has at most 50 slots");
    else if (component.number("slots") > 15)
        add("slots", Severity::warning, "more than 15 slots are not advised: each gets little memory");
    return problems;
}

/// What has been answered before, as a cache of the queries that are asked.
Lowered::Station results(const Component& component, const std::vector<Flow>& requests,
                         const std::vector<Flow>& streams, const LoweringContext& context,
                         std::vector<std::string>& notes) {
    Cache cache{.capacity = std::min(component.number("distinct-queries"), 1e8),
                .popularity = {.keys = component.number("distinct-queries"),
                               .exponent = component.number("query-skew")},
                .warm = true};
    if (component.has("results-life"))
        cache.life = Duration(component.number("results-life"));
    else if (!streams.empty())
        cache.life = Duration(component.number("load-every"));
    double rate = 0;
    for (const Flow& flow : requests) {
        const auto& asked = std::get<Requests>(flow.workload->load);
        rate += asked.users ? *asked.users / std::max(1e-3, asked.think_time.mean)
                            : peak_rate(flow, context.scenario).value();
    }
    if (rate > 0)
        notes.push_back("about " +
                        format_quantity(HitRatio(cache).in_the_long_run(per_second(rate)), dimensions::none,
                                        {.digits = 2, .percent = true}) +
                        " of the queries are answered from the cache of results");
    return {.name = "results", .primitive = cache};
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
        lowered.stations.push_back(
            {.name = "load",
             .primitive = Batch{
                 .max_wait = Duration(component.number("load-every")),
                 .writers = 1,
                 .fixed = component.distribution("load-overhead"),
                 .rate = DataRate(component.number("load-rate") * loading_slices(component, *instance))}});
        lowered.stations.push_back(
            {.name = "tables",
             .primitive = Store{.tiers = {{"managed", Duration(component.number("retention"))}}}});
        stream_way = {0, 1};
        if (has_views(component)) {
            lowered.stations.push_back(
                {.name = "views",
                 .primitive =
                     Batch{.max_wait = Duration(component.number("view-refresh")),
                           .fixed = Distribution::constant(component.number("view-scan") /
                                                           (nodes * scan_rate(component, *instance)))}});
            stream_way.push_back(2);
        }
        // The load reads files as they came; what is kept afterwards is in the warehouse's own format.
        for (const Flow& flow : flows) lowered.stations[1].sizes.push_back(flow.size * size_ratio(component));
    }
    if (!requests.empty()) {
        const double rate = nodes * scan_rate(component, *instance);
        const double views = refreshing(component, rate);
        const double asked_by_loads =
            taken_by_streams(streams, requests, context.scenario,
                             DataRate(component.number("load-rate") * all_slices(component, *instance)));
        const double loads = std::min(most_for_loads, asked_by_loads);
        const double kept = (1 - views) * (1 - loads);
        const double view_share = component.number("view-share"), view_reads = component.number("view-reads");
        const std::vector<double> clusters = clusters_at_work(component);
        const int first = static_cast<int>(lowered.stations.size());
        const bool cached = component.has("distinct-queries");
        if (cached) lowered.stations.push_back(results(component, requests, streams, context, lowered.notes));
        lowered.stations.push_back(
            {.name = "plan",
             .primitive =
                 Delay{.time = by_class(context.class_count, requests, component.distribution("overhead"))}});
        if (const double unseen = component.number("first-runs"); unseen > 0)
            lowered.stations.push_back(
                {.name = "compile",
                 .primitive = Delay{.time = by_class(context.class_count, requests,
                                                     mixture(unseen, component.distribution("compile-time"),
                                                             Distribution::constant(0)))}});
        lowered.stations.push_back(
            {.name = "queries",
             .primitive =
                 Queue{.servers = 1,
                       .discipline = Discipline::processor_sharing,
                       .admitted = static_cast<int>(component.number("slots") * clusters.back()),
                       .service = by_class(context.class_count, requests,
                                           [&](const Flow& flow) {
                                               const Distribution demand = flow.scan.scaled(1 / rate / kept);
                                               return mixture(view_share, demand.scaled(view_reads), demand);
                                           }),
                       .speeds = clusters.back() > 1 ? clusters : std::vector<double>{}}});
        if (cached)
            lowered.stations.push_back(
                {.name = "answer",
                 .primitive = Delay{.time = by_class(context.class_count, requests,
                                                     component.distribution("cached-time"))}});
        for (int s = first; s < static_cast<int>(lowered.stations.size()); ++s) request_way.push_back(s);
        if (views > 0)
            lowered.notes.push_back("computing the views anew takes " +
                                    format_quantity(views, dimensions::none, {.percent = true}) +
                                    " of the cluster's time");
        lowered.notes.push_back(
            "queries scan " + format(DataRate(rate)) + " in all" +
            (streams.empty()
                 ? ""
                 : "; loads take " +
                       format_quantity(loads, dimensions::none, {.digits = 2, .percent = true}) +
                       " of it while they ask" +
                       (asked_by_loads > most_for_loads ? ", no more than queries leave them" : "")));
    }
    for (const Flow& flow : flows) {
        const bool stream = flow.type == FlowType::stream;
        lowered.ways.push_back(
            {.stations = stream ? stream_way : request_way, .out = flow, .readable_at_end = stream});
    }
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    std::vector<Usage> used{nodes_usage(component),
                            {.component = component.id,
                             .dimension = "storage",
                             .detail = "managed",
                             .per_month = activity.bytes_in().value() * size_ratio(component) *
                                          component.number("retention") * month_seconds,
                             .held_for = Duration(component.number("retention"))}};
    const double added = added_clusters(activity);
    if (added > 0)
        used.push_back({.component = component.id,
                        .dimension = "concurrency scaling",
                        .detail = component.nodes("nodes").instance,
                        .per_month = added * component.nodes("nodes").count * month_seconds});
    return used;
}

/// Queries read at the cluster's scan rate while any runs, and so do views while they are computed.
NodeLoad load(const Component& component, const Activity& activity, const Catalog& catalog) {
    NodeLoad load;
    const InstanceType* instance = instance_of(component, catalog);
    const auto queries = activity.busy.find("queries");
    if (instance == nullptr || queries == activity.busy.end()) return load;
    const double rate = component.nodes("nodes").count * scan_rate(component, *instance);
    const double views = refreshing(component, rate);
    load.disk = DataRate(rate * (views + (1 - views) * queries->second));
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
        spec::count("load-files", "files", "", 1, 1e6,
                    "Files that a load reads: a slice works on one at a time. Enough for all slices, if left "
                    "out.",
                    "64"),
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
        spec::count(
            "scaling-clusters", "clusters", "0", 0, 10,
            "Clusters of the same size that are added one by one while all slots are taken; billed by "
            "the second, without the free hour that a day may have.",
            "3"),
        spec::measured(spec::count("distinct-queries", "queries", "", 1, 1e12,
                                   "Different queries that are asked; one that was asked before is answered "
                                   "from the cache of results. No cache if left out.",
                                   "50000")),
        spec::measured(spec::ratio("query-skew", "0.9", 0, 10,
                                   "Exponent of Zipf's law for how often each of the different queries is "
                                   "asked; 0: all alike.")),
        spec::duration("results-life", "", 1e-3, 1e10,
                       "How long a result holds, which is until its tables change: until the next load, if "
                       "left out; for ever, if nothing is loaded either.",
                       "1 h"),
        spec::time("cached-time", "10 ms", "Time to hand over an answer, all that one from the cache takes."),
        spec::time("compile-time", "0 s",
                   "Time to compile a query that has not run before, whatever the cluster.", "4.8 s"),
        spec::measured(spec::share("first-runs", "0",
                                   "Share of the queries that have not run before in this form, so that they "
                                   "are compiled first.",
                                   "5 %")),
        spec::share("view-share", "0", "Share of the queries that materialised views can answer.", "80 %"),
        spec::share("view-reads", "1 %",
                    "Bytes that such a query reads of the views, for one that it would read of the tables."),
        spec::duration("view-refresh", "15 min", 1, 31 * 86'400.0,
                       "How often the views are computed anew: what they show is as old as that."),
        spec::size("view-scan", "0 B", 0, 1e18, "Bytes that are read to compute the views anew.", "200 GB"),
    };
    kind.billing = {{"nodes", "node time, by node type"},
                    {"storage", "bytes in the tables"},
                    {"concurrency scaling", "node time of added clusters"}};
    kind.check = check;
    kind.lower = lower;
    kind.usage = usage;
    kind.load = load;
    return kind;
}

}  // namespace headroom::model
