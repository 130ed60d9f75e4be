// What stands before services: it takes so many requests a second, adds a little time and hands them on (API
// gateways, load balancers). Whoever comes while its reserve for bursts is used up is turned away.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    Lowered lowered;
    const Limiter limit{.rate = ItemRate(component.number("requests")),
                        .burst = component.number("burst"),
                        .excess = Limiter::Excess::drop};
    lowered.stations = {{.name = "limit", .primitive = limit},
                        {.name = "forward",
                         .primitive = Delay{.time = by_class(context.class_count, flows,
                                                             component.distribution("latency"))}}};
    pass_all(lowered, flows);
    return lowered;
}

}  // namespace

Kind gateway_kind() {
    Kind kind;
    kind.id = "gateway";
    kind.title = "Gateway";
    kind.help = "Takes so many requests a second, turns the others away, and hands on what it took.";
    kind.category = "Ingest";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::item_rate("requests", "requests", "10000 /s", 1e-3, 1e12,
                        "Requests that it takes in a second; a quota."),
        spec::count(
            "burst", "requests", "5000", 1, 1e9,
            "Requests above that which it lets pass at once, from a reserve that fills again at that rate."),
        spec::time("latency", "5 ms", "Time that it adds to a request.",
                   "{lognormal: {mean: 5 ms, cv: 0.5}}"),
        routing_parameter(),
    };
    kind.billing = {
        {"requests", "requests taken"}, {"bytes", "bytes taken"}, {"hours", "the gateway, by the hour"}};
    kind.check = [](const Component& component, const Catalog&) { return check_routing(component); };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        return std::vector<Usage>{monthly(component, "requests", activity.items_in().value()),
                                  monthly(component, "bytes", activity.bytes_in().value()),
                                  monthly(component, "hours", 1)};
    };
    return kind;
}

}  // namespace headroom::model
