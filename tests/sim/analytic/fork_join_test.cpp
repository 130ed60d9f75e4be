#include "sim/analytic/fork_join.h"

#include "../systems.h"
#include "sim/analytic/solver.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

class ForkJoinTest : public QObject {
    Q_OBJECT

private slots:
    void order_statistics_data();
    void order_statistics();
    void early_copies_wait_data();
    void early_copies_wait();
    void queues_meet();
    void spans_are_found_data();
    void spans_are_found();
    void forks_within_forks();
    void users_wait_for_the_last();
    void users_are_followed_through_other_classes();
    void a_class_is_followed_through_others();
};

void ForkJoinTest::order_statistics_data() {
    QTest::addColumn<std::vector<sim::CopyTime>>("copies");
    QTest::addColumn<int>("needed");
    QTest::addColumn<double>("expected");
    const sim::CopyTime exponential{1, 1}, fast{0.5, 0.25}, fixed{2, 0};
    QTest::newRow("one") << std::vector{exponential} << 1 << 1.0;
    QTest::newRow("all of a hundred") << std::vector(100, exponential) << 100 << 5.187377517639621;
    QTest::newRow("the first of four") << std::vector(4, exponential) << 1 << 0.25;
    QTest::newRow("three of five") << std::vector(5, exponential) << 3 << 1.0 / 5 + 1.0 / 4 + 1.0 / 3;
    QTest::newRow("slow and fast") << std::vector{exponential, fast} << 2 << 1.5 - 1.0 / 3;
    QTest::newRow("the first of slow and fast") << std::vector{exponential, fast} << 1 << 1.0 / 3;
    QTest::newRow("fixed") << std::vector(3, fixed) << 2 << 2.0;
    QTest::newRow("fixed and exponential") << std::vector{fixed, exponential} << 2 << 2 + std::exp(-2);
    QTest::newRow("no time") << std::vector(2, sim::CopyTime{}) << 2 << 0.0;
}

void ForkJoinTest::order_statistics() {
    QFETCH(std::vector<sim::CopyTime>, copies);
    QFETCH(int, needed);
    QFETCH(double, expected);
    const double seen = sim::independent_copies(copies, needed).last.mean;
    QVERIFY2(std::abs(seen - expected) <= 2e-3 * expected, qPrintable(QString::number(seen, 'g', 12)));
}

void ForkJoinTest::early_copies_wait_data() {
    QTest::addColumn<std::vector<sim::CopyTime>>("copies");
    QTest::addColumn<int>("needed");
    QTest::addColumn<double>("expected");
    const sim::CopyTime exponential{1, 1}, fast{0.5, 0.25}, fixed{2, 0};
    // Between the i-th and the next of n exponential copies lies 1 / (n - i).
    QTest::newRow("three of five") << std::vector(5, exponential) << 3 << 1.0 / 4 + 2.0 / 3;
    QTest::newRow("the first of four") << std::vector(4, exponential) << 1 << 0.0;
    QTest::newRow("slow and fast") << std::vector{exponential, fast} << 2 << 1.5 - 2.0 / 3;
    QTest::newRow("fixed") << std::vector(3, fixed) << 2 << 0.0;
    double most = 0;
    for (int i = 1; i < 8028; ++i) most += i / (8450.0 - i);
    QTest::newRow("many") << std::vector(8450, exponential) << 8028 << most;
}

void ForkJoinTest::early_copies_wait() {
    QFETCH(std::vector<sim::CopyTime>, copies);
    QFETCH(int, needed);
    QFETCH(double, expected);
    const double seen = sim::independent_copies(copies, needed).waited;
    QVERIFY2(std::abs(seen - expected) <= 2e-3 * expected, qPrintable(QString::number(seen, 'g', 12)));
}

void ForkJoinTest::queues_meet() {
    QCOMPARE(sim::meeting_of_queues(1, 0.8, 5), 5.0);
    QCOMPARE(sim::meeting_of_queues(2, 0.8, 5), 7.0);  // Flatto and Hahn
    // Without load the copies are independent; with more of it they meet sooner than if they were.
    QVERIFY(std::abs(sim::meeting_of_queues(2, 0, 1) - 1.5) < 1e-12);
    const double independent = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4;
    QVERIFY(sim::meeting_of_queues(4, 0.9, 1) < independent);
    QVERIFY(sim::meeting_of_queues(4, 0.9, 1) > 1.5);
}

