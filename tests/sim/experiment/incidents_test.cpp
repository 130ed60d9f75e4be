#include "sim/experiment/incidents.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"

#include <QTest>

using namespace headroom;

namespace {

const model::Catalog& catalog() {
    static const model::Catalog loaded =
        *model::find_resources().and_then([](const auto& folder) { return model::Catalog::load(folder); });
    return loaded;
}

/// A stream through one server that is idle for a third of the time.
constexpr const char* tandem = R"(
headroom: 1
name: Tandem
horizon: 1 d
workloads: {records: {stream: {rate: 200/s}, record: {size: 1 kB}}}
components:
  first: {technology: queue, servers: 4, service: {exponential: 2 ms}}
  second: {technology: queue, servers: 1, service: 3.75 ms}
links: [records -> first -> second]
objectives:
  - response time of records: p99 <= 1 min
)";

}  // namespace

class IncidentsTest : public QObject {
    Q_OBJECT

private slots:
    /// A fluid server of capacity c under the rate r that is away for T has r T waiting, and takes
    /// r T / (c - r) to drain it.
    void drains_as_a_fluid_does() {
        const auto reading = model::read_scenario(model::Document(tandem, "tandem.yaml"), catalog());
        QVERIFY(reading.scenario.has_value());
        const auto answer = sim::what_if(*reading.scenario, catalog(), {}, {});
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().front().message.c_str());
        const auto named = [&](const std::string& name) -> const sim::IncidentOutcome* {
            for (const auto& outcome : answer->outcomes)
                if (outcome.incident.name == name) return &outcome;
            return nullptr;
        };
        const double rate = 200, capacity = 1 / 0.00375, away = 1800;
        const sim::IncidentOutcome* failure = named("second fails");
        QVERIFY(failure != nullptr);
        QCOMPARE(failure->backlog.component, std::string("second"));
        const double waiting = rate * away, step = failure->backlog.resolution.value();
        QVERIFY(std::abs(failure->backlog.items - waiting) < (rate + capacity) * step);
        QVERIFY(std::abs(failure->backlog.bytes - waiting * 1000) < (rate + capacity) * step * 1000);
        QVERIFY(failure->backlog.drained);
        // A hundredth of the backlog counts as drained.
        const double drain = 0.99 * waiting / (capacity - rate);
        QVERIFY2(std::abs(failure->backlog.drain.value() - drain) < 2 * step + 0.01 * drain,
                 std::to_string(failure->backlog.drain.value()).c_str());
        QCOMPARE(failure->broken, std::vector<std::size_t>{0});
        QCOMPARE(failure->lost, 0.0);

        // Three times the rate for half an hour: what the second server cannot take waits there.
        const sim::IncidentOutcome* storm = named("replay storm");
        QVERIFY(storm != nullptr);
        QVERIFY(std::abs(storm->backlog.items - (3 * rate - capacity) * away) < 3 * rate * step);
        QVERIFY(answer->usual.objectives[0].verdict == model::Verdict::met);
        QVERIFY(!answer->notes.empty());  // no nodes, no zones, no spot
    }

    /// What must be read back is gone until it has been: 200 records of 1 kB a second, kept for a day at a
    /// rate of 10 MB/s, are 1,728 s, and the loss is known a minute earlier than that begins.
    void losses_last_until_all_is_read_back() {
        const std::string text = std::string(R"(
headroom: 1
horizon: 1 d
workloads: {records: {stream: {rate: 200/s}, record: {size: 1 kB}}}
components:
  table: {technology: dynamodb, retention: 1 d}
links: [records -> table]
recovery:
  table-zone: {of: table, loss: zone, snapshot-every: 1 h, detection: 1 min, restore: 10 MB/s}
  table-region: {of: table, loss: region, snapshot-every: 1 h, restore: 1 kB/s}
)");
        const auto reading = model::read_scenario(model::Document(text, "table.yaml"), catalog());
        QVERIFY2(reading.scenario.has_value(),
                 reading.problems.empty() ? "" : reading.problems.front().message.c_str());
        const auto answer = sim::what_if(*reading.scenario, catalog(), {}, {});
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().front().message.c_str());
        int found = 0;
        for (const auto& outcome : answer->outcomes) {
            QVERIFY(outcome.incident.name != "table-region");  // 200 days
            if (outcome.incident.name != "table-zone") continue;
            ++found;
            const double down = 60 + 200e3 * 86'400 / 10e6;
            QVERIFY2(std::abs(outcome.incident.length.value() - down) < 1e-6 * down,
                     std::to_string(outcome.incident.length.value()).c_str());
            const double step = outcome.backlog.resolution.value();
            QVERIFY2(std::abs(outcome.backlog.items - 200 * down) < 200 * step + 0.01 * 200 * down,
                     std::to_string(outcome.backlog.items).c_str());
        }
        QCOMPARE(found, 1);
        QVERIFY(std::any_of(answer->notes.begin(), answer->notes.end(), [](const std::string& note) {
            return note.find("'table-region' was not tried") != std::string::npos;
        }));
    }
};

QTEST_APPLESS_MAIN(IncidentsTest)
#include "incidents_test.moc"
