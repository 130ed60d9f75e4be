// Training of models on instances of a job's own (SageMaker training and its like). The data are fetched,
// then all instances compute steps side by side and exchange gradients after each: with n instances a ring
// exchanges
//     2 (n - 1) / n x model
// over each instance's network (Patarasuk and Yuan, 2009). Work since the last checkpoint is done again where
// an instance is taken back; the others wait for it.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

constexpr double most_checkpoints = 500;

/// What training takes, apart from what is lost.
struct Training {
    double instances = 1;
    double compute = 0, exchange = 0;  ///< seconds of every instance
    double total() const { return compute + exchange; }
};

Training training_of(const Component& component, const InstanceType& instance) {
    const double n = component.nodes("nodes").count;
    const double steps = component.number("epochs") * component.number("steps");
    const double ring = 2 * (n - 1) / n * component.number("model-size") / instance.network.value();
    return {.instances = n,
            .compute = component.number("epochs") * component.distribution("epoch-time").mean / n /
                       instance.core_speed,
            .exchange = steps * ring};
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const Training training = training_of(component, *instance);
    const int jobs = static_cast<int>(component.number("jobs-at-once"));
    const int each = component.nodes("nodes").count;
    BatchPool pool{.nodes = each * jobs,
                   .network = instance->network * static_cast<double>(each * jobs),
                   .fetch_most = instance->network,
                   .replacement = component.distribution("replacement"),
                   .launch = Duration(component.number("start")),
                   .jobs_at_once = jobs,
                   .tasks_at_once = each,
                   .held = true};
    for (const auto& [way, share] : purchase_mix(component))
        if (way == "spot" && share > 0) pool.node_life = Duration(component.number("spot-life") / share);

    const double sharded = component.text("distribution") == "sharded" ? training.instances : 1;
    std::vector<TaskStage> stages{{.name = "data",
                                   .tasks = training.instances,
                                   .time = Distribution::constant(0),
                                   .fetch = DataSize(component.number("data") / sharded)}};
    const double between =
        std::max(component.number("checkpoint-every"), training.total() / most_checkpoints);
    const double parts = std::max(1.0, std::ceil(training.total() / between - 1e-9));
    const Distribution& epoch = component.distribution("epoch-time");
    for (double part = 0; part < parts; ++part) {
        const double length = std::min(between, training.total() - part * between);
        stages.push_back({.name = "until checkpoint " + std::to_string(static_cast<int>(part) + 1),
                          .tasks = training.instances,
                          .time = epoch.scaled(length / epoch.mean),
                          .after = {static_cast<int>(stages.size()) - 1}});
    }
    pool.jobs.resize(static_cast<std::size_t>(context.class_count));
    Lowered lowered;
    for (const Flow& flow : flows) {
        pool.jobs[static_cast<std::size_t>(flow.item_class)] = stages;
        Flow out = flow;
        out.partition_shares.clear();
        lowered.ways.push_back(
            {.stations = {0}, .out = std::move(out), .readable_at_end = flow.type == FlowType::stream});
    }
    lowered.stations.push_back({.primitive = std::move(pool)});
    lowered.notes.push_back(
        "training takes " + format(seconds(training.total())) + " without losses, of which " +
        format_quantity(training.exchange / training.total(), dimensions::none, {.percent = true}) +
        " exchange gradients");
    return lowered;
}

}  // namespace

Kind training_job_kind() {
    Kind kind;
    kind.id = "training-job";
    kind.title = "Training job";
    kind.help = "Trains a model for each item that comes, on instances that the job has to itself.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::nodes("Instances of one job: their number and type.", "4 x g5.12xlarge")),
        spec::required(spec::measured(spec::time(
            "epoch-time", "", "Time of one pass over the data on one instance of the reference speed.",
            "{lognormal: {mean: 2 h, cv: 0.1}}"))),
        spec::count("epochs", "passes", "1", 1, 100'000, "Passes over the data.", "10"),
        spec::count("steps", "steps", "1000", 1, 1e9,
                    "Steps of one pass, after each of which all instances exchange gradients."),
        spec::measured(spec::size("model-size", "0 B", 0, 1e15,
                                  "Bytes of gradients that are exchanged after a step.", "400 MB")),
        spec::measured(spec::size("data", "0 B", 0, 1e18,
                                  "Bytes of training data, fetched before the first step.", "500 GB")),
        spec::choice("distribution", {"sharded", "copied"},
                     "Whether each instance fetches its part of the data or all of them."),
        spec::duration("checkpoint-every", "10 min", 1, 1e9,
                       "Time between checkpoints: what is lost with an instance is done again."),
        spec::measured(
            spec::duration("spot-life", "1800 d", 60, 1e12,
                           "Mean time until an instance that was bought on the spot market is taken back.")),
        spec::time("replacement", "10 min", "Time until a lost instance is there again."),
        spec::measured(spec::duration("start", "3 min", 0, 86'400,
                                      "Time from a job's turn to its first fetch; not billed.")),
        spec::count("jobs-at-once", "jobs", "20", 1, 10'000,
                    "Most jobs that run at the same time; further ones wait in order."),
        routing_parameter(),
    };
    kind.billing = {{"nodes", "instance time, while jobs run"}};
    kind.check = [](const Component& component, const Catalog& catalog) {
        Problems problems = check_nodes(component, catalog);
        for (const Problem& problem : check_routing(component)) problems.push_back(problem);
        require_time(component, "epoch-time", problems);
        return problems;
    };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog& catalog) {
        Usage nodes = nodes_usage(component);
        const InstanceType* instance = instance_of(component, catalog);
        // Instances that jobs have; by what training takes without losses where that was not counted.
        double instances = 0;
        if (const auto found = activity.busy.find(""); found != activity.busy.end())
            instances = found->second;
        else if (instance != nullptr)
            instances = activity.items_in().value() * component.nodes("nodes").count *
                        training_of(component, *instance).total();
        nodes.per_month = instances * month_seconds;
        return std::vector<Usage>{nodes};
    };
    return kind;
}

}  // namespace headroom::model
