// Jobs of tasks on slots, where the makespan can be worked out.

#include "sim/stations/job_pool.h"

#include "../systems.h"
#include "pools.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::BatchPool;
using model::Distribution;
using model::TaskStage;

namespace {

/// Times of leaving of jobs that arrive at the times given, in order of leaving.
std::vector<std::pair<std::uint32_t, double>> play(const BatchPool& spec, const std::vector<double>& arrivals,
                                                   std::uint64_t seed = 1, double* reruns = nullptr) {
    sim::JobPool pool(spec, [seed](const std::string& purpose) {
        return sim::RandomStream(seed, sim::stream_id("pool", purpose), 0);
    });
    std::vector<std::pair<std::uint32_t, double>> left;
    std::vector<sim::JobPool::Finished> finished;
    std::size_t next = 0;
    while (left.size() < arrivals.size()) {
        const double event = pool.next_time();
        if (next < arrivals.size() && arrivals[next] <= event) {
            pool.submit(arrivals[next], static_cast<std::uint32_t>(next), 0);
            ++next;
            continue;
        }
        finished.clear();
        pool.play(event, finished);
        for (const auto& job : finished) left.emplace_back(job.job, event);
    }
    if (reruns) *reruns = pool.reruns();
    return left;
}

double makespan(const BatchPool& spec, std::uint64_t seed = 1) {
    return play(spec, {0}, seed).front().second;
}

}  // namespace

