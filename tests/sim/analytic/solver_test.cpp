#include "sim/analytic/solver.h"

#include "../systems.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

// Expected values are exact results for these systems, to the digits given (mu = 1 unless said).
class SolverTest : public QObject {
    Q_OBJECT

private slots:
    void erlang_b_data();
    void erlang_b();
    void mmc_wait_data();
    void mmc_wait();
    void mg1_wait_data();
    void mg1_wait();
    void loss_of_a_full_room_data();
    void loss_of_a_full_room();
    void closed_station_data();
    void closed_station();
    void machine_repair_with_two_servers();
    void equal_closed_classes_are_one_class();
    void machine_repair_with_many_servers();
    void two_classes_at_two_servers();
    void large_populations_are_approximated();
    void feedback_is_jackson();
    void processor_sharing_is_insensitive();
    void yields_and_copies_multiply_traffic();
    void overload_says_how_fast_it_grows();
    void hot_partition_overloads_first();
    void batches_gather();
    void buckets_hold_tokens();
    void open_and_closed_share_a_server();
};

namespace {
void near(double actual, double expected, double relative) {
    QVERIFY2(std::abs(actual - expected) <= relative * std::abs(expected) + 1e-12,
             qPrintable(QString("%1 instead of %2").arg(actual, 0, 'g', 10).arg(expected, 0, 'g', 10)));
}
}  // namespace

void SolverTest::erlang_b_data() {
    QTest::addColumn<int>("servers");
    QTest::addColumn<double>("offered");
    QTest::addColumn<double>("blocked");
    QTest::newRow("10, 5") << 10 << 5.0 << 0.018385;
    QTest::newRow("10, 8") << 10 << 8.0 << 0.121661;
    QTest::newRow("50, 40") << 50 << 40.0 << 0.018691;
    QTest::newRow("100, 90") << 100 << 90.0 << 0.026957;
    QTest::newRow("200, 200") << 200 << 200.0 << 0.054352;
}
void SolverTest::erlang_b() {
    QFETCH(int, servers);
    QFETCH(double, offered);
    QFETCH(double, blocked);
    near(sim::erlang_b(servers, offered), blocked, 1e-4);
}

void SolverTest::mmc_wait_data() {
    QTest::addColumn<int>("servers");
    QTest::addColumn<double>("utilisation");
    QTest::addColumn<double>("wait");
    QTest::newRow("1, 0.5") << 1 << 0.5 << 1.0;
    QTest::newRow("1, 0.99") << 1 << 0.99 << 99.0;
    QTest::newRow("2, 0.8") << 2 << 0.8 << 1.777778;
    QTest::newRow("4, 0.8") << 4 << 0.8 << 0.745541;
    QTest::newRow("5, 0.9") << 5 << 0.9 << 1.524986;
    QTest::newRow("10, 0.8") << 10 << 0.8 << 0.204590;
    QTest::newRow("10, 0.95") << 10 << 0.95 << 1.651171;
    QTest::newRow("50, 0.9") << 50 << 0.9 << 0.072773;
    QTest::newRow("100, 0.9") << 100 << 0.9 << 0.021694;
    QTest::newRow("100, 0.99") << 100 << 0.99 << 0.882768;
}
void SolverTest::mmc_wait() {
    QFETCH(int, servers);
    QFETCH(double, utilisation);
    QFETCH(double, wait);
    SystemBuilder builder;
    builder.open(servers * utilisation, builder.station(fcfs(servers, Distribution::exponential(1))));
    const auto estimate = sim::solve(builder.system());
    near(estimate.stations[0].waiting[0], wait, 1e-4);
    near(estimate.classes[0].response, wait + 1, 1e-4);
    near(estimate.stations[0].utilisation, utilisation, 1e-12);
    QVERIFY(estimate.stations[0].exact);
    QVERIFY(estimate.classes[0].exact);
}

