// Queries over files, on machines that the provider finds for each (Athena and its like). Queries do not
// share a cluster: each has its own scan rate; what they share is a quota of how many are active and how many
// may start in a second.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <cmath>

namespace headroom::model {

namespace {

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    Lowered lowered;
    lowered.stations.push_back(
        {.name = "start",
         .primitive = Queue{.service = by_class(context.class_count, flows,
                                                Distribution::constant(1 / component.number("starts")))}});
    const int active = static_cast<int>(component.number("active"));
    Queue queries{.servers = active};
    if (component.has("waiting")) queries.capacity = active + static_cast<int>(component.number("waiting"));
    // The fixed time and the scan follow one another; the spread is that of both.
    const Distribution& overhead = component.distribution("overhead");
    queries.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        const Distribution scan =
            flow.scan.scaled(component.number("expansion") / component.number("scan-rate"));
        const double mean = overhead.mean + scan.mean;
        const double variance =
            overhead.scv * overhead.mean * overhead.mean + scan.scv * scan.mean * scan.mean;
        return mean > 0 ? Distribution::lognormal(mean, std::sqrt(variance) / mean)
                        : Distribution::constant(0);
    });
    lowered.stations.push_back({.name = "queries", .primitive = std::move(queries)});
    pass_all(lowered, flows);
    // What is billed: at least so many bytes a query.
    for (Lowered::Station& station : lowered.stations)
        for (const Flow& flow : flows)
            station.sizes.emplace_back(mean_at_least(flow.scan, component.number("least-scan")));
    return lowered;
}

}  // namespace

Kind serverless_query_kind() {
    Kind kind;
    kind.id = "serverless-query";
    kind.title = "Serverless query";
    kind.help = "Answers queries over files, each on machines of its own, billed by the bytes it reads.";
    kind.category = "Query";
    kind.accepts = {FlowType::request};
    kind.parameters = {
        spec::time("overhead", "2 s", "Time of a query that does not grow with what it reads.",
                   "{lognormal: {mean: 2 s, cv: 0.3}}"),
        spec::data_rate("scan-rate", "5 GB/s", "Bytes that one query works through in a second."),
        spec::ratio("expansion", "1", 1, 1000,
                    "Bytes that a query works through for one byte that it reads: compressed columnar files "
                    "are unpacked "
                    "first; 1 for plain text.",
                    "8"),
        spec::count("active", "queries", "200", 1, 1e6, "Queries that run at the same time; a quota."),
        spec::count(
            "waiting", "queries", "", 0, 1e6,
            "Queries that may wait for others to end; further ones are rejected. No limit if left out.",
            "1000"),
        spec::item_rate("starts", "queries", "20 /s", 1e-3, 1e6,
                        "Queries that can start in a second; a quota."),
        spec::size("least-scan", "10 MB", 0, 1e12, "Bytes that are billed for a smaller query."),
    };
    kind.billing = {{"scanned", "bytes that queries read"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        return std::vector<Usage>{monthly(component, "scanned", activity.bytes_in().value())};
    };
    return kind;
}

}  // namespace headroom::model
