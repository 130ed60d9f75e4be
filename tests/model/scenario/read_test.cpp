#include "model/scenario/read.h"

#include "model/catalog/catalog.h"
#include "model/kinds/kind.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

using namespace headroom::model;
namespace fs = std::filesystem;

class ReadTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheExamples_data();
    void readsTheExamples();
    void fillsInEverything();
    void resolvesParameters();
    void readsProfiles();
    void readsLinks();
    void readsObjectives_data();
    void readsObjectives();
    void refuses_data();
    void refuses();
    void reportsEveryProblem();
    void reportsVersionsOfTheFuture();
    void resolvesPathsWhereTheyAreWritten();
    void printsParameters();
    void parsesFieldPaths();
    void toleratesNothingUnseen();

private:
    const Catalog catalog_ = Catalog::load(HEADROOM_SOURCE_DIR "/resources").value();

    Reading read(const std::string& text) const { return read_scenario(Document(text, "f.yaml"), catalog_); }
};

namespace {

const std::string scenarios = HEADROOM_SOURCE_DIR "/scenarios/";

/// A small sound scenario with parts replaced.
std::string scenario(const std::string& find = "", const std::string& replace = "") {
    std::string text = R"(headroom: 1
horizon: 1 h
workloads:
  jobs: {requests: {rate: 8/s}}
components:
  server: {technology: queue, servers: 1, service: {exponential: 100 ms}}
links:
  - jobs -> server
objectives:
  - response time of jobs: mean <= 600 ms
)";
    const std::size_t at = text.find(find);
    return at == std::string::npos ? text : text.replace(at, find.size(), replace);
}

std::string sentences(const Problems& problems) {
    std::string text;
    for (const Problem& problem : problems) text += problem.sentence() + "\n";
    return text;
}

}  // namespace

void ReadTest::readsTheExamples_data() {
    QTest::addColumn<QString>("file");
    for (const auto& entry : fs::directory_iterator(scenarios))
        if (entry.path().extension() == ".yaml")
            QTest::newRow(entry.path().stem().c_str()) << QString::fromStdString(entry.path().string());
}

void ReadTest::readsTheExamples() {
    QFETCH(QString, file);
    const Reading reading = read_scenario(fs::path(file.toStdString()), catalog_);
    QVERIFY2(reading.scenario, sentences(reading.problems).c_str());
    QVERIFY2(reading.problems.empty(), sentences(reading.problems).c_str());
}

void ReadTest::fillsInEverything() {
    const Reading reading = read_scenario(fs::path(scenarios + "03-click-analytics.yaml"), catalog_);
    QVERIFY(reading.scenario.has_value());
    const Scenario& s = *reading.scenario;
    QCOMPARE(s.name, std::string("Click analytics"));
    QCOMPARE(s.horizon.value(), 86400.0);
    QVERIFY(!s.warm_up);
    QCOMPARE(s.precision.half_width, 0.05);
    QCOMPARE(s.precision.replications_max, 64);
    QCOMPARE(s.workloads.size(), std::size_t(2));
    const auto& stream = std::get<Stream>(s.workload("clicks")->load);
    QCOMPARE(stream.rate.base.value(), 2000.0);
    QCOMPARE(stream.rate.seasons.size(), std::size_t(1));
    QCOMPARE(stream.rate.seasons[0].at.value(), 72000.0);
    QCOMPARE(stream.record.size.mean, 230.0);
    QCOMPARE(stream.record.key, std::string("user_id"));
    QVERIFY(stream.record.sample.is_absolute());
    const auto& requests = std::get<Requests>(s.workload("dashboards")->load);
    QCOMPARE(requests.users, std::optional<int>(200));
    QVERIFY(requests.think_time == Distribution::exponential(30));
    QVERIFY(requests.scan == Distribution::lognormal(80e6, 1));
    QCOMPARE(s.component("brokers")->nodes("nodes").count, 3);
    QCOMPARE(s.component("brokers")->number("partitions"), 12.0);
    QCOMPARE(s.component("lake")->named_numbers("lifecycle").size(), std::size_t(3));
    QCOMPARE(s.links.size(), std::size_t(5));
    QVERIFY(s.links[1].from == "enrich" || s.links[1].to == "enrich");
    QCOMPARE(s.objectives.size(), std::size_t(4));
    QCOMPARE(s.objectives[0].metric, std::string("freshness.p99"));
    QCOMPARE(s.objectives[0].subject, std::string("warehouse"));
    QCOMPARE(s.objectives[0].of, std::string("clicks"));
    QCOMPARE(s.objectives[0].bound, 180.0);
    QCOMPARE(s.objectives[2].bound, 0.0);
    QVERIFY(std::abs(s.objectives[3].bound - 3000.0 / (730 * 3600)) < 1e-12);
}

