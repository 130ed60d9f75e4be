// A time that passes without anyone waiting for anyone else: a network, a person who thinks.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"

#include <utility>

namespace headroom::model {

namespace {

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    Lowered lowered;
    lowered.stations.push_back(
        {.primitive = Delay{.time = by_class(context.class_count, flows, component.distribution("time"))}});
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = {0}, .out = flow});
    return lowered;
}

}  // namespace

Kind delay_kind() {
    Kind kind;
    kind.id = "delay";
    kind.title = "Delay";
    kind.help = "A time that passes for each item by itself, without waiting for others.";
    kind.category = "Queueing";
    kind.plain = true;
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "time",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .required = true,
         .help = "How long each item stays.",
         .example = "{lognormal: {mean: 20 ms, cv: 0.5}}"},
        routing_parameter(),
        switching_parameter(),
    };
    kind.check = [](const Component& component, const Catalog&) { return check_routing(component); };
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
