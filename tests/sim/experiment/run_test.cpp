#include "sim/experiment/run.h"

#include "model/scenario/read.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>

using namespace headroom;

class RunTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void single_queue_meets_its_objectives();
    void exact_forms_lie_in_the_intervals();
    void threads_do_not_change_the_result_data();
    void threads_do_not_change_the_result();
    void runs_until_precise();
    void says_when_not_precise();
    void overload_is_an_answer();
    void what_cannot_end_is_refused_data();
    void what_cannot_end_is_refused();
    void warns_outside_the_tested_range_data();
    void warns_outside_the_tested_range();
    void warns_of_failures_near_capacity_data();
    void warns_of_failures_near_capacity();
    void warns_of_rooms_that_fill_data();
    void warns_of_rooms_that_fill();
    void warns_of_shared_overloads();
    void warns_of_caches_in_a_row();
    void losses_are_counted();
    void warm_up_is_found();
    void says_what_not_to_trust_data();
    void says_what_not_to_trust();
    void stops_when_asked();
    void progress_ends_complete();
    void estimate_agrees_with_the_run();
    void one_station_speaks_for_its_component();
    void hash_is_of_the_content();

private:
    model::Scenario read(const char* text) const;
    std::optional<model::Catalog> catalog_;
};

namespace {

constexpr const char* queue = R"(
headroom: 1
name: Queue
horizon: 2 h
workloads:
  jobs: {requests: {rate: 8/s}}
components:
  server: {technology: queue, servers: 1, service: {exponential: 100 ms}}
links: [jobs -> server]
objectives:
  - response time of jobs: mean <= 600 ms
  - response time of jobs: p99 <= 100 ms
  - lost records: 0
)";

const model::Figure& figure(const model::RunResult& result, const model::FigureKey& key) {
    for (const auto& f : result.figures)
        if (f.key == key) return f;
    qFatal("no figure %s", key.metric.c_str());
}

bool has_note(const model::RunResult& result, const char* part) {
    return std::any_of(result.notes.begin(), result.notes.end(),
                       [part](const std::string& note) { return note.find(part) != std::string::npos; });
}

std::map<model::FigureKey, std::vector<double>> values(const model::RunResult& result) {
    std::map<model::FigureKey, std::vector<double>> all;
    for (const auto& f : result.figures) all[f.key] = f.replications;
    return all;
}

}  // namespace

void RunTest::initTestCase() {
    auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
    QVERIFY(catalog.has_value());
    catalog_ = *std::move(catalog);
}

model::Scenario RunTest::read(const char* text) const {
    auto reading = model::read_scenario(model::Document(text, "test.yaml"), *catalog_);
    for (const auto& problem : reading.problems) qInfo("%s", problem.sentence().c_str());
    if (!reading.scenario) qFatal("the scenario of the test does not read");
    return *std::move(reading.scenario);
}

void RunTest::single_queue_meets_its_objectives() {
    const auto result = sim::run(read(queue), *catalog_, {});
    QVERIFY(result.has_value());
    QCOMPARE(result->level, model::Level::record);
    QVERIFY(result->precise);
    QCOMPARE(result->objectives.size(), std::size_t(3));
    QCOMPARE(result->objectives[0].verdict, model::Verdict::met);
    QCOMPARE(result->objectives[1].verdict, model::Verdict::broken);
    QCOMPARE(result->objectives[2].verdict, model::Verdict::met);
    QVERIFY(result->objectives[2].figure.exact());
    QCOMPARE(result->scenario_hash.size(), std::size_t(64));
    QVERIFY(!result->series.empty() && !result->curves.empty());
    const auto& sum = result->conservation.at(0);
    QCOMPARE(sum.imbalance(), 0.0);
    for (const auto& f : result->figures)
        QCOMPARE(f.replications.size(), static_cast<std::size_t>(result->replications));
}

