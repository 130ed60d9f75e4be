#include "app/report/content/study_pictures.h"
#include "app/report/report.h"

#include <QApplication>
#include <QXmlStreamReader>
#include <QtTest/QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::report;

namespace {

const model::FigureKey response{"response.p95", "", "dashboards"}, cost{"cost", "", ""};

model::RunResult result_of(double seconds, double dollars, bool broken = false) {
    model::RunResult result;
    for (const auto& [key, value] : {std::pair(response, seconds), std::pair(cost, dollars)}) {
        model::Figure figure;
        figure.key = key;
        figure.simulated = {value, value / 20};
        result.figures.push_back(figure);
    }
    result.objectives.push_back({.text = "o",
                                 .key = response,
                                 .figure = result.figures.front().simulated,
                                 .bound = 2,
                                 .verdict = broken ? model::Verdict::broken : model::Verdict::met});
    return result;
}

struct Sweep {
    model::Study study;
    std::vector<model::RunResult> results;

    std::vector<const model::RunResult*> pointers() const {
        std::vector<const model::RunResult*> all;
        for (const model::RunResult& result : results) all.push_back(&result);
        return all;
    }
    void add(const std::vector<std::pair<std::string, std::string>>& settings, model::RunResult result) {
        study.points.push_back({.index = static_cast<int>(results.size()), .settings = settings, .run = 1});
        results.push_back(std::move(result));
    }
};

/// Users by slots.
Sweep grid(int columns, int rows) {
    Sweep sweep;
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c)
            sweep.add({{"components.warehouse.slots", std::to_string(r + 3)},
                       {"workloads.dashboards.requests.users", std::to_string(100 * (c + 1))}},
                      result_of(0.2 * (c + 1) / (r + 1), 0.001 * (r + 1), c > 2 * r + 1));
    return sweep;
}

sim::Sensitivity analysis_of(sim::Design::Kind kind) {
    sim::Sensitivity analysis{.design = {kind, 10}};
    sim::FigureSensitivity figure{.figure = response, .middle = {1, 0.1}};
    const double nan = std::nan("");
    for (std::size_t i = 0; i < 3; ++i) {
        analysis.inputs.push_back({"components.part" + std::to_string(i) + ".time", "1 ms", "2 ms"});
        const double size = 0.6 / static_cast<double>(i + 1);
        figure.effects.push_back({.input = i,
                                  .low = {1 - size / 2, nan},
                                  .high = {1 + size / 2, nan},
                                  .size = {size, size / 5},
                                  .deviation = {size / 3, size / 9},
                                  .first = {size - 0.1, 0.05},
                                  .total = {size, 0.1},
                                  .weight = size});
    }
    analysis.figures.push_back(figure);
    return analysis;
}

}  // namespace

class StudyChartsTest : public QObject {
    Q_OBJECT

    /// What the picture's file says, once it has shown to be well formed.
    static QString drawn(const Picture& picture) {
        const std::string svg = QtIllustrator().svg_file(picture);
        QXmlStreamReader reader(QByteArray::fromStdString(svg));
        while (!reader.atEnd()) reader.readNext();
        return reader.hasError() ? QString() : QString::fromStdString(svg);
    }

private slots:
    void draws_a_sweep_as_lines() {
        const Sweep sweep = grid(5, 2);
        const auto pictures = sweep_pictures(sweep.study, sweep.pointers());
        QCOMPARE(pictures.size(), std::size_t(2));
        QCOMPARE(pictures[0].name, std::string("1-response.p95-dashboards"));
        const auto& lines = std::get<Lines>(pictures[0].picture.drawing);
        QCOMPARE(lines.labels.size(), std::size_t(5));
        QCOMPARE(lines.names, (std::vector<std::string>{"slots 3", "slots 4"}));
        QCOMPARE(lines.values[1][4].value, 0.5);
        QCOMPARE(lines.bound, 2.0);
        const QString svg = drawn(pictures[0].picture);
        for (const char* word : {"slots 4", "objective: 2 s", "dashboards.requests.users", "300"})
            QVERIFY2(svg.contains(word), word);
    }

