// A program on nodes that works on each item and hands it on: a BI server that renders reports, a job in Java
// that moves rows. Its items share the nodes' cores; one item uses one core at a time.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

constexpr int most_cores = 1'000'000;

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    const Problems routing = check_routing(component);
    problems.insert(problems.end(), routing.begin(), routing.end());
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const int cores = static_cast<int>(
        std::clamp(component.nodes("nodes").count * instance->vcpus, 1.0, double{most_cores}));
    Lowered lowered;
    lowered.stations.push_back(
        {.name = "cores",
         .primitive =
             Queue{.servers = cores,
                   .discipline = Discipline::processor_sharing,
                   .admitted = std::max(cores, static_cast<int>(component.number("sessions"))),
                   .service = by_class(context.class_count, flows,
                                       component.distribution("work").scaled(1 / instance->core_speed))}});
    if (component.has("latency"))
        lowered.stations.push_back({.name = "network",
                                    .primitive = Delay{.time = by_class(context.class_count, flows,
                                                                        component.distribution("latency"))}});
    pass_all(lowered, flows);
    return lowered;
}

}  // namespace

Kind application_server_kind() {
    Kind kind;
    kind.id = "application-server";
    kind.title = "Application server";
    kind.help = "A program on nodes that works on each item and hands it on.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::nodes("Servers: their number and instance type.", "2 x m5.xlarge")),
        spec::required(
            spec::time("work", "", "Core time of one item.", "{lognormal: {mean: 200 ms, cv: 1}}")),
        spec::count("sessions", "sessions", "1000", 1, 1e9,
                    "Items that share the cores at a time; further ones wait."),
        spec::time("latency", "", "Time of an item during which no core works on it; none, if left out.",
                   "5 ms"),
        routing_parameter(),
    };
    kind.billing = {{"nodes", "node time, by instance type"}, {"licences", "cores under licence"}};
    kind.scales = true;
    kind.check = check;
    kind.lower = lower;
    kind.load = [](const Component&, const Activity& activity, const Catalog&) {
        return NodeLoad{.cores = busy_at(activity, "cores"), .network = network_of_records(activity)};
    };
    kind.usage = [](const Component& component, const Activity&, const Catalog& catalog) {
        const InstanceType* instance = instance_of(component, catalog);
        const double cores = instance == nullptr ? 0 : component.nodes("nodes").count * instance->vcpus;
        return std::vector<Usage>{nodes_usage(component), monthly(component, "licences", cores)};
    };
    return kind;
}

}  // namespace headroom::model
