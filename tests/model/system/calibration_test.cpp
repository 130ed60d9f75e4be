#include "model/system/calibration.h"

#include <QTemporaryDir>
#include <QtTest>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

using namespace headroom::model;
namespace fs = std::filesystem;

namespace {

Calibration example() {
    Calibration calibration;
    calibration.component = "enrich";
    calibration.engine = "DuckDB 1.5.5";
    calibration.machine = "a processor";
    calibration.date = "2026-11-21";
    calibration.transform_hash = std::string(64, 'a');
    calibration.sample_hash = std::string(64, 'b');
    calibration.machine_speed = 1.1;
    calibration.rows_in = 5000;
    calibration.rows_out = 4321;
    calibration.time_per_batch = {1.25e-3, 1e-4};
    calibration.time_per_row = {4.3e-7, std::nan("")};
    calibration.fit_r2 = 0.998;
    calibration.time_scv = {0.01, 0.002};
    calibration.selectivity = 0.8642;
    calibration.bytes_in = ItemSize(230);
    calibration.bytes_out = {{"json", 180.5}, {"parquet+snappy", 36.25}};
    calibration.key_shares = {0.1, 0.05, 1.0 / 3};
    calibration.rejected = 0.001;
    calibration.operators = {{.name = "DECODE", .rows = 5000, .share = 0.7},
                             {.name = "FILTER", .step = 1, .rows_in = 5000, .rows = 4321, .share = 0.3}};
    calibration.steps = {{.name = "decode", .time_per_row = {3e-7, 1e-8}, .fit_r2 = 0.99},
                         {.name = "enrich",
                          .rows_in = 5000,
                          .rows_out = 4321,
                          .time_per_batch = {1e-3, 1e-4},
                          .time_per_row = {1.3e-7, 1e-8},
                          .fit_r2 = 0.995,
                          .batches = {{100, 1.1e-3}, {1000, 1.2e-3}, {10'000, 2.3e-3}}}};
    calibration.queries = {{.name = "dashboard", .time_per_row = {2e-9, 1e-10}, .scanned = 0.25}};
    calibration.columns_in = {{.name = "user", .type = "BIGINT", .nulls = 0.5, .stored = 4}};
    calibration.rules = {{"price is set", 0.75}};
    calibration.held_back = {.rows = 1000, .measured = 0.5, .predicted = 0.625};
    return calibration;
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// Figures as measurements may give them, up to the largest and down to the smallest that there are.
class AnyFigures {
public:
    explicit AnyFigures(unsigned seed) : bits_(seed) {}
    double figure() {
        static constexpr std::array extremes{0.0,
                                             std::numeric_limits<double>::denorm_min(),
                                             std::numeric_limits<double>::min(),
                                             std::numeric_limits<double>::epsilon(),
                                             1.0 / 3,
                                             9007199254740993.0,
                                             std::numeric_limits<double>::max()};
        if (bits_() % 3 == 0) return extremes[bits_() % extremes.size()];
        return std::exp(std::uniform_real_distribution(-60.0, 60.0)(bits_));
    }
    double share() { return bits_() % 4 == 0 ? double(bits_() % 2) : double(bits_()) / double(bits_.max()); }
    double figure_or_none() { return bits_() % 5 == 0 ? std::nan("") : figure(); }
    Measured measured() { return {figure(), figure_or_none()}; }
    std::string text() {
        static const std::array<std::string, 5> texts{"", "a step", "\"quoted\"\n\t\\", "Zürich 東京",
                                                      std::string("a\0b", 3)};
        return texts[bits_() % texts.size()];
    }
    std::size_t several() { return bits_() % 4; }

private:
    std::mt19937 bits_;
};

Calibration any_calibration(unsigned seed) {
    AnyFigures any(seed);
    Calibration c = example();
    c.component = any.text();
    c.machine_speed = std::max(any.figure(), std::numeric_limits<double>::denorm_min());
    for (double* figure : {&c.rows_in, &c.rows_out, &c.repeated, &c.selectivity, &c.keys, &c.rejected,
                           &c.disturbed, &c.held_back.rows, &c.held_back.measured, &c.held_back.predicted})
        *figure = any.figure();
    c.fit_r2 = any.figure_or_none();
    for (Measured* figure :
         {&c.time_per_batch, &c.time_per_row, &c.time_per_byte, &c.cold_start, &c.time_scv})
        *figure = any.measured();
    c.bytes_in = ItemSize(any.figure());
    c.key_shares.clear();
    for (std::size_t i = any.several(); i > 0; --i) c.key_shares.push_back(any.share());
    c.steps.resize(any.several());
    for (StepCost& step : c.steps) {
        step.name = any.text();
        for (double* figure : {&step.rows_in, &step.rows_out, &step.bytes_in, &step.bytes_out,
                               &step.peak_memory, &step.spilled})
            *figure = any.figure();
        for (double* figure : {&step.fit_r2, &step.growth, &step.worst_miss}) *figure = any.figure_or_none();
        for (Measured* figure : {&step.time_per_batch, &step.time_per_row, &step.time_per_byte})
            *figure = any.measured();
        step.batches.resize(any.several());
        for (TimedBatch& batch : step.batches) batch = {any.figure(), any.figure()};
    }
    c.operators.resize(any.several());
    for (OperatorCost& cost : c.operators)
        cost = {any.text(), 1, 2, any.figure(), any.figure(), any.figure()};
    c.rules = {{"price is set", any.figure()}};
    return c;
}

}  // namespace

class CalibrationTest : public QObject {
    Q_OBJECT

private slots:
    void comes_back_as_it_was_saved() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "new folder" / "enrich.json";
        QVERIFY(save_calibration(example(), file).has_value());
        const Expected<Calibration> loaded = load_calibration(file);
        QVERIFY(loaded.has_value());
        QCOMPARE(loaded->component, example().component);
        QCOMPARE(loaded->time_per_row.value, example().time_per_row.value);
        QVERIFY(std::isnan(loaded->time_per_row.half_width));
        QCOMPARE(loaded->bytes_out, example().bytes_out);
        QCOMPARE(loaded->key_shares, example().key_shares);
        QCOMPARE(loaded->operators.size(), std::size_t{2});
        QCOMPARE(loaded->operators[1].name, std::string("FILTER"));
        QCOMPARE(loaded->bytes_in.value(), 230.0);
        QCOMPARE(loaded->steps.size(), std::size_t{2});
        QCOMPARE(loaded->steps[1].batches[2].seconds, 2.3e-3);
        QCOMPARE(loaded->queries[0].scanned, 0.25);
        QCOMPARE(loaded->columns_in[0].type, std::string("BIGINT"));
        QCOMPARE(loaded->rules, example().rules);
        QCOMPARE(loaded->held_back.predicted, 0.625);

        const std::string first = text_of(file);
        QVERIFY(save_calibration(*loaded, file).has_value());
        QCOMPARE(text_of(file), first);
        // Nothing is left beside the file.
        QCOMPARE(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()), 1);
    }

    void any_figures_come_back() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "c.json";
        for (unsigned seed = 0; seed < 60; ++seed) {
            const Calibration calibration = any_calibration(seed);
            const auto saved = save_calibration(calibration, file);
            QVERIFY2(saved, saved ? "" : saved.error().front().sentence().c_str());
            const Expected<Calibration> loaded = load_calibration(file);
            QVERIFY2(loaded, loaded ? "" : loaded.error().front().sentence().c_str());
            QCOMPARE(loaded->time_per_row.value, calibration.time_per_row.value);
            QCOMPARE(loaded->machine_speed, calibration.machine_speed);
            QCOMPARE(loaded->steps.size(), calibration.steps.size());
            const std::string first = text_of(file);
            QVERIFY(save_calibration(*loaded, file));
            QCOMPARE(text_of(file), first);
        }
    }

    void figures_without_meaning_are_refused_data() {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QByteArray>("value");
        for (const char* field :
             {"fit-r2", "selectivity", "growth", "seconds", "half-width", "predicted", "share"})
            for (const char* value : {"-1", "-1e-300", "1e400", "NaN", "Infinity", "\"1\"", "[]", "true"})
                QTest::addRow("%s %s", field, value) << QByteArray(field) << QByteArray(value);
        for (const char* field : {"selectivity", "seconds", "predicted", "machine-speed"})
            QTest::addRow("%s null", field) << QByteArray(field) << QByteArray("null");
        QTest::newRow("speed of nothing") << QByteArray("machine-speed") << QByteArray("0");
        QTest::newRow("more than all") << QByteArray("key-shares") << QByteArray("[1.5]");
    }
    void figures_without_meaning_are_refused() {
        QFETCH(QByteArray, field);
        QFETCH(QByteArray, value);
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "c.json";
        QVERIFY(save_calibration(example(), file));
        std::string text = text_of(file);
        const std::string name = "\"" + field.toStdString() + "\": ";
        const std::size_t at = text.find(name);
        QVERIFY(at != std::string::npos);
        const std::size_t from = at + name.size(),
                          to = text.find_first_of(text[from] == '[' ? "]" : ",}\n", from);
        text.replace(from, to - from + (text[from] == '[' ? 1 : 0), value.toStdString());
        write(file, text);
        const Expected<Calibration> loaded = load_calibration(file);
        QVERIFY(!loaded);
        const QByteArray sentence = loaded.error().front().sentence().c_str();
        QVERIFY2(sentence.contains(field) || sentence.contains("not valid JSON"), sentence.constData());
    }

    void what_could_not_be_loaded_is_not_saved_data() {
        QTest::addColumn<double>("value");
        QTest::newRow("negative") << -1e-9;
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity();
        QTest::newRow("not a number") << std::nan("");
    }
    void what_could_not_be_loaded_is_not_saved() {
        QFETCH(double, value);
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "c.json";
        QVERIFY(save_calibration(example(), file));
        const std::string before = text_of(file);
        Calibration broken = example();
        broken.steps[1].batches[0].seconds = value;
        const auto saved = save_calibration(broken, file);
        QVERIFY(!saved);
        const QByteArray sentence = saved.error().front().sentence().c_str();
        QVERIFY2(sentence.contains("'batches.seconds'") && sentence.contains("not kept"),
                 sentence.constData());
        QCOMPARE(text_of(file), before);
    }

    void bad_files_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("empty") << QByteArray("") << QByteArray("not valid JSON");
        QTest::newRow("binary") << QByteArray("\0\xff\x80{", 4) << QByteArray("not valid JSON");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("is not an object");
        QTest::newRow("another format") << QByteArray(R"({"format": "x"})") << QByteArray("'format' is not");
        QTest::newRow("newer") << QByteArray(R"({"format": "headroom-calibration", "version": 3})")
                               << QByteArray("'version' is 3");
        QTest::newRow("half") << QByteArray(R"({"format": "headroom-calibration", "version": 1})")
                              << QByteArray("'component' is missing");
        QTest::newRow("deep") << QByteArray(100'000, '[') << QByteArray("not valid JSON");
    }
    void bad_files() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "c.json";
        write(file, text.toStdString());
        const Expected<Calibration> loaded = load_calibration(file);
        QVERIFY(!loaded.has_value());
        QCOMPARE(loaded.error().size(), std::size_t{1});
        const QByteArray sentence = loaded.error().front().sentence().c_str();
        QVERIFY2(sentence.contains(part) && sentence.contains("c.json"), sentence.constData());
    }

    void reads_the_first_version() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "c.json";
        write(file, R"({"format": "headroom-calibration", "version": 1, "component": "enrich",
            "engine": "DuckDB 1.5.5", "machine": "m", "date": "2026-11-21", "transform-hash": "a",
            "sample-hash": "b", "machine-speed": 1.4, "rows-in": 4000, "rows-out": 3328,
            "time-per-batch": {"value": 0.001, "half-width": 0.0001},
            "time-per-row": {"value": 1e-6, "half-width": 1e-8}, "fit-r2": 0.99,
            "time-scv": {"value": 0.003, "half-width": 0.001}, "selectivity": 0.832, "bytes-in": 226.5,
            "bytes-out": {"json": 230}, "key-shares": [0.5, 0.25], "rejected": 0,
            "operators": [{"name": "DECODE", "rows": 4000, "share": 1}]})");
        const Expected<Calibration> loaded = load_calibration(file);
        QVERIFY2(loaded, loaded ? "" : loaded.error().front().sentence().c_str());
        QVERIFY(loaded->steps.empty());
        QCOMPARE(loaded->operators.front().share, 1.0);
        QCOMPARE(time_of_batch(*loaded, 10'000).value(), 0.001 + 10'000 * 1e-6);
        QVERIFY(save_calibration(*loaded, file).has_value());
        QVERIFY(text_of(file).find("\"version\": 2") != std::string::npos);
    }

    void a_batch_takes_what_was_measured_and_then_the_line() {
        const Calibration calibration = example();
        const double decode = 3e-7;
        const auto transform = [&](double rows) {
            return time_of_batch(calibration, rows).value() - decode * rows;
        };
        QVERIFY(std::abs(transform(100) - 1.1e-3) < 1e-9);
        QVERIFY(std::abs(transform(10'000) - 2.3e-3) < 1e-9);
        QVERIFY(std::abs(transform(20'000) - (2.3e-3 + 10'000 * (2.3e-3 - 1.2e-3) / 9000)) < 1e-9);
        QVERIFY(transform(3000) > 1.2e-3 && transform(3000) < 2.3e-3);
        QVERIFY(transform(1) > 0);
    }

    void a_missing_file_is_a_problem() {
        QVERIFY(!load_calibration("/nonexistent/c.json").has_value());
        QVERIFY(!load_calibration("/tmp").has_value());
    }

    void mutations_never_crash() {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "c.json";
        QVERIFY(save_calibration(example(), file).has_value());
        const std::string good = text_of(file);
        unsigned state = 99;
        auto next = [&state](std::size_t below) {
            state = state * 1664525U + 1013904223U;
            return static_cast<std::size_t>(state >> 8U) % below;
        };
        const std::string alphabet = "{}[]\",:-0e9 nulltrue\xff";
        int refused = 0;
        for (int round = 0; round < 300; ++round) {
            std::string text = good;
            text[next(text.size())] = alphabet[next(alphabet.size())];
            write(file, text);
            const Expected<Calibration> loaded = load_calibration(file);
            if (!loaded) ++refused;
            if (loaded) QVERIFY(loaded->machine_speed > 0 && loaded->selectivity >= 0);
        }
        QVERIFY(refused > 30);
    }
};

QTEST_APPLESS_MAIN(CalibrationTest)
#include "calibration_test.moc"
