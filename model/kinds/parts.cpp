#include "model/kinds/parts.h"

#include "model/units/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace headroom::model {

Problem problem_of(const Component& component, std::string_view parameter, Severity severity,
                   std::string message) {
    Problem problem{.severity = severity,
                    .place = component.place,
                    .field = "components." + component.id,
                    .message = std::move(message)};
    if (!parameter.empty()) problem.field += "." + std::string(parameter);
    if (const auto setting = component.settings.find(parameter); setting != component.settings.end()) {
        if (setting->second.place.line > 0) problem.place = setting->second.place;
        problem.found = setting->second.text;
    }
    return problem;
}

void require_time(const Component& component, std::string_view parameter, Problems& problems) {
    if (component.distribution(parameter).mean <= 0)
        problems.push_back(problem_of(component, parameter, Severity::error,
                                      "0 s on average is found; more than 0 s is needed"));
}

const InstanceType* instance_of(const Component& component, const Catalog& catalog) {
    return component.has("nodes") ? catalog.instance(component.nodes("nodes").instance) : nullptr;
}

Problems check_nodes(const Component& component, const Catalog& catalog) {
    Problems problems;
    if (!component.has("nodes")) return problems;
    const NodePool& pool = component.nodes("nodes");
    if (pool.count < 1)
        problems.push_back(problem_of(component, "nodes", Severity::error, "at least one node is needed"));
    if (catalog.instance(pool.instance) == nullptr) {
        std::vector<std::string> names;
        for (const auto& [name, type] : catalog.instances()) names.push_back(name);
        const std::string near = nearest_name(pool.instance, names);
        problems.push_back(problem_of(component, "nodes", Severity::error,
                                      "'" + pool.instance + "' is not an instance type of the catalogue" +
                                          (near.empty() ? "" : "; did you mean '" + near + "'?")));
        return problems;
    }
    // A price that no book has would show only when the bill is made, after the run.
    const Technology* technology = catalog.technology(component.technology);
    const auto& books = catalog.price_books();
    if (technology == nullptr || books.empty()) return problems;
    if (component.has("runs-on")) {
        // The group's nodes are EC2's or one's own; a service that prices its nodes otherwise brings them
        // itself.
        const auto prices = technology->prices.find("nodes");
        if (prices != technology->prices.end() &&
            prices->second != node_group_technology().prices.find("nodes")->second)
            problems.push_back(problem_of(component, "runs-on", Severity::error,
                                          technology->title + " brings nodes of its own ('" +
                                              prices->second.front() +
                                              "') and cannot run on a group of nodes"));
        return problems;
    }
    const auto priced = [&](std::string_view purchase) {
        const std::vector<std::string> ids = price_ids(*technology, "nodes", pool.instance, purchase);
        return std::any_of(books.begin(), books.end(), [&](const auto& book) {
            return std::all_of(ids.begin(), ids.end(),
                               [&](const std::string& id) { return book.second.find(id) != nullptr; });
        });
    };
    if (!priced("on-demand"))
        problems.push_back(problem_of(component, "nodes", Severity::error,
                                      "'" + pool.instance + "' cannot be had as a node of " +
                                          technology->title + ": no price book has a price for it"));
    for (const auto& [purchase, share] : purchase_mix(component))
        if (purchase != "on-demand" && !priced(purchase)) {
            const std::vector<std::string>& known = find_kind(component.kind)->parameter("purchase")->choices;
            const std::string near = nearest_name(purchase, known);
            problems.push_back(problem_of(
                component, "purchase", Severity::error,
                "no price book has a price for '" + pool.instance + "' as a node of " + technology->title +
                    " bought as '" + purchase + "'" +
                    (near.empty() || near == purchase ? std::string() : "; did you mean '" + near + "'?")));
        }
    return problems;
}

PurchaseMix mix_of(const NamedNumbers& purchase) {
    PurchaseMix mix;
    double rest = 1;
    for (const auto& [way, share] : purchase) {
        if (way == "on-demand") continue;
        mix.emplace_back(way, share);
        rest -= share;
    }
    if (rest > 1e-12) mix.insert(mix.begin(), {"on-demand", rest});
    return mix;
}

PurchaseMix purchase_mix(const Component& component) {
    return mix_of(component.has("purchase") ? component.named_numbers("purchase") : NamedNumbers{});
}

const Technology& node_group_technology() {
    static const Technology technology{
        .id = "node-group",
        .title = "Nodes",
        .prices = {{"nodes", {"ec2.{instance}.{purchase}"}}, {"disks", {"ebs.{tier}.storage"}}}};
    return technology;
}

std::vector<Distribution> by_class(int class_count, const std::vector<Flow>& flows,
                                   const Distribution& same) {
    std::vector<Distribution> times(static_cast<std::size_t>(class_count), Distribution::constant(0));
    for (const Flow& flow : flows) times[static_cast<std::size_t>(flow.item_class)] = same;
    return times;
}