void RunTest::exact_forms_lie_in_the_intervals() {
    sim::RunOptions options;
    options.replications = 30;
    options.horizon = model::hours(10);
    const auto result = sim::run(read(queue), *catalog_, {}, options);
    QVERIFY(result.has_value());
    int exact = 0;
    for (const auto& f : result->figures) {
        if (!f.analytic_exact || f.simulated.exact()) continue;
        ++exact;
        // Four half-widths of 95 %: never by chance.
        QVERIFY2(std::abs(f.simulated.value - f.analytic) <= 2 * f.simulated.half_width + 1e-9,
                 f.key.metric.c_str());
    }
    QVERIFY(exact >= 5);
}

void RunTest::threads_do_not_change_the_result_data() {
    QTest::addColumn<int>("level");
    QTest::newRow("record") << static_cast<int>(model::Level::record);
    QTest::newRow("flow") << static_cast<int>(model::Level::flow);
}

void RunTest::threads_do_not_change_the_result() {
    QFETCH(int, level);
    const auto scenario = read(queue);
    sim::RunOptions options{.level = static_cast<model::Level>(level), .threads = 1};
    const auto one = sim::run(scenario, *catalog_, {}, options);
    for (const int threads : {2, 3}) {
        options.threads = threads;
        const auto several = sim::run(scenario, *catalog_, {}, options);
        QVERIFY(one && several);
        QCOMPARE(one->replications, several->replications);
        QVERIFY(values(*one) == values(*several));
        QVERIFY(one->notes == several->notes);
    }
}

void RunTest::runs_until_precise() {
    auto scenario = read(queue);
    scenario.horizon = model::minutes(20);
    scenario.objectives.clear();
    scenario.precision = {0.04, 0.95, 4, 400};
    const auto result = sim::run(scenario, *catalog_, {});
    QVERIFY(result && result->precise);
    QVERIFY(result->replications > 4);
    const auto& mean = figure(*result, {"response.mean", "", "jobs"}).simulated;
    QVERIFY(mean.half_width <= 0.04 * mean.value);
}

void RunTest::says_when_not_precise() {
    auto scenario = read(queue);
    scenario.horizon = model::minutes(2);
    scenario.precision = {0.001, 0.95, 3, 6};
    const auto result = sim::run(scenario, *catalog_, {});
    QVERIFY(result && !result->precise);
    QCOMPARE(result->replications, 6);
    QVERIFY(result->notes.back().find("was not reached") != std::string::npos);
}

void RunTest::overload_is_an_answer() {
    auto scenario = read(queue);
    std::get<model::Requests>(scenario.workloads[0].load).rate.base = model::per_second(12);
    for (const auto level : {model::Level::record, model::Level::flow}) {
        sim::RunOptions options;
        options.level = level;
        options.replications = 3;
        const auto result = sim::run(scenario, *catalog_, {}, options);
        QVERIFY(result.has_value());
        const double growth = figure(*result, {"growth", "server", ""}).simulated.value;
        QVERIFY2(std::abs(growth - 2) < 0.2, qPrintable(QString::number(growth)));
        const bool said =
            std::any_of(result->notes.begin(), result->notes.end(), [](const std::string& note) {
                return note.find("server cannot keep up") != std::string::npos &&
                       note.find("2 requests/s") != std::string::npos;
            });
        QVERIFY2(said, result->notes.empty() ? "no notes" : result->notes.front().c_str());
        QVERIFY(figure(*result, {"utilisation", "server", ""}).simulated.value > 0.98);
    }
}

