#pragma once
// What several kinds need to lower and to check themselves.

#include "model/kinds/kind.h"

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::model {

inline constexpr double month_seconds = 730.0 * 3600.0;

/// A problem of one parameter, at the place where the scenario sets it (else the component's).
Problem problem_of(const Component& component, std::string_view parameter, Severity severity,
                   std::string message);

/// A problem unless the time is more than 0 s on average.
void require_time(const Component& component, std::string_view parameter, Problems& problems);

/// The instance type of the component's `nodes`, or nullptr where the catalogue has none of that name.
const InstanceType* instance_of(const Component& component, const Catalog& catalog);

/// Problems of `nodes` and `purchase`: an instance type that is not in the catalogue (with the nearest name),
/// no node, a way of buying that has no price.
Problems check_nodes(const Component& component, const Catalog& catalog);

/// How nodes are bought; what `purchase` leaves is on demand.
PurchaseMix mix_of(const NamedNumbers& purchase);
PurchaseMix purchase_mix(const Component& component);

/// The parameter `routing` of kinds that pass items on.
ParameterSpec routing_parameter();

/// The parameter `switching` of kinds that pass items on.
ParameterSpec switching_parameter();

/// What the nodes and the block storage of a group cost: dimensions "nodes" and "disks".
const Technology& node_group_technology();

/// Problems of `routing`: names, probabilities below 0 or together above 1.
Problems check_routing(const Component& component);

/// One entry for each class: 0 but for the classes of `flows`, which get what `of(flow)` gives.
template <std::invocable<const Flow&> Of>
std::vector<Distribution> by_class(int class_count, const std::vector<Flow>& flows, Of of) {
    std::vector<Distribution> times(static_cast<std::size_t>(class_count), Distribution::constant(0));
    for (std::size_t i = 0; i < flows.size(); ++i)
        times[static_cast<std::size_t>(flows[i].item_class)] = of(flows[i]);
    return times;
}

/// The same, with one time for all of `flows`.
std::vector<Distribution> by_class(int class_count, const std::vector<Flow>& flows, const Distribution& same);

/// Bytes of one stored item in `format`, for one byte as received: measured where the flow carries it, else
/// by the sizes of one published data set in each format (ClickBench hits). `found` says whether either is
/// known.
struct SizeIn {
    ItemSize size;
    bool measured = false, found = false;
};
SizeIn size_in_format(const Flow& flow, std::string_view format);

/// Time of one item at `rate` bytes a second: it follows the size of records, `overhead` is the same for
/// each.
Distribution time_by_size(const Flow& flow, double overhead, double rate);

/// Every flow goes through all stations, in order, and leaves as it came.
void pass_all(Lowered& lowered, const std::vector<Flow>& flows);

/// The larger of n independent times: P(max <= t) = F(t)^n.
Distribution slowest_of(const Distribution& time, double n);

/// So much later, with the same spread.
Distribution later(const Distribution& time, double by);

/// With probability `p` a time of `then`, else none.
Distribution now_and_then(double p, const Distribution& then);

/// E[max(x, least)]: what is billed where a least amount is.
double mean_at_least(const Distribution& amount, double least);

/// Mean servers of a component's station that are busy; NaN where it has no such station.
double busy_at(const Activity& activity, std::string_view station);

/// What a component's records move over the network, in and out; NaN where only requests come, whose bytes
/// are not known.
DataRate network_of_records(const Activity& activity);

/// Requests bring no bytes, records do (Flow::size).
inline bool is_stream(const Activity::Flow& flow) { return flow.bytes_in.value() > 0; }

/// What happens `per_second` times a second, or so many bytes, in the long run.
Usage monthly(const Component& component, const char* dimension, double per_second, std::string detail = {});

/// What the long run holds of so many bytes a second that are each kept for so long.
Usage kept(const Component& component, const char* dimension, DataRate in, Duration held);

/// Node-seconds of a month.
Usage nodes_usage(const Component& component);

/// Highest rate at which a flow's items arrive within the horizon; 0 for closed workloads.
ItemRate peak_rate(const Flow& flow, const Scenario& scenario);

/// Shares of the most popular of `keys` keys of which that of rank i comes in proportion to 1 / i^exponent
/// (Zipf's law), largest first: at most 1,000 of them.
std::vector<double> zipf_shares(double keys, double exponent);

/// Mean rate of a flow's items over the horizon; of closed workloads, that of users who only think.
double mean_rate(const Flow& flow, const Scenario& scenario);

/// Shares of `buckets` partitions or consumers when items go to the bucket of their key's hash. Keys are
/// known by rank only; what the listed shares leave is spread evenly. Without keys: all even.
std::vector<double> hashed_shares(const std::vector<double>& key_shares, int buckets);

}  // namespace headroom::model
