// A person breaks a platform, asks why, mends it, and weighs variants against each other.

#include "app/desktop/canvas/node_item.h"
#include "app/desktop/compare/compare_page.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/replay/replay_bar.h"
#include "app/desktop/results/chart_panel.h"
#include "app/desktop/results/exports.h"
#include "app/desktop/results/results_page.h"
#include "app/desktop/shell/command_palette.h"
#include "app/desktop/shell/shortcuts_dialog.h"
#include "app/desktop/why/why_panel.h"
#include "desktop_fixture.h"

#include <QAction>
#include <QDockWidget>
#include <QFileInfo>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSet>
#include <QSlider>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <QtTest/QTest>
#include <algorithm>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;
using headroom::desktop::testing::text_of;

namespace {

constexpr int patience = 120000;

const char* const overloaded = R"(headroom: 1
name: Shop
horizon: 2 h
precision: {half-width: 10 %}
workloads:
  visits:
    requests: {rate: 9/s, daily: {peak: 1.2x, at: "01:00"}}
components:
  web: {technology: queue, servers: 4, service: {exponential: 100 ms}}
  checkout: {technology: queue, servers: 1, service: {exponential: 100 ms}}
links:
  - visits -> web -> checkout
objectives:
  - response time of visits: mean <= 500 ms
)";

void finish(Fixture& f) { QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience); }

sim::RunOptions few() { return {.level = model::Level::record, .replications = 4}; }

}  // namespace

class DecideTest : public QObject {
    Q_OBJECT

private slots:
    void from_a_broken_objective_to_its_cause_and_its_remedy() {
        Fixture f;
        const QString file = f.folder.filePath("shop.yaml");
        QVERIFY(testing::write(file, overloaded));
        QVERIFY(f.window->open(file));
        QVERIFY(!f.window->actions()[Do::ask_why]->isEnabled());
        f.window->run(few());
        finish(f);
        f.window->actions()[Do::ask_why]->trigger();
        QCOMPARE(f.window->page(), Window::design);
        DesignPage& design = f.window->design_page();
        WhyPanel& why = design.why_panel();
        QVERIFY(why.isVisible());
        auto* steps = f.window->findChild<QListWidget*>("why-steps");
        QVERIFY(steps->count() >= 3 && steps->count() <= 5);
        QVERIFY2(steps->item(1)->text().contains("checkout"), qPrintable(steps->item(1)->text()));
        // The canvas shows where: what is not concerned fades.
        QVERIFY(design.canvas().node("checkout")->opacity() > design.canvas().node("web")->opacity());
        QTRY_VERIFY_WITH_TIMEOUT(!why.is_searching(), patience);
        auto* changes = f.window->findChild<QListWidget*>("why-changes");
        QVERIFY2(changes->count() >= 1, qPrintable(why.text()));
        bool servers = false;
        for (int row = 0; row < changes->count() && !servers; ++row) {
            servers = changes->item(row)->text().startsWith("components.checkout.servers: 1 -> 2");
            if (servers) changes->setCurrentRow(row);
        }
        QVERIFY2(servers, qPrintable(why.text()));
        QTest::mouseClick(f.window->findChild<QPushButton*>("why-apply"), Qt::LeftButton);
        QCOMPARE(f.window->project().undo().undoText(), QString("Set servers of checkout from 1 to 2"));
        QVERIFY(f.window->results_page().is_stale());
        f.window->run(few());
        finish(f);
        QCOMPARE(f.window->results_page().outcome()->result->objectives[0].verdict, model::Verdict::met);
        QVERIFY(f.window->save());
        QVERIFY(text_of(file).contains("servers: 2"));
    }

    void a_simulated_day_is_replayed_on_the_canvas() {
        Fixture f;
        const QString file = f.folder.filePath("shop.yaml");
        QVERIFY(testing::write(file, overloaded));
        QVERIFY(f.window->open(file));
        f.window->run(few());
        finish(f);
        f.window->actions()[Do::replay]->trigger();
        ReplayBar& bar = f.window->design_page().replay_bar();
        QVERIFY(bar.isVisible());
        Canvas& canvas = f.window->design_page().canvas();
        bar.set_time(3600);
        const auto moment = bar.at_time("checkout");
        QVERIFY(moment);
        QCOMPARE(canvas.node("checkout")->overview().utilisation, moment->utilisation);
        QVERIFY(canvas.node("checkout")->overview().technology.contains("present"));
        auto* slider = f.window->findChild<QSlider*>("replay-slider");
        const double time = bar.time();
        QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(bar.time() > time);
        f.window->actions()[Do::replay]->trigger();
        QVERIFY(!bar.isVisible());
        QVERIFY(!canvas.node("checkout")->overview().technology.contains("present"));
    }

