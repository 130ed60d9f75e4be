// Windows, checkpoints and state of a stream processor; batches of functions; copies of a search index; what
// a new schema costs.

#include "example.h"

#include <QtTest>
#include <cmath>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

bool near(double value, double expected) { return std::abs(value - expected) <= 1e-9 * std::abs(expected); }

/// A thousand records a second through one component.
System through(const std::string& technology, const ex::Texts& texts, double rate = 1000) {
    return lower(ex::scenario({ex::stream("records", rate, 1000)}, {ex::component("it", technology, texts)},
                              {{"records", "it"}}),
                 ex::catalog(), {})
        .value();
}

/// Two nodes of two cores; a record takes a millisecond, so that a quarter of them is used.
System job(const ex::Texts& texts) {
    ex::Texts all{{"nodes", "2 x m5.large"}, {"service", "1 ms"}, {"checkpoint-time", "1 s"}};
    all.insert(all.end(), texts.begin(), texts.end());
    return through("flink", all);
}

const Batch& batch(const System& system, const std::string& name) {
    return std::get<Batch>(ex::station(system, name).primitive);
}

}  // namespace

class StreamProcessorTest : public QObject {
    Q_OBJECT

private slots:
    /// 300,000 records of a window with 50,000 keys have all of them but one in e^6.
    void a_window_gives_a_result_for_each_key() {
        const System system = job({{"window", "5 min"}, {"lateness", "10 s"}, {"keys", "50000"}});
        QCOMPARE(batch(system, "it.window").max_wait.value(), 300.0);
        QCOMPARE(batch(system, "it.window").fixed.mean, 10.0);
        const double yield = ex::station(system, "it.window").yields[0];
        QVERIFY2(near(yield, 50e3 * (1 - std::exp(-6.0)) / 300e3), qPrintable(QString::number(yield)));
        QCOMPARE(ex::index_of(job({}), "it.window"), -1);
        // Keys that are rarer than records: each record is nearly a result of its own.
        const double rare =
            ex::station(job({{"window", "1 s"}, {"keys", "1000000000"}}), "it.window").yields[0];
        QVERIFY(rare > 0.999999 && rare <= 1);
    }

    /// 200 GB on two nodes at 100 MB a second each; a tenth of it where checkpoints are incremental.
    void checkpoints_write_the_state() {
        const ex::Texts exactly{{"delivery", "exactly-once"}};
        QCOMPARE(batch(job(exactly), "it.commit").fixed.mean, 1.0);
        ex::Texts with = exactly;
        with.emplace_back("state", "200 GB");
        QVERIFY(near(batch(job(with), "it.commit").fixed.mean, 1001));
        with.emplace_back("checkpoint-share", "10 %");
        QVERIFY(near(batch(job(with), "it.commit").fixed.mean, 101));
        const Problems problems =
            find_kind("stream-processor")
                ->check(ex::component("it", "flink",
                                      {{"nodes", "2 x m5.large"}, {"service", "1 ms"}, {"state", "200 GB"}}),
                        ex::catalog());
        QCOMPARE(problems.size(), std::size_t(1));
        QVERIFY(problems.front().message.find("longer than until the next") != std::string::npos);
    }