void ReadTest::resolvesParameters() {
    const Reading reading = read_scenario(fs::path(scenarios + "03-click-analytics.yaml"), catalog_);
    QVERIFY(reading.scenario.has_value());
    int from_technology = 0;
    for (const Component& component : reading.scenario->components) {
        const Kind* kind = find_kind(component.kind);
        QVERIFY(kind != nullptr);
        const Technology* technology = catalog_.technology(component.technology);
        for (const ParameterSpec& spec : kind->parameters) {
            const bool figure = technology->defaults.contains(spec.name);
            if (!component.has(spec.name)) {
                QVERIFY2(!figure && spec.default_text.empty(), spec.name.c_str());
                continue;
            }
            const Setting& setting = component.settings.find(spec.name)->second;
            if (setting.place.line > 0) {
                QVERIFY(setting.origin == Origin::scenario);
            } else if (figure) {
                ++from_technology;
                QVERIFY(setting.origin == Origin::technology);
                QCOMPARE(setting.source, technology->defaults.find(spec.name)->second.provenance.source);
            } else {
                QVERIFY(setting.origin == Origin::kind);
                QCOMPARE(setting.text, spec.default_text);
            }
        }
    }
    QVERIFY(from_technology > 0);
    const Setting& partitions = reading.scenario->component("brokers")->settings.find("partitions")->second;
    QCOMPARE(partitions.text, std::string("12"));
    QCOMPARE(partitions.place.line, 21);
}

void ReadTest::readsProfiles() {
    const Reading reading = read(scenario("rate: 8/s",
                                          "rate: 8/s, weekly: {peak: 1.5, at: sat 20:00}, yearly: {peak: "
                                          "1.2x, at: day 330}, growth: 40 %/year, "
                                          "events: [{sale day: 1.8x, from: day 12, for: 24 h}, {outage: 0, "
                                          "from: 2 h, for: 30 min}], interarrival: {scv: 4}"));
    QVERIFY2(reading.scenario, sentences(reading.problems).c_str());
    const auto& requests = std::get<Requests>(reading.scenario->workloads[0].load);
    QVERIFY(!requests.users);
    QCOMPARE(requests.rate.seasons.size(), std::size_t(2));
    QCOMPARE(requests.rate.seasons[0].at.value(), (5 * 24 + 20) * 3600.0);
    QCOMPARE(requests.rate.seasons[1].at.value(), 329 * 86400.0);
    QVERIFY(std::abs(requests.rate.growth_per_year - 0.4) < 1e-12);
    QCOMPARE(requests.rate.events.size(), std::size_t(2));
    QCOMPARE(requests.rate.events[0].name, std::string("sale day"));
    QCOMPARE(requests.rate.events[0].from.value(), 11 * 86400.0);
    QCOMPARE(requests.rate.events[1].factor, 0.0);
    QVERIFY(requests.interarrival == Distribution::with_scv(1, 4));
}

void ReadTest::readsLinks() {
    std::string text = scenario("  - jobs -> server\n", "  - jobs -> a -> [b, c] -> server\n");
    text.replace(text.find("  server:"), 0,
                 "  a: {technology: delay, time: 1 s}\n  b: {technology: delay, time: 1 s}\n"
                 "  c: {technology: delay, time: 1 s}\n");
    const Reading reading = read(text);
    QVERIFY2(reading.scenario, sentences(reading.problems).c_str());
    std::string all;
    for (const Link& link : reading.scenario->links) all += link.from + ">" + link.to + " ";
    QCOMPARE(all, std::string("jobs>a a>b a>c b>server c>server "));
    QCOMPARE(reading.scenario->links[1].place.line, 11);
    QCOMPARE(reading.scenario->links[1].place.column, 13);
}