    void a_failure_is_seen_in_the_replay() {
        Fixture f;
        const QString file = f.folder.filePath("shop.yaml");
        QVERIFY(
            testing::write(file, QString(overloaded).toUtf8() +
                                     "failures:\n  patch: {of: web, takes: all, at: 1 h, repair: 10 min}\n"));
        QVERIFY(f.window->open(file));
        f.window->run(few());
        finish(f);
        f.window->actions()[Do::replay]->trigger();
        ReplayBar& bar = f.window->design_page().replay_bar();
        const Overview& web = f.window->design_page().canvas().node("web")->overview();
        QCOMPARE(web.capacity, 1.0);
        bar.set_time(3600 + 300);
        QCOMPARE(web.capacity, 0.0);
        QVERIFY(f.window->findChild<QLabel*>("replay-time")->text().contains("web: down"));
        const double queue = bar.at_time("web")->queue;
        bar.set_time(3600 - 300);
        QVERIFY2(queue > 10 * bar.at_time("web")->queue, "requests wait while nobody serves them");
        // The way from event to event, by keyboard.
        auto* next = f.window->findChild<QToolButton*>("replay-next");
        next->setFocus();
        QTest::keyClick(next, Qt::Key_Space);
        QVERIFY(std::abs(bar.time() - 3600) < 60);
        QTest::keyClick(next, Qt::Key_Space);
        QVERIFY(std::abs(bar.time() - 4200) < 60);
        QCOMPARE(web.capacity, 1.0);
        QVERIFY(!bar.to_next_event());
    }

    void autoscaling_is_seen_in_the_replay() {
        Fixture f;
        QVERIFY(f.window->open(HEADROOM_SOURCE_DIR "/scenarios/23-autoscaling.yaml"));
        f.window->run({.level = model::Level::flow, .replications = 2});
        finish(f);
        f.window->actions()[Do::replay]->trigger();
        ReplayBar& bar = f.window->design_page().replay_bar();
        const Overview& servers = f.window->design_page().canvas().node("servers")->overview();
        // Forty servers are the most; a schedule has 60 % of them there before the campaign and until after
        // it.
        bar.set_time(8 * 3600.0);
        QVERIFY2(servers.scaled > 0.09 && servers.scaled < 0.6, qPrintable(QString::number(servers.scaled)));
        QCOMPARE(servers.capacity, 1.0);
        QVERIFY(f.window->findChild<QLabel*>("replay-time")->text().contains("servers: scaled to"));
        bar.set_time(37 * 3600.0);
        QVERIFY(servers.scaled >= 0.6);
        QVERIFY(!bar.to_next_event());  // scaling is no failure
    }

    void a_variant_holds_the_difference_and_is_weighed_against_its_base() {
        Fixture f;
        const QString file = f.folder.filePath("shop.yaml");
        QVERIFY(testing::write(file, overloaded));
        QVERIFY(f.window->open(file));
        const QString variant = f.folder.filePath("shop-two.yaml");
        QVERIFY(f.window->create_variant(variant));
        QVERIFY(!f.window->create_variant(variant));  // it would extend itself
        QVERIFY(text_of(variant).contains("extends: shop.yaml"));
        QVERIFY(f.window->project().set("Edit", {"components", "checkout", "servers"}, "2"));
        QVERIFY(f.window->save());
        QVERIFY(!text_of(variant).contains("workloads"));
        f.window->run_comparison(few());
        finish(f);
        QCOMPARE(f.window->findChild<QTableView*>("input-differences")->model()->rowCount(), 2);
        const auto* differences = f.window->findChild<QTableView*>("differences")->model();
        const QString markdown = markdown_of(*differences);
        QVERIFY2(markdown.contains("Response time, mean") && markdown.contains("better"),
                 qPrintable(markdown));
        QVERIFY(csv_of(*differences).startsWith("Figure,Of,"));
        f.window->show_page(Window::compare);
        int charts = 0;
        for (auto* panel : f.window->compare_page().findChildren<ChartPanel*>()) {
            if (panel->isHidden()) continue;
            ++charts;
            for (const char* ending : {"svg", "png", "pdf"}) {
                const QString chart = f.folder.filePath(QStringLiteral("chart%1.").arg(charts) + ending);
                QVERIFY(panel->save(chart));
                QVERIFY(QFileInfo(chart).size() > 500);
            }
            QVERIFY(!panel->save(f.folder.filePath("chart.doc")));
        }
        QVERIFY(charts >= 2);
    }

