#pragma once
// A result written by hand, with everything in it that a report can show. Its figures are invented and
// consistent.

#include "app/report/report.h"
#include "model/catalog/catalog.h"
#include "model/scenario/scenario.h"
#include "model/store/run_result.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace headroom::report::testing {

using namespace headroom::model;

struct Example {
    Scenario scenario;
    Catalog catalog;
    RunResult result;
    Calibrations calibrations;

    Input input() const { return {scenario, catalog, result, calibrations}; }
};

inline Setting written(ParameterValue value, std::string text) {
    return {std::move(value), std::move(text), Origin::scenario, "", "", {}};
}

inline Setting of_technology(ParameterValue value, std::string text, std::string source = {}) {
    return {std::move(value),
            std::move(text),
            Origin::technology,
            source,
            source.empty() ? "" : "2026-01-15",
            {}};
}

inline Component component(std::string id, std::string technology, Settings settings) {
    Component made;
    made.id = std::move(id);
    made.kind = made.technology = std::move(technology);
    made.settings = std::move(settings);
    return made;
}

inline BillLine bill_line(std::string component, std::string dimension, std::string detail, double units,
                          std::string unit, double price, std::string source) {
    BillLine line;
    line.component = std::move(component);
    line.dimension = std::move(dimension);
    line.detail = std::move(detail);
    line.price_id = line.component + "." + line.dimension;
    line.units = units;
    line.unit = std::move(unit);
    line.unit_price = price;
    line.amount = units * price;
    if (!source.empty()) line.provenance = {'S', std::move(source), "2026-01-15"};
    return line;
}

inline void add_figure(RunResult& result, FigureKey key, double value, double half_width,
                       double analytic = std::nan(""), bool exact = false) {
    Figure figure;
    figure.key = std::move(key);
    figure.simulated = {value, half_width};
    figure.analytic = analytic;
    figure.analytic_exact = exact;
    result.figures.push_back(std::move(figure));
}

inline void add_curve(RunResult& result, FigureKey key, double median, double spread) {
    DistributionCurve curve;
    curve.key = std::move(key);
    for (int i = 0; i <= 200; ++i) {
        const double p = i < 100 ? i * 0.01 : 1 - std::pow(10, -2 - (i - 100) * 0.02);
        curve.probabilities.push_back(std::min(p, 0.9999));
        const double z = std::log(std::max(p, 1e-4) / (1 - std::min(p, 0.9999)));
        curve.values.push_back(median * std::exp(spread * z));
    }
    result.curves.push_back(std::move(curve));
}

inline void add_day(RunResult& result, const char* metric, const char* subject, double mean, double swing) {
    Series series;
    series.key = {metric, subject, ""};
    series.step = seconds(300);
    for (int i = 0; i < 288; ++i)
        series.values.push_back(mean + swing * std::cos((i / 12.0 - 20) / 24 * 2 * std::numbers::pi) +
                                0.01 * mean * std::sin(i * 1.7));
    result.series.push_back(std::move(series));
}

