// A person draws a platform from nothing, with mouse and keyboard, and edits it on the canvas.

#include "app/desktop/canvas/canvas.h"
#include "app/desktop/canvas/link_item.h"
#include "app/desktop/canvas/minimap.h"
#include "app/desktop/canvas/node_item.h"
#include "app/desktop/design/design_page.h"
#include "app/desktop/inspector/inspector.h"
#include "app/desktop/palette/palette_model.h"
#include "app/desktop/palette/palette_panel.h"
#include "app/desktop/results/results_page.h"
#include "desktop_fixture.h"
#include "model/kinds/kind.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QTableView>
#include <QtTest/QTest>
#include <cmath>

using namespace headroom;
using namespace headroom::desktop;
using headroom::desktop::testing::Fixture;
using headroom::desktop::testing::text_of;

namespace {

constexpr int patience = 60000;

QPoint in_view(const Canvas& canvas, QPointF place) { return canvas.mapFromScene(place); }

/// Draws a link with the mouse, from the port of one node to the middle of another.
void draw_link(Canvas& canvas, const char* from, const char* to) {
    const QPoint start = in_view(canvas, canvas.node(QString::fromLatin1(from))->out_port());
    const QPoint end = in_view(
        canvas, canvas.node(QString::fromLatin1(to))->pos() + QPointF(NodeItem::width, NodeItem::height) / 2);
    QTest::mousePress(canvas.viewport(), Qt::LeftButton, Qt::NoModifier, start);
    QTest::mouseMove(canvas.viewport(), (start + end) / 2);
    QTest::mouseMove(canvas.viewport(), end);
    QTest::mouseRelease(canvas.viewport(), Qt::LeftButton, Qt::NoModifier, end);
}

void drop(Canvas& canvas, const char* entry, QPoint place) {
    QMimeData data;
    data.setData(QLatin1String(Canvas::palette_mime), entry);
    // Qt hands a drop only to who was entered before.
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.viewport(), &enter);
    QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.viewport(), &event);
}

/// Sentences of what is wrong with the scenario.
std::string sentences(Fixture& f) {
    std::string all;
    for (const model::Problem& problem : f.window->project().problems()) all += problem.sentence() + "\n";
    return all;
}

std::string text(Fixture& f) { return f.window->project().document().text(); }

QString undo_text(Fixture& f) { return f.window->project().undo().undoText(); }

}  // namespace

class DrawTest : public QObject {
    Q_OBJECT

private slots:
    void panning_shows_what_a_whole_frame_would_data() {
        QTest::addColumn<double>("size");
        QTest::newRow("close") << 1.0;
        QTest::newRow("half") << 0.6;
        QTest::newRow("far") << 0.3;
    }
    void panning_shows_what_a_whole_frame_would() {
        QFETCH(double, size);
        Picture picture;
        for (int i = 0; i < 60; ++i) {
            Overview one;
            one.id = QStringLiteral("node-%1").arg(i);
            one.utilisation = i / 60.0;
            picture.positions[one.id.toStdString()] = {i / 6 * 236.0, i % 6 * 122.0};
            picture.nodes.push_back(std::move(one));
            if (i >= 7)
                picture.links.push_back({picture.nodes[static_cast<std::size_t>(i) - 7].id,
                                         picture.nodes.back().id,
                                         QStringLiteral("1.2k/s"),
                                         {},
                                         false});
        }
        picture.links.push_back({QStringLiteral("node-50"), QStringLiteral("node-3"), {}, {}, false});
        Canvas canvas;
        canvas.resize(700, 420);
        canvas.show_picture(picture);
        canvas.show();
        canvas.resetTransform();
        canvas.scale(size, size);
        canvas.centerOn(900, 300);
        const auto shown = [&] {
            QCoreApplication::processEvents();
            return canvas.screen()->grabWindow(canvas.winId()).toImage();
        };
        QVERIFY(!shown().isNull());
        for (int step = 0; step < 6; ++step) {
            canvas.horizontalScrollBar()->setValue(canvas.horizontalScrollBar()->value() + 13);
            canvas.verticalScrollBar()->setValue(canvas.verticalScrollBar()->value() - 7);
            QCoreApplication::processEvents();
        }
        const QImage panned = shown();
        canvas.viewport()->update();
        QCOMPARE(panned, shown());
    }

