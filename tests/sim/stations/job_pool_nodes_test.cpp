// Pools whose nodes fail for reasons from outside, and come and go with the load.

#include "../systems.h"
#include "pools.h"
#include "sim/platform/replication.h"
#include "sim/stations/job_pool.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::BatchPool;
using model::Distribution;
using model::Interrupted;
using model::TaskStage;
using sim::CapacityChange;

namespace {

struct Played {
    std::vector<double> left;  ///< by order of leaving
    double reruns = 0, scaled = 0;
};

Played play(const BatchPool& spec, const std::vector<double>& arrivals,
            std::vector<CapacityChange> failures = {}, double end = 0, std::uint64_t seed = 1) {
    sim::JobPool pool(
        spec,
        [seed](const std::string& purpose) {
            return sim::RandomStream(seed, sim::stream_id("pool", purpose), 0);
        },
        std::move(failures));
    Played played;
    std::vector<sim::JobPool::Finished> finished;
    std::size_t next = 0;
    double now = 0;
    while (played.left.size() < arrivals.size() || pool.next_time() <= end) {
        const double event = pool.next_time();
        if (next < arrivals.size() && arrivals[next] <= event) {
            pool.submit(arrivals[next], static_cast<std::uint32_t>(next), 0);
            ++next;
            continue;
        }
        now = event;
        finished.clear();
        pool.play(event, finished);
        played.left.insert(played.left.end(), finished.size(), event);
    }
    played.reruns = pool.reruns();
    played.scaled = pool.scaled_until(std::max(now, end));
    return played;
}

model::Scaler scaler(double least, double delay) {
    model::Scaler result{.least = least, .first = 0, .target = 0.8};
    result.period = model::seconds(10);
    result.delay = model::seconds(delay);
    result.cool_down = model::seconds(30);
    result.sees_waiting = true;
    return result;
}

}  // namespace

class JobPoolNodesTest : public QObject {
    Q_OBJECT

private slots:
    /// Half of the nodes are gone from 5 s to 25 s: four tasks begin anew, and eight have four slots until
    /// then.
    void tasks_of_failed_nodes_begin_anew() {
        const BatchPool pool = pool_of(4, 2, {{.tasks = 8, .time = ten_seconds}});
        const Played whole = play(pool, {0});
        QCOMPARE(whole.left, std::vector<double>{10});
        const Played played =
            play(pool, {0}, {{5, 0, 0.5, Interrupted::restart}, {25, 0, 1, Interrupted::restart}});
        QCOMPARE(played.left, std::vector<double>{20});
        QCOMPARE(played.reruns, 4.0);
    }

    /// What is resumed is not moved: a node ends it before it goes.
    void nodes_that_are_drained_end_what_they_have() {
        const BatchPool pool = pool_of(4, 2, {{.tasks = 16, .time = ten_seconds}});
        const Played played = play(pool, {0}, {{5, 0, 0.5, Interrupted::resume}});
        QCOMPARE(played.reruns, 0.0);
        QCOMPARE(played.left, std::vector<double>{30});  // eight tasks, then four, then four
    }

    /// With all nodes gone nothing runs, and nothing is lost.
    void a_pool_that_is_gone_waits() {
        const BatchPool pool = pool_of(3, 1, {{.tasks = 3, .time = ten_seconds}});
        const Played played =
            play(pool, {0, 8}, {{5, 0, 0, Interrupted::restart}, {105, 0, 1, Interrupted::restart}});
        QCOMPARE(played.left, (std::vector<double>{115, 125}));
    }

    /// What finished tasks left on a failed node is computed anew before anyone can fetch it, and only if
    /// anyone still has to.
    void results_are_lost_with_their_nodes() {
        BatchPool pool = pool_of(2, 1,
                                 {{.tasks = 2, .time = ten_seconds},
                                  {.tasks = 1, .time = Distribution::constant(100), .after = {0}}});
        pool.results_stay = true;
        int hit = 0, spared = 0;
        for (std::uint64_t seed = 1; seed <= 16; ++seed) {
            const Played played = play(pool, {0}, {{50, 0, 0.5, Interrupted::restart}}, 0, seed);
            if (played.reruns > 0) {
                // The node of the second stage: its task begins anew on the other, behind the one of the
                // first stage whose result went with it.
                ++hit;
                QCOMPARE(played.reruns, 2.0);
                QCOMPARE(played.left, std::vector<double>{160});
            } else {
                // The other: what was on it has been fetched.
                ++spared;
                QCOMPARE(played.left, std::vector<double>{110});
            }
        }
        QVERIFY(hit > 0 && spared > 0);
    }

    /// Results that nobody needed when they were lost are computed anew when a task has to fetch them again:
    /// one node goes from 20 s to 30 s, after the second stage has fetched; the other, with the second stage,
    /// at 50 s.
    void lost_results_are_missed_later() {
        BatchPool pool = pool_of(2, 1,
                                 {{.tasks = 2, .time = ten_seconds},
                                  {.tasks = 1, .time = Distribution::constant(100), .after = {0}}});
        pool.results_stay = true;
        int missed = 0;
        for (std::uint64_t seed = 1; seed <= 16; ++seed) {
            const Played played = play(pool, {0},
                                       {{20, 0, 0.5, Interrupted::restart},
                                        {30, 0, 1, Interrupted::restart},
                                        {50, 0, 0.5, Interrupted::restart}},
                                       0, seed);
            if (played.left.front() == 110) continue;
            const bool first_spared = played.reruns == 3;
            if (!first_spared) continue;
            // Both results of the first stage are gone: 20 s for them on the node that is left, then 100 s.
            ++missed;
            QCOMPARE(played.left, std::vector<double>{170});
        }
        QVERIFY(missed > 0);
    }

