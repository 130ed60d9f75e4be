#include "model/store/metrics.h"

#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace headroom::model {

namespace {

using namespace dimensions;

constexpr const char* response_help =
    "Time from entering to leaving: the whole way through the platform, or one visit to a component.";
constexpr const char* waiting_help = "Time spent waiting at a component before service starts.";
constexpr const char* freshness_help =
    "Age of a record when it can first be read in a component, counted from the moment it came into being.";

constexpr Metric time_metric(const char* id, const char* title, Names component, const char* objective,
                             const char* statistic, const char* help) {
    return {id, title, time, "", false, Better::lower, component, Names::must, objective, statistic, help};
}

constexpr Metric node_metric(const char* id, const char* title, const char* help) {
    return {id, title, none, "", true, Better::lower, Names::must, Names::never, nullptr, "", help};
}

constexpr Metric recovery_point(const char* id, const char* title, const char* loss) {
    return {id,
            title,
            time,
            "",
            false,
            Better::lower,
            Names::must,
            Names::must,
            "recovery point",
            loss,
            "Age up to which records are lost with the component: of a record that is older when the loss "
            "comes, a copy is safe with a probability of 99 %."};
}

constexpr Metric recovery_time(const char* id, const char* title, const char* loss) {
    return {
        id,
        title,
        time,
        "",
        false,
        Better::lower,
        Names::must,
        Names::never,
        "recovery time",
        loss,
        "Time from the loss, at the busiest moment of the first day, until the component answers again and "
        "no more waits than usual."};
}

constexpr std::array table{
    Metric{"throughput", "Throughput", item_rate, "items", false, Better::higher, Names::may, Names::must,
           "throughput", "", "Items that leave in a second: the platform, or a component."},
    time_metric("response.mean", "Response time, mean", Names::may, "response time", "mean", response_help),
    time_metric("response.p50", "Response time, median", Names::may, "response time", "p50", response_help),
    time_metric("response.p90", "Response time, 90th percentile", Names::may, "response time", "p90",
                response_help),
    time_metric("response.p95", "Response time, 95th percentile", Names::may, "response time", "p95",
                response_help),
    time_metric("response.p99", "Response time, 99th percentile", Names::may, "response time", "p99",
                response_help),
    time_metric("response.p99.9", "Response time, 99.9th percentile", Names::may, "response time", "p99.9",
                response_help),
    time_metric("waiting.mean", "Waiting time, mean", Names::must, "waiting time", "mean", waiting_help),
    time_metric("waiting.p50", "Waiting time, median", Names::must, "waiting time", "p50", waiting_help),
    time_metric("waiting.p95", "Waiting time, 95th percentile", Names::must, "waiting time", "p95",
                waiting_help),
    time_metric("waiting.p99", "Waiting time, 99th percentile", Names::must, "waiting time", "p99",
                waiting_help),
    time_metric("freshness.mean", "Freshness, mean", Names::must, "freshness", "mean", freshness_help),
    time_metric("freshness.p50", "Freshness, median", Names::must, "freshness", "p50", freshness_help),
    time_metric("freshness.p90", "Freshness, 90th percentile", Names::must, "freshness", "p90",
                freshness_help),
    time_metric("freshness.p95", "Freshness, 95th percentile", Names::must, "freshness", "p95",
                freshness_help),
    time_metric("freshness.p99", "Freshness, 99th percentile", Names::must, "freshness", "p99",
                freshness_help),
    time_metric("freshness.p99.9", "Freshness, 99.9th percentile", Names::must, "freshness", "p99.9",
                freshness_help),
    Metric{
        "utilisation", "Utilisation, mean", none, "", true, Better::lower, Names::must, Names::never,
        "utilisation", "",
        "Share of the capacity of a component's busiest station that is in use, averaged over the horizon."},
    Metric{"utilisation.peak", "Utilisation, busiest interval", none, "", true, Better::lower, Names::must,
           Names::never, "peak utilisation", "",
           "As utilisation, in the busiest interval of the time series."},
    Metric{"utilisation.hottest", "Utilisation, hottest server", none, "", true, Better::lower, Names::must,
           Names::never, nullptr, "",
           "Utilisation of the single busiest consumer of a partitioned log: what skewed keys do."},
    Metric{"queue", "Items present, mean", item, "items", false, Better::lower, Names::must, Names::never,
           "queue length", "mean", "Items waiting and in service at a component, averaged over time."},
    Metric{"queue.max", "Items present, most", item, "items", false, Better::lower, Names::must, Names::never,
           "queue length", "max", "Most items waiting and in service at a component at any time."},
    Metric{"growth", "Growth of the backlog", item_rate, "items", false, Better::lower, Names::must,
           Names::never, nullptr, "",
           "How fast the backlog of an overloaded component grows in the long run; 0 where it keeps up."},
    Metric{"lost", "Lost records", item, "items", false, Better::lower, Names::never, Names::may,
           "lost records", "",
           "Items that were rejected, expired or were lost within the horizon, its warm-up included."},
    Metric{"availability", "Availability", none, "", true, Better::higher, Names::may, Names::may,
           "availability", "",
           "Share of the time in which a component has some of its capacity; of a workload or the whole "
           "platform: in which every component on the way has."},
    recovery_point("recovery-point.node", "Recovery point, loss of a node", "node"),
    recovery_point("recovery-point.disk", "Recovery point, loss of a disk", "disk"),
    recovery_point("recovery-point.zone", "Recovery point, loss of a zone", "zone"),
    recovery_point("recovery-point.region", "Recovery point, loss of a region", "region"),
    recovery_time("recovery-time.node", "Recovery time, loss of a node", "node"),
    recovery_time("recovery-time.disk", "Recovery time, loss of a disk", "disk"),
    recovery_time("recovery-time.zone", "Recovery time, loss of a zone", "zone"),
    recovery_time("recovery-time.region", "Recovery time, loss of a region", "region"),
    Metric{"hit-ratio", "Hit ratio", none, "", true, Better::higher, Names::must, Names::never, "hit ratio",
           "", "Share of the requests to a cache whose key was there."},
    node_metric("nodes.cpu", "CPU of the nodes", "Share of the nodes' vCPUs that is in use, on average."),
    node_metric("nodes.memory", "Memory of the nodes", "Share of the nodes' memory that components ask for."),
    node_metric("nodes.network", "Network of the nodes",
                "Share of the nodes' sustained network bandwidth that is in use, on average."),
    node_metric("nodes.disk", "Disk throughput of the nodes",
                "Share of the nodes' sustained bandwidth to block storage that is in use, on average."),
    node_metric("nodes.space", "Disk space of the nodes", "Share of the nodes' disks that holds data."),
    node_metric("nodes.peak", "Binding resource of the nodes, at the highest rates",
                "Share in use of the resource of which least is left, at the highest rates of the horizon."),
    Metric{
        "nodes.headroom", "Headroom of the nodes", none, "", false, Better::higher, Names::must, Names::never,
        nullptr, "",
        "Times the highest rates of the horizon that the nodes could take before their binding resource is "
        "used up."},
    Metric{"cost", "Cost", money_rate, "", false, Better::lower, Names::may, Names::never, "cost", "",
           "The bill of a month, in the long run: the platform, or a component."},
    Metric{"cost.byte", "Cost for what arrives", money_per_data, "", false, Better::lower, Names::never,
           Names::never, "cost per TB", "", "The platform's cost for each byte of records that arrives."},
    Metric{"cost.event", "Cost per event", money_per_item, "events", false, Better::lower, Names::never,
           Names::never, "cost per event", "", "The platform's cost for each record that arrives."},
    Metric{"cost.query", "Cost per request", money_per_item, "requests", false, Better::lower, Names::never,
           Names::never, "cost per request", "", "The platform's cost for each request that users make."},
    Metric{"cost.user", "Cost per user", money_per_item_time, "user", false, Better::lower, Names::never,
           Names::never, "cost per user", "", "The platform's cost for each user, a month."},
};

}  // namespace

std::span<const Metric> metrics() { return table; }

const Metric* find_metric(std::string_view id) {
    for (const Metric& metric : table)
        if (id == metric.id) return &metric;
    return nullptr;
}

std::string print_figure(const Metric& metric, double value) {
    // Of a share that should be whole, it is what is missing that counts.
    if (metric.percent && metric.better == Better::higher && value > 0 && value < 1) {
        const int nines = std::clamp(static_cast<int>(-std::log10(1 - value)), 0, 6);
        return format_quantity(value, metric.dimension, {.digits = nines + 2, .percent = true});
    }
    return format_quantity(value, metric.dimension, {.noun = metric.noun, .percent = metric.percent});
}

}  // namespace headroom::model
