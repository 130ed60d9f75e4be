// A log in shards that the provider runs (Kinesis Data Streams and its like).
//
// A shard takes so many bytes and so many records a second, and hands out so many bytes to all its consumers
// together; a key is always in the same shard, so that a hot one fills its shard first. Consumers that poll
// share a shard's reads a second. A read is granted every 1/r; with n consumers each grant goes to each with
// probability 1/n, so a record waits for the next grant and then for those of others:
//     wait = U(0, 1/r) + G / r,  P(G = k) = (1 - 1/n)^k / n,  mean (n - 1/2) / r.

#include "model/kinds/all.h"
#include "model/kinds/parts.h"
#include "model/kinds/specs.h"
#include "model/units/unit.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

bool on_demand(const Component& component) { return component.text("mode") == "on-demand"; }
bool fans_out(const Component& component) { return component.text("reading") == "fan-out"; }

double consumers_of(const Component& component, const Scenario& scenario) {
    if (component.has("consumers")) return component.number("consumers");
    const auto links = std::count_if(scenario.links.begin(), scenario.links.end(),
                                     [&](const Link& link) { return link.from == component.id; });
    return std::max<double>(1, static_cast<double>(links));
}

/// The wait above: between its values at the multiples of 1/r it is linear.
Distribution polling(double consumers, double reads) {
    Distribution wait{.family = Family::empirical, .probabilities = {0}, .values = {0}};
    const double own = 1 / consumers, step = 1 / reads;
    double below = 0, second = 0;
    for (int k = 0; k < 400 && below < 1; ++k) {
        const double part = below > 1 - 1e-6 || consumers <= 1 ? 1 - below : (1 - below) * own;
        const double from = k * step, to = from + step;
        wait.mean += part * (from + to) / 2;
        second += part * (from * from + from * to + to * to) / 3;
        below = part == 1 - below ? 1 : below + part;
        wait.probabilities.push_back(below);
        wait.values.push_back(to);
    }
    wait.probabilities.back() = 1;
    wait.scv = std::max(0.0, second / (wait.mean * wait.mean) - 1);
    return wait;
}

struct Times {
    double in = 0, records = 0, out = 0;  ///< of one record, by each of a shard's limits
    double longest() const { return std::max({in, records, out}); }
};

Times times_of(const Component& component, const Flow& flow, double consumers) {
    Times times{.in = flow.size.value() / component.number("shard-in"),
                .records = 1 / component.number("shard-records"),
                .out = flow.size.value() / component.number("shard-out")};
    if (!fans_out(component)) times.out *= consumers;
    return times;
}

Problems check(const Component& component, const Catalog&) {
    Problems problems;
    if (on_demand(component) && component.settings.find("shards")->second.origin == Origin::scenario)
        problems.push_back(
            problem_of(component, "shards", Severity::note,
                       "on demand the provider chooses the shards; these are the ones that the "
                       "stream has grown to"));
    if (fans_out(component) && component.has("consumers") && component.number("consumers") > 20)
        problems.push_back(problem_of(component, "consumers", Severity::error,
                                      "at most 20 consumers of a stream can have reads of their own"));
    return problems;
}

Expected<Lowered> lower(const Component& component, const std::vector<Flow>& flows,
                        const LoweringContext& context) {
    const int shards = static_cast<int>(component.number("shards"));
    const double consumers = consumers_of(component, context.scenario);
    std::vector<double> keys;
    for (const Flow& flow : flows)
        if (keys.empty()) keys = flow.key_shares;
    PartitionedLog log{.shares = hashed_shares(keys, shards), .consumers = shards};
    log.service = by_class(context.class_count, flows, [&](const Flow& flow) {
        const Times times = times_of(component, flow, consumers);
        if (times.longest() == times.records) return Distribution::constant(times.records);
        return time_by_size(flow, 0, flow.size.value() / times.longest());
    });
    const double hottest = *std::max_element(log.shares.begin(), log.shares.end());
    Lowered lowered;
    lowered.stations.push_back({.name = "shards", .primitive = std::move(log)});
    lowered.stations.push_back({.name = "propagation",
                                .primitive = Delay{.time = by_class(context.class_count, flows,
                                                                    component.distribution("propagation"))}});
    if (!fans_out(component))
        lowered.stations.push_back(
            {.name = "poll",
             .primitive = Delay{.time = by_class(context.class_count, flows,
                                                 polling(consumers, component.number("reads")))}});
    pass_all(lowered, flows);
    double load = 0;
    const char* binding = "";
    for (std::size_t i = 0; i < flows.size(); ++i) {
        lowered.ways[i].out.partition_shares = hashed_shares(flows[i].key_shares, shards);
        const Times times = times_of(component, flows[i], consumers);
        load += peak_rate(flows[i], context.scenario).value() * times.longest();
        binding = times.longest() == times.out       ? "what its consumers read"
                  : times.longest() == times.records ? "the number of records"
                                                     : "the bytes that come in";
    }
    lowered.notes.push_back(std::string(binding) + " is what limits a shard; at the peak the hottest of " +
                            std::to_string(shards) + " is used to " +
                            format_quantity(load * hottest, dimensions::none, {.percent = true}));
    return lowered;
}

