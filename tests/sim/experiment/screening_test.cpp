// Configurations that are screened are those that a file would hold.

#include "sim/experiment/screening.h"

#include "model/catalog/catalog.h"
#include "sim/experiment/run.h"

#include <QTest>

using namespace headroom;

class ScreeningTest : public QObject {
    Q_OBJECT

private slots:
    void a_configuration_reads_like_its_document_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"12-cdc-lakehouse", "16-phase-2-distributed", "17-phase-3-modern",
                                 "28-recommendation-and-pricing", "30-shared-nodes"})
            QTest::newRow(file) << file;
    }
    void a_configuration_reads_like_its_document() {
        QFETCH(QString, file);
        const auto catalog = model::Catalog::load(HEADROOM_SOURCE_DIR "/resources");
        const auto document =
            model::Document::load(HEADROOM_SOURCE_DIR "/scenarios/" + file.toStdString() + ".yaml");
        QVERIFY(catalog && document);
        const auto variables = sim::capacities_of(*document, *catalog, {}, true);
        QVERIFY(!variables.empty());
        const sim::Screening screening(*document, *catalog, {}, variables);
        for (const double part : {0.0, 0.3, 0.9}) {
            sim::Configuration levels;
            for (const auto& variable : variables)
                levels.push_back(
                    static_cast<std::size_t>(part * static_cast<double>(variable.levels.size() - 1)));
            const auto written = screening.document_of(levels);
            QVERIFY(written.has_value());
            const model::Reading from_file = model::read_scenario(*written, *catalog);
            const model::Reading screened = screening.read(levels);
            QCOMPARE(screened.scenario.has_value(), from_file.scenario.has_value());
            QCOMPARE(screened.problems.size(), from_file.problems.size());
            if (screened.scenario)
                QCOMPARE(sim::content_hash(*screened.scenario, {}),
                         sim::content_hash(*from_file.scenario, {}));
        }
    }
};

QTEST_GUILESS_MAIN(ScreeningTest)
#include "screening_test.moc"
