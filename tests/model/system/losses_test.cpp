#include "model/system/losses.h"

#include <QTest>

using namespace headroom::model;

class LossesTest : public QObject {
    Q_OBJECT

private slots:
    void where_items_may_end_data();
    void where_items_may_end();
};

namespace {

System with(const Primitive& primitive) {
    System system;
    system.stations.emplace_back();
    system.stations.back().primitive = primitive;
    return system;
}

Queue queue(int capacity, Overflow overflow, int attempts = unlimited) {
    return {.capacity = capacity, .overflow = overflow, .service = {}, .attempts = attempts};
}

}  // namespace

void LossesTest::where_items_may_end_data() {
    QTest::addColumn<System>("system");
    QTest::addColumn<bool>("loses");
    QTest::newRow("a queue with room for all") << with(queue(unlimited, Overflow::drop)) << false;
    QTest::newRow("a full queue drops") << with(queue(5, Overflow::drop)) << true;
    QTest::newRow("a full queue blocks") << with(queue(5, Overflow::block)) << false;
    QTest::newRow("a full queue is tried for ever") << with(queue(5, Overflow::retry)) << false;
    QTest::newRow("a full queue is tried three times") << with(queue(5, Overflow::retry, 3)) << true;
    Queue impatient = queue(unlimited, Overflow::drop);
    impatient.patience = {std::nullopt, Distribution::exponential(1)};
    QTest::newRow("some have no patience") << with(impatient) << true;
    impatient.patience = {std::nullopt, std::nullopt};
    QTest::newRow("all have patience") << with(impatient) << false;
    QTest::newRow("a log keeps all") << with(PartitionedLog{}) << false;
    QTest::newRow("a log forgets") << with(PartitionedLog{.shares = {1}, .retention = seconds(9)}) << true;
    QTest::newRow("a limiter makes wait") << with(Limiter{}) << false;
    QTest::newRow("a limiter has little room") << with(Limiter{.capacity = 9}) << true;
    QTest::newRow("a limiter drops") << with(Limiter{.excess = Limiter::Excess::drop}) << true;
    System region = with(Delay{});
    region.regions = {{.name = "room", .stations = {0}, .capacity = 3}};
    QTest::newRow("a region drops") << region << true;
    region.regions[0].overflow = Overflow::block;
    QTest::newRow("a region blocks") << region << false;
    region.regions[0].overflow = Overflow::retry;
    QTest::newRow("items come again to a region") << region << false;
    region.regions[0].attempts = 2;
    QTest::newRow("items come again to a region, but not for ever") << region << true;
    System senders = with(Delay{});
    senders.open.emplace_back();
    QTest::newRow("senders wait for ever") << senders << false;
    senders.open[0].persistence = Persistence{.timeout = Distribution::constant(1)};
    QTest::newRow("senders give up") << senders << true;
    System failing = with(Delay{});
    failing.outages = {{.name = "cut", .work = Interrupted::resume}};
    QTest::newRow("failures delay") << failing << false;
    failing.outages[0].work = Interrupted::lose;
    QTest::newRow("failures lose") << failing << true;
}

void LossesTest::where_items_may_end() {
    QFETCH(System, system);
    QTEST(can_lose(system), "loses");
}

QTEST_APPLESS_MAIN(LossesTest)
#include "losses_test.moc"
