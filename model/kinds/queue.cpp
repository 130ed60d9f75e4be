// The textbook station: servers, a service time, a discipline, a capacity, and where items go next.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"

#include <algorithm>
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

constexpr std::pair<const char*, Discipline> disciplines[] = {
    {"fcfs", Discipline::fcfs},
    {"lcfs", Discipline::lcfs},
    {"lcfs-preemptive", Discipline::lcfs_preemptive},
    {"random", Discipline::random},
    {"priority", Discipline::priority},
    {"priority-preemptive", Discipline::priority_preemptive},
    {"processor-sharing", Discipline::processor_sharing},
};

Discipline discipline_of(const Component& component) {
    for (const auto& [word, discipline] : disciplines)
        if (component.text("discipline") == word) return discipline;
    return Discipline::fcfs;
}

bool by_priority(Discipline discipline) {
    return discipline == Discipline::priority || discipline == Discipline::priority_preemptive;
}

Problems check(const Component& component, const Catalog&) {
    Problems problems = check_routing(component);
    const int servers = count_or(component, "servers", 1);
    if (component.has("capacity") && count_or(component, "capacity", unlimited) < servers)
        problems.push_back(problem_of(component, "capacity", Severity::warning,
                                      "the capacity is less than the number of servers, so that some servers "
                                      "never work; it counts those in service too"));
    const bool shared = discipline_of(component) == Discipline::processor_sharing;
    const bool ranked = by_priority(discipline_of(component));
    if (component.has("priorities") && !ranked)
        problems.push_back(problem_of(component, "priorities", Severity::warning,
                                      "this has no effect without 'discipline: priority' or "
                                      "'priority-preemptive'"));
    if (!component.has("priorities") && ranked)
        problems.push_back(problem_of(component, "discipline", Severity::error,
                                      "'priorities' is missing: a number for each workload, the higher the "
                                      "sooner served, for example {gold: 2, silver: 1}"));
    if (component.has("admitted") && !shared)
        problems.push_back(problem_of(component, "admitted", Severity::warning,
                                      "this has no effect without 'discipline: processor-sharing'"));
    if (component.has("admitted") && shared && count_or(component, "admitted", unlimited) < servers)
        problems.push_back(problem_of(component, "admitted", Severity::warning,
                                      "fewer items are admitted than there are servers, so that some servers "
                                      "never work"));
    return problems;
}

Expected<std::vector<Distribution>> service_of(const Component& component, const std::vector<Flow>& flows,
                                               int class_count) {
    const auto* own = std::get_if<NamedDistributions>(&component.settings.find("service")->second.value);
    if (own == nullptr) return by_class(class_count, flows, component.distribution("service"));
    std::vector<Distribution> times(static_cast<std::size_t>(class_count), Distribution::constant(0));
    Problems problems;
    for (const Flow& flow : flows) {
        const std::string id = flow.workload == nullptr ? std::string() : flow.workload->id;
        const auto found =
            std::find_if(own->begin(), own->end(), [&](const auto& entry) { return entry.first == id; });
        if (found == own->end()) {
            problems.push_back(problem_of(component, "service", Severity::error,
                                          "there is no time for workload '" + id + "', which arrives here"));
        } else {
            times[static_cast<std::size_t>(flow.item_class)] = found->second;
        }
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return times;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const Discipline discipline = discipline_of(component);
    const bool shared = discipline == Discipline::processor_sharing;
    auto service = service_of(component, flows, context.class_count);
    if (!service) return tl::unexpected(service.error());
    Queue queue{.servers = count_or(component, "servers", 1),
                .discipline = discipline,
                .admitted = shared ? count_or(component, "admitted", unlimited) : unlimited,
                .capacity = count_or(component, "capacity", unlimited)};
    if (by_priority(discipline) && component.has("priorities")) {
        queue.priorities.assign(static_cast<std::size_t>(context.class_count), 0);
        for (const Flow& flow : flows)
            for (const auto& [workload, priority] : component.named_numbers("priorities"))
                if (flow.workload != nullptr && flow.workload->id == workload)
                    queue.priorities[static_cast<std::size_t>(flow.item_class)] = priority;
    }
    Lowered lowered;
    // Nobody waits for servers without number: unless room is limited, they are a delay.
    if (queue.servers == unlimited && queue.capacity == unlimited) {
        lowered.stations.push_back({.primitive = Delay{.time = *std::move(service)}});
    } else {
        queue.servers = std::min(queue.servers, queue.servers == unlimited ? queue.capacity : unlimited);
        queue.service = *std::move(service);
        lowered.stations.push_back({.primitive = std::move(queue)});
    }
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
    kind.plain = true;
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        {.name = "servers",
         .type = ParameterType::count,
         .noun = "servers",
         .default_text = "1",
         .min = 1,
         .max = 1e6,
         .help = "How many items can be served at the same time; 'unlimited' if nobody ever waits.",
         .example = "4",
         .words = {{"unlimited", std::numeric_limits<double>::infinity()}}},
        {.name = "service",
         .type = ParameterType::times_by_class,
         .dimension = dimensions::time,
         .required = true,
         .help =
             "Time for which one item keeps one server busy: one for all, or one for each workload, as in "
             "{gold: {exponential: 5 ms}, silver: 20 ms}.",
         .example = "{exponential: 100 ms}"},
        {.name = "discipline",
         .type = ParameterType::choice,
         .default_text = "fcfs",
         .choices = {"fcfs", "lcfs", "lcfs-preemptive", "random", "priority", "priority-preemptive",
                     "processor-sharing"},
         .help = "Who is served next: first come, last come, a random one, or the highest priority; "
                 "'preemptive' interrupts who is in service, to resume later; 'processor-sharing' serves "
                 "all at once at an equal share of the servers.",
         .example = "processor-sharing"},
        {.name = "priorities",
         .type = ParameterType::numbers_by_class,
         .help = "A number for each workload, the higher the sooner served; 0 for those left out. Used by "
                 "the disciplines 'priority' and 'priority-preemptive'.",
         .example = "{gold: 2, silver: 1}"},
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
        routing_parameter(),
        switching_parameter(),
    };
    kind.check = check;
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
