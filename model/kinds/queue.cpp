// The textbook station: servers, a service time, a discipline, a capacity, and where items go next.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"

#include <algorithm>
#include <limits>
#include <optional>
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

constexpr std::pair<const char*, Overflow> overflows[] = {
    {"drop", Overflow::drop}, {"block", Overflow::block}, {"retry", Overflow::retry}};

Discipline discipline_of(const Component& component) {
    for (const auto& [word, discipline] : disciplines)
        if (component.text("discipline") == word) return discipline;
    return Discipline::fcfs;
}

bool by_priority(Discipline discipline) {
    return discipline == Discipline::priority || discipline == Discipline::priority_preemptive;
}

bool preemptive(Discipline discipline) {
    return discipline == Discipline::lcfs_preemptive || discipline == Discipline::priority_preemptive;
}

/// What has no effect, or contradicts another parameter, said at the parameter in question.
class Inspection {
public:
    explicit Inspection(const Component& component)
        : component_(component), discipline_(discipline_of(component)) {}

    Problems run() {
        problems_ = check_routing(component_);
        const int servers = count_or(component_, "servers", 1);
        const bool shared = discipline_ == Discipline::processor_sharing;
        if (component_.has("capacity") && count_or(component_, "capacity", unlimited) < servers &&
            servers != unlimited)
            warn("capacity",
                 "the capacity is less than the number of servers, so that some servers never "
                 "work; it counts those in service too");
        if (component_.has("priorities") && !by_priority(discipline_))
            warn("priorities", "this has no effect without 'discipline: priority' or 'priority-preemptive'");
        if (!component_.has("priorities") && by_priority(discipline_))
            refuse("discipline",
                   "'priorities' is missing: a number for each workload, the higher the "
                   "sooner served, for example {gold: 2, silver: 1}");
        if (component_.has("admitted") && !shared)
            warn("admitted", "this has no effect without 'discipline: processor-sharing'");
        if (component_.has("admitted") && shared && count_or(component_, "admitted", unlimited) < servers)
            warn("admitted",
                 "fewer items are admitted than there are servers, so that some servers never "
                 "work");
        if (component_.has("speeds") && servers == unlimited)
            refuse("speeds", "with unlimited servers nobody shares a server; give 'servers' a number");
        inspect_room();
        inspect_batches(shared);
        if (component_.has("patience") && shared)
            refuse("patience",
                   "under 'discipline: processor-sharing' everyone is served at once and nobody "
                   "waits; take another discipline, or a 'timeout' of the workload");
        return std::move(problems_);
    }

private:
    void inspect_room() {
        const std::string& full = component_.text("when-full");
        if (full != "drop" && !component_.has("capacity"))
            refuse("when-full", "this needs a 'capacity': without one there is always room");
        if (full == "retry" && !component_.has("retry-after"))
            refuse("when-full",
                   "'retry-after' is missing: the time after which an item that found no room "
                   "comes again, for example {exponential: 1 s}");
        if (full == "retry" && component_.has("retry-after") &&
            !(component_.distribution("retry-after").mean > 0))
            refuse("retry-after",
                   "a time above 0 is expected: an item that comes again at once would come "
                   "without end");
        for (const char* name : {"retry-after", "attempts"})
            if (full != "retry" && component_.has(name) &&
                component_.settings.find(name)->second.origin == Origin::scenario)
                warn(name, "this has no effect without 'when-full: retry'");
    }

    void inspect_batches(bool shared) {
        const int most = count_or(component_, "batch", 1), least = count_or(component_, "batch-least", 1);
        if (least > most)
            refuse("batch-least", "a server that takes at most " + std::to_string(most) +
                                      " at once cannot wait for " + std::to_string(least) +
                                      "; raise 'batch'");
        if (least > count_or(component_, "capacity", unlimited))
            refuse("batch-least", "no service would ever begin: 'capacity' leaves room for fewer items");
        if (most > 1 && (shared || preemptive(discipline_)))
            refuse("batch", "a batch is served as a whole: it cannot be combined with 'discipline: " +
                                component_.text("discipline") + "'");
    }

    void warn(const char* parameter, const std::string& message) {
        problems_.push_back(problem_of(component_, parameter, Severity::warning, message));
    }
    void refuse(const char* parameter, const std::string& message) {
        problems_.push_back(problem_of(component_, parameter, Severity::error, message));
    }

    const Component& component_;
    Discipline discipline_;
    Problems problems_;
};

Problems check(const Component& component, const Catalog&) { return Inspection(component).run(); }

const Distribution* find_time(const NamedDistributions& times, const Flow& flow) {
    const auto found = std::find_if(times.begin(), times.end(), [&](const auto& entry) {
        return flow.workload != nullptr && entry.first == flow.workload->id;
    });
    return found == times.end() ? nullptr : &found->second;
}