ParameterSpec routing_parameter() {
    return {
        .name = "routing",
        .type = ParameterType::routing,
        .choices = {"random", "round-robin", "least-loaded", "least-loaded-of-two", "by-key"},
        .help =
            "Where an item goes next. Components with probabilities, as in {checkout: 30 %}: what is missing "
            "to 1 follows the link, or leaves where there is none. By workload, as in {gold: fast, silver: "
            "{slow: 60 %}}. Or a rule that picks one of the linked components: 'random', 'round-robin', "
            "'least-loaded' (fewest items present), 'least-loaded-of-two' (of two drawn at random), 'by-key' "
            "(the hash of the record's key, so that frequent keys load one more than the others).",
        .example = "{checkout: 0.3}"};
}

ParameterSpec switching_parameter() {
    return {.name = "switching",
            .type = ParameterType::switching,
            .help =
                "What items become on leaving here, before they are routed: for a workload, others with "
                "probabilities; what is missing to 1 stays as it is. From then on they have the times, "
                "priorities "
                "and routing of that workload. They are still counted for the workload they came from.",
            .example = "{browsing: {buying: 20 %}}"};
}

Problems check_routing(const Component& component) {
    Problems problems;
    if (!component.has("routing")) return problems;
    const auto* shares = std::get_if<NamedNumbers>(&component.settings.find("routing")->second.value);
    if (shares == nullptr) return problems;
    double sum = 0;
    for (const auto& [target, probability] : *shares) {
        if (!(probability >= 0 && probability <= 1))
            problems.push_back(problem_of(component, "routing", Severity::error,
                                          "the probability of '" + target + "' must lie between 0 and 1"));
        sum += probability;
    }
    if (sum > 1 + 1e-9)
        problems.push_back(problem_of(component, "routing", Severity::error,
                                      "the probabilities add up to " +
                                          format_quantity(sum, dimensions::none, {.digits = 4}) +
                                          "; at most 1 expected"));
    return problems;
}

namespace {

/// The ClickBench `hits` data set of 99,997,497 rows in each format, in GB
/// (github:ClickHouse/ClickBench, index.html). The codec of its Parquet files is not stated and is taken to
/// be Snappy; Zstd is placed at 0.59 of it as measured on click records, no compression at twice (unsourced).
constexpr std::array<std::pair<std::string_view, double>, 5> hits_sizes{{{"json", 232.73},
                                                                         {"csv", 81.14},
                                                                         {"parquet+none", 29.6},
                                                                         {"parquet+snappy", 14.78},
                                                                         {"parquet+zstd", 8.7}}};

double hits_size(std::string_view format) {
    for (const auto& [name, size] : hits_sizes)
        if (name == format) return size;
    return 0;
}

}  // namespace

SizeIn size_in_format(const Flow& flow, std::string_view format) {
    if (flow.format == format) return {flow.size, true, true};
    for (const auto& [name, bytes_of_item] : flow.bytes_by_format)
        if (name == format) return {ItemSize(bytes_of_item), true, true};
    const double from = hits_size(flow.format);
    const double to = hits_size(format);
    if (from > 0 && to > 0) return {flow.size * (to / from), false, true};
    return {flow.size, false, false};
}

Distribution time_by_size(const Flow& flow, double overhead, double rate) {
    const double bytes = flow.size.value() + overhead;
    double scv = 0;
    if (const auto* stream = flow.workload == nullptr ? nullptr : std::get_if<Stream>(&flow.workload->load);
        stream != nullptr && bytes > 0) {
        const double share = flow.size.value() / bytes;
        scv = stream->record.size.scv * share * share;
    }
    return Distribution::with_scv(bytes / rate, scv);
}

void pass_all(Lowered& lowered, const std::vector<Flow>& flows) {
    std::vector<int> way;
    for (std::size_t i = 0; i < lowered.stations.size(); ++i) way.push_back(static_cast<int>(i));
    for (const Flow& flow : flows) lowered.ways.push_back({.stations = way, .out = flow});
}

namespace {

/// Through the quantiles at `probabilities`, of which the first is 0 and the last 1; linear between them.
template <std::invocable<double> Quantile>
Distribution through(const std::vector<double>& probabilities, Quantile quantile) {
    Distribution result{.family = Family::empirical};
    result.probabilities = probabilities;
    for (const double p : probabilities) result.values.push_back(quantile(p));
    double second = 0;
    for (std::size_t i = 1; i < probabilities.size(); ++i) {
        const double width = probabilities[i] - probabilities[i - 1];
        const double a = result.values[i - 1], b = result.values[i];
        result.mean += width * (a + b) / 2;
        second += width * (a * a + a * b + b * b) / 3;
    }
    const double square = result.mean * result.mean;
    if (square > 0) result.scv = std::max(0.0, second / square - 1);
    return result;
}

constexpr double rarest = 1e-5;  ///< beyond this quantile the tail is cut off

/// From 0 to 1, ever denser towards 1.
std::vector<double> probabilities() {
    std::vector<double> points{0};
    for (int i = 1; i < 50; ++i) points.push_back(i * 0.02);
    for (double rest = 0.02; rest > rarest; rest /= 1.5) points.push_back(1 - rest);
    points.push_back(1);
    return points;
}

}  // namespace