void SolverTest::mg1_wait_data() {
    QTest::addColumn<double>("utilisation");
    QTest::addColumn<double>("scv");
    QTest::addColumn<double>("wait");
    QTest::newRow("D 0.5") << 0.5 << 0.0 << 0.5;
    QTest::newRow("D 0.8") << 0.8 << 0.0 << 2.0;
    QTest::newRow("D 0.9") << 0.9 << 0.0 << 4.5;
    QTest::newRow("D 0.95") << 0.95 << 0.0 << 9.5;
    QTest::newRow("0.25") << 0.8 << 0.25 << 2.5;
    QTest::newRow("1") << 0.8 << 1.0 << 4.0;
    QTest::newRow("4") << 0.8 << 4.0 << 10.0;
    QTest::newRow("16") << 0.8 << 16.0 << 34.0;
    QTest::newRow("64") << 0.8 << 64.0 << 130.0;
}
void SolverTest::mg1_wait() {
    QFETCH(double, utilisation);
    QFETCH(double, scv);
    QFETCH(double, wait);
    SystemBuilder builder;
    builder.open(utilisation, builder.station(fcfs(1, Distribution::lognormal(1, std::sqrt(scv)))));
    const auto estimate = sim::solve(builder.system());
    near(estimate.stations[0].waiting[0], wait, 1e-9);
    QVERIFY(estimate.stations[0].exact);
}

void SolverTest::loss_of_a_full_room_data() {
    QTest::addColumn<double>("utilisation");
    QTest::addColumn<double>("loss");
    QTest::newRow("0.9") << 0.9 << 0.050814;
    QTest::newRow("1.0") << 1.0 << 0.090909;
    QTest::newRow("1.2") << 1.2 << 0.192587;
}
void SolverTest::loss_of_a_full_room() {
    QFETCH(double, utilisation);
    QFETCH(double, loss);
    near(sim::mmck_loss(1, 10, utilisation), loss, 2e-5);
    SystemBuilder builder;
    builder.open(utilisation, builder.station(fcfs(1, Distribution::exponential(1), 10)));
    const auto estimate = sim::solve(builder.system());
    near(estimate.classes[0].rejected, utilisation * loss, 2e-5);
    QVERIFY(estimate.overloads.empty());
    QVERIFY(estimate.stations[0].exact);
}

void SolverTest::closed_station_data() {
    QTest::addColumn<int>("users");
    QTest::addColumn<double>("throughput");
    QTest::addColumn<double>("response");
    QTest::newRow("1") << 1 << 0.90909 << 0.1;
    QTest::newRow("5") << 5 << 4.36048 << 0.14666;
    QTest::newRow("10") << 10 << 7.85418 << 0.27321;
    QTest::newRow("11") << 11 << 8.36768 << 0.31458;
    QTest::newRow("15") << 15 << 9.63503 << 0.55682;
    QTest::newRow("20") << 20 << 9.98131 << 1.00375;
    QTest::newRow("50") << 50 << 10.0 << 4.0;
}
void SolverTest::closed_station() {
    QFETCH(int, users);
    QFETCH(double, throughput);
    QFETCH(double, response);
    SystemBuilder builder;
    builder.closed(users, Distribution::exponential(1),
                   builder.station(fcfs(1, Distribution::exponential(0.1))));
    const auto estimate = sim::solve(builder.system());
    near(estimate.classes[0].throughput, throughput, 2e-5);
    near(estimate.classes[0].response, response, 3e-5);
    QVERIFY(estimate.classes[0].exact);
}

// Machine repair with 3 machines and 2 servers, both exponential of mean 1: p = (1, 3, 3, 1.5) / 8.5.
void SolverTest::machine_repair_with_two_servers() {
    SystemBuilder builder;
    builder.closed(3, Distribution::exponential(1), builder.station(fcfs(2, Distribution::exponential(1))));
    const auto estimate = sim::solve(builder.system());
    const double throughput = (3 + 2 * 3 + 2 * 1.5) / 8.5;
    near(estimate.classes[0].throughput, throughput, 1e-9);
    near(estimate.classes[0].response, 3 / throughput - 1, 1e-9);
}

void SolverTest::equal_closed_classes_are_one_class() {
    SystemBuilder builder(2);
    model::Queue queue = fcfs(1, Distribution::exponential(0.1));
    queue.service.push_back(Distribution::exponential(0.1));
    const int s = builder.station(queue);
    builder.closed(6, Distribution::exponential(1), s, 0).closed(4, Distribution::exponential(1), s, 1);
    const auto estimate = sim::solve(builder.system());
    // Equal classes: together they are ten users of one class.
    near(estimate.classes[0].throughput + estimate.classes[1].throughput, 7.85418, 2e-6);
    QVERIFY(estimate.classes[0].exact);
}