void ForkJoinTest::spans_are_found_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<bool>("found");
    const char* names[] = {"plain", "hedged", "withdrawn", "uneven", "two stations in a row", "little room"};
    for (int i = 0; i < 6; ++i) QTest::newRow(names[i]) << i << (i == 0 || i == 4);
}

void ForkJoinTest::spans_are_found() {
    QFETCH(int, which);
    QFETCH(bool, found);
    SystemBuilder builder;
    const int join = builder.station(model::Join{.needed = 2, .cancel = which == 2});
    model::Fork forks{.copies = which == 3 ? 2 : 3, .join = join};
    if (which == 1) forks.hedge_after = model::seconds(1);
    const int fork = builder.station(forks);
    model::Route route{.routing = model::Routing::copy, .branches = {}};
    for (int i = 0; i < 3; ++i) {
        auto queue = fcfs(1, Distribution::exponential(0.5), which == 5 ? 4 : model::unlimited);
        route.branches.push_back({builder.station(queue)});
        builder.link(route.branches.back().station, join);
    }
    if (which == 4) {
        const int more = builder.station(model::Delay{{Distribution::exponential(1)}});
        builder.link(route.branches[0].station, more).link(more, join);
    }
    builder.system().stations[static_cast<std::size_t>(join)].yields = {1.0 / 3};
    builder.link(fork, route).open(1, fork);
    const auto span = sim::span_of(builder.system(), fork, 0);
    QCOMPARE(span.has_value(), found);
    const sim::SystemEstimate estimate = sim::solve(builder.system());
    QCOMPARE(estimate.known, found);
    if (!found) return;
    QCOMPARE(span->legs.size(), std::size_t{3});
    QCOMPARE(span->legs[0].stations, which == 4 ? (std::vector<int>{2, 5}) : std::vector<int>{2});
    QCOMPARE(span->legs[1].stations, std::vector<int>{3});
    QCOMPARE(span->needed, 2);
    if (which != 0) return;
    // Exponential responses of 1 s, as if independent: the second of three, and who waits for it.
    const double second = 1.0 / 3 + 1.0 / 2, waited = (second - 1.0 / 3) / 3;
    QVERIFY(std::abs(estimate.classes[0].response - second) < 2e-3);
    QVERIFY(std::abs(estimate.stations[static_cast<std::size_t>(join)].waiting[0] - waited) < 2e-3);
}

// The slower of a race of two and of a third: max(exp(2), exp(1)) = 1/2 + 1 - 1/3.
void ForkJoinTest::forks_within_forks() {
    SystemBuilder builder;
    const auto delay = [&] { return builder.station(model::Delay{{Distribution::exponential(1)}}); };
    const int both = builder.station(model::Join{.needed = 2, .cancel = false});
    const int won = builder.station(model::Join{.needed = 1, .cancel = false});
    const int outer = builder.station(model::Fork{.copies = 2, .join = both});
    const int race = builder.station(model::Fork{.copies = 2, .join = won});
    const int a = delay(), b = delay(), other = delay();
    builder.link(outer, {model::Routing::copy, {{race}, {other}}})
        .link(race, {model::Routing::copy, {{a}, {b}}})
        .link(a, won)
        .link(b, won)
        .link(won, both)
        .link(other, both);
    for (const int join : {both, won})
        builder.system().stations[static_cast<std::size_t>(join)].yields = {0.5};
    builder.open(1, outer);
    const auto span = sim::span_of(builder.system(), outer, 0);
    QVERIFY(span.has_value());
    QCOMPARE(span->legs[0].forks.size(), std::size_t{1});
    const sim::SystemEstimate estimate = sim::solve(builder.system());
    QVERIFY(estimate.known);
    QVERIFY(std::abs(estimate.classes[0].response - 7.0 / 6) < 2e-3);
}

