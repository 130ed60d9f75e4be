#include "model/catalog/catalog.h"
#include "model/scenario/document.h"
#include "model/scenario/read.h"
#include "sim/experiment/run.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

using namespace headroom;
namespace fs = std::filesystem;

namespace {

const model::Catalog& catalog() {
    static const model::Catalog shipped =
        model::Catalog::load(fs::path(HEADROOM_SOURCE_DIR) / "resources").value();
    return shipped;
}

model::Reading reading_of(const std::string& text, const fs::path& file = "test.yaml") {
    return model::read_scenario(model::Document(text, file), catalog());
}

model::RunResult run_of(const std::string& text, const fs::path& file = "test.yaml") {
    const model::Reading reading = reading_of(text, file);
    if (!reading.scenario) qFatal("%s", reading.problems.front().sentence().c_str());
    sim::RunOptions options;
    options.level = model::Level::flow;
    options.replications = 2;
    auto result = sim::run(*reading.scenario, catalog(), {}, options);
    if (!result) qFatal("%s", result.error().front().sentence().c_str());
    return *std::move(result);
}

double figure_of(const model::RunResult& result, const model::FigureKey& key) {
    const model::Figure* figure = result.find(key);
    return figure == nullptr ? std::numeric_limits<double>::quiet_NaN() : figure->simulated.value;
}

/// Dollars of the lines of that price.
double line_of(const model::RunResult& result, const std::string& component, const std::string& price) {
    double amount = 0;
    for (const model::BillLine& line : result.bill.lines)
        if (line.component == component && line.price_id == price) amount += line.amount;
    return amount;
}

/// Dollars by month.
std::vector<double> months_of(const model::RunResult& result, const std::string& part) {
    for (const model::Series& series : result.series)
        if (series.key.metric == "cost" && series.key.subject == part) {
            std::vector<double> months = series.values;
            for (double& value : months) value *= series.step.value();
            return months;
        }
    return {};
}

bool near(double value, double expected) { return std::abs(value - expected) <= 1e-6 * std::abs(expected); }

const std::string head = R"(headroom: 1
name: Costs
horizon: 1 h
catalog: aws-us-east-1-2026
)";

/// 1 MB/s into a bucket that keeps it for two months of 730 hours.
std::string lake(const std::string& growth) {
    return head + "workloads: {clicks: {stream: {rate: 1000 events/s" + growth +
           R"(}, record: {size: 1 kB, format: json}}}
components: {lake: {technology: s3, format: json, roll-every: 60 s, roll-size: 10 GB, lifecycle: {standard: 1460 h}}}
links: [clicks -> lake]
)";
}

const std::string workers =
    R"(workloads: {clicks: {stream: {rate: 1000 events/s}, record: {size: 1 kB, format: json}}}
links: [clicks -> first -> second]
)";

std::string on_group(const std::string& first, const std::string& second, const std::string& group) {
    return head + workers + "node-groups: {workers: " + group + "}\ncomponents:\n" +
           "  first: {technology: flink, runs-on: workers, service: 1 ms, parallelism: 4" + first + "}\n" +
           "  second: {technology: flink, runs-on: workers, service: 2 ms, parallelism: 4" + second + "}\n";
}

}  // namespace

class CostTest : public QObject {
    Q_OBJECT

private slots:
    // What is kept two months: half a month's arrivals in the first month on average, one and a half in the
    // second, two from then on.
    void stores_fill_by_age() {
        const model::RunResult result = run_of(lake(""));
        const double storage = line_of(result, "lake", "s3.standard.storage");
        QVERIFY(near(storage, 2 * 1e6 * 730 * 3600 / 1e9 * 0.023));
        const double rest = result.bill.per_month().value() - storage;
        const std::vector<double> months = months_of(result, "");
        QCOMPARE(months.size(), std::size_t{60});
        QVERIFY(near(months[0], rest + 0.25 * storage));
        QVERIFY(near(months[1], rest + 0.75 * storage));
        QVERIFY(near(months[2], rest + storage));
        QVERIFY(near(months[59], result.bill.per_month().value()));
        QVERIFY(near(months_of(result, "lake")[59], months[59]));
    }

