// Code that runs for each request or batch of records, in environments that the provider starts as they are
// needed (Lambda, Fargate and their like).
//
// An environment serves one invocation at a time; those that run at once are limited by the concurrency. An
// invocation that finds no warm environment waits until one has started. With the busiest environment reused
// last, the n-th environment sees what overflows n - 1 others, at the rate a_n = lambda B(n - 1, a) by
// Erlang's loss formula; it is cold if nothing came for `keep-alive`, so that the share of cold starts is
// about
//     sum over n of (a_n - a_(n+1)) / lambda x exp(-a_n keep-alive).

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace headroom::model {

namespace {

double cold_share(double rate, double duration, double keep_alive, double most) {
    if (!(rate > 0)) return 1;
    const double load = rate * duration;
    double blocked = 1, share = 0;  // B(0, a) = 1
    for (double n = 1; n <= most && blocked > 1e-9; ++n) {
        const double next = load * blocked / (n + load * blocked);
        share += (blocked - next) * std::exp(-rate * blocked * keep_alive);
        blocked = next;
    }
    return std::clamp(share, 0.0, 1.0);
}

/// Factor by which code takes longer than it was measured to: an environment has a part of a processor by its
/// memory, up to a whole one.
double slower(const Component& component) {
    if (!component.has("measured-memory")) return 1;
    const double whole = component.has("whole-processor") ? component.number("whole-processor")
                                                          : std::numeric_limits<double>::infinity();
    return std::min(component.number("measured-memory"), whole) / std::min(component.number("memory"), whole);
}

Distribution duration_of(const Component& component) {
    return component.distribution("duration").scaled(slower(component));
}
double record_time_of(const Component& component) {
    return component.number("record-time") * slower(component);
}

bool in_batches(const Component& component, const Flow& flow) {
    return flow.type == FlowType::stream && component.number("batch-size") > 1;
}

/// Partitions of a stream, each of which fills batches of its own.
double lines_of(const Flow& flow) {
    return std::max<double>(1, static_cast<double>(flow.partition_shares.size()));
}

/// Invocations a second for so many items a second.
double invocations(const Component& component, const Flow& flow, double items) {
    if (!in_batches(component, flow)) return items;
    return std::max(items / component.number("batch-size"),
                    std::min(items, lines_of(flow) / std::max(1e-3, component.number("batch-window"))));
}

/// Batches of a stream that are worked on at the same time: as many as its shards let, where that is stated.
/// They are there from the beginning.
std::optional<int> pollers(const Component& component, const Flow& flow) {
    if (!component.has("parallelization") || flow.partition_shares.empty()) return {};
    return static_cast<int>(component.number("parallelization")) *
           static_cast<int>(flow.partition_shares.size());
}

/// Whether a sudden rise of the flow needs environments faster than the provider starts them; notes say so.
bool outpaces(const Component& component, const Flow& flow, double duration, Lowered& lowered) {
    const RateProfile* rate = nullptr;
    if (const auto* stream = std::get_if<Stream>(&flow.workload->load)) rate = &stream->rate;
    if (const auto* requests = std::get_if<Requests>(&flow.workload->load)) rate = &requests->rate;
    if (rate == nullptr || (in_batches(component, flow) && pollers(component, flow))) return false;
    bool any = false;
    for (const RateEvent& event : rate->events) {
        if (event.factor <= 1) continue;
        const double before = rate->at(event.from - seconds(1)).value() * flow.yield;
        const double more =
            (invocations(component, flow, before * event.factor) - invocations(component, flow, before)) *
            duration;
        const double takes = more / component.number("scaling-rate");
        if (takes < 1) continue;
        any = true;
        lowered.notes.push_back(
            "'" + event.name + "' needs " + format_quantity(more, dimensions::item, {.digits = 3}) +
            " more environments at once, which take " + format(seconds(takes)) + " to start");
    }
    return any;
}

/// Environments that come as fast as the provider starts them, for the stations named.
Scaler starting(const Component& component, std::vector<int> stations) {
    return {.stations = std::move(stations),
            .first = 0,
            .target = 1,
            .steady = 0,
            .growth = component.number("scaling-rate") / component.number("concurrency"),
            .sees_waiting = true,
            .margin = 3,
            .period = seconds(1),
            .cool_down = Duration(component.number("keep-alive"))};
}

/// Each partition of a stream fills batches of its own; those of all partitions are taken to be closed
/// together, and run as far as there are environments for them.
Batch batches(const Component& component, const std::vector<Flow>& flows, Lowered& lowered) {
    const int concurrency = static_cast<int>(component.number("concurrency"));
    double bytes = 0, lines = 0, most = 0;
    for (const Flow& flow : flows) {
        bytes += flow.size.value() / static_cast<double>(flows.size());
        lines += lines_of(flow);
        const int own = std::min(concurrency, pollers(component, flow).value_or(concurrency));
        if (own < concurrency)
            lowered.notes.push_back("at most " + std::to_string(own) + " batches of '" + flow.workload->id +
                                    "' run at the same time: so many its " +
                                    std::to_string(flow.partition_shares.size()) + " partitions let");
        most += own;
    }
    most = std::min<double>(concurrency, most);
    // Waves of batches at the same time, as nearly as whole ones come; all together have the environments.
    const double waves = std::max(1.0, std::round(most / lines)), slower_by = lines * waves / most;
    Batch batch{.max_items = lines * component.number("batch-size"),
                .max_wait = Duration(component.number("batch-window")),
                .writers = static_cast<int>(waves),
                .fixed = duration_of(component).scaled(slower_by),
                .lines = lines};
    if (record_time_of(component) > 0 && bytes > 0)
        batch.rate = DataRate(lines * bytes / record_time_of(component) / slower_by);
    return batch;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const Distribution duration = duration_of(component);
    const double per_record = record_time_of(component);
    const int concurrency = static_cast<int>(component.number("concurrency"));
    std::vector<Flow> batched, single;
    for (const Flow& flow : flows) (in_batches(component, flow) ? batched : single).push_back(flow);

    Lowered lowered;
    double runs = 0;
    std::vector<int> scaled;
    for (const Flow& flow : flows) {
        runs += invocations(component, flow, mean_rate(flow, context.scenario));
        const bool batch = in_batches(component, flow);
        const int station = batch && !single.empty() ? 2 : 1;
        const double time = duration.mean + (batch ? component.number("batch-size") : 1) * per_record;
        if (outpaces(component, flow, time, lowered) &&
            std::find(scaled.begin(), scaled.end(), station) == scaled.end())
            scaled.push_back(station);
    }
    if (!scaled.empty()) lowered.scaler = starting(component, std::move(scaled));
    const double cold = cold_share(runs, duration.mean + per_record, component.number("keep-alive"),
                                   component.number("concurrency"));
    const Distribution start = now_and_then(cold, component.distribution("cold-start"));
    lowered.notes.push_back("about " +
                            format_quantity(cold, dimensions::none, {.digits = 2, .percent = true}) +
                            " of the invocations start cold");
    lowered.stations.push_back(
        {.name = "start", .primitive = Delay{.time = by_class(context.class_count, flows, start)}});
    if (!single.empty()) {
        Queue queue{.servers = concurrency, .discipline = Discipline::fcfs};
        if (component.has("waiting"))
            queue.capacity = concurrency + static_cast<int>(component.number("waiting"));
        queue.service = by_class(context.class_count, single,
                                 duration.scaled((duration.mean + per_record) / duration.mean));
        lowered.stations.push_back({.name = "invocations", .primitive = std::move(queue)});
    }
    const int batch_station = static_cast<int>(lowered.stations.size());
    if (!batched.empty())
        lowered.stations.push_back({.name = "batches", .primitive = batches(component, batched, lowered)});
    for (Lowered::Station& station : lowered.stations) {
        if (&station == &lowered.stations.front()) continue;
        station.yields.assign(flows.size(), component.number("selectivity"));
    }
    for (const Flow& flow : flows) {
        Flow out = flow;
        out.yield *= component.number("selectivity");
        if (component.has("output-size")) out.size = ItemSize(component.number("output-size"));
        out.partition_shares.clear();
        const bool waits = in_batches(component, flow);
        lowered.ways.push_back(
            {.stations = waits ? std::vector<int>{0, batch_station} : std::vector<int>{0, 1},
             .out = std::move(out)});
    }
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    const double memory = component.number("memory"), cpus = component.number("vcpus");
    double runs = 0, busy = 0;
    for (const Activity::Flow& flow : activity.flows) {
        const double own = flow.batches.value() > 0 ? flow.batches.value() : flow.in.value();
        runs += own;
        busy += own * duration_of(component).mean + flow.in.value() * record_time_of(component);
    }
    return {monthly(component, "requests", runs), monthly(component, "memory", busy * memory),
            monthly(component, "processors", busy * cpus)};
}

}  // namespace

Kind function_service_kind() {
    Kind kind;
    kind.id = "function-service";
    kind.title = "Function service";
    kind.help =
        "Runs code for each request or batch of records, in environments that start as they are needed.";
    kind.category = "Process";
    kind.accepts = {FlowType::stream, FlowType::request};
    kind.parameters = {
        spec::required(spec::time("duration", "",
                                  "How long an invocation runs, beside the time of its records.",
                                  "{lognormal: {mean: 40 ms, cv: 0.5}}")),
        spec::measured(
            spec::duration("record-time", "0 s", 0, 900, "Time of each record of an invocation.", "200 us")),
        spec::count("batch-size", "records", "100", 1, 10'000,
                    "Most records of a stream that one invocation takes; requests come one by one."),
        spec::duration("batch-window", "300 ms", 0, 300, "Longest wait for a batch to fill."),
        spec::count("parallelization", "batches", "", 1, 100,
                    "Batches of a partitioned stream that are worked on at the same time for each partition "
                    "(parallelization factor); as many as the concurrency lets, if left out.",
                    "2"),
        spec::count("concurrency", "environments", "1000", 1, 1e6,
                    "Most invocations that run at the same time; a quota of the account."),
        spec::count(
            "waiting", "requests", "", 0, 1e9,
            "Requests that may wait for an environment; further ones are rejected. No limit if left out.",
            "0"),
        spec::time("cold-start", "250 ms", "Time until a new environment can run.",
                   "{lognormal: {mean: 150 ms, cv: 0.25}}"),
        spec::duration("keep-alive", "10 min", 0, 86'400,
                       "Idle time after which an environment is given up."),
        spec::item_rate("scaling-rate", "environments", "100 /s", 1e-3, 1e6,
                        "New environments that the provider starts in a second."),
        spec::size("memory", "1 GB", 1e6, 1e12, "Memory of an environment; billed while it runs."),
        spec::chosen(spec::size("measured-memory", "", 1e6, 1e12,
                                "Memory at which 'duration' and 'record-time' were measured: with less, an "
                                "environment has less of a processor and takes longer in proportion. The "
                                "memory at hand, if left out.",
                                "1769 MB")),
        spec::chosen(spec::size("whole-processor", "", 1e6, 1e12,
                                "Memory with which an environment has a whole processor; code that uses "
                                "one at a time is no faster with more. No limit if left out.",
                                "1769 MB")),
        spec::chosen(spec::ratio("vcpus", "0", 0, 1000,
                                 "Processors of an environment, where they are billed by themselves.",
                                 "0.5")),
        spec::ratio("selectivity", "1", 0, 1e6, "Items out for one item in."),
        spec::measured(spec::size("output-size", "", 0, 1e9,
                                  "Bytes of an item that leaves; as it came, if left out.", "180 B")),
    };
    kind.billing = {{"requests", "invocations"},
                    {"memory", "memory held while invocations run"},
                    {"processors", "processors held while invocations run"}};
    kind.check = [](const Component& component, const Catalog&) {
        Problems problems;
        require_time(component, "duration", problems);
        if (duration_of(component).mean > 900 && component.technology == "lambda")
            problems.push_back(problem_of(component, "duration", Severity::error,
                                          "an invocation is ended after 15 min, and takes " +
                                              format(Duration(duration_of(component).mean)) + " on average"));
        return problems;
    };
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
