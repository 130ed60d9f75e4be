#include "model/kinds/log_times.h"

#include "model/kinds/mixture.h"
#include "model/kinds/parts.h"

#include <algorithm>
#include <cmath>

namespace headroom::model {

namespace {

/// Replication, commit and fetch of one record where nothing queues.
/// Local disks: end to end 3.0 ms at the median and 5.4 ms at p99 with a linger of 1 ms
/// (github:confluentinc/openmessaging-benchmark, blog/results and driver-kafka, 3 x i3en.2xlarge, replication
/// 3, 200,000 records/s of 1 KiB). Less half the linger at the median: 2.5 / 4.9 ms. Lognormal: sigma =
/// ln(4.9/2.5)/2.326 = 0.289, mean = 2.5 exp(sigma^2/2) = 2.61 ms, cv = 0.296. Block storage: acknowledged
/// after 6.0 / 30 ms with a linger of 5 ms (github:aws-samples/
/// performance-testing-framework-for-apache-kafka, 3 x m5.large, low load). Less half the linger at the
/// median: 3.5 / 27 ms, sigma = 0.878, mean 5.15 ms, cv = 1.08.
/// What p99 has more than the median is work of the broker's processors that others wait for (bursts of
/// requests), which is divided among them: it is carried over to other
/// nodes in inverse proportion to their vCPUs, 8 of an i3en.2xlarge and 2 of an m5.large.
Distribution undisturbed(const Component& component, const InstanceType& instance) {
    const bool local = on_local_disks(component);
    const double median = local ? 2.5e-3 : 3.5e-3, more = local ? 2.4e-3 : 23.5e-3;
    const double measured_on = local ? 8 : 2;
    const double sigma = std::log1p(more * measured_on / std::max(1.0, instance.vcpus) / median) / 2.326;
    return Distribution::lognormal(median * std::exp(sigma * sigma / 2),
                                   std::sqrt(std::expm1(sigma * sigma)));
}

/// Share of the records that find one of their brokers stopped by a collection of garbage. What a broker
/// takes in, from producers and from the leaders that it follows, is what fills the memory of its young
/// objects.
double share_stopped(const Component& component, const LogLoad& load) {
    const double replication = component.number("replication");
    const double taken = load.bytes * replication / component.nodes("nodes").count;
    return std::min(0.5, replication * component.number("pause") * taken / component.number("pause-every"));
}

/// The time of a commit, of which a share is as much longer as the rest of a pause, anything up to all of it.
Distribution with_pauses(const Distribution& commit, double stopped, double pause) {
    constexpr double never_seen = 1e-4;
    if (stopped < never_seen) return commit;
    Distribution late{.family = Family::uniform, .mean = commit.mean + pause / 2};
    late.scv = pause * pause / 12 / (late.mean * late.mean);
    return mixture(stopped, late, commit);
}

/// A drive of i3en takes 0.125 ms to read at the middle and 0.20 ms at the high end, which is taken for a
/// flush; a gp3 volume 2 and 4 ms to write (github:Netflix-Skunkworks/service-capacity-modeling,
/// hardware/profiles/shapes, manual_drives.json: planning values, low, middle and high, of which the high end
/// is taken as p95).
Distribution time_of_a_flush(const Component& component) {
    if (component.has("flush-time")) return component.distribution("flush-time");
    const bool local = on_local_disks(component);
    const double median = local ? 0.125e-3 : 2e-3, high = local ? 0.20e-3 : 4e-3;
    const double sigma = std::log(high / median) / 1.645;
    return Distribution::lognormal(median * std::exp(sigma * sigma / 2),
                                   std::sqrt(std::expm1(sigma * sigma)));
}

}  // namespace

bool on_local_disks(const Component& component) { return component.text("storage") == "local"; }

LogLoad peak_load(const Component& component, const std::vector<Flow>& flows, const Scenario& scenario) {
    LogLoad load;
    for (const Flow& flow : flows) {
        const double rate = peak_rate(flow, scenario).value();
        load.items += rate;
        load.bytes += rate * (flow.size.value() + component.number("record-overhead"));
    }
    return load;
}

Distribution commit_time(const Component& component, const InstanceType& instance, const LogLoad& load) {
    if (component.has("commit")) return component.distribution("commit");
    return with_pauses(undisturbed(component, instance), share_stopped(component, load),
                       component.number("pause"));
}

Distribution stagger_time(double linger, double producers, double rate) {
    const double longest = linger * (1 - 1 / producers);
    const double others = rate * linger / producers;
    const double joining = others / (1 + others);
    if (joining <= 0) return Distribution::constant(longest);
    Distribution time{.family = Family::empirical, .mean = longest * (1 - joining / 2)};
    time.probabilities = {0, joining, 1};
    time.values = {0, longest, longest};
    const double square = longest * longest * (1 - joining * 2 / 3);
    time.scv = square / (time.mean * time.mean) - 1;
    return time;
}

Distribution flush_time(const Component& component, const LogLoad& load, double vcpus) {
    const Distribution flush = time_of_a_flush(component);
    const double nodes = component.nodes("nodes").count, replication = component.number("replication");
    const double partitions = component.number("partitions") * replication / nodes;
    const double records = load.items * replication / nodes;
    double round = 0;
    for (int i = 0; i < 100; ++i)
        round = flush.mean * partitions * -std::expm1(-records * (round + flush.mean) / partitions) /
                std::max(1.0, vcpus);
    const double steps = replication > 1 ? 2 : 1;
    const double mean = steps * (round / 2 + flush.mean);
    const double variance = steps * (round * round / 12 + flush.mean * flush.mean * flush.scv);
    return Distribution::lognormal(mean, std::sqrt(variance) / mean);
}

}  // namespace headroom::model
