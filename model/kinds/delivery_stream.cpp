// Records on their way into files (Firehose and its like): a limit on what it takes, a buffer by size and
// time, and a change of format. Where only object stores follow, they write their files by this buffer.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

bool feeds_object_stores(const Component& component, const Scenario& scenario) {
    bool any = false;
    for (const Link& link : scenario.links) {
        if (link.from != component.id) continue;
        const Component* next = scenario.component(link.to);
        if (next == nullptr || next->kind != "object-store") return false;
        any = true;
    }
    return any;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const double throughput = component.number("throughput"), records = component.number("records");
    Lowered lowered;
    Queue limit;
    limit.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        const double by_bytes = flow.size.value() / throughput;
        return by_bytes * records < 1 ? Distribution::constant(1 / records)
                                      : time_by_size(flow, 0, throughput);
    });
    lowered.stations.push_back({.name = "intake", .primitive = std::move(limit)});
    const bool hands_over = feeds_object_stores(component, context.scenario);
    if (!hands_over)
        lowered.stations.push_back({.name = "buffer",
                                    .primitive = Batch{.max_size = DataSize(component.number("buffer-size")),
                                                       .max_wait = Duration(component.number("buffer-time")),
                                                       .writers = 1000,
                                                       .fixed = component.distribution("delivery")}});
    pass_all(lowered, flows);
    for (Lowered::Way& way : lowered.ways) way.out.partition_shares.clear();
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    double bytes = 0;
    const double least = component.number("billed-size");
    for (const Activity::Flow& flow : activity.flows)
        if (flow.in.value() > 0)  // each record is rounded up
            bytes +=
                flow.in.value() * least * std::ceil(flow.bytes_in.value() / flow.in.value() / least - 1e-9);
    std::vector<Usage> used{monthly(component, "bytes in", bytes)};
    if (component.flag("convert"))
        used.push_back(monthly(component, "bytes converted", activity.bytes_in().value()));
    return used;
}

}  // namespace

Kind delivery_stream_kind() {
    Kind kind;
    kind.id = "delivery-stream";
    kind.title = "Delivery stream";
    kind.help = "Gathers records by size and time and delivers them into files or to another service.";
    kind.category = "Ingest";
    kind.accepts = {FlowType::stream};
    kind.parameters = {
        spec::chosen(
            spec::data_rate("throughput", "5 MB/s", "Bytes that it takes in a second; a quota.", "50 MB/s")),
        spec::item_rate("records", "records", "500000 /s", 1, 1e12,
                        "Records that it takes in a second; a quota."),
        spec::size("buffer-size", "128 MB", 1e3, 1e12, "The buffer is delivered when it is so large."),
        spec::duration("buffer-time", "300 s", 0.01, 3600,
                       "The buffer is delivered at the latest so long after its first record."),
        spec::time("delivery", "100 ms", "Time of a delivery to anything but an object store."),
        {.name = "convert",
         .type = ParameterType::flag,
         .default_text = "false",
         .help = "Whether records are converted to the columnar format of the store on the way.",
         .example = "true"},
        spec::size("billed-size", "5 KB", 1, 1e6, "Each record is billed in pieces of this size."),
    };
    kind.billing = {{"bytes in", "bytes taken, each record rounded up"},
                    {"bytes converted", "bytes converted to another format"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
