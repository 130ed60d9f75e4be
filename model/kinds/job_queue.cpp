// Jobs that wait for room in an environment of so many processors (AWS Batch and its like). A job takes its
// processors for as long as it runs; those that fit run side by side, in order of arrival.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>

namespace headroom::model {

namespace {

int places_of(const Component& component) {
    return static_cast<int>(component.number("vcpus") / component.number("job-vcpus") + 1e-9);
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const auto all = [&](const Distribution& time) { return by_class(context.class_count, flows, time); };
    Lowered lowered;
    lowered.stations = {
        {.name = "submit",
         .primitive = Queue{.service = all(Distribution::constant(1 / component.number("submissions")))}},
        {.name = "jobs",
         .primitive =
             Queue{.servers = places_of(component), .service = all(component.distribution("duration"))}},
        {.name = "start", .primitive = Delay{.time = all(component.distribution("start"))}}};
    for (const Flow& flow : flows) {
        Flow out = flow;
        out.partition_shares.clear();
        lowered.ways.push_back({.stations = {0, 2, 1}, .out = std::move(out)});
    }
    return lowered;
}

}  // namespace

Kind job_queue_kind() {
    Kind kind;
    kind.id = "job-queue";
    kind.title = "Job queue";
    kind.help = "Runs jobs side by side as long as there are processors; further ones wait in order.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::chosen(
            spec::ratio("vcpus", "", 0.25, 1e7, "Processors of the environment at the most.", "256"))),
        spec::chosen(spec::ratio("job-vcpus", "1", 0.25, 1000, "Processors that one job takes.", "4")),
        spec::size("job-memory", "2 GB", 1e6, 1e13, "Memory that one job takes."),
        spec::required(
            spec::time("duration", "", "How long a job runs.", "{lognormal: {mean: 10 min, cv: 1}}")),
        spec::measured(spec::time("start", "1 min", "Time until a job's container runs.",
                                  "{lognormal: {mean: 1 min, cv: 0.5}}")),
        spec::item_rate("submissions", "jobs", "50 /s", 1e-3, 1e6, "Jobs that can be submitted in a second."),
    };
    kind.billing = {{"processors", "processors, while jobs run"}, {"memory", "memory, while jobs run"}};
    kind.check = [](const Component& component, const Catalog&) {
        Problems problems;
        if (places_of(component) < 1)
            problems.push_back(problem_of(
                component, "job-vcpus", Severity::error,
                "no job fits into the environment, which has " +
                    format_quantity(component.number("vcpus"), dimensions::item, {.noun = "vCPU"})));
        return problems;
    };
    kind.lower = lower;
    kind.usage = [](const Component& component, const Activity& activity, const Catalog&) {
        const double busy = activity.items_in().value() * component.distribution("duration").mean;
        return std::vector<Usage>{monthly(component, "processors", busy * component.number("job-vcpus")),
                                  monthly(component, "memory", busy * component.number("job-memory"))};
    };
    return kind;
}

}  // namespace headroom::model
