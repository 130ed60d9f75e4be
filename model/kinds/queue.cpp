// The textbook station: servers, a service time, a discipline, a capacity, and where items go next.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"

#include <limits>
#include <utility>

namespace headroom::model {

namespace {

/// A count that may be left out.
int count_or(const Component& component, std::string_view name, int otherwise) {
    if (!component.has(name)) return otherwise;
    const double value = component.number(name);
    return value >= unlimited ? unlimited : static_cast<int>(value);
}

Problems check(const Component& component, const Catalog&) {
    Problems problems = check_routing(component);
    const int servers = count_or(component, "servers", 1);
    if (component.has("capacity") && count_or(component, "capacity", unlimited) < servers)
        problems.push_back(problem_of(component, "capacity", Severity::warning,
                                      "the capacity is less than the number of servers, so that some servers "
                                      "never work; it counts those in service too"));
    const bool shared = component.text("discipline") == "processor-sharing";
    if (component.has("admitted") && !shared)
        problems.push_back(problem_of(component, "admitted", Severity::warning,
                                      "this has no effect without 'discipline: processor-sharing'"));
    if (component.has("admitted") && shared && count_or(component, "admitted", unlimited) < servers)
        problems.push_back(problem_of(component, "admitted", Severity::warning,
                                      "fewer items are admitted than there are servers, so that some servers "
                                      "never work"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const bool shared = component.text("discipline") == "processor-sharing";
    Queue queue{.servers = count_or(component, "servers", 1),
                .discipline = shared ? Discipline::processor_sharing : Discipline::fcfs,
                .admitted = shared ? count_or(component, "admitted", unlimited) : unlimited,
                .capacity = count_or(component, "capacity", unlimited)};
    queue.service = by_class(context.class_count, flows, component.distribution("service"));
    Lowered lowered;
    lowered.stations.push_back({.primitive = std::move(queue)});
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = {0}, .out = flow});
    return lowered;
}

}  // namespace

Kind queue_kind() {
    Kind kind;
    kind.id = "queue";
    kind.title = "Queue";
    kind.help = "Servers with one waiting line in front of them.";
    kind.category = "Queueing";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "servers",
         .type = ParameterType::count,
         .noun = "servers",
         .default_text = "1",
         .min = 1,
         .max = 1e6,
         .help = "How many items can be served at the same time.",
         .example = "4"},
        {.name = "service",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .required = true,
         .help = "Time for which one item keeps one server busy.",
         .example = "{exponential: 100 ms}"},
        {.name = "discipline",
         .type = ParameterType::choice,
         .default_text = "fcfs",
         .choices = {"fcfs", "processor-sharing"},
         .help = "Whether items are served in order of arrival, or all at once at an equal share of the "
                 "servers.",
         .example = "processor-sharing"},
        {.name = "admitted",
         .type = ParameterType::count,
         .noun = "items",
         .min = 1,
         .max = 1e9,
         .help = "Most items that share the servers at a time under processor sharing; further ones wait in "
                 "order of arrival. No limit if left out.",
         .example = "10"},
        {.name = "capacity",
         .type = ParameterType::count,
         .noun = "items",
         .min = 1,
         .max = 1e9,
         .help = "Most items that can be present, waiting or in service; an item that finds it full is "
                 "rejected. No limit if left out.",
         .example = "100"},
        {.name = "routing",
         .type = ParameterType::routing,
         .help = "Probabilities of the components to which an item goes next; what is missing to 1 follows "
                 "the link, or leaves where there is none.",
         .example = "{checkout: 0.3}"},
    };
    kind.check = check;
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
