#include "../systems.h"
#include "sim/platform/replication.h"

#include <QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::test;
using model::Limiter;

// Token buckets in a crowd, as fluid beside the record level: the reserve is used up first, and then fills
// again.
class BucketsAgreeTest : public QObject {
    Q_OBJECT

private slots:
    void in_a_crowd_data();
    void in_a_crowd();
};

void BucketsAgreeTest::in_a_crowd_data() {
    QTest::addColumn<Limiter>("limiter");
    // In three minutes 18,000 more come than tokens are made, of which the largest has 15,000.
    const auto row = [](const char* name, double burst, Limiter::Excess excess,
                        int capacity = model::unlimited) {
        QTest::newRow(name) << Limiter{
            .rate = model::per_second(100), .burst = burst, .excess = excess, .capacity = capacity};
    };
    row("most is in reserve", 15'000, Limiter::Excess::wait);
    row("all is in reserve", 30'000, Limiter::Excess::wait);
    row("little is in reserve", 1000, Limiter::Excess::wait);
    row("with a large room", 1000, Limiter::Excess::wait, 5000);
    row("with a large room, but hardly a reserve", 10, Limiter::Excess::wait, 5000);
    row("with a small room", 10, Limiter::Excess::wait, 30);
    row("that drops", 15'000, Limiter::Excess::drop);
    row("that drops soon", 20, Limiter::Excess::drop);
    row("that diverts", 15'000, Limiter::Excess::divert);
}

void BucketsAgreeTest::in_a_crowd() {
    QFETCH(Limiter, limiter);
    SystemBuilder b;
    const int gate = b.station(limiter), fast = b.station(model::Delay{{model::Distribution::constant(1)}}),
              slow = b.station(model::Delay{{model::Distribution::constant(10)}});
    if (limiter.excess == Limiter::Excess::divert)
        b.link(gate, {model::Routing::outcome, {{fast, 1}, {slow, 0}}});
    else
        b.link(gate, fast);
    b.open(50, gate).horizon(3600);
    b.system().open[0].rate.events.push_back({"crowd", 4, model::seconds(1800), model::seconds(180)});
    QCOMPARE(QString::fromStdString(model::fault_of(b.system())), QString());

    struct Sums {
        double came = 0, rejected = 0, response = 0, slow = 0, used = 0;
    };
    constexpr int replications = 4;
    const auto sums_of = [&](const auto& simulate) {
        Sums sums;
        for (int r = 0; r < replications; ++r) {
            const sim::Replication result = simulate(b.system(), {.replication = r});
            sums.came += result.classes[0].arrived;
            sums.rejected += result.classes[0].rejected;
            sums.response += result.classes[0].response.mean() / replications;
            sums.slow += result.stations[static_cast<std::size_t>(slow)].visits[0].arrivals;
            sums.used += result.stations[0].busy / result.stations[0].capacity / replications;
        }
        return sums;
    };
    const Sums record = sums_of(sim::simulate_records), flow = sums_of(sim::simulate_flow);
    const auto near = [&](const char* what, double f, double r, double tolerance, double atom) {
        QVERIFY2(std::abs(f - r) <= tolerance * r + atom,
                 qPrintable(QString("%1: flow %2, record %3").arg(what).arg(f).arg(r)));
    };
    // Four deviations of what comes in the crowd, by chance, of four replications.
    const double chance = 4 * std::sqrt(36'000.0 * replications);
    near("rejected", flow.rejected, record.rejected, 0.02, record.rejected > 0 ? chance : 0);
    near("diverted", flow.slow, record.slow, 0.02, record.slow > 0 ? chance : 0);
    near("response", flow.response, record.response, 0.08, 0.02);
    near("used", flow.used, record.used, 0.01, 0);
}

QTEST_APPLESS_MAIN(BucketsAgreeTest)
#include "buckets_agree_test.moc"
