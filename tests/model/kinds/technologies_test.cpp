// Every technology of the catalogue can be put into a scenario, is lowered to a sound system and is billed;
// and what limits it is what its provider publishes.

#include "example.h"
#include "model/cost/bill.h"
#include "model/kinds/parts.h"

#include <QtTest>
#include <cmath>
#include <functional>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

bool near(double value, double expected, double relative) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

/// Four nodes of the first type for which there is a price.
std::string some_nodes(const Technology& technology, const std::string& example) {
    for (const auto& [id, instance] : ex::catalog().instances())
        if (const auto prices = price_ids(technology, "nodes", id);
            !prices.empty() &&
            ex::catalog().price_book("aws-us-east-1-2026")->find(prices.front()) != nullptr)
            return "4 x " + id;
    return example;
}

/// With what the kind requires and neither technology nor kind gives, as its help shows it.
Component shown(const std::string& technology, ex::Texts texts = {}) {
    const Technology& named = *ex::catalog().technology(technology);
    for (const ParameterSpec& spec : find_kind(named.kind)->parameters) {
        const bool given = std::any_of(texts.begin(), texts.end(),
                                       [&](const auto& text) { return text.first == spec.name; });
        if (spec.required && !given && !named.defaults.contains(spec.name) && spec.default_text.empty())
            texts.emplace_back(spec.name,
                               spec.name == "nodes" ? some_nodes(named, spec.example) : spec.example);
    }
    if (named.kind == "stream-processor") texts.emplace_back("service", "5 us");
    return ex::component("it", technology, texts);
}

Workload requests(const std::string& id, double rate, double scan) {
    Requests load;
    load.rate.base = per_second(rate);
    load.scan = Distribution::constant(scan);
    return {.id = id, .load = std::move(load)};
}

Scenario around(const Component& component) {
    const Kind& kind = *find_kind(component.kind);
    std::vector<Workload> workloads;
    std::vector<std::pair<std::string, std::string>> links;
    for (const FlowType type : kind.accepts) {
        workloads.push_back(type == FlowType::stream ? ex::stream("records", 100, 1000)
                                                     : requests("questions", 2, 1e9));
        links.emplace_back(workloads.back().id, "it");
    }
    return ex::scenario(std::move(workloads), {component}, links);
}

Activity activity_of(double rate, double size) {
    Activity done;
    done.flows = {{.workload = "records",
                   .in = per_second(rate),
                   .out = per_second(rate),
                   .bytes_in = DataRate(rate * size),
                   .bytes_out = DataRate(rate * size)}};
    return done;
}

std::map<std::string, double> bill_of(const Component& component, const Activity& done) {
    const std::vector<Usage> used = find_kind(component.kind)->usage(component, done, ex::catalog());
    const std::vector<Buyer> buyers(used.size(), {ex::catalog().technology(component.technology)});
    const Expected<Bill> bill = make_bill(used, buyers, *ex::catalog().price_book("aws-us-east-1-2026"));
    if (!bill) throw std::runtime_error(bill.error().front().sentence());
    std::map<std::string, double> amounts;
    for (const BillLine& line : bill->lines) amounts[line.dimension] += line.amount;
    return amounts;
}

System lowered(const Scenario& scenario) {
    Expected<System> system = lower(scenario, ex::catalog(), {});
    if (!system) throw std::runtime_error(system.error().front().sentence());
    if (const std::string fault = fault_of(*system); !fault.empty()) throw std::runtime_error(fault);
    return *system;
}

/// Items a second at which the station's busiest part is always busy.
double capacity(const Station& station, std::size_t item_class = 0) {
    if (const auto* queue = std::get_if<Queue>(&station.primitive))
        return queue->servers / queue->service[item_class].mean;
    if (const auto* limiter = std::get_if<Limiter>(&station.primitive)) return limiter->rate.value();
    const auto& log = std::get<PartitionedLog>(station.primitive);
    std::vector<double> shares(static_cast<std::size_t>(log.consumers), 0);
    for (std::size_t p = 0; p < log.shares.size(); ++p) shares[p % shares.size()] += log.shares[p];
    return 1 / (log.service[item_class].mean * *std::max_element(shares.begin(), shares.end()));
}

}  // namespace