void ReadTest::readsObjectives_data() {
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("of");
    QTest::addColumn<double>("bound");
    const auto row = [](const char* text, const char* metric, const char* subject, const char* of,
                        double bound) {
        QTest::newRow(text) << QString(metric) << QString(subject) << QString(of) << bound;
    };
    row("response time of jobs: mean <= 600 ms", "response.mean", "", "jobs", 0.6);
    row("\"response time of jobs in server: p99.9 <= 600 ms\"", "response.p99.9", "server", "jobs", 0.6);
    row("waiting time of jobs at server: p95 < 1 s", "waiting.p95", "server", "jobs", 1);
    row("utilisation of server: <= 85 %", "utilisation", "server", "", 0.85);
    row("peak utilisation of server: \u2264 0.9", "utilisation.peak", "server", "", 0.9);
    row("throughput of jobs: at least 7/s", "throughput", "", "jobs", 7);
    row("throughput of jobs: \">= 7/s\"", "throughput", "", "jobs", 7);
    row("queue length in server: max <= 40", "queue.max", "server", "", 40);
    row("lost records: 0", "lost", "", "", 0);
    row("lost records of jobs: <= 10 records", "lost", "", "jobs", 10);
    row("cost: <= $100M/year", "cost", "", "", 100e6 / (8760 * 3600.0));
    row("cost of server: <= $5/h", "cost", "server", "", 5 / 3600.0);
}

void ReadTest::readsObjectives() {
    QFETCH(QString, metric);
    QFETCH(QString, subject);
    QFETCH(QString, of);
    QFETCH(double, bound);
    const Reading reading = read(scenario("response time of jobs: mean <= 600 ms", QTest::currentDataTag()));
    QVERIFY2(reading.scenario, sentences(reading.problems).c_str());
    const Objective& objective = reading.scenario->objectives.at(0);
    QCOMPARE(QString::fromStdString(objective.metric), metric);
    QCOMPARE(QString::fromStdString(objective.subject), subject);
    QCOMPARE(QString::fromStdString(objective.of), of);
    QVERIFY(std::abs(objective.bound - bound) <= 1e-12 * bound);
    QVERIFY((objective.relation == Relation::at_least) == (metric == "throughput"));
}