    /// Half an interval and a checkpoint are done again at a quarter of the capacity, once 10 GB have been
    /// read back by two nodes; and a failure of one node stops both.
    void a_failure_costs_what_was_done_since_the_checkpoint() {
        const auto effect = [](const ex::Texts& texts) {
            ex::Texts all{{"nodes", "2 x m5.large"}, {"service", "1 ms"}, {"checkpoint-time", "1 s"}};
            all.insert(all.end(), texts.begin(), texts.end());
            Scenario scenario = ex::scenario({ex::stream("records", 1000, 1000)},
                                             {ex::component("it", "flink", all)}, {{"records", "it"}});
            FailureMode failure;
            failure.name = "node loss";
            failure.of = {"it"};
            failure.each_node = true;
            failure.every = Distribution::exponential(30 * 86'400.0);
            failure.repair = Distribution::constant(60);
            scenario.failures = {failure};
            return lower(scenario, ex::catalog(), {}).value().outages.at(0).effects.at(0);
        };
        QCOMPARE(effect({}).share, 0.5);
        QCOMPARE(effect({}).longer.value(), 0.0);
        const ex::Texts state{{"state", "10 GB"}, {"checkpoint-interval", "4 min"}};
        const auto stops = effect(state);
        QCOMPARE(stops.share, 1.0);
        QVERIFY2(near(stops.longer.value(), 50 + (120 + 1 + 50) * 0.25),
                 qPrintable(QString::number(stops.longer.value())));
        ex::Texts longer = state;
        longer.back().second = "20 min";
        QVERIFY(near(effect(longer).longer.value(), 50 + (600 + 1 + 50) * 0.25));
    }

    /// A hundred shards at ten records a second each: three of them in 300 ms, and not a hundred in 100 ms.
    void each_shard_fills_batches_of_its_own() {
        const auto functions = [](const char* shards, const ex::Texts& texts) {
            ex::Texts all{{"duration", "40 ms"}, {"record-time", "1 ms"}, {"batch-size", "100"}};
            all.insert(all.end(), texts.begin(), texts.end());
            return lower(ex::scenario({ex::stream("records", 1000, 1000)},
                                      {ex::component("log", "kinesis-data-streams", {{"shards", shards}}),
                                       ex::component("it", "lambda", all)},
                                      {{"records", "log"}, {"log", "it"}}),
                         ex::catalog(), {})
                .value();
        };
        const System many = functions("100", {{"parallelization", "2"}});
        QCOMPARE(batch(many, "it.batches").lines, 100.0);
        QCOMPARE(batch(many, "it.batches").max_items, 10'000.0);
        QCOMPARE(batch(many, "it.batches").writers, 2);
        QVERIFY(near(batch(many, "it.batches").rate.value(), 100 * 1000 / 1e-3));
        const System one = functions("1", {{"parallelization", "2"}});
        QCOMPARE(batch(one, "it.batches").lines, 1.0);
        QCOMPARE(batch(one, "it.batches").max_items, 100.0);
        // Ten environments work off a hundred batches in ten rounds.
        const System few = functions("100", {{"concurrency", "10"}});
        QCOMPARE(batch(few, "it.batches").writers, 1);
        QVERIFY(near(batch(few, "it.batches").fixed.mean, 0.4));
        QVERIFY(near(batch(few, "it.batches").rate.value(), 10 * 1000 / 1e-3));
    }

    /// Half the memory is half a processor, up to a whole one.
    void functions_slow_down_with_their_memory() {
        const auto time = [](const char* memory) {
            const System system = through("lambda", {{"duration", "100 ms"},
                                                     {"batch-size", "1"},
                                                     {"measured-memory", "1769 MB"},
                                                     {"memory", memory}});
            return std::get<Queue>(ex::station(system, "it.invocations").primitive).service[0].mean;
        };
        QVERIFY(near(time("1769 MB"), 0.1));
        QVERIFY(near(time("884.5 MB"), 0.2));
        QVERIFY(near(time("3538 MB"), 0.1));
    }

    /// A fifth of the records fails for 4 h of every 60 d and 4 h, beside the half percent that is bad.
    void a_schema_that_is_not_known_is_rejected() {
        const auto passed = [](const ex::Texts& texts) {
            ex::Texts all{{"reject-rate", "0.5 %"}};
            all.insert(all.end(), texts.begin(), texts.end());
            return ex::station(through("lake-formation", all), "it.quality").yields[0];
        };
        QVERIFY(near(passed({}), 0.995));
        QVERIFY(near(passed({{"schema-every", "60 d"}, {"schema-known", "4 h"}, {"schema-share", "20 %"}}),
                     0.995 * (1 - 0.2 * 4 / (60 * 24 + 4))));
    }

    /// Copies of the shards let more searches run, and none of them faster.
    void replicas_serve_more_searches() {
        const auto cores = [](const char* replicas) {
            Requests load;
            load.rate.base = per_second(1);
            load.scan = Distribution::constant(400e6);
            return std::get<Queue>(ex::station(lower(ex::scenario({{.id = "searches", .load = load}},
                                                                  {ex::component("it", "opensearch",
                                                                                 {{"nodes", "8 x r6g.large"},
                                                                                  {"shards", "4"},
                                                                                  {"search-rate", "50 MB/s"},
                                                                                  {"replicas", replicas}})},
                                                                  {{"searches", "it"}}),
                                                     ex::catalog(), {})
                                                   .value(),
                                               "it.cores")
                                       .primitive);
        };
        QCOMPARE(cores("0").servers, 1);
        QVERIFY(near(cores("0").service[0].mean, 2));  // 400 MB on four cores
        QCOMPARE(cores("3").servers, 4);
        QVERIFY(near(cores("3").service[0].mean, 2));
        QCOMPARE(cores("7").servers, 4);  // all sixteen cores are at work
    }
};

QTEST_APPLESS_MAIN(StreamProcessorTest)
#include "stream_processor_test.moc"
