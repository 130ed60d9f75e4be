// Keys that are at hand, and those that are not.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/system/lru.h"
#include "model/units/unit.h"

#include <limits>

namespace headroom::model {

namespace {

Problems check(const Component& component, const Catalog&) {
    Problems problems;
    if (component.number("capacity") >= component.number("keys") && !component.has("life"))
        problems.push_back(
            problem_of(component, "capacity", Severity::warning,
                       "all keys fit, so that after the first request for each nothing is missed"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows, const LoweringContext&) {
    Cache cache{.capacity = component.number("capacity"),
                .popularity = {.keys = component.number("keys"), .exponent = component.number("skew")},
                .warm = component.flag("warm")};
    if (component.has("life")) cache.life = Duration(component.number("life"));
    Lowered lowered;
    if (!component.has("life")) {
        const auto exact = exact_hits(cache);
        const double hits = exact ? *exact : HitRatio(cache).in_the_long_run(per_second(1));
        lowered.notes.push_back("in the long run " +
                                format_quantity(hits, dimensions::none, {.percent = true}) +
                                " of the requests are hits, if keys are asked for independently" +
                                (exact ? "" : " (Che's approximation)"));
    }
    lowered.stations.push_back({.primitive = cache});
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = {0}, .out = flow});
    return lowered;
}

}  // namespace

Kind cache_kind() {
    Kind kind;
    kind.id = "cache";
    kind.title = "Cache";
    kind.help =
        "Holds the keys that were asked for last: hits follow the link, misses go to the component named.";
    kind.category = "Queueing";
    kind.plain = true;
    kind.second_way = "misses";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "capacity",
         .type = ParameterType::count,
         .noun = "keys",
         .required = true,
         .min = 1,
         .max = 1e8,
         .help = "How many keys it holds; the one that was asked for least recently makes room (LRU).",
         .example = "10000"},
        {.name = "keys",
         .type = ParameterType::count,
         .noun = "keys",
         .required = true,
         .min = 1,
         .max = 1e12,
         .help = "How many different keys are asked for.",
         .example = "1000000",
         .nature = Nature::measured},
        {.name = "skew",
         .dimension = dimensions::none,
         .default_text = "0.9",
         .max = 10,
         .help = "Exponent of Zipf's law: the key of rank i is asked for in proportion to 1 / i^skew, "
                 "independently of "
                 "what was asked before. 0: all keys alike.",
         .example = "0.9"},
        {.name = "life",
         .dimension = dimensions::time,
         .min = 1e-9,
         .max = 1e10,
         .help = "Time after which a key must be fetched anew, counted from when it was put in (TTL). For "
                 "ever if left "
                 "out.",
         .example = "10 min"},
        {.name = "warm",
         .type = ParameterType::flag,
         .default_text = "false",
         .help = "Whether it holds the most popular keys at the start, each with a part of its life behind "
                 "it; else it is empty and warms up.",
         .example = "true"},
        {.name = "misses",
         .type = ParameterType::component,
         .help = "The component to which items go whose key is not there; they leave if it is left out. The "
                 "key is put "
                 "in at once.",
         .example = "database"},
    };
    kind.check = check;
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
