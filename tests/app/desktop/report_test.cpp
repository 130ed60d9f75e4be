#include "app/report/report.h"

#include "app/desktop/report/report_page.h"
#include "app/desktop/results/results_page.h"
#include "desktop_fixture.h"

#include <QAction>
#include <QDir>
#include <QListWidget>
#include <QtTest/QTest>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;
using headroom::desktop::testing::text_of;

namespace {
constexpr int patience = 60'000;
}

class ReportPageTest : public QObject {
    Q_OBJECT
private slots:
    void pages_follow_the_run_and_the_chosen_sections() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        ReportPage& page = f.window->report_page();
        QVERIFY(!page.is_ready());
        sim::RunOptions options;
        options.replications = 3;
        f.window->run(options);
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        f.window->actions()[Do::export_report]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(page.is_ready(), patience);
        const int all = page.pages();
        QVERIFY(all > 1);

        // What the command line would write: the same sections, the same bytes.
        const QString file = f.folder.filePath("plan.md"), whole = f.folder.filePath("whole.md");
        QVERIFY(page.write_to(file));
        QVERIFY(f.window->export_report(whole));
        QVERIFY(text_of(file).contains("Single queue"));
        QCOMPARE(text_of(file), text_of(whole));

        // Fewer sections, fewer pages; the last export again writes what is ticked now.
        for (int i = 1; i < page.sections().count(); ++i)
            page.sections().item(i)->setCheckState(Qt::Unchecked);
        QCOMPARE(page.pages(), 1);
        QCOMPARE(page.chosen(), std::vector<std::string>{"summary"});
        QVERIFY(page.repeat_export());
        QVERIFY(text_of(file).contains("## Summary"));
        QVERIFY(!text_of(file).contains("## Sources"));

        // A place that cannot be written to is said in one sentence, and the last export stays.
        QString said;
        connect(&page, &ReportPage::failed, &page, [&](const QString& text) { said = text; });
        QVERIFY(!page.write_to(f.folder.filePath("none/plan.md")));
        QVERIFY(said.contains("there is no folder"));
        QCOMPARE(page.last_export(), file);
    }

    void a_template_brings_its_own_cover_and_sections() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        sim::RunOptions options;
        options.replications = 3;
        f.window->run(options);
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        f.window->actions()[Do::export_report]->trigger();
        ReportPage& page = f.window->report_page();
        QTRY_VERIFY_WITH_TIMEOUT(page.is_ready(), patience);
        const std::vector<std::string> usual = page.chosen();

        QVERIFY(QDir(f.folder.path()).mkdir("house"));
        const QString folder = f.folder.filePath("house");
        QVERIFY(testing::write(folder + "/approval.txt", "The board approves.\n"));
        QVERIFY(testing::write(folder + "/template.yaml",
                               "cover: Architecture review\nsections: [cost, approval, summary]\n"
                               "own: {approval: {title: Approval, text: approval.txt}}\n"));
        QVERIFY(page.use_template(folder));
        QCOMPARE(page.chosen(), (std::vector<std::string>{"cost", "approval", "summary"}));
        const QString file = f.folder.filePath("plan.html");
        QVERIFY(page.write_to(file));
        QVERIFY(text_of(file).contains("Architecture review"));
        QVERIFY(text_of(file).contains("The board approves."));
        QVERIFY(!text_of(file).contains("Sources"));

        // A wrong one is told in one sentence with its place, and the one in use stays.
        QVERIFY(QDir(f.folder.path()).mkdir("wrong"));
        QVERIFY(testing::write(f.folder.filePath("wrong/template.yaml"), "sections: [cots]\n"));
        QString said;
        connect(&page, &ReportPage::failed, &page, [&](const QString& text) { said = text; });
        QVERIFY(!page.use_template(f.folder.filePath("wrong")));
        QVERIFY2(said.contains("template.yaml") && said.contains("cots"), qPrintable(said));
        QCOMPARE(page.template_folder(), folder);
        QVERIFY(page.use_template({}));
        QCOMPARE(page.chosen(), usual);
    }
};

QTEST_MAIN(ReportPageTest)
#include "report_test.moc"
