// Every scenario that comes with the program is run and held against its expected results in scenarios.yaml.

#include "model/catalog/catalog.h"
#include "model/scenario/document.h"
#include "model/scenario/read.h"
#include "sim/experiment/disagreement.h"
#include "sim/experiment/known_cases.h"
#include "sim/experiment/study_file.h"
#include "sim/operators/calibrate.h"

#include <QtTest/QTest>
#include <set>

using namespace headroom;

namespace {

const std::filesystem::path source = HEADROOM_SOURCE_DIR;

}  // namespace

class ScenariosTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        auto catalog = model::Catalog::load(source / "resources");
        QVERIFY(catalog.has_value());
        catalog_ = std::make_unique<model::Catalog>(*std::move(catalog));
        auto cases = sim::read_known_cases(source / "tests/validation/scenarios.yaml", sim::expected_words);
        QVERIFY2(cases.has_value(), cases ? "" : cases.error().front().sentence().c_str());
        cases_ = *std::move(cases);
    }

    void every_scenario_has_expected_results() {
        std::set<std::filesystem::path> expected;
        for (const auto& known : cases_) expected.insert(known.scenario);
        for (const auto& entry : std::filesystem::directory_iterator(source / "scenarios"))
            if (entry.path().extension() == ".yaml")
                QVERIFY2(expected.contains(entry.path().lexically_normal()), entry.path().c_str());
    }

    void every_study_can_be_read() {
        for (const auto& entry : std::filesystem::directory_iterator(source / "scenarios/studies")) {
            const auto study = sim::read_study(entry.path());
            QVERIFY2(study.has_value(), study ? "" : study.error().front().sentence().c_str());
        }
    }

    void results_are_as_expected() {
        for (const auto& known : cases_) {
            const auto document = model::Document::load(known.scenario);
            QVERIFY2(document.has_value(), known.id.c_str());
            const auto reading = model::read_scenario(*document, *catalog_);
            QVERIFY2(reading.scenario.has_value(), known.id.c_str());
            const auto calibrations = sim::calibrations_for(*reading.scenario);
            QVERIFY2(calibrations.has_value(), known.id.c_str());
            sim::RunOptions options;
            options.replications = 5;
            const auto result = sim::run(*reading.scenario, *catalog_, *calibrations, options);
            QVERIFY2(result.has_value(), result ? "" : result.error().front().sentence().c_str());
            const auto all = sim::deviations(known, *result);
            QVERIFY2(all.has_value(), all ? "" : all.error().front().sentence().c_str());
            for (const auto& each : *all)
                QVERIFY2(each.within(),
                         qPrintable(QString("%1, %2: expected %3, simulated %4 (base units), %5 % off")
                                        .arg(known.id.c_str(), sim::name_of(each.known.key).c_str(),
                                             each.known.text.c_str())
                                        .arg(each.simulated.value)
                                        .arg(100 * each.error)));
        }
    }

private:
    std::unique_ptr<model::Catalog> catalog_;
    std::vector<sim::KnownCase> cases_;
};

QTEST_APPLESS_MAIN(ScenariosTest)
#include "scenarios_test.moc"
