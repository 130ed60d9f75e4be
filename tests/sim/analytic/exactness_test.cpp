// Formulas for priorities, gaps of any shape and caches of few keys, and where the solver says that it is
// exact.

#include "../systems.h"
#include "model/system/lru.h"
#include "sim/analytic/solver.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

class ExactnessTest : public QObject {
    Q_OBJECT

private slots:
    void priorities_at_several_servers();
    void priorities_of_unlike_services_have_no_formula();
    void gaps_of_any_shape();
    void few_keys_are_summed();
    void rates_behind_a_cache();
    void what_takes_no_time_is_passed();
};

namespace {
void near(double actual, double expected, double relative) {
    QVERIFY2(std::abs(actual - expected) <= relative * std::abs(expected) + 1e-12,
             qPrintable(QString("%1 instead of %2").arg(actual, 0, 'g', 10).arg(expected, 0, 'g', 10)));
}

/// Two classes of 0.9 and 1.2 items a second at three servers; the second goes first.
sim::StationEstimate urgent_second(model::Discipline discipline, double first_service,
                                   double second_service) {
    SystemBuilder builder(2);
    model::Queue queue = fcfs(3, Distribution::exponential(first_service));
    queue.service.push_back(Distribution::exponential(second_service));
    queue.discipline = discipline;
    queue.priorities = {0, 1};
    const int s = builder.station(queue);
    builder.open(0.9, s, 0).open(1.2, s, 1);
    return sim::solve(builder.system()).stations[0];
}
}  // namespace

// Who outranks all others sees M/M/3 of its own under preemption; and whoever is served first, all together
// are M/M/3.
void ExactnessTest::priorities_at_several_servers() {
    const double together = 2.1 + sim::erlang_c(3, 2.1) * 2.1 / 0.9;
    for (const auto discipline : {model::Discipline::priority, model::Discipline::priority_preemptive}) {
        const sim::StationEstimate found = urgent_second(discipline, 1, 1);
        QVERIFY(found.exact);
        near(found.population, together, 1e-12);
        QVERIFY(found.waiting[1] < found.waiting[0]);
        const double alone = 1 + sim::erlang_c(3, 1.2) / 1.8;
        const double behind_one = 1 + sim::erlang_c(3, 2.1) / 1.8;
        near(found.response[1], discipline == model::Discipline::priority ? behind_one : alone, 1e-12);
    }
}

void ExactnessTest::priorities_of_unlike_services_have_no_formula() {
    const sim::StationEstimate found = urgent_second(model::Discipline::priority, 1, 1.1);
    QVERIFY(std::isnan(found.waiting[0]));
    QVERIFY(!found.exact);
}

void ExactnessTest::gaps_of_any_shape() {
    // Of shape 1 Weibull's law is the exponential one.
    const Distribution poisson{.family = model::Family::weibull, .mean = 1, .scv = 1};
    near(sim::renewal_wait(poisson, 3, 0.9), sim::erlang_c(3, 2.7) / 0.3, 1e-8);
    // Between 0 and 2 means the transform is (1 - exp(-2 x)) / (2 x).
    const Distribution even{.family = model::Family::uniform, .mean = 1, .scv = 1.0 / 3};
    const double s = sim::renewal_wait_probability(even, 0.8), x = (1 - s) / 0.8;
    near(s, (1 - std::exp(-2 * x)) / (2 * x), 1e-9);
}

void ExactnessTest::few_keys_are_summed() {
    const auto hits = [](double capacity, double keys, double exponent) {
        return model::exact_hits({.capacity = capacity, .popularity = {keys, exponent}});
    };
    // One key is held: the last, which is asked for again by its own share.
    near(*hits(1, 3, 1), (36.0 + 9 + 4) / 121, 1e-12);
    // All but one are held: the one that is missing was asked for least recently.
    const auto missed = [](double self, double x, double y) {
        return self * (x * y / (1 - x) + y * x / (1 - y));
    };
    const double first = 6.0 / 11, second = 3.0 / 11, third = 2.0 / 11;
    near(*hits(2, 3, 1),
         1 - missed(first, second, third) - missed(second, first, third) - missed(third, first, second),
         1e-12);
    near(*hits(25, 100, 0), 0.25, 1e-12);
    near(*hits(10, 10, 1), 1, 1e-12);
    QVERIFY(!hits(25, 100, 1).has_value());
}

void ExactnessTest::rates_behind_a_cache() {
    for (const double keys : {8.0, 1000.0}) {
        SystemBuilder builder;
        const int cache = builder.station(model::Cache{.capacity = 3, .popularity = {keys, 1}});
        const int memory = builder.station(model::Delay{{Distribution::constant(0.001)}});
        const int disk = builder.station(model::Delay{{Distribution::constant(0.01)}});
        const int after = builder.station(model::Delay{{Distribution::constant(0.01)}});
        builder.link(cache, {model::Routing::outcome, {{memory, 1}, {disk, 0}}}).link(disk, after);
        builder.open(10, cache);
        const auto estimate = sim::solve(builder.system());
        QVERIFY(estimate.classes[0].rate_exact);
        QVERIFY(estimate.stations[static_cast<std::size_t>(cache)].rate_exact);
        for (const int s : {memory, disk, after})
            QCOMPARE(estimate.stations[static_cast<std::size_t>(s)].rate_exact, keys == 8.0);
        QCOMPARE(estimate.classes[0].exact, keys == 8.0);
    }
}

void ExactnessTest::what_takes_no_time_is_passed() {
    SystemBuilder builder;
    const int gate = builder.station(fcfs(1, Distribution::constant(0)));
    const int server = builder.station(fcfs(1, Distribution::exponential(0.1)));
    builder.open(5, gate).link(gate, server);
    const auto estimate = sim::solve(builder.system());
    QVERIFY(estimate.classes[0].exact);
    near(estimate.classes[0].response, 0.2, 1e-9);
}

QTEST_APPLESS_MAIN(ExactnessTest)
#include "exactness_test.moc"
