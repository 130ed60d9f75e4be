// Features of things by key, twice: online, where a model reads them while a request waits, and offline,
// where training reads their history. A request reads from several feature groups side by side and waits for
// the slowest. What is written can be read online at once, and reaches the history when its files are
// written.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

/// Training asks for bytes of history.
bool reads_history(const Flow& flow) { return flow.type == FlowType::request && flow.scan.mean > 0; }

double groups_of(const Component& component) { return component.number("groups"); }

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    std::vector<Flow> writes, reads, trainings;
    for (const Flow& flow : flows)
        (flow.type == FlowType::stream ? writes : reads_history(flow) ? trainings : reads).push_back(flow);
    Lowered lowered;
    std::vector<int> write_way, read_way, train_way;
    const auto add = [&](const char* name, Primitive primitive, std::vector<int>& way) {
        way.push_back(static_cast<int>(lowered.stations.size()));
        lowered.stations.push_back({.name = name, .primitive = std::move(primitive)});
    };
    const int classes = context.class_count;
    const auto limited = [&](const std::vector<Flow>& own, double rate, double each) {
        return Queue{.service = by_class(classes, own, Distribution::constant(each / rate))};
    };
    if (!writes.empty()) {
        add("writes", limited(writes, component.number("write-capacity"), 1), write_way);
        add("put", Delay{.time = by_class(classes, writes, component.distribution("write-latency"))},
            write_way);
    }
    if (!reads.empty()) {
        add("reads", limited(reads, component.number("read-capacity"), groups_of(component)), read_way);
        add("get",
            Delay{.time = by_class(classes, reads,
                                   slowest_of(component.distribution("read-latency"), groups_of(component)))},
            read_way);
    }
    if (!trainings.empty()) {
        const double rate = component.number("history-rate");
        add("history",
            Queue{.servers = static_cast<int>(component.number("history-queries")),
                  .service = by_class(classes, trainings,
                                      [&](const Flow& flow) {
                                          const Distribution scan = flow.scan.scaled(1 / rate);
                                          return scan.scaled(
                                              (scan.mean + component.number("history-overhead")) / scan.mean);
                                      })},
            train_way);
    }
    for (const Flow& flow : flows) {
        const bool write = flow.type == FlowType::stream;
        Flow out = flow;
        out.partition_shares.clear();
        lowered.ways.push_back({.stations = write                 ? write_way
                                            : reads_history(flow) ? train_way
                                                                  : read_way,
                                .out = std::move(out),
                                .readable_at_end = write});
    }
    if (!writes.empty() && !trainings.empty())
        lowered.notes.push_back("training sees what was written up to " +
                                format(Duration(component.number("history-every"))) +
                                " ago, a request what was written just now");
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    double written = 0, writes = 0, reads = 0;
    for (const Activity::Flow& flow : activity.flows) {
        if (is_stream(flow)) {
            written += flow.bytes_in.value();
            writes += flow.in.value();
        } else {
            reads += flow.in.value() * groups_of(component);
        }
    }
    const double size = writes > 0 ? written / writes : component.number("item-size");
    const double write_units = std::ceil(std::max(1.0, size) / component.number("write-unit") - 1e-9);
    const double read_units =
        std::ceil(component.number("item-size") / component.number("read-unit") - 1e-9) / 2;
    std::vector<Usage> used{monthly(component, "write units", writes * write_units),
                            monthly(component, "read units", reads * read_units)};
    used.push_back({.component = component.id,
                    .dimension = "online storage",
                    .per_month = component.number("entities") * groups_of(component) *
                                 component.number("item-size") * month_seconds});
    Usage history = kept(component, "history", DataRate(written * component.number("compression")),
                         Duration(component.number("history-retention")));
    used.push_back(std::move(history));
    return used;
}

}  // namespace

Kind feature_store_kind() {
    Kind kind;
    kind.id = "feature-store";
    kind.title = "Feature store";
    kind.help =
        "Keeps features of things by key: read many at a time while a model waits, and their history for "
        "training.";
    kind.category = "Store";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::count("groups", "groups", "5", 1, 1000,
                    "Feature groups that a request reads side by side; it waits for the slowest."),
        spec::measured(spec::count("entities", "entities", "1M", 1, 1e13, "Things whose features are kept.")),
        spec::measured(
            spec::size("item-size", "2 KB", 1, 1e9, "Bytes of one thing's features in one group.")),
        spec::item_rate(
            "read-capacity", "reads", "40000 /s", 1, 1e10,
            "Reads that the online store answers in a second, each group of a request counting as one."),
        spec::item_rate("write-capacity", "writes", "40000 /s", 1, 1e10,
                        "Writes that the online store takes in a second."),
        spec::time("read-latency", "{lognormal: {mean: 4 ms, cv: 0.6}}", "Time of one read."),
        spec::time("write-latency", "{lognormal: {mean: 6 ms, cv: 0.6}}", "Time of one write."),
        spec::size("read-unit", "4 KB", 1, 1e9,
                   "Bytes that one unit of reading covers, twice where eventual."),
        spec::size("write-unit", "1 KB", 1, 1e9, "Bytes that one unit of writing covers."),
        spec::duration("history-every", "15 min", 1, 86'400,
                       "How often what was written goes to the history."),
        spec::duration("history-retention", "2 y", 1, 1e10, "How long the history is kept."),
        spec::ratio("compression", "0.2", 1e-3, 10, "Bytes of the history for one byte written."),
        spec::data_rate("history-rate", "2 GB/s",
                        "Bytes of history that one training's query works through in a second, joined to the "
                        "moments that it asks for."),
        spec::measured(
            spec::duration("history-overhead", "5 s", 0, 3600, "Time of such a query that does not grow.")),
        spec::count("history-queries", "queries", "20", 1, 100'000, "Such queries at the same time."),
        routing_parameter(),
    };
    kind.billing = {{"write units", "units of writing, online"},
                    {"read units", "units of reading, online"},
                    {"online storage", "bytes of all things, online"},
                    {"history", "bytes of history kept"}};
    kind.check = [](const Component& component, const Catalog&) { return check_routing(component); };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