void ReadTest::refuses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* find, const char* replace, const char* sentence) {
        QTest::newRow(name) << QString::fromStdString(scenario(find, replace)) << QString(sentence);
    };
    row("unknown key",
        "horizon:", "horizn:", "f.yaml:2:1: horizn: unknown field 'horizn'; did you mean 'horizon'?");
    row("unknown key in a section", "{rate: 8/s}", "{rate: 8/s, dayly: 1}",
        "f.yaml:4:32: workloads.jobs.requests: unknown field 'dayly'; did you mean 'daily'?");
    row("unknown parameter", "servers: 1", "server: 1",
        "f.yaml:6:31: components.server: unknown parameter 'server'; did you mean 'servers'?");
    row("wrong unit", "8/s", "10 MBps",
        "f.yaml:4:27: workloads.jobs.requests.rate: '10 MBps' is bytes per second; events per second "
        "expected, for "
        "example '10M events/s'");
    row("no unit", "1 h", "60",
        "f.yaml:2:10: horizon: '60' is a plain number; a duration expected, for example '5 ms'");
    row("negative rate", "8/s", "-8/s",
        "f.yaml:4:27: workloads.jobs.requests.rate: '-8/s' is out of range; 0 events/s to 1P events/s "
        "expected");
    row("absurd horizon", "1 h", "1000 y",
        "f.yaml:2:10: horizon: '1000 y' is out of range; 1 ms to 100 y expected");
    row("zero servers", "servers: 1", "servers: 0",
        "f.yaml:6:40: components.server.servers: '0' is out of range; 1 to ");
    row("half a server", "servers: 1", "servers: 1.5",
        "f.yaml:6:40: components.server.servers: '1.5' is not a whole number");
    row("negative service", "100 ms", "-100 ms",
        "f.yaml:6:66: components.server.service.exponential: '-100 ms' is negative; 0 or more expected");
    row("unknown distribution", "exponential", "exponental",
        "f.yaml:6:53: components.server.service: 'exponental' is not a distribution; did you mean "
        "'exponential'?");
    row("distribution without field", "{exponential: 100 ms}", "{lognormal: {mean: 100 ms}}",
        "f.yaml:6:64: components.server.service.lognormal: 'cv' is missing");
    row("two distributions", "{exponential: 100 ms}", "{exponential: 100 ms, erlang: 1}",
        "f.yaml:6:74: components.server.service: a distribution has one name; 'erlang' is a second");
    row("missing parameter", ", service: {exponential: 100 ms}", "",
        "f.yaml:6:11: components.server: 'service' is missing");
    row("unknown technology", "technology: queue", "technology: qeue",
        "f.yaml:6:24: components.server.technology: unknown technology 'qeue'; did you mean 'queue'?");
    row("no technology", "technology: queue, ", "", "f.yaml:6:3: components.server: 'technology' is missing");
    row("link to nowhere", "jobs -> server", "jobs -> servr",
        "f.yaml:8:13: links.0: unknown workload or component 'servr'; did you mean 'server'?");
    row("link to itself", "jobs -> server", "jobs -> server -> server",
        "f.yaml:8:23: links.0: 'server' is linked to itself; give it a 'routing' with a probability instead");
    row("link to a workload", "jobs -> server", "server -> jobs",
        "f.yaml:8:15: links.0: 'jobs' is a workload; nothing can lead to it");
    row("link twice", "jobs -> server", "jobs -> server\n  - jobs -> server",
        "f.yaml:9:5: links.1: the link from 'jobs' to 'server' stands here a second time; the first, in "
        "line 8, holds for all workloads");
    row("link of one", "jobs -> server", "jobs",
        "f.yaml:8:9: links.0: 'jobs' links nothing; write it like 'a -> b -> [c, d]'");
    row("link cut off", "jobs -> server", "jobs ->", "f.yaml:8:12: links.0: an id is missing at the end");
    row("workload without link", "  jobs: {requests: {rate: 8/s}}\n",
        "  jobs: {requests: {rate: 8/s}}\n  more: {requests: {rate: 8/s}}\n",
        "f.yaml:5:3: workloads.more: no link leads from workload 'more' to a component");
    row("same id twice", "server: {", "jobs: {technology: delay, time: 1 s}\n  server: {",
        "f.yaml:6:3: components.jobs: 'jobs' is a workload already, in line 4; workloads and components need "
        "different names");
    row("bad id", "server: {", "ser ver: {",
        "f.yaml:6:3: components: 'ser ver' cannot be an id; letters, digits, '-' and '_' are allowed");
    row("users and rate", "{rate: 8/s}", "{rate: 8/s, users: 5}",
        "f.yaml:4:20: workloads.jobs.requests: both 'users' and 'rate' are given; one of them is expected");
    row("neither stream nor requests", "{requests: {rate: 8/s}}", "{}",
        "f.yaml:4:3: workloads.jobs: either 'stream' or 'requests' is expected");
    row("record of requests", "{requests: {rate: 8/s}}", "{requests: {rate: 8/s}, record: {size: 1 kB}}",
        "f.yaml:4:41: workloads.jobs.record: this belongs to a workload with 'stream'");
    row("no sample", "{requests: {rate: 8/s}}", "{stream: {rate: 8/s}, record: {sample: nowhere.csv}}",
        "f.yaml:4:48: workloads.jobs.record.sample: there is no file 'nowhere.csv'");
    row("sample is a folder", "{requests: {rate: 8/s}}", "{stream: {rate: 8/s}, record: {sample: /tmp}}",
        "f.yaml:4:48: workloads.jobs.record.sample: '/tmp' is not a regular file");
    row("bad moment", "rate: 8/s", "rate: 8/s, daily: {peak: 2x, at: \"25:00\"}",
        "f.yaml:4:54: workloads.jobs.requests.daily.at: '25:00' is not a moment of the day; write it like "
        "'20:00'");
    row("no peak", "rate: 8/s", "rate: 8/s, daily: {at: 20:00}",
        "f.yaml:4:39: workloads.jobs.requests.daily: 'peak' is missing, for example '2.5x'");
    row("unknown measure", "response time of", "respons time of",
        "f.yaml:10:5: objectives.0: unknown measure 'respons time'; did you mean 'response time'?");
    row("unknown workload", "of jobs: mean", "of job: mean",
        "f.yaml:10:5: objectives.0: unknown workload 'job'; did you mean 'jobs'?");
    row("unknown statistic", "mean <=", "p98 <=",
        "f.yaml:10:5: objectives.0: unknown statistic 'p98'; one of mean, p50, p90, p95, p99, p99.9 "
        "expected");
    row("no bound", "mean <= 600 ms", "mean", "f.yaml:10:5: objectives.0: a bound is missing");
    row("wrong bound", "mean <= 600 ms", "mean <= 600",
        "f.yaml:10:5: objectives.0: '600' is a plain number; a duration expected, for example '5 ms'");
    row("share above one", "response time of jobs: mean <= 600 ms", "utilisation of server: <= 85",
        "f.yaml:10:5: objectives.0: '85' is out of range; 0 % to 100 % expected");
    row("no component", "response time of jobs: mean <= 600 ms", "utilisation: <= 85 %",
        "f.yaml:10:5: objectives.0: the component is missing: 'utilisation of <component>'");
    row("unknown price book", "horizon: 1 h", "catalog: none-such",
        "f.yaml:2:10: catalog: unknown price book 'none-such'");
    row("warm-up beyond horizon", "horizon: 1 h", "horizon: 1 h\nwarm-up: 2 h",
        "f.yaml:3:10: warm-up: '2 h' is out of range; less than the horizon of 1 h expected");
    row("no workloads", "workloads:\n  jobs: {requests: {rate: 8/s}}\n", "",
        "f.yaml:1:1: 'workloads' is missing");
    row("a list for fields", "components:\n", "components: [a]\nx:\n",
        "f.yaml:5:13: components: a list stands here; fields are expected");
    row("not a scenario", scenario().c_str(), "hello", "f.yaml:1:1: this is not a scenario");
    row("no version", "headroom: 1", "name: x",
        "f.yaml:1:1: headroom: the version is missing; a scenario file begins with 'headroom: 1'");
    row("bound as block scalar", "mean <= 600 ms", ">= 600 ms",
        "this is not well-formed YAML: unexpected character in block scalar; a value that begins with '>' or "
        "'|' must stand "
        "in quotes");
    row("list before an arrow", "  - jobs -> server", "  - [jobs] -> server",
        "f.yaml:8:12: this is not well-formed YAML: end of sequence not found; a link that begins with '[' "
        "must "
        "stand in quotes: \"[a, b] -> c\"");
    row("skew of keys that nobody counts", "{requests: {rate: 8/s}}",
        "{stream: {rate: 8/s}, record: {skew: 1}}",
        "workloads.jobs.record.skew: '1' is of no effect without 'keys', the number of different keys");
    row("bad version", "headroom: 1", "headroom: one",
        "f.yaml:1:11: headroom: 'one' is not a version; 1 is expected");
    row("empty", scenario().c_str(), "", "f.yaml: the file is empty");
    row("layout", "headroom: 1", "headroom: 1\nlayout: {server: [1]}",
        "f.yaml:2:18: layout.server: two numbers are expected, for example '[120, 40]'");
    row("fewest above most", "headroom: 1", "headroom: 1\nprecision: {replications: {min: 9, max: 3}}",
        "f.yaml:2:27: precision.replications: 'min' is above 'max'");
}