class JobPoolTest : public QObject {
    Q_OBJECT

private slots:
    void equal_tasks_run_in_waves_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<double>("tasks");
        QTest::addColumn<double>("seconds");
        QTest::newRow("one wave") << 8 << 8.0 << 10.0;
        QTest::newRow("one task more") << 8 << 9.0 << 20.0;
        QTest::newRow("ten waves") << 20 << 200.0 << 100.0;
        QTest::newRow("more slots than tasks") << 50 << 3.0 << 10.0;
    }
    void equal_tasks_run_in_waves() {
        QFETCH(int, width);
        QFETCH(double, tasks);
        QFETCH(double, seconds);
        QCOMPARE(makespan(pool_of(width, 1, {{.tasks = tasks, .time = ten_seconds}})), seconds);
        QCOMPARE(makespan(pool_of(1, width, {{.tasks = tasks, .time = ten_seconds}})), seconds);
    }

    // n exponential tasks on m slots: all slots work until the last task has begun, and the last m end one by
    // one: (n - m) / m + H(m).
    void exponential_tasks_end_one_by_one() {
        double sum = 0;
        for (std::uint64_t seed = 0; seed < 3000; ++seed)
            sum += makespan(pool_of(5, 2, {{.tasks = 60, .time = Distribution::exponential(1)}}), seed);
        double harmonic = 0;
        for (int i = 1; i <= 10; ++i) harmonic += 1.0 / i;
        QVERIFY2(std::abs(sum / 3000 - (5 + harmonic)) < 0.06, qPrintable(QString::number(sum / 3000)));
    }

    void stages_wait_for_those_they_build_on() {
        // Two stages side by side on four slots, and one that needs both.
        const auto stages =
            std::vector<TaskStage>{{.tasks = 4, .time = Distribution::constant(3)},
                                   {.tasks = 4, .time = Distribution::constant(5)},
                                   {.tasks = 8, .time = Distribution::constant(2), .after = {0, 1}}};
        QCOMPARE(makespan(pool_of(4, 1, stages)), 3.0 + 5 + 2 * 2);
        QCOMPARE(makespan(pool_of(8, 1, stages)), 5.0 + 2);
    }

    // Eight tasks fetch a gigabyte each over a network of two gigabytes a second: four seconds, however many
    // fetch at a time, and then they compute.
    void a_shuffle_shares_the_network() {
        auto pool =
            pool_of(8, 1, {{.tasks = 8, .time = Distribution::constant(1), .fetch = model::gigabytes(1)}});
        pool.network = model::DataRate(2e9);
        QVERIFY(std::abs(makespan(pool) - 5) < 1e-9);
        pool.nodes = 4;  // two waves: two seconds of fetching and one of computing each
        QVERIFY(std::abs(makespan(pool) - 6) < 1e-9);
    }

    // Eight tasks of 100 MB on a node whose disk moves 200 MB/s take four seconds together, and two of them
    // one: what is left in the last wave has the disk for itself, until the processor binds.
    void those_on_a_node_share_its_disk() {
        const TaskStage read{.tasks = 8,
                             .time = Distribution::constant(4),
                             .disk = model::DataSize(100e6),
                             .core = model::seconds(0.75)};
        auto pool = pool_of(1, 8, {read});
        pool.disk = model::DataRate(200e6);
        QVERIFY(std::abs(makespan(pool) - 4) < 1e-9);
        pool.jobs[0][0].tasks = 10;
        QVERIFY(std::abs(makespan(pool) - 5) < 1e-9);
        pool.jobs[0][0].tasks = 9;
        QVERIFY(std::abs(makespan(pool) - 4.75) < 1e-9);
        // Two nodes take them evenly.
        pool.nodes = 2;
        pool.jobs[0][0].tasks = 8;
        QVERIFY(std::abs(makespan(pool) - 2) < 1e-9);
        // Nodes are lost with what is being read on them.
        pool.node_life = model::seconds(2);
        for (std::uint64_t seed = 0; seed < 50; ++seed) QVERIFY(makespan(pool, seed) > 2 - 1e-9);
    }

    // A task of four seconds that is taken at a beat every three keeps its slot for six.
    void nodes_take_tasks_at_their_beats() {
        auto pool = pool_of(1, 1, {{.tasks = 3, .time = Distribution::constant(4)}});
        pool.beat = model::seconds(3);
        QVERIFY(std::abs(makespan(pool) - 18) < 1e-9);
        pool.jobs[0][0].time = Distribution::constant(3);
        QVERIFY(std::abs(makespan(pool) - 9) < 1e-9);
    }

    void stragglers_hold_up_the_wave() {
        auto pool = pool_of(100, 1, {{.tasks = 100, .time = ten_seconds}});
        pool.straggler_share = 0.05;
        pool.straggler_factor = 3;
        int held_up = 0;
        for (std::uint64_t seed = 0; seed < 400; ++seed) held_up += makespan(pool, seed) > 20 ? 1 : 0;
        QVERIFY(std::abs(held_up / 400.0 - (1 - std::pow(0.95, 100))) < 0.02);
    }

    // Nodes that live as long as a task takes: a task needs exp(1) - 1 lives of work on average until one
    // holds.
    void lost_nodes_run_their_tasks_again() {
        auto pool = pool_of(1, 1, {{.tasks = 400, .time = Distribution::constant(1)}});
        pool.node_life = model::seconds(1);
        pool.replacement = Distribution::constant(0);
        double reruns = 0;
        const double end = play(pool, {0}, 3, &reruns).front().second;
        QVERIFY2(std::abs(end / 400 - (std::exp(1.0) - 1)) < 0.2, qPrintable(QString::number(end / 400)));
        QVERIFY(std::abs(reruns / 400 - (std::exp(1.0) - 1)) < 0.25);
        // Both slots of a node go with it.
        pool = pool_of(2, 2, {{.tasks = 40, .time = ten_seconds}});
        pool.node_life = model::seconds(60);
        pool.replacement = Distribution::constant(30);
        QVERIFY(makespan(pool) > 100);
    }

    void who_gets_a_free_slot() {
        auto pool = pool_of(4, 1, {{.tasks = 8, .time = Distribution::constant(1)}});
        const auto in_order = play(pool, {0, 0});
        QCOMPARE(in_order[0], (std::pair<std::uint32_t, double>{0, 2}));
        QCOMPARE(in_order[1], (std::pair<std::uint32_t, double>{1, 4}));
        pool.fair = true;
        const auto fair = play(pool, {0, 0.5});
        QCOMPARE(fair[0].second,
                 3.0);  // the second job has the next two seconds' slots to itself, then both share
        QCOMPARE(fair[1].second, 4.0);
        pool.fair = false;
        pool.jobs_at_once = 1;
        pool.launch = model::seconds(10);
        const auto single = play(pool, {0, 0});
        QCOMPARE(single[0].second, 12.0);
        QCOMPARE(single[1].second, 24.0);
    }

    void a_stage_may_need_a_lead() {
        const auto stages = std::vector<TaskStage>{
            {.tasks = 4, .time = Distribution::constant(3), .lead = model::seconds(1)},
            {.tasks = 4, .time = Distribution::constant(5), .after = {0}, .lead = model::seconds(2)}};
        QCOMPARE(makespan(pool_of(4, 1, stages)), 1.0 + 3 + 2 + 5);
        // It takes no slot: another job has them meanwhile.
        auto pool = pool_of(4, 1, stages);
        const auto both = play(pool, {0, 0});
        QCOMPARE(both[0].second, 12.0);  // the other's first stage has the slots until 7 s
        QCOMPARE(both[1].second, 17.0);
    }

    // An attempt fails with probability p: 1 / (1 - p) attempts on average with a pause between them, where
    // there are enough of them; else the fourth part of p^n waits for whoever mends it.
    void what_fails_is_tried_again() {
        auto pool = pool_of(1, 1, {{.tasks = 1, .time = Distribution::constant(10), .failing = 0.5}});
        pool.attempts = 1000;
        pool.retry_after = model::seconds(4);
        double sum = 0;
        for (std::uint64_t seed = 0; seed < 4000; ++seed) sum += makespan(pool, seed);
        QVERIFY2(std::abs(sum / 4000 - (2 * 10 + 4)) < 0.7, qPrintable(QString::number(sum / 4000)));
        pool.attempts = 2;
        pool.mending = Distribution::constant(100);
        sum = 0;
        for (std::uint64_t seed = 0; seed < 4000; ++seed) sum += makespan(pool, seed);
        // Every second pause is 100 s instead of 4: 20 + 4 x 2/3 + 100 x 1/3.
        QVERIFY2(std::abs(sum / 4000 - (20 + 4 * 2.0 / 3 + 100.0 / 3)) < 3,
                 qPrintable(QString::number(sum / 4000)));
    }

    void a_job_has_so_many_slots_at_once() {
        auto pool = pool_of(8, 1, {{.tasks = 8, .time = ten_seconds}});
        pool.tasks_at_once = 4;
        QCOMPARE(makespan(pool), 20.0);
        const auto both = play(pool, {0, 0});
        QCOMPARE(both[0].second, 20.0);
        QCOMPARE(both[1].second, 20.0);
        // Where they are kept, they are busy until the job is over.
        pool.held = true;
        pool.jobs_at_once = 2;
        pool.jobs = {{{.tasks = 5, .time = ten_seconds}}};
        SystemBuilder b;
        const int station = b.station(pool);
        b.open(0.01, station).horizon(1e6);
        const auto r = sim::simulate_records(b.system(), {.warm_up = 1000});
        QVERIFY(std::abs(r.stations[0].busy / r.stations[0].capacity - 0.01 * 20 * 4 / 8) < 0.003);
    }

    // Two nodes; the first stage is complete after 10 s, and its results on a node that is lost are made
    // anew.
    void lost_results_are_made_again() {
        const auto stages =
            std::vector<TaskStage>{{.tasks = 20, .time = ten_seconds},
                                   {.tasks = 20, .time = Distribution::constant(30), .after = {0}}};
        auto pool = pool_of(20, 1, stages);
        pool.node_life = model::seconds(2000);
        pool.replacement = Distribution::constant(0);
        double kept = 0, lost = 0;
        for (std::uint64_t seed = 0; seed < 400; ++seed) {
            pool.results_stay = false;
            double reruns = 0;
            play(pool, {0}, seed, &reruns);
            kept += reruns / 400;
            pool.results_stay = true;
            play(pool, {0}, seed, &reruns);
            lost += reruns / 400;
        }
        // In 40 s a fiftieth of the nodes is lost; in 30 of them with the result of a finished task as well.
        QVERIFY2(kept > 0.3 && kept < 0.5, qPrintable(QString::number(kept)));
        QVERIFY2(lost > 1.5 * kept && lost < 2.3 * kept, qPrintable(QString("%1 %2").arg(kept).arg(lost)));
    }

    // A task that fetches alone has no more than its own share of the network.
    void a_task_has_its_own_link() {
        auto pool =
            pool_of(8, 1, {{.tasks = 1, .time = Distribution::constant(1), .fetch = model::gigabytes(1)}});
        pool.network = model::DataRate(2e9);
        pool.fetch_most = model::DataRate(0.25e9);
        QVERIFY(std::abs(makespan(pool) - 5) < 1e-9);
    }

    // As a station: M/D/1 of jobs that take the whole pool for ten seconds.
    void a_pool_is_a_station() {
        SystemBuilder b;
        const int pool = b.station(pool_of(5, 2, {{.tasks = 10, .time = ten_seconds}}));
        b.open(0.05, pool).horizon(1e6);
        const auto r = sim::simulate_records(b.system(), {.warm_up = 1000});
        const auto& visit = r.stations[0].visits[0];
        QVERIFY(std::abs(r.classes[0].response.mean() / 15 - 1) < 0.03);
        QVERIFY(std::abs(visit.waiting.mean() / 5 - 1) < 0.08);
        QVERIFY(std::abs(r.stations[0].busy / r.stations[0].capacity - 0.5) < 0.01);
        QCOMPARE(r.classes[0].arrived, r.classes[0].completed + r.classes[0].in_flight);
    }
};

QTEST_APPLESS_MAIN(JobPoolTest)
#include "job_pool_test.moc"
