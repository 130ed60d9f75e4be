// Items by key (DynamoDB and its like). A table may use so many capacity units a second, and so may each of
// its partitions: a hot key fills its partition first. Requests beyond that are throttled and tried again by
// the client until they pass, so that they wait.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

double reads_of(const Component& component) { return component.number("reads-per-request"); }

double read_units(const Component& component) {
    const double pieces = std::ceil(component.number("item-size") / component.number("read-unit") - 1e-9);
    return std::max(1.0, pieces) * (component.text("consistency") == "strong" ? 1.0 : 0.5);
}

double write_units(const Component& component, double size) {
    return std::max(1.0, std::ceil(size / component.number("write-unit") - 1e-9));
}

/// The key that is read most takes `hot-share`, those that are left are spread over the other partitions.
std::vector<double> read_shares(const Component& component, int partitions) {
    return hashed_shares(component.number("hot-share") > 0
                             ? std::vector<double>{component.number("hot-share")}
                             : std::vector<double>{},
                         partitions);
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const int partitions = static_cast<int>(component.number("partitions"));
    std::vector<Flow> writes, reads;
    for (const Flow& flow : flows) (flow.type == FlowType::stream ? writes : reads).push_back(flow);
    Lowered lowered;
    std::vector<int> write_way, read_way;
    const auto add = [&](const char* name, Primitive primitive, std::vector<int>& way) {
        way.push_back(static_cast<int>(lowered.stations.size()));
        lowered.stations.push_back({.name = name, .primitive = std::move(primitive)});
    };
    /// The limit of the table, then those of its partitions, each as a time for one item.
    const auto limit = [&](const char* table, const char* parts, const std::vector<Flow>& own,
                           std::vector<double> shares, double table_units, double partition_units, auto units,
                           std::vector<int>& way) {
        add(table,
            Queue{.service = by_class(
                      context.class_count, own,
                      [&](const Flow& flow) { return Distribution::constant(units(flow) / table_units); })},
            way);
        const double hottest = *std::max_element(shares.begin(), shares.end());
        double load = 0;
        for (const Flow& flow : own)
            load += peak_rate(flow, context.scenario).value() * units(flow) * hottest / partition_units;
        lowered.notes.push_back("at the peak the hottest partition is used to " +
                                format_quantity(load, dimensions::none, {.percent = true}) + " by " +
                                (&own == &writes ? "writes" : "reads"));
        add(parts,
            PartitionedLog{
                .shares = std::move(shares),
                .consumers = partitions,
                .service = by_class(
                    context.class_count, own,
                    [&](const Flow& flow) { return Distribution::constant(units(flow) / partition_units); })},
            way);
    };
    if (!writes.empty()) {
        limit(
            "writes", "write partitions", writes, hashed_shares(writes.front().key_shares, partitions),
            component.number("write-capacity"), component.number("partition-writes"),
            [&](const Flow& flow) { return write_units(component, flow.size.value()); }, write_way);
        add("put",
            Delay{.time = by_class(context.class_count, writes, component.distribution("write-latency"))},
            write_way);
        add("items", Store{.tiers = {{"items", Duration(component.number("retention"))}}}, write_way);
    }
    if (!reads.empty()) {
        limit(
            "reads", "read partitions", reads, read_shares(component, partitions),
            component.number("read-capacity"), component.number("partition-reads"),
            [&](const Flow&) { return reads_of(component) * read_units(component); }, read_way);
        add("get",
            Delay{.time = by_class(context.class_count, reads,
                                   slowest_of(component.distribution("read-latency"), reads_of(component)))},
            read_way);
    }
    for (const Flow& flow : flows) {
        const bool write = flow.type == FlowType::stream;
        Flow out = flow;
        out.partition_shares.clear();
        lowered.ways.push_back(
            {.stations = write ? write_way : read_way, .out = std::move(out), .readable_at_end = write});
    }
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    const bool provisioned = component.text("mode") == "provisioned";
    double reads = 0, writes = 0, written = 0;
    for (const Activity::Flow& flow : activity.flows) {
        if (flow.in.value() <= 0) continue;
        const double size = flow.bytes_in.value() / flow.in.value();
        if (is_stream(flow)) {
            writes += flow.in.value() * write_units(component, size);
            written += flow.bytes_in.value();
        } else {
            reads += flow.in.value() * reads_of(component) * read_units(component);
        }
    }
    std::vector<Usage> used;
    if (provisioned)
        used = {monthly(component, "read capacity", component.number("read-capacity")),
                monthly(component, "write capacity", component.number("write-capacity"))};
    else
        used = {monthly(component, "read units", reads), monthly(component, "write units", writes)};
    used.push_back(kept(component, "storage", DataRate(written), Duration(component.number("retention"))));
    used.push_back(monthly(component, "storage", component.number("data")));
    return used;
}

}  // namespace

Kind key_value_store_kind() {
    Kind kind;
    kind.id = "key-value-store";
    kind.title = "Key-value store";
    kind.help = "Keeps items under keys in partitions; records are written, requests read items.";
    kind.category = "Store";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::count("partitions", "partitions", "10", 1, 1e6, "Partitions over which the keys are spread."),
        spec::choice("mode", {"on-demand", "provisioned"},
                     "Whether units are paid as they are used, or capacity by the hour."),
        spec::item_rate("read-capacity", "units", "40000 /s", 1e-3, 1e12,
                        "Read units that the table may use in a second."),
        spec::item_rate("write-capacity", "units", "40000 /s", 1e-3, 1e12,
                        "Write units that the table may use in a second."),
        spec::item_rate("partition-reads", "units", "3000 /s", 1, 1e9,
                        "Read units that one partition can serve in a second."),
        spec::item_rate("partition-writes", "units", "1000 /s", 1, 1e9,
                        "Write units that one partition can serve in a second."),
        spec::size("read-unit", "4 KB", 1, 1e9, "Bytes of an item that one read unit covers."),
        spec::size("write-unit", "1 KB", 1, 1e9, "Bytes of an item that one write unit covers."),
        spec::measured(spec::size("item-size", "1 KB", 1, 1e9, "Bytes of an item that a request reads.")),
        spec::measured(spec::count("reads-per-request", "items", "1", 1, 10'000,
                                   "Items that a request reads side by side; it waits for the slowest.",
                                   "20")),
        spec::choice("consistency", {"eventual", "strong"},
                     "Whether reads may be a little old, at half the units, or not."),
        spec::share("hot-share", "0 %", "Share of the reads that ask for the hottest key.", "2 %"),
        spec::time("read-latency", "4 ms", "Time of a read where nothing queues.",
                   "{lognormal: {mean: 4 ms, cv: 0.6}}"),
        spec::time("write-latency", "6 ms", "Time of a write where nothing queues.",
                   "{lognormal: {mean: 6 ms, cv: 0.6}}"),
        spec::duration("retention", "1 y", 1, 100 * 365 * 86'400.0, "How long written items stay."),
        spec::measured(spec::size("data", "0 GB", 0, 1e18,
                                  "Bytes that the table holds beside what the streams write.", "500 GB")),
    };
    kind.billing = {{"read units", "units read, on demand"},
                    {"write units", "units written, on demand"},
                    {"read capacity", "units a second, by the hour"},
                    {"write capacity", "units a second, by the hour"},
                    {"storage", "bytes kept"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
