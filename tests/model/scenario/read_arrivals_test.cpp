// How workloads arrive and give up, and rooms that components share: what is read, and what is said of
// mistakes.

#include "model/catalog/catalog.h"
#include "model/kinds/lower.h"
#include "model/scenario/document.h"
#include "model/scenario/read.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

using namespace headroom::model;

namespace {

std::string scenario(const std::string& load, const std::string& server = {}, const std::string& more = {}) {
    return "headroom: 1\nworkloads:\n  jobs: {requests: {" + load +
           "}}\ncomponents:\n  server: {technology: queue, service: {exponential: 1 s}" + server +
           "}\n  other: {technology: queue, service: 1 s, capacity: 2, when-full: block}\nlinks:\n"
           "  - jobs -> server -> other\n" +
           more;
}

}  // namespace

class ReadArrivalsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        write("good.csv",
              "id,arrival_ms,\"gap, s\"\r\n1,1000,0.5\r\n2,1500,\"0.5\"\r\n3,1500,0\r\n4,4000,2.5\r\n");
        write("bad.csv", "gap_ms\n1\n\xFF\xFEx\n");
        write("back.csv", "t_s\n5\n3\n");
        write("short.csv", "a,b_s\n1\n");
        write("empty.csv", "");
        write("one.csv", "t_s\n1\n");
    }

    void says_what_is_wrong_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const std::string& text, const char* sentence) {
            QTest::newRow(name) << QString::fromStdString(text) << sentence;
        };
        row("no rate", scenario("bulk: 2"), "either 'users' (with 'think-time') or 'rate' is expected");
        row("shape alone", scenario("interarrival: {scv: 4}"), "this is the shape of the gaps only");
        row("two rates", scenario("rate: 1/s, interarrival: {exponential: 2 s}"), "contradict the 'rate'");
        row("phases as a list", scenario("interarrival: {hyperexponential: [1 s, 2 s]}"),
            "the fields mean, cv or share, first, second are expected");
        row("no gaps", scenario("interarrival: 0 s"), "a mean above 0 is expected");
        row("states and rate",
            scenario("rate: 1/s, mmpp: {a: {rate: 1/s, stay: 1 s}, b: {rate: 2/s, stay: 1 s}}"),
            "this cannot be combined with 'mmpp'");
        row("one state", scenario("mmpp: {a: {rate: 1/s, stay: 1 s}}"), "2 to 100 states are expected");
        row("state without stay", scenario("mmpp: {a: {rate: 1/s}, b: {rate: 2/s, stay: 1 s}}"), "stay");
        row("unknown state",
            scenario("mmpp: {calm: {rate: 1/s, stay: 1 s, next: {clam: 1}}, b: {rate: 2/s, stay: 1 s}}"),
            "did you mean 'calm'?");
        row("bulk of half", scenario("rate: 1/s, bulk: 1.5"), "a number of items, their probabilities");
        row("bulk shares", scenario("rate: 1/s, bulk: {1: 0.5, 4: 0.4}"), "do not sum to 1");
        row("trace and rate", scenario("rate: 1/s, trace: {file: good.csv, times: arrival_ms}"),
            "this cannot be combined with 'trace'");
        row("no column", scenario("trace: {file: good.csv, times: arival_ms}"), "did you mean 'arrival_ms'?");
        row("no times", scenario("trace: {file: good.csv}"), "either 'times' or 'gaps' is expected");
        row("no unit", scenario("trace: {file: good.csv, gaps: id}"),
            "has no unit; give one with 'unit: ms'");
        row("bad unit", scenario("trace: {file: good.csv, gaps: id, unit: kB}"), "is not a unit of time");
        row("bad bytes", scenario("trace: {file: bad.csv, gaps: gap_ms}"), "line 3 has '");
        row("unsorted", scenario("trace: {file: back.csv, times: t_s}"), "line 3 has '3', which is before");
        row("short line", scenario("trace: {file: short.csv, times: b_s}"), "line 2 has only 1 columns");
        row("empty file", scenario("trace: {file: empty.csv, times: t}"), "it is empty");
        row("one arrival", scenario("trace: {file: one.csv, times: t_s}"), "fewer than two arrivals");
        row("attempts missing", scenario("rate: 1/s, retries: {pause: 1 s}"), "attempts");
        row("jitter", scenario("rate: 1/s, retries: {attempts: 2, jitter: 2}"), "0 to 1 expected");
        row("region of nothing", scenario("rate: 1/s", "", "regions: {r: {components: [], capacity: 1}}\n"),
            "a list of components is expected");
        row("unknown member", scenario("rate: 1/s", "", "regions: {r: {components: [sever], capacity: 1}}\n"),
            "did you mean 'server'?");
        row("two regions",
            scenario(
                "rate: 1/s", "",
                "regions:\n  r: {components: [server], capacity: 1}\n  s: {components: [server], capacity: "
                "1}\n"),
            "is in the region 'r' already");
        row("region to come again to at once",
            scenario("rate: 1/s", "",
                     "regions: {r: {components: [server], capacity: 1, when-full: retry}}\n"),
            "'retry-after' is missing");
        row("region to come again to after nothing",
            scenario(
                "rate: 1/s", "",
                "regions: {r: {components: [server], capacity: 1, when-full: retry, retry-after: 0 s}}\n"),
            "a time above 0 is expected");
        row("region to come to not even once",
            scenario("rate: 1/s", "",
                     "regions: {r: {components: [server], capacity: 1, when-full: retry, retry-after: 1 s, "
                     "attempts: 0}}\n"),
            "out of range");
        row("retry without pause", scenario("rate: 1/s", ", capacity: 1, when-full: retry"),
            "'retry-after' is missing");
        row("block without room", scenario("rate: 1/s", ", when-full: block"), "this needs a 'capacity'");
        row("speeds of nothing", scenario("rate: 1/s", ", speeds: [1, 0]"), "out of range");
        row("speeds as a number", scenario("rate: 1/s", ", speeds: 2"), "a list of numbers is expected");
        row("batch too small", scenario("rate: 1/s", ", batch: 2, batch-least: 3"), "raise 'batch'");
        row("batch shared", scenario("rate: 1/s", ", batch: 2, discipline: processor-sharing"),
            "a batch is served as a whole");
        row("patience shared", scenario("rate: 1/s", ", patience: 1 s, discipline: processor-sharing"),
            "nobody waits");
    }
    void says_what_is_wrong() {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const Reading reading = read(text.toStdString());
        QVERIFY(has_errors(reading.problems));
        QStringList found;
        for (const Problem& problem : reading.problems) found << QString::fromStdString(problem.sentence());
        QVERIFY2(found.join('\n').contains(sentence), qPrintable(found.join('\n')));
        QVERIFY2(reading.problems.front().place.line > 0, qPrintable(found.join('\n')));
    }

    void refuses_deadlock() {
        const Reading reading =
            read(scenario("rate: 1/s", ", capacity: 3, when-full: block, routing: {other: 0.9}") +
                 "  - other -> server\n");
        QVERIFY2(reading.scenario.has_value(),
                 reading.problems.empty() ? "" : reading.problems.front().sentence().c_str());
        const auto system = lower(*reading.scenario, catalog_, {});
        QVERIFY(!system.has_value());
        const QString sentence = QString::fromStdString(system.error().front().sentence());
        QVERIFY2(sentence.contains("can come to a deadlock"), qPrintable(sentence));
    }

    void reads_processes() {
        const auto load = [&](const std::string& text) {
            const Reading reading = read(scenario(text));
            return reading.scenario ? std::get<Requests>(reading.scenario->workloads[0].load) : Requests{};
        };
        const Requests gaps = load("interarrival: {erlang: {mean: 2 s, stages: 4}}");
        QCOMPARE(gaps.rate.base.value(), 0.5);
        QCOMPARE(gaps.interarrival.mean, 1.0);
        QCOMPARE(gaps.interarrival.scv, 0.25);
        const Requests shaped = load("rate: 8/s, interarrival: {lognormal: {cv: 2}}");
        QCOMPARE(shaped.rate.base.value(), 8.0);
        QCOMPARE(shaped.interarrival.scv, 4.0);
        const Requests states = load("mmpp: {a: {rate: 1/s, stay: 30 s}, b: {rate: 5/s, stay: 10 s}}");
        QVERIFY(std::abs(states.rate.base.value() - 2) < 1e-12);
        const Requests bulks = load("rate: 1/s, bulk: {1: 0.5, 4: 0.5}");
        QCOMPARE(bulks.pattern.bulk.mean(), 2.5);
        QCOMPARE(bulks.pattern.bulk.second_moment(), 8.5);
        QCOMPARE(bulks.pattern.bulk.quantile(0.7), 4);
        const Requests times = load("trace: {file: good.csv, times: arrival_ms, repeat: true}");
        QVERIFY(times.pattern.trace.times != nullptr);
        QCOMPARE(*times.pattern.trace.times, (std::vector<double>{0, 0.5, 0.5, 3}));
        QCOMPARE(times.rate.base.value(), 1.0);
        const Requests by_gap = load("trace: {file: good.csv, gaps: 'gap, s', unit: ms}");
        QCOMPARE(*by_gap.pattern.trace.times, (std::vector<double>{0.0005, 0.001, 0.001, 0.0035}));
        QCOMPARE(by_gap.pattern.trace.span, 0.0035);  // the first gap follows the last
        const Requests patient = load(
            "rate: 1/s, timeout: 2 s, retries: {attempts: 3, pause: 100 ms, jitter: 50 %, abandoned: "
            "cancel}");
        QVERIFY(patient.persistence && patient.persistence->cancels);
        QCOMPARE(patient.persistence->attempts, 3);
        QCOMPARE(patient.persistence->timeout->mean, 2.0);
    }

    void reads_distributions_by_parameters_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("scv");
        QTest::newRow("exponential") << "{exponential: {rate: 4/s}}" << 0.25 << 1.0;
        QTest::newRow("erlang") << "{erlang: {stages: 4, rate: 2/s}}" << 2.0 << 0.25;
        QTest::newRow("gamma") << "{gamma: {shape: 0.5, scale: 4 s}}" << 2.0 << 2.0;
        QTest::newRow("weibull") << "{weibull: {shape: 0.5, scale: 1 s}}" << 2.0 << 5.0;
        QTest::newRow("lognormal") << "{lognormal: {median: 1 s, sigma: 1}}" << std::exp(0.5)
                                   << std::exp(1) - 1;
        QTest::newRow("observed") << "{empirical: [1 s, 3 s]}" << 2.0 << 0.25;
        QTest::newRow("quantiles") << "{empirical: {0 %: 0 s, 100 %: 2 s}}" << 1.0 << 1.0 / 3;
    }
    void reads_distributions_by_parameters() {
        QFETCH(QString, text);
        QFETCH(double, mean);
        QFETCH(double, scv);
        const Reading reading = read(scenario("users: 3, think-time: " + text.toStdString()));
        QVERIFY2(reading.scenario.has_value(),
                 reading.problems.empty() ? "" : reading.problems.front().sentence().c_str());
        const Distribution& d = std::get<Requests>(reading.scenario->workloads[0].load).think_time;
        QVERIFY(std::abs(d.mean / mean - 1) < 1e-9);
        QVERIFY(std::abs(d.scv / scv - 1) < 1e-9);
    }

private:
    void write(const char* name, const std::string& bytes) {
        std::ofstream(folder_.filePath(name).toStdString(), std::ios::binary) << bytes;
    }
    Reading read(const std::string& text) {
        write("scenario.yaml", text);
        return read_scenario(std::filesystem::path(folder_.filePath("scenario.yaml").toStdString()),
                             catalog_);
    }

    QTemporaryDir folder_;
    const Catalog catalog_ = Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();
};

QTEST_APPLESS_MAIN(ReadArrivalsTest)
#include "read_arrivals_test.moc"
