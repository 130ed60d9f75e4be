// The sequence of events of each kind of station. A change here means that some event has another time,
// place, kind or order than before. If that was intended, write the new value down.

#include "../../validation/networks.h"
#include "sim/stations/record/network.h"

#include <QtTest/QTest>

using namespace headroom;
using model::Discipline;
using model::Distribution;
using validation::Network;

namespace {

const Distribution service = Distribution::lognormal(1, 1.5);

model::System queue(int servers, Discipline discipline, int capacity = model::unlimited) {
    return Network()
        .station(model::Queue{
            .servers = servers, .discipline = discipline, .capacity = capacity, .service = {service}})
        .open(0.8 * servers)
        .until(500);
}

std::uint64_t fingerprint_of(const model::System& system) {
    sim::record::Network network(system, {});
    network.run<true>();
    return network.fingerprint();
}

}  // namespace

class FingerprintTest : public QObject {
    Q_OBJECT

private slots:
    void the_sequence_of_events_is_as_ever_data() {
        QTest::addColumn<model::System>("system");
        QTest::addColumn<quint64>("fingerprint");
        const auto row = [](const char* name, const model::System& system, quint64 fingerprint) {
            QTest::newRow(name) << system << fingerprint;
        };
        row("one server", queue(1, Discipline::fcfs), 5625909863131166410u);
        row("several servers", queue(8, Discipline::fcfs), 12434205800377095533u);
        row("finite room", queue(2, Discipline::fcfs, 5), 5359261088788985493u);
        row("processor sharing", queue(2, Discipline::processor_sharing), 4309408596158136557u);
        row("last come first served", queue(1, Discipline::lcfs), 14843300143851996088u);
        row("last come first served, preemptive", queue(1, Discipline::lcfs_preemptive),
            2642344911012963523u);
        row("at random", queue(2, Discipline::random), 11324951747163573317u);
        row("priority", queue(2, Discipline::priority), 11324951747163573317u);
        row("priority, preemptive", queue(2, Discipline::priority_preemptive), 11162755908561457394u);
        row("delay", Network().station(model::Delay{{service}}).open(3).until(200), 578210138847708044u);
        row("log",
            Network()
                .station(model::PartitionedLog{.shares = {0.5, 0.3, 0.2},
                                               .consumers = 2,
                                               .poll_interval = model::seconds(0.5),
                                               .service = {service}})
                .open(1)
                .until(300),
            14534680338951942468u);
        row("batch",
            Network()
                .station(model::Batch{.max_items = 10,
                                      .max_wait = model::seconds(20),
                                      .fixed = service,
                                      .rate = model::DataRate(1e4)})
                .open(1)
                .until(500),
            15466424705816140102u);
        row("store", Network().station(model::Store{{{"standard", model::days(1)}}}).open(1).until(300),
            7768608635113646143u);
        row("fork and join",
            Network()
                .station(model::Fork{.copies = 3, .join = 2}, {{1}})
                .queue(3, service, {{2}})
                .station(model::Join{})
                .open(0.5)
                .until(300),
            13009159993889438178u);
        row("feedback", Network().queue(1, service, {{0, 0.3}, {model::outside, 0.7}}).open(0.5).until(500),
            16545831724989374063u);
        row("closed", Network().queue(2, service).closed(10, Distribution::exponential(5)).until(300),
            17892466437646793586u);
    }
    void the_sequence_of_events_is_as_ever() {
        QFETCH(model::System, system);
        QFETCH(quint64, fingerprint);
        const std::uint64_t found = fingerprint_of(system);
        QVERIFY2(found == fingerprint, qPrintable(QStringLiteral("%1u").arg(found)));
        QCOMPARE(fingerprint_of(system), found);
    }
};

QTEST_APPLESS_MAIN(FingerprintTest)
#include "fingerprint_test.moc"