Expected<std::vector<Distribution>> service_of(const Component& component, const std::vector<Flow>& flows,
                                               int class_count) {
    const auto* own = std::get_if<NamedDistributions>(&component.settings.find("service")->second.value);
    if (own == nullptr) return by_class(class_count, flows, component.distribution("service"));
    std::vector<Distribution> times(static_cast<std::size_t>(class_count), Distribution::constant(0));
    Problems problems;
    for (const Flow& flow : flows) {
        if (const Distribution* time = find_time(*own, flow)) {
            times[static_cast<std::size_t>(flow.item_class)] = *time;
        } else {
            const std::string id = flow.workload == nullptr ? std::string() : flow.workload->id;
            problems.push_back(problem_of(component, "service", Severity::error,
                                          "there is no time for workload '" + id + "', which arrives here"));
        }
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return times;
}

/// Workloads that are left out wait for ever.
std::vector<std::optional<Distribution>> patience_of(const Component& component,
                                                     const std::vector<Flow>& flows, int class_count) {
    std::vector<std::optional<Distribution>> patience(static_cast<std::size_t>(class_count));
    const ParameterValue& value = component.settings.find("patience")->second.value;
    for (const Flow& flow : flows) {
        auto& own = patience[static_cast<std::size_t>(flow.item_class)];
        if (const auto* times = std::get_if<NamedDistributions>(&value)) {
            if (const Distribution* time = find_time(*times, flow)) own = *time;
        } else {
            own = std::get<Distribution>(value);
        }
    }
    return patience;
}

std::vector<double> priorities_of(const Component& component, const std::vector<Flow>& flows,
                                  int class_count) {
    std::vector<double> priorities(static_cast<std::size_t>(class_count), 0);
    for (const Flow& flow : flows)
        for (const auto& [workload, priority] : component.named_numbers("priorities"))
            if (flow.workload != nullptr && flow.workload->id == workload)
                priorities[static_cast<std::size_t>(flow.item_class)] = priority;
    return priorities;
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
    if (by_priority(discipline) && component.has("priorities"))
        queue.priorities = priorities_of(component, flows, context.class_count);
    if (component.has("speeds"))
        for (const auto& [present, speed] : component.named_numbers("speeds")) queue.speeds.push_back(speed);
    queue.batch_most = count_or(component, "batch", 1);
    queue.batch_least = count_or(component, "batch-least", 1);
    if (component.has("patience")) queue.patience = patience_of(component, flows, context.class_count);
    for (const auto& [word, overflow] : overflows)
        if (component.text("when-full") == word) queue.overflow = overflow;
    if (queue.overflow == Overflow::retry) {
        queue.retry_after = component.distribution("retry-after");
        queue.attempts = count_or(component, "attempts", unlimited);
    }
    Lowered lowered;
    // Nobody waits for servers without number: unless room is limited or batches must gather, they are a
    // delay.
    if (queue.servers == unlimited && queue.capacity == unlimited && queue.batch_most == 1) {
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
         .help = "Most items that can be present, waiting or in service. No limit if left out.",
         .example = "100"},
        {.name = "when-full",
         .type = ParameterType::choice,
         .default_text = "drop",
         .choices = {"drop", "block", "retry"},
         .help = "What happens to an item that finds 'capacity' used up: it is rejected (drop); it stays "
                 "with the server upstream that has finished it, which can serve nobody else meanwhile, or "
                 "waits outside where it does not come from a queue's servers (block: transfer blocking, "
                 "in order); or it comes again later (retry).",
         .example = "block"},
        {.name = "retry-after",
         .type = ParameterType::distribution,
         .dimension = dimensions::time,
         .help = "Time after which an item that found no room tries again, each on its own, under "
                 "'when-full: retry'.",
         .example = "{exponential: 1 s}",
         .nature = Nature::chosen},
        {.name = "attempts",
         .type = ParameterType::count,
         .noun = "attempts",
         .default_text = "unlimited",
         .min = 1,
         .max = 1e6,
         .help = "How often an item tries to enter before it is rejected, the first time included, under "
                 "'when-full: retry'.",
         .example = "5",
         .words = {{"unlimited", std::numeric_limits<double>::infinity()}}},
        {.name = "patience",
         .type = ParameterType::times_by_class,
         .dimension = dimensions::time,
         .help = "How long an item waits for its service to begin before it gives up and expires: one time "
                 "for all, or one for each workload. Everyone waits for ever if left out.",
         .example = "{exponential: 30 s}"},
        {.name = "speeds",
         .type = ParameterType::numbers,
         .min = 1e-6,
         .max = 1e6,
         .help = "Speed of every server by the number of items present (load-dependent service): the first "
                 "number with one item, the second with two, the last with all more. Always 1 if left out.",
         .example = "[1, 1.6, 2]"},
        {.name = "batch",
         .type = ParameterType::count,
         .noun = "items",
         .default_text = "1",
         .min = 1,
         .max = 1e6,
         .help = "Most items that a server takes at once; they are served together in one service time and "
                 "leave together. Who comes later waits for the next batch.",
         .example = "8"},
        {.name = "batch-least",
         .type = ParameterType::count,
         .noun = "items",
         .default_text = "1",
         .min = 1,
         .max = 1e6,
         .help = "Number of waiting items with which a server begins a batch.",
         .example = "4"},
        routing_parameter(),
        switching_parameter(),
    };
    kind.check = check;
    kind.lower = lower;
    kind.usage = [](const Component&, const Activity&, const Catalog&) { return std::vector<Usage>{}; };
    return kind;
}

}  // namespace headroom::model
