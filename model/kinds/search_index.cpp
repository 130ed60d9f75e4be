// Documents in an inverted index on nodes (OpenSearch and its like). Indexing and searching share the nodes'
// cores evenly, which is why a load slows the searches; replicas index every document again. Documents can be
// found after the next refresh.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

double copies_of(const Component& component) { return 1 + component.number("replicas"); }

/// How many searches run side by side without sharing cores: a search works on the shards of one set of
/// copies, each on a core of its own.
int sets_of(const Component& component, const InstanceType& instance) {
    const double cores = component.nodes("nodes").count * instance.vcpus;
    return static_cast<int>(
        std::clamp(std::floor(cores / component.number("shards") + 1e-9), 1.0, copies_of(component)));
}

/// A shard works on one core at a time.
double cores_of(const Component& component, const InstanceType& instance) {
    return std::min(component.nodes("nodes").count * instance.vcpus,
                    component.number("shards") * copies_of(component));
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    if (const int nodes = component.nodes("nodes").count; nodes < copies_of(component))
        problems.push_back(problem_of(component, "replicas", Severity::error,
                                      "every copy of a shard needs a node of its own: with " +
                                          std::to_string(nodes) + (nodes == 1 ? " node" : " nodes") +
                                          " at most " + std::to_string(std::max(0, nodes - 1)) + ", not " +
                                          std::to_string(static_cast<int>(component.number("replicas")))));
    const InstanceType* instance = instance_of(component, catalog);
    if (instance != nullptr &&
        component.number("shards") * copies_of(component) < component.nodes("nodes").count * instance->vcpus)
        problems.push_back(problem_of(
            component, "shards", Severity::note,
            "there are fewer shards and replicas (" +
                std::to_string(static_cast<int>(component.number("shards") * copies_of(component))) +
                ") than cores (" +
                format_quantity(component.nodes("nodes").count * instance->vcpus, dimensions::item) +
                "), so that some cores idle"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const double cores = cores_of(component, *instance);
    const double index_rate = cores * component.number("index-rate") / copies_of(component);
    const double search_rate = cores * component.number("search-rate");
    Lowered lowered;
    const int sets = sets_of(component, *instance);
    Queue work{.servers = sets, .discipline = Discipline::processor_sharing};
    work.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        return flow.type == FlowType::stream ? time_by_size(flow, 0, index_rate / sets)
                                             : flow.scan.scaled(sets / search_rate);
    });
    lowered.stations = {
        {.name = "cores", .primitive = std::move(work)},
        {.name = "refresh",
         .primitive =
             Batch{.max_wait = Duration(component.number("refresh")), .fixed = Distribution::constant(0)}},
        {.name = "index", .primitive = Store{.tiers = {{"index", Duration(component.number("retention"))}}}},
        {.name = "search",
         .primitive = Delay{
             .time = by_class(context.class_count, flows,
                              slowest_of(component.distribution("overhead"), component.number("shards")))}}};
    for (const Flow& flow : flows) {
        const bool stream = flow.type == FlowType::stream;
        lowered.ways.push_back({.stations = stream ? std::vector<int>{0, 1, 2} : std::vector<int>{3, 0},
                                .out = flow,
                                .readable_at_end = stream});
        for (std::size_t s = 0; s < lowered.stations.size(); ++s)
            lowered.stations[s].sizes.push_back(flow.size * (s == 2 ? component.number("size-ratio") : 1.0));
    }
    const bool writes = std::any_of(flows.begin(), flows.end(),
                                    [](const Flow& flow) { return flow.type == FlowType::stream; });
    if (writes)
        lowered.notes.push_back("indexes at most " + format(DataRate(index_rate)) +
                                ", all copies counted, when nobody searches");
    return lowered;
}

NodeLoad load(const Component& component, const Activity& activity, const Catalog& catalog) {
    const InstanceType* instance = instance_of(component, catalog);
    if (instance == nullptr) return {};
    // Every copy of a document is sent to its node.
    return {
        .cores = busy_at(activity, "cores") / sets_of(component, *instance) * cores_of(component, *instance),
        .network = activity.bytes_in() * copies_of(component)};
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    const DataRate written = activity.bytes_in() * (component.number("size-ratio") * copies_of(component) *
                                                    component.number("space"));
    return {nodes_usage(component),
            kept(component, "storage", written, Duration(component.number("retention")))};
}

}  // namespace

Kind search_index_kind() {
    Kind kind;
    kind.id = "search-index";
    kind.title = "Search index";
    kind.help = "Indexes documents in shards on nodes and answers searches; both share the nodes' cores.";
    kind.category = "Query";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::nodes("Data nodes: their number and type.", "3 x r6g.large")),
        spec::count("shards", "shards", "5", 1, 100'000, "Primary shards; each works on one core at a time."),
        spec::count("replicas", "replicas", "1", 0, 20,
                    "Further copies of each shard, each on another node."),
        spec::data_rate("index-rate", "2 MB/s", "Bytes of documents that one core indexes in a second."),
        spec::data_rate("search-rate", "50 MB/s", "Bytes of the index that one core searches in a second."),
        spec::time(
            "overhead", "5 ms",
            "Time of one shard's part of a search where nothing queues; a search waits for the slowest.",
            "{lognormal: {mean: 5 ms, cv: 0.8}}"),
        spec::duration("refresh", "1 s", 0.01, 3600, "Interval at which new documents become searchable."),
        spec::duration("retention", "30 d", 1, 100 * 365 * 86'400.0, "How long documents are kept."),
        spec::ratio("size-ratio", "1.1", 1e-3, 100, "Bytes of the index for one byte of a document."),
        spec::ratio("space", "1.45", 1, 10,
                    "Storage that is rented for one byte of index, with what must be free."),
    };
    kind.billing = {{"nodes", "node time, by instance type"}, {"storage", "bytes of storage, all copies"}};
    kind.check = check;
    kind.lower = lower;
    kind.load = load;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
