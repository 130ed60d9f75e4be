#include "sim/experiment/sensitivity.h"

#include "model/scenario/read.h"
#include "sim/experiment/inputs.h"
#include "sim/experiment/sensitivity_study.h"
#include "sim/experiment/study_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <random>

using namespace headroom;

namespace {

constexpr const char* scenario = R"(headroom: 1
name: s
workloads: {jobs: {requests: {rate: 5/s}}}
components: {server: {technology: queue, service: {exponential: 100 ms}}, other: {technology: delay, time: 1 s}}
links: [jobs -> server -> other]
)";

std::string study_text(const std::string& design, const std::string& more = {}) {
    return "headroom-study: 1\nname: s\nscenario: s.yaml\nlevel: closed-forms\ndesign: " + design +
           "\nfactors:\n  workloads.jobs.requests.rate: {from: 2/s, to: 6/s}\n"
           "  components.server.service.exponential: {from: 50 ms, to: 90 ms}\n"
           "  components.other.time: {from: 500 ms, to: 2 s}\n"
           "metrics: [{metric: response.mean, of: jobs}, {metric: utilisation, subject: server}]\n" +
           more;
}

/// A result with one figure.
model::RunResult result_of(double value, model::Verdict verdict = model::Verdict::met) {
    model::RunResult result;
    model::Figure figure;
    figure.key = {"response.mean", "", "jobs"};
    figure.simulated = {value, std::nan("")};
    result.figures.push_back(figure);
    result.objectives.push_back(
        {.text = "o", .key = figure.key, .figure = figure.simulated, .verdict = verdict});
    return result;
}

}  // namespace

class SensitivityTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    model::Expected<sim::StudyPlan> plan_of(const std::string& text) {
        QFile file(folder_.filePath("s.yaml"));
        if (file.open(QIODevice::WriteOnly)) file.write(scenario);
        file.close();
        return sim::read_study(text, folder_.filePath("study.yaml").toStdString());
    }

    /// What the points' closed forms make of the design, without a store.
    std::vector<sim::Sensitivity> analysed(const std::string& text) {
        const auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        auto plan = plan_of(text);
        if (!plan || !catalog || !sim::check_study(*plan, *catalog)) return {};
        std::vector<int> all;
        for (std::size_t i = 0; i < plan->points.size(); ++i) all.push_back(static_cast<int>(i));
        std::vector<std::optional<model::RunResult>> results(all.size());
        const auto ran = sim::run_points(*plan, *catalog, all, [&](std::vector<model::PointResult> some) {
            for (auto& [point, result] : some) results[static_cast<std::size_t>(point)] = std::move(result);
            return model::Expected<void>();
        });
        if (!ran) return {};
        const auto made = sim::analyse(plan->study, [&](std::size_t point) {
            return model::Expected<std::optional<model::RunResult>>(results[point]);
        });
        return made ? *made : std::vector<sim::Sensitivity>();
    }

