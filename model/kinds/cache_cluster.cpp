// Keys in the memory of nodes (Redis and its like), before something slower. How many are found follows from
// how popular they are and how many there is room for; a cache that starts empty warms up; and while a key
// that was missed is fetched, all who ask for it miss it as well, so that the loss of one popular key, or of
// a node, sends a stampede to what lies behind.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

constexpr double most_keys = 1e8;

double room(const Component& component, const InstanceType& instance) {
    const double copies = 1 + component.number("replicas");
    return std::floor(component.nodes("nodes").count * instance.memory.value() *
                      component.number("memory-share") / component.number("item-size") / copies);
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const auto all = [&](const Distribution& time) { return by_class(context.class_count, flows, time); };
    const double keys = component.number("keys"), fit = room(component, *instance);
    Cache cache{.capacity = std::clamp(std::min(fit, keys), 1.0, most_keys),
                .popularity = {.keys = keys, .exponent = component.number("skew")},
                .warm = component.flag("warm"),
                .refill = Duration(component.number("refill"))};
    if (component.has("life")) cache.life = Duration(component.number("life"));
    Lowered lowered;
    lowered.notes.push_back(
        format_quantity(fit, dimensions::item, {.digits = 3, .noun = "keys"}) + " fit into its memory, of " +
        format_quantity(keys, dimensions::item, {.digits = 3, .noun = "keys"}) + " that are asked for");
    if (fit > most_keys && keys > most_keys)
        lowered.notes.emplace_back("only a hundred million keys are followed");
    double rate = 0;
    for (const Flow& flow : flows) rate += peak_rate(flow, context.scenario).value();
    if (rate > 0)
        lowered.notes.push_back(
            "in the long run " +
            format_quantity(HitRatio(cache).in_the_long_run(per_second(rate)), dimensions::none,
                            {.percent = true}) +
            " of the requests are hits, if keys are asked for independently (Che's approximation)");
    lowered.stations.push_back(
        {.name = "network", .primitive = Delay{.time = all(component.distribution("latency"))}});
    lowered.stations.push_back(
        {.name = "engines",
         .primitive = Queue{.servers = component.nodes("nodes").count,
                            .service = all(Distribution::constant(1 / component.number("operations")))}});
    lowered.stations.push_back({.name = "keys", .primitive = cache});
    pass_all(lowered, flows);
    return lowered;
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    if (const InstanceType* instance = instance_of(component, catalog);
        instance != nullptr && room(component, *instance) < 1)
        problems.push_back(problem_of(
            component, "item-size", Severity::error,
            "not one key fits into the memory: less than " +
                format(instance->memory * (component.nodes("nodes").count * component.number("memory-share") /
                                           (1 + component.number("replicas")))) +
                " is needed"));
    if (component.has("life") && component.number("life") <= component.number("refill"))
        problems.push_back(problem_of(component, "life", Severity::error,
                                      "a key would be dropped before it has been filled in ('refill')"));
    return problems;
}

}  // namespace

Kind cache_cluster_kind() {
    Kind kind;
    kind.id = "cache-cluster";
    kind.title = "Cache cluster";
    kind.help =
        "Keeps keys in the memory of nodes: hits follow the link, misses go to the component named and are "
        "filled "
        "in.";
    kind.category = "Store";
    kind.second_way = "misses";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::nodes("Nodes: their number and instance type.", "3 x r6g.large")),
        spec::count("replicas", "copies", "0", 0, 5, "Copies of each key on further nodes.", "1"),
        spec::required(spec::measured(
            spec::count("keys", "keys", "", 1, 1e12, "How many different keys are asked for.", "20M"))),
        spec::measured(
            spec::size("item-size", "1 KB", 1, 1e9, "Bytes that a key takes in memory, with its overhead.")),
        spec::chosen(spec::share("memory-share", "75 %", "Part of a node's memory that holds keys.")),
        spec::ratio("skew", "0.9", 0, 10,
                    "Exponent of Zipf's law: the key of rank i is asked for in proportion to 1 / i^skew."),
        spec::duration("life", "", 1e-3, 1e10,
                       "Time after which a key must be fetched anew (TTL). For ever if left out.", "10 min"),
        spec::measured(spec::duration(
            "refill", "0 s", 0, 3600,
            "Time from a miss until its key is there; who asks for it meanwhile misses it as well.",
            "50 ms")),
        {.name = "warm",
         .type = ParameterType::flag,
         .default_text = "true",
         .help = "Whether it holds the most popular keys at the start, each with a part of its life behind "
                 "it; else it is empty and warms up.",
         .example = "false"},
        spec::measured(spec::item_rate("operations", "requests", "100000 /s", 1, 1e9,
                                       "Requests that one node answers in a second.")),
        spec::time("latency", "{lognormal: {mean: 400 us, cv: 0.5}}", "Network and parsing of one request."),
        {.name = "misses",
         .type = ParameterType::component,
         .help = "The component to which items go whose key is not there; they leave if it is left out.",
         .example = "database"},
    };
    kind.billing = {{"nodes", "node time, by instance type"}};
    kind.check = check;
    kind.lower = lower;
    kind.load = [](const Component& component, const Activity& activity, const Catalog&) {
        // An engine is one thread.
        return NodeLoad{.cores = busy_at(activity, "engines"),
                        .network = DataRate(activity.items_in().value() * component.number("item-size"))};
    };
    kind.usage = [](const Component& component, const Activity&, const Catalog&) {
        return std::vector<Usage>{nodes_usage(component)};
    };
    return kind;
}

}  // namespace headroom::model
