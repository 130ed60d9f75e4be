// What a person does in the window, from opening a file to comparing two runs.

#include "app/desktop/shell/window.h"

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/compare/compare_page.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/results/results_page.h"
#include "app/desktop/welcome/welcome_page.h"
#include "desktop_fixture.h"

#include <QAbstractItemModel>
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTextBlock>
#include <QtTest/QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;
using headroom::desktop::testing::text_of;

namespace {

constexpr int patience = 60000;

sim::RunOptions few() {
    sim::RunOptions options;
    options.replications = 3;
    options.horizon = model::hours(1);
    return options;
}

double utilisation(Window& window, const char* id) {
    return window.design_page().canvas().node(QString::fromLatin1(id))->overview().utilisation;
}

}  // namespace

class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void opens_an_example_from_the_welcome_page() {
        Fixture f;
        QVERIFY(f.window->welcome_page().example_count() >= 2);
        QTest::mouseClick(f.window->findChild<QPushButton*>("example:01-single-queue"), Qt::LeftButton);
        QCOMPARE(f.window->page(), Window::design);
        QVERIFY(f.window->design_page().canvas().node("server"));
        QVERIFY(f.window->windowTitle().contains("01-single-queue.yaml"));
        QCOMPARE(f.window->findChild<QTableView*>("component-table")->model()->rowCount(), 2);
    }

    void an_edit_with_units_changes_the_estimate_and_can_be_undone() {
        Fixture f;
        const QString file = f.example("01-single-queue.yaml");
        QVERIFY(f.window->open(file));
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        QVERIFY(std::abs(utilisation(*f.window, "server") - 0.8) < 1e-6);

        f.window->design_page().select("jobs");
        FieldEditor* rate = f.window->design_page().inspector().field("rate");
        QVERIFY(rate);
        auto* line = rate->findChild<QLineEdit*>();
        line->setFocus();
        line->selectAll();
        QTest::keyClicks(line, "240 requests/min");
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        QVERIFY(std::abs(utilisation(*f.window, "server") - 0.4) < 1e-6);
        QVERIFY2(rate->echo().contains("4"), qPrintable(rate->echo()));
        QCOMPARE(f.window->actions()[Do::undo]->text(),
                 QString("&Undo: Set rate of jobs to 240 requests/min"));

        f.window->actions()[Do::undo]->trigger();
        QCOMPARE(QString::fromStdString(f.window->project().document().text()), text_of(file));
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        QVERIFY(std::abs(utilisation(*f.window, "server") - 0.8) < 1e-6);
        QVERIFY(!f.window->project().is_modified());
        f.window->actions()[Do::redo]->trigger();
        QVERIFY(f.window->project().document().text().find("240 requests/min") != std::string::npos);
    }

    void a_wrong_value_is_a_problem_and_not_lost() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        f.window->design_page().select("jobs");
        FieldEditor* rate = f.window->design_page().inspector().field("rate");
        rate->enter("8 MB/s");
        QVERIFY(!f.window->project().is_valid());
        QVERIFY(!rate->error().isEmpty());
        QCOMPARE(rate->text(), QString("8 MB/s"));
        auto* problems = f.window->findChild<QTableView*>("problems");
        QVERIFY(problems->isVisible());
        QVERIFY(problems->model()->rowCount() >= 1);
        QVERIFY(f.window->design_page().canvas().node("server"));
        QVERIFY(f.window->design_page().canvas().node("jobs")->overview().errors > 0);
        QVERIFY(!f.window->actions()[Do::run]->isEnabled());
        // "Go to" brings the person to the field.
        f.window->design_page().select({});
        emit problems->activated(problems->model()->index(0, 0));
        QCOMPARE(f.window->design_page().inspector().subject(), QString("jobs"));
        f.window->actions()[Do::undo]->trigger();
        QVERIFY(f.window->project().is_valid());
        QVERIFY(!problems->isVisible());
    }

    void a_bad_file_is_told_or_shown_and_harms_nothing_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("binary") << QByteArray("\xff\xfe\x00\x01", 4);
        QTest::newRow("cut off") << QByteArray("headroom: 1\nworkloads: [");
        QTest::newRow("newer") << QByteArray("headroom: 99\n");
        QTest::newRow("a list") << QByteArray("- a\n- b\n");
        QTest::newRow("unknown technology")
            << QByteArray("headroom: 1\ncomponents: {a: {technology: nothing}}\n");
    }
    void a_bad_file_is_told_or_shown_and_harms_nothing() {
        QFETCH(QByteArray, text);
        Fixture f;
        const QString file = f.folder.filePath("bad.yaml");
        QVERIFY(desktop::testing::write(file, text));
        if (f.window->open(file))
            QVERIFY(!f.window->project().problems().empty());
        else
            QVERIFY(!f.told.isEmpty());
        QVERIFY(!f.window->actions()[Do::run]->isEnabled());
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        QVERIFY(f.window->actions()[Do::run]->isEnabled());
    }

    void a_broken_file_can_be_mended_as_text() {
        Fixture f;
        const QString file = f.example("01-single-queue.yaml");
        QVERIFY(desktop::testing::write(file, text_of(file).replace("8/s", "8 MB/s").toUtf8()));
        QVERIFY(f.window->open(file));
        QVERIFY(!f.window->project().is_valid());
        auto* problems = f.window->findChild<QTableView*>("problems");
        emit problems->activated(problems->model()->index(0, 0));
        auto* text = f.window->findChild<QPlainTextEdit*>("text");
        QVERIFY(text->isVisible());
        QCOMPARE(text->textCursor().block().text().trimmed(), QString("requests: {rate: 8 MB/s}"));
        QTextCursor cursor = text->textCursor();
        cursor.movePosition(QTextCursor::StartOfBlock);
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        cursor.insertText("    requests: {rate: 8/s}");
        QTRY_VERIFY_WITH_TIMEOUT(f.window->project().is_valid(), patience);
        QVERIFY(f.window->design_page().canvas().node("server"));
        f.window->actions()[Do::undo]->trigger();
        QVERIFY(text->toPlainText().contains("8 MB/s"));
    }

    void a_moved_node_is_saved_and_auto_layout_is_one_step() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        Canvas& canvas = f.window->design_page().canvas();
        canvas.select("server");
        const QPointF before = canvas.node("server")->pos();
        QTest::keyClick(&canvas, Qt::Key_Down, Qt::ControlModifier);
        const QPointF after = canvas.node("server")->pos();
        QVERIFY(after.y() > before.y());
        QVERIFY(f.window->project().document().text().find("layout:") != std::string::npos);
        QVERIFY(f.window->project().is_valid());
        const int steps = f.window->project().undo().count();
        f.window->actions()[Do::auto_layout]->trigger();
        QCOMPARE(f.window->project().undo().count(), steps + 1);
        QCOMPARE(canvas.node("server")->pos(), before);
        f.window->actions()[Do::undo]->trigger();
        QCOMPARE(canvas.node("server")->pos(), after);
    }

    void arrow_keys_select_what_the_inspector_shows() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        Canvas& canvas = f.window->design_page().canvas();
        canvas.select("jobs");
        QTest::keyClick(&canvas, Qt::Key_Right);
        QCOMPARE(canvas.selected(), QString("server"));
        QCOMPARE(f.window->design_page().inspector().subject(), QString("server"));
        QVERIFY(f.window->design_page().inspector().field("service"));
        QTest::keyClick(&canvas, Qt::Key_Escape);
        QVERIFY(f.window->design_page().inspector().field("horizon"));
    }

    void runs_and_shows_results_that_grow_stale() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        f.window->run(few());
        QVERIFY(f.window->runner().is_running());
        QVERIFY(f.window->actions()[Do::cancel]->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        const RunOutcome* outcome = f.window->results_page().outcome();
        QVERIFY(outcome);
        QCOMPARE(outcome->result->replications, 3);
        QCOMPARE(f.window->findChild<QTableView*>("figures")->model()->rowCount(),
                 static_cast<int>(outcome->result->figures.size()));
        QVERIFY(!f.window->results_page().is_stale());
        // Where a node stands changes no result; a parameter does.
        f.window->design_page().canvas().select("server");
        QTest::keyClick(&f.window->design_page().canvas(), Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(!f.window->results_page().is_stale());
        QVERIFY(f.window->project().set("Edit", {"components", "server", "servers"}, "2"));
        QVERIFY(f.window->results_page().is_stale());
        f.window->actions()[Do::undo]->trigger();
        QVERIFY(!f.window->results_page().is_stale());

        const QString report = f.folder.filePath("report.html");
        QVERIFY(f.window->export_report(report));
        QVERIFY(text_of(report).contains("Single queue"));
    }

    void a_cancelled_run_ends_and_another_can_start() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        sim::RunOptions endless;
        endless.level = model::Level::record;
        endless.replications = 5000;
        f.window->run(endless);
        QVERIFY(f.window->runner().is_running());
        QTest::qWait(50);
        f.window->actions()[Do::cancel]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        QVERIFY(f.window->findChild<QLabel*>("results-banner")->text().contains("cancelled"));
        f.window->run(few());
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        QCOMPARE(f.window->results_page().outcome()->result->replications, 3);
    }

    void compares_with_the_pinned_baseline() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        QVERIFY(!f.window->actions()[Do::run_comparison]->isEnabled());
        f.window->actions()[Do::pin_baseline]->trigger();
        QVERIFY(f.window->project().set("Edit", {"components", "server", "servers"}, "2"));
        f.window->run_comparison(few());
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        auto* inputs = f.window->findChild<QTableView*>("input-differences")->model();
        QCOMPARE(inputs->rowCount(), 1);
        QCOMPARE(inputs->index(0, 0).data().toString(), QString("components.server.servers"));
        QCOMPARE(inputs->index(0, 1).data().toString(), QString("1"));
        QCOMPARE(inputs->index(0, 2).data().toString(), QString("2"));
        auto* figures = f.window->findChild<QTableView*>("differences")->model();
        QString meaning;
        for (int row = 0; row < figures->rowCount(); ++row)
            if (figures->index(row, 0).data().toString() == "Response time, mean" &&
                figures->index(row, 1).data().toString() == "jobs")
                meaning = figures->index(row, 6).data().toString();
        QCOMPARE(meaning, QString("better"));
        QVERIFY(f.window->compare_page().compared());
    }

    void saves_with_comments_and_never_over_another_programs_change() {
        Fixture f;
        const QString file = f.example("01-single-queue.yaml");
        const QString original = text_of(file);
        QVERIFY(f.window->open(file));
        QVERIFY(f.window->project().set("Edit", {"horizon"}, "5 h"));
        QVERIFY(f.window->isWindowModified());
        QVERIFY(f.window->save());
        QVERIFY(!f.window->isWindowModified());
        QCOMPARE(text_of(file), QString(original).replace("horizon: 10 h", "horizon: 5 h"));

        QVERIFY(desktop::testing::write(file, original.toUtf8() + "# theirs\n"));
        QVERIFY(f.window->project().set("Edit", {"horizon"}, "6 h"));
        f.answer = QMessageBox::No;
        QVERIFY(!f.window->save());
        QCOMPARE(f.asked, 1);
        QVERIFY(text_of(file).endsWith("# theirs\n"));
        f.answer = QMessageBox::Yes;
        QVERIFY(f.window->save());
        QVERIFY(text_of(file).contains("horizon: 6 h"));
    }

    void asks_before_losing_changes() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        QVERIFY(f.window->project().set("Edit", {"horizon"}, "5 h"));
        f.answer = QMessageBox::Cancel;
        QVERIFY(!f.window->close());
        QVERIFY(!f.window->open(f.folder.filePath("other.yaml")));
        QCOMPARE(f.asked, 2);
        f.answer = QMessageBox::Discard;
        QVERIFY(f.window->close());
    }

    void appearance_can_be_switched_while_everything_is_shown() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        f.window->run(few());
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        for (const Do what :
             {Do::appearance_dark, Do::appearance_light, Do::appearance_dark, Do::appearance_system}) {
            f.window->actions()[what]->trigger();
            QCoreApplication::processEvents();
            QVERIFY(f.window->actions()[what]->isChecked());
        }
        f.window->set_appearance(Appearance::dark);
        QVERIFY(theme().dark);
    }

    void the_systems_appearance_is_followed_while_the_program_runs() {
        Fixture f;
        const auto report = [&](uint scheme) {  // as the settings portal does
            f.window->system_theme().take_setting("org.freedesktop.appearance", "color-scheme",
                                                  QDBusVariant(QVariant::fromValue(scheme)));
        };
        f.window->set_appearance(Appearance::system);
        report(1);
        QVERIFY(theme().dark);
        report(2);
        QVERIFY(!theme().dark);
        f.window->set_appearance(Appearance::light);
        report(1);
        QVERIFY2(!theme().dark, "what the person chose stands");
        f.window->set_appearance(Appearance::system);
        QVERIFY(theme().dark);
        f.window->system_theme().take_setting("org.gnome.desktop.interface", "color-scheme",
                                              QDBusVariant(QStringLiteral("prefer-light")));
        QVERIFY(theme().dark);
    }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