class TechnologiesTest : public QObject {
    Q_OBJECT

private slots:
    void each_is_lowered_and_billed_data() {
        QTest::addColumn<std::string>("technology");
        for (const auto& [id, technology] : ex::catalog().technologies())
            if (!technology.prices.empty()) QTest::newRow(id.c_str()) << id;
    }
    void each_is_lowered_and_billed() {
        QFETCH(std::string, technology);
        const Component component = shown(technology);
        for (const Problem& problem : find_kind(component.kind)->check(component, ex::catalog()))
            QVERIFY2(problem.severity != Severity::error, problem.sentence().c_str());
        const System system = lowered(around(component));
        for (const Station& station : system.stations)
            if (const auto* delay = std::get_if<Delay>(&station.primitive))
                for (const Distribution& time : delay->time) QVERIFY(std::isfinite(time.mean));
        double total = 0;
        for (const auto& [dimension, amount] : bill_of(component, activity_of(100, 1000))) {
            QVERIFY2(std::isfinite(amount) && amount >= 0, dimension.c_str());
            total += amount;
        }
        QVERIFY2(total > 0 || technology == "lake-formation", "it costs nothing");
        for (const auto& [dimension, amount] : bill_of(component, Activity{}))
            QVERIFY2(std::isfinite(amount) && amount >= 0, dimension.c_str());
    }

