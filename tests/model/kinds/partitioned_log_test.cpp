// How long a log takes with a record where nothing queues: what collections of garbage and flushes add to it.

#include "example.h"

#include <QtTest>
#include <cmath>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

/// Three brokers that take so many records of 1,024 bytes a second.
System log_of(double rate, const ex::Texts& texts) {
    ex::Texts all{{"nodes", "3 x i3en.2xlarge"},
                  {"storage", "local"},
                  {"partitions", "99"},
                  {"record-overhead", "0 B"}};
    all.insert(all.end(), texts.begin(), texts.end());
    return lower(ex::scenario({ex::stream("messages", rate, 1024)}, {ex::component("log", "kafka", all)},
                              {{"messages", "log"}}),
                 ex::catalog(), {})
        .value();
}

Distribution time_at(const System& lowered, const std::string& station) {
    return std::get<Delay>(ex::station(lowered, station).primitive).time[0];
}

bool near(double value, double expected, double relative) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

}  // namespace

class PartitionedLogTest : public QObject {
    Q_OBJECT

private slots:
    /// Every broker takes 204.8 MB/s in, so that its 3.6 GB are full every 17.6 s; a record meets three of
    /// them, which are stopped for 20 ms each: 0.34 % of the records find one stopped.
    void collections_stop_records() {
        const Distribution without = time_at(log_of(200'000, {{"pause", "0 s"}}), "log.commit");
        const Distribution with = time_at(log_of(200'000, {}), "log.commit");
        const double stopped = 3 * 0.020 * 204.8e6 / 3.6e9;
        QVERIFY(near(with.mean - without.mean, stopped * 0.010, 1e-6));
        QVERIFY(near(with.quantile(0.5), without.quantile(0.5), 0.02));
        const double rest = 0.020 * (1 - 0.001 / stopped);  // of the pause, in one of a thousand
        QVERIFY(near(with.quantile(0.999), without.mean + rest, 0.05));
    }

    /// With twice the bytes they come twice as often; with next to none they are not seen.
    void collections_follow_the_bytes() {
        const auto added = [](double rate) {
            return time_at(log_of(rate, {}), "log.commit").mean -
                   time_at(log_of(rate, {{"pause", "0 s"}}), "log.commit").mean;
        };
        QVERIFY(near(added(200'000) / added(100'000), 2, 1e-6));
        QCOMPARE(added(1000), 0.0);
    }

    void a_declared_commit_is_the_whole_time() {
        QCOMPARE(time_at(log_of(200'000, {{"commit", "3 ms"}}), "log.commit"), Distribution::constant(3e-3));
    }

    /// Six producers send six times as often a sixth each: a record waits half the linger on average, the
    /// first of a producer's all of it; so does a record that comes alone.
    void producers_send_at_times_of_their_own() {
        const auto waits = [](double rate, const char* producers) {
            const System lowered = log_of(rate, {{"linger", "6 ms"}, {"producers", producers}});
            return std::pair(
                ex::index_of(lowered, "log.producers") < 0 ? 0 : time_at(lowered, "log.producers").mean,
                std::get<Batch>(ex::station(lowered, "log.linger").primitive).max_wait.value());
        };
        QCOMPARE(waits(1e6, "1"), std::pair(0.0, 6e-3));
        const auto [busy, gathered] = waits(1e6, "6");
        QVERIFY(near(gathered, 1e-3, 1e-9) && near(busy, 2.5e-3, 1e-2));
        QVERIFY(near(waits(1, "6").first, 5e-3, 1e-2));
        const Distribution time =
            time_at(log_of(1000, {{"linger", "6 ms"}, {"producers", "6"}}), "log.producers");
        QVERIFY(near(time.mean, 5e-3 * 0.75, 1e-9));  // one besides the first in a linger
        QVERIFY(near(time.quantile(0.25), 2.5e-3, 1e-9) && near(time.quantile(0.6), 5e-3, 1e-9));
        // Half spread evenly over 5 ms, half at its end.
        QVERIFY(near(time.scv, (0.5 * 25 / 3 + 0.5 * 25) / (3.75 * 3.75) - 1, 1e-9));
    }

    /// A record waits for half a round and its own flush, at the leader and at a follower. Where much comes,
    /// a round is that of all 99 replicas of a broker, 8 at a time; where little comes, a record is flushed
    /// at once.
    void each_record_is_flushed() {
        const ex::Texts each{{"flush", "each"}, {"flush-time", "0.1 ms"}};
        const double round = 99 * 0.1e-3 / 8;
        QVERIFY(near(time_at(log_of(1e7, each), "log.flush").mean, 2 * (round / 2 + 0.1e-3), 1e-3));
        QVERIFY(near(time_at(log_of(1, each), "log.flush").mean, 2 * 0.1e-3, 1e-3));
        const double drive = 0.125e-3 * std::exp(std::pow(std::log(1.6) / 1.645, 2) / 2);
        QVERIFY(near(time_at(log_of(1, {{"flush", "each"}}), "log.flush").mean, 2 * drive, 1e-3));
        const double volume = 2e-3 * std::exp(std::pow(std::log(2) / 1.645, 2) / 2);
        QVERIFY(near(time_at(log_of(1, {{"flush", "each"}, {"storage", "gp3"}}), "log.flush").mean,
                     2 * volume, 1e-3));
        const ex::Texts alone{{"flush", "each"}, {"flush-time", "0.1 ms"}, {"replication", "1"}};
        QVERIFY(near(time_at(log_of(1, alone), "log.flush").mean, 0.1e-3, 1e-3));
        QVERIFY(ex::index_of(log_of(1, {}), "log.flush") < 0);
    }
};

QTEST_APPLESS_MAIN(PartitionedLogTest)
#include "partitioned_log_test.moc"