    // The rate doubles every year; a timer that closes files closes as many as before.
    /// A hundred writers of ten records a second write ten files a second at the most, and one of a thousand
    /// records as many as it finishes: 0.005 $ for a thousand.
    void a_file_holds_a_record_at_least() {
        const auto puts = [](const std::string& rate, const std::string& writers) {
            return line_of(
                run_of(head + "workloads: {events: {stream: {rate: " + rate +
                       "/s}, record: {size: 1 kB}}}\ncomponents: {lake: {technology: s3, format: json, "
                       "size-ratio: 1, roll-every: 1 s, writers: " +
                       writers + "}}\nlinks: [events -> lake]\n"),
                "lake", "s3.standard.put");
        };
        const double second = 730 * 3600 * 0.005 / 1000;
        QVERIFY2(std::abs(puts("10", "100") - 10 * second) < 0.01 * 10 * second,
                 qPrintable(QString::number(puts("10", "100"))));
        const double full = puts("2000", "100");
        QVERIFY2(full > 95 * second && full <= 100 * second, qPrintable(QString::number(full)));
        QVERIFY(puts("2000", "1") <= second);
    }

    void months_follow_the_growth() {
        const model::RunResult result = run_of(lake(", growth: 100 %/year"));
        const std::vector<double> months = months_of(result, "lake");
        const double still = result.bill.per_month().value() - line_of(result, "lake", "s3.standard.storage");
        QVERIFY(near((months[24] - still) / (months[12] - still), 2));
    }

    void cost_for_each_unit() {
        const model::RunResult result = run_of(lake(""));
        const double month = 730 * 3600, total = result.bill.per_month().value() / month;
        QVERIFY(near(figure_of(result, {"cost", "", ""}), total));
        QVERIFY(near(figure_of(result, {"cost.byte", "", ""}), total / 1e6));
        QVERIFY(near(figure_of(result, {"cost.event", "", ""}), total / 1e3));
        QVERIFY(result.find({"cost.query", "", ""}) == nullptr);
        QVERIFY(result.find({"cost.user", "", ""}) == nullptr);
    }