// The same machines and repairers by birth and death: p(n) = p(n - 1) (N - n + 1) / min(n, c).
void SolverTest::machine_repair_with_many_servers() {
    constexpr int machines = 200, servers = 60;
    std::vector<long double> p(machines + 1, 1);
    long double all = 1, down = 0;
    for (int n = 1; n <= machines; ++n) {
        const auto i = static_cast<std::size_t>(n);
        p[i] = p[i - 1] * (machines - n + 1) / 2 / std::min(n, servers);
        all += p[i];
        down += n * p[i];
    }
    SystemBuilder builder;
    builder.closed(machines, Distribution::exponential(2),
                   builder.station(fcfs(servers, Distribution::exponential(1))));
    const auto estimate = sim::solve(builder.system());
    near(estimate.stations[0].population, static_cast<double>(down / all), 1e-9);
    QVERIFY(estimate.classes[0].exact);
}

// Two classes, two stations, one of two servers: balance equations solved state by state, by hand for one
// user each. With users A and B thinking 1 and 2, service 1 at both: two servers never make a pair wait.
void SolverTest::two_classes_at_two_servers() {
    SystemBuilder builder(2);
    model::Queue queue = fcfs(2, Distribution::exponential(1));
    queue.service.push_back(Distribution::exponential(1));
    const int s = builder.station(queue);
    builder.closed(1, Distribution::exponential(1), s, 0).closed(1, Distribution::exponential(2), s, 1);
    const auto estimate = sim::solve(builder.system());
    near(estimate.classes[0].throughput, 1.0 / 2, 1e-12);
    near(estimate.classes[1].throughput, 1.0 / 3, 1e-12);
    QVERIFY(estimate.classes[1].exact);
}

void SolverTest::large_populations_are_approximated() {
    SystemBuilder builder(2);
    model::Queue queue = fcfs(1, Distribution::exponential(0.1));
    queue.service.push_back(Distribution::exponential(0.1));
    const int s = builder.station(queue);
    builder.closed(4000, Distribution::exponential(500), s, 0)
        .closed(4000, Distribution::exponential(1000), s, 1);
    const auto estimate = sim::solve(builder.system());
    QVERIFY(!estimate.classes[0].exact);
    const double both = estimate.classes[0].throughput + estimate.classes[1].throughput;
    QVERIFY(both > 9.5 && both <= 10);
}

void SolverTest::feedback_is_jackson() {
    SystemBuilder builder;
    const int a = builder.station(fcfs(1, Distribution::exponential(0.1)));
    const int b = builder.station(fcfs(1, Distribution::exponential(0.2)));
    builder.open(4, a).link(a, b).link(b, {model::Routing::split, {{a, 0.2}, {model::outside, 0.8}}});
    const auto estimate = sim::solve(builder.system());
    near(estimate.stations[0].arrival_rate[0], 5, 1e-12);
    // rho 0.5 and 1: the second is at capacity.
    builder.system().open[0].rate.base = model::per_second(3.2);
    const auto stable = sim::solve(builder.system());
    near(stable.classes[0].response, (0.4 / 0.6 + 0.8 / 0.2) / 3.2, 1e-9);
    QVERIFY(stable.classes[0].exact);
}

void SolverTest::processor_sharing_is_insensitive() {
    SystemBuilder builder;
    builder.open(0.8, builder.station(sharing(1, Distribution::lognormal(1, 3))));
    const auto estimate = sim::solve(builder.system());
    near(estimate.classes[0].response, 5, 1e-9);
    QVERIFY(estimate.classes[0].exact);
}

void SolverTest::yields_and_copies_multiply_traffic() {
    SystemBuilder builder;
    const int a = builder.station(fcfs(1, Distribution::exponential(0.01)));
    const int b = builder.station(fcfs(1, Distribution::exponential(0.01)));
    const int c = builder.station(fcfs(1, Distribution::exponential(0.01)));
    builder.open(10, a).link(a, {model::Routing::copy, {{b, 1}, {c, 1}}});
    builder.system().stations[0].yields[0] = 0.5;
    const auto estimate = sim::solve(builder.system());
    near(estimate.stations[1].arrival_rate[0], 5, 1e-12);
    near(estimate.stations[2].arrival_rate[0], 5, 1e-12);
    near(estimate.classes[0].throughput, 10, 1e-12);
}

