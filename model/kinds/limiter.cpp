// A limit of rate with a reserve for bursts: a token bucket.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"

#include <cmath>

namespace headroom::model {

namespace {

Problems check(const Component& component, const Catalog&) {
    Problems problems;
    const bool stated = component.settings.find("excess")->second.origin == Origin::scenario;
    if (component.has("over-limit") && stated)
        problems.push_back(
            problem_of(component, "excess", Severity::warning,
                       "this has no effect beside 'over-limit', which says where the excess goes"));
    const bool waits = component.text("excess") == "wait" && !component.has("over-limit");
    if (component.has("capacity") && !waits)
        problems.push_back(problem_of(component, "capacity", Severity::warning,
                                      "this has no effect without 'excess: wait', as nobody waits"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows, const LoweringContext&) {
    Limiter limiter{.rate = ItemRate(component.number("rate")), .burst = component.number("burst")};
    if (component.has("over-limit"))
        limiter.excess = Limiter::Excess::divert;
    else if (component.text("excess") == "drop")
        limiter.excess = Limiter::Excess::drop;
    if (component.has("capacity") && component.number("capacity") < unlimited)
        limiter.capacity = static_cast<int>(component.number("capacity"));
    Lowered lowered;
    lowered.stations.push_back({.primitive = limiter});
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = {0}, .out = flow});
    return lowered;
}

}  // namespace

Kind limiter_kind() {
    Kind kind;
    kind.id = "limiter";
    kind.title = "Rate limiter";
    kind.help = "Lets items pass at a limited rate, with a reserve for bursts (token bucket).";
    kind.category = "Queueing";
    kind.plain = true;
    kind.second_way = "over-limit";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "rate",
         .dimension = dimensions::item_rate,
         .noun = "items",
         .required = true,
         .min = 1e-9,
         .max = 1e12,
         .help = "How many items may pass in the long run: tokens gained.",
         .example = "1000 requests/s"},
        {.name = "burst",
         .type = ParameterType::count,
         .noun = "items",
         .default_text = "1",
         .min = 1,
         .max = 1e12,
         .help = "How many items may pass at once after a quiet time: tokens that the bucket holds. It is "
                 "full at "
                 "the start.",
         .example = "100"},
        {.name = "excess",
         .type = ParameterType::choice,
         .default_text = "wait",
         .choices = {"wait", "drop"},
         .help = "What becomes of items beyond the limit: they wait in order of arrival, or are dropped "
                 "(rejected).",
         .example = "drop"},
        {.name = "capacity",
         .type = ParameterType::count,
         .noun = "items",
         .min = 1,
         .max = 1e9,
         .help = "Most items that wait; further ones are rejected. No limit if left out.",
         .example = "500"},
        {.name = "over-limit",
         .type = ParameterType::component,
         .help = "The component to which items beyond the limit go, instead of waiting or being dropped; "
                 "those within "
                 "it follow the link.",
         .example = "slow_lane"},
    };
    kind.check = check;
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