// Copies load their servers, and the user waits for the slower: within 5 % of simulations at any load. One
// user never meets another: 1.5 s and 0.3 s.
void ForkJoinTest::users_wait_for_the_last() {
    for (const auto& [users, think, simulated] :
         {std::tuple{1, 4.0, 1.8}, {3, 2.0, 2.691}, {10, 5.0, 6.178}, {20, 5.0, 15.655}}) {
        SystemBuilder builder;
        const int join = builder.station(model::Join{.needed = 2, .cancel = false});
        const int fork = builder.station(model::Fork{.copies = 2, .join = join});
        const int a = builder.station(fcfs(1, Distribution::exponential(1)));
        const int b = builder.station(fcfs(1, Distribution::exponential(1)));
        const int last = builder.station(fcfs(1, Distribution::exponential(0.3)));
        builder.link(fork, {model::Routing::copy, {{a}, {b}}}).link(a, join).link(b, join).link(join, last);
        builder.system().stations[static_cast<std::size_t>(join)].yields = {0.5};
        builder.closed(users, Distribution::exponential(think), fork);
        const sim::SystemEstimate estimate = sim::solve(builder.system());
        QVERIFY(estimate.known);
        QVERIFY(!estimate.classes[0].exact);
        const double off = estimate.classes[0].response / simulated - 1;
        QVERIFY2(std::abs(off) < (users == 1 ? 2e-3 : 0.05), qPrintable(QString::number(off)));
    }
}

// Four of ten queries come back from the disk as others, for twice the work: a chain with demands of 0.9 and
// 0.32 s.
void ForkJoinTest::users_are_followed_through_other_classes() {
    SystemBuilder builder(2);
    auto server = sharing(1, Distribution::exponential(0.5));
    server.service.push_back(Distribution::exponential(1));
    const int cpu = builder.station(server);
    auto one = fcfs(1, Distribution::exponential(0.8));
    one.service.push_back(Distribution::exponential(0.8));
    const int disk = builder.station(one);
    builder.closed(6, Distribution::exponential(5), cpu)
        .link(cpu, {model::Routing::split, {{disk, 0.4}, {model::outside, 0.6}}})
        .link(disk, {model::Routing::split, {{cpu, 1, 1}}});
    const sim::SystemEstimate estimate = sim::solve(builder.system());
    QVERIFY(estimate.known);
    QVERIFY(estimate.classes[0].exact);
    QVERIFY(std::abs(estimate.classes[0].throughput / 0.8153419 - 1) < 1e-6);
    QVERIFY(std::abs(estimate.classes[0].response / 2.358876 - 1) < 1e-6);
    QVERIFY(std::abs(estimate.stations[0].arrival_rate[1] / (0.4 * 0.8153419) - 1) < 1e-6);
}

// Half of the jobs come back as another workload, for half the time at a server that is shared.
void ForkJoinTest::a_class_is_followed_through_others() {
    SystemBuilder builder(2);
    auto server = sharing(1, Distribution::exponential(1));
    server.service.push_back(Distribution::exponential(0.5));
    const int shared = builder.station(server);
    const int turn =
        builder.station(model::Delay{{Distribution::exponential(3), Distribution::exponential(3)}});
    builder.open(0.4, shared)
        .link(shared, {model::Routing::split, {{turn, 0.5}, {model::outside, 0.5}}})
        .link(turn, {model::Routing::split, {{shared, 1, 1}}});
    const sim::SystemEstimate estimate = sim::solve(builder.system());
    QVERIFY(estimate.known);
    QVERIFY(estimate.classes[0].exact);
    QVERIFY(std::abs(estimate.classes[0].response - 4) < 1e-12);  // 1 / 0.5 + (3 + 0.5 / 0.5) / 2
    QVERIFY(std::abs(estimate.classes[0].throughput - 0.4) < 1e-12);
    QVERIFY(std::abs(estimate.stations[0].utilisation - 0.5) < 1e-12);
    QVERIFY(std::abs(estimate.stations[0].arrival_rate[1] - 0.2) < 1e-12);
}

QTEST_APPLESS_MAIN(ForkJoinTest)
#include "fork_join_test.moc"
