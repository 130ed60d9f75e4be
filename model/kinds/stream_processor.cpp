// A transform that runs continuously on parallel tasks (Flink and its like).
//
// Each task reads its partitions in order and serves one record at a time; a task is a core, so the
// parallelism is that of the nodes' vCPUs. The service time of a record is measured: the embedded columnar
// engine runs the transform on the sample, and
//     service = (time of a batch / batch + time per byte x bytes more than the sample's)
//               x machine speed / core speed / efficiency
// carries it from the measuring core to the node's core and from the embedded engine to the stream processor.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/kinds/stream_state.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::model {

namespace {

constexpr int most_slots = 100'000;

int slots_of(const Component& component, const InstanceType& instance) {
    if (component.has("parallelism")) return static_cast<int>(component.number("parallelism"));
    return static_cast<int>(
        std::clamp(component.nodes("nodes").count * instance.vcpus, 1.0, most_slots * 10.0));
}

Problems check(const Component& component, const Catalog& catalog) {
    Problems problems = check_nodes(component, catalog);
    for (Problem& problem : check_stream_state(component)) problems.push_back(std::move(problem));
    if (!component.has("transform") && !component.has("service"))
        problems.push_back(problem_of(component, "", Severity::error,
                                      "either 'transform' (an SQL file that is measured) or 'service' (a "
                                      "declared time per record) is needed"));
    if (component.has("transform") && component.has("service"))
        problems.push_back(problem_of(component, "service", Severity::warning,
                                      "the measured cost of 'transform' is used instead of this"));
    if (const InstanceType* instance = instance_of(component, catalog);
        instance != nullptr && slots_of(component, *instance) > most_slots)
        problems.push_back(
            problem_of(component, "nodes", Severity::error,
                       "these nodes run more than 100,000 tasks; give a smaller 'parallelism'"));
    if (const InstanceType* instance = instance_of(component, catalog);
        instance != nullptr && component.has("parallelism")) {
        const double cores = component.nodes("nodes").count * instance->vcpus;
        if (component.number("parallelism") > cores)
            problems.push_back(problem_of(component, "parallelism", Severity::warning,
                                          "the nodes have " +
                                              format_quantity(cores, dimensions::none, {.digits = 6}) +
                                              " vCPUs, which the tasks will have to share"));
    }
    return problems;
}

/// What the transform does to one record.
struct Cost {
    Distribution service;  ///< on one core of the node
    double selectivity = 1;
    std::vector<std::string> notes;
};

/// Bytes that a record has more than those of the sample, where both are in the same format.
double longer_than_sample(const std::vector<Flow>& flows, const Calibration& calibration) {
    if (flows.empty() || flows.front().workload == nullptr || flows.front().yield != 1) return 0;
    const auto* stream = std::get_if<Stream>(&flows.front().workload->load);
    if (stream == nullptr || stream->record.format != flows.front().format) return 0;
    return std::max(0.0, flows.front().size.value()) - calibration.bytes_in.value();
}

Cost measured_cost(const Component& component, const Calibration& calibration, const InstanceType& instance,
                   const std::vector<Flow>& flows) {
    const double batch = component.number("batch"), longer = longer_than_sample(flows, calibration);
    const double on_machine =
        time_of_batch(calibration, batch).value() / batch + calibration.time_per_byte.value * longer;
    const double mean = std::max(0.0, on_machine) * calibration.machine_speed / instance.core_speed /
                        component.number("efficiency");
    Cost cost{.service = Distribution::with_scv(mean, std::max(0.0, calibration.time_scv.value)),
              .selectivity = calibration.selectivity};
    cost.notes.push_back(
        "a record takes " + format(seconds(mean)) + " of a core: " + format(seconds(on_machine)) +
        " measured on " + calibration.engine + ", at an efficiency of " +
        format_quantity(component.number("efficiency"), dimensions::none, {.percent = true}) +
        " of that engine");
    if (calibration.time_per_byte.value > 0 && std::abs(longer) > 0.1 * calibration.bytes_in.value())
        cost.notes.push_back("records are " + format(flows.front().size) + " long, but those of the sample " +
                             format(calibration.bytes_in) +
                             ": their time is scaled by the measured cost of a byte");
    if (calibration.rejected > 0)
        cost.notes.push_back(format_quantity(calibration.rejected, dimensions::none, {.percent = true}) +
                             " of the sample's records could not be read");
    cost.notes.insert(cost.notes.end(), calibration.remarks.begin(), calibration.remarks.end());
    return cost;
}

Cost declared_cost(const Component& component) {
    Cost cost{.service = component.distribution("service"), .selectivity = component.number("selectivity")};
    cost.notes.push_back("the time of a record and the selectivity are declared, not measured");
    return cost;
}

/// The size and format in which a record leaves.
void set_output(Flow& out, const Component& component, const Calibration* calibration) {
    const std::string& format = component.text("output-format");
    if (calibration != nullptr) {
        out.bytes_by_format = calibration->bytes_out;
        for (const auto& [name, bytes_of_row] : calibration->bytes_out)
            if (name == format) {
                out.size = ItemSize(bytes_of_row);
                out.format = format;
                return;
            }
    }
    out.bytes_by_format.clear();
    out.size = component.has("output-size") ? ItemSize(component.number("output-size"))
                                            : size_in_format(out, format).size;
    out.format = format;
}

/// Shares of the partitions that the tasks read, averaged over the flows by their rates.
std::vector<double> partition_shares(const std::vector<Flow>& flows, int slots, const Scenario& scenario) {
    std::size_t partitions = 0;
    for (const Flow& flow : flows) partitions = std::max(partitions, flow.partition_shares.size());
    if (partitions == 0) {
        // Not read from a log: records go to the task of their key.
        return hashed_shares(flows.empty() ? std::vector<double>{} : flows.front().key_shares, slots);
    }
    std::vector<double> shares(partitions, 0);
    double total = 0;
    for (const Flow& flow : flows) {
        const double weight = std::max(1e-9, peak_rate(flow, scenario).value());
        total += weight;
        if (flow.partition_shares.empty())
            for (double& share : shares) share += weight / static_cast<double>(partitions);
        for (std::size_t i = 0; i < flow.partition_shares.size(); ++i)
            shares[i] += weight * flow.partition_shares[i];
    }
    for (double& share : shares) share /= total;
    return shares;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const InstanceType* instance = instance_of(component, context.catalog);
    if (instance == nullptr) return tl::unexpected(check_nodes(component, context.catalog));
    const bool transforms = component.has("transform");
    if (transforms && context.calibration == nullptr && !component.has("service"))
        return tl::unexpected(Problems{problem_of(
            component, "transform", Severity::error,
            "'" + component.settings.find("transform")->second.text +
                "' has not been measured: give the workload a 'record: {sample: ...}', or declare 'service' "
                "and 'selectivity'")});
    const Calibration* calibration = transforms ? context.calibration : nullptr;
    Cost cost = calibration != nullptr ? measured_cost(component, *calibration, *instance, flows)
                                       : declared_cost(component);

    Lowered lowered;
    lowered.notes = std::move(cost.notes);
    const int slots = std::min(slots_of(component, *instance), most_slots);
    PartitionedLog tasks{.shares = partition_shares(flows, slots, context.scenario)};
    const int partitions = static_cast<int>(tasks.shares.size());
    const int consumers = tasks.consumers = std::min(slots, partitions);
    if (slots > partitions)
        lowered.notes.push_back("only " + std::to_string(partitions) + " of " + std::to_string(slots) +
                                " tasks have a partition to read; the others idle");
    else if (partitions % slots != 0)
        lowered.notes.push_back(std::to_string(partitions) + " partitions do not divide evenly over " +
                                std::to_string(slots) + " tasks, so that some tasks have more to do");
    // More tasks than vCPUs share them.
    const double cores = component.nodes("nodes").count * instance->vcpus;
    const double crowding = std::max(1.0, tasks.consumers / std::max(1.0, cores));
    tasks.service =
        by_class(context.class_count, flows, [&](const Flow&) { return cost.service.scaled(crowding); });
    lowered.stations.push_back(
        {.primitive = std::move(tasks), .yields = std::vector<double>(flows.size(), cost.selectivity)});
    std::vector<int> way{0};

    std::vector<Flow> outs = flows;
    double enter = 0;  // the window, records a second
    for (Flow& out : outs) {
        set_output(out, component, calibration);
        out.yield *= cost.selectivity;
        out.partition_shares.clear();
        enter += mean_rate(out, context.scenario);
    }
    const auto gather = [&](const char* name, double every, const Distribution& takes, double yield,
                            int at_once = 1) {
        lowered.stations.front().name = "transform";
        Lowered::Station gathering{
            .name = name,
            .primitive = Batch{.max_wait = Duration(every), .writers = at_once, .fixed = takes},
            .yields = std::vector<double>(flows.size(), yield)};
        for (Flow& out : outs) {
            gathering.sizes.push_back(out.size);
            out.yield *= yield;
        }
        way.push_back(static_cast<int>(lowered.stations.size()));
        lowered.stations.push_back(std::move(gathering));
    };
    if (component.has("window"))
        gather("window", component.number("window"), Distribution::constant(component.number("lateness")),
               results_per_record(component, enter),
               2 + static_cast<int>(component.number("lateness") / component.number("window")));
    if (component.text("delivery") == "exactly-once")
        // Output can be read only when the checkpoint that covers it is committed.
        gather("commit", component.number("checkpoint-interval"), checkpoint_time(component), 1);
    double used = 0;
    for (const Flow& flow : flows)
        used += peak_rate(flow, context.scenario).value() * cost.service.mean * crowding / consumers;
    lowered.rewind = rewind_of(component, used);
    if (lowered.rewind)
        lowered.notes.push_back("a failure of any part stops all tasks until it is back and for " +
                                format(*lowered.rewind) +
                                " more: its state is read back, and what was done since the last checkpoint "
                                "is done again");
    for (Flow& out : outs) lowered.ways.push_back({.stations = way, .out = std::move(out)});
    return lowered;
}

NodeLoad load(const Component& component, const Activity& activity, const Catalog& catalog) {
    NodeLoad load;
    load.network = activity.bytes_in();
    for (const Activity::Flow& flow : activity.flows) load.network += flow.bytes_out;
    const auto alone = activity.busy.find("");
    const auto tasks = alone != activity.busy.end() ? alone : activity.busy.find("transform");
    const InstanceType* instance = instance_of(component, catalog);
    if (tasks != activity.busy.end() && instance != nullptr)
        load.cores = std::min(tasks->second, component.nodes("nodes").count * instance->vcpus);
    return load;
}

}  // namespace