private slots:
    /// M/M/1 and a delay: at either end of each range the mean response is 1 / (1 / s - r) + d.
    void moves_one_input_at_a_time() {
        const auto made = analysed(study_text("one-at-a-time"));
        QCOMPARE(made.size(), std::size_t(1));
        QCOMPARE(made[0].points, std::size_t(7));
        QCOMPARE(made[0].finished, std::size_t(7));
        QCOMPARE(made[0].inputs[0].low, std::string("2/s"));
        const sim::FigureSensitivity& response = made[0].figures[0];
        const auto mean = [](double rate, double service, double delay) {
            return 1 / (1 / service - rate) + delay;
        };
        QVERIFY(std::abs(response.middle.value - mean(5, 0.1, 1)) < 1e-9);
        // The delay matters most, the rate least.
        QCOMPARE(response.effects[0].input, std::size_t(2));
        const double low[] = {mean(2, 0.1, 1), mean(5, 0.05, 1), mean(5, 0.1, 0.5)},
                     high[] = {mean(6, 0.1, 1), mean(5, 0.09, 1), mean(5, 0.1, 2)};
        for (const sim::InputEffect& effect : response.effects) {
            QVERIFY(std::abs(effect.low.value - low[effect.input]) < 1e-9);
            QVERIFY(std::abs(effect.high.value - high[effect.input]) < 1e-9);
            QVERIFY(std::abs(effect.change.value - (high[effect.input] - low[effect.input])) < 1e-9);
        }
        // The utilisation is r s: the delay has no part in it.
        const sim::FigureSensitivity& utilisation = made[0].figures[1];
        QCOMPARE(utilisation.effects.back().input, std::size_t(2));
        QVERIFY(utilisation.effects.back().weight < 1e-9);
        QVERIFY(utilisation.moved());
    }

    /// Utilisation is r s: its elementary effects are known, and so are its Sobol indices.
    void agrees_with_a_product() {
        const auto screened = analysed(study_text("{morris: 20}"));
        QCOMPARE(screened.size(), std::size_t(1));
        QCOMPARE(screened[0].points, std::size_t(80));
        for (const sim::InputEffect& effect : screened[0].figures[1].effects) {
            // Range of one times mean of the other.
            const double size[] = {4 * 0.07, 4 * 0.04, 0};
            QVERIFY(std::abs(effect.size.value - size[effect.input]) <= 2 * effect.size.half_width + 1e-12);
            QVERIFY(effect.size.half_width < 0.06);
        }
        const auto shares = analysed(study_text("{sobol-indices: 128}"));
        QCOMPARE(shares.size(), std::size_t(1));
        QCOMPARE(shares[0].points, std::size_t(640));
        // Var(r s) of independent uniforms.
        const double var_r = 16.0 / 12, var_s = 0.04 * 0.04 / 12, r = 4, s = 0.07;
        const double first_r = s * s * var_r, first_s = r * r * var_s, both = var_r * var_s;
        const double variance = first_r + first_s + both;
        const double first[] = {first_r / variance, first_s / variance, 0},
                     total[] = {(first_r + both) / variance, (first_s + both) / variance, 0};
        const sim::FigureSensitivity& utilisation = shares[0].figures[1];
        QVERIFY(!utilisation.logarithmic);
        QVERIFY(std::abs(utilisation.deviation / std::sqrt(variance) - 1) < 0.1);
        // Twice the half-width of 95 %: all six hold together.
        for (const sim::InputEffect& effect : utilisation.effects) {
            QVERIFY(std::abs(effect.first.value - first[effect.input]) <=
                    2 * effect.first.half_width + 1e-12);
            QVERIFY(std::abs(effect.total.value - total[effect.input]) <=
                    2 * effect.total.half_width + 1e-12);
            QVERIFY(effect.first.half_width < 0.3 && effect.total.half_width < 0.3);
        }
        QCOMPARE(utilisation.effects.back().input, std::size_t(2));
    }

    void analyses_each_scenario_and_variant() {
        const auto made = analysed(
            study_text("one-at-a-time", "variants: {as is: {}, wide: {components.server.servers: 2}}\n"));
        QCOMPARE(made.size(), std::size_t(2));
        QCOMPARE(made[1].of, std::string("wide"));
        QVERIFY(made[1].figures[1].middle.value < made[0].figures[1].middle.value);
    }

    /// Points that are not finished, have no finite value or break an objective.
    void tells_what_is_missing_and_what_breaks() {
        const auto plan = plan_of(study_text("one-at-a-time"));
        QVERIFY(plan.has_value());
        using Result = model::Expected<std::optional<model::RunResult>>;
        const auto made = sim::analyse(plan->study, [](std::size_t point) -> Result {
            if (point == 3) return std::optional<model::RunResult>();
            if (point == 2) return result_of(INFINITY, model::Verdict::broken);
            return result_of(static_cast<double>(10 + point));
        });
        QVERIFY(made.has_value());
        QCOMPARE(made->front().finished, std::size_t(6));
        QCOMPARE(made->front().broken, std::size_t(1));
        const sim::FigureSensitivity& figure = made->front().figures[0];
        QCOMPARE(figure.missing, 1);
        QCOMPARE(figure.effects[0].input, std::size_t(0));
        QVERIFY(figure.effects[0].breaks_high && !figure.effects[0].breaks_low);
        QVERIFY(std::isnan(figure.effects[2].low.value) || std::isnan(figure.effects[1].low.value));
    }

    void leaves_other_designs_alone() {
        QVERIFY(analysed(study_text("{sobol: 4}")).empty());
        model::Study study{.id = "i", .name = "n"};
        QVERIFY(sim::analyse(study, {})->empty());
    }

    /// A store can hold anything: a text that is no study, or has other points.
    void refuses_texts_that_do_not_fit() {
        const auto plan = plan_of(study_text("one-at-a-time"));
        const auto nothing = [](std::size_t) {
            return model::Expected<std::optional<model::RunResult>>(std::optional<model::RunResult>());
        };
        for (const std::string& text :
             {std::string("{"), study_text("{morris: 3}"), study_text("{morris: many}"), study_text("{}"),
              std::string("design: one-at-a-time\nfactors: {a.b: {from: 1, to: x}}\n"),
              std::string("design: one-at-a-time\n"), study_text("{morris: 10000}")}) {
            model::Study study = plan->study;
            study.text = text;
            const auto made = sim::analyse(study, nothing);
            QVERIFY2(!made, text.c_str());
            QVERIFY(!made.error().front().message.empty());
        }
    }

    void chooses_what_is_measured_data() {
        QTest::addColumn<QString>("scenario");
        QTest::addColumn<QStringList>("some");
        QTest::newRow("fraud") << "11-fraud-features"
                               << QStringList{"rate of payments", "record size of transactions",
                                              "read-latency of features", "model-time of model"};
        QTest::newRow("etl") << "19-nightly-etl" << QStringList{};
        QTest::newRow("training") << "22-training" << QStringList{"epoch-time of training"};
        QTest::newRow("phase 3") << "17-phase-3-modern"
                                 << QStringList{"users of dashboards", "bytes read by each of ad-hoc",
                                                "selectivity of metrics", "scan-rate of lake-queries"};
        QTest::newRow("variant") << "05-click-analytics-lean" << QStringList{"rate of clicks"};
        QTest::newRow("queues") << "06-tandem" << QStringList{};
    }
    /// Inputs are facts and not choices; both ends of every range can be read, and move what they name.
    void chooses_what_is_measured() {
        QFETCH(QString, scenario);
        QFETCH(QStringList, some);
        const auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        const auto document =
            model::Document::load((HEADROOM_SOURCE_DIR "/scenarios/" + scenario + ".yaml").toStdString());
        QVERIFY(catalog && document);
        const model::Reading reading = model::read_scenario(*document, *catalog);
        QVERIFY(reading.scenario.has_value());
        const auto inputs = sim::assumed_inputs(*document, *reading.scenario, 0.2);
        QVERIFY(!inputs.empty());
        QStringList names;
        for (const sim::AssumedInput& input : inputs) {
            names << QString::fromStdString(input.name);
            for (const char* choice :
                 {"nodes of ", "slots of ", "shards of ", "retention of ", "capacity of "})
                QVERIFY2(!input.name.starts_with(choice), input.name.c_str());
            const auto content_with = [&](const std::string& value) -> std::string {
                const auto changed = document->with(input.factor.field, value);
                if (!changed) return changed.error().front().sentence();
                const model::Reading read = model::read_scenario(*changed, *catalog);
                return read.scenario ? sim::content_hash(*read.scenario, {})
                                     : read.problems.front().sentence();
            };
            const std::string low = content_with(input.low), high = content_with(input.high);
            for (const std::string& content : {low, high})
                QVERIFY2(content.find(' ') == std::string::npos, (input.name + ": " + content).c_str());
            QVERIFY2(low != high, input.name.c_str());
            QCOMPARE(content_with(input.factor.at(0)), low);
        }
        for (const QString& name : some) QVERIFY2(names.contains(name), qPrintable(names.join(", ")));
    }

    void goes_around_a_value_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("low");
        QTest::addColumn<QString>("high");
        const auto row = [](const char* path, const char* low, const char* high) {
            QTest::newRow(path) << path << low << high;
        };
        row("workloads.jobs.requests.rate", "4/s", "6/s");
        row("components.server.service", "80 ms", "120 ms");
        row("components.server.service.exponential", "80 ms", "120 ms");
        row("components.other.time", "0.8 s", "1.2 s");
        row("components.sever.service", "", "");
        row("components.server.servers", "", "");
        row("name", "", "");
    }
    void goes_around_a_value() {
        QFETCH(QString, path);
        QFETCH(QString, low);
        QFETCH(QString, high);
        const model::Document document{scenario};
        const auto input = sim::input_around(document, path.toStdString(), 0.2, "--uncertain");
        QCOMPARE(input.has_value(), !low.isEmpty());
        if (!input) QVERIFY(!input.error().front().message.empty());
        if (!input) return;
        QCOMPARE(QString::fromStdString(input->low), low);
        QCOMPARE(QString::fromStdString(input->high), high);
    }

    /// What is written as a file is read as what was asked.
    void writes_its_question_as_a_study() {
        sim::SensitivityQuestion question{.name = "What: \"decides\"?", .scenario = "s.yaml"};
        for (const char* text : {"workloads.jobs.requests.rate=2/s..6/s",
                                 "components.server.service={lognormal: {mean: 50 ms, cv: 2}}..{lognormal: "
                                 "{mean: 90 ms, cv: 2}}"})
            question.inputs.push_back(*sim::parse_interval(text, "--uncertain"));
        question.design = {sim::Design::Kind::morris, 3};
        question.set = {{"components.other.time", "{uniform: {low: 1 s, high: 2 s}}"}};
        question.options = {{"level", "closed-forms"}, {"seed", "7"}};
        question.figures = {{"response.p99", "", "jobs"}, {"utilisation", "server", ""}};
        const auto plan = plan_of(sim::study_text(question));
        QVERIFY2(plan.has_value(), plan ? "" : plan.error().front().message.c_str());
        QCOMPARE(plan->study.name, question.name);
        QCOMPARE(plan->study.metrics, question.figures);
        QCOMPARE(plan->points.size(), std::size_t(9));
        QCOMPARE(plan->options.seed.value_or(0), std::uint64_t(7));
        QVERIFY(plan->closed_forms);
        for (const auto& point : plan->study.points)
            QVERIFY(point.settings[2].second.starts_with("{lognormal: {mean: "));
        const auto made = sim::analyse(plan->study, [](std::size_t) {
            return model::Expected<std::optional<model::RunResult>>(std::optional<model::RunResult>());
        });
        QVERIFY(made.has_value());
        QCOMPARE(made->front().inputs[1].low, std::string("50 ms"));
        QCOMPARE(made->front().inputs[1].high, std::string("90 ms"));
    }

    /// Any bytes: a plan or a sentence, and of what a store may hold an analysis or a sentence.
    void reads_anything() {
        const std::string whole = study_text(
            "{sobol-indices: 2}", "variants: {a: {}, b: {components.server.servers: 2}}\nseed: 3\n");
        const auto plan = plan_of(whole);
        QVERIFY(plan.has_value());
        const auto nothing = [](std::size_t) {
            return model::Expected<std::optional<model::RunResult>>(std::optional<model::RunResult>());
        };
        const char* pieces[] = {"{",
                                "}",
                                ": ",
                                "\n",
                                "[",
                                "'",
                                "-1",
                                "1e999",
                                "99999999999999999999",
                                "..",
                                " ms",
                                "{morris: 3}",
                                "as is",
                                "\x01",
                                "\xff",
                                "from",
                                "{lognormal: {mean: 1 s}}",
                                ""};
        std::mt19937 random(1);
        const auto below = [&](std::size_t n) { return random() % n; };
        for (int i = 0; i < 1500; ++i) {
            std::string text = whole;
            for (std::size_t edits = 1 + below(3); edits-- > 0;) {
                const std::size_t at = below(text.size());
                text.replace(at, below(std::min<std::size_t>(8, text.size() - at) + 1),
                             pieces[below(std::size(pieces))]);
            }
            if (const auto read = plan_of(text); !read) QVERIFY(!read.error().front().sentence().empty());
            model::Study study = plan->study;
            study.text = text;
            if (const auto made = sim::analyse(study, nothing); !made)
                QVERIFY(!made.error().front().sentence().empty());
        }
    }

    void refuses_what_makes_no_sense_data() {
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QString::fromStdString(text);
        };
        row("one trajectory", study_text("{morris: 1}"));
        row("two designs", study_text("{morris: 2, sobol: 3}"));
        row("a word", study_text("tornado"));
        row("too many points", study_text("{sobol-indices: 9000}"));
        row("no samples", study_text("morris"));
        row("replications of closed forms", study_text("one-at-a-time", "replications: 3\n"));
        row("horizon of closed forms", study_text("one-at-a-time", "horizon: 1 h\n"));
    }
    void refuses_what_makes_no_sense() {
        QFETCH(QString, text);
        const auto plan = plan_of(text.toStdString());
        QVERIFY(!plan);
        QCOMPARE(plan.error().size(), std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(SensitivityTest)
#include "sensitivity_test.moc"
