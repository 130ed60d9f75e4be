// The note that analytic and simulated figures disagree: with every seed where they do, with none where they
// do not.

#include "sim/experiment/disagreement.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "sim/experiment/run.h"

#include <QTest>
#include <algorithm>

using namespace headroom;

namespace {

constexpr int seeds = 10;
constexpr const char *of_exact = "is exact in the long run", *of_approximation = "Trust the simulation";

/// A queueing network without its head.
QByteArray network(const char* horizon, const char* warm_up, const char* rest) {
    return QByteArray("headroom: 1\nname: Disagreement\nhorizon: ") + horizon + "\nwarm-up: " + warm_up +
           "\nprecision: {half-width: 5 %, replications: {min: 20, max: 20}}\n" + rest;
}

bool has_note(const model::RunResult& result, const char* part) {
    return std::any_of(result.notes.begin(), result.notes.end(),
                       [part](const std::string& note) { return note.find(part) != std::string::npos; });
}

}  // namespace

class DisagreementTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        QVERIFY(catalog.has_value());
        catalog_ = *std::move(catalog);
    }

    void comes_with_every_seed_or_with_none_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("exact");
        QTest::addColumn<bool>("approximation");
        const auto row = [](const char* name, const QByteArray& text, bool exact, bool approximation) {
            QTest::newRow(name) << text << exact << approximation;
        };
        row("M/M/1, exact", network("2 h", "10 min", R"(
workloads: {jobs: {requests: {rate: 0.7/s}}}
components: {server: {technology: queue, service: {exponential: 1 s}}}
links: [jobs -> server]
)"),
            false, false);
        row("M/G/1, exact", network("4 h", "10 min", R"(
workloads: {jobs: {requests: {rate: 0.6/s}}}
components: {server: {technology: queue, service: {lognormal: {mean: 1 s, cv: 1.5}}}}
links: [jobs -> server]
)"),
            false, false);
        row("feedback, exact", network("4 h", "20 min", R"(
workloads: {jobs: {requests: {rate: 0.4/s}}}
components:
  a: {technology: queue, service: {exponential: 1 s}, routing: {b: 40 %}}
  b: {technology: queue, servers: 2, service: {exponential: 2 s}}
links: [jobs -> a, b -> a]
)"),
            false, false);
        row("users, exact", network("2 h", "10 min", R"(
workloads: {users: {requests: {users: 12, think-time: {exponential: 5 s}}}}
components: {server: {technology: queue, service: {exponential: 500 ms}}}
links: [users -> server]
)"),
            false, false);
        row("tandem, approximate within its tolerance", network("4 h", "20 min", R"(
workloads: {jobs: {requests: {rate: 0.7/s}}}
components:
  first: {technology: queue, service: {lognormal: {mean: 1 s, cv: 1.5}}}
  second: {technology: queue, servers: 2, service: {erlang: {mean: 2 s, stages: 2}}}
links: [jobs -> first -> second]
)"),
            false, false);
        row("two kinds of users in one line, approximate within its tolerance", network("4 h", "20 min", R"(
workloads:
  quick: {requests: {users: 5, think-time: {exponential: 2 s}}}
  slow: {requests: {users: 5, think-time: {exponential: 2 s}}}
components: {server: {technology: queue, service: {quick: {exponential: 500 ms}, slow: {exponential: 1 s}}}}
links: [quick -> server, slow -> server]
)"),
            false, false);
        // The mean is reached after ten thousand services, of which this is a fifth.
        row("too short for a steady state", network("2000 s", "1 s", R"(
workloads: {jobs: {requests: {rate: 0.99/s}}}
components: {server: {technology: queue, service: {exponential: 1 s}}}
links: [jobs -> server]
)"),
            true, false);
        row("arrivals too irregular for two moments", network("40 h", "1 h", R"(
workloads: {jobs: {requests: {rate: 0.5/s, interarrival: {scv: 16}}}}
components: {server: {technology: queue, servers: 4, service: {lognormal: {mean: 4 s, cv: 1}}}}
links: [jobs -> server]
)"),
            false, true);
        row("formulas that know nothing of breakdowns", network("40 h", "1 h", R"(
workloads: {jobs: {requests: {rate: 0.5/s}}}
components: {server: {technology: queue, service: {exponential: 1 s}}}
links: [jobs -> server]
failures: {breakdown: {of: server, takes: all, every: {exponential: 20 s}, repair: {exponential: 5 s}, work: resume}}
)"),
            false, true);
        row("users behind a cache, approximate within its tolerance", network("4 h", "20 min", R"(
workloads: {users: {requests: {users: 3, think-time: {exponential: 1 s}}}}
components:
  near: {technology: cache, capacity: 2, keys: 4, skew: 1, misses: far}
  far: {technology: queue, service: {exponential: 800 ms}}
links: [users -> near]
)"),
            false, false);
        row("token bucket, exact", network("4 h", "20 min", R"(
workloads: {calls: {requests: {rate: 1.1/s}}}
components: {gate: {technology: limiter, rate: 1/s, burst: 3, capacity: 2}}
links: [calls -> gate]
)"),
            false, false);
        row("users of a stack and of shares, exact", network("4 h", "20 min", R"(
workloads:
  light: {requests: {users: 3, think-time: {uniform: {low: 0 s, high: 4 s}}}}
  heavy: {requests: {users: 2, think-time: 1 s}}
components:
  stack: {technology: queue, discipline: lcfs-preemptive, service: {light: {gamma: {mean: 600 ms, cv: 2}}, heavy: 300 ms}}
  shares: {technology: queue, discipline: processor-sharing, service: {light: {exponential: 400 ms}, heavy: 1 s}}
links: ["[light, heavy] -> stack -> shares"]
)"),
            false, false);
        row("attempts whose times two moments do not tell", network("4 h", "20 min", R"(
workloads: {calls: {requests: {rate: 2/s, timeout: 1 s, retries: {attempts: 4, pause: 500 ms}}}}
components: {service: {technology: delay, time: {hyperexponential: {share: 0.7, first: 300 ms, second: 3 s}}}}
links: [calls -> service]
)"),
            false, true);
    }
    void comes_with_every_seed_or_with_none() {
        QFETCH(QByteArray, text);
        QFETCH(bool, exact);
        QFETCH(bool, approximation);
        const auto reading =
            model::read_scenario(model::Document(text.toStdString(), "test.yaml"), *catalog_);
        QVERIFY2(reading.scenario,
                 reading.problems.empty() ? "" : reading.problems.front().sentence().c_str());
        for (int seed = 1; seed <= seeds; ++seed) {
            sim::RunOptions options;
            options.seed = static_cast<std::uint64_t>(seed);
            options.level = model::Level::record;
            const auto result = sim::run(*reading.scenario, *catalog_, {}, options);
            QVERIFY(result.has_value());
            std::string all = "seed " + std::to_string(seed);
            for (const std::string& note : result->notes) all += "\n" + note;
            QVERIFY2(has_note(*result, of_exact) == exact, all.c_str());
            QVERIFY2(has_note(*result, of_approximation) == approximation, all.c_str());
        }
    }

private:
    std::optional<model::Catalog> catalog_;
};

QTEST_APPLESS_MAIN(DisagreementTest)
#include "disagreement_test.moc"
