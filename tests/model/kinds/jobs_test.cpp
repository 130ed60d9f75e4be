// Jobs of stages: how a scenario states them, what they come to on workers, and what they cost.

#include "model/kinds/jobs.h"

#include "example.h"
#include "model/cost/bill.h"
#include "model/kinds/job_stages.h"
#include "model/kinds/parts.h"

#include <QtTest>
#include <cmath>

using namespace headroom::model;
namespace ex = headroom::model::example;

namespace {

constexpr double month = 730.0 * 3600.0;

const ParameterSpec& stages_of_spark() { return *find_kind("batch-cluster")->parameter("stages"); }

Expected<ParameterValue> parsed(const std::string& text) {
    const Expected<Value> tree = parse_yaml("stages: " + text, "jobs.yaml");
    if (!tree) throw std::runtime_error(tree.error().front().sentence());
    return parse_parameter(stages_of_spark(), *tree->find("stages"));
}

bool near(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::abs(expected);
}

double bill_of(const Component& component, const Activity& activity) {
    const std::vector<Usage> used = find_kind(component.kind)->usage(component, activity, ex::catalog());
    const std::vector<Buyer> buyers(
        used.size(), {ex::catalog().technology(component.technology), purchase_mix(component)});
    const Expected<Bill> bill = make_bill(used, buyers, *ex::catalog().price_book("aws-us-east-1-2026"));
    if (!bill) throw std::runtime_error(bill.error().front().sentence());
    return bill->per_month().value();
}

Activity busy(double busy_slots, double jobs_a_second = 0) {
    Activity activity;
    activity.busy.emplace("", busy_slots);
    activity.flows = {{.workload = "jobs", .in = per_second(jobs_a_second)}};
    return activity;
}

}  // namespace

class JobsTest : public QObject {
    Q_OBJECT

private slots:
    void stages_are_read() {
        const auto value = parsed(
            "{read: {tasks: 40, reads: 10 GB}, side: {time: 3 s, after: []}, join: {tasks: 20, shuffle: 4 "
            "GB, "
            "after: [read, side]}, write: {writes: 1 GB}}");
        QVERIFY2(value.has_value(), value ? "" : value.error().front().sentence().c_str());
        const auto& stages = std::get<JobStages>(*value).front().second;
        QCOMPARE(stages.size(), std::size_t{4});
        QCOMPARE(stages[0].tasks, 40.0);
        QCOMPARE(stages[0].reads.value(), 10e9);
        QVERIFY(stages[0].after.empty() && stages[1].after.empty());
        QCOMPARE(stages[2].after, (std::vector<int>{0, 1}));
        QCOMPARE(stages[3].after, (std::vector<int>{2}));
        const auto again = parsed(print_parameter(stages_of_spark(), *value));
        QVERIFY(again.has_value() && std::get<JobStages>(*again) == std::get<JobStages>(*value));
    }

    void workloads_have_stages_of_their_own() {
        const auto value =
            parsed("{etl: {a: {tasks: 2}, b: {tasks: 3}}, report: {a: {tasks: 4, time: 1 s}}}");
        QVERIFY(value.has_value());
        const auto& all = std::get<JobStages>(*value);
        QCOMPARE(stages_of(all, "etl")->size(), std::size_t{2});
        QCOMPARE(stages_of(all, "report")->front().tasks, 4.0);
        QVERIFY(stages_of(all, "other") == nullptr);
        const auto again = parsed(print_parameter(stages_of_spark(), *value));
        QVERIFY(again.has_value() && std::get<JobStages>(*again) == all);
    }