    void from_nothing_to_a_result_and_back_from_disk() {
        Fixture f;
        f.window->actions()[Do::new_scenario]->trigger();
        QCOMPARE(f.window->page(), Window::design);
        DesignPage& design = f.window->design_page();
        Canvas& canvas = design.canvas();
        QVERIFY(!f.window->actions()[Do::run]->isEnabled());

        // Workload by keyboard, the first component dropped, the second by a double click.
        f.window->actions()[Do::add]->trigger();
        auto* search = f.window->findChild<QLineEdit*>("palette-search");
        QTest::keyClicks(search, "requests rate");
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(canvas.node("requests"));
        QCOMPARE(canvas.selected(), QString("requests"));
        drop(canvas, "technology:queue", QPoint(500, 120));
        QVERIFY(canvas.node("queue"));
        draw_link(canvas, "requests", "queue");
        QVERIFY(canvas.link("requests", "queue"));
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
        canvas.select("queue");
        search->clear();
        QTest::keyClicks(search, "delay");
        auto* list = f.window->findChild<QListView*>("palette-list");
        emit list->activated(list->currentIndex());
        QVERIFY(canvas.node("delay"));
        QVERIFY(canvas.link("queue", "delay"));  // it goes on from what was selected
        QVERIFY2(f.window->project().is_valid(), text(f).c_str());
        QVERIFY(canvas.node("delay")->x() > canvas.node("queue")->x());

        f.window->prompts.enter_text = [](QWidget*, const QString&, const QString&, const QString&) {
            return QString("checkout");
        };
        canvas.select("queue");
        f.window->actions()[Do::rename]->trigger();
        QVERIFY(canvas.node("checkout"));
        QCOMPARE(design.inspector().subject(), QString("checkout"));
        design.inspector().field("service")->enter("20 ms");
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->live().is_pending(), patience);
        QVERIFY(canvas.node("checkout")->overview().bottleneck);
        QVERIFY(!canvas.link("requests", "checkout")->overview().text.isEmpty());

