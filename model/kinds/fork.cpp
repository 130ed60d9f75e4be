// Copies of an item that go separate ways, and the place where they meet again.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::model {

namespace {

Expected<Lowered> lower_one(Primitive primitive, const std::vector<Flow>& flows) {
    Lowered lowered;
    lowered.stations.push_back({.primitive = std::move(primitive)});
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = {0}, .out = flow});
    return lowered;
}

int links_from(const Scenario& scenario, const std::string& id) {
    return static_cast<int>(std::count_if(scenario.links.begin(), scenario.links.end(),
                                          [&](const Link& link) { return link.from == id; }));
}

Expected<Lowered> lower_fork(const Component& component, const std::vector<Flow>& flows,
                             const LoweringContext& context) {
    Fork fork{.copies = std::max(1, links_from(context.scenario, component.id)),
              .hedge_after = Duration(component.has("hedge-after") ? component.number("hedge-after") : 0)};
    if (component.has("copies")) fork.copies = static_cast<int>(component.number("copies"));
    return lower_one(fork, flows);
}

Expected<Lowered> lower_join(const Component& component, const std::vector<Flow>& flows,
                             const LoweringContext&) {
    const double needed = component.number("wait-for");
    return lower_one(Join{.needed = std::isinf(needed) ? unlimited : static_cast<int>(needed),
                          .cancel = component.flag("cancel")},
                     flows);
}

}  // namespace

Kind fork_kind() {
    Kind kind;
    kind.id = "fork";
    kind.title = "Fork";
    kind.help =
        "Makes copies of each item, which go along its links at the same time and meet again in a join; the "
        "item goes on from there.";
    kind.category = "Queueing";
    kind.plain = true;
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "copies",
         .type = ParameterType::count,
         .noun = "copies",
         .min = 1,
         .max = 10'000,
         .help =
             "How many copies are made of an item. One along each link if left out; with more copies than "
             "links they are dealt over the links in turn, with fewer they go along so many of the links, "
             "beginning with one at random.",
         .example = "100"},
        {.name = "hedge-after",
         .dimension = dimensions::time,
         .max = 1e9,
         .help =
             "Hedged requests: only as many copies as the join waits for go at once, and each further one "
             "when this time has passed and the join still waits. All go at once if left out.",
         .example = "10 ms"},
    };
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower_fork;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

Kind join_kind() {
    Kind kind;
    kind.id = "join";
    kind.title = "Join";
    kind.help = "Where the copies that a fork made of an item meet: the item goes on when enough have come.";
    kind.category = "Queueing";
    kind.plain = true;
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "wait-for",
         .type = ParameterType::count,
         .noun = "copies",
         .default_text = "all",
         .min = 1,
         .max = 10'000,
         .help = "How many copies must have come before the item goes on: all, any (the first), or a number. "
                 "Copies that come later are dropped.",
         .example = "any",
         .words = {{"all", std::numeric_limits<double>::infinity()}, {"any", 1}}},
        {.name = "cancel",
         .type = ParameterType::flag,
         .default_text = "false",
         .help =
             "Whether copies that still wait in the line of a queue are withdrawn as soon as the item goes "
             "on; those in service are finished.",
         .example = "true"},
        routing_parameter(),
        switching_parameter(),
    };
    kind.check = [](const Component& component, const Catalog&) { return check_routing(component); };
    kind.lower = lower_join;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
