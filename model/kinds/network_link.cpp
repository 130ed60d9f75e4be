// A way between zones, regions or sites: items cross it one after the other at its bandwidth, then are on
// their way for its latency. What crosses it is billed.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"

#include <utility>

namespace headroom::model {

namespace {

double bytes_of(const Component& component, const Flow& flow) {
    return (flow.type == FlowType::stream ? flow.size.value() : component.number("request-size")) +
           component.number("overhead");
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    Lowered lowered;
    const double bandwidth = component.number("bandwidth");
    // A size that varies takes times that vary alike.
    Lowered::Station line{.name = "line", .primitive = Queue{.servers = 1}};
    std::get<Queue>(line.primitive).service = by_class(context.class_count, flows, [&](const Flow& flow) {
        double scv = 0;
        if (const auto* stream =
                flow.workload == nullptr ? nullptr : std::get_if<Stream>(&flow.workload->load))
            scv = stream->record.size.scv;
        return Distribution::with_scv(bytes_of(component, flow) / bandwidth, scv);
    });
    for (const Flow& flow : flows) line.sizes.emplace_back(bytes_of(component, flow));
    lowered.stations.push_back(std::move(line));
    lowered.stations.push_back({.name = "way",
                                .primitive = Delay{.time = by_class(context.class_count, flows,
                                                                    component.distribution("latency"))}});
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = {0, 1}, .out = flow});
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    Usage transfer;
    transfer.component = component.id;
    transfer.dimension = "transfer";
    transfer.per_month = activity.bytes_in().value() * month_seconds;
    return {std::move(transfer)};
}

}  // namespace

Kind network_link_kind() {
    Kind kind;
    kind.id = "network-link";
    kind.title = "Network link";
    kind.help = "A way between zones, regions or sites, with a bandwidth, a latency and a price.";
    kind.category = "Ingest";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "bandwidth",
         .dimension = dimensions::data_rate,
         .required = true,
         .min = 1,
         .max = 1e15,
         .help = "Bytes a second that can cross it.",
         .example = "10 Gbps",
         .nature = Nature::chosen},
        {.name = "latency",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .required = true,
         .help = "Time on the way, however small the item is.",
         .example = "{lognormal: {mean: 65 ms, cv: 0.1}}"},
        {.name = "request-size",
         .dimension = dimensions::data,
         .default_text = "10 kB",
         .max = 1e12,
         .help = "Bytes of a request and its answer together.",
         .example = "10 kB",
         .nature = Nature::measured},
        spec::measured(spec::size("overhead", "0 B", 0, 1e6,
                                  "Bytes that cross it with each item beside its own.", "22 B")),
    };
    kind.billing = {{"transfer", "bytes that cross it"}};
    kind.check = [](const Component&, const Catalog&) { return Problems(); };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
