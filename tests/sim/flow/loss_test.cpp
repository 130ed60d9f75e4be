#include "sim/stations/flow/loss.h"

#include "grid.h"
#include "sim/analytic/solver.h"

#include <QTest>

using namespace headroom;
using namespace headroom::test;
using sim::flow::poisson_loss;

class LossTest : public QObject {
    Q_OBJECT

private slots:
    void one_server();
    void without_room();
    void as_exponential();
    void many_are_left_to_lessons();
    void agrees_with_records_data();
    void agrees_with_records();
};

namespace {

model::Distribution constant() { return model::Distribution::constant(2); }

bool close(std::optional<double> found, double expected, double relative = 1e-9) {
    return found && std::abs(*found - expected) <= relative * expected;
}

}  // namespace

/// M/D/1/2: whoever comes is refused unless the server is idle at his arrival or nobody has come in the
/// service before: with a = exp(-load), departures leave nobody with probability a, and P = 1 - 1 / (a +
/// load).
void LossTest::one_server() {
    for (const double load : {0.3, 0.9, 1.0, 1.7})
        QVERIFY(close(poisson_loss(1, 2, load, constant()), 1 - 1 / (std::exp(-load) + load), 1e-6));
    // As good as exponential, by sums over points.
    const auto nearly = model::Distribution::with_scv(3, 1.000001);
    for (const double load : {0.7, 0.9, 1.0, 1.7})
        QVERIFY(close(poisson_loss(1, 11, load, nearly), sim::mmck_loss(1, 11, load), 2e-4));
}

/// Erlang's loss formula holds for any service time.
void LossTest::without_room() {
    for (const int servers : {2, 8, 50})
        for (const double scv : {0.5, 2.0, 8.0})
            QVERIFY(close(poisson_loss(servers, servers, 0.9, model::Distribution::with_scv(2, scv)),
                          sim::mmck_loss(servers, servers, 0.9 * servers), 1e-6));
    QVERIFY(close(poisson_loss(8, 8, 0.9, constant()), sim::mmck_loss(8, 8, 7.2), 1e-6));
}

void LossTest::as_exponential() {
    QVERIFY(
        close(poisson_loss(20, 30, 0.95, model::Distribution::exponential(2)), sim::mmck_loss(20, 30, 19)));
    QVERIFY(close(poisson_loss(20, 30, 0.95, model::Distribution::with_scv(2, 1 + 1e-9)),
                  sim::mmck_loss(20, 30, 19), 1e-6));
    QVERIFY(close(poisson_loss(8, 28, 0, constant()), 0));
}

void LossTest::many_are_left_to_lessons() {
    const auto variable = model::Distribution::with_scv(1, 4);
    QVERIFY(poisson_loss(100, 120, 0.9, variable));
    QVERIFY(!poisson_loss(100, 120, 0.9, variable, 1e6));
    QVERIFY(!poisson_loss(8, 28, 0.9, model::Distribution::lognormal(1, 2)));
}

void LossTest::agrees_with_records_data() {
    QTest::addColumn<int>("servers");
    QTest::addColumn<int>("places");
    QTest::addColumn<double>("load");
    QTest::addColumn<double>("scv");
    QTest::newRow("constant, few places") << 8 << 5 << 0.95 << 0.0;
    QTest::newRow("constant, many servers") << 32 << 10 << 0.95 << 0.0;
    QTest::newRow("constant, far from full") << 100 << 5 << 0.85 << 0.0;
    QTest::newRow("constant, 200 servers") << 200 << 10 << 0.9 << 0.0;
    QTest::newRow("Erlang of two phases") << 32 << 5 << 0.95 << 0.5;
    QTest::newRow("regular") << 8 << 10 << 0.95 << 0.2;
    QTest::newRow("variable") << 32 << 10 << 0.95 << 4.0;
    QTest::newRow("overload") << 32 << 20 << 1.1 << 4.0;
}

void LossTest::agrees_with_records() {
    QFETCH(int, servers);
    QFETCH(int, places);
    QFETCH(double, load);
    QFETCH(double, scv);
    const auto service = model::Distribution::with_scv(1, scv);
    std::vector<double> seen;
    for (int r = 0; r < 4; ++r) {
        SystemBuilder builder;
        builder.open(load * servers, builder.station(fcfs(servers, service, servers + places)))
            .horizon(1e6 / servers);
        const sim::Replication run =
            sim::simulate_records(builder.system(), {.replication = r, .warm_up = 1e5 / servers, .bins = 1});
        const sim::VisitTally& visit = run.stations[0].visits[0];
        seen.push_back(visit.rejected / visit.arrivals);
    }
    const sim::Interval truth = sim::confidence_interval(seen, 0.95);
    const auto found = poisson_loss(servers, servers + places, load, service);
    QVERIFY(found);
    QVERIFY2(std::abs(*found - truth.mean) <= 0.02 * truth.mean + truth.half_width,
             qPrintable(QString("%1, record %2 +- %3").arg(*found).arg(truth.mean).arg(truth.half_width)));
}

QTEST_APPLESS_MAIN(LossTest)
#include "loss_test.moc"
