#include "../systems.h"
#include "sim/platform/time_lapse.h"

#include <QTest>

using namespace headroom;
using namespace headroom::test;
using model::Distribution;

// What the fluid of the flow level cannot treat, and where that begins.
class FlowGapTest : public QObject {
    Q_OBJECT

private slots:
    void users_beside_open_work_data();
    void users_beside_open_work();
    void users_elsewhere_data();
    void users_elsewhere();
};

void FlowGapTest::users_beside_open_work_data() {
    QTest::addColumn<double>("rate");
    QTest::addColumn<double>("crowd");
    QTest::addColumn<int>("capacity");
    QTest::addColumn<bool>("refused");
    const int unlimited = model::unlimited;
    QTest::newRow("light") << 50.0 << 1.0 << unlimited << false;
    QTest::newRow("just enough") << 199.0 << 1.0 << unlimited << false;
    QTest::newRow("full") << 200.0 << 1.0 << unlimited << true;
    QTest::newRow("full for ten minutes") << 50.0 << 5.0 << unlimited << true;
    QTest::newRow("nearly full for ten minutes") << 50.0 << 3.9 << unlimited << false;
    QTest::newRow("what is too much is rejected") << 50.0 << 5.0 << 20 << false;
}

void FlowGapTest::users_beside_open_work() {
    QFETCH(double, rate);
    QFETCH(double, crowd);
    QFETCH(int, capacity);
    QFETCH(bool, refused);
    SystemBuilder builder(2);
    model::Queue queue = fcfs(2, Distribution::exponential(0.01), capacity);
    queue.service.push_back(Distribution::exponential(0.01));
    const int s = builder.station(queue);
    builder.open(rate, s).closed(5, Distribution::exponential(1), s, 1).horizon(7200);
    builder.system().open[0].rate.events.push_back(
        {"crowd", crowd, model::seconds(1000), model::seconds(600)});
    const sim::FluidGap gap = sim::fluid_gap(builder.system());
    QCOMPARE(!gap.empty(), refused);
    if (refused) QCOMPARE(gap.where, std::string("s0"));
}

void FlowGapTest::users_elsewhere_data() {
    QTest::addColumn<double>("second");
    QTest::addColumn<bool>("pool");
    QTest::addColumn<QString>("gap");
    QTest::newRow("two busy lines") << 0.1 << false << "users who wait in more than one line";
    QTest::newRow("a line and a short one") << 0.01 << false << "";
    QTest::newRow("jobs") << 0.1 << true << "users who wait for jobs of a pool";
}

void FlowGapTest::users_elsewhere() {
    QFETCH(double, second);
    QFETCH(bool, pool);
    QFETCH(QString, gap);
    SystemBuilder builder;
    const int first = builder.station(fcfs(1, Distribution::exponential(0.1)));
    model::BatchPool jobs;
    jobs.jobs = {{{.tasks = 2, .time = Distribution::constant(second)}}};
    const int then =
        pool ? builder.station(jobs) : builder.station(fcfs(1, Distribution::exponential(second)));
    builder.link(first, then).closed(5, Distribution::exponential(0.5), first);
    const sim::FluidGap found = sim::fluid_gap(builder.system());
    QCOMPARE(QString::fromStdString(found.what), gap);
    QCOMPARE(found.caution.empty(), gap.isEmpty());  // the fluid does, if it must
    QVERIFY(sim::flow_gap(builder.system()).empty());
}

QTEST_APPLESS_MAIN(FlowGapTest)
#include "flow_gap_test.moc"
