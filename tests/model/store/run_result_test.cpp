#include "model/store/run_result.h"

#include <QTest>
#include <limits>
#include <nlohmann/json.hpp>

using namespace headroom::model;

namespace {

Figure figure(const char* metric, std::vector<double> values) {
    double sum = 0;
    for (const double v : values) sum += v;
    return {.key = {metric, "server", "jobs"},
            .simulated = {sum / static_cast<double>(values.size()), 1},
            .replications = std::move(values)};
}

}  // namespace

class RunResultTest : public QObject {
    Q_OBJECT

private slots:
    void finds_by_key() {
        RunResult result;
        result.figures.push_back(figure("response.mean", {1, 2}));
        QVERIFY(result.find({"response.mean", "server", "jobs"}) == &result.figures[0]);
        QVERIFY(result.find({"response.mean", "", "jobs"}) == nullptr);
    }

    void is_broken_only_by_a_broken_objective() {
        RunResult result;
        QVERIFY(!result.any_broken());
        result.objectives.push_back({.verdict = Verdict::undecided});
        result.objectives.push_back({.verdict = Verdict::met});
        QVERIFY(!result.any_broken());
        result.objectives.push_back({.verdict = Verdict::broken});
        QVERIFY(result.any_broken());
    }

    // Law, Simulation Modeling and Analysis, 5th ed., example 10.3: five paired (s, S) inventory runs.
    void pairs_by_replication() {
        RunResult a, b;
        a.confidence = b.confidence = 0.90;
        a.figures.push_back(figure("response.mean", {126.97, 124.31, 126.68, 122.66, 127.23}));
        b.figures.push_back(figure("response.mean", {118.21, 120.22, 122.45, 122.68, 119.40}));
        const auto differences = compare(a, b);
        QCOMPARE(differences.size(), std::size_t(1));
        // Differences 8.76, 4.09, 4.23, -0.02, 7.83: mean 4.978, variance of the mean 2.4373, t(4, 0.95)
        // = 2.1318.
        QVERIFY(std::abs(differences[0].delta.value + 4.978) < 1e-9);
        QVERIFY(std::abs(differences[0].delta.half_width - 3.3284) < 5e-4);
        QVERIFY(differences[0].significant);
    }

    void uses_welch_where_seeds_differ() {
        RunResult a, b;
        a.confidence = b.confidence = 0.90;
        a.seed = 1;
        b.seed = 2;
        a.figures.push_back(figure("response.mean", {126.97, 124.31, 126.68, 122.66, 127.23}));
        b.figures.push_back(figure("response.mean", {118.21, 120.22, 122.45, 122.68, 119.40}));
        const auto differences = compare(a, b);
        // As example 10.4 there: 7.99 degrees of freedom, 4.98 +- 2.32.
        QVERIFY(std::abs(differences[0].delta.half_width - 2.32) < 0.05);
    }

    void leaves_exact_figures_exact() {
        RunResult a, b;
        a.figures.push_back({.key = {"cost", "", ""}, .simulated = {100}});
        b.figures.push_back({.key = {"cost", "", ""}, .simulated = {130}});
        b.figures.push_back({.key = {"queue", "other", ""}, .simulated = {1}});
        const auto differences = compare(a, b);
        QCOMPARE(differences.size(), std::size_t(1));
        QCOMPARE(differences[0].delta.value, 30.0);
        QVERIFY(differences[0].delta.exact());
        QVERIFY(differences[0].significant);
    }

    void knows_nothing_from_one_replication() {
        RunResult a, b;
        a.figures.push_back(figure("response.mean", {1}));
        b.figures.push_back(figure("response.mean", {2}));
        const auto differences = compare(a, b);
        QVERIFY(std::isinf(differences[0].delta.half_width));
        QVERIFY(!differences[0].significant);
    }

    void writes_json_in_full_precision_and_stable_order() {
        RunResult result;
        result.seed = std::numeric_limits<std::uint64_t>::max();
        result.scenario_name = "caf\xC3\xA9 \xFF";  // the last byte is not UTF-8
        result.figures.push_back({.key = {"response.mean", "", "jobs"},
                                  .simulated = {1.0 / 3, std::numeric_limits<double>::infinity()},
                                  .analytic = 0.1 + 0.2,
                                  .replications = {std::nextafter(1.0, 2.0), std::nan("")}});
        const std::string text = to_json(result);
        QCOMPARE(to_json(result), text);
        const auto json = nlohmann::json::parse(text);
        QCOMPARE(json["seed"].get<std::uint64_t>(), result.seed);
        const auto& read = json["figures"][0];
        QVERIFY(read["value"].get<double>() == 1.0 / 3);
        QVERIFY(read["half_width"].get<std::string>() == "infinity");
        QVERIFY(read["analytic"].get<double>() == 0.1 + 0.2);
        QVERIFY(read["replications"][0].get<double>() == std::nextafter(1.0, 2.0));
        QVERIFY(read["replications"][1].is_null());
        QVERIFY(text.find("\"level\"") < text.find("\"seed\""));
        QVERIFY(text.find("wall") == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(RunResultTest)
#include "run_result_test.moc"
