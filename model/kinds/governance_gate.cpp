// What data and queries must pass: whether they may (a permission check), whether records are good (a quality
// check that rejects some), and an entry in the audit trail (Lake Formation and its like).

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

namespace headroom::model {

namespace {

/// Share of the records that have a schema which the check does not know yet, on average.
double unknown_schema(const Component& component) {
    if (!component.has("schema-every")) return 0;
    const double until = component.number("schema-known");
    return component.number("schema-share") * until / (component.number("schema-every") + until);
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const auto all = [&](const Distribution& time) { return by_class(context.class_count, flows, time); };
    const double unknown = unknown_schema(component);
    const double passed = (1 - component.number("reject-rate")) * (1 - unknown);
    std::vector<Flow> records;
    for (const Flow& flow : flows)
        if (flow.type == FlowType::stream) records.push_back(flow);
    Lowered lowered;
    lowered.stations.push_back(
        {.name = "permission", .primitive = Delay{.time = all(component.distribution("permission"))}});
    if (!records.empty())
        lowered.stations.push_back(
            {.name = "quality",
             .primitive = Queue{.servers = static_cast<int>(component.number("workers")),
                                .service = by_class(context.class_count, records,
                                                    component.distribution("quality-time"))},
             .yields = std::vector<double>(flows.size(), passed)});
    for (const Flow& flow : flows) {
        const bool stream = flow.type == FlowType::stream;
        Flow out = flow;
        if (stream) out.yield *= passed;
        // A permission is asked for once for a batch of records, but for every query.
        lowered.ways.push_back(
            {.stations = stream ? std::vector<int>{1} : std::vector<int>{0}, .out = std::move(out)});
    }
    if (unknown > 0 && !records.empty())
        lowered.notes.push_back(
            "changes of the schema cost " +
            format_quantity(unknown, dimensions::none, {.digits = 2, .percent = true}) +
            " of the records on average, spread over all of the time: " +
            format_quantity(component.number("schema-share"), dimensions::none, {.percent = true}) +
            " of them for " + format(Duration(component.number("schema-known"))) + ", every " +
            format(Duration(component.number("schema-every"))));
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    double asked = 0, records = 0;
    for (const Activity::Flow& flow : activity.flows) (is_stream(flow) ? records : asked) += flow.in.value();
    return {monthly(component, "permissions", asked),
            monthly(component, "audit entries", asked + records * component.number("audited")),
            monthly(component, "quality workers", records > 0 ? component.number("workers") : 0)};
}

}  // namespace

Kind governance_gate_kind() {
    Kind kind;
    kind.id = "governance-gate";
    kind.title = "Governance gate";
    kind.help =
        "Checks who may read, checks the quality of records and rejects some, and keeps an audit trail.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::time("permission", "30 ms", "Time to decide whether a query may read what it asks for.",
                   "{lognormal: {mean: 30 ms, cv: 0.5}}"),
        spec::share("reject-rate", "0 %", "Share of the records that fail the quality check.", "0.5 %"),
        spec::measured(spec::duration("schema-every", "", 60, 1e10,
                                      "Mean time between changes of the records' schema that the check does "
                                      "not know. Never if left out.",
                                      "60 d")),
        spec::measured(spec::duration("schema-known", "4 h", 0, 365 * 86'400.0,
                                      "Time from such a change until the check knows the new schema; until "
                                      "then it rejects records that have it.")),
        spec::measured(spec::share("schema-share", "100 %",
                                   "Share of the records that have the new schema meanwhile.", "20 %")),
        spec::time("quality-time", "2 us", "Time of one worker to check a record.", "{exponential: 2 us}"),
        spec::count("workers", "workers", "4", 1, 1e6, "Workers that check records at the same time."),
        spec::chosen(spec::share("audited", "0 %",
                                 "Share of the records that leave an audit entry; every query does.", "1 %")),
    };
    kind.billing = {{"permissions", "permissions asked for"},
                    {"audit entries", "entries of the audit trail"},
                    {"quality workers", "workers of the quality check, by the hour"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
