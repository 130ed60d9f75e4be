// A person drops a sample, writes SQL, sees what it costs, and gives it to a component.

#include "app/desktop/calibrate/calibrate_page.h"
#include "app/desktop/calibrate/calibration_charts.h"
#include "app/desktop/calibrate/plan_models.h"
#include "desktop_fixture.h"

#include <QAbstractItemModelTester>
#include <QChart>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScatterSeries>
#include <QTabWidget>
#include <QTableView>
#include <QtTest/QTest>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;
using headroom::desktop::testing::text_of;

namespace {

constexpr int patience = 120000;

const char* const shop = R"(headroom: 1
name: Shop
horizon: 1 h
workloads:
  clicks:
    stream: {rate: 100 events/s}
    record: {size: 200 B, format: json}
components:
  enrich: {technology: flink, nodes: 1 x m5.large, service: 1 ms}
  lake: {technology: s3}
links:
  - clicks -> enrich -> lake
)";

QByteArray rows(int count) {
    QByteArray text;
    for (int i = 0; i < count; ++i)
        text += "{\"user\": " + QByteArray::number(i % 7) +
                ", \"price\": " + (i % 3 == 0 ? QByteArray("null") : QByteArray::number(i)) + "}\n";
    return text;
}

/// What a person's mouse does; true where the page takes it.
bool drop(QWidget& page, const QStringList& files) {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files) urls << QUrl::fromLocalFile(file);
    data.setUrls(urls);
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&page, &enter);
    if (!enter.isAccepted()) return false;
    QDropEvent dropped({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&page, &dropped);
    return dropped.isAccepted();
}

template <class Widget>
Widget& find(Fixture& f, const char* name) {
    return *f.window->findChild<Widget*>(QLatin1String(name));
}

void idle(Fixture& f) {
    QTRY_VERIFY_WITH_TIMEOUT(!f.window->calibrate_page().measurer().is_running(), patience);
}

bool is_measured_here() { return !sim::engine_here().empty(); }

}  // namespace

class CalibrateTest : public QObject {
    Q_OBJECT

private slots:
    void from_a_dropped_file_to_a_component() {
        if (!is_measured_here()) QSKIP("built without the operator core");
        Fixture f;
        const QString scenario = f.folder.filePath("shop.yaml"), sample = f.folder.filePath("clicks.jsonl");
        QVERIFY(testing::write(scenario, shop));
        QVERIFY(testing::write(sample, rows(2000)));
        QVERIFY(f.window->open(scenario));
        f.window->show_calibrate();
        CalibratePage& page = f.window->calibrate_page();
        QVERIFY(page.isVisible());
        auto& component = find<QComboBox>(f, "calibrate-component");
        QCOMPARE(component.count(), 1);
        QVERIFY(!find<QPushButton>(f, "calibrate-measure").isEnabled());

        QVERIFY(drop(page, {sample}));
        idle(f);
        auto& columns = find<QTableView>(f, "calibrate-columns");
        QCOMPARE(columns.model()->rowCount(), 2);
        QCOMPARE(columns.model()->index(1, 2).data().toString(), QString("33.4 %"));
        QCOMPARE(find<QComboBox>(f, "calibrate-key").count(), 3);
        find<QComboBox>(f, "calibrate-key").setEditText("user");

        auto& text = find<QPlainTextEdit>(f, "calibrate-text");
        QCOMPARE(text.toPlainText(), QString("SELECT * FROM input"));
        text.setPlainText("SELECT user FROM input WHERE prize > 1");
        QTest::mouseClick(&find<QPushButton>(f, "calibrate-measure"), Qt::LeftButton);
        QVERIFY(page.measurer().is_running());
        QVERIFY(find<QProgressBar>(f, "calibrate-progress").isVisible());
        idle(f);
        auto& banner = find<QLabel>(f, "calibrate-banner");
        QVERIFY2(banner.text().contains("prize"), qPrintable(banner.text()));
        QVERIFY(page.calibration() == nullptr);

        text.setPlainText("SELECT user FROM input WHERE price > 1");
        page.measure({.processes = 2, .repetitions = 1});
        idle(f);
        QVERIFY2(page.calibration(), qPrintable(banner.text()));
        QVERIFY(std::abs(page.calibration()->selectivity - 0.6665) < 0.01);
        QCOMPARE(find<QTableView>(f, "calibrate-steps").model()->rowCount(), 2);
        QVERIFY(find<QTableView>(f, "calibrate-operators").model()->rowCount() > 1);
        QCOMPARE(find<QComboBox>(f, "calibrate-step").count(), 3);

        // Each tab shows its own and nothing of the others.
        auto& tabs = find<QTabWidget>(f, "calibrate-tabs");
        for (int tab = 0; tab < tabs.count(); ++tab) {
            tabs.setCurrentIndex(tab);
            for (int other = 0; other < tabs.count(); ++other)
                QCOMPARE(tabs.widget(other)->isVisible(), other == tab);
        }

        const QString sql = f.folder.filePath("enrich.sql");
        f.window->prompts.save_file = [&](QWidget*, const QString&, const QString&, const QString&) {
            return sql;
        };
        QTest::mouseClick(&find<QPushButton>(f, "calibrate-apply"), Qt::LeftButton);
        QVERIFY2(QFile::exists(f.folder.filePath("calibrations/shop.enrich.json")),
                 qPrintable(banner.text()));
        QCOMPARE(text_of(sql), text.toPlainText());
        const std::string written = f.window->project().document().text();
        QVERIFY2(written.find("transform: enrich.sql") != std::string::npos &&
                     written.find("sample: clicks.jsonl") != std::string::npos &&
                     written.find("key: user") != std::string::npos,
                 written.c_str());
        QCOMPARE(f.window->project().undo().count(), 1);
        QVERIFY(f.window->project().is_valid());
        // The live estimate draws from what was measured, and nothing is measured again.
        const sim::TransformInput input = sim::transforms_of(*f.window->project().scenario()).front();
        const auto kept = sim::kept_calibration(*f.window->project().scenario(), input);
        QVERIFY2(kept.calibration, kept.stale.c_str());
        QCOMPARE(kept.calibration->time_per_row.value, page.calibration()->time_per_row.value);

        // Whoever opens it again sees what was measured.
        QVERIFY(f.window->save());
        QVERIFY(f.window->open(scenario));
        idle(f);
        QVERIFY(page.calibration());
        QCOMPARE(page.calibration()->component, std::string("enrich"));

        // Another sample makes it stale, and that is said.
        QVERIFY(testing::write(sample, rows(1000)));
        page.choose_component("enrich");
        idle(f);
        QVERIFY(page.calibration() == nullptr);
        QVERIFY2(banner.text().contains("was made from another sample"), qPrintable(banner.text()));
    }