inline Example click_analytics() {
    Example example;
    Scenario& s = example.scenario;
    s.name = "Click analytics";
    s.question = "Are dashboards fresh and fast at the evening peak, and what does it cost a month?";
    s.price_book = "aws-us-east-1-2026";
    s.horizon = days(1);
    Stream clicks;
    clicks.rate.base = per_second(2000);
    clicks.rate.seasons.push_back(make_season(days(1), 2, hours(20)));
    clicks.record.size = Distribution::constant(230);
    Requests dashboards;
    dashboards.users = 200;
    dashboards.think_time = Distribution::exponential(30);
    dashboards.scan = Distribution::lognormal(80e6, 1);
    s.workloads = {{"clicks", clicks, {}}, {"dashboards", dashboards, {}}};
    const std::string guide = "https://docs.example.org/limits";
    s.components = {component("brokers", "kafka",
                              {{"nodes", written(NodePool{3, "m5.large"}, "3 x m5.large")},
                               {"partitions", written(12.0, "12")},
                               {"retention", written(3 * 86400.0, "3 d")},
                               {"linger", of_technology(0.005, "5 ms", guide)}}),
                    component("enrich", "flink",
                              {{"nodes", written(NodePool{2, "m5.large"}, "2 x m5.large")},
                               {"transform", written(std::string("sql/enrich.sql"), "sql/enrich.sql")},
                               {"efficiency", of_technology(0.35, "35 %")}}),
                    component("lake", "s3",
                              {{"roll-every", written(60.0, "60 s")},
                               {"format", written(std::string(), "parquet+snappy")}}),
                    component("warehouse", "redshift",
                              {{"nodes", written(NodePool{2, "ra3.xlplus"}, "2 x ra3.xlplus")},
                               {"slots", written(5.0, "5")}})};
    for (const auto& [from, to] : {std::pair{"clicks", "brokers"},
                                   {"brokers", "enrich"},
                                   {"enrich", "lake"},
                                   {"lake", "warehouse"},
                                   {"dashboards", "warehouse"}})
        s.links.push_back({from, to, {}});

    RunResult& r = example.result;
    r.scenario_name = s.name;
    r.scenario_file = "scenarios/03-click-analytics.yaml";
    r.scenario_hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    r.level = Level::flow;
    r.seed = 1;
    r.horizon = s.horizon;
    r.warm_up = minutes(20);
    r.replications = 5;
    r.precise = true;
    r.records = 8.9e8;
    r.wall_seconds = 12.3;
    r.finished_at = "2026-11-21T04:00:00Z";
    add_figure(r, {"throughput", "", "clicks"}, 1742, 3.1, 1740, true);
    add_figure(r, {"response.mean", "", "clicks"}, 95.3, 0.6, 96);
    add_figure(r, {"freshness.mean", "warehouse", "clicks"}, 95.3, 0.6, 96);
    add_figure(r, {"freshness.p50", "warehouse", "clicks"}, 94.1, 0.5);
    add_figure(r, {"freshness.p95", "warehouse", "clicks"}, 121, 0.9);
    add_figure(r, {"freshness.p99", "warehouse", "clicks"}, 131, 1.4);
    add_figure(r, {"throughput", "", "dashboards"}, 6.31, 0.04, 6.4);
    add_figure(r, {"response.mean", "", "dashboards"}, 1.31, 0.05, 1.27);
    add_figure(r, {"response.p50", "", "dashboards"}, 0.98, 0.03);
    add_figure(r, {"response.p95", "", "dashboards"}, 3.42, 0.12);
    add_figure(r, {"response.p99", "", "dashboards"}, 5.6, 0.31);
    struct Use {
        const char* id;
        double mean, peak;
    };
    for (const auto& [id, mean, peak] :
         {Use{"brokers", 0.052, 0.11}, {"enrich", 0.31, 0.63}, {"warehouse", 0.71, 0.78}}) {
        add_figure(r, {"utilisation", id, ""}, mean, mean * 0.01, mean * 1.004);
        add_figure(r, {"utilisation.peak", id, ""}, peak, peak * 0.02);
        add_figure(r, {"queue", id, ""}, mean * 12, mean * 0.3);
        add_figure(r, {"queue.max", id, ""}, std::round(mean * 200), 8);
        add_day(r, "utilisation", id, (mean + peak) / 2 - 0.02, (peak - mean) * 0.8);
    }
    add_figure(r, {"utilisation.hottest", "enrich", ""}, 0.42, 0.01);
    for (const char* id : {"brokers", "enrich", "lake", "warehouse"}) {
        add_figure(r, {"waiting.mean", id, "clicks"}, 0.012, 0.0004);
        add_figure(r, {"waiting.p99", id, "clicks"}, 0.081, 0.004);
        add_figure(r, {"response.mean", id, "clicks"}, 0.034, 0.0006, 0.033);
    }
    add_figure(r, {"waiting.mean", "warehouse", "dashboards"}, 0.42, 0.02);
    add_figure(r, {"response.mean", "warehouse", "dashboards"}, 1.31, 0.05, 1.27);
    add_figure(r, {"lost", "", ""}, 0, std::nan(""));
    add_curve(r, {"freshness", "warehouse", "clicks"}, 94.1, 0.07);
    add_curve(r, {"response", "", "clicks"}, 94.1, 0.07);
    add_curve(r, {"response", "", "dashboards"}, 0.98, 0.38);
    r.conservation = {{"clicks", 8.64e8, 0, 7.526e8, 1.108e8, 6e5, 0, 0},
                      {"dashboards", 2.73e6, 0, 2.7299e6, 0, 100, 0, 0}};
    r.objectives = {
        {"freshness of clicks in warehouse: p99 <= 3 min",
         {"freshness.p99", "warehouse", "clicks"},
         {131, 1.4},
         Relation::at_most,
         180,
         Verdict::met},
        {"response time of dashboards: p95 <= 2 s",
         {"response.p95", "", "dashboards"},
         {3.42, 0.12},
         Relation::at_most,
         2,
         Verdict::broken},
        {"lost records: 0", {"lost", "", ""}, {0, std::nan("")}, Relation::at_most, 0, Verdict::met},
        {"cost: <= $3000/month",
         {"cost", "", ""},
         {2140.47 / months(1).value(), std::nan("")},
         Relation::at_most,
         3000 / months(1).value(),
         Verdict::met}};
    const std::string prices = "AWS price list API, AmazonEC2, us-east-1";
    r.bill.lines = {bill_line("brokers", "nodes", "m5.large", 2190, "hour", 0.096, prices),
                    bill_line("brokers", "storage", "gp3", 356.4, "GB-month", 0.08, prices),
                    bill_line("enrich", "nodes", "m5.large", 1460, "hour", 0.096, prices),
                    bill_line("lake", "storage", "standard", 412.7, "GB-month", 0.023, prices),
                    bill_line("lake", "storage", "standard-ia", 4605, "GB-month", 0.0125, prices),
                    bill_line("lake", "storage", "glacier-flexible", 30200, "GB-month", 0.0036, ""),
                    bill_line("lake", "put requests", "", 43.8, "1000 requests", 0.005, prices),
                    bill_line("warehouse", "nodes", "ra3.xlplus", 1460, "hour", 1.086, prices)};
    r.notes = {"The key user_id is skewed: the hottest of 12 partitions carries 1.35 times its even share."};

    Calibration c;
    c.component = "enrich";
    c.engine = "DuckDB 1.5.5";
    c.machine = "AMD EPYC 7B13";
    c.date = "2026-11-20";
    c.machine_speed = 1.08;
    c.rows_in = 5000;
    c.rows_out = 4359;
    c.time_per_batch = {0.0021, 0.0002};
    c.time_per_row = {1.9e-6, 6e-8};
    c.fit_r2 = 0.9987;
    c.selectivity = 0.8718;
    c.bytes_in = ItemSize(231.4);
    c.bytes_out = {{"csv", 96.2}, {"json", 214.8}, {"parquet+snappy", 38.1}};
    c.key_shares = {0.021, 0.014, 0.011};
    c.operators = {{.name = "PROJECTION", .rows = 4359, .share = 0.18},
                   {.name = "FILTER", .rows = 4359, .share = 0.09},
                   {.name = "READ_JSON", .rows = 5000, .share = 0.73}};
    example.calibrations["enrich"] = c;
    return example;
}

}  // namespace headroom::report::testing