    /// A task of the second stage that fails at its end fetches again, and so needs what was lost meanwhile.
    void retries_miss_lost_results() {
        BatchPool pool =
            pool_of(2, 1,
                    {{.tasks = 2, .time = ten_seconds},
                     {.tasks = 1, .time = Distribution::constant(100), .after = {0}, .failing = 0.5}});
        pool.results_stay = true;
        pool.attempts = 100;
        pool.retry_after = model::seconds(5);
        int retried = 0;
        for (std::uint64_t seed = 1; seed <= 32; ++seed) {
            const Played played = play(
                pool, {0}, {{50, 0, 0.5, Interrupted::restart}, {60, 0, 1, Interrupted::restart}}, 0, seed);
            // Spared when the node went, failed once at 110 s, and the lost result computed anew from 115 s.
            if (played.left.front() != 225) continue;
            ++retried;
            QCOMPARE(played.reruns, 1.0);
        }
        QVERIFY(retried > 0);
    }

    /// Losses of the pool's own and those from outside add up, and a node comes back when both are over.
    void causes_add_up() {
        BatchPool pool = pool_of(2, 1, {{.tasks = 2000, .time = Distribution::constant(1)}});
        pool.node_life = model::seconds(100);
        pool.replacement = Distribution::constant(20);
        const Played own = play(pool, {0});
        const Played both = play(pool, {0}, {{0, 0, 0.5, Interrupted::restart}});
        QVERIFY(own.left.front() > 1000 * 1.1);
        QVERIFY(both.left.front() > 2000 * 1.1);
    }

    /// A pool of ten that keeps one node: a job of 400 tasks finds ten when they have come, and they are
    /// given up again when it is done.
    void nodes_come_and_go_with_the_tasks() {
        BatchPool pool = pool_of(10, 4, {{.tasks = 400, .time = ten_seconds}});
        pool.scaler = scaler(0.1, 60);
        const Played played = play(pool, {0}, {}, 2000);
        // The first look is at 10 s, and the others are there at 70 s. Until then four slots work off 28
        // tasks.
        QVERIFY2(played.left.front() >= 160 && played.left.front() <= 190,
                 std::to_string(played.left.front()).c_str());
        // 100 s or so with ten nodes, the rest with one.
        QVERIFY2(played.scaled > 2000 * 0.1 + 90 * 0.9 && played.scaled < 2000 * 0.1 + 220 * 0.9,
                 std::to_string(played.scaled).c_str());
        QCOMPARE(played.reruns, 0.0);
        pool.scaler->delay = model::seconds(600);
        QVERIFY(play(pool, {0}).left.front() > played.left.front() + 300);
    }

    /// By schedule alone: half of the nodes until noon.
    void nodes_follow_a_schedule() {
        BatchPool pool = pool_of(10, 1, {{.tasks = 10, .time = ten_seconds}});
        pool.scaler = scaler(0, 0);
        pool.scaler->target = 0;
        pool.scaler->cool_down = {};
        pool.scaler->schedule = {{model::hours(0), 0.5}, {model::hours(12), 1}};
        const Played played = play(pool, {3600, 14 * 3600}, {}, 86'400);
        QCOMPARE(played.left[0] - 3600, 20.0);
        QCOMPARE(played.left[1] - 14 * 3600, 10.0);
        QVERIFY2(std::abs(played.scaled / 86'400 - 0.75) < 0.01, std::to_string(played.scaled).c_str());
    }

    /// Failures of a system hit its pool alike at both levels.
    void both_levels_lose_the_same_nodes() {
        SystemBuilder builder;
        builder.open(1 / 300.0,
                     builder.station(pool_of(8, 2, {{.tasks = 64, .time = Distribution::exponential(30)}})));
        model::System system = builder.system();
        system.horizon = model::days(30);
        const auto mean_of = [&](bool flow) {
            double sum = 0;
            for (int r = 0; r < 4; ++r) {
                const sim::ReplicationOptions options{.seed = 5, .replication = r};
                const auto done =
                    flow ? sim::simulate_flow(system, options) : sim::simulate_records(system, options);
                sum += done.classes[0].response.mean() / 4;
            }
            return sum;
        };
        const double calm = mean_of(false);
        system.outages.push_back({.name = "zone",
                                  .effects = {{0, 0.5}},
                                  .up = Distribution::exponential(20'000),
                                  .down = Distribution::constant(10'000)});
        QCOMPARE(model::fault_of(system), std::string());
        const double record = mean_of(false), flow = mean_of(true);
        QVERIFY2(record > 1.2 * calm, (std::to_string(record) + " " + std::to_string(calm)).c_str());
        QVERIFY2(std::abs(flow / record - 1) < 0.1,
                 (std::to_string(flow) + " " + std::to_string(record)).c_str());
    }
};

QTEST_APPLESS_MAIN(JobPoolNodesTest)
#include "job_pool_nodes_test.moc"
