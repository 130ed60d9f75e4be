#include "model/system/calibration.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

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
    calibration.operators = {{"READ_JSON", 5000, 0.7}, {"FILTER", 4321, 0.3}};
    return calibration;
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

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

        const std::string first = text_of(file);
        QVERIFY(save_calibration(*loaded, file).has_value());
        QCOMPARE(text_of(file), first);
        // Nothing is left beside the file.
        QCOMPARE(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()), 1);
    }

    void bad_files_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("empty") << QByteArray("") << QByteArray("not valid JSON");
        QTest::newRow("binary") << QByteArray("\0\xff\x80{", 4) << QByteArray("not valid JSON");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("is not an object");
        QTest::newRow("another format") << QByteArray(R"({"format": "x"})") << QByteArray("'format' is not");
        QTest::newRow("newer") << QByteArray(R"({"format": "headroom-calibration", "version": 2})")
                               << QByteArray("'version' is 2");
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