void SolverTest::overload_says_how_fast_it_grows() {
    SystemBuilder builder;
    const int a = builder.station(fcfs(2, Distribution::exponential(1)));
    const int b = builder.station(fcfs(4, Distribution::exponential(1)));
    builder.open(3, a).link(a, b);
    const auto estimate = sim::solve(builder.system());
    QCOMPARE(estimate.overloads.size(), std::size_t(1));
    QCOMPARE(estimate.overloads[0].station, 0);
    near(estimate.overloads[0].growth, 1, 1e-9);
    near(estimate.stations[1].arrival_rate[0], 2, 1e-9);  // what gets through
    near(estimate.classes[0].throughput, 2, 1e-9);
    QVERIFY(std::isinf(estimate.classes[0].response));
}

void SolverTest::hot_partition_overloads_first() {
    model::PartitionedLog log;
    log.shares = {0.4, 0.2, 0.2, 0.2};
    log.consumers = 4;
    log.service = {Distribution::exponential(1)};
    SystemBuilder builder;
    builder.open(3, builder.station(log));
    const auto estimate = sim::solve(builder.system());
    near(estimate.stations[0].utilisation, 0.75, 1e-12);
    near(estimate.stations[0].hottest, 1.2, 1e-12);
    QCOMPARE(estimate.overloads.size(), std::size_t(1));
    near(estimate.overloads[0].growth, 0.2, 1e-9);
    builder.system().open[0].rate.base = model::per_second(2);
    const auto stable = sim::solve(builder.system());
    near(stable.stations[0].waiting[0], 0.4 * 0.8 / 0.2 + 0.6 * 0.4 / 0.6, 1e-9);
}

void SolverTest::batches_gather() {
    model::Batch batch;
    batch.max_wait = model::seconds(10);
    batch.fixed = Distribution::constant(0.5);
    SystemBuilder builder;
    builder.open(100, builder.station(batch));
    near(sim::solve(builder.system()).stations[0].waiting[0], 5.005, 0.01);
    batch.max_items = 100;  // one second's worth
    SystemBuilder small;
    small.open(100, small.station(batch));
    const auto estimate = sim::solve(small.system());
    near(estimate.stations[0].waiting[0], 0.495, 0.03);
    near(estimate.stations[0].utilisation, 0.5, 1e-9);
}

// M/D/1/2 by hand: of those who begin a service e^-r leave nobody behind.
void SolverTest::buckets_hold_tokens() {
    const auto figures = [](double rate, double burst, model::Limiter::Excess excess, int capacity) {
        model::Limiter limiter{model::per_second(10), burst, excess, capacity};
        SystemBuilder builder;
        builder.open(10 * rate, builder.station(limiter));
        return sim::solve(builder.system()).stations[0];
    };
    using Excess = model::Limiter::Excess;
    near(1 - figures(0.8, 2, Excess::drop, model::unlimited).passed[0], 1 - 1 / (std::exp(-0.8) + 0.8), 1e-9);
    const auto one_waits = figures(0.8, 1, Excess::wait, 1);
    near(one_waits.population, 1 - 1 / (std::exp(-0.8) + 0.8), 1e-9);
    QVERIFY(one_waits.exact);
    near(1 - figures(50, 300, Excess::drop, model::unlimited).passed[0], 0.98, 1e-9);
    near(figures(0.5, 300, Excess::wait, model::unlimited).population, 0, 1e-9);
    QVERIFY(!figures(0.5, 2.5, Excess::wait, model::unlimited).exact);
}

// One server, product form: the open class sees 1 + Q of the closed one, on the capacity that is left.
void SolverTest::open_and_closed_share_a_server() {
    SystemBuilder builder(2);
    model::Queue queue = sharing(1, Distribution::exponential(0.1));
    queue.service.push_back(Distribution::exponential(0.1));
    const int s = builder.station(queue);
    builder.open(4, s, 0).closed(5, Distribution::exponential(1), s, 1);
    const auto estimate = sim::solve(builder.system());
    // The closed class alone at a station of demand 0.1 / 0.6, five users: exact mean value analysis by hand.
    double q = 0, x = 0;
    for (int n = 1; n <= 5; ++n) {
        const double r = 0.1 / 0.6 * (1 + q);
        x = n / (1 + r);
        q = x * r;
    }
    near(estimate.classes[1].throughput, x, 1e-6);
    near(estimate.classes[0].response, 0.1 * (1 + q) / 0.6, 1e-6);
}

QTEST_APPLESS_MAIN(SolverTest)
#include "solver_test.moc"