        f.window->run({.level = model::Level::record, .horizon = model::hours(1), .replications = 3});
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->runner().is_running(), patience);
        QVERIFY(f.window->results_page().outcome());

        const QString file = f.folder.filePath("drawn.yaml");
        f.window->prompts.save_file = [&](QWidget*, const QString&, const QString&, const QString&) {
            return file;
        };
        QVERIFY(f.window->save());
        QVERIFY(f.window->open(file));
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
        QVERIFY(canvas.link("checkout", "delay"));
        // Every step can be taken back, by its name.
        QVERIFY(text_of(file).contains("checkout"));
    }

    void every_entry_of_the_palette_can_be_put_in() {
        Fixture f;
        f.window->actions()[Do::new_scenario]->trigger();
        DesignPage& design = f.window->design_page();
        PaletteModel model(*testing::catalog());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        int entries = 0;
        for (int row = 0; row < model.rowCount(); ++row) {
            const PaletteEntry* entry = model.entry(model.index(row));
            if (entry == nullptr) continue;
            ++entries;
            design.canvas().select({});
            design.add(entry->id);
            const QString id = QString::fromStdString(entry->name);
            QVERIFY2(design.canvas().node(id), qPrintable(entry->id));
            for (const model::Problem& problem : f.window->project().problems())
                QVERIFY2(problem.field.find(entry->name + ".") == std::string::npos,
                         problem.sentence().c_str());
            QVERIFY(undo_text(f).startsWith("Add "));
        }
        QCOMPARE(entries, static_cast<int>(testing::catalog()->technologies().size()) + 3);
        model.search("kafka log");
        QVERIFY(model.entry(model.first_entry()));
        model.search("no such thing");
        QCOMPARE(model.rowCount(), 0);
    }

    void a_link_that_makes_no_sense_is_refused_while_it_is_drawn() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        Canvas& canvas = f.window->design_page().canvas();
        const int steps = f.window->project().undo().count();
        QVERIFY(!canvas.why_no_link("brokers", "clicks").isEmpty());      // nothing leads to a workload
        QVERIFY(!canvas.why_no_link("clicks", "brokers").isEmpty());      // they are linked already
        QVERIFY(!canvas.why_no_link("dashboards", "brokers").isEmpty());  // a log answers no requests
        QVERIFY(canvas.why_no_link("brokers", "lake").isEmpty());
        draw_link(canvas, "dashboards", "brokers");
        QCOMPARE(f.window->project().undo().count(), steps);
        draw_link(canvas, "brokers", "lake");
        QCOMPARE(undo_text(f), QString("Link brokers to lake"));
        QVERIFY(canvas.link("brokers", "lake"));
        f.window->actions()[Do::remove]->trigger();  // the new link is selected
        QVERIFY(!canvas.link("brokers", "lake"));
        f.window->actions()[Do::undo]->trigger();
        f.window->actions()[Do::undo]->trigger();
        QVERIFY(!canvas.link("brokers", "lake"));
    }

    void deleting_takes_links_and_objectives_and_undo_brings_them_back() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        const std::string before = text(f);
        Canvas& canvas = f.window->design_page().canvas();
        canvas.select_nodes({"warehouse", "dashboards"});
        f.window->actions()[Do::remove]->trigger();
        QCOMPARE(undo_text(f), QString("Delete 2 nodes"));
        QVERIFY(!canvas.node("warehouse"));
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
        // What the author tells the readers of the report is not the program's to change.
        QVERIFY(text(f).substr(0, text(f).find("\nreport:")).find("warehouse") == std::string::npos);
        QVERIFY(text(f).find("run for real on the sample") != std::string::npos);
        f.window->actions()[Do::undo]->trigger();
        QCOMPARE(QString::fromStdString(text(f)), QString::fromStdString(before));
        QVERIFY(canvas.link("dashboards", "warehouse"));
    }

    void copies_as_text_between_windows() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        f.window->design_page().canvas().select_nodes({"clicks", "brokers"});
        f.window->actions()[Do::copy]->trigger();
        QVERIFY(QApplication::clipboard()->text().contains("technology: kafka"));
        Fixture other;
        other.window->actions()[Do::new_scenario]->trigger();
        other.window->actions()[Do::paste]->trigger();
        QVERIFY(other.window->design_page().canvas().link("clicks", "brokers"));
        other.window->actions()[Do::paste]->trigger();
        QVERIFY(other.window->design_page().canvas().link("clicks-2", "brokers-2"));
        QCOMPARE(other.window->design_page().canvas().selected_nodes(),
                 QStringList({"brokers-2", "clicks-2"}));
        other.window->actions()[Do::duplicate]->trigger();
        QVERIFY(other.window->design_page().canvas().link("clicks-3", "brokers-3"));
        other.window->actions()[Do::cut]->trigger();
        QVERIFY(!other.window->design_page().canvas().node("clicks-3"));
        QApplication::clipboard()->setText("nothing of ours");
        const int steps = other.window->project().undo().count();
        other.window->actions()[Do::paste]->trigger();
        QCOMPARE(other.window->project().undo().count(), steps);
    }

    void aligns_distributes_groups_and_shows_the_whole() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        Canvas& canvas = f.window->design_page().canvas();
        canvas.select_nodes({"brokers", "enrich", "warehouse"});
        f.window->actions()[Do::align_top]->trigger();
        QCOMPARE(canvas.node("brokers")->y(), canvas.node("warehouse")->y());
        f.window->actions()[Do::align_left]->trigger();
        f.window->actions()[Do::undo]->trigger();
        f.window->actions()[Do::distribute_across]->trigger();
        const double left = canvas.node("enrich")->x() - canvas.node("brokers")->x();
        const double right = canvas.node("warehouse")->x() - canvas.node("enrich")->x();
        QVERIFY(std::abs(left - right) <= Canvas::grid);
        f.window->prompts.enter_text = [](QWidget*, const QString&, const QString&, const QString&) {
            return QString("Serving: fast");
        };
        f.window->actions()[Do::group]->trigger();
        QVERIFY2(text(f).find("\"Serving: fast\": [brokers, enrich, warehouse]") != std::string::npos,
                 text(f).c_str());
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
        canvas.select("enrich");
        f.window->actions()[Do::ungroup]->trigger();
        QVERIFY(groups_of(f.window->project().tree()).empty());
        f.window->actions()[Do::auto_layout]->trigger();
        QVERIFY(f.window->project().scenario()->layout.empty());

        auto* map = f.window->findChild<Minimap*>();
        QVERIFY(map->isHidden());  // everything is in view
        canvas.zoom(4);
        QVERIFY(map->isVisible());
        const QPointF centre = canvas.mapToScene(canvas.viewport()->rect().center());
        QTest::mouseClick(map, Qt::LeftButton, Qt::NoModifier, QPoint(4, map->height() / 2));
        QVERIFY(canvas.mapToScene(canvas.viewport()->rect().center()).x() < centre.x());
        f.window->prompts.choose_one = [](QWidget*, const QString&, const QString&, const QStringList&) {
            return QString("ware");
        };
        f.window->actions()[Do::find]->trigger();
        QCOMPARE(canvas.selected(), QString("warehouse"));
    }

    void several_nodes_are_edited_together() {
        Fixture f;
        QVERIFY(f.window->open(f.example("02-feedback.yaml")));
        DesignPage& design = f.window->design_page();
        QStringList queues;
        for (const auto& component : f.window->project().scenario()->components)
            if (component.kind == "queue") queues << QString::fromStdString(component.id);
        QVERIFY(queues.size() >= 2);
        design.canvas().select_nodes(queues);
        const int steps = f.window->project().undo().count();
        design.inspector().field("servers")->enter("3");
        QCOMPARE(f.window->project().undo().count(), steps + 1);
        for (const QString& id : queues)
            QCOMPARE(f.window->project().scenario()->component(id.toStdString())->number("servers"), 3.0);
        design.inspector().field("servers")->enter("");
        f.window->actions()[Do::undo]->trigger();
        f.window->actions()[Do::undo]->trigger();
    }

    void a_typing_error_is_fixed_with_one_click() {
        Fixture f;
        const QString file = f.example("03-click-analytics.yaml");
        QVERIFY(testing::write(file, text_of(file).replace("partitions: 12", "partition: 12").toUtf8()));
        QVERIFY(f.window->open(file));
        QVERIFY(!f.window->project().is_valid());
        QVERIFY(f.window->design_page().canvas().node("brokers"));  // it is drawn all the same
        auto* problems = f.window->findChild<QTableView*>("problems");
        problems->selectRow(0);
        auto* fix = f.window->findChild<QPushButton*>("apply-fix");
        QVERIFY(fix->isEnabled());
        QTest::mouseClick(fix, Qt::LeftButton);
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
        QCOMPARE(undo_text(f), QString("Write 'partitions'"));

        // A value out of range goes back to its default; one that is missing gets the example.
        f.window->design_page().select("brokers");
        f.window->design_page().inspector().field("replication")->enter("400");
        QVERIFY(!f.window->project().is_valid());
        f.window->design_page().apply_fix(0);
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
        f.window->design_page().inspector().field("nodes")->enter("");
        QVERIFY(!f.window->project().is_valid());
        f.window->design_page().apply_fix(0);
        QVERIFY2(f.window->project().is_valid(), sentences(f).c_str());
    }

    void the_keyboard_reaches_every_node_and_links_them() {
        Fixture f;
        QVERIFY(f.window->open(f.example("03-click-analytics.yaml")));
        Canvas& canvas = f.window->design_page().canvas();
        f.window->actions()[Do::select_all]->trigger();
        QCOMPARE(canvas.selected_nodes().size(), 6);
        QTest::keyClick(&canvas, Qt::Key_Escape);
        QVERIFY(canvas.selected().isEmpty());
        canvas.select("enrich");
        f.window->prompts.choose_one = [](QWidget*, const QString&, const QString&, const QStringList&) {
            return QString("warehouse");
        };
        f.window->actions()[Do::link_selected]->trigger();
        QVERIFY(canvas.link("enrich", "warehouse"));
    }
};

QTEST_MAIN(DrawTest)
#include "draw_test.moc"
