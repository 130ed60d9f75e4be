// What watches the others: it gathers what they report into periods and raises an alarm after so many bad
// ones. Freshness here is the time from a fault's first record to the alarm: the part of the repair time that
// passes before anyone knows.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

namespace headroom::model {

namespace {

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const double later = (component.number("bad-periods") - 1) * component.number("period");
    const Distribution& evaluation = component.distribution("evaluation");
    Lowered lowered;
    Queue intake;
    intake.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        return time_by_size(flow, 0, component.number("intake"));
    });
    lowered.stations = {
        {.name = "intake", .primitive = std::move(intake)},
        {.name = "period",
         .primitive = Batch{.max_wait = Duration(component.number("period")), .fixed = evaluation}},
        {.name = "alarm",
         .primitive = Delay{.time = by_class(context.class_count, flows, Distribution::constant(later))}}};
    pass_all(lowered, flows);
    for (Lowered::Way& way : lowered.ways) way.readable_at_end = true;
    return lowered;
}

}  // namespace

Kind monitoring_kind() {
    Kind kind;
    kind.id = "monitoring";
    kind.title = "Monitoring";
    kind.help =
        "Gathers what others report into periods and raises alarms; its freshness is the time to an alarm.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream};
    kind.parameters = {
        spec::duration("period", "60 s", 1, 86'400, "Interval over which records are gathered into a metric.",
                       "10 s"),
        spec::count("bad-periods", "periods", "3", 1, 1000, "Bad periods in a row before the alarm."),
        spec::time("evaluation", "5 s", "Time to evaluate a period and to notify.",
                   "{lognormal: {mean: 5 s, cv: 0.5}}"),
        spec::chosen(spec::data_rate("intake", "100 MB/s", "Bytes that it takes in a second.")),
        spec::measured(spec::count("metrics", "metrics", "100", 0, 1e9, "Metrics that are kept.")),
    };
    kind.billing = {{"logs", "bytes taken"}, {"metrics", "metrics kept, by the month"}};
    kind.check = [](const Component&, const Catalog&) { return Problems{}; };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        return std::vector<Usage>{monthly(component, "logs", activity.bytes_in().value()),
                                  monthly(component, "metrics", component.number("metrics"))};
    };
    return kind;
}

}  // namespace headroom::model