    // 3 nodes at 50 and one service at 10 an engineer: 0.16 engineers; 36 person-months over 3 years are one
    // person.
    void people_are_billed_by_what_runs() {
        const std::string text =
            head + R"(workloads: {clicks: {stream: {rate: 10 events/s}, record: {format: json}}}
links: [clicks -> brokers -> lake]
components:
  brokers: {technology: kafka, nodes: 3 x m5.large}
  lake: {technology: s3, format: json}
)";
        const model::RunResult result = run_of(text + "people: {development: 36}\n");
        QVERIFY(near(line_of(result, "people", "people.operations"), 0.16 * 15000));
        QVERIFY(near(line_of(result, "people", "people.development"), 15000));
        QVERIFY(near(figure_of(result, {"cost", "people", ""}) * 730 * 3600, 1.16 * 15000));
        QVERIFY(
            near(line_of(run_of(text + "people: {operations: 2}\n"), "people", "people.operations"), 30000));
        QCOMPARE(line_of(run_of(text), "people", "people.operations"), 0.0);
    }

    // 40 % reserved for a year at 62 %, 20 % for three years at $316.33 a year, 30 % on spot at 35 %.
    void nodes_are_bought_in_a_mix() {
        const model::RunResult result =
            run_of(head + R"(workloads: {clicks: {stream: {rate: 10 events/s}, record: {format: json}}}
links: [clicks -> brokers]
components:
  brokers: {technology: kafka, nodes: 10 x m5.large, purchase: {reserved-1y: 40 %, reserved-3y: 20 %, spot: 30 %}}
)");
        QVERIFY(near(line_of(result, "brokers", "ec2.m5.large.on-demand"), 10 * 0.1 * 0.096 * 730));
        QVERIFY(near(line_of(result, "brokers", "ec2.m5.large.reserved-1y"), 10 * 0.4 * 0.096 * 0.62 * 730));
        QVERIFY(near(line_of(result, "brokers", "ec2.m5.large.reserved-3y"), 10 * 0.2 * 316.33 / 12));
        QVERIFY(near(line_of(result, "brokers", "ec2.m5.large.spot"), 10 * 0.3 * 0.096 * 0.35 * 730));
    }

    // Two transforms on four nodes of 4 vCPUs: 1 and 2 of 16 busy. The nodes are billed once, as the group's.
    void components_share_nodes() {
        const model::RunResult result =
            run_of(on_group(", share: 25 %, memory: 4 GiB", ", memory: 8 GiB",
                            "{nodes: 4 x m5.xlarge, zones: 2, purchase: {spot: 50 %}, disk: 100 GB}"));
        QVERIFY(std::abs(figure_of(result, {"nodes.cpu", "workers", ""}) - 3.0 / 16) < 0.01);
        QVERIFY(near(figure_of(result, {"nodes.memory", "workers", ""}), 12.0 / 16));
        // Memory does not grow with the rates, so the vCPUs bind.
        QVERIFY(std::abs(figure_of(result, {"nodes.peak", "workers", ""}) - 3.0 / 16) < 0.01);
        QVERIFY(std::abs(figure_of(result, {"nodes.headroom", "workers", ""}) - 16.0 / 3) < 0.3);
        QVERIFY(near(line_of(result, "workers", "ec2.m5.xlarge.on-demand"), 2 * 0.192 * 730));
        QVERIFY(near(line_of(result, "workers", "ec2.m5.xlarge.spot"), 2 * 0.192 * 0.35 * 730));
        QVERIFY(near(line_of(result, "workers", "ebs.gp3.storage"), 400 * 0.08));
        QCOMPARE(result.bill.lines.size(), std::size_t{3});
        QCOMPARE(figure_of(result, {"cost", "first", ""}), 0.0);
    }

    void a_share_bounds_what_a_component_can_do() {
        const model::Reading reading = reading_of(on_group(", share: 25 %", "", "{nodes: 4 x m5.xlarge}"));
        QVERIFY(reading.scenario.has_value());
        const model::Component& first = *reading.scenario->component("first");
        const model::Component& second = *reading.scenario->component("second");
        const model::Catalog& own = reading.scenario->catalog_or(catalog());
        QCOMPARE(own.instance(first.nodes("nodes").instance)->vcpus, 1.0);
        QCOMPARE(own.instance(second.nodes("nodes").instance)->vcpus, 3.0);
        QVERIFY(catalog().instance(first.nodes("nodes").instance) == nullptr);
    }

    void links_between_regions_are_billed() {
        const model::RunResult result = run_of(
            head + R"(workloads: {clicks: {stream: {rate: 1000 events/s}, record: {size: 1 kB, format: json}}}
links: [clicks -> zones -> regions -> outside]
components:
  zones: {technology: cross-zone-link}
  regions: {technology: cross-region-link, bandwidth: 16 Mbps, latency: 50 ms}
  outside: {technology: internet-link}
)");
        const double gigabytes = 1e6 * 730 * 3600 / 1e9;
        QVERIFY(near(line_of(result, "zones", "transfer.cross-zone"), gigabytes * 2 * 0.01));
        QVERIFY(near(line_of(result, "regions", "transfer.other-region"), gigabytes * 0.02));
        QVERIFY(near(line_of(result, "outside", "transfer.internet"), gigabytes * 0.09));
        QVERIFY(std::abs(figure_of(result, {"utilisation", "regions", ""}) - 0.5) < 0.01);
    }

    void a_price_book_beside_the_scenario() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "plan.yaml";
        std::ofstream(file.parent_path() / "own.yaml") << R"(id: own
title: Our prices
extends: aws-us-east-1-2026
sources: {us: {text: our books, as-of: 2026, status: S}}
discounts: [{prices: "ec2.*", discount: 50 %, source: us}]
prices: {ec2.box.on-demand: {price: 3, per: h, source: us}}
instances: {box: {vcpus: 8, memory: 64 GiB, network: 10 Gbps, disk: 1 GB/s, source: us}}
)";
        const std::string plan = R"(headroom: 1
horizon: 1 h
catalog: ./own.yaml
workloads: {clicks: {stream: {rate: 10 events/s}, record: {format: json}}}
links:
  - clicks -> [brokers, boxes]