    void a_measurement_is_cancelled() {
        if (!is_measured_here()) QSKIP("built without the operator core");
        Fixture f;
        const QString sample = f.folder.filePath("clicks.jsonl");
        QVERIFY(testing::write(sample, rows(2000)));
        f.window->show_calibrate();
        CalibratePage& page = f.window->calibrate_page();
        QVERIFY(drop(page, {sample}));
        idle(f);
        find<QPlainTextEdit>(f, "calibrate-text")
            .setPlainText("SELECT sum(hash(a.i, b.i)) FROM input, range(1000000) a(i), range(1000000) b(i)");
        QTest::mouseClick(&find<QPushButton>(f, "calibrate-measure"), Qt::LeftButton);
        QTest::qWait(100);
        QTest::mouseClick(&find<QPushButton>(f, "calibrate-cancel"), Qt::LeftButton);
        idle(f);
        auto& banner = find<QLabel>(f, "calibrate-banner");
        QVERIFY2(banner.text().contains("cancelled"), qPrintable(banner.text()));
        QVERIFY(find<QPushButton>(f, "calibrate-measure").isEnabled());
    }

    void what_cannot_be_measured_is_told() {
        Fixture f;
        CalibratePage& page = f.window->calibrate_page();
        const QString empty = f.folder.filePath("empty.jsonl"), scenario = f.folder.filePath("shop.yaml");
        QVERIFY(testing::write(empty, ""));
        QVERIFY(testing::write(scenario, shop));
        QVERIFY(!drop(page, {scenario}));  // the window's to open
        QVERIFY(drop(page, {empty}));
        idle(f);
        QVERIFY(!find<QLabel>(f, "calibrate-banner").text().isEmpty());
        QVERIFY(!page.take_transform(f.folder.filePath("missing.sql")));
        page.take_sample(f.folder.filePath("missing.jsonl"));
        idle(f);
        QVERIFY2(find<QLabel>(f, "calibrate-banner").text().contains("there is no such file"),
                 qPrintable(find<QLabel>(f, "calibrate-banner").text()));
    }

    void charts_show_what_there_is() {
        model::Calibration c;
        using report::Theme;
        QVERIFY(!fit_chart(c, -1, Theme::light) && !residual_chart(c, -1, Theme::light));
        QVERIFY(!skew_chart(c, Theme::light) && !size_chart(c, Theme::light));
        c.steps = {{.name = "decode"},
                   {.name = "a <b>",
                    .time_per_batch = {1e-3, 0},
                    .time_per_row = {1e-7, 0},
                    .batches = {{100, 1e-3}, {1000, 1.2e-3}, {10'000, 0}}}};
        c.key_shares = {0.5, 0.25};
        c.bytes_out = {{"json", 100}, {"parquet+snappy", 20}};
        for (const Theme theme : {Theme::light, Theme::dark, Theme::print}) {
            const auto fit = fit_chart(c, -1, theme);
            QVERIFY(fit);
            // Points of the one step that was measured, without the one that took no time; and its line.
            QCOMPARE(fit->series().size(), 2);
            QCOMPARE(qobject_cast<QScatterSeries*>(fit->series()[1])->count(), 2);
            QVERIFY(residual_chart(c, 1, theme) && skew_chart(c, theme) && size_chart(c, theme));
            QVERIFY(!fit_chart(c, 0, theme));
        }
    }

    void tables_keep_to_the_rules_of_models() {
        StepModel steps;
        OperatorModel operators;
        ColumnModel columns;
        const QAbstractItemModelTester a(&steps), b(&operators), d(&columns);
        model::Calibration c;
        c.steps = {
            {.name = "decode", .rows_in = 10, .time_per_row = {2e-6, std::nan("")}, .fit_r2 = std::nan("")}};
        c.operators = {{.name = "DECODE", .share = 0.75},
                       {.name = "FILTER", .step = 9, .depth = 1, .share = 0.25}};
        for (int round = 0; round < 2; ++round) {
            steps.show(c);
            operators.show(c);
            columns.show({{"user", "BIGINT", 0.5, 4}}, {{"price is set", 0.75}});
        }
        QCOMPARE(steps.index(0, 3).data().toString(), QString("2 µs"));
        QCOMPARE(steps.index(0, 5).data().toString(), QString("—"));
        QCOMPARE(operators.index(1, 0).data().toString(), QString("   FILTER"));
        QCOMPARE(columns.index(0, 4).data().toString(), QString("75 %"));
        QCOMPARE(columns.index(1, 2).data().toString(), QString("50 %"));
    }
};

QTEST_MAIN(CalibrateTest)
#include "calibrate_test.moc"