void ReadTest::refuses() {
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    const Reading reading = read(text.toStdString());
    QVERIFY(!reading.scenario);
    QVERIFY(has_errors(reading.problems));
    const std::string all = sentences(reading.problems);
    QVERIFY2(QString::fromStdString(all).contains(sentence), all.c_str());
}

void ReadTest::reportsEveryProblem() {
    const Reading reading = read(R"(headroom: 1
horizon: -1 h
nmae: x
workloads:
  a: {stream: {rate: 5 MB}}
components:
  b: {technology: kafak}
  c: {technology: queue, servers: none, service: 5}
links:
  - a -> d
objectives:
  - speed: <= 5
)");
    QVERIFY(!reading.scenario);
    QSet<int> lines;
    for (const Problem& problem : reading.problems) lines.insert(problem.place.line);
    QCOMPARE(lines, (QSet<int>{2, 3, 5, 7, 8, 10, 12}));
    QCOMPARE(reading.problems.size(), std::size_t(8));
}

void ReadTest::reportsVersionsOfTheFuture() {
    const Reading reading = read("headroom: 7\nwhatever: [1]\n");
    QCOMPARE(sentences(reading.problems),
             std::string("f.yaml:1:11: headroom: this file is version 7; this program reads up to 1\n"));
}

void ReadTest::resolvesPathsWhereTheyAreWritten() {
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    fs::create_directory(root / "base");
    std::ofstream(root / "base/sample.jsonl") << "{}\n";
    std::ofstream(root / "base/a.yaml")
        << scenario("{requests: {rate: 8/s}}", "{stream: {rate: 8/s}, record: {sample: sample.jsonl}}");
    std::ofstream(root / "b.yaml")
        << "headroom: 1\nextends: base/a.yaml\nname: variant\ncomponents: {server: {servers: 0}}\n";
    std::ofstream(root / "c.yaml") << "headroom: 1\nextends: base/a.yaml\nname: variant\n";
    const Reading good = read_scenario(root / "c.yaml", catalog_);
    QVERIFY2(good.scenario, sentences(good.problems).c_str());
    QCOMPARE(good.scenario->name, std::string("variant"));
    QCOMPARE(std::get<Stream>(good.scenario->workloads[0].load).record.sample, root / "base/sample.jsonl");
    const Reading bad = read_scenario(root / "b.yaml", catalog_);
    QVERIFY(!bad.scenario);
    QCOMPARE(bad.problems.front().place.file, (root / "b.yaml").string());
    QCOMPARE(bad.problems.front().place.line, 4);
}