std::vector<Usage> usage(const Component& component, const Activity& activity, const Catalog&) {
    const double in = activity.bytes_in().value();
    const double readers =
        component.has("consumers") ? component.number("consumers") : std::max(0, activity.readers);
    std::vector<Usage> used;
    const double shards = component.number("shards");
    if (on_demand(component)) {
        used = {monthly(component, "stream hours", 1), monthly(component, "bytes in", in)};
        used.push_back(
            monthly(component, fans_out(component) ? "fan-out bytes on demand" : "bytes out", in * readers));
    } else {
        double units = 0;  // payload is counted in pieces of 25 KB
        for (const Activity::Flow& flow : activity.flows)
            if (flow.in.value() > 0)
                units += flow.in.value() * std::ceil(flow.bytes_in.value() / flow.in.value() / 25e3 - 1e-9);
        used = {monthly(component, "shard hours", shards), monthly(component, "put units", units)};
        if (fans_out(component)) {
            used.push_back(monthly(component, "fan-out hours", shards * readers));
            used.push_back(monthly(component, "fan-out bytes", in * readers));
        }
    }
    if (!on_demand(component) && component.number("retention") > 86'400)
        used.push_back(monthly(component, "extended retention", shards));
    const double beyond = component.number("retention") - 7 * 86'400.0;
    if (beyond > 0) used.push_back(monthly(component, "long retention", in * beyond));
    return used;
}

}  // namespace

Kind sharded_log_kind() {
    Kind kind;
    kind.id = "sharded-log";
    kind.title = "Sharded log";
    kind.help = "Keeps records in order in shards of fixed capacity, run by the provider, for many readers.";
    kind.category = "Ingest";
    kind.accepts = {FlowType::stream};
    kind.parameters = {
        spec::required(spec::count("shards", "shards", "", 1, 1e6,
                                   "Shards of the stream; a key is always in the same one.", "100")),
        spec::choice("mode", {"provisioned", "on-demand"},
                     "Whether shards are paid by the hour, or bytes as they come."),
        spec::choice(
            "reading", {"polling", "fan-out"},
            "Whether consumers poll and share a shard's reads, or each is pushed to on a line of its own."),
        spec::count("consumers", "consumers", "", 0, 1000,
                    "Applications that each read every record. As many as links leave, if left out.", "2"),
        spec::data_rate("shard-in", "1 MB/s", "Bytes that a shard takes in a second."),
        spec::item_rate("shard-records", "records", "1000 /s", 1, 1e9,
                        "Records that a shard takes in a second."),
        spec::data_rate("shard-out", "2 MB/s",
                        "Bytes that a shard hands out in a second: to all consumers that poll, or to each."),
        spec::item_rate("reads", "reads", "5 /s", 0.01, 1e6,
                        "Reads of a shard in a second, which all consumers that poll share."),
        spec::time("propagation", "70 ms", "Time from the put until the record can be read."),
        spec::duration("retention", "24 h", 3600, 365 * 86'400.0, "How long records are kept.", "7 d"),
    };
    kind.billing = {{"shard hours", "shards, by the hour"},
                    {"put units", "records put, in pieces of 25 KB"},
                    {"fan-out hours", "consumers with lines of their own, by shard and hour"},
                    {"fan-out bytes", "bytes that they read"},
                    {"extended retention", "shards that keep records longer than a day, by the hour"},
                    {"long retention", "bytes kept longer than seven days"},
                    {"stream hours", "the stream on demand, by the hour"},
                    {"bytes in", "bytes put on demand"},
                    {"bytes out", "bytes read on demand"},
                    {"fan-out bytes on demand", "bytes read on demand on lines of their own"}};
    kind.check = check;
    kind.lower = lower;
    kind.usage = usage;
    return kind;
}

}  // namespace headroom::model