Kind stream_processor_kind() {
    Kind kind;
    kind.id = "stream-processor";
    kind.title = "Stream processor";
    kind.help = "Runs a transform on records as they come, on parallel tasks.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream};
    kind.calibrated = true;
    kind.parameters = {
        {.name = "nodes",
         .type = ParameterType::nodes,
         .required = true,
         .help = "Worker nodes: their number and instance type.",
         .example = "2 x m5.large"},
        spec::count("managers", "nodes", "0", 0, 100, "Nodes that coordinate the others; billed like them.",
                    "1"),
        {.name = "parallelism",
         .type = ParameterType::count,
         .noun = "tasks",
         .min = 1,
         .max = 100'000,
         .help = "Tasks that run at the same time; one for each vCPU, if left out.",
         .example = "4"},
        {.name = "transform",
         .type = ParameterType::path,
         .help = "SQL over the table 'input', or a list of operators (.yaml); it is run on the sample to "
                 "measure its cost, its selectivity and the size of what it gives.",
         .example = "sql/enrich.sql"},
        {.name = "service",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .help = "Core time of a record, declared where no transform is measured.",
         .example = "{lognormal: {mean: 6 us, cv: 1}}"},
        {.name = "selectivity",
         .dimension = dimensions::none,
         .default_text = "1",
         .max = 1e6,
         .help = "Records out for one record in, declared where no transform is measured.",
         .example = "0.9"},
        {.name = "output-size",
         .dimension = dimensions::data,
         .max = 1e9,
         .help = "Bytes of a record that leaves, declared where no transform is measured; as it came, if "
                 "left out.",
         .example = "180 B",
         .nature = Nature::measured},
        {.name = "output-format",
         .type = ParameterType::choice,
         .default_text = "json",
         .choices = {"json", "csv"},
         .help = "Format of the records that leave.",
         .example = "json"},
        {.name = "efficiency",
         .dimension = dimensions::none,
         .default_text = "8 %",
         .min = 1e-4,
         .max = 10,
         .help = "Speed on one core relative to the embedded columnar engine that measures the transform.",
         .example = "8 %"},
        {.name = "batch",
         .type = ParameterType::count,
         .noun = "records",
         .default_text = "10000",
         .min = 1,
         .max = 1e9,
         .help = "Records over which the measured fixed cost of a batch is spread.",
         .example = "10000"},
        {.name = "delivery",
         .type = ParameterType::choice,
         .default_text = "at-least-once",
         .choices = {"at-least-once", "exactly-once"},
         .help = "Whether output can be read at once, or only when the checkpoint that covers it is "
                 "committed.",
         .example = "exactly-once"},
        {.name = "checkpoint-interval",
         .dimension = dimensions::time,
         .default_text = "60 s",
         .min = 1e-3,
         .max = 86400,
         .help = "Time between checkpoints; delays output under exactly-once delivery.",
         .example = "60 s"},
        {.name = "checkpoint-time",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .default_text = "1 s",
         .help = "How long a checkpoint takes until it is committed, beside writing the state.",
         .example = "{lognormal: {mean: 1 s, cv: 0.5}}"},
    };
    for (ParameterSpec& more : stream_state_parameters()) kind.parameters.push_back(std::move(more));
    kind.billing = {{"nodes", "node time, by instance type"}};
    kind.scales = true;
    kind.check = check;
    kind.lower = lower;
    kind.load = load;
    kind.usage = [](const Component& component, const Activity&, const Catalog&) {
        Usage nodes = nodes_usage(component);
        nodes.per_month += component.number("managers") * month_seconds;
        return std::vector<Usage>{nodes};
    };
    return kind;
}

}  // namespace headroom::model
