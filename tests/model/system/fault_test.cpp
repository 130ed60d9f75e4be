#include "model/system/system.h"

#include <QtTest>
#include <functional>

using namespace headroom::model;

namespace {

/// One open class through a queue.
System sound() {
    System system;
    system.classes = {{"jobs", "requests"}};
    system.components = {"server"};
    system.stations = {{.name = "server",
                        .component = 0,
                        .primitive = Queue{.service = {Distribution::exponential(0.1)}},
                        .routes = {Route{}},
                        .sizes = {ItemSize(0)},
                        .yields = {1}}};
    system.open = {{.item_class = 0, .rate = {.base = per_second(8)}, .route = {.branches = {{0, 1}}}}};
    system.read_points = {{0, 0, 0}};
    system.horizon = hours(1);
    return system;
}

using Damage = std::function<void(System&)>;

}  // namespace

Q_DECLARE_METATYPE(Damage)

class FaultTest : public QObject {
    Q_OBJECT

private slots:
    void a_sound_system_has_none() { QCOMPARE(fault_of(sound()), std::string()); }

    void damage_is_found_data() {
        QTest::addColumn<Damage>("damage");
        auto row = [](const char* name, const Damage& damage) { QTest::newRow(name) << damage; };
        row("no horizon", [](System& s) { s.horizon = seconds(0); });
        row("name taken", [](System& s) { s.stations.push_back(s.stations[0]); });
        row("no component", [](System& s) { s.stations[0].component = 3; });
        row("routes missing", [](System& s) { s.stations[0].routes.clear(); });
        row("sizes missing", [](System& s) { s.stations[0].sizes.clear(); });
        row("negative yield", [](System& s) { s.stations[0].yields[0] = -1; });
        row("half a route", [](System& s) { s.stations[0].routes[0].branches = {{outside, 0.5}}; });
        row("route to nowhere", [](System& s) { s.stations[0].routes[0].branches = {{7, 1}}; });
        row("no branch", [](System& s) { s.stations[0].routes[0].branches.clear(); });
        row("source class", [](System& s) { s.open[0].item_class = 1; });
        row("source route", [](System& s) { s.open[0].route.branches = {{0, 2}}; });
        row("read point", [](System& s) { s.read_points[0].station = 1; });
        row("service missing", [](System& s) { s.stations[0].primitive = Queue{}; });
        row("no server", [](System& s) { std::get<Queue>(s.stations[0].primitive).servers = 0; });
        row("endless service",
            [](System& s) { std::get<Queue>(s.stations[0].primitive).service[0].mean = 1.0 / 0.0; });
        row("shares", [](System& s) {
            s.stations[0].primitive =
                PartitionedLog{.shares = {0.5, 0.4}, .service = {Distribution::constant(1)}};
        });
        row("no partitions", [](System& s) {
            s.stations[0].primitive = PartitionedLog{.service = {Distribution::constant(1)}};
        });
        row("batch without end", [](System& s) { s.stations[0].primitive = Batch{}; });
        row("batch without writer",
            [](System& s) { s.stations[0].primitive = Batch{.max_items = 5, .writers = 0}; });
        row("closed source", [](System& s) {
            s.closed = {{.item_class = 0, .users = -1, .route = {.branches = {{0, 1}}}}};
        });
    }
    void damage_is_found() {
        QFETCH(Damage, damage);
        System system = sound();
        damage(system);
        QVERIFY(!fault_of(system).empty());
    }
};

QTEST_APPLESS_MAIN(FaultTest)
#include "fault_test.moc"
