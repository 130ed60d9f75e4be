#include "sim/operators/rewrite.h"

#include "model/kinds/parts.h"
#include "model/scenario/document.h"
#include "model/scenario/read.h"

#include <QtTest/QtTest>
#include <algorithm>
#include <cmath>
#include <fstream>

using namespace headroom;

namespace {

const char* const platform = R"(headroom: 1
name: Lake
horizon: 1 d
workloads:
  clicks:
    stream: {rate: 100 events/s}
    record: {size: 200 B, format: json}
components:
  brokers: {technology: kafka, nodes: 3 x m5.large}
  lake: {technology: s3, roll-every: 60 s, lifecycle: {standard: 30 d, standard-ia: 335 d}}
links:
  - clicks -> brokers -> lake
)";

const model::Catalog& catalog() {
    static const model::Catalog loaded = *model::Catalog::load(*model::find_resources());
    return loaded;
}

model::BillLine line(const char* dimension, const char* tier, const char* price, double units) {
    return {.component = "lake", .dimension = dimension, .detail = tier, .price_id = price, .units = units};
}

/// 1 us of a core of twice the reference speed for a record of 50 stored bytes.
model::Calibration measured() {
    model::Calibration c;
    c.engine = "made up";
    c.machine_speed = 2;
    c.time_per_row = {1e-6, 1e-7};
    c.bytes_in_formats = {{"json", 200}, {"parquet+snappy", 50}};
    return c;
}

bool near(double a, double b) { return std::abs(a / b - 1) < 1e-9; }

}  // namespace

class RewriteTest : public QObject {
    Q_OBJECT

    model::Scenario scenario_;
    model::Bill bill_;

private slots:
    void initTestCase() {
        const auto reading = model::read_scenario(model::Document(platform, "lake.yaml"), catalog());
        QVERIFY2(reading.scenario,
                 reading.problems.empty() ? "" : reading.problems.front().sentence().c_str());
        scenario_ = *reading.scenario;
        const double days_a_month = model::month_seconds / 86400;
        // A month brings 100 GB in 1,000 files.
        bill_.lines = {line("storage", "standard", "s3.standard.storage", 100 * 30 / days_a_month),
                       line("storage", "standard-ia", "s3.standard-ia.storage", 100 * 335 / days_a_month),
                       line("storage", "standard-ia, index", "s3.standard.storage", 1),
                       line("put requests", "standard", "s3.standard.put", 1)};
        // What a log holds goes with time; it is not rewritten.
        bill_.lines.push_back(line("storage", "gp3", "ebs.gp3.storage", 500));
        bill_.lines.back().component = "brokers";
    }

    void counts_what_is_held_and_what_it_takes() {
        const auto cost = sim::rewrite_cost(scenario_, catalog(), bill_, measured(), "m5.large");
        QVERIFY2(cost, cost ? "" : cost.error().front().sentence().c_str());
        QCOMPARE(cost->lines.size(), std::size_t{2});
        const sim::RewriteLine& cold = cost->lines[1];
        QCOMPARE(cold.tier, std::string("standard-ia"));
        const double days_a_month = model::month_seconds / 86400, months = 335 / days_a_month;
        QVERIFY(near(cold.stored.value(), 100e9 * months));
        QVERIFY(near(cold.records, 100e9 * months / 50));
        QVERIFY(near(cold.files, 1000 * months));
        const double speed = catalog().instance("m5.large")->core_speed;
        QVERIFY(near(cold.core_seconds.value, cold.records * 2e-6 / speed));
        QVERIFY(near(cold.core_seconds.half_width, 0.1 * cold.core_seconds.value));
        const model::PriceBook& book = *catalog().price_book(scenario_.price_book);
        const auto price = [&](const char* id) { return book.find(id)->steps.front().price; };
        QVERIFY(near(cold.compute, cold.core_seconds.value / 3600 * price("ec2.m5.large.on-demand") / 2));
        QVERIFY(near(cold.retrieval, 100 * months * price("s3.standard-ia.retrieval")));
        QCOMPARE(cost->lines[0].retrieval, 0.0);
        QVERIFY(cost->lines[0].requests > 0);
        QVERIFY(near(cost->total(), cost->lines[0].total() + cold.total()));
        QVERIFY(!cost->notes.empty());
    }

    void says_what_is_missing() {
        const auto sentence = [&](const model::Bill& bill, const model::Calibration& c, const char* nodes) {
            const auto cost = sim::rewrite_cost(scenario_, catalog(), bill, c, nodes);
            return cost ? QString("no problem") : QString::fromStdString(cost.error().front().sentence());
        };
        QVERIFY(sentence(bill_, measured(), "m5.huge").contains("no instance type 'm5.huge'"));
        QVERIFY(sentence({}, measured(), "m5.large").contains("none of its components keeps records"));
        QVERIFY(sentence(bill_, {}, "m5.large").contains("has no rows"));
    }

    void measures_the_change() {
        QTemporaryDir folder;
        const std::filesystem::path sample = std::filesystem::path(folder.path().toStdString()) / "old.jsonl";
        {
            std::ofstream out(sample);
            for (int i = 0; i < 300; ++i)
                out << "{\"id\": \"" << i << "\", \"its \\\"odd\\\"\": 1, \"gone\": true}\n";
        }
        const sim::Schema before{{"id", "VARCHAR"}, {"its \"odd\"", "BIGINT"}, {"gone", "BOOLEAN"}},
            after{{"id", "BIGINT"}, {"its \"odd\"", "BIGINT"}, {"added", "DOUBLE"}};
        const auto calibration =
            sim::measure_rewrite(sample, before, after, {.processes = 1, .repetitions = 1});
        if (!calibration &&
            calibration.error().front().sentence().find("without the operator core") != std::string::npos)
            QSKIP("built without the operator core");
        QVERIFY2(calibration, calibration ? "" : calibration.error().front().sentence().c_str());
        QCOMPARE(calibration->rows_out, 300.0);
        QCOMPARE(calibration->steps.size(), std::size_t{3});
        QStringList columns;
        for (const model::ColumnProfile& column : calibration->columns_out)
            columns << QString::fromStdString(column.name + " " + column.type);
        QCOMPARE(columns.join(", "), QString("id BIGINT, its \"odd\" BIGINT, added DOUBLE"));
    }
};

QTEST_APPLESS_MAIN(RewriteTest)
#include "rewrite_test.moc"
