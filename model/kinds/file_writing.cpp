// Records gathered into files, and the files written side by side.

#include "model/kinds/file_writing.h"

#include "model/kinds/parts.h"
#include "model/units/unit.h"

#include <algorithm>
#include <limits>

namespace headroom::model {

namespace {

/// What the store's own nodes take in a second; no limit where the provider runs it.
double intake_of(const Component& component, const Catalog& catalog) {
    const InstanceType* instance = instance_of(component, catalog);
    if (instance == nullptr) return std::numeric_limits<double>::infinity();
    return component.nodes("nodes").count * std::min(instance->network, instance->disk).value() /
           component.number("redundancy");
}

}  // namespace

const Component* delivery_to(const Component& component, const Scenario& scenario) {
    for (const Link& link : scenario.links)
        if (const Component* from = link.to == component.id ? scenario.component(link.from) : nullptr;
            from != nullptr && from->kind == "delivery-stream")
            return from;
    return nullptr;
}

Writing writing_of(const Component& component, const LoweringContext& context) {
    const Component* delivery = delivery_to(component, context.scenario);
    const double writers = component.number("writers");
    return {
        .writers = writers,
        .file = delivery != nullptr ? delivery->number("buffer-size") : component.number("roll-size"),
        .every =
            Duration(delivery != nullptr ? delivery->number("buffer-time") : component.number("roll-every")),
        .fixed = component.distribution("put-latency").mean,
        .rate = std::min(component.number("writer-rate") * writers, intake_of(component, context.catalog)),
        .puts = component.number("prefixes") * component.number("prefix-writes")};
}

Batch gathering(const Component& component, const Writing& writing) {
    return {.max_size = DataSize(writing.writers * writing.file),
            .max_wait = writing.every,
            .fixed = later(component.distribution("put-latency"), writing.queued()),
            .rate = DataRate(writing.rate),
            .lines = writing.writers};
}

void note_prefixes(const Writing& writing, const std::vector<Flow>& flows, const LoweringContext& context,
                   Lowered& lowered) {
    double records = 0, bytes = 0;
    for (std::size_t i = 0; i < flows.size(); ++i) {
        if (flows[i].type != FlowType::stream) continue;
        const double rate = peak_rate(flows[i], context.scenario).value();
        records += rate;
        bytes += rate * lowered.ways[i].out.size.value();
    }
    const double files = writing.files(records, bytes);
    const bool limits = 2 * writing.queued() > writing.wave();
    if (files < 0.1 * writing.puts) return;
    lowered.notes.push_back(
        "at the peak " + format_quantity(files, dimensions::item, {.digits = 3, .noun = "files"}) +
        " a second are written, " +
        format_quantity(files / writing.puts, dimensions::none, {.digits = 3, .percent = true}) +
        " of the PUT requests that its prefixes take; at most " +
        format(DataRate(writing.writers * writing.file / writing.wave())) + " can be written" +
        (limits ? ", for which more prefixes or larger files do more than more writers" : ""));
}

}  // namespace headroom::model