Distribution slowest_of(const Distribution& time, double n) {
    if (n <= 1 || time.mean <= 0 || (time.scv == 0 && time.family != Family::empirical)) return time;
    return through(probabilities(), [&](double p) {
        return time.quantile(std::clamp(std::pow(p, 1 / n), rarest, 1 - rarest / n));
    });
}

Distribution later(const Distribution& time, double by) {
    const double mean = time.mean + by, scv = time.scv * time.mean * time.mean / (mean * mean);
    return time.family == Family::lognormal ? Distribution::lognormal(mean, std::sqrt(scv))
                                            : Distribution::with_scv(mean, scv);
}

Distribution now_and_then(double p, const Distribution& then) {
    if (p <= 0 || then.mean <= 0) return Distribution::constant(0);
    if (p >= 1) return then;
    std::vector<double> points{0, 1 - p};
    for (const double inner : probabilities())
        if (inner > 0) points.push_back(1 - p + p * inner);
    points.back() = 1;
    return through(points, [&](double at) {
        return at <= 1 - p ? 0 : then.quantile(std::min((at - (1 - p)) / p, 1 - rarest));
    });
}

double mean_at_least(const Distribution& amount, double least) {
    if (amount.mean <= 0) return least;
    constexpr int parts = 1000;
    double above = 0;  // E[(least - x)+]
    for (int i = 0; i < parts; ++i) above += std::max(0.0, least - amount.quantile((i + 0.5) / parts));
    return amount.mean + above / parts;
}

double busy_at(const Activity& activity, std::string_view station) {
    const auto found = activity.busy.find(std::string(station));
    return found == activity.busy.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

DataRate network_of_records(const Activity& activity) {
    DataRate all{std::numeric_limits<double>::quiet_NaN()};
    for (const Activity::Flow& flow : activity.flows)
        if (is_stream(flow))
            all = DataRate(std::isnan(all.value()) ? 0 : all.value()) + flow.bytes_in + flow.bytes_out;
    return all;
}

Usage monthly(const Component& component, const char* dimension, double per_second, std::string detail) {
    return {.component = component.id,
            .dimension = dimension,
            .detail = std::move(detail),
            .per_month = per_second * month_seconds};
}

Usage kept(const Component& component, const char* dimension, DataRate in, Duration held) {
    Usage usage = monthly(component, dimension, in.value() * held.value());
    usage.held_for = held;
    return usage;
}

Usage nodes_usage(const Component& component) {
    const NodePool& pool = component.nodes("nodes");
    return {.component = component.id,
            .dimension = "nodes",
            .detail = pool.instance,
            .per_month = pool.count * month_seconds,
            .of_capacity = true};
}

double mean_rate(const Flow& flow, const Scenario& scenario) {
    const auto of = [&](const RateProfile& rate) {
        return rate.mean(seconds(0), scenario.horizon).value() * flow.yield;
    };
    if (const auto* stream = std::get_if<Stream>(&flow.workload->load)) return of(stream->rate);
    const auto& requests = std::get<Requests>(flow.workload->load);
    if (requests.users) return *requests.users / std::max(1e-3, requests.think_time.mean);
    return of(requests.rate);
}

ItemRate peak_rate(const Flow& flow, const Scenario& scenario) {
    if (flow.workload == nullptr) return {};
    if (const auto* stream = std::get_if<Stream>(&flow.workload->load))
        return stream->rate.peak(seconds(0), scenario.horizon) * flow.yield;
    const auto& requests = std::get<Requests>(flow.workload->load);
    if (requests.users) return {};
    return requests.rate.peak(seconds(0), scenario.horizon) * flow.yield;
}

namespace {

/// SplitMix64's finaliser: spreads ranks over buckets as a hash of the keys themselves would.
std::uint64_t mixed(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

}  // namespace

// The ranks behind those listed are summed by the integral between halves of ranks.
std::vector<double> zipf_shares(double keys, double exponent) {
    constexpr double most = 1000;
    std::vector<double> shares;
    double sum = 0;
    for (double rank = 1; rank <= std::min(keys, most); ++rank) {
        shares.push_back(std::pow(rank, -exponent));
        sum += shares.back();
    }
    if (keys > most) {
        const double power = 1 - exponent, from = most + 0.5, to = keys + 0.5;
        sum += std::abs(power) < 1e-9 ? std::log(to / from)
                                      : (std::pow(to, power) - std::pow(from, power)) / power;
    }
    for (double& share : shares) share /= sum;
    return shares;
}

std::vector<double> hashed_shares(const std::vector<double>& key_shares, int buckets) {
    const auto count = static_cast<std::size_t>(std::max(1, buckets));
    std::vector<double> shares(count, 0);
    double listed = 0;
    for (std::size_t rank = 0; rank < key_shares.size(); ++rank) {
        const double share = std::max(0.0, key_shares[rank]);
        shares[mixed(rank) % count] += share;
        listed += share;
    }
    if (listed > 1)
        for (double& share : shares) share /= listed;
    const double rest = std::max(0.0, 1 - listed) / static_cast<double>(count);
    for (double& share : shares) share += rest;
    return shares;
}

}  // namespace headroom::model