    void draws_two_fields_as_a_map() {
        const Sweep sweep = grid(4, 3);
        const auto pictures = sweep_pictures(sweep.study, sweep.pointers());
        QCOMPARE(pictures.size(), std::size_t(4));
        QCOMPARE(pictures[1].name, std::string("1-response.p95-dashboards-map"));
        const auto& heat = std::get<Heat>(pictures[1].picture.drawing);
        QCOMPARE(heat.values[2][3], 0.8 / 3);
        QVERIFY(heat.broken[0][2] && !heat.broken[2][3]);
        const QString svg = drawn(pictures[1].picture);
        QVERIFY(svg.contains(QStringLiteral("600 ms ✕")));
        QVERIFY(svg.contains("267 ms"));
    }

    /// Drawn points are no grid: each field has a picture of its own.
    void draws_samples() {
        Sweep sweep;
        for (int i = 0; i < 12; ++i)
            sweep.add({{"a.time", std::to_string(i + 1) + " ms"}, {"b.share", "0." + std::to_string(50 + i)}},
                      result_of(i + 1, 0.001));
        const auto pictures = sweep_pictures(sweep.study, sweep.pointers());
        QVERIFY(pictures.size() >= 2);
        QCOMPARE(pictures[0].name, std::string("1-response.p95-dashboards-by-a.time"));
        QCOMPARE(std::get<Plane>(pictures[0].picture.drawing).points[3].x, 0.004);
        QVERIFY(drawn(pictures[0].picture).contains("a.time"));
    }

    void leaves_out_what_is_not_finished() {
        Sweep sweep = grid(3, 1);
        auto results = sweep.pointers();
        results[1] = nullptr;
        const auto pictures = sweep_pictures(sweep.study, results);
        QVERIFY(std::isnan(std::get<Lines>(pictures[0].picture.drawing).values[0][1].value));
        QVERIFY(!drawn(pictures[0].picture).isEmpty());
        QVERIFY(sweep_pictures(sweep.study, {nullptr, nullptr, nullptr}).empty());
        QVERIFY(sweep_pictures({}, {}).empty());
    }

    void draws_what_inputs_do_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("words");
        using Kind = sim::Design::Kind;
        QTest::newRow("tornado") << int(Kind::one_at_a_time) << QStringList{"part0.time", "1 ms .. 2 ms"};
        QTest::newRow("morris") << int(Kind::morris) << QStringList{"part1.time", "mu*", "sigma", "600 ms"};
        QTest::newRow("sobol") << int(Kind::sobol_indices)
                               << QStringList{"part2.time", "first order", "total", "share of its variance"};
    }
    void draws_what_inputs_do() {
        QFETCH(int, kind);
        QFETCH(QStringList, words);
        sim::Sensitivity analysis = analysis_of(static_cast<sim::Design::Kind>(kind));
        const auto pictures = sensitivity_pictures({analysis});
        QCOMPARE(pictures.size(), std::size_t(1));
        QCOMPARE(pictures[0].name, std::string("1-response.p95-dashboards"));
        const QString svg = drawn(pictures[0].picture);
        for (const QString& word : words) QVERIFY2(svg.contains(word), qPrintable(word));
        QCOMPARE(drawn(pictures[0].picture), svg);
        for (sim::InputEffect& effect : analysis.figures[0].effects) effect.weight = 0;
        QVERIFY(sensitivity_pictures({analysis}).empty());
    }

    /// Names come from files that anybody may have written.
    void keeps_names_harmless() {
        Sweep sweep = grid(2, 1);
        for (auto& point : sweep.study.points) point.settings[1].first = "../<script>\"&\x01";
        sweep.study.metrics = {{"utilisation", "../../etc/<b>", "a/b"}, response};
        const auto pictures = sweep_pictures(sweep.study, sweep.pointers());
        for (const NamedPicture& named : pictures) QVERIFY(named.name.find('/') == std::string::npos);
        QVERIFY(!drawn(pictures.back().picture).isEmpty());
        QVERIFY(!drawn(pictures.back().picture).contains("<script>"));
    }
};

QTEST_MAIN(StudyChartsTest)
#include "study_charts_test.moc"