    void mistakes_are_named_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const char* text, const char* sentence) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(sentence);
        };
        row("no mapping", "17", "stages by name are expected");
        row("no fields", "{read: 17}", "the fields of a stage are expected");
        row("field with a slip", "{read: {task: 3}}", "did you mean 'tasks'?");
        row("half a task", "{read: {tasks: 2.5}}", "'2.5' is not a whole number");
        row("no task", "{read: {tasks: 0}}", "out of range");
        row("wrong unit", "{read: {reads: 3 s}}", "stages.read.reads:");
        row("later stage", "{a: {after: b}, b: {}}", "'b' is not a stage that stands above this one");
        row("itself", "{a: {}, b: {after: [b]}}", "'b' is not a stage that stands above this one");
        row("of another kind", "{a: {failing: 2 %}}", "unknown field 'failing'");
        row("a list for a value", "{a: {tasks: [1, 2]}}", "a single value is expected");
    }
    void mistakes_are_named() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, sentence);
        const auto value = parsed(text.toStdString());
        QVERIFY(!value.has_value());
        const QByteArray found(value.error().front().sentence().c_str());
        QVERIFY2(found.contains(sentence) && found.contains("jobs.yaml:1:"), found.constData());
    }

    // The published sort of 100 TB: the map stage reads and writes 100 TB at 3 GB/s a node, the reduce stage
    // fetches 100 TB and sends another 100 TB to its second copy, over 10 Gb/s a node.
    void tasks_take_what_binds() {
        const auto value = parsed(
            "{map: {tasks: 29000, reads: 100 TB}, reduce: {tasks: 29000, shuffle: 100 TB, writes: 100 TB}}");
        Workers workers{.count = 206,
                        .width = 32,
                        .vcpus = 32,
                        .memory = DataSize(244e9),
                        .disk = DataRate(3e9),
                        .network = DataRate(1.25e9),
                        .keep_data = true,
                        .replication = 2,
                        .core_rate = DataRate(1e12)};
        const auto stages = task_stages(std::get<JobStages>(*value).front().second, workers);
        QVERIFY(near(stages[0].time.mean, 200e12 / 29000 / (3e9 / 32)));
        QVERIFY(near(stages[1].time.mean, 300e12 / 29000 / (3e9 / 32)));
        QVERIFY(near(stages[0].fetch.value() + 1, 1));
        QVERIFY(near(stages[1].fetch.value(), 1e14 * (1 + 205.0 / 206) / 29000));
        // Processors bind where they are slow.
        workers.core_rate = DataRate(10e6);
        QVERIFY(near(task_stages(std::get<JobStages>(*value).front().second, workers)[0].time.mean,
                     1e14 / 29000 / 10e6));
        // What does not fit into the slots' memory is written and read once more.
        workers.core_rate = DataRate(1e12);
        workers.expansion = 3;
        QVERIFY(near(spilled(std::get<JobStages>(*value).front().second, workers).value(), 100e12));
        QVERIFY(near(task_stages(std::get<JobStages>(*value).front().second, workers)[1].time.mean,
                     500e12 / 29000 / (3e9 / 32)));
    }

    // Published: nine r5d.4xlarge for 0.564 h cost $7.23 on EMR, with its fee of $0.27 an hour.
    void the_published_bill_comes_out() {
        const ex::Texts texts{{"nodes", "8 x r5d.4xlarge"}, {"stages", "{it: {tasks: 128, time: 1 h}}"}};
        const double emr = bill_of(ex::component("cluster", "emr", texts), busy(64));
        QVERIFY2(near(emr * 0.564 / 730, 9 * (1.152 + 0.27) * 0.564), qPrintable(QString::number(emr)));
        const double spark = bill_of(ex::component("cluster", "spark-batch", texts), busy(64));
        QVERIFY(near(spark, 9 * 1.152 * 730));
        // Spot takes nothing off the fee; a cluster of a job's own is paid for while it is there.
        ex::Texts own = texts;
        own.insert(own.end(), {{"purchase", "{spot: 100 %}"}, {"cluster", "per-job"}, {"start", "6 min"}});
        const double part = bill_of(ex::component("cluster", "emr", own), busy(32, 1.0 / 3600));
        QVERIFY2(near(part, 9 * (0.35 * 1.152 + 0.27) * 730 * (0.25 + 0.1)),
                 qPrintable(QString::number(part)));
    }

    // Ten workers for jobs of six minutes, and a least time of one for jobs of six seconds.
    void serverless_jobs_are_billed_by_their_time() {
        const Component etl = ex::component("etl", "glue", {{"stages", "{it: {tasks: 40, time: 1 s}}"}});
        QVERIFY(near(bill_of(etl, busy(40 * 0.1, 1.0 / 3600)), 0.44 * 10 * 0.1 * 730));
        QVERIFY(near(bill_of(etl, busy(40 * 6 / 3600.0, 1.0 / 3600)), 0.44 * 10 / 60.0 * 730));
    }

    void orchestrators_are_billed_by_steps_or_by_time() {
        const ex::Texts tasks{{"tasks", "{a: {time: 1 s}, b: {time: 1 s, failing: 50 %}}"}};
        QVERIFY(near(bill_of(ex::component("runs", "step-functions", tasks), busy(1, 1000 / month)),
                     0.025 * (1 + 1 + 2)));
        ex::Texts more = tasks;
        more.insert(more.end(), {{"workers", "3"}, {"class", "medium"}});
        QVERIFY(near(bill_of(ex::component("runs", "mwaa", more), busy(1)), (0.74 + 2 * 0.11) * 730));
    }

    // Sixteen instances spend on an epoch a sixteenth of the time and exchange 2 x 15/16 x 400 MB 4,000
    // times.
    void gradients_are_exchanged() {
        const Component training = ex::component("training", "sagemaker-training",
                                                 {{"nodes", "16 x g5.12xlarge"},
                                                  {"epoch-time", "16 h"},
                                                  {"steps", "4000"},
                                                  {"model-size", "400 MB"},
                                                  {"checkpoint-every", "30 min"}});
        const Scenario scenario =
            ex::scenario({ex::stream("jobs", 1e-5)}, {training}, {{"jobs", "training"}});
        const Expected<System> system = lower(scenario, ex::catalog(), {});
        QVERIFY2(system.has_value(), system ? "" : system.error().front().sentence().c_str());
        const auto& pool = std::get<BatchPool>(system->stations.front().primitive);
        double total = 0;
        for (const TaskStage& stage : pool.jobs.front()) total += stage.time.mean;
        QVERIFY2(near(total, 3600 + 4000 * 2 * 15.0 / 16 * 400e6 / 5e9, 1e-6),
                 qPrintable(QString::number(total)));
        QCOMPARE(pool.jobs.front().size(), std::size_t{1 + 3});
        QVERIFY(pool.held && pool.tasks_at_once == 16);
    }
};

QTEST_APPLESS_MAIN(JobsTest)
#include "jobs_test.moc"