void RunTest::what_cannot_end_is_refused_data() {
    QTest::addColumn<QByteArray>("scenario");
    QTest::addColumn<int>("level");
    QTest::addColumn<int>("replications");
    QTest::addColumn<QByteArray>("part");
    const QByteArray text = queue;
    const auto row = [&](const char* name, const QByteArray& scenario, model::Level level, int replications,
                         const char* part) {
        QTest::newRow(name) << scenario << static_cast<int>(level) << replications << QByteArray(part);
    };
    const QByteArray century = QByteArray(text).replace("2 h", "100 y");
    row("records of a century", century, model::Level::record, 2, "horizon: record level would follow");
    row("days of a century",
        QByteArray(century).replace("rate: 8/s", "rate: 8/s, daily: {peak: 1.1x, at: \"20:00\"}"),
        model::Level::flow, 2, "horizon: flow level would take");
    row("a pile of records", QByteArray(text).replace("8/s", "1000000/s"), model::Level::record, 2,
        "level: record level would hold");
    row("what nobody asked for",
        QByteArray(text).replace("8/s", "100000/s").replace("2 h", "1 d") +
            "regions: {room: {components: server, capacity: 9, when-full: retry, retry-after: 9 min, "
            "attempts: 9}}\n",
        model::Level::automatic, 2, "level: the flow level does not know components that share a room");
    row("users", QByteArray(text).replace("rate: 8/s", "users: 1000000000, think-time: 30 s"),
        model::Level::automatic, 2, "users: 1G users");
    row("replications", text, model::Level::flow, 100'000, "replications: 100");
}

void RunTest::what_cannot_end_is_refused() {
    QFETCH(QByteArray, scenario);
    QFETCH(int, level);
    QFETCH(int, replications);
    QFETCH(QByteArray, part);
    const auto result = sim::run(read(scenario.constData()), *catalog_, {},
                                 {.level = static_cast<model::Level>(level), .replications = replications});
    QVERIFY(!result);
    QCOMPARE(result.error().size(), std::size_t{1});
    const std::string sentence = result.error().front().sentence();
    QVERIFY2(sentence.find(part.toStdString()) != std::string::npos, sentence.c_str());
}

void RunTest::warns_outside_the_tested_range_data() {
    QTest::addColumn<QString>("requests");
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("note");
    const QString plain = "rate: 8/s", one = "servers: 1, service: {exponential: 100 ms}";
    QTest::newRow("inside") << plain << one << "";
    QTest::newRow("bursts") << "rate: 8/s, interarrival: {scv: 6}" << one
                            << "The arrivals of jobs are burstier than those";
    QTest::newRow("bursts inside") << "rate: 8/s, interarrival: {scv: 4}" << one << "";
    QTest::newRow("wild services") << plain << "servers: 2, service: {lognormal: {mean: 100 ms, cv: 3.5}}"
                                   << "The service times of server vary more than those";
    QTest::newRow("services that vary much, at 0.97")
        << "rate: 9.7/s"
        << "servers: 2, service: {lognormal: {mean: 200 ms, cv: 2.5}}"
        << "At more than 95 % of its capacity the gaps between arrivals at server";
    QTest::newRow("services that vary much")
        << plain << "servers: 2, service: {lognormal: {mean: 100 ms, cv: 2.5}}"
        << "";
    QTest::newRow("many servers") << plain << "servers: 300, service: {exponential: 20 s}"
                                  << "server has 300 servers; the flow level was tested with up to 200";
    QTest::newRow("peak inside") << "rate: 4.5/s, daily: {peak: 2x, at: \"20:00\"}" << one << "";
    QTest::newRow("peak nearly full") << "rate: 4.95/s, daily: {peak: 2x, at: \"20:00\"}" << one
                                      << "the load of server comes within 3 % of its capacity";
    QTest::newRow("nearly full") << "rate: 9.97/s" << one << "server is busy for more than 99 % of the time";
}

void RunTest::warns_outside_the_tested_range() {
    QFETCH(QString, requests);
    QFETCH(QString, server);
    QFETCH(QString, note);
    const QString text = QString(
                             "headroom: 1\nname: Range\nhorizon: 3 d\nworkloads:\n  jobs: {requests: {%1}}\n"
                             "components:\n  server: {technology: queue, %2}\nlinks: [jobs -> server]\n")
                             .arg(requests, server);
    model::Scenario scenario = read(text.toUtf8().constData());
    const auto result = sim::run(scenario, *catalog_, {}, {.level = model::Level::flow, .replications = 1});
    QVERIFY(result);
    bool warned = false, any = false;
    for (const std::string& sentence : result->notes) {
        any = any || sentence.find("the flow level was tested") != std::string::npos ||
              sentence.find("flow level was tested with") != std::string::npos;
        warned = warned || (!note.isEmpty() && sentence.find(note.toStdString()) != std::string::npos);
    }
    QCOMPARE(warned, !note.isEmpty());
    QCOMPARE(any, !note.isEmpty());
}

void RunTest::warns_of_failures_near_capacity_data() {
    QTest::addColumn<QString>("rate");
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("warned");
    const QString queue = "{technology: queue, servers: 2, service: {exponential: 100 ms}}";
    QTest::newRow("enough is left") << "8/s" << queue << false;
    QTest::newRow("just enough is left") << "9.7/s" << queue << true;
    QTest::newRow("not quite enough is left") << "10.4/s" << queue << true;
    QTest::newRow("far too little is left") << "15/s" << queue << false;
}

// What comes in before the room is full is a part of the losses, or next to nothing.
void RunTest::warns_of_rooms_that_fill_data() {
    QTest::addColumn<QString>("rate");
    QTest::addColumn<QString>("capacity");
    QTest::addColumn<bool>("warned");
    QTest::newRow("a room that takes long to fill") << "5/min"
                                                    << "400" << true;
    QTest::newRow("a room that fills at once") << "5/s"
                                               << "50" << false;
    QTest::newRow("ample room, which the fluid fills") << "5/s"
                                                       << "1k" << false;
}

void RunTest::warns_of_rooms_that_fill() {
    QFETCH(QString, rate);
    QFETCH(QString, capacity);
    QFETCH(bool, warned);
    const QString text =
        QString(
            "headroom: 1\nname: Gone\nhorizon: 1 d\nworkloads:\n  jobs: {requests: {rate: %1}}\n"
            "components:\n  server: {technology: queue, capacity: %2, service: {exponential: 100 ms}}\n"
            "links: [jobs -> server]\nfailures: {cut: {of: server, at: 12 h, repair: 1 h}}\n")
            .arg(rate, capacity);
    const auto result = sim::run(read(text.toUtf8().constData()), *catalog_, {},
                                 {.level = model::Level::flow, .replications = 1});
    QVERIFY(result);
    QCOMPARE(has_note(*result, "server has room for"), warned);
}

void RunTest::warns_of_failures_near_capacity() {
    QFETCH(QString, rate);
    QFETCH(QString, server);
    QFETCH(bool, warned);
    const QString text =
        QString(
            "headroom: 1\nname: Half\nhorizon: 1 d\nworkloads:\n  jobs: {requests: {rate: %1}}\n"
            "components:\n  server: %2\nlinks: [jobs -> server]\n"
            "failures: {half: {of: server, takes: 50 %, at: 12 h, repair: 1 h}}\n")
            .arg(rate, server);
    model::Scenario scenario = read(text.toUtf8().constData());
    const auto result = sim::run(scenario, *catalog_, {}, {.level = model::Level::flow, .replications = 1});
    QVERIFY(result);
    const bool any = std::any_of(result->notes.begin(), result->notes.end(), [](const std::string& note) {
        return note.find("While a part of server is gone") != std::string::npos;
    });
    QCOMPARE(any, warned);
}

void RunTest::warns_of_shared_overloads() {
    for (const char* order : {"processor-sharing", "fcfs"})
        for (const char* rush : {"1.1x", "2x"}) {
            const QString text =
                QString(
                    "headroom: 1\nname: Rush\nhorizon: 1 h\nworkloads:\n"
                    "  jobs: {requests: {rate: 6/s, events: [{rush: %1, from: 20 min, for: 10 min}]}}\n"
                    "components:\n  pool: {technology: queue, discipline: %2, service: {exponential: 100 "
                    "ms}}\n"
                    "links: [jobs -> pool]\n")
                    .arg(rush, order);
            const auto result = sim::run(read(text.toUtf8().constData()), *catalog_, {},
                                         {.level = model::Level::flow, .replications = 1});
            QVERIFY(result);
            QCOMPARE(
                has_note(*result, "While pool has more work than it can do, all that are there share it"),
                std::string_view(order) != "fcfs" && std::string_view(rush) == "2x");
        }
}

void RunTest::warns_of_caches_in_a_row() {
    for (const bool behind : {true, false}) {
        const QString text =
            QString(
                "headroom: 1\nname: Caches\nhorizon: 10 min\nworkloads:\n  reads: {requests: {rate: 1/s}}\n"
                "components:\n  near: {technology: cache, keys: 4, capacity: 1, misses: %1}\n"
                "  network: {technology: delay, time: 1 ms}\n"
                "  far: {technology: cache, keys: 4, capacity: 2, misses: disk}\n"
                "  memory: {technology: delay, time: 1 ms}\n  disk: {technology: delay, time: 10 ms}\n"
                "links: [reads -> near -> %2, network -> far -> memory]\n")
                .arg(behind ? "network" : "disk", behind ? "memory" : "network");
        const auto result = sim::run(read(text.toUtf8().constData()), *catalog_, {}, {.replications = 1});
        QVERIFY(result);
        QCOMPARE(has_note(*result, "far is asked for what near misses"), behind);
    }
}

void RunTest::losses_are_counted() {
    auto scenario = read(queue);
    scenario.components[0].settings["capacity"].value = 10.0;
    std::get<model::Requests>(scenario.workloads[0].load).rate.base = model::per_second(12);
    for (const auto level : {model::Level::record, model::Level::flow}) {
        sim::RunOptions options;
        options.level = level;
        options.replications = 5;
        const auto result = sim::run(scenario, *catalog_, {}, options);
        QVERIFY(result.has_value());
        const double lost = figure(*result, {"lost", "", "jobs"}).simulated.value;
        const double expected = 0.192587 * 12 * 7200;  // M/M/1/10 at rho 1.2
        QVERIFY2(std::abs(lost - expected) < 0.03 * expected, qPrintable(QString::number(lost)));
        QCOMPARE(result->objectives[2].verdict, model::Verdict::broken);
        QVERIFY(has_note(*result, " of jobs are lost, most of them at server, which turns them away."));
    }
}

void RunTest::warm_up_is_found() {
    auto scenario = read(queue);
    scenario.warm_up = model::minutes(10);
    sim::RunOptions options;
    options.replications = 2;
    auto result = sim::run(scenario, *catalog_, {}, options);
    QCOMPARE(result->warm_up.value(), 600.0);
    scenario.warm_up.reset();
    result = sim::run(scenario, *catalog_, {}, options);
    QVERIFY(result->warm_up.value() <= 3600);
    auto& rate = std::get<model::Requests>(scenario.workloads[0].load).rate;
    rate.events.push_back({"sale", 1.1, model::minutes(10), model::minutes(5)});
    result = sim::run(scenario, *catalog_, {}, options);
    QCOMPARE(result->warm_up.value(), 0.0);
    QVERIFY(has_note(*result, "load changes"));
}

void RunTest::says_what_not_to_trust_data() {
    QTest::addColumn<double>("rate");
    QTest::addColumn<double>("hours");
    QTest::addColumn<double>("warm_up_s");
    QTest::addColumn<double>("half_width");
    QTest::addColumn<QString>("note");
    QTest::newRow("healthy") << 5.0 << 10.0 << 600.0 << 0.05 << "";
    QTest::newRow("not converged") << 9.0 << 1.0 << 60.0 << 0.005 << "was not reached";
    QTest::newRow("not steady") << 9.95 << 0.5 << 0.0 << 10.0 << "is not steady";
    QTest::newRow("few in the tail") << 9.0 << 1.0 << 300.0 << 10.0 << "too few independent items";
}
void RunTest::says_what_not_to_trust() {
    QFETCH(double, rate);
    QFETCH(double, hours);
    QFETCH(double, warm_up_s);
    QFETCH(double, half_width);
    QFETCH(QString, note);
    auto scenario = read(queue);
    scenario.objectives.clear();
    scenario.horizon = model::hours(hours);
    scenario.warm_up = model::seconds(warm_up_s);
    scenario.precision = {half_width, 0.95, 40, 40};
    std::get<model::Requests>(scenario.workloads[0].load).rate.base = model::per_second(rate);
    const auto result = sim::run(scenario, *catalog_, {});
    QVERIFY(result.has_value());
    for (const std::string& sentence : result->notes) qInfo("%s", sentence.c_str());
    QVERIFY(!has_note(*result, "are lost"));
    for (const char* known : {"was not reached", "is not steady", "too few independent items"})
        if (note.isEmpty() || note == known) QCOMPARE(has_note(*result, known), note == known);
    const auto& tail = figure(*result, {"response.p99.9", "", "jobs"}).simulated;
    if (note.isEmpty()) QVERIFY(std::isfinite(tail.half_width));
}

void RunTest::stops_when_asked() {
    auto scenario = read(queue);
    scenario.precision = {1e-6, 0.95, 10'000, 10'000};
    std::stop_source stop;
    const auto result = sim::run(
        scenario, *catalog_, {}, {.level = model::Level::record, .threads = 2},
        [&](const sim::Progress& progress) {
            if (progress.replications > 0) stop.request_stop();
        },
        stop.get_token());
    QVERIFY(result.has_value());
    QVERIFY(result->cancelled);
    QVERIFY(result->replications > 0 && result->replications < 10'000);
    QVERIFY(!result->figures.empty());
    std::stop_source before;
    before.request_stop();
    const auto nothing =
        sim::run(scenario, *catalog_, {}, {.level = model::Level::record}, {}, before.get_token());
    QVERIFY(nothing.has_value() && nothing->cancelled);
    QCOMPARE(nothing->replications, 0);
}

void RunTest::progress_ends_complete() {
    double last = 0;
    bool ordered = true, figures = false;
    sim::RunOptions options;
    options.replications = 40;
    options.horizon = model::hours(40);
    const auto result = sim::run(read(queue), *catalog_, {}, options, [&](const sim::Progress& progress) {
        ordered = ordered && progress.fraction >= last && progress.fraction <= 1;
        last = progress.fraction;
        figures = figures || (progress.so_far != nullptr && !progress.so_far->figures.empty());
    });
    QVERIFY(result.has_value());
    QVERIFY(ordered);
}

void RunTest::estimate_agrees_with_the_run() {
    const auto scenario = read(queue);
    const auto estimate = sim::estimate(scenario, *catalog_, {});
    QVERIFY(estimate.has_value());
    QCOMPARE(estimate->replications, 0);
    QCOMPARE(figure(*estimate, {"response.mean", "", "jobs"}).simulated.value, 0.5);
    QCOMPARE(estimate->objectives[0].verdict, model::Verdict::met);
    const double p99 = figure(*estimate, {"response.p99", "", "jobs"}).simulated.value;
    QVERIFY(std::abs(p99 - 2.3026) < 0.4);
}

/// Reads and writes are stations of their own, whose busiest hours differ.
void RunTest::one_station_speaks_for_its_component() {
    const auto scenario = read(R"(
headroom: 1
name: Table
horizon: 1 d
workloads:
  reads: {requests: {rate: 10000/s, daily: {peak: 1.9x, at: "06:00"}}}
  writes: {stream: {rate: 9000 events/s, daily: {peak: 1.9x, at: "18:00"}}, record: {size: 500 B}}
components:
  table: {technology: dynamodb}
links: [reads -> table, writes -> table]
)");
    sim::RunOptions options;
    options.level = model::Level::flow;
    options.replications = 3;
    const auto result = sim::run(scenario, *catalog_, {}, options);
    QVERIFY(result.has_value());
    const model::Figure& used = figure(*result, {"utilisation", "table", ""});
    QVERIFY2(
        std::abs(used.analytic / used.simulated.value - 1) < 0.01,
        qPrintable(QString("closed form %1, simulated %2").arg(used.analytic).arg(used.simulated.value)));
    const model::Figure& peak = figure(*result, {"utilisation.peak", "table", ""});
    QVERIFY2(
        std::abs(peak.analytic / peak.simulated.value - 1) < 0.03,
        qPrintable(QString("closed form %1, simulated %2").arg(peak.analytic).arg(peak.simulated.value)));
}

void RunTest::hash_is_of_the_content() {
    const auto scenario = read(queue);
    auto other = scenario;
    other.name = "Another name";
    other.layout["server"] = {1, 2};
    QCOMPARE(sim::content_hash(other, {}), sim::content_hash(scenario, {}));
    other.horizon = model::hours(3);
    QVERIFY(sim::content_hash(other, {}) != sim::content_hash(scenario, {}));
    model::Calibrations calibrations;
    calibrations["server"].transform_hash = "x";
    QVERIFY(sim::content_hash(scenario, calibrations) != sim::content_hash(scenario, {}));
}

QTEST_APPLESS_MAIN(RunTest)
#include "run_test.moc"