components:
  brokers: {technology: kafka, nodes: 3 x m5.large}
  boxes: {technology: kafka, nodes: 3 x box}
)";
        const model::RunResult result = run_of(plan, file);
        QVERIFY(near(line_of(result, "brokers", "ec2.m5.large.on-demand"), 3 * 0.048 * 730));
        QVERIFY(near(line_of(result, "boxes", "ec2.box.on-demand"), 3 * 3.0 * 730));
        // The prices are part of what was run.
        std::ofstream(file.parent_path() / "own.yaml", std::ios::app)
            << "derived: [{prices: a, of: ec2.box.on-demand, share: 2, source: us}]\n";
        QVERIFY(run_of(plan, file).scenario_hash != result.scenario_hash);
    }

    void mistakes_get_a_sentence_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const std::string& text, const char* part) {
            QTest::newRow(name) << QString::fromStdString(text) << QString(part);
        };
        const std::string group = "{nodes: 4 x m5.xlarge}";
        row("too much", on_group(", share: 70 %", ", share: 40 %", group), "sum to 110 %");
        row("nothing left", on_group(", share: 100 %", "", group), "leaves nothing");
        row("nodes twice", on_group(", nodes: 3 x m5.large", "", group), "either `nodes` of its own");
        row("bought twice", on_group(", purchase: {spot: 1}", "", group), "bought with their group");
        row("unknown type", on_group("", "", "{nodes: 4 x m5.xxlarge}"), "did you mean 'm5.2xlarge'?");
        row("unknown way", on_group("", "", "{nodes: 4 x m5.xlarge, purchase: {spott: 1}}"),
            "has no price 'ec2.m5.xlarge.spott'");
        row("too few for the zones", on_group("", "", "{nodes: 2 x m5.xlarge, zones: 3}"), "over 3 zones");
        row("a list of groups",
            head + workers + "node-groups: [a]\ncomponents: {first: {technology: queue, service: 1 s}}\n",
            "fields are expected");
        const std::string rest =
            "workloads: {clicks: {stream: {rate: 10 events/s}, record: {format: json}}}\n"
            "links: [clicks -> a]\n";
        row("unknown group",
            head + rest +
                "node-groups: {workers: {nodes: 1 x m5.large}}\n"
                "components: {a: {technology: kafka, runs-on: worker, replication: 1}}\n",
            "did you mean 'workers'?");
        row("a service with nodes of its own",
            head + rest +
                "node-groups: {workers: {nodes: 2 x ra3.xlplus}}\n"
                "components: {a: {technology: redshift, runs-on: workers}}\n",
            "has no price 'ec2.ra3.xlplus.on-demand'");
        row("a cluster on a group",
            head + rest +
                "node-groups: {workers: {nodes: 2 x m5.large}}\n"
                "components: {a: {technology: redshift, runs-on: workers}}\n",
            "brings nodes of its own");
        const std::string brokers = "components: {a: {technology: kafka, nodes: 3 x m5.large, purchase: ";
        row("misspelt way", head + rest + brokers + "{spto: 30 %}}}\n", "did you mean 'spot'?");
        row("more than all", head + rest + brokers + "{spot: 80 %, reserved-1y: 40 %}}}\n",
            "the shares sum to 1.2");
        row("no share", head + rest + brokers + "spot}}\n", "names with shares are expected");
        const std::string plain = "components: {a: {technology: kafka, nodes: 3 x m5.large}}\n";
        row("people of words", head + rest + plain + "people: many\n", "fields are expected");
        row("people below zero", head + rest + plain + "people: {operations: -1}\n", "out of range");
        row("no such book", "headroom: 1\ncatalog: ./none.yaml\n" + rest + plain,
            "there is no file './none.yaml'");
    }
    void mistakes_get_a_sentence() {
        QFETCH(QString, text);
        QFETCH(QString, part);
        const model::Reading reading = reading_of(text.toStdString());
        QVERIFY(!reading.scenario);
        QString sentences;
        for (const model::Problem& problem : reading.problems)
            sentences += QString::fromStdString(problem.sentence()) + "\n";
        QVERIFY2(sentences.contains(part), qPrintable(sentences));
    }
};

QTEST_APPLESS_MAIN(CostTest)
#include "cost_test.moc"