/// What is printed reads back as the same value, for every parameter of every technology.
void ReadTest::printsParameters() {
    int printed = 0;
    for (const auto& [id, technology] : catalog_.technologies()) {
        const Kind* kind = find_kind(technology.kind);
        QVERIFY(kind != nullptr);
        for (const ParameterSpec& spec : kind->parameters) {
            const auto figure = technology.defaults.find(spec.name);
            for (const std::string& text :
                 {figure == technology.defaults.end() ? std::string() : figure->second.text,
                  spec.default_text, spec.example}) {
                if (text.empty() || spec.type == ParameterType::path) continue;
                const auto tree = parse_yaml(text, "");
                QVERIFY2(tree, (id + " " + spec.name + " " + text).c_str());
                const auto value = parse_parameter(spec, *tree);
                QVERIFY2(value,
                         (id + " " + spec.name + ": " + (value ? "" : sentences(value.error()))).c_str());
                const std::string again = print_parameter(spec, *value);
                const auto tree_again = parse_yaml(again, "");
                QVERIFY2(tree_again, again.c_str());
                const auto value_again = parse_parameter(spec, *tree_again);
                QVERIFY2(value_again, again.c_str());
                QVERIFY2(print_parameter(spec, *value_again) == again, again.c_str());
                if (const double* number = std::get_if<double>(&*value))
                    QVERIFY2(
                        std::get<double>(*value_again) == *number ||  // "all" is endless
                            std::abs(std::get<double>(*value_again) - *number) <= 1e-13 * std::abs(*number),
                        again.c_str());
                ++printed;
            }
        }
    }
    QVERIFY(printed > 20);
}

void ReadTest::parsesFieldPaths() {
    QVERIFY(parse_field_path("components.warehouse.slots").value() ==
            (FieldPath{"components", "warehouse", "slots"}));
    QVERIFY(parse_field_path("horizon").value() == FieldPath{"horizon"});
    for (const char* bad : {"", ".", "a.", ".a", "a..b"}) QVERIFY2(!parse_field_path(bad), bad);
}

/// An unreachable component is no error, but is said.
void ReadTest::toleratesNothingUnseen() {
    const Reading reading = read(scenario("server: {", "idle: {technology: delay, time: 1 s}\n  server: {"));
    QVERIFY(reading.scenario.has_value());
    QCOMPARE(
        sentences(reading.problems),
        std::string(
            "f.yaml:6:3: warning: components.idle: no link leads to component 'idle'; it will be idle\n"));
}

QTEST_APPLESS_MAIN(ReadTest)
#include "read_test.moc"
