// Growth against what can be worked out by hand: loads of months, the month in which a pool is full, what
// commitments save.

#include "sim/experiment/growth.h"

#include "model/catalog/catalog.h"
#include "model/scenario/read.h"
#include "sim/experiment/monthly_load.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace headroom;

namespace {

/// 40 requests a second of 80 ms on 6 nodes keep them 53 % busy.
constexpr const char* platform = R"(
headroom: 1
name: Growing
catalog: aws-us-east-1-2026
horizon: 20 min
workloads: {asks: {requests: {rate: 40/s, growth: 50 %/year}}}
components:
  model: {technology: sagemaker, nodes: 6 x m5.xlarge, workers: 1, model-time: {exponential: 80 ms}}
links: [asks -> model]
objectives:
  - response time of asks: p95 <= 400 ms
  - cost: <= $1300/month
)";

bool near(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance * std::abs(b); }

}  // namespace

class GrowthTest : public QObject {
    Q_OBJECT

    model::Catalog catalog_;

    model::Scenario scenario(const std::string& text) const {
        const model::Reading reading = model::read_scenario(model::Document(text), catalog_);
        if (!reading.scenario) qFatal("%s", reading.problems.front().sentence().c_str());
        return *reading.scenario;
    }

    sim::MonthlyLoad load(const std::string& stream, const std::string& horizon, double growth) const {
        const auto read =
            scenario("headroom: 1\nhorizon: " + horizon + "\nworkloads: {w: {stream: " + stream +
                     "}}\ncomponents: {q: {technology: queue, service: 1 ms}}\nlinks: [w -> q]\n");
        return {read, {growth}};
    }

    model::Expected<sim::Growth> grow(const std::vector<sim::GrowthRate>& rates = {}, int threads = 1,
                                      int months = 24, const char* text = platform) const {
        sim::GrowthOptions options{.months = months, .growth = rates};
        options.run.threads = threads;
        options.run.level = model::Level::flow;  // rates without chance: what is full is full
        return sim::grow(model::Document(text), catalog_, {}, options);
    }

    static bool notes(const sim::Growth& growth, const std::string& start, const std::string& part) {
        return std::any_of(growth.notes.begin(), growth.notes.end(), [&](const std::string& note) {
            return note.starts_with(start) && note.find(part) != std::string::npos;
        });
    }

    static const sim::GrowthLimit& limit(const sim::Growth& growth, const std::string& text) {
        return *std::find_if(growth.limits.begin(), growth.limits.end(),
                             [&](const auto& each) { return each.text == text; });
    }

private slots:
    void initTestCase() {
        auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        QVERIFY(catalog.has_value());
        catalog_ = *std::move(catalog);
    }

    void loads_follow_growth() {
        const auto months = load("{rate: 10/s}", "1 h", 0.4);
        for (const int m : {0, 11, 35}) {
            QVERIFY(near(months.peak(0, m), std::pow(1.4, (m + 1) / 12.0), 1e-4));
            // The mean of an exponential over a month, by its integral.
            const double end = std::pow(1.4, (m + 1) / 12.0), start = std::pow(1.4, m / 12.0);
            QVERIFY(near(months.mean(0, m), (end - start) * 12 / std::log(1.4), 1e-4));
        }
    }

    void loads_follow_long_seasons_and_later_events() {
        // The year's peak, 1.5 times its mean, lies in the middle of the seventh month.
        const auto yearly = load("{rate: 10/s, yearly: {peak: 1.5x, at: day 198}}", "1 d", 0);
        int highest = 0;
        for (int m = 0; m < 12; ++m)
            if (yearly.peak(0, m) > yearly.peak(0, highest)) highest = m;
        QCOMPARE(highest, 6);
        double mean = 0;
        for (int m = 0; m < 12; ++m) mean += yearly.mean(0, m) / 12;
        const double first =
            model::make_season(model::years(1), 1.5, model::days(197)).factor(model::hours(12));
        QVERIFY(near(mean, 1 / first, 1e-3));
        // A sale of three days in the third month; what lies within the horizon is not counted twice.
        const auto sale = load(
            "{rate: 10/s, events: [{rush: 3x, from: 2 h, for: 1 h}, {sale: 2x, from: day 70, for: 3 d}]}",
            "1 d", 0);
        QVERIFY(near(sale.peak(0, 0), 1) && near(sale.peak(0, 2), 2) && near(sale.peak(0, 3), 1));
        QVERIFY(near(sale.mean(0, 2), 1 + 3 * 24 / 730.0, 1e-6));
        QVERIFY(near(sale.mean(0, 0), 1));
    }

