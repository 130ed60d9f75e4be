// Work outlives a crash: this program starts itself as a window that is edited and then killed.

#include "app/desktop/design/design_page.h"
#include "app/desktop/results/results_page.h"
#include "desktop_fixture.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QTest>
#include <cstdio>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;
using headroom::desktop::testing::text_of;

namespace {

constexpr int patience = 60000;

/// Opens a file, edits it, says so once the journal holds the edit, and lives until it is killed.
int edit_until_killed(const QString& file, const QString& data) {
    Window window(testing::catalog(), data);
    window.show();
    if (!window.open(file)) return 1;
    if (!window.project().set("Edit", {"horizon"}, "7 h")) return 1;
    window.journal().write();
    std::puts("written");
    std::fflush(stdout);
    return QApplication::exec();
}

}  // namespace

class RecoverTest : public QObject {
    Q_OBJECT

private slots:
    void unsaved_work_comes_back_after_a_kill() {
        Fixture f;
        const QString file = f.example("01-single-queue.yaml");
        const QString before = text_of(file);
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(),
                     {"--edit-until-killed", file, f.folder.path() + "/data"});
        QVERIFY(victim.waitForStarted());
        while (!victim.canReadLine()) QVERIFY2(victim.waitForReadyRead(patience), "the window did not edit");

        // While it lives nobody else takes its work, and nobody saves over its file.
        f.answer = QMessageBox::Yes;
        f.window->recover();
        QCOMPARE(f.asked, 0);
        QVERIFY(f.window->open(file));
        QVERIFY(f.window->journal().is_locked_out());
        QCOMPARE(f.told.size(), 1);
        const QString elsewhere = f.folder.filePath("copy.yaml");
        f.window->prompts.save_file = [&](QWidget*, const QString&, const QString&, const QString&) {
            return elsewhere;
        };
        QVERIFY(f.window->project().set("Edit", {"horizon"}, "3 h"));
        QVERIFY(f.window->save());
        QCOMPARE(text_of(file), before);
        QVERIFY(text_of(elsewhere).contains("3 h"));

        victim.kill();
        QVERIFY(victim.waitForFinished());
        QCOMPARE(text_of(file), before);
        f.window->recover();
        QCOMPARE(f.asked, 1);
        QVERIFY(f.window->project().document().text().find("horizon: 7 h") != std::string::npos);
        QVERIFY(f.window->isWindowModified());
        QCOMPARE(f.window->project().undo().undoText(), QString("Recover unsaved work"));
        QVERIFY(f.window->save());
        QVERIFY(text_of(file).contains("horizon: 7 h"));
        f.window->recover();
        QCOMPARE(f.asked, 1);  // there is nothing left
        QVERIFY(QDir(f.folder.path() + "/data/unsaved").entryList({"*.unsaved"}).isEmpty());
    }

    void what_is_discarded_does_not_come_back() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        QVERIFY(f.window->project().set("Edit", {"horizon"}, "5 h"));
        const QDir journal(f.folder.path() + "/data/unsaved");
        QTRY_COMPARE(journal.entryList({"*.unsaved"}).size(), 1);
        f.answer = QMessageBox::Discard;
        QVERIFY(f.window->close());
        QVERIFY(journal.entryList({"*.unsaved"}).isEmpty());
        // A lock is gone with its window.
        f.window.reset();
        QVERIFY(QDir(f.folder.path()).entryList({".*.lock"}, QDir::Files | QDir::Hidden).isEmpty());
    }

    void results_survive_a_restart_and_say_when_they_are_stale() {
        Fixture f;
        const QString file = f.example("01-single-queue.yaml");
        QVERIFY(f.window->open(file));
        f.window->run({.horizon = model::hours(1), .replications = 3});
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        f.window.reset();
        {
            Window again(testing::catalog(), f.folder.path() + "/data");
            again.show();
            QVERIFY(again.open(file));
            QTRY_VERIFY_WITH_TIMEOUT(again.results_page().outcome() != nullptr, patience);
            QCOMPARE(again.results_page().outcome()->result->replications, 3);
            QVERIFY(!again.results_page().is_stale());
            QVERIFY(again.export_report(f.folder.filePath("report.html")));
        }

        QVERIFY(testing::write(file, text_of(file).replace("rate: 8/s", "rate: 7/s").toUtf8()));
        Window later(testing::catalog(), f.folder.path() + "/data");
        later.show();
        QVERIFY(later.open(file));
        QTRY_VERIFY_WITH_TIMEOUT(later.results_page().outcome() != nullptr, patience);
        QVERIFY(later.results_page().is_stale());
    }
};

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == QStringLiteral("--edit-until-killed")) {
        QCoreApplication::setOrganizationName("HeadroomTest");
        QCoreApplication::setApplicationName("desktop");
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, arguments[3]);
        return edit_until_killed(arguments[2], arguments[3]);
    }
    RecoverTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "recover_test.moc"