    void limits_data() {
        QTest::addColumn<std::string>("technology");
        QTest::addColumn<ex::Texts>("texts");
        QTest::addColumn<double>("size");
        QTest::addColumn<std::string>("station");
        QTest::addColumn<double>("per_second");
        auto row = [](const char* name, const char* technology, ex::Texts texts, double size,
                      const char* station, double limit) {
            QTest::newRow(name) << std::string(technology) << std::move(texts) << size << std::string(station)
                                << limit;
        };
        row("shard, small records", "kinesis-data-streams", {{"shards", "10"}}, 100, "it.shards", 10'000);
        row("shard, large records", "kinesis-data-streams", {{"shards", "10"}}, 10'000, "it.shards", 1'000);
        row("shard, four that poll read 2 MB/s", "kinesis-data-streams",
            {{"shards", "10"}, {"consumers", "4"}}, 10'000, "it.shards", 500);
        row("shard, four with lines of their own", "kinesis-data-streams",
            {{"shards", "10"}, {"consumers", "4"}, {"reading", "fan-out"}}, 10'000, "it.shards", 1'000);
        row("delivery stream by bytes", "firehose", {}, 1024, "it.intake", 5 * 1024);
        row("delivery stream by records", "firehose", {}, 1, "it.intake", 500'000);
        row("one thread of replication", "dms", {}, 1000, "it.apply", 5000);
        row("twenty databases with two tasks", "dms", {{"sources", "20"}, {"tasks", "2"}}, 1000, "it.apply",
            200'000);
        row("one database makes half", "dms", {{"sources", "20"}, {"busiest", "50 %"}}, 1000, "it.apply",
            10'000);
        row("writes of a table", "dynamodb", {{"partitions", "100"}}, 1000, "it.writes", 40'000);
        row("writes of 2.5 KB take three units", "dynamodb", {{"partitions", "10"}}, 2500,
            "it.write partitions", 10 * 1000 / 3.0);
        row("indexing on 16 cores, one replica", "opensearch", {{"nodes", "8 x r6g.large"}, {"shards", "8"}},
            1000, "it.cores", 16 * 2e6 / 2 / 1000);
        row("indexing with few shards", "opensearch", {{"nodes", "8 x r6g.large"}, {"shards", "2"}}, 1000,
            "it.cores", 4 * 2e6 / 2 / 1000);
        row("functions", "lambda", {{"duration", "100 ms"}, {"batch-size", "1"}}, 1000, "it.invocations",
            10'000);
        row("gateway", "api-gateway", {}, 1000, "it.limit", 10'000);
        row("jobs", "aws-batch", {{"vcpus", "256"}, {"job-vcpus", "4"}, {"duration", "64 s"}}, 1000,
            "it.jobs", 1);
        row("tokens", "bedrock", {{"input-tokens", "1800"}, {"output-tokens", "200"}}, 1000, "it.quota",
            500 / 60.0);
        row("many tokens", "bedrock", {{"input-tokens", "9000"}, {"output-tokens", "1000"}}, 1000, "it.quota",
            100 / 60.0);
        row("models", "sagemaker", {{"nodes", "2 x m5.xlarge"}, {"model-time", "10 ms"}}, 1000, "it.workers",
            800);
    }
    void limits() {
        QFETCH(std::string, technology);
        QFETCH(ex::Texts, texts);
        QFETCH(double, size);
        QFETCH(std::string, station);
        QFETCH(double, per_second);
        const System system = lowered(
            ex::scenario({ex::stream("records", 1, size)}, {shown(technology, texts)}, {{"records", "it"}}));
        const double found = capacity(ex::station(system, station));
        QVERIFY2(near(found, per_second, 1e-6), std::to_string(found).c_str());
    }

    // Published: one consumer that polls sees records after about 200 ms, five after about 1,000 ms, and with
    // lines of their own after about 70 ms.
    void consumers_share_the_reads_of_a_shard() {
        const auto delay = [](const ex::Texts& more) {
            ex::Texts texts{{"shards", "1"}};
            texts.insert(texts.end(), more.begin(), more.end());
            const System system = lowered(ex::scenario({ex::stream("records", 1, 100)},
                                                       {ex::component("it", "kinesis-data-streams", texts)},
                                                       {{"records", "it"}}));
            double sum = 0;
            for (const Station& station : system.stations)
                if (const auto* time = std::get_if<Delay>(&station.primitive)) sum += time->time[0].mean;
            return sum;
        };
        QVERIFY(near(delay({{"consumers", "1"}}), 0.170, 0.01));
        QVERIFY(near(delay({{"consumers", "5"}}), 0.970, 0.01));
        QVERIFY(near(delay({{"consumers", "5"}, {"reading", "fan-out"}}), 0.070, 0.01));
    }

    void the_slowest_of_many() {
        const Distribution one = Distribution::exponential(1);
        for (const auto& [n, mean] : {std::pair{2.0, 1.5}, {10.0, 2.9290}, {100.0, 5.1874}})
            QVERIFY2(near(slowest_of(one, n).mean, mean, 0.01),
                     std::to_string(slowest_of(one, n).mean).c_str());
        QCOMPARE(slowest_of(Distribution::constant(2), 50), Distribution::constant(2));
    }

    void sometimes_a_time_of_its_own() {
        const Distribution rare = now_and_then(0.1, Distribution::exponential(2));
        QVERIFY(near(rare.mean, 0.2, 0.01));
        QCOMPARE(rare.quantile(0.5), 0.0);
        QVERIFY(near(rare.quantile(0.95), 2 * std::log(2.0), 0.03));  // the median of those that take long
        QCOMPARE(now_and_then(0, Distribution::exponential(2)).mean, 0.0);
        QVERIFY(near(mean_at_least(Distribution::exponential(1), 1), 1 + std::exp(-1.0), 0.01));
    }

    // A lone environment is cold when nothing came for longer than it is kept.
    void functions_start_cold_when_they_are_rarely_called() {
        const auto mean = [](double rate) {
            const System system = lowered(ex::scenario(
                {requests("calls", rate, 0)},
                {ex::component("it", "lambda",
                               {{"duration", "1 ms"}, {"keep-alive", "100 s"}, {"cold-start", "1 s"}})},
                {{"calls", "it"}}));
            return std::get<Delay>(ex::station(system, "it.start").primitive).time[0].mean;
        };
        QVERIFY(near(mean(0.01), std::exp(-1.0), 0.02));
        QVERIFY(mean(100) < 1e-2);
    }

    // Two batches of each of 24 shards run at the same time, and no more than the account lets.
    void functions_on_a_stream_have_as_many_pollers_as_its_shards_let() {
        // Each shard fills batches of its own; those of all shards are one wave.
        const auto environments = [](const ex::Texts& more) {
            ex::Texts texts{{"duration", "1 s"}};
            texts.insert(texts.end(), more.begin(), more.end());
            const System system =
                lowered(ex::scenario({ex::stream("records", 100, 1000)},
                                     {ex::component("shards", "kinesis-data-streams", {{"shards", "24"}}),
                                      ex::component("it", "lambda", texts)},
                                     {{"records", "shards"}, {"shards", "it"}}));
            const auto& batch = std::get<Batch>(ex::station(system, "it.batches").primitive);
            return batch.writers * batch.lines / batch.fixed.mean;  // of a second each
        };
        QCOMPARE(environments({}), 1000.0);
        QCOMPARE(environments({{"parallelization", "2"}}), 48.0);
        QCOMPARE(environments({{"parallelization", "2"}, {"concurrency", "30"}}), 30.0);
    }

    void deliveries_fill_the_files_of_the_store() {
        const System system = lowered(ex::scenario(
            {ex::stream("records", 100, 1000)},
            {ex::component("firehose", "firehose", {{"buffer-time", "90 s"}, {"buffer-size", "64 MB"}}),
             ex::component("lake", "s3", {{"roll-every", "5 min"}})},
            {{"records", "firehose"}, {"firehose", "lake"}}));
        const auto& batch = std::get<Batch>(ex::station(system, "lake.write").primitive);
        QCOMPARE(batch.max_wait.value(), 90.0);
        QCOMPARE(batch.max_size.value(), 64e6);
    }

    // 1 M writes of 1 KB and 1 M eventual reads of 4 KB cost half as much to read; Athena's published 1.15 TB
    // cost $5.75; a shard costs $0.015 an hour; a million calls of 100 ms with 1 GB cost $0.20 and $1.67.
    void bills() {
        constexpr double month = 730.0 * 3600.0;
        QVERIFY(
            near(bill_of(shown("dynamodb"), activity_of(1e6 / month, 1000)).at("write units"), 0.625, 1e-9));
        QVERIFY(near(
            bill_of(shown("dynamodb", {{"item-size", "4 KB"}}), activity_of(1e6 / month, 0)).at("read units"),
            0.125 / 2, 1e-9));
        QVERIFY(near(bill_of(shown("athena"), activity_of(1 / month, 1.15e12)).at("scanned"), 5.75, 1e-9));
        QVERIFY(near(
            bill_of(shown("kinesis-data-streams", {{"shards", "10"}}), activity_of(1, 100)).at("shard hours"),
            10 * 0.015 * 730, 1e-9));
        const auto calls = bill_of(shown("lambda", {{"duration", "100 ms"}}), activity_of(1e6 / month, 0));
        QVERIFY(near(calls.at("requests"), 0.20, 1e-9));
        QVERIFY(near(calls.at("memory"), 1e5 * 0.0000166667, 1e-9));
        QVERIFY(near(bill_of(shown("bedrock", {{"input-tokens", "1000"}, {"output-tokens", "500"}}),
                             activity_of(1000 / month, 0))
                         .at("output tokens"),
                     500 * 0.0016, 1e-9));
    }
};

QTEST_APPLESS_MAIN(TechnologiesTest)
#include "technologies_test.moc"