    void a_pool_is_full_when_its_load_is() {
        const auto growth = grow({{"", 0.3, 0.5, 0.8}});
        QVERIFY(growth.has_value());
        const sim::GrowthLimit& model = limit(*growth, "model");
        // 40/s x 80 ms / 6 grows to 85 % after log(0.85 / 0.5333) / log(1 + g) years.
        const auto month = [](double g) { return std::log(0.85 / (40 * 0.08 / 6)) / std::log1p(g) * 12; };
        const auto about = [](const std::optional<int>& found, double exact) {
            return found && *found + 1 > exact - 1.5 && *found < exact + 0.5;
        };
        QVERIFY(about(model.breaks, month(0.5)));
        QVERIFY(about(model.earliest, month(0.8)));
        QVERIFY(about(model.latest, month(0.3)));
        QVERIFY(growth->uncertain);
        QVERIFY(model.at_last.value <= 0.85 && model.at_break.value > 0.85);
        for (const sim::GrowthMonth& each : growth->months)
            QVERIFY(each.low <= each.planned + 1e-9 && each.planned <= each.high + 1e-9);
    }

    void what_is_bought_holds_until_the_end() {
        const auto growth = grow();
        QVERIFY(growth.has_value() && !growth->purchases.empty());
        model::Expected<model::Document> document = model::Document(platform);
        for (const sim::Purchase& purchase : growth->purchases) {
            QVERIFY(purchase.more_cost > 0);
            QVERIFY(!purchase.because.empty());
            for (const auto& change : purchase.changes)
                document = document->with({"components", "model", "nodes"}, change.to);
        }
        // The last month's load on what has been bought.
        document = document->with({"workloads", "asks", "requests", "rate"},
                                  std::to_string(40 * std::pow(1.5, 2)) + "/s");
        const model::Reading reading = model::read_scenario(*document, catalog_);
        QVERIFY(reading.scenario.has_value());
        sim::RunOptions options;
        options.replications = 3;
        const auto result = sim::run(*reading.scenario, catalog_, {}, options);
        QVERIFY(result.has_value());
        QVERIFY(result->objectives.front().verdict != model::Verdict::broken);
        QVERIFY(result->find({"utilisation", "model", ""})->simulated.value <= 0.85);
    }

    // A cluster has at most 32 of these nodes: it is enlarged to them, never beyond, and then given up.
    void no_larger_cluster_is_bought_than_there_is() {
        const auto growth = grow({}, 1, 24, R"(
headroom: 1
catalog: aws-us-east-1-2026
horizon: 20 min
workloads: {asks: {requests: {rate: 8/s, growth: 100 %/year}, reads: {scan: 2 GB}}}
components: {warehouse: {technology: redshift, nodes: 24 x ra3.xlplus, slots: 10}}
links: [asks -> warehouse]
)");
        QVERIFY(growth.has_value() && !growth->purchases.empty());
        int nodes = 24;
        for (const sim::Purchase& purchase : growth->purchases)
            for (const auto& change : purchase.changes)
                if (change.path == "components.warehouse.nodes") nodes = std::stoi(change.to);
        QVERIFY(nodes > 24 && nodes <= 32);
        QVERIFY(notes(*growth, "From month ", ": nothing that can be enlarged any further relieves it."));
    }

