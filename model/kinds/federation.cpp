// Queries over many sources at once (federated queries and their like). Each source is asked for its part;
// the query goes on when the slowest has answered, P(max <= t) = F(t)^n, and then joins what came. What a
// source cannot filter itself is moved through connectors, whose number is limited.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

namespace headroom::model {

namespace {

/// Bytes that a query moves from its sources, all together.
double moved(const Component& component, const Flow& flow) {
    return flow.scan.mean * (1 - component.number("pushdown"));
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const double sources = component.number("sources-per-query");
    const Distribution slowest = slowest_of(component.distribution("source-time"), sources);
    Lowered lowered;
    Queue connectors{.servers = static_cast<int>(component.number("queries"))};
    connectors.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        // Each source sends its part at the same time as the others.
        const double transfer = moved(component, flow) / sources / component.number("connector-rate");
        return slowest.scaled((slowest.mean + transfer) / slowest.mean);
    });
    lowered.stations = {{.name = "plan",
                         .primitive = Delay{.time = by_class(context.class_count, flows,
                                                             component.distribution("overhead"))}},
                        {.name = "sources", .primitive = std::move(connectors)}};
    pass_all(lowered, flows);
    for (Lowered::Station& station : lowered.stations)
        for (const Flow& flow : flows) station.sizes.emplace_back(moved(component, flow));
    for (std::size_t i = 0; i < flows.size(); ++i)
        lowered.ways[i].out.scan = flows[i].scan.scaled(1 - component.number("pushdown"));
    lowered.notes.push_back("a query waits for the slowest of " +
                            format_quantity(sources, dimensions::item, {.digits = 4}) +
                            " sources: " + format(seconds(slowest.mean)) + " in the mean, where one takes " +
                            format(seconds(component.distribution("source-time").mean)));
    return lowered;
}

}  // namespace

Kind federation_kind() {
    Kind kind;
    kind.id = "federation";
    kind.title = "Federation";
    kind.help = "Answers queries from many sources at once; each query waits for the slowest source.";
    kind.category = "Query";
    kind.accepts = {FlowType::request};
    kind.parameters = {
        spec::measured(spec::count("sources-per-query", "sources", "10", 1, 100'000,
                                   "Sources that one query asks.", "100")),
        spec::time("source-time", "1 s", "Time of one source to answer its part.",
                   "{lognormal: {mean: 1 s, cv: 1}}"),
        spec::share("pushdown", "90 %", "Share of what a query reads that the sources filter themselves."),
        spec::data_rate("connector-rate", "50 MB/s", "Bytes that one connector moves in a second."),
        spec::count("queries", "queries", "100", 1, 1e6, "Queries that ask their sources at the same time."),
        spec::time("overhead", "500 ms", "Time to plan a query and to start its connectors.",
                   "{lognormal: {mean: 500 ms, cv: 0.5}}"),
    };
    kind.billing = {{"moved", "bytes moved from the sources"}};
    kind.check = [](const Component& component, const Catalog&) {
        Problems problems;
        require_time(component, "source-time", problems);
        return problems;
    };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        return std::vector<Usage>{monthly(component, "moved", activity.bytes_in().value())};
    };
    return kind;
}

}  // namespace headroom::model
