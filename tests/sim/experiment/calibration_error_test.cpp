#include "model/scenario/read.h"
#include "sim/experiment/run.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace headroom;

class CalibrationErrorTest : public QObject {
    Q_OBJECT

    model::RunResult run(double half_width) const {
        const auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        const auto reading = model::read_scenario(
            std::filesystem::path(HEADROOM_SOURCE_DIR "/scenarios/03-click-analytics.yaml"), *catalog);
        model::Calibration measured;
        measured.component = "enrich";
        measured.engine = "an engine";
        measured.time_per_row = {1e-6, half_width};
        measured.time_per_batch = {1e-3, half_width};
        measured.selectivity = 0.8;
        measured.bytes_in = model::ItemSize(230);
        measured.bytes_out = {{"json", 230}, {"parquet+snappy", 40}};
        const auto result =
            sim::run(*reading.scenario, *catalog, {{"enrich", measured}},
                     {.level = model::Level::flow, .horizon = model::hours(2), .replications = 3});
        if (!result) qFatal("%s", result.error().front().sentence().c_str());
        return *result;
    }
    static model::Estimate utilisation(const model::RunResult& result) {
        for (const model::Figure& figure : result.figures)
            if (figure.key == model::FigureKey{"utilisation", "enrich", ""}) return figure.simulated;
        qFatal("no utilisation");
    }

private slots:
    /// A time that is known to a tenth gives a utilisation that is known to a tenth, however many
    /// replications.
    void the_error_of_a_measured_time_widens_the_interval() {
        const model::RunResult exact = run(std::nan("")), uncertain = run(1e-7);
        const model::Estimate before = utilisation(exact), after = utilisation(uncertain);
        QCOMPARE(after.value, before.value);
        const double known = std::isnan(before.half_width) ? 0 : before.half_width;
        QVERIFY(std::abs(after.half_width - std::hypot(known, 0.1 * before.value)) < 1e-3 * before.value);
        const auto says = [](const model::RunResult& result) {
            return std::any_of(result.notes.begin(), result.notes.end(), [](const std::string& note) {
                return note.find("error of the measured transform of enrich (± 10 %") != std::string::npos;
            });
        };
        QVERIFY(says(uncertain) && !says(exact));
    }
};

QTEST_APPLESS_MAIN(CalibrationErrorTest)
#include "calibration_error_test.moc"