    void a_quota_cannot_be_enlarged_and_the_rest_is_bought_ahead_all_the_same() {
        const std::string text = std::string(platform) + R"(  - response time of looks: p95 <= 30 s
)";
        std::string with = text;
        with.replace(
            with.find("workloads: {"), 12,
            "workloads: {looks: {requests: {rate: 15/s, growth: 50 %/year}, reads: {scan: 10 GB}}, ");
        with.replace(with.find("components:\n"), 12, "components:\n  lake: {technology: athena}\n");
        with.replace(with.find("links: ["), 8, "links: [looks -> lake, ");
        const auto growth = grow({}, 1, 24, with.c_str()), alone = grow();
        QVERIFY(growth.has_value() && alone.has_value());
        QVERIFY(limit(*growth, "lake").breaks.has_value());
        QVERIFY(notes(*growth, "From month ", "lake would be "));
        QVERIFY(notes(*growth, "From month ", ": nothing that can be enlarged any further relieves it."));
        QCOMPARE(growth->purchases.size(), alone->purchases.size());
        for (std::size_t p = 0; p < alone->purchases.size(); ++p) {
            QCOMPARE(growth->purchases[p].month, alone->purchases[p].month);
            QCOMPARE(growth->purchases[p].changes.front().to, alone->purchases[p].changes.front().to);
        }
    }

    void a_bill_above_its_objective_is_said() {
        const auto growth = grow();
        QVERIFY(growth.has_value());
        // Six nodes cost less, with those that are bought it is more.
        QVERIFY(!limit(*growth, "cost: <= $1300/month").breaks);
        const int first = growth->purchases.front().month;
        QVERIFY(growth->months[static_cast<std::size_t>(first)].planned > 1300);
        QVERIFY(notes(*growth, "With what is enlarged, 'cost: <= $1300/month' breaks in month ",
                      " " + std::to_string(first + 1) + "."));
    }

    void no_growth_breaks_nothing_that_holds() {
        const auto growth = grow({{"asks", 0, 0, 0}}, 1, 12);
        QVERIFY(growth.has_value());
        QVERIFY(std::none_of(growth->limits.begin(), growth->limits.end(),
                             [](const auto& each) { return each.breaks.has_value(); }));
        QVERIFY(growth->purchases.empty());
        for (const sim::GrowthMonth& month : growth->months)
            QVERIFY(near(month.cost, growth->months[0].cost));
    }

    void threads_change_nothing() {
        const auto one = grow({}, 1), two = grow({}, 2);
        QVERIFY(one.has_value() && two.has_value());
        QCOMPARE(one->simulated, two->simulated);
        for (std::size_t l = 0; l < one->limits.size(); ++l) {
            QCOMPARE(one->limits[l].breaks.value_or(-1), two->limits[l].breaks.value_or(-1));
            QCOMPARE(one->limits[l].at_last.value, two->limits[l].at_last.value);
        }
        for (std::size_t m = 0; m < one->months.size(); ++m)
            QCOMPARE(one->months[m].planned, two->months[m].planned);
    }

    void an_unknown_workload_is_refused() {
        const auto growth = grow({{"aks", 0.1, 0.1, 0.1}});
        QVERIFY(!growth.has_value());
        QCOMPARE(growth.error().front().message, std::string("there is no workload 'aks'"));
    }

    void commitments_pay_from_their_break_even() {
        model::PriceBook book;
        const auto price = [&](const std::string& id, double hourly) {
            book.prices[id] = {.id = id,
                               .unit = "h",
                               .unit_size = 3600,
                               .steps = {{std::numeric_limits<double>::infinity(), hourly}}};
        };
        price("x.large.on-demand", 1);
        price("x.large.reserved-1y", 0.6);
        price("x.large.reserved-3y", 0.4);
        const auto month = [](double nodes) {
            model::Bill bill;
            bill.lines.push_back({.component = "c",
                                  .dimension = "nodes",
                                  .detail = "large",
                                  .price_id = "x.large.on-demand",
                                  .units = 730 * nodes});
            return bill;
        };
        // Two nodes for 24 months, a third from the tenth month on, one more for a month in between.
        std::vector<model::Bill> months(24, month(2));
        for (std::size_t m = 9; m < 24; ++m) months[m] = month(3);
        months[4] = month(3);
        const auto layers = sim::commitments_for(months, book);
        QCOMPARE(layers.size(), std::size_t(2));
        QVERIFY(near(layers[0].even_1, 7.2) && near(layers[0].even_3, 14.4));
        // 24 months: two years at 0.6 are 14.4 months on demand, as are three at 0.4; the first is not
        // longer.
        QVERIFY(near(layers[0].nodes, 2) && near(layers[0].cost, 2 * 730 * 14.4));
        QVERIFY(near(layers[0].on_demand_cost, 2 * 730 * 24));
        // 15 months: a year (7.2) and 3 months on demand are 10.2, three years 14.4.
        QCOMPARE(layers[1].month, 9);
        QCOMPARE(layers[1].years_of_1, 1);
        QCOMPARE(layers[1].on_demand_months, 3);
        QVERIFY(near(layers[1].nodes, 1) && near(layers[1].cost, 730 * 10.2));
        // A month alone is not worth a year.
        QCOMPARE(sim::commitments_for({month(1)}, book).front().years_of_1, 0);
    }
};

QTEST_GUILESS_MAIN(GrowthTest)
#include "growth_test.moc"
