// A model behind an address (SageMaker endpoints and their like): workers on nodes, each with one request or
// one batch of requests at a time. A batch costs a fixed time and a little for each request in it, so that
// gathering trades a wait for throughput.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

namespace headroom::model {

namespace {

int workers_of(const Component& component) {
    return static_cast<int>(component.nodes("nodes").count * component.number("workers"));
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const auto all = [&](const Distribution& time) { return by_class(context.class_count, flows, time); };
    const double batch = component.number("batch-size");
    const double each = component.number("item-time");
    const Distribution& fixed = component.distribution("model-time");
    Lowered lowered;
    lowered.stations.push_back(
        {.name = "overhead", .primitive = Delay{.time = all(component.distribution("overhead"))}});
    if (batch > 1) {
        Batch gather{.max_items = batch,
                     .max_wait = Duration(component.number("batch-window")),
                     .writers = workers_of(component),
                     .fixed = fixed};
        if (each > 0) gather.rate = DataRate(1 / each);  // an item counts as one byte here
        lowered.stations.push_back({.name = "batches",
                                    .primitive = std::move(gather),
                                    .sizes = std::vector<ItemSize>(flows.size(), ItemSize(1))});
    } else {
        lowered.stations.push_back(
            {.name = "workers",
             .primitive = Queue{.servers = workers_of(component),
                                .service = all(fixed.scaled((fixed.mean + each) / fixed.mean))}});
    }
    pass_all(lowered, flows);
    const double most = workers_of(component) * batch / (fixed.mean + batch * each);
    lowered.notes.push_back("answers at most " + format(ItemRate(most), {.noun = "requests"}) +
                            (batch > 1 ? " in full batches" : ""));
    return lowered;
}

}  // namespace

Kind inference_endpoint_kind() {
    Kind kind;
    kind.id = "inference-endpoint";
    kind.title = "Inference endpoint";
    kind.help = "Answers requests with a model, on workers that take them singly or in batches.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::nodes("Instances behind the endpoint: their number and type.", "2 x m5.xlarge")),
        spec::count("workers", "workers", "1", 1, 10'000, "Copies of the model on one instance.", "4"),
        spec::time("model-time", "10 ms", "Time of the model for a request, or for a batch beside its items.",
                   "{lognormal: {mean: 10 ms, cv: 0.3}}"),
        spec::measured(spec::duration("item-time", "0 s", 0, 3600,
                                      "Time of the model for each request of a batch.", "500 us")),
        spec::count("batch-size", "requests", "1", 1, 100'000, "Most requests that are answered together.",
                    "32"),
        spec::duration("batch-window", "5 ms", 1e-4, 60, "Longest wait for a batch to fill."),
        spec::time("overhead", "5 ms", "Network and parsing, during which no worker is busy.",
                   "{lognormal: {mean: 5 ms, cv: 0.5}}"),
        routing_parameter(),
    };
    kind.billing = {{"nodes", "node time, by instance type"}};
    kind.scales = true;
    kind.check = [](const Component& component, const Catalog& catalog) {
        Problems problems = check_nodes(component, catalog);
        const Problems routing = check_routing(component);
        problems.insert(problems.end(), routing.begin(), routing.end());
        require_time(component, "model-time", problems);
        return problems;
    };
    kind.lower = lower;
    kind.load = [](const Component& component, const Activity& activity, const Catalog& catalog) {
        const InstanceType* instance = instance_of(component, catalog);
        if (instance == nullptr) return NodeLoad{};
        // The copies of the model divide the vCPUs among them.
        const double busy = busy_at(activity, component.number("batch-size") > 1 ? "batches" : "workers");
        return NodeLoad{.cores = busy * instance->vcpus / component.number("workers"),
                        .network = network_of_records(activity)};
    };
    kind.usage = [](const Component& component, const Activity&, const Catalog&) {
        return std::vector<Usage>{nodes_usage(component)};
    };
    return kind;
}

}  // namespace headroom::model