    void runs_wait_in_line_and_replications_are_added() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        sim::RunOptions options{.level = model::Level::record, .horizon = model::hours(1), .replications = 3};
        f.window->run(options);
        f.window->run(options);
        QCOMPARE(f.window->runner().waiting(), 1);
        QVERIFY(f.window->findChild<QLabel*>("waiting-runs")->text().contains("1"));
        finish(f);
        QCOMPARE(f.window->runner().waiting(), 0);
        const auto three = f.window->results_page().outcome()->result;
        f.window->actions()[Do::more_replications]->trigger();
        finish(f);
        const auto six = f.window->results_page().outcome()->result;
        QCOMPARE(six->replications, 6);
        const auto* before = three->find({"response.mean", "", "jobs"});
        const auto* after = six->find({"response.mean", "", "jobs"});
        QVERIFY(std::equal(before->replications.begin(), before->replications.end(),
                           after->replications.begin()));
        QVERIFY(after->simulated.half_width < before->simulated.half_width);
    }

    void every_action_is_found_and_its_keys_can_be_changed() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        f.window->actions()[Do::command_palette]->trigger();
        auto* palette = f.window->findChild<CommandPalette*>();
        auto* search = palette->findChild<QLineEdit*>();
        QTest::keyClicks(search, "select all");
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(f.window->design_page().canvas().selected_nodes().size(), 2);

        f.window->actions()[Do::edit_shortcuts]->trigger();
        auto* dialog = f.window->findChild<ShortcutsDialog*>();
        auto* table = dialog->findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), static_cast<int>(action_specs().size()));
        int row = 0;
        while (action_specs()[static_cast<std::size_t>(row)].what != Do::find) ++row;
        table->selectRow(row);
        auto* keys = dialog->findChild<QKeySequenceEdit*>();
        keys->setKeySequence(QKeySequence("Ctrl+S"));  // taken
        emit keys->editingFinished();
        QCOMPARE(f.window->actions()[Do::find]->shortcut(), QKeySequence("Ctrl+F"));
        keys->setKeySequence(QKeySequence("Ctrl+J"));
        emit keys->editingFinished();
        QCOMPARE(f.window->actions()[Do::find]->shortcut(), QKeySequence("Ctrl+J"));
        dialog->close();
        const Window again(testing::catalog(), f.folder.path() + "/other");
        QCOMPARE(again.actions()[Do::find]->shortcut(), QKeySequence("Ctrl+J"));
        f.window->actions().reset_shortcuts();
        QCOMPARE(f.window->actions()[Do::find]->shortcut(), QKeySequence("Ctrl+F"));
    }

    void no_two_actions_share_keys() {
        QSet<QString> keys, ids;
        for (const ActionSpec& spec : action_specs()) {
            QVERIFY2(!ids.contains(spec.id), spec.id);
            ids << spec.id;
            if (spec.shortcut == nullptr) continue;
            QVERIFY2(!keys.contains(spec.shortcut), spec.shortcut);
            keys << spec.shortcut;
        }
    }

    void the_window_can_be_put_back_as_it_was() {
        Fixture f;
        QVERIFY(f.window->open(f.example("01-single-queue.yaml")));
        f.window->actions()[Do::show_history]->trigger();
        auto* dock = f.window->findChild<QDockWidget*>("history");
        QVERIFY(dock->isVisible());
        f.window->actions()[Do::reset_layout]->trigger();
        QVERIFY(!dock->isVisible());
        QVERIFY(!f.window->actions()[Do::show_history]->isChecked());
    }
};

QTEST_MAIN(DecideTest)
#include "decide_test.moc"
